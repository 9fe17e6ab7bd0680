"""`hinomi sensitivity`: which assumption moves which headline, and what the conclusion hangs on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hinomi.cli import options as o
from hinomi.cli.stopping import answered, say, stoppable

if TYPE_CHECKING:
    from hinomi.sensitivity.compare import Question

Keys = Annotated[
    list[str] | None,
    typer.Option(
        "--keys",
        metavar="GLOB,...",
        help="Numbers to move, such as 'catalogue.interceptor.*'; again for more. "
        "Most that have a range otherwise.",
    ),
]
Figures = Annotated[
    list[str] | None,
    typer.Option(
        "--figure",
        metavar="NAME,...",
        help="Headline figures, such as leakers, lead_s; again for more. Seven otherwise.",
    ),
]
Architecture = Annotated[
    str | None, typer.Option(metavar="NAME", help="One architecture alone, without a difference.")
]
From = Annotated[
    str | None, typer.Option("--from", metavar="A", help="Shares less; the headline's otherwise.")
]
To = Annotated[
    str | None, typer.Option("--to", metavar="B", help="Shares more; the headline's otherwise.")
]
Replicates = Annotated[
    int | None,
    typer.Option("-n", "--replicates", metavar="N", parser=o.whole, help="How many; 30 otherwise."),
]
NoBand = Annotated[
    bool,
    typer.Option("--no-band", help="Leave out the band in which the leading ten move at once."),
]
Out = Annotated[
    Path | None,
    typer.Option("-o", "--out", metavar="DIR", help="Folder; results/sensitivity-... otherwise."),
]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="List the numbers and estimate the time; write nothing.")
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """How a question is to be answered."""

    out: Path | None
    workers: int | None
    json: bool
    quiet: bool
    dry_run: bool


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("sensitivity", short_help="Which assumptions the answers hang on.")(sensitivity)


def sensitivity(
    scenario: o.Name,
    replicates: Replicates = None,
    keys: Keys = None,
    figure: Figures = None,
    architecture: Architecture = None,
    bottom: From = None,
    top: To = None,
    variant: o.Variant = None,
    no_band: NoBand = False,
    seed: o.Seed = None,
    out: Out = None,
    workers: o.Workers = None,
    dry_run: DryRun = False,
    as_json: o.Json = False,
    quiet: o.Quiet = False,
) -> None:
    """Set every ranged assumption to its low and its high, one at a time, on the same draws.

    The same command goes on with an interrupted run, and a larger -n extends it.
    """
    with answered():
        from hinomi.sensitivity.compare import question
        from hinomi.sensitivity.measures import chosen

        planned = question(
            scenario,
            keys=_names(keys, "--keys"),
            figures=chosen(_names(figure, "--figure")),
            architecture=architecture,
            bottom=bottom,
            top=top,
            variant=variant,
            replicates=replicates,
            seed=seed,
            band=not no_band,
        )
        asked = Asked(out=out, workers=workers, json=as_json, quiet=quiet, dry_run=dry_run)
        if dry_run:
            _estimate(planned, asked)
        else:
            _run(planned, asked)


def _names(texts: list[str] | None, option: str) -> tuple[str, ...]:
    return tuple(n for text in texts or () for n in o.names_of(text, option) or ())


def _estimate(planned: Question, asked: Asked) -> None:
    """List the keys and tell how long they would take."""
    from hinomi.sensitivity.estimate import estimate
    from hinomi.study.engine import default_workers
    from hinomi.study.montecarlo import engine_for

    engine_for(workers=asked.workers)  # its limits
    workers = asked.workers or default_workers()
    told = estimate(planned, workers=workers)
    if asked.json:
        from hinomi.cli.study_output import as_json as print_json

        names = [{"key": k.name, "low": k.low, "value": k.value, "high": k.high, "unit": k.unit,
                  "grade": k.grade, "touches": k.touches} for k in planned.keys]  # fmt: skip
        print_json({"keys": names, "replicates": planned.replicates, "workers": workers, **told})
        return
    width = max(len(k.name) for k in planned.keys)
    for k in planned.keys:
        unit = "" if k.unit == "1" else k.unit
        typer.echo(
            f"{k.name:<{width}}  {k.low:g} | {k.value:g} | {k.high:g} {unit}  "
            f"{k.grade}, touches {k.touches}{' (all anew)' if k.anew else ''}"
        )
    typer.echo(
        f"{len(planned.keys)} numbers, {sum(k.anew for k in planned.keys)} of them with new "
        f"pictures: {planned.replicates} replicates with {workers} workers would take about "
        f"{told['total_s'] / 60:.0f} min ({told['raid_s']:.0f} s a raid). Nothing was written."
    )


def _run(planned: Question, asked: Asked) -> None:
    """Compute what is missing, write everything, print the sentences."""
    from hinomi.sensitivity.compare import default_folder, execute
    from hinomi.study.montecarlo import engine_for

    engine = engine_for(workers=asked.workers)
    folder = asked.out or default_folder(planned)
    again = "the same command" + ("" if asked.out else f" and -o {folder}")
    with stoppable(folder, again=again):
        found = execute(planned, folder, engine=engine, quiet=asked.quiet, say=say)
        if not asked.quiet:
            say("reading the effects and drawing the page")
        from hinomi.sensitivity.answer import answer
        from hinomi.sensitivity.page import write_page
        from hinomi.sensitivity.write import write_all

        content = answer(found)
        write_all(content, folder)
        page = write_page(content, planned.scenario, folder)
    _print(content, folder, page, as_json=asked.json)


def _print(content: dict[str, Any], folder: Path, page: Path, *, as_json: bool) -> None:
    from hinomi.cli.study_output import as_json as print_json
    from hinomi.sensitivity.words import sentences

    if as_json:
        print_json({**content, "folder": str(folder), "page": str(page)})
        return
    typer.echo(
        f"STUDY 研究 - {content['scenario']}: {content['targets'][0]}, {len(content['keys'])} "
        f"numbers, {content['replicates']} replicates, seed {content['seed']}"
    )
    for line in sentences(content):
        typer.echo(f"  {line}")
    typer.echo(f"folder: {folder}\npage: {page}")

"""`hinomi sensitivity`: which assumption moves which headline, and what the conclusion hangs on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hinomi.cli import options as o
from hinomi.cli.course import Wishes, counted, follow, follow_part
from hinomi.cli.stopping import answered, say
from hinomi.cli.study_output import as_json as print_json

if TYPE_CHECKING:
    from hinomi.sensitivity.compare import Answered, Question

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
NoBand = Annotated[
    bool,
    typer.Option("--no-band", help="Leave out the band in which the leading ten move at once."),
]
Out = Annotated[Path | None, o.out_option("Folder; results/sensitivity-... otherwise.")]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="List the numbers and estimate the time; write nothing.")
]


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command(
        "sensitivity",
        short_help="Which assumptions the answers hang on.",
        epilog="Example: hinomi sensitivity okinawa-2025 -n 10 --keys 'catalogue.price.*'",
    )(sensitivity)


def sensitivity(
    scenario: o.Name,
    replicates: o.Few = None,
    keys: Keys = None,
    figure: Figures = None,
    architecture: Architecture = None,
    bottom: o.From = None,
    top: o.To = None,
    variant: o.Variant = None,
    no_band: NoBand = False,
    seed: o.Seed = None,
    out: Out = None,
    workers: o.Workers = None,
    scheduler: o.Scheduler = None,
    shard: o.ShardText = None,
    dry_run: DryRun = False,
    as_json: o.Json = False,
    quiet: o.Quiet = False,
) -> None:
    """Set every ranged assumption to its low and its high, one at a time, on the same draws.

    The same command goes on with an interrupted run, and a larger -n extends it.
    """
    with answered():
        from hinomi.sensitivity.compare import default_folder, execute_part, question
        from hinomi.settings.measures import chosen

        planned = question(
            scenario,
            keys=o.names_in(keys, "--keys"),
            figures=chosen(o.names_in(figure, "--figure")),
            architecture=architecture,
            bottom=bottom,
            top=top,
            variant=variant,
            replicates=replicates,
            seed=seed,
            band=not no_band,
        )
        wishes = Wishes(out=out, workers=workers, scheduler=scheduler, as_json=as_json, quiet=quiet)
        part = o.shard_of(shard)
        if dry_run:
            _estimate(planned, wishes)
        elif part is not None:
            follow_part(
                wishes,
                default=default_folder(planned),
                shard=str(shard),
                compute=lambda folder, engine: execute_part(
                    planned, folder, engine=engine, shard=part, quiet=quiet
                ),
            )
        else:
            _run(planned, wishes)


def _estimate(planned: Question, wishes: Wishes) -> None:
    """List the keys and tell how long they would take."""
    from hinomi.sensitivity.estimate import estimate
    from hinomi.study.figure_words import counted as several

    workers = counted(wishes.workers, wishes.scheduler)
    told = estimate(planned, workers=workers)
    if wishes.as_json:
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
        f"pictures: {several(planned.replicates, 'replicate')} with "
        f"{several(workers, 'worker')} would take "
        f"about {told['total_s'] / 60:.0f} min ({told['raid_s']:.0f} s a raid). Nothing was written."
    )


def _run(planned: Question, wishes: Wishes) -> None:
    """Compute what is missing, write everything, print the sentences."""
    from hinomi.sensitivity.compare import default_folder, execute

    def write(found: Answered, folder: Path) -> tuple[dict[str, Any], Path]:
        from hinomi.sensitivity.answer import answer
        from hinomi.sensitivity.page import write_page
        from hinomi.sensitivity.write import write_all

        content = answer(found)
        write_all(content, folder)
        return content, write_page(content, planned.scenario, folder)

    follow(
        wishes,
        default=default_folder(planned),
        compute=lambda folder, engine: execute(
            planned, folder, engine=engine, quiet=wishes.quiet, say=say
        ),
        writing="reading the effects and drawing the page",
        write=write,
        lines=_lines,
    )


def _lines(content: dict[str, Any]) -> Iterator[str]:
    from hinomi.sensitivity.words import sentences
    from hinomi.study.figure_words import counted as several

    yield (
        f"STUDY 研究 - {content['scenario']}: {content['targets'][0]}, {len(content['keys'])} "
        f"numbers, {several(content['replicates'], 'replicate')}, seed {content['seed']}"
    )
    for line in sentences(content):
        yield f"  {line}"

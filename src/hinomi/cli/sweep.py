"""`hinomi sweep`: a scenario at many settings of its keys."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hinomi.cli import options as o
from hinomi.cli.stopping import answered, say, stoppable

if TYPE_CHECKING:
    from hinomi.sweep.ask import Question

Vary = Annotated[
    list[str] | None,
    typer.Option(
        "--vary",
        metavar="KEY=LO:HI:STEPS|KEY=A,B,C",
        help="A key and its settings, in the unit of the file; KEY alone takes its own range. "
        "Again for more.",
    ),
]
DesignName = Annotated[
    str,
    typer.Option("--design", metavar="NAME", help="grid, lhs, morris or sobol."),
]
Points = Annotated[
    int | None,
    typer.Option(
        "--points",
        metavar="N",
        parser=o.whole,
        help="About how many settings, for lhs (32 otherwise), morris and sobol.",
    ),
]
Figures = Annotated[
    list[str] | None,
    typer.Option(
        "--figure",
        metavar="NAME,...",
        help="Headline figures; leakers, lead_s, cost_musd otherwise.",
    ),
]
Names = Annotated[
    str | None,
    typer.Option(
        "--architectures",
        metavar="A,B,...",
        help="The first is compared with each other one; the headline's pair otherwise.",
    ),
]
Replicates = Annotated[
    int | None,
    typer.Option("-n", "--replicates", metavar="N", parser=o.whole, help="How many; 30 otherwise."),
]
Out = Annotated[
    Path | None,
    typer.Option("-o", "--out", metavar="DIR", help="Folder; results/sweep-... otherwise."),
]
NoCache = Annotated[
    bool,
    typer.Option("--no-cache", help="Neither read nor keep pictures of raids in the user's cache."),
]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Tell the settings and estimate the time; write nothing.")
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """How a question is to be answered."""

    out: Path | None
    workers: int | None
    json: bool
    quiet: bool
    cache: bool


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("sweep", short_help="A scenario at many settings of its keys.")(sweep)


def sweep(
    scenario: o.Name,
    vary: Vary = None,
    design: DesignName = "grid",
    points: Points = None,
    replicates: Replicates = None,
    figure: Figures = None,
    architectures: Names = None,
    variant: o.Variant = None,
    seed: o.Seed = None,
    out: Out = None,
    workers: o.Workers = None,
    dry_run: DryRun = False,
    as_json: o.Json = False,
    no_cache: NoCache = False,
    quiet: o.Quiet = False,
) -> None:
    """Run a scenario at many settings of its keys, on the same raids and the same draws.

    What does not change between settings is not computed again. The same command goes on with an
    interrupted run, and a larger -n extends it.
    """
    with answered():
        from hinomi.sweep.ask import question
        from hinomi.sweep.axis import read_axes

        planned = question(
            scenario,
            read_axes(vary or ()),
            design=design,
            points=points,
            figures=[n for text in figure or () for n in o.names_of(text, "--figure") or ()],
            architectures=o.names_of(architectures),
            variant=variant,
            replicates=replicates,
            seed=seed,
        )
        asked = Asked(out=out, workers=workers, json=as_json, quiet=quiet, cache=not no_cache)
        if dry_run:
            _estimate(planned, asked)
        else:
            _run(planned, asked)


def _estimate(planned: Question, asked: Asked) -> None:
    """Tell the axes and how long the design would take."""
    from hinomi.cli.study_output import as_json as print_json
    from hinomi.study.engine import default_workers
    from hinomi.study.montecarlo import engine_for
    from hinomi.sweep.estimate import estimate

    engine_for(workers=asked.workers)  # its limits
    workers = asked.workers or default_workers()
    told = estimate(planned, workers=workers)
    axes = planned.design.axes
    count = len(planned.design.settings)
    if asked.json:
        keys = [
            {"key": a.key, "values": list(a.values) or None, "touches": a.touches} for a in axes
        ]
        print_json({"keys": keys, "design": planned.design.name, "points": count,
                    "replicates": planned.replicates, "workers": workers, **told})  # fmt: skip
        return
    for a in axes:
        what = f"{len(a.values)} values" if a.values else f"{a.low:g} to {a.high:g}"
        typer.echo(f"{a.key}  {what} {a.unit}  touches {a.touches}")
    typer.echo(
        f"{count} settings ({planned.design.name}) with {told['pictures']:.0f} different pictures a "
        f"raid: {planned.replicates} replicates with {workers} workers would take about "
        f"{told['total_s'] / 60:.1f} min ({told['raid_s']:.1f} s a raid), without the cache. "
        "Nothing was written."
    )


def _run(planned: Question, asked: Asked) -> None:
    """Compute what is missing, write everything, print the sentences."""
    from hinomi.study.montecarlo import engine_for
    from hinomi.sweep.ask import default_folder, execute

    engine = engine_for(workers=asked.workers)
    folder = asked.out or default_folder(planned)
    again = "the same command" + ("" if asked.out else f" and -o {folder}")
    with stoppable(folder, again=again):
        found = execute(
            planned, folder, engine=engine, use_cache=asked.cache, quiet=asked.quiet, say=say
        )
        if not asked.quiet:
            say("reading the settings and drawing the page")
        from hinomi.sweep.run import written

        done = written(found, folder)
    _print(done.content, folder, done.page, as_json=asked.json)


def _print(content: dict[str, Any], folder: Path, page: Path, *, as_json: bool) -> None:
    from hinomi.cli.study_output import as_json as print_json
    from hinomi.sweep.words import sentences

    if as_json:
        print_json({**content, "folder": str(folder), "page": str(page)})
        return
    typer.echo(
        f"STUDY 研究 - {content['scenario']}: {content['targets'][0]}, {content['design']['points']} "
        f"settings, {content['replicates']} replicates, seed {content['seed']}"
    )
    for line in sentences(content):
        typer.echo(f"  {line}")
    typer.echo(f"folder: {folder}\npage: {page}")

"""`hinomi sweep`: a scenario at many settings of its keys."""

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
    from hinomi.sweep.ask import Answered, Question

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
    o.whole_option(
        "--points", "About how many settings, for lhs (32 otherwise), morris and sobol."
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
Out = Annotated[Path | None, o.out_option("Folder; results/sweep-... otherwise.")]
NoCache = Annotated[
    bool,
    typer.Option("--no-cache", help="Neither read nor keep pictures of raids in the user's cache."),
]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Tell the settings and estimate the time; write nothing.")
]


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command(
        "sweep",
        short_help="A scenario at many settings of its keys.",
        epilog="Example: hinomi sweep okinawa-2025 -n 10 --vary engagement.assess_s=4,8,12",
    )(sweep)


def sweep(
    scenario: o.Name,
    vary: Vary = None,
    design: DesignName = "grid",
    points: Points = None,
    replicates: o.Few = None,
    figure: Figures = None,
    architectures: Names = None,
    variant: o.Variant = None,
    seed: o.Seed = None,
    out: Out = None,
    workers: o.Workers = None,
    scheduler: o.Scheduler = None,
    shard: o.ShardText = None,
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
        from hinomi.sweep.ask import default_folder, execute_part, question
        from hinomi.sweep.axis import read_axes

        planned = question(
            scenario,
            read_axes(vary or ()),
            design=design,
            points=points,
            figures=o.names_in(figure, "--figure"),
            architectures=o.names_of(architectures),
            variant=variant,
            replicates=replicates,
            seed=seed,
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
                    planned, folder, engine=engine, shard=part, use_cache=not no_cache, quiet=quiet
                ),
            )
        else:
            _run(planned, wishes, use_cache=not no_cache)


def _estimate(planned: Question, wishes: Wishes) -> None:
    """Tell the axes and how long the design would take."""
    from hinomi.study.figure_words import counted as several
    from hinomi.sweep.estimate import estimate

    workers = counted(wishes.workers, wishes.scheduler)
    told = estimate(planned, workers=workers)
    axes = planned.design.axes
    count = len(planned.design.settings)
    if wishes.as_json:
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
        f"{several(count, 'setting')} ({planned.design.name}) with {told['pictures']:.0f} different pictures a "
        f"raid: {several(planned.replicates, 'replicate')} with "
        f"{several(workers, 'worker')} would take "
        f"about {told['total_s'] / 60:.1f} min ({told['start_s']:.0f} s to start, {told['raid_s']:.1f} s "
        f"a raid) and {told['memory_mb']:.0f} MB of memory, without the cache. Nothing was written."
    )


def _run(planned: Question, wishes: Wishes, *, use_cache: bool) -> None:
    """Compute what is missing, write everything, print the sentences."""
    from hinomi.sweep.ask import default_folder, execute
    from hinomi.sweep.run import written

    def write(found: Answered, folder: Path) -> tuple[dict[str, Any], Path]:
        done = written(found, folder)
        return done.content, done.page

    follow(
        wishes,
        default=default_folder(planned),
        compute=lambda folder, engine: execute(
            planned, folder, engine=engine, use_cache=use_cache, quiet=wishes.quiet, say=say
        ),
        writing="reading the settings and drawing the page",
        write=write,
        lines=_lines,
    )


def _lines(content: dict[str, Any]) -> Iterator[str]:
    from hinomi.study.figure_words import counted as several
    from hinomi.sweep.words import sentences

    yield (
        f"STUDY 研究 - {content['scenario']}: {content['targets'][0]}, {content['design']['points']} "
        f"settings, {several(content['replicates'], 'replicate')}, seed {content['seed']}"
    )
    for line in sentences(content):
        yield f"  {line}"

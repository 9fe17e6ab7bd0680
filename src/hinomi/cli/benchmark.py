"""`hinomi benchmark`: a set of plots with its truth, trackers run on it, and their scores."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hinomi.cli import options as o
from hinomi.cli.files import refuse_files, text_writer, write_files
from hinomi.cli.printed import print_answer, print_json
from hinomi.cli.stopping import kept, say, stoppable

app = typer.Typer(
    name="benchmark",
    help="A set of plots with its truth, trackers run on it, and their scores.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

Set = Annotated[Path, typer.Argument(metavar="DIR", help="The folder of a set.")]
One = Annotated[str | None, typer.Option("--case", metavar="NAME", help="Only this case.")]
Seeds = Annotated[
    int | None, o.whole_option("--seeds", "Only the first N realisations of each case.")
]


def _quiet(_: str) -> None:
    """Say nothing."""


@app.command(
    "write",
    short_help="Write the set: plots, truth and a card.",
    epilog="Example: hinomi benchmark write set",
)
def write(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new or empty folder.")],
    case: One = None,
    seeds: Seeds = None,
    as_json: o.Json = False,
    quiet: o.Quiet = False,
) -> None:
    """Write the set as Parquet: plots, truth apart, a card and a manifest with hashes."""
    from hinomi.benchmark.cases import REALISATIONS
    from hinomi.benchmark.write import write_set
    from hinomi.errors import ScenarioError

    count = REALISATIONS if seeds is None else seeds
    if not 1 <= count <= 1000:
        raise ScenarioError(f"--seeds is {count}; it must lie in 1..1000")
    with stoppable(kept(folder, again=f"hinomi benchmark write {folder}")):
        told = write_set(
            folder, cases=[case] if case else None, seeds=count, tell=_quiet if quiet else say
        )
    plots = sum(c["plots"] for c in told["cases"].values())
    if as_json:
        facts = {"folder": str(folder), "set": told["set"], "version": told["version"]}
        facts |= {"cases": list(told["cases"]), "seeds": count, "plots": plots}
        print_json(facts)
        return
    from hinomi.study.figure_words import counted

    typer.echo(
        f"{told['set']}, v{told['version']}: {counted(len(told['cases']), 'case')} of {count}"
    )
    typer.echo(f"{plots:,} plots; how to use them: {folder / 'README.md'}")


@app.command(
    "trackers",
    short_help="List the trackers that are registered.",
    epilog="Example: hinomi benchmark trackers",
)
def trackers(as_json: o.Json = False) -> None:
    """List the trackers that are registered, and by which package."""
    from hinomi.scenario.trackers import trackers as registered

    found = sorted(registered().values(), key=lambda r: r.name)
    if as_json:
        rows = [{"name": r.name, "target": r.target, "package": r.package} for r in found]
        print_json({"trackers": rows})
        return
    width = max(len(r.name) for r in found)
    for r in found:
        typer.echo(f"{r.name:<{width}}  {r.target}  ({r.package})")


@app.command(
    "run",
    short_help="Run a tracker on the plots of a set.",
    epilog="Example: hinomi benchmark run set -o tracks",
)
def run(
    folder: Set,
    out: Annotated[
        Path, typer.Option("-o", "--out", metavar="DIR", help="A new or empty folder for tracks.")
    ],
    tracker: Annotated[
        str, typer.Option("--tracker", metavar="NAME", help="A registered tracker.")
    ] = "hinomi",
    case: One = None,
    seeds: Seeds = None,
    as_json: o.Json = False,
    quiet: o.Quiet = False,
) -> None:
    """Run a tracker on the plots of a set, and write its tracks; it never sees the truth."""
    from hinomi.benchmark.folder import open_set
    from hinomi.benchmark.run import run_tracker

    with stoppable("the tracks of finished cases are kept; the same command starts again"):
        told = run_tracker(
            open_set(folder), tracker, out, case=case, seeds=seeds, tell=_quiet if quiet else say
        )
    if as_json:
        print_json(told | {"out": str(out)})
        return
    width = max(len(name) for name in told["cases"])
    typer.echo(f"{'case':<{width}}  {'plots':>8}  {'rows':>8}  {'CPU s':>8}  {'us/plot':>8}")
    for name, row in told["cases"].items():
        each = 1e6 * row["cpu_s"] / max(1, row["plots"])
        typer.echo(
            f"{name:<{width}}  {row['plots']:>8,}  {row['rows']:>8,}  {row['cpu_s']:>8.2f}  {each:>8,.0f}"
        )
    typer.echo(f"score them: hinomi benchmark score {folder} {out}")


@app.command(
    "score",
    short_help="Score tracks against the truth of a set.",
    epilog="Example: hinomi benchmark score set tracks",
)
def score(
    folder: Set,
    tracks: Annotated[
        Path, typer.Argument(metavar="TRACKS", help="A Parquet file of tracks, or a folder.")
    ],
    seeds: Seeds = None,
    csv: Annotated[
        Path | None, typer.Option("--csv", metavar="FILE", help="A row for each realisation.")
    ] = None,
    as_json: o.Json = False,
    quiet: o.Quiet = False,
) -> None:
    """Score tracks that anybody wrote against the truth of a set."""
    from hinomi.benchmark.folder import open_set
    from hinomi.benchmark.score import answer, csv_text, lines
    from hinomi.benchmark.score import score as scored

    files = {"--csv": csv} if csv is not None else {}
    refuse_files(files)
    with stoppable("nothing was written"):
        found = scored(open_set(folder), tracks, seeds=seeds, tell=_quiet if quiet else say)
    write_files(files, {"--csv": text_writer(lambda: csv_text(found))})
    told = [*lines(found), "± is one standard error over realisations; pages: Benchmark"]
    print_answer(answer(found), told, files, as_json=as_json)

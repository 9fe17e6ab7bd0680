"""`hinomi calibrate`: simulated launches against the areas that forecasts predict."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hinomi.cli import options as o
from hinomi.cli.files import refuse_folder
from hinomi.cli.printed import print_answer
from hinomi.cli.stopping import kept, stoppable

if TYPE_CHECKING:
    from hinomi.calibration.run import Asked

Launches = Annotated[int, o.count_option("Launches of each kind of truth.", "--launches")]
FullLaunches = Annotated[
    int | None, o.whole_option("--full", "Of them, by full sampling too; all otherwise.")
]
Out = Annotated[Path, o.out_option("Folder; what it holds is kept.")]
Workers = Annotated[int, o.whole_option("--workers", "Processes.")]
ArchitectureOption = Annotated[
    str | None, o.text_option("--architecture", "NAME", "Whose tracks; integrated otherwise.")
]


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command(
        "calibrate",
        short_help="Hold predicted areas against simulated launches.",
        epilog="Example: hinomi calibrate okinawa-2025 -n 100 -o calibration",
    )(calibrate)


def calibrate(
    scenario: o.Name = "okinawa-2025",
    launches: Launches = 1000,
    full: FullLaunches = None,
    out: Out = Path("results/calibration"),
    workers: Workers = 1,
    seed: o.Seed = None,
    architecture: ArchitectureOption = None,
    as_json: o.Json = False,
    quiet: o.Quiet = False,
) -> None:
    """Say how often predicted areas hold the end point, by both predictors, and draw it.

    Each raid is a file of its own in the folder: the same command goes on where it was stopped.
    """
    from hinomi.calibration import run
    from hinomi.errors import ScenarioError
    from hinomi.study.montecarlo import MAX_WORKERS

    if not 1 <= workers <= MAX_WORKERS:
        raise ScenarioError(f"the number of workers is {workers}; it must lie in 1..{MAX_WORKERS}")
    if full is not None and full < 0:
        raise ScenarioError(f"--full is {full}; it must be 0 or more")
    asked = run.Asked(
        scenario=scenario,
        architecture=run.ARCHITECTURE if architecture is None else architecture,
        launches=launches,
        full_launches=launches if full is None else min(full, launches),
        seed=run.SEED if seed is None else seed,
    )
    refuse_folder("--out", out)
    with stoppable(kept(out, again=f"the same command with -o {out}")):
        raids = run.calibrate(asked, out, workers=workers, tell=_Teller(quiet))
        _written(asked, out, raids, as_json=as_json)


class _Teller:
    """One line on stderr at the start, then at most one every ten seconds."""

    def __init__(self, quiet: bool) -> None:
        self._quiet = quiet
        self._last = float("-inf")

    def __call__(self, done: int, total: int) -> None:
        import time

        now = time.monotonic()
        if self._quiet or (done < total and now - self._last < 10.0):
            return
        self._last = now
        typer.echo(f"{done} of {total} raids", err=True)


def _written(asked: Asked, folder: Path, raids: list[dict[str, object]], *, as_json: bool) -> None:
    """Write summary, table and figure; print them."""
    import json

    import matplotlib as mpl

    from hinomi.calibration.summary import csv_text, summarise
    from hinomi.report.calibration import calibration_section, reliability_figure

    summary = summarise(asked, raids)
    files = {
        "summary.json": json.dumps(summary, indent=1, ensure_ascii=False, allow_nan=False) + "\n",
        "coverage.csv": csv_text(summary),
    }
    for name, text in files.items():
        (folder / name).write_bytes(text.encode())
    mpl.use("agg")
    reliability_figure(summary).savefig(folder / "reliability.png", dpi=160)
    section = calibration_section(summary)
    lines = [f"{'truth':<44}{'predictor':<24}{'epoch':<22}{'phase':<10}{'n':>6}  inside (95 %)      area km²"]  # fmt: skip
    lines += [
        f"{r['truth']:<44}{r['predictor']:<24}{r['epoch']:<22}{r['phase']:<10}{r['n']:>6}  "
        f"{r['inside']} ({r['interval']})  {r['area']}"
        for r in section["rows"]
    ]
    shown = ("summary.json", "coverage.csv", "reliability.png")
    print_answer(summary, lines, {name: folder / name for name in shown}, as_json=as_json)

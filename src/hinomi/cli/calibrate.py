"""`hinomi calibrate`: simulated launches against the areas that forecasts predict."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Launches = Annotated[
    int, typer.Option("-n", "--launches", metavar="N", help="Launches of each kind of truth.")
]
FullLaunches = Annotated[
    int | None,
    typer.Option("--full", metavar="N", help="Of them, by full sampling too; all by default."),
]
Out = Annotated[
    str, typer.Option("-o", "--out", metavar="DIR", help="Folder; what it holds is kept.")
]
Workers = Annotated[int, typer.Option("--workers", metavar="N", help="Processes; 1.")]
Seed = Annotated[int | None, typer.Option("--seed", metavar="S", help="Random seed.")]
ArchitectureOption = Annotated[
    str | None, typer.Option("--architecture", metavar="A", help="Whose tracks; integrated.")
]
Scenario = Annotated[str, typer.Argument(metavar="SCENARIO", help="A bundled name or a path.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="No progress.")]


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("calibrate", short_help="Hold predicted areas against simulated launches.")(
        calibrate
    )


def calibrate(
    scenario: Scenario = "okinawa-2025",
    launches: Launches = 1000,
    full: FullLaunches = None,
    out: Out = "results/calibration",
    workers: Workers = 1,
    seed: Seed = None,
    architecture: ArchitectureOption = None,
    quiet: Quiet = False,
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
    folder = Path(out)
    raids = run.calibrate(asked, folder, workers=workers, tell=_teller(quiet))
    for line in _written(asked, folder, raids):
        typer.echo(line)


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


def _teller(quiet: bool) -> _Teller:
    return _Teller(quiet)


def _written(asked: object, folder: Path, raids: list[dict[str, object]]) -> list[str]:
    """Write summary, table and figure; returns the lines to print."""
    import json

    import matplotlib as mpl

    from hinomi.calibration.run import Asked
    from hinomi.calibration.summary import csv_text, summarise
    from hinomi.report.calibration import calibration_section, reliability_figure

    assert isinstance(asked, Asked)  # noqa: S101 - for the type checker
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
    return lines + [f"{(folder / f).stat().st_size:>10,}  {folder / f}" for f in shown]

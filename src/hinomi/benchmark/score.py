"""Score tracks of a set: figures of each realisation, and of each case with their spread."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hinomi.benchmark.columns import Truth, tracks_from
from hinomi.benchmark.figures import Figures, figures
from hinomi.benchmark.folder import TrackingSet
from hinomi.benchmark.run import RUN
from hinomi.benchmark.tables import check_against, read_tracks
from hinomi.errors import FolderError
from hinomi.records.columns import Floats
from hinomi.records.plots import Plots
from hinomi.score.verdict import verdict
from hinomi.study.store import read_json

Tell = Callable[[str], None]
SQUARED: Final = ("rmse_position_m", "rmse_velocity_mps")  # averaged as squares
COUNTS: Final = ("runs", "bodies", "tracks", "rows")  # added up


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """Figures of every realisation, and what they give by case."""

    rows: tuple[dict[str, Any], ...]  # case, seed, figures
    cases: Mapping[str, Mapping[str, Any]]  # case -> figure -> {mean, se} or count; verdict


def score(
    given: TrackingSet, path: Path, *, seeds: int | None = None, tell: Tell = lambda _: None
) -> Scores:
    """Score the tracks of a file or folder.

    Parameters
    ----------
    path
        Parquet of tracks; see `README.md` of the set for its columns. A case counts when there is
        a row of it or a file of its name; a realisation without rows then counts as not tracked.
    seeds
        only the first realisations; those that `run.json` beside the tracks states, else all.

    Raises
    ------
    FolderError
        when tracks or truth cannot be read or do not belong together.
    """
    table = read_tracks(path)
    check_against(table, given.cases, given.seeds, path)
    count = _seeds(given, path, seeds)
    there = set(table["case"].to_pylist())
    if path.is_dir():
        there |= {file.stem for file in path.rglob("*.parquet")}
    chosen = [name for name in given.cases if name in there]
    rows: list[dict[str, Any]] = []
    for i, name in enumerate(chosen):
        tell(f"{i + 1}/{len(chosen)}  {name}")
        of_case = table.filter(pc.equal(table["case"], name))
        rows += _score_case(given, name, of_case, count, where=str(path))
    return Scores(rows=tuple(rows), cases={name: _mean(rows, name) for name in chosen})


def _seeds(given: TrackingSet, path: Path, seeds: int | None) -> int:
    if seeds is None and path.is_dir() and (path / RUN).is_file():
        seeds = int(read_json(path / RUN).get("seeds", given.seeds))
    count = given.seeds if seeds is None else seeds
    if not 1 <= count <= given.seeds:
        raise FolderError(f"--seeds is {count}; the set has 1 to {given.seeds} realisations a case")
    return count


def _score_case(
    given: TrackingSet, name: str, table: pa.Table, count: int, *, where: str
) -> list[dict[str, Any]]:
    out = []
    truths, plots = given.truth(name), given.plots(name)
    for seed in range(count):
        first_s, last_s = _span(truths[seed], plots[seed])
        tracks = tracks_from(table, seed=seed, where=where)
        found = figures(truths[seed], tracks, first_s, last_s)
        out.append({"case": name, "seed": seed, **asdict(found)})
    return out


def _span(truth: Truth, plots: Plots) -> tuple[Floats, Floats]:
    """First and last second at which a plot shows each body."""
    first, last = np.full(len(truth.bodies), math.inf), np.full(len(truth.bodies), -math.inf)
    real = truth.plot_body >= 0
    np.minimum.at(first, truth.plot_body[real], plots.t_s[real])
    np.maximum.at(last, truth.plot_body[real], plots.t_s[real])
    return first, last


def _mean(rows: Sequence[Mapping[str, Any]], case: str) -> dict[str, Any]:
    """Means over the realisations of a case, each with its standard error."""
    own = [row for row in rows if row["case"] == case]
    out: dict[str, Any] = {"realisations": len(own)}
    for field in fields(Figures):
        values = np.array([row[field.name] for row in own], np.float64)
        if field.name in COUNTS:
            out[field.name] = int(values.sum())
            continue
        values = values[np.isfinite(values)]
        out[field.name] = {"mean": _average(values, field.name), "se": _error(values)}
    runs = out["runs"]
    whole = [(row["nees"], row["runs"]) for row in own if row["runs"]]
    nees = sum(n * r for n, r in whole) / runs if runs else math.nan
    out["nees"]["mean"] = nees
    out["verdict"] = verdict(nees, size=6, runs=runs) if runs else "no covariance"
    return out


def _average(values: Floats, name: str) -> float:
    if not len(values):
        return math.nan
    return float(np.sqrt((values**2).mean())) if name in SQUARED else float(values.mean())


def _error(values: Floats) -> float:
    """Standard error of the mean."""
    return float(values.std(ddof=1) / math.sqrt(len(values))) if len(values) > 1 else math.nan


def csv_text(scores: Scores) -> str:
    """A row a realisation; empty where a figure has no value."""
    names = ("case", "seed", *(f.name for f in fields(Figures)))
    lines = [",".join(names)]
    lines += [",".join(_cell(row[name]) for name in names) for row in scores.rows]
    return "\n".join(lines) + "\n"


def _cell(value: Any) -> str:
    if isinstance(value, float):
        return "" if math.isnan(value) else f"{value:.6g}"
    return str(value)


def answer(scores: Scores) -> dict[str, Any]:
    """Make strict JSON of the scores; null where a figure has no value."""
    told = json.loads(json.dumps({"cases": scores.cases, "realisations": scores.rows}))
    found: dict[str, Any] = _null(told)
    return found


def _null(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _null(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_null(inner) for inner in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def lines(scores: Scores) -> list[str]:
    """A table for a terminal, a line a case."""
    head = ("case", "position m", "speed m/s", "complete", "continuous", "spurious", "GOSPA m",
            "tracks/bodies", "NEES", "covariance")  # fmt: skip
    rows = [head, *(_line(name, told) for name, told in scores.cases.items())]
    width = [max(len(row[i]) for row in rows) for i in range(len(head))]
    return [
        "  ".join(
            cell.ljust(w) if i in (0, len(head) - 1) else cell.rjust(w)
            for i, (cell, w) in enumerate(zip(row, width, strict=True))
        ).rstrip()
        for row in rows
    ]


def _line(name: str, told: Mapping[str, Any]) -> tuple[str, ...]:
    def of(key: str, digits: int, scale: float = 1.0) -> str:
        mean, error = told[key]["mean"] * scale, told[key]["se"] * scale
        if math.isnan(mean):
            return "-"
        spread = "" if math.isnan(error) else f" ±{error:,.{digits}f}"
        return f"{mean:,.{digits}f}{spread}"

    return (
        name, of("rmse_position_m", 0), of("rmse_velocity_mps", 1),
        of("completeness", 2), of("continuity", 2), of("spurious", 2), of("gospa_m", 0),
        f"{told['tracks']}/{told['bodies']}",
        "-" if math.isnan(told["nees"]["mean"]) else f"{told['nees']['mean']:.3g}", told["verdict"],
    )  # fmt: skip

"""Scores of tracking over all replicates: a figure with its interval, and what it means.

Shares, squared errors and counts are means over all that was looked at, each replicate weighing by
its count; the interval is that of a ratio over replicates (Cochran, Sampling Techniques, 1977,
6.3). Times are medians over replicates, like the headline figures.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from scipy.special import stdtrit

from hinomi.records.columns import Floats
from hinomi.score.consistency import chi_square_bounds
from hinomi.score.gospa import CUTOFF_M
from hinomi.score.phases import STATE_SIZE
from hinomi.score.verdict import verdict
from hinomi.study.statistics import CONFIDENCE, median_interval
from hinomi.study.tracking import STEP_S

SCORES: Final = "track_scores"  # the table
ROOTS: Final = (
    "position_rmse_m", "velocity_rmse_mps", "claimed_position_m", "claimed_velocity_mps",
    "gospa_m", "gospa_localisation_m", "gospa_missed_m", "gospa_false_m",
)  # fmt: skip
SHARES: Final = ("inside_share", "completeness", "spuriousness", "continuity", "class_right")
PLAIN: Final = ("number_changes", "stage_tracks", "astray_rows")  # their count is no weight
NOTES: Final = {
    "picture": "the picture on which the civil alert is decided, looked at every "
    f"{STEP_S:.0f} s; a track {CUTOFF_M / 1000:.0f} km or more from a body does not stand for it",
    "count": "nees: independent runs, one a body and replicate, never rows; rows elsewhere",
    "nees": f"mean over bodies of means over rows, expected {STATE_SIZE}; bounds: two-sided 95 % "
    "chi-square for that many runs, which an honest filter keeps",
    "intervals": "95 % over replicates",
}


def summarise_tracking(scores: pa.Table) -> dict[str, Any]:
    """Part `tracking` of the summary, from the table of scores.

    Keys: notes, and for each architecture its picture and phase -> measure -> figure with value,
    low, high, n (replicates), count and unit; `nees` and `nis` also with bounds and a verdict.
    Without scores (a raid without bodies) there are no architectures.
    """
    if not len(scores):  # columns without rows have no type either
        return {"notes": NOTES, "architectures": {}}
    key, names = _groups(scores)
    value = scores["value"].to_numpy().astype(np.float64)
    count = scores["count"].to_numpy().astype(np.float64)
    unit = scores["unit"].to_pylist()
    order = np.argsort(key, kind="stable")
    edges = np.flatnonzero(np.diff(key[order], prepend=-1))
    out: dict[str, Any] = {}
    for rows in np.split(order, edges[1:]) if len(order) else []:
        architecture, picture, phase, measure = names(int(rows[0]))
        entry = out.setdefault(architecture, {"picture": picture, "phases": {}})
        figure = _figure(measure, value[rows], count[rows], unit[int(rows[0])])
        entry["phases"].setdefault(phase, {})[measure] = figure
    for entry in out.values():
        whole: Mapping[str, dict[str, Any]] = entry["phases"].get("all", {})
        for grade in "wqe":
            if f"to_{grade}_s" in whole:
                reached = whole[f"reached_{grade}"]["value"]
                whole[f"to_{grade}_s"]["never_share"] = 1.0 - reached
    return {"notes": NOTES, "architectures": out}


def _groups(scores: pa.Table) -> tuple[Any, Any]:
    """(K,) number of the group of each row, in order of first appearance, and its names by row."""
    code = np.zeros(len(scores), np.int64)
    columns = []
    for name in ("architecture", "picture", "phase", "measure"):
        encoded = pc.dictionary_encode(scores[name]).combine_chunks()
        texts = encoded.dictionary.to_pylist()
        index = encoded.indices.to_numpy()
        code = code * (len(texts) + 1) + index
        columns.append((texts, index))
    _, first, number = np.unique(code, return_index=True, return_inverse=True)
    rank = np.empty(len(first), np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    return rank[number], lambda row: tuple(texts[index[row]] for texts, index in columns)


def _figure(measure: str, value: Floats, count: Floats, unit: str) -> dict[str, Any]:
    """One figure; what is not finite is null, as everywhere in the summary."""
    total = int(count.sum())
    if measure.startswith("to_"):
        found = median_interval(value)
        told = (found.value, found.low, found.high)
        method, statistic = found.method, "median"
    else:
        squared = value**2 if measure in ROOTS else value
        told = ratio_interval(squared, np.ones(len(value)) if measure in PLAIN else count)
        statistic = "mean"
        if measure in ROOTS:
            told = (math.sqrt(told[0]), math.sqrt(max(told[1], 0.0)), math.sqrt(told[2]))
            statistic = "root mean square"
        low = max(told[1], 0.0)
        told = (told[0], low, min(told[2], 1.0) if measure in SHARES else told[2])
        method = "t of a ratio" if len(value) > 1 else "none"
    out: dict[str, Any] = {
        "value": _finite(told[0]),
        "low": _finite(told[1]),
        "high": _finite(told[2]),
        "n": len(value),
        "count": total,
        "unit": unit,
        "method": method,
        "statistic": statistic,
    }
    if measure in ("nees", "nis") and total:
        size = STATE_SIZE if measure == "nees" else 1
        bounds = chi_square_bounds(runs=total, size=size)
        said = verdict(told[0], size=size, runs=total)
        out |= {"size": size, "bounds": list(bounds), "verdict": said}
    return out


def ratio_interval(values: Floats, weights: Floats) -> tuple[float, float, float]:
    """Weighted mean and its 95 % interval; NaN bounds from fewer than two values.

    Values are independent, those of one replicate each; the weights are what they were taken over.
    """
    whole = float(weights.sum())
    if not whole > 0.0:
        return math.nan, math.nan, math.nan
    mean = float((weights * values).sum()) / whole
    n = len(values)
    if n < 2 or not math.isfinite(mean):
        return mean, math.nan, math.nan
    spread = float((weights**2 * (values - mean) ** 2).sum()) * n / (n - 1)
    half = float(stdtrit(n - 1, 0.5 + CONFIDENCE / 2.0)) * math.sqrt(spread) / whole
    return mean, mean - half, mean + half


def _finite(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None

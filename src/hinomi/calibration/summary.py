"""What a calibration found: coverage with its area, reliability, and how far the predictors differ."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any, Final

import numpy as np

from hinomi.calibration.cases import PRIOR, SCENARIO, WORDS, WORST
from hinomi.calibration.held import FULL, PREDICTORS
from hinomi.calibration.launches import EPOCHS, PHASE_NAMES
from hinomi.calibration.run import Asked
from hinomi.study.statistics import wilson_interval
from hinomi.warn.region import HELD

ALL: Final = "all"
EDGES: Final = (0.001, 0.01, 0.03, 0.1, 0.3, 0.6, 0.9, 1.0)  # of the groups of probabilities
TRUTHS: Final = (PRIOR, SCENARIO, *WORST)
PHASES: Final = (*PHASE_NAMES.values(), ALL)
Rows = Sequence[Mapping[str, Any]]


def summarise(asked: Asked, raids: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Figures of all raids, ready for JSON."""
    rows: list[Mapping[str, Any]] = []
    launches: dict[str, dict[str, int]] = {}
    for raid in raids:
        rows += raid["rows"]
        count = launches.setdefault(raid["case"], {"launches": 0, "without_forecast": 0})
        count["launches"] += raid["bodies"]
        count["without_forecast"] += raid["never"]
    if SCENARIO in launches:
        launches = {PRIOR: launches[SCENARIO]} | launches
    return asked.told() | {
        "held": HELD,
        "truths": {name: WORDS[name] for name in TRUTHS if name in launches},
        "launches": launches,
        "coverage": _coverage(rows),
        "reliability": _reliability(rows),
        "difference": _differences(rows),
    }


def _groups(rows: Rows, *keys: str) -> dict[tuple[str, ...], list[Mapping[str, Any]]]:
    found: dict[tuple[str, ...], list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        found[tuple(str(row[k]) for k in keys)].append(row)
    return found


def _coverage(rows: Rows) -> list[dict[str, Any]]:
    """One entry a truth, predictor, epoch and phase; each launch at most once in each."""
    by_phase = _groups(rows, "truth", "predictor", "epoch", "phase")
    whole = {
        (*key, ALL): part for key, part in _groups(rows, "truth", "predictor", "epoch").items()
    }
    found = by_phase | whole
    return [
        {"truth": truth, "predictor": predictor, "epoch": epoch, "phase": phase}
        | _covered(found[truth, predictor, epoch, phase])
        for truth in TRUTHS
        for predictor in PREDICTORS
        for epoch in EPOCHS
        for phase in PHASES
        if (truth, predictor, epoch, phase) in found
    ]


def _covered(part: Rows) -> dict[str, Any]:
    def median(name: str) -> float:
        return _short(float(np.median([r[name] for r in part])))

    n = len(part)
    inside = wilson_interval(sum(r["inside"] for r in part), n)
    ellipse = wilson_interval(sum(r["inside_ellipse"] for r in part), n)
    return {
        "n": n,
        "inside": _short(inside.value),
        "low": _short(inside.low),
        "high": _short(inside.high),
        "area_km2": median("area_km2"),
        "inside_ellipse": _short(ellipse.value),
        "ellipse_low": _short(ellipse.low),
        "ellipse_high": _short(ellipse.high),
        "ellipse_area_km2": median("ellipse_area_km2"),
        "miss_km": median("miss_km"),
        "in_time": _short(sum(r["in_time"] for r in part) / n),
    }


def _reliability(rows: Rows) -> list[dict[str, Any]]:
    found = _groups(rows, "truth", "predictor", "epoch")
    worst = [dict(r) | {"truth": "worst"} for r in rows if r["truth"] in WORST]
    found |= _groups(worst, "truth", "predictor", "epoch")
    return [
        {"truth": truth, "predictor": predictor, "epoch": epoch} | _reliable(part)
        for (truth, predictor, epoch), part in sorted(found.items())
    ]


def _reliable(part: Rows) -> dict[str, Any]:
    """Groups of stated probabilities with the share that was hit; Brier score a forecast."""
    pairs = np.array([u[1:] for r in part for u in r["units"]], float).reshape(-1, 2)
    p, hit = pairs.T
    bins = []
    for low, high in pairwise(EDGES):
        here = (p >= low) & ((p < high) | (high == EDGES[-1]))
        if here.any():
            told = wilson_interval(int(hit[here].sum()), int(here.sum()))
            bins.append(
                {
                    "from": low,
                    "to": high,
                    "n": told.n,
                    "stated": _short(float(p[here].mean())),
                    "hit": _short(told.value),
                    "low": _short(told.low),
                    "high": _short(told.high),
                }
            )
    unseen = p < EDGES[0]
    return {
        "forecasts": len(part),
        "bins": bins,
        "missed": int(hit[unseen].sum()),  # hit where less than the first edge was stated
        "brier": _short(float(((p - hit) ** 2).sum() / len(part))),
        "brier_without_forecast": _short(_climate(part)),
    }


def _climate(part: Rows) -> float:
    """Brier score of stating each unit's own frequency in these launches."""
    hits: dict[int, int] = defaultdict(int)
    for row in part:
        for unit, _, hit in row["units"]:
            hits[unit] += hit
    return sum(h / len(part) * (1.0 - h / len(part)) for h in hits.values())


def _differences(rows: Rows) -> list[dict[str, Any]]:
    """Fast minus full over the track states of the scenario, by phase."""
    own = [r for r in rows if r["truth"] == SCENARIO and r["predictor"] == FULL]
    out = []
    for (phase,), part in sorted(_groups(own, "phase").items()):
        entry: dict[str, Any] = {"phase": phase, "states": len(part)}
        for name in ("apart_km", "apart_s", "apart_p"):
            size = np.abs([r[name] for r in part])
            entry[name] = [_short(float(q)) for q in np.quantile(size, (0.5, 0.9, 1.0))]
        out.append(entry)
    return out


def _short(value: float) -> float:
    """Four figures: more are chance, and differ between processors."""
    return float(f"{value:.4g}")


def csv_text(summary: Mapping[str, Any]) -> str:
    """The coverage as a table."""
    out = io.StringIO()
    entries = summary["coverage"]
    writer = csv.DictWriter(out, list(entries[0]) if entries else ["truth"], lineterminator="\n")
    writer.writeheader()
    writer.writerows(entries)
    return out.getvalue()

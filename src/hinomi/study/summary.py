"""Headline figures with intervals, for each architecture and for their paired differences.

What goes out is strict JSON: a value that is infinite or not defined is null, and a note says why.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import pyarrow as pa

from hinomi.records.columns import Floats
from hinomi.study.checks import checks_of
from hinomi.study.figure_words import ASSUMED_RANGE
from hinomi.study.plan import Plan
from hinomi.study.statistics import (
    SAME,
    Interval,
    median_interval,
    paired_difference,
    share_interval,
    sign_flip_p,
    skew_interval,
    t_interval,
    variance_ratio,
)

FORMAT: Final = "hinomi/summary/1"
MEDIAN, MEAN, SHARE, EXACT = "median", "mean", "share", "exact"
HEADLINES: Final[Mapping[str, tuple[str, str]]] = {  # name -> statistic, unit
    "first_detection_s": (MEDIAN, "s"),
    "firm_track_s": (MEDIAN, "s"),
    "first_alert_s": (MEDIAN, "s"),
    "lead_s": (MEDIAN, "s"),
    "warned_in_time_share": (SHARE, "1"),
    "missed_people": (MEAN, "people"),
    "over_warned_people": (MEAN, "people"),
    "sheltered_people": (MEAN, "people"),
    "false_alert_share": (SHARE, "1"),
    "leakers": (MEAN, "bodies"),
    "shots": (MEAN, "rounds"),
    "unengaged": (MEAN, "bodies"),
    "cost_musd": (MEAN, "million USD"),
    "refill_months": (MEDIAN, "months"),
    "refill_months_with_lead": (MEDIAN, "months"),
    "network_cost_musd": (EXACT, "million USD a year"),
}
NEVER: Final = {  # headline -> what a replicate without it counts as
    "first_detection_s": math.inf,
    "firm_track_s": math.inf,
    "first_alert_s": math.inf,
    "first_intercept_s": math.inf,
}
NEVER_SHARE: Final = {
    "first_detection_s": "undetected_share",
    "first_alert_s": "unalerted_share",
}  # of threats
SKEWED_PARTS: Final = ("_share", "people", "visitors")  # of names: a few raids carry such means
HOLDS: Final = "chance only"
FEW_SHARE: Final = 0.25  # of the replicates: what so few of them move hangs on them alone


@dataclass(frozen=True, slots=True)
class Measured:
    """The metrics table as arrays: one value a replicate, NaN where a replicate has none."""

    replicates: tuple[int, ...]
    units: Mapping[str, str]
    values: Mapping[tuple[str, str], Floats]  # (architecture, metric) -> (N,)

    def of(self, architecture: str, metric: str) -> Floats:
        """(N,) values; all NaN where the metric was not measured."""
        found = self.values.get((architecture, metric))
        return np.full(len(self.replicates), np.nan) if found is None else found


def measured(metrics: pa.Table) -> Measured:
    """Turn the long table (replicate, architecture, metric, value, unit) into arrays."""
    replicates, row = np.unique(metrics["replicate"].to_numpy(), return_inverse=True)
    value = metrics["value"].to_numpy().astype(np.float64)
    architectures, a = _coded(metrics["architecture"])
    names, m = _coded(metrics["metric"])
    pair = a * len(names) + m
    first = _first_rows(pair, len(architectures) * len(names))
    there = np.argsort(first)[: int((first < len(pair)).sum())]  # in the order of appearance
    column = np.zeros(len(first), np.int64)
    column[there] = np.arange(len(there))
    grid = np.full((len(there), len(replicates)), np.nan)
    grid[column[pair], row] = value
    index = {
        (architectures[k // len(names)], names[k % len(names)]): i for i, k in enumerate(there)
    }
    rows = _first_rows(m, len(names))
    units = {name: metrics["unit"][int(j)].as_py() for name, j in zip(names, rows, strict=True)}
    return Measured(
        tuple(int(r) for r in replicates), units, {name: grid[i] for name, i in index.items()}
    )


def joined(parts: Sequence[Measured]) -> Measured:
    """Put stretches of replicates together, in this order; memory is that of the values alone."""
    index = dict.fromkeys(name for part in parts for name in part.values)
    units = {metric: unit for part in parts for metric, unit in part.units.items()}
    values = {name: np.concatenate([part.of(*name) for part in parts]) for name in index}
    return Measured(tuple(r for part in parts for r in part.replicates), units, values)


def _coded(column: pa.ChunkedArray) -> tuple[list[str], Any]:
    """Distinct texts of a column, and for each row which of them; quick for 10^7 rows."""
    coded = column.combine_chunks().dictionary_encode()
    if isinstance(coded, pa.ChunkedArray):
        coded = coded.unify_dictionaries().combine_chunks()
    return coded.dictionary.to_pylist(), coded.indices.to_numpy().astype(np.int64)


def _first_rows(codes: Any, count: int) -> Any:
    """First row of each code 0..count-1; the number of rows where there is none."""
    first = np.full(count, len(codes))
    np.minimum.at(first, codes, np.arange(len(codes)))
    return first


def summarise(
    plan: Plan,
    found: Measured,
    *,
    pairs: Sequence[tuple[str, str]] | None = None,
    tracking: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Content of `summary.json`.

    Keys: scenario, replicates, seed, architectures, differences (first minus second of each pair),
    `more` for the metrics that are no headline, `checks` of kills against what was asked for, and
    `tracking` where a run has scores of it.
    """
    more = sorted({metric for _, metric in found.values} - set(HEADLINES))
    chosen = plan.pairs if pairs is None else pairs
    return {
        "format": FORMAT,
        "scenario": plan.scenario,
        "variant": plan.variant,
        "content_hash": plan.content_hash,
        "replicates": len(found.replicates),
        "seed": plan.seed,
        "confidence": 0.95,
        "architectures": {
            a: {name: _figure(found, a, name) for name in HEADLINES} for a in plan.architectures
        },
        "differences": {f"{a}-{b}": _differences(found, a, b, HEADLINES) for a, b in chosen},
        "more": {a: {name: _figure(found, a, name) for name in more} for a in plan.architectures},
        "checks": checks_of(found, plan.architectures),
        **({} if tracking is None else {"tracking": dict(tracking)}),
        "notes": NOTES,
    }


NOTES: Final = {
    "intervals": "95 %, two-sided, over replicates",
    "median": "order-statistic interval; a time that never came counts as later than any other, "
    "a lead that never came as shorter than any other",
    "mean": "Student's t interval, cut where no value can lie; that of shares and people is corrected "
    "for skewness (Hall 1992)",
    "same": "where every replicate gives the same value there is no interval: low and high repeat the "
    "value and `method` says so; what comes in up to about 3 of n may not have shown yet",
    "carried_by": "where nearly all replicates have none (of a share: none or all), and none of a difference: "
    "how many have some, and so carry the mean",
    "differences": "first minus second, replicate by replicate on the same draws; "
    "p from sign flips; "
    "variance_ratio is paired over unpaired variance",
    "holds": "chance only: the interval does not hold what is assumed",
}


NOT_COMPARABLE: Final[Mapping[str, Any]] = {
    "value": None,
    "low": None,
    "high": None,
    "method": "none",
    "note": "not comparable: the median of one side never came",
}


def statistic_of(metric: str) -> str:
    """Name the statistic of a metric; that of `lead_s.Okinawa`, a part, is that of `lead_s`."""
    base = _base(metric)
    if base in HEADLINES:
        return HEADLINES[base][0]
    return SHARE if base.endswith("_share") else MEDIAN if base.endswith("_s") else MEAN


def _prepared(found: Measured, architecture: str, metric: str) -> Floats:
    """(N,) values, with what never came in place of NaN where that is what NaN means."""
    values = found.of(architecture, metric)
    base = _base(metric)
    if base in NEVER and (architecture, metric) in found.values:
        values = np.where(np.isnan(values), NEVER[base], values)
    return values


def interval_of(metric: str, values: Floats) -> Interval:
    """Make the interval that belongs to a figure of one architecture."""
    statistic = statistic_of(metric)
    if statistic == MEDIAN:
        return median_interval(values)
    if statistic == SHARE:
        return share_interval(values)
    found = mean_interval(metric, values)
    if found.low < 0 <= found.value:  # counts, people and money are never negative
        return replace(found, low=0.0, method=f"{found.method}, cut at 0")
    return found


def difference_interval(metric: str, column: Floats) -> Interval:
    """Make the interval that belongs to paired differences of a figure."""
    if statistic_of(metric) == MEDIAN:
        return median_interval(column)
    return mean_interval(metric, column)


def mean_interval(metric: str, values: Floats) -> Interval:
    """Interval of a mean, uncut: shares and people hang on the few raids that reach many."""
    skewed = any(part in _base(metric) for part in SKEWED_PARTS)
    return skew_interval(values) if skewed else t_interval(values)


def _figure(found: Measured, architecture: str, metric: str) -> dict[str, Any]:
    values = _prepared(found, architecture, metric)
    unit = _unit(found, metric)
    statistic = statistic_of(metric)
    if statistic == EXACT:
        return _exact(found, architecture, metric, unit)
    out = _told(interval_of(metric, values), unit, len(found.replicates))
    if statistic != MEDIAN:
        out |= _few(values, 0.0, *((1.0,) if statistic == SHARE else ()))
    if metric in NEVER or _base(metric) == "lead_s":
        of_threats = found.of(architecture, NEVER_SHARE.get(metric, ""))
        of_threats = of_threats[~np.isnan(of_threats)]
        never = of_threats if len(of_threats) else np.isinf(values[~np.isnan(values)])
        out["never_share"] = float(never.mean()) if len(never) else None
        out["never_of"] = "threats" if len(of_threats) else "replicates"
    return out


def _few(values: Floats, *unmoved: float) -> dict[str, int]:
    """How many replicates a mean rests on, where nearly all of them have one of these values."""
    x = values[np.isfinite(values)]
    for common in unmoved if len(x) > 1 else ():
        few = int((x != common).sum())
        if 0 < few <= FEW_SHARE * len(x):
            return {"carried_by": few}
    return {}


def _unit(found: Measured, metric: str) -> str:
    """Unit of a figure: that of its table, but a price a year says so whoever wrote the table."""
    statistic, unit = HEADLINES.get(metric, ("", ""))
    return unit if statistic == EXACT else found.units.get(metric) or unit


def _base(metric: str) -> str:
    """Name of a figure without the part of the area."""
    return metric.partition(".")[0]


def _exact(found: Measured, architecture: str, metric: str, unit: str) -> dict[str, Any]:
    """Tell a figure that chance does not touch, with the range that the scenario states."""
    values, low, high = (
        found.of(architecture, name)[~np.isnan(found.of(architecture, name))][:1]
        for name in (metric, f"{metric}_low", f"{metric}_high")
    )
    bounded = len(low) and len(high)
    told = Interval(
        value=float(values[0]) if len(values) else math.nan,
        low=float(low[0]) if bounded else math.nan,
        high=float(high[0]) if bounded else math.nan,
        n=int(np.isfinite(found.of(architecture, metric)).sum()),
        method="range of the scenario" if bounded else "none",
        statistic=EXACT,
    )
    return {**_told(told, unit, len(found.replicates)), "holds": ASSUMED_RANGE}


def _differences(found: Measured, a: str, b: str, names: Iterable[str]) -> dict[str, Any]:
    """Every headline of one pair; the sign-flip tests of all of them share one set of flips."""
    metrics = list(names)
    sides = [(_prepared(found, a, m), _prepared(found, b, m)) for m in metrics]
    columns = [paired_difference(x, y) for x, y in sides]
    p = sign_flip_p(np.column_stack(columns)) if found.replicates else np.full(len(metrics), np.nan)
    out = {}
    for i, (metric, column) in enumerate(zip(metrics, columns, strict=True)):
        unit = _unit(found, metric)
        if statistic_of(metric) == EXACT:
            out[metric] = _exact_difference(found, a, b, metric, unit)
            continue
        interval = difference_interval(metric, column)
        told = replace(interval, statistic=f"{interval.statistic} of paired differences")
        out[metric] = {
            **_told(told, unit, len(found.replicates)),
            **({} if statistic_of(metric) == MEDIAN else _few(column, 0.0)),
            "p_sign_flip": float(p[i]) if interval.n else None,
            "variance_ratio": _finite(variance_ratio(*sides[i])),
        }
        if statistic_of(metric) == MEDIAN and _one_never(*sides[i]):
            out[metric] |= NOT_COMPARABLE
    return out


def _one_never(a: Floats, b: Floats) -> bool:
    """Whether one side's median never came and the other's did: no difference of the two means it."""
    middles = [median_interval(x).value for x in (a, b)]
    return any(map(math.isinf, middles)) and any(map(math.isfinite, middles))


def _exact_difference(found: Measured, a: str, b: str, metric: str, unit: str) -> dict[str, Any]:
    """Difference of two exact figures, low with low and high with high.

    What both hold is the same unknown on both sides (the prices of shared parts add up), so it
    cancels.
    """
    x, y = _exact(found, a, metric, unit), _exact(found, b, metric, unit)
    value, *ends = (
        None if x[k] is None or y[k] is None else x[k] - y[k] for k in ("value", "low", "high")
    )
    known = [v for v in (value, *ends) if v is not None]
    low, high = (min(known), max(known)) if len(known) == 3 else (None, None)
    return {
        **x,
        "value": value,
        "low": low,
        "high": high,
        "statistic": "difference of exact figures",
    }


def _told(interval: Interval, unit: str, asked: int) -> dict[str, Any]:
    out: dict[str, Any] = {
        "value": _finite(interval.value),
        "low": _finite(interval.low),
        "high": _finite(interval.high),
        "n": interval.n,
        "unit": unit,
        "method": interval.method,
        "statistic": interval.statistic,
        "holds": HOLDS,
    }
    note = _note(interval, asked)
    return {**out, "note": note} if note else out


def _note(interval: Interval, asked: int) -> str:
    parts = []
    if interval.n == 0:
        parts.append("not defined in any replicate")
    elif interval.n < asked:
        parts.append(f"defined in {interval.n} of {asked} replicates")
    infinite = [
        f"{name} is {'plus' if bound > 0 else 'minus'} infinity"
        for name, bound in (
            ("value", interval.value),
            ("low", interval.low),
            ("high", interval.high),
        )
        if math.isinf(bound)
    ]
    if infinite:
        parts.append(f"{', '.join(infinite)}: never came in so many replicates")
    if interval.method == SAME:
        parts.append(f"no interval: the same in all {interval.n} replicates")
    if interval.n and math.isnan(interval.low):
        parts.append("no interval: too few replicates or not subject to chance")
    return "; ".join(parts)


def _finite(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None

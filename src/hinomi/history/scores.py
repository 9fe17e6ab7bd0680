"""A replay against the public record: difference, verdict and score of each published time."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from hinomi.history.simulate import Replicate
from hinomi.scenario.model import Fact, Scenario

MINUTE_TOLERANCE_S: Final = 60.0  # on one published minute
DIFFERENCE_TOLERANCE_S: Final = 120.0  # on a difference of two published minutes
HORIZON_S: Final = 3600.0  # assumed: in a score, what never came counts as an hour after launch
LOW_SHARE, HIGH_SHARE = 0.05, 0.95  # of the interval: 90 % of the replicates
NAIVE_ALERT_S: Final = 240.0  # launch to alert on 29 August 2017, for a forecast without any model
FROZEN_ON: Final = "2017-08-29"

WITHIN, MISS, SHOWN, INPUT, UNREPORTED = (
    "within", "MISS", "not counted", "input", "not reported",
)  # fmt: skip

# What a published fact is compared with: a time of a replicate, or a difference of two.
TIME_OF: Final = {
    "alert": "alert_s",
    "alert_update": "update_s",
    "overflight_from": "over_first_s",
    "overflight_to": "over_last_s",
    "passage": "nearest_s",
    "lost": "last_detection_s",
    "impact": "end_s",
    "passed_message": "clear_s",
    "alert_lifted": "clear_s",
}
DIFFERENCE_OF: Final = {"flight_time_s": ("", "end_s"), "alert_to_lift_s": ("alert_s", "clear_s")}
UNPUBLISHED: Final = {
    "first_detection": "first_detection_s",
    "firm_track": "firm_track_s",
    "launch_message": "launch_message_s",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One time, as reported and as simulated; seconds since the published launch minute.

    A difference (`is_difference`) is a span, not a time since the launch. `low_s` and `high_s` hold
    90 % of the replicates; what never came is infinite.
    """

    name: str
    is_difference: bool
    reported_s: float  # NaN: nobody reported it
    tolerance_s: float
    members_s: tuple[float, ...]
    median_s: float
    low_s: float
    high_s: float
    share_never: float
    difference_s: float  # median minus reported
    verdict: str  # WITHIN, MISS, SHOWN, INPUT or UNREPORTED
    inside: bool  # the reported time lies in the interval
    crps_s: float  # NaN: nothing to score
    grade: str
    source: str
    note: str


def crps(members_s: Sequence[float], observed_s: float, *, horizon_s: float = HORIZON_S) -> float:
    """Continuous ranked probability score [s] of an ensemble: 0 is perfect, less is better.

    E|X - y| - E|X - X'|/2 over the members (Gneiting and Raftery, J. Am. Stat. Assoc. 102, 2007);
    of one member it is the absolute error. Members beyond the horizon count as the horizon.
    """
    x = np.sort(np.minimum(np.asarray(members_s, float), horizon_s))
    n = len(x)
    if n == 0:
        return math.nan
    error = float(np.abs(x - min(observed_s, horizon_s)).mean())
    # Sum over all pairs of |x_i - x_j| from the order statistics.
    pairs = float(2.0 * ((2.0 * np.arange(1, n + 1) - n - 1) @ x))
    return error - 0.5 * pairs / n**2


def quantile(members_s: Sequence[float], share: float) -> float:
    """Order statistic that a share of the members does not exceed; infinite ones stay infinite."""
    x = np.sort(np.asarray(members_s, float))
    return float(x[min(len(x) - 1, max(0, math.ceil(share * len(x)) - 1))]) if len(x) else math.nan


def median(members_s: Sequence[float]) -> float:
    """Middle member, or the mean of the middle two; infinite when the later one is."""
    x = np.sort(np.asarray(members_s, float))
    return float(0.5 * (x[(len(x) - 1) // 2] + x[len(x) // 2])) if len(x) else math.nan


def rows_of(scenario: Scenario, replicates: Sequence[Replicate]) -> tuple[Row, ...]:
    """Every published time of a replay beside its simulated one, then those nobody published."""
    rows = [
        _row(fact, members, is_difference=fact.name in DIFFERENCE_OF)
        for fact in scenario.facts
        if (members := _members(fact.name, replicates)) is not None
    ]
    rows += [
        _unreported(name, [r.times[key] for r in replicates]) for name, key in UNPUBLISHED.items()
    ]
    return tuple(rows)


def alert_score(rows: Sequence[Row]) -> float:
    """CRPS [s] of the alert minute; NaN where no alert was reported."""
    return next((row.crps_s for row in rows if row.name == "alert"), math.nan)


def naive_score(rows: Sequence[Row]) -> float:
    """Error [s] of the forecast that every alert comes as long after launch as on 2017-08-29."""
    reported = next((row.reported_s for row in rows if row.name == "alert"), math.nan)
    return abs(reported - NAIVE_ALERT_S)


def _members(name: str, replicates: Sequence[Replicate]) -> list[float] | None:
    if name in TIME_OF:
        return [r.times[TIME_OF[name]] for r in replicates]
    if name in DIFFERENCE_OF:
        begin, end = DIFFERENCE_OF[name]
        return [_difference(r.times, begin, end) for r in replicates]
    return None


def _difference(times: Mapping[str, float], begin: str, end: str) -> float:
    first = times[begin] if begin else 0.0
    return times[end] - first if math.isfinite(first) else math.inf


def _row(fact: Fact, members: list[float], *, is_difference: bool) -> Row:
    reported = fact.value if is_difference else fact.t_s
    observed = math.nan if reported is None else float(reported)
    usual = DIFFERENCE_TOLERANCE_S if is_difference else MINUTE_TOLERANCE_S
    tolerance = usual if fact.tolerance is None else fact.tolerance
    middle = median(members)
    off = middle - observed
    low, high = quantile(members, LOW_SHARE), quantile(members, HIGH_SHARE)
    verdict = {"shown": SHOWN, "input": INPUT}.get(
        fact.role, WITHIN if abs(off) <= tolerance else MISS
    )
    # What is only shown and never simulated has no score.
    silent = verdict == SHOWN and all(map(math.isinf, members))
    return Row(
        name=fact.name,
        is_difference=is_difference,
        reported_s=observed,
        tolerance_s=tolerance,
        members_s=tuple(members),
        median_s=middle,
        low_s=low,
        high_s=high,
        share_never=float(np.mean(np.isinf(members))) if members else math.nan,
        difference_s=off,
        verdict=verdict,
        inside=bool(low <= observed <= high),
        crps_s=math.nan if silent or not math.isfinite(observed) else crps(members, observed),
        grade=fact.grade,
        source=fact.source,
        note=fact.note,
    )


def _unreported(name: str, members: list[float]) -> Row:
    return Row(
        name=name,
        is_difference=False,
        reported_s=math.nan,
        tolerance_s=math.nan,
        members_s=tuple(members),
        median_s=median(members),
        low_s=quantile(members, LOW_SHARE),
        high_s=quantile(members, HIGH_SHARE),
        share_never=float(np.mean(np.isinf(members))) if members else math.nan,
        difference_s=math.nan,
        verdict=UNREPORTED,
        inside=False,
        crps_s=math.nan,
        grade="computed",
        source="",
        note="",
    )

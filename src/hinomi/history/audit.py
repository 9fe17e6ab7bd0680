"""Whether a published range, apogee and flight time fit together.

The reference is the unpowered vacuum flight of that range and apogee on the rotating Earth. A flight
whose thrust never points below the horizon, without downward lift, that ends on the ground at the
height of its start took at least that long in all of some 23,900 simulated flights; it is a tested
inequality, no theorem, and says nothing of bodies that lift or dive under power.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from hinomi.errors import ScenarioError
from hinomi.history.digits import Interval
from hinomi.history.excess import Excess, excess_of
from hinomi.history.launches import CLAIM_KINDS
from hinomi.history.reference_time import check_flight, time_span_s, unpowered

VERDICTS: Final = ("consistent", "doubtful", "inconsistent", "not_applicable")
CONSISTENT, DOUBTFUL, INCONSISTENT, NOT_APPLICABLE = VERDICTS
MEASUREMENT_ERROR: Final = 0.03  # of apogee and range as published
DETECTION_S: Final = 60.0  # a launch minute that is a first detection is up to this late
SLACK_S: Final = 120.0  # beyond the longest excess before a time is too long
LONGEST_S: Final = 6.0 * 3600.0  # longest flight time that is looked at
BELOW: Final = "shorter than any unpowered flight of that range and apogee"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What was published about one flight, as intervals; angles [rad] are None where unknown."""

    name: str
    range_m: Interval
    apogee_m: Interval
    time_s: Interval
    lat_rad: float | None = None
    bearing_rad: float | None = None
    class_name: str = ""
    kind: str = "ballistic"
    detected: bool = False  # the launch minute may be that of the first detection

    def __post_init__(self) -> None:
        check_flight(range_m=self.range_m.value, apogee_m=self.apogee_m.value)
        if not 0.0 < self.time_s.value <= LONGEST_S:
            raise ScenarioError(
                f"flight time is {self.time_s.value:g} s; it must be above 0 and at most "
                f"{LONGEST_S:g} s (6 hours); check its unit (s or min)"
            )
        if self.lat_rad is not None and not abs(self.lat_rad) <= 0.5 * math.pi:
            raise ScenarioError(
                f"latitude of the site is {math.degrees(self.lat_rad):g} degrees; "
                "it lies between -90 and 90"
            )
        if self.bearing_rad is not None and not 0.0 <= self.bearing_rad <= 2.0 * math.pi:
            raise ScenarioError(
                f"bearing is {math.degrees(self.bearing_rad):g} degrees; it lies between 0 and 360, "
                "clockwise from north"
            )
        if self.kind not in CLAIM_KINDS:
            raise ScenarioError(f"kind is {self.kind!r}; the kinds are {', '.join(CLAIM_KINDS)}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What the audit says; times in seconds."""

    name: str
    verdict: str  # with the intervals of the stated digits
    verdict_as_printed: str  # every number taken at its printed value
    verdict_with_measurement_error: str  # with 3 % of apogee and range besides
    bound_s: float  # unpowered time without rotation
    bound_rotating_s: float  # with rotation, least over what is unknown: the one that counts
    margin_s: float  # flight time minus bound_rotating_s; negative: shorter
    bound_low_s: float  # least and greatest rotating time over the intervals
    bound_high_s: float
    time_s: Interval
    excess: Excess | None  # None: not applicable
    speed_mps: float  # that the unpowered flight needs at the ground
    angle_rad: float
    reason: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """One way of reading the numbers: as printed, with intervals, with measurement error."""

    bound: tuple[float, float]
    time: tuple[float, float]
    verdict: str


def audit(claim: Claim) -> Finding:
    """Judge one claim.

    Raises
    ------
    ScenarioError
        when the class is not in the catalogue.
    """
    closed = unpowered(range_m=claim.range_m.value, apogee_m=claim.apogee_m.value)
    applies = claim.kind == "ballistic"
    excess = excess_of(claim.class_name, speed_mps=closed.speed_mps) if applies else None
    exact = _read(claim, claim.range_m.exact, claim.apogee_m.exact, claim.time_s.exact, excess)
    stated = _read(claim, claim.range_m, claim.apogee_m, _detected(claim), excess)
    measured = _read(
        claim,
        claim.range_m.wider(MEASUREMENT_ERROR),
        claim.apogee_m.wider(MEASUREMENT_ERROR),
        _detected(claim),
        excess,
    )
    return Finding(
        name=claim.name,
        verdict=stated.verdict,
        verdict_as_printed=exact.verdict,
        verdict_with_measurement_error=measured.verdict,
        bound_s=closed.time_s,
        bound_rotating_s=exact.bound[0],
        margin_s=claim.time_s.value - exact.bound[0],
        bound_low_s=stated.bound[0],
        bound_high_s=stated.bound[1],
        time_s=claim.time_s,
        excess=excess,
        speed_mps=closed.speed_mps,
        angle_rad=closed.angle_rad,
        reason=_reason(claim, exact, stated, measured, excess),
        notes=_notes(claim, excess),
    )


def _detected(claim: Claim) -> Interval:
    """The flight time, longer by up to a minute where the launch minute may be a detection."""
    time = claim.time_s
    late = DETECTION_S if claim.detected else 0.0
    return Interval(value=time.value, low=time.low, high=time.high + late, how=time.how)


def _read(
    claim: Claim, range_m: Interval, apogee_m: Interval, time_s: Interval, excess: Excess | None
) -> _Reading:
    bound = time_span_s(
        range_m=(max(range_m.low, 1.0), range_m.high),
        apogee_m=(max(apogee_m.low, 1.0), apogee_m.high),
        lat_rad=claim.lat_rad,
        bearing_rad=claim.bearing_rad,
    )
    time = (time_s.low, time_s.high)
    return _Reading(bound=bound, time=time, verdict=_verdict(bound, time, excess))


def _verdict(bound: tuple[float, float], time: tuple[float, float], excess: Excess | None) -> str:
    if excess is None:
        return NOT_APPLICABLE
    if time[1] < bound[0] or time[0] > bound[1] + excess.high_s + SLACK_S:
        return INCONSISTENT
    if time[1] < bound[0] + excess.low_s or time[0] > bound[1] + excess.high_s:
        return DOUBTFUL
    return CONSISTENT


def _reason(
    claim: Claim,
    exact: _Reading,
    stated: _Reading,
    measured: _Reading,
    excess: Excess | None,
) -> str:
    if excess is None:
        return (
            f"a {claim.kind.replace('_', '-')} flight: the unpowered time of "
            f"{exact.bound[0]:.0f} s bounds ballistic flights only and means nothing here"
        )
    parts = [f"with the intervals of the stated digits: {_words(stated, excess)}"]
    if exact.verdict != stated.verdict:
        parts.insert(0, f"as printed {exact.verdict}: {_words(exact, excess)}")
        parts[1] = f"{stated.verdict} {parts[1]}"
    if measured.verdict != stated.verdict:
        parts.append(
            f"with a measurement error of {100.0 * MEASUREMENT_ERROR:g} % of range and apogee "
            f"{measured.verdict}"
        )
    return "; ".join(parts)


def _words(reading: _Reading, excess: Excess) -> str:
    """One reading in words: the time against the unpowered time and the excess of the class."""
    low, high = reading.bound
    time = _span(*reading.time)
    expected = f"{_span(low + excess.low_s, high + excess.high_s)} with boost and air"
    if reading.verdict == INCONSISTENT and reading.time[1] < low:
        return f"{time} is {BELOW} ({low:.0f} s or more)"
    if reading.verdict == INCONSISTENT:
        return (
            f"{time} is longer than a flight of that range and apogee with the longest boost "
            f"({expected}) by more than {SLACK_S:g} s"
        )
    unpowered_words = f"an unpowered flight takes {_span(low, high)}"
    if reading.verdict == CONSISTENT:
        return f"{time} fits: {unpowered_words}, {expected}"
    if reading.time[1] < low + excess.low_s:
        return (
            f"{time} leaves less than a boost: {unpowered_words}, and at least "
            f"{excess.low_s:.0f} s more with a boost of {excess.powered_low_s:.0f} s or longer"
        )
    return f"{time} is longer than usual: {unpowered_words}, {expected}"


def _span(low: float, high: float) -> str:
    if high - low <= 1.0:
        return f"{0.5 * (low + high):.0f} s"
    return f"{low:.0f}-{high:.0f} s"


def _notes(claim: Claim, excess: Excess | None) -> tuple[str, ...]:
    notes = []
    unknown = [
        what
        for what, value in (("latitudes", claim.lat_rad), ("bearings", claim.bearing_rad))
        if value is None
    ]
    if unknown:
        notes.append(f"unpowered times over all {' and '.join(unknown)}: none was given")
    if excess is not None and not claim.class_name:
        notes.append(
            f"no class was given: boosts of {excess.powered_low_s:.0f}-"
            f"{excess.powered_high_s:.0f} s, of "
            + (
                "the classes that reach the speed"
                if excess.known
                else "all classes; none of them reaches the speed"
            )
            + f" ({', '.join(excess.classes)})"
        )
    if claim.detected:
        notes.append(f"the launch minute may be a detection up to {DETECTION_S:g} s late")
    return tuple(notes)

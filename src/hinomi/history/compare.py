"""A public launch whose sources differ: each set of figures judged, and which fits better."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from hinomi.errors import ScenarioError
from hinomi.history.audit import NOT_APPLICABLE, VERDICTS, Claim, Finding, audit
from hinomi.history.launches import (
    Launch,
    SourceSet,
    completed_sets,
    flight_time,
    interval_of,
)
from hinomi.units import DEG_RAD

COMPUTED = "computed"  # a bearing computed from a published end point


@dataclass(frozen=True, slots=True, kw_only=True)
class SetFinding:
    """One body's figures and the finding on them."""

    by: str
    completed_with: tuple[str, ...]  # what was taken from others
    claim: Claim
    finding: Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class LaunchFinding:
    """Every set of figures of a launch, and which of them fits best.

    No sets: a launch that is not ballistic and of which no time was published.
    """

    launch: Launch
    sets: tuple[SetFinding, ...]
    best: str  # who; "" where one set is judged or none applies
    why: str


def audit_launch(
    launch: Launch,
    *,
    class_name: str = "",
    lat_rad: float | None = None,
    bearing_rad: float | None = None,
    detected: bool = False,
) -> LaunchFinding:
    """Judge each set of figures that was published of a launch.

    Parameters
    ----------
    class_name, lat_rad, bearing_rad
        instead of the catalogue's; its bearing is used where it was computed from a published end
        point, else all bearings are.

    Raises
    ------
    ScenarioError
        when no set, completed from the others, has range, apogee and time.
    """
    found = []
    for own, added in completed_sets(launch):
        claim = claim_of(launch, own, class_name, lat_rad, bearing_rad, detected)
        if claim is not None:
            found.append(
                SetFinding(by=own.by, completed_with=added, claim=claim, finding=audit(claim))
            )
    if not found and launch.kind != "ballistic":
        return LaunchFinding(launch=launch, sets=(), best="", why="")
    if not found:
        raise ScenarioError(
            f"{launch.name}: nobody published {_missing(launch)}, so there is nothing to audit; "
            f"`hinomi launches {launch.name}` shows what was published"
        )
    best, why = _best(found)
    return LaunchFinding(launch=launch, sets=tuple(found), best=best, why=why)


def claim_of(
    launch: Launch,
    own: SourceSet,
    class_name: str = "",
    lat_rad: float | None = None,
    bearing_rad: float | None = None,
    detected: bool = False,
) -> Claim | None:
    """The claim that a set of figures makes; None where range, apogee or time is missing."""
    time = flight_time(own.values)
    if time is None or not {"range_km", "apogee_km"} <= set(own.values):
        return None
    if lat_rad is None and math.isfinite(launch.lat_rad):
        lat_rad = launch.lat_rad
    if bearing_rad is None and launch.bearing is not None and launch.bearing.grade == COMPUTED:
        bearing_rad = float(launch.bearing.value) * DEG_RAD
    return Claim(
        name=f"{launch.name}, {own.by}",
        range_m=interval_of(own.values["range_km"]),
        apogee_m=interval_of(own.values["apogee_km"]),
        time_s=time,
        lat_rad=lat_rad,
        bearing_rad=bearing_rad,
        class_name=class_name or _class_of(launch),
        kind=launch.kind,
        detected=detected,
    )


def _class_of(launch: Launch) -> str:
    return str(launch.threat_class.value) if launch.threat_class is not None else ""


def _missing(launch: Launch) -> str:
    reported = {quantity for own in launch.sets for quantity in own.values}
    lacks = [
        name
        for name, key in (("range", "range_km"), ("apogee", "apogee_km"))
        if key not in reported
    ]
    timed = any(flight_time(own.values) for own, _ in completed_sets(launch))
    lacks += [] if timed else ["a flight time"]
    return ", ".join(lacks) or "one set with range, apogee and time"


def _best(found: Sequence[SetFinding]) -> tuple[str, str]:
    """The set whose excess lies nearest to the middle of what its class has."""
    if len(found) < 2 or found[0].finding.verdict == NOT_APPLICABLE:
        return "", ""
    ranked = sorted(
        found, key=lambda f: (VERDICTS.index(f.finding.verdict), abs(_off_s(f.finding)))
    )
    first, second = ranked[0], ranked[1]
    same = first.finding.verdict == second.finding.verdict
    lead = (
        f"both {first.finding.verdict}"
        if same
        else f"{first.finding.verdict} against {second.finding.verdict}"
    )
    each = "; ".join(f"{f.by} {_off_s(f.finding):+.0f} s" for f in ranked)
    return first.by, (
        f"{lead}; printed time from the middle of what boost and air give: {each}"
        + ("; differences within the intervals decide nothing" if same else "")
    )


def _off_s(finding: Finding) -> float:
    """Printed time minus the middle of what the class gives."""
    if finding.excess is None:
        return math.inf
    middle = 0.5 * (finding.bound_low_s + finding.bound_high_s)
    return finding.time_s.value - middle - 0.5 * (finding.excess.low_s + finding.excess.high_s)

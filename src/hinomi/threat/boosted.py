"""Bodies that a booster throws: towards an aim with a stated apogee, or as a launcher is told."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from hinomi.errors import UnreachableError
from hinomi.flight.body import FIRST_STAGE, STAGE_WIDTH
from hinomi.flight.path import launch, spent_stages
from hinomi.flight.pointmass import LONGEST_FLIGHT_S
from hinomi.flight.reach import must_reach, reach
from hinomi.records.columns import Floats
from hinomi.records.flights import BALLISTIC_KIND, LAUNCHER_KIND, Threat, ThreatClass
from hinomi.threat.flown import Flown, from_path
from hinomi.threat.plan import Plan, launch_point
from hinomi.threat.spread import body_of

BURN_AT: Final = 3  # place of the burn time among the numbers of a packed stage
SHRINKS: Final = 4  # steps towards the nearest distance when a draw is out of reach


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How one body flies."""

    body: Floats
    lat_rad: float
    lon_rad: float
    azimuth_rad: float
    kick_rad: float
    cutoff_s: float

    def start(self) -> dict[str, float]:
        """Launch as keywords of the integrator."""
        return {
            "lat_rad": self.lat_rad,
            "lon_rad": self.lon_rad,
            "azimuth_rad": self.azimuth_rad,
            "kick_rad": self.kick_rad,
            "cutoff_s": self.cutoff_s,
        }


def fly_boosted(
    threat: Threat, threat_class: ThreatClass, plan: Plan, *, t_end_s: float
) -> list[Flown]:
    """Fly one body, and the stages it drops where the threat asks for them.

    Raises
    ------
    UnreachableError
        when a body cannot reach its aim at any distance it was given.
    """
    if threat_class.kind == LAUNCHER_KIND:
        way = _told(threat, threat_class, plan)
        until_s = max(LONGEST_FLIGHT_S, t_end_s - plan.start_s)
    else:
        way = _solved(threat, threat_class, plan)
        until_s = LONGEST_FLIGHT_S
    wait_s = math.ceil(plan.start_s) - plan.start_s
    path = launch(way.body, **way.start(), first_t_s=wait_s, until_s=until_s)
    out = [
        from_path(
            path,
            body=threat.body,
            threat_class=threat_class,
            kind=threat_class.kind,
            ignition_s=plan.start_s,
        )
    ]
    if threat.spent_stages:
        out += _spent(threat, threat_class, plan, way, wait_s)
    return out


def _spent(
    threat: Threat, threat_class: ThreatClass, plan: Plan, way: Way, wait_s: float
) -> list[Flown]:
    """Stages that fall off, each a ballistic body of its own, the last one when thrust ends."""
    burnt_s, out = 0.0, []
    paths = spent_stages(way.body, **way.start(), first_t_s=wait_s)
    for i, path in enumerate(paths):
        burnt_s += float(way.body[FIRST_STAGE + i * STAGE_WIDTH + BURN_AT])
        out.append(
            from_path(
                path,
                body=f"{threat.body}/stage{i + 1}",
                threat_class=threat_class,
                kind=BALLISTIC_KIND,
                ignition_s=plan.start_s,
                burnout_t_s=min(burnt_s, way.cutoff_s),
                parent=threat.body,
            )
        )
    return out


def _told(threat: Threat, threat_class: ThreatClass, plan: Plan) -> Way:
    """Launch of a launcher: azimuth and kick as given, thrust until it fails."""
    lat, lon = launch_point(threat, bearing_rad=plan.bearing_rad, distance_m=plan.distance_m)
    return Way(
        body=body_of(threat, threat_class, plan.u),
        lat_rad=lat,
        lon_rad=lon,
        azimuth_rad=threat.azimuth_rad,
        kick_rad=threat.kick_rad,
        cutoff_s=plan.fails_at_s,
    )


def _solved(threat: Threat, threat_class: ThreatClass, plan: Plan) -> Way:
    """Launch point and solution of one body, with the first of the wishes that can be flown.

    Out of reach as drawn: towards the middle apogee, then towards the nearest distance, then with
    smaller departures from the class (a booster that cannot do its task would not be used for it).
    """
    middle = 0.5 * (threat.apogee_low_m + threat.apogee_high_m)
    far, near = plan.distance_m, threat.distance_low_m
    wishes = [(1.0, plan.apogee_m + x * (middle - plan.apogee_m), far) for x in (0.0, 0.5, 1.0)]
    if far > near:
        wishes += [(1.0, middle, far + (near - far) * k / SHRINKS) for k in range(1, SHRINKS + 1)]
    wishes += [(share, middle, near) for share in (0.5, 0.0)]
    for share, apogee_m, distance_m in wishes:
        body = body_of(threat, threat_class, plan.u, share=share)
        lat, lon = launch_point(threat, bearing_rad=plan.bearing_rad, distance_m=distance_m)
        found = reach(
            body, apogee_m=apogee_m, tolerance_m=threat.tolerance_m, **_ends(threat, lat, lon)
        )
        if found is not None:
            return Way(
                body=body,
                lat_rad=lat,
                lon_rad=lon,
                azimuth_rad=found.azimuth_rad,
                kick_rad=found.kick_rad,
                cutoff_s=found.cutoff_s,
            )
    try:
        must_reach(body, apogee_m=middle, tolerance_m=threat.tolerance_m, **_ends(threat, lat, lon))
    except UnreachableError as error:
        raise UnreachableError(
            f"{threat.body} of class {threat.threat_class} cannot be flown, not even from "
            f"{near / 1e3:.0f} km off its centre: {error}"
        ) from None
    raise AssertionError("unreachable: the last wish was tried before")


def _ends(threat: Threat, lat_rad: float, lon_rad: float) -> dict[str, float]:
    """Both ends of a flight as keywords."""
    return {
        "lat_a_rad": lat_rad,
        "lon_a_rad": lon_rad,
        "lat_b_rad": math.radians(threat.aim_lat_deg),
        "lon_b_rad": math.radians(threat.aim_lon_deg),
    }

"""From planned bodies to their true paths: the first link of the chain."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from hinomi.earth.geodesic import sphere_direct
from hinomi.earth.wgs84 import geodetic_from_ecef
from hinomi.errors import FenceError, ScenarioError, UnreachableError
from hinomi.flight.body import pack
from hinomi.flight.path import launch_vector
from hinomi.flight.pointmass import (
    APOGEE,
    BURNOUT_T,
    DEFAULT_TOLERANCE,
    END_T,
    HEIGHT,
    LONGEST_FLIGHT_S,
    PHASE,
    RESULT,
    ROW,
    fly_path,
)
from hinomi.flight.reach import Reach, must_reach, reach
from hinomi.records.columns import Floats
from hinomi.records.draws import Draws, normal
from hinomi.records.flights import BANDS, BOOST, ENDED, WAITING, Flights, Stage, Threat, ThreatClass
from hinomi.threat.signature import fill_intensity, pack_signature

# Slots of a body's draws.
BEARING, DISTANCE, START, APOGEE_DRAW, MASS, ISP, BURN, DENSITY = range(8)
SLOTS: Final = 8
WIDEST: Final = 3.0  # normal draws are clipped at three standard deviations
SHRINKS: Final = 4  # steps towards the nearest distance when a draw is out of reach


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """What chance made of one planned body."""

    bearing_rad: float
    distance_m: float
    start_s: float
    apogee_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Way:
    """How one body flies."""

    body: Floats
    lat_rad: float
    lon_rad: float
    reach: Reach


def fly(
    threats: Sequence[Threat], classes: Mapping[str, ThreatClass], *, draws: Draws, t_end_s: float
) -> Flights:
    """Fly all bodies on the grid of whole seconds 0 ... t_end_s.

    Each body draws its bearing, distance, start and apogee evenly between its limits, and the
    propellant mass, specific impulse, burn time and air density of this flight around its class.
    A body whose draw is out of reach takes an apogee nearer to the middle of its band, then a
    shorter distance, then smaller departures from its class.

    Parameters
    ----------
    threats
        planned bodies; their names are the entities of the draws.
    classes
        class name -> class.
    draws
        kind "truth", slots 0-7 of each body.
    t_end_s
        end of the grid [s]; a flight that lasts longer keeps its true end time and place.

    Raises
    ------
    ScenarioError
        when a class is missing or a name is used twice.
    FenceError
        when an aim is finer than 0.1 degree or a tolerance below 1,000 m.
    UnreachableError
        when a body cannot reach its aim at any distance it was given.
    """
    _check(threats, classes)
    t_s = np.arange(math.floor(t_end_s) + 1, dtype=np.float64)
    b, t = len(threats), len(t_s)
    rows = np.full((b, t, ROW), np.nan)
    phase = np.full((b, t), WAITING, dtype=np.int32)
    intensity = np.zeros((b, t, len(BANDS)))
    rcs = np.zeros((b, t))
    first, last = np.full(b, t, dtype=np.int32), np.full(b, t - 1, dtype=np.int32)
    times, ends, apogee = np.empty((b, 3)), np.empty((b, 2)), np.empty(b)
    result = np.empty(RESULT)
    for i, threat in enumerate(threats):
        threat_class = classes[threat.threat_class]
        u = draws.uniforms("truth", threat.body, SLOTS)
        plan = _plan(threat, u)
        way = _way(threat, threat_class, plan, u)
        start = launch_vector(
            lat_rad=way.lat_rad, lon_rad=way.lon_rad, azimuth_rad=way.reach.azimuth_rad
        )
        first[i] = min(t, math.ceil(plan.start_s))
        own = rows[i, first[i] :]
        written = fly_path(
            way.body, start, way.reach.kick_rad, way.reach.cutoff_s, False,
            math.ceil(plan.start_s) - plan.start_s, LONGEST_FLIGHT_S, DEFAULT_TOLERANCE,
            own, result,
        )  # fmt: skip
        last[i] = first[i] + written - 1
        seen = slice(first[i], last[i] + 1)
        phase[i, seen] = own[:written, PHASE].astype(np.int32)
        phase[i, last[i] + 1 :] = ENDED
        rcs[i, seen] = np.where(
            phase[i, seen] == BOOST, threat_class.rcs_boost_m2, threat_class.rcs_body_m2
        )
        fill_intensity(own[:written], pack_signature(threat_class), intensity[i, seen])
        times[i] = plan.start_s + np.array([0.0, result[BURNOUT_T], result[END_T]])
        ends[i] = np.degrees(geodetic_from_ecef(result[0], result[1], result[2])[:2])
        apogee[i] = result[APOGEE]
    return Flights(
        bodies=tuple(x.body for x in threats),
        classes=tuple(x.threat_class for x in threats),
        kinds=tuple(classes[x.threat_class].kind for x in threats),
        t_s=t_s,
        r_m=rows[:, :, 0:3],
        v_mps=rows[:, :, 3:6],
        height_m=rows[:, :, HEIGHT],
        phase=phase,
        intensity_w_sr=intensity,
        rcs_m2=rcs,
        first=first,
        last=last,
        launch_t_s=times[:, 0],
        burnout_t_s=times[:, 1],
        end_t_s=times[:, 2],
        end_lat_deg=ends[:, 0],
        end_lon_deg=ends[:, 1],
        apogee_m=apogee,
    )


def _check(threats: Sequence[Threat], classes: Mapping[str, ThreatClass]) -> None:
    """Raise for names that are missing or doubled, and for aims finer than the fence allows."""
    names = [x.body for x in threats]
    for threat in threats:
        if names.count(threat.body) > 1:
            raise ScenarioError(
                f"two bodies are called {threat.body!r}; give each body its own name"
            )
        if threat.threat_class not in classes:
            raise ScenarioError(
                f"{threat.body}: no class {threat.threat_class!r}; "
                f"there are {', '.join(sorted(classes))}"
            )
        for value in (threat.aim_lat_deg, threat.aim_lon_deg):
            if abs(value - round(value, 1)) > 1e-9:
                raise FenceError(
                    f"{threat.body}: aim {value} degrees is finer than 0.1 degree; "
                    f"use {round(value, 1)}"
                )


def _plan(threat: Threat, u: Floats) -> _Plan:
    """Turn the draws of one body into where, when and how high it flies."""

    def between(slot: int, low: float, high: float) -> float:
        return float(low + u[slot] * (high - low))

    turn = (threat.bearing_high_rad - threat.bearing_low_rad) % (2.0 * math.pi)
    return _Plan(
        bearing_rad=between(BEARING, threat.bearing_low_rad, threat.bearing_low_rad + turn),
        distance_m=between(DISTANCE, threat.distance_low_m, threat.distance_high_m),
        start_s=between(START, threat.start_low_s, threat.start_high_s),
        apogee_m=between(APOGEE_DRAW, threat.apogee_low_m, threat.apogee_high_m),
    )


def _body(threat: Threat, threat_class: ThreatClass, u: Floats, share: float) -> Floats:
    """Pack a class with a share of what was drawn for propellant, specific impulse, burn time."""

    def around(slot: int) -> float:
        return float(min(WIDEST, max(-WIDEST, normal(float(u[slot])))))

    mass = 1.0 + share * threat.mass_spread * around(MASS)
    isp_s = share * threat.isp_spread_s * around(ISP)
    burn = 1.0 + share * threat.burn_spread * around(BURN)
    stages = [
        Stage(
            propellant_kg=stage.propellant_kg * mass,
            dry_kg=stage.dry_kg,
            isp_vacuum_s=stage.isp_vacuum_s + isp_s,
            burn_s=stage.burn_s * burn,
            diameter_m=stage.diameter_m,
        )
        for stage in threat_class.stages
    ]
    return pack(
        threat_class,
        stages=stages,
        density_factor=math.exp(threat.density_spread * around(DENSITY)),
        bank_rad=threat.bank_rad,
        bank_from_s=threat.bank_from_s,
        bank_for_s=threat.bank_for_s,
    )


def _way(threat: Threat, threat_class: ThreatClass, plan: _Plan, u: Floats) -> _Way:
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
        body = _body(threat, threat_class, u, share)
        lat, lon = _launch_point(threat, plan.bearing_rad, distance_m)
        found = reach(
            body, apogee_m=apogee_m, tolerance_m=threat.tolerance_m, **_ends(threat, lat, lon)
        )
        if found is not None:
            return _Way(body=body, lat_rad=lat, lon_rad=lon, reach=found)
    try:
        must_reach(body, apogee_m=middle, tolerance_m=threat.tolerance_m, **_ends(threat, lat, lon))
    except UnreachableError as error:
        raise UnreachableError(
            f"{threat.body} of class {threat.threat_class} cannot be flown, not even from "
            f"{near / 1e3:.0f} km off its centre: {error}"
        ) from None
    raise AssertionError("unreachable: the last wish was tried before")


def _launch_point(threat: Threat, bearing_rad: float, distance_m: float) -> tuple[float, float]:
    """Latitude and longitude [rad] of the launch point."""
    lat, lon = math.radians(threat.centre_lat_deg), math.radians(threat.centre_lon_deg)
    if distance_m > 0.0:
        lat, lon = sphere_direct(lat, lon, bearing_rad, distance_m)
    return lat, lon


def _ends(threat: Threat, lat_rad: float, lon_rad: float) -> dict[str, float]:
    """Both ends of a flight as keywords."""
    return {
        "lat_a_rad": lat_rad,
        "lon_a_rad": lon_rad,
        "lat_b_rad": math.radians(threat.aim_lat_deg),
        "lon_b_rad": math.radians(threat.aim_lon_deg),
    }

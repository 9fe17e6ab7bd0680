"""Public launches flown again by a class: range and apogee are inputs, the flight time is the test.

Kick and cut-off of the class are solved for the published range and apogee; its burn time was fixed
before. End points are rounded to 0.1 degree, as everywhere in this project.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from hinomi.earth.geodesic import ellipsoid_direct, ellipsoid_inverse
from hinomi.earth.places import place_at
from hinomi.earth.wgs84 import geodetic_from_ecef
from hinomi.errors import ScenarioError, UnreachableError
from hinomi.flight.body import pack
from hinomi.flight.path import Path, launch
from hinomi.flight.reach import Reach, reach
from hinomi.history.audit import Claim, audit
from hinomi.history.compare import claim_of
from hinomi.history.digits import Interval, clock_minute_s
from hinomi.history.launches import (
    Launch,
    SourceSet,
    completed_sets,
    flight_time,
    interval_of,
    load_launches,
)
from hinomi.records.columns import Floats
from hinomi.records.flights import ThreatClass
from hinomi.scenario.build import threat_class
from hinomi.scenario.catalogue import catalogue
from hinomi.scenario.catalogue_schema import BodyClass
from hinomi.scenario.places import load_places
from hinomi.scenario.quantity import Quantity
from hinomi.units import DAY_S, DEG_RAD

TIME_TOLERANCE_S: Final = 120.0  # on a difference of two published minutes
OVERFLIGHT_TOLERANCE_S: Final = 60.0  # on one published minute
BURN_SPREAD_S: Final = 30.0  # 10 % of the burn time of the longest class
AIM_STEP_DEG: Final = 0.1  # scope fence: no end point is stated finer
PUBLISHED: Final = "published"
# Shares of a class's ranges tried in turn when it falls short as it is.
SHARES: Final = (0.0, 0.1, 0.2, 0.4, 0.7, 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Overflight:
    """Time over Japan's land, from ignition; published minutes in seconds from the launch minute."""

    first_s: float
    last_s: float
    place_first: str
    place_last: str
    published_first_s: float  # NaN: not published
    published_last_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconstruction:
    """One set of figures of a launch, flown by a class; times from ignition."""

    launch: Launch
    by: str
    completed_with: tuple[str, ...]
    launch_jst: str  # the set's own launch minute, "" where none was published
    class_name: str
    faster_share: float  # of its ranges by which the class had to be faster; 0: as it is
    range_m: float  # flown, on the ellipsoid, to the rounded end point
    apogee_m: float
    burnout_s: float
    burnout_speed_mps: float
    apogee_t_s: float
    time_s: float
    end_lat_rad: float
    end_lon_rad: float
    published_time: Interval | None
    miss_s: float  # flown minus published time; NaN: no time was published
    inside: bool  # within TIME_TOLERANCE_S
    cause: str
    overflight: Overflight | None
    graded_published: bool  # range, apogee and time all are


@dataclass(frozen=True, slots=True, kw_only=True)
class LaunchReplay:
    """A launch flown with each set of its figures."""

    launch: Launch
    sets: tuple[Reconstruction, ...]
    problems: tuple[str, ...]  # sets that the class cannot fly


def reconstruct(one: Launch) -> LaunchReplay:
    """Fly a launch with the class the catalogue gives it, once for each set of figures.

    Raises
    ------
    ScenarioError
        when no class of the catalogue flies it, or its site, bearing, range or apogee is missing.
    """
    flown, problems = _fly_sets(one, completed_sets(one))
    if not flown:
        raise ScenarioError(f"{one.name}: {'; '.join(problems)}")
    return LaunchReplay(launch=one, sets=tuple(flown), problems=tuple(problems))


def published_replays() -> tuple[Reconstruction, ...]:
    """First set of every launch whose range, apogee and time are all graded published, flown.

    Launches that no class can fly are left out; so are those with an inferred or no flight time.
    """
    out = []
    for one in load_launches():
        if one.threat_class is None:
            continue
        graded = [
            (own, added) for own, added in completed_sets(one) if _graded_published(own.values)
        ]
        if graded:
            out += _fly_sets(one, graded[:1])[0]
    return tuple(out)


def catalogue_class(name: str, *, faster: float = 0.0) -> ThreatClass:
    """A class of the shipped catalogue, moved by a share of its range towards more speed.

    Parameters
    ----------
    faster
        0 to 1: specific impulse and propellant towards their high, payload towards its low.

    Raises
    ------
    ScenarioError
        when there is none of this name.
    """
    known = catalogue()["threat"]
    if name not in known:
        raise ScenarioError(
            f"no class {name!r} in the catalogue; there are {', '.join(sorted(known))}"
        )
    given = BodyClass.model_validate(known[name])
    made = threat_class(name, given)
    if faster == 0.0:
        return made

    def between(quantity: Quantity | None, end: int) -> float:
        if quantity is None:
            return 0.0
        return quantity.value + faster * (quantity.triangle[end] - quantity.value)

    stages = tuple(
        replace(
            stage,
            isp_vacuum_s=between(own.isp_vacuum_s, 2),
            propellant_kg=between(own.propellant_kg, 2),
        )
        for stage, own in zip(made.stages, given.stages, strict=True)
    )
    return replace(made, stages=stages, payload_kg=between(given.payload_kg, 0))


def _fly_sets(
    one: Launch, sets: Sequence[tuple[SourceSet, tuple[str, ...]]]
) -> tuple[list[Reconstruction], list[str]]:
    lacks = [
        words
        for words, missing in (
            (
                f"no class of the catalogue flies a {one.kind} launch of this record",
                not one.threat_class,
            ),
            ("no bearing is known or assumed", not one.bearing),
            ("no site is known or assumed", not math.isfinite(one.lat_rad)),
        )
        if missing
    ]
    if lacks:
        return [], [*lacks, f"`hinomi launches {one.name}` shows what was published"]
    flown, problems = [], []
    for own, added in sets:
        if not {"range_km", "apogee_km"} <= set(own.values):
            problems.append(f"{own.by}: no range or no apogee was published")
            continue
        try:
            flown.append(_fly(one, own, added))
        except UnreachableError as error:
            problems.append(f"{own.by}: {error}")
    return flown, problems


def _fly(one: Launch, own: SourceSet, added: tuple[str, ...]) -> Reconstruction:
    assert one.threat_class is not None  # noqa: S101
    class_name = str(one.threat_class.value)
    lat, lon = _aim(one, interval_of(own.values["range_km"]).value)
    ends = {
        "lat_a_rad": one.lat_rad, "lon_a_rad": one.lon_rad, "lat_b_rad": lat, "lon_b_rad": lon,
        "apogee_m": interval_of(own.values["apogee_km"]).value,
    }  # fmt: skip
    body, found, share = _solve(class_name, ends)
    path = launch(
        body,
        lat_rad=one.lat_rad,
        lon_rad=one.lon_rad,
        azimuth_rad=found.azimuth_rad,
        kick_rad=found.kick_rad,
        cutoff_s=found.cutoff_s,
    )
    distance, _ = ellipsoid_inverse(one.lat_rad, one.lon_rad, path.end_lat_rad, path.end_lon_rad)
    time = flight_time(own.values)
    miss = math.nan if time is None else path.end_t_s - time.value
    burnout = int(np.searchsorted(path.t_s, path.burnout_t_s))
    return Reconstruction(
        launch=one,
        by=own.by,
        completed_with=added,
        launch_jst=str(own.values["launch_jst"].value) if "launch_jst" in own.values else "",
        class_name=class_name,
        faster_share=share,
        range_m=float(distance),
        apogee_m=path.apogee_m,
        burnout_s=path.burnout_t_s,
        burnout_speed_mps=float(np.linalg.norm(path.v_mps[min(burnout, len(path.t_s) - 1)])),
        apogee_t_s=path.apogee_t_s,
        time_s=path.end_t_s,
        end_lat_rad=path.end_lat_rad,
        end_lon_rad=path.end_lon_rad,
        published_time=time,
        miss_s=miss,
        inside=abs(miss) <= TIME_TOLERANCE_S,
        cause=_cause(claim_of(one, own), path, miss),
        overflight=_overflight(own, path),
        graded_published=_graded_published(own.values),
    )


def _solve(class_name: str, ends: Mapping[str, float]) -> tuple[Floats, Reach, float]:
    """Packed class, its kick and cut-off, and the share of its range that it needed for the speed.

    The class as it is comes first; where it falls short, specific impulse, propellant and payload
    move together towards the faster end of their ranges, the burn time never.
    """
    for share in SHARES:
        body = pack(catalogue_class(class_name, faster=share))
        found = reach(body, **ends)
        if found is not None:
            return body, found, share
    distance, _ = ellipsoid_inverse(
        ends["lat_a_rad"], ends["lon_a_rad"], ends["lat_b_rad"], ends["lon_b_rad"]
    )
    raise UnreachableError(
        f"{class_name} does not fly {distance / 1e3:.0f} km with an apogee of "
        f"{ends['apogee_m'] / 1e3:.0f} km, not even at the fast end of its ranges"
    )


def _aim(one: Launch, range_m: float) -> tuple[float, float]:
    """End point on the bearing at the published range, rounded to 0.1 degree."""
    assert one.bearing is not None  # noqa: S101
    lat, lon, _ = ellipsoid_direct(
        one.lat_rad, one.lon_rad, float(one.bearing.value) * DEG_RAD, range_m
    )
    step = AIM_STEP_DEG * DEG_RAD
    return round(lat / step) * step, round(lon / step) * step


def _graded_published(values: Mapping[str, Any]) -> bool:
    time = next(
        (
            names
            for names in (("flight_time_s",), ("flight_time_min",), ("launch_jst", "impact_jst"))
            if set(names) <= set(values)
        ),
        None,
    )
    wanted = ("range_km", "apogee_km", *(time or ("none",)))
    return all(name in values and values[name].grade == PUBLISHED for name in wanted)


def _cause(claim: Claim | None, path: Path, miss_s: float) -> str:
    """Likely cause of a miss, in words."""
    if claim is None:
        return "no flight time was published"
    if claim.time_s.low <= path.end_t_s <= claim.time_s.high:
        return "inside the interval of the published digits"
    finding = audit(claim)
    excess = finding.excess
    if excess is not None and miss_s > 0.0 and finding.margin_s < excess.low_s:
        return (
            f"the published time exceeds an unpowered flight by {finding.margin_s:.0f} s, less "
            "than any boost of the class: its minutes, apogee or end are off"
        )
    if abs(miss_s) <= BURN_SPREAD_S:
        return "within what ten percent of the burn time moves the flight time"
    if miss_s > 0.0:
        return (
            "the class burns longer than the vehicle did, or the launch minute is a first "
            "detection 30-60 s after ignition"
        )
    return "the class burns shorter than the vehicle did, or the published apogee is too low"


def _overflight(own: SourceSet, path: Path) -> Overflight | None:
    """Time over land, for launches whose overflight was published."""
    published = [own.values.get(f"overflight_{end}_jst") for end in ("from", "to")]
    start = own.values.get("launch_jst")
    if start is None or not any(published):
        return None
    seconds = [
        math.nan
        if each is None
        else (clock_minute_s(str(each.value)) - clock_minute_s(str(start.value))) % DAY_S
        for each in published
    ]
    places = load_places()
    lat_deg, lon_deg = _ground_track(path)
    under = place_at(places.mesh, lat_deg, lon_deg)
    over = np.nonzero(under >= 0)[0]
    if len(over) == 0:
        return None
    first, last = int(over[0]), int(over[-1])
    return Overflight(
        first_s=float(path.t_s[first]),
        last_s=float(path.t_s[last]),
        place_first=places.prefecture_en[int(under[first])],
        place_last=places.prefecture_en[int(under[last])],
        published_first_s=seconds[0],
        published_last_s=seconds[1],
    )


def _ground_track(path: Path) -> tuple[Floats, Floats]:
    points = np.degrees([geodetic_from_ecef(*row)[:2] for row in path.r_m])
    return points[:, 0], points[:, 1]

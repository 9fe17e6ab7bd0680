"""The launch set: flights of a scenario's notional arcs, moved so that each ends at any aim."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from hinomi.earth.geodesic import sphere_inverse
from hinomi.earth.wgs84 import geodetic_from_ecef
from hinomi.errors import FenceError, ScenarioError
from hinomi.records.columns import Floats
from hinomi.records.flights import GLIDE_KIND, LAUNCHER_KIND, Flights, Threat
from hinomi.scenario.model import Scenario
from hinomi.study.seeds import AddressedDraws
from hinomi.threat.fly import fly

LONGEST_S: Final = 7200.0  # grid of the flights
MOST_LAUNCHES: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Launch:
    """One flight as seen from where it ends; seconds count from ignition."""

    threat_class: str
    gliding: bool
    burnout_s: float
    first_s: float  # time of the first point
    about_end: Floats  # (N, 3) every second: distance [m], bearing [rad] from the end, height [m]


def notional(scenario: Scenario, classes: Sequence[str] = ()) -> tuple[Threat, ...]:
    """Threats of a scenario that start on arcs and have an end; of the named classes, or all.

    Raises
    ------
    FenceError
        when a threat starts from a site: footprints take notional arcs alone.
    ScenarioError
        for an unknown class, or when nothing is left.
    """
    there = dict.fromkeys(t.threat_class for t in scenario.threats)
    for name in classes:
        if name not in there:
            raise ScenarioError(
                f"no threat of {scenario.name} is of class {name!r}; there are {', '.join(there)}"
            )
    kept = []
    for threat in scenario.threats:
        kind = scenario.classes[threat.threat_class].kind
        if kind == LAUNCHER_KIND or (classes and threat.threat_class not in classes):
            continue
        if threat.distance_high_m <= 0.0:
            raise FenceError(
                f"{threat.body} of {scenario.name} starts from a site; footprints and raids of"
                " growing size take notional arcs alone: give its group an arc"
            )
        kept.append(threat)
    if not kept:
        raise ScenarioError(
            f"{scenario.name} has no threat that comes down somewhere: a footprint needs one"
        )
    return tuple(kept)


def launch_set(
    scenario: Scenario, *, count: int, seed: int, classes: Sequence[str] = ()
) -> tuple[Launch, ...]:
    """Fly `count` launches, the scenario's threats in even shares, drawn as a run draws them.

    Raises
    ------
    ScenarioError
        when the count is out of range, or nothing can be launched.
    FenceError
        when a threat starts from a site.
    """
    if not 1 <= count <= MOST_LAUNCHES:
        raise ScenarioError(f"the number of launches is {count}; it must be 1 to {MOST_LAUNCHES}")
    threats = notional(scenario, classes)
    out = []
    for i in range(count):
        threat = threats[int((i + 0.5) * len(threats) / count)]
        out.append(flown(scenario, threat, seed=seed, number=i))
    return tuple(out)


def flown(scenario: Scenario, threat: Threat, *, seed: int, number: int) -> Launch:
    """Fly one threat of one replicate from ignition at time 0."""
    flights = fly(
        [replace(threat, start_low_s=0.0, start_high_s=0.0, spent_stages=False)],
        scenario.classes,
        draws=AddressedDraws(seed, number),
        t_end_s=LONGEST_S,
    )
    return about_end(flights, 0)


def about_end(flights: Flights, body: int) -> Launch:
    """Describe one flight from where it ends, from ignition to the last whole second.

    Ground distance and bearing are those of the mean sphere, so that the path can be laid to
    another end: 0.3 % of distance at most is lost, and that Earth turns under it differently.
    """
    first, last = int(flights.first[body]), int(flights.last[body])
    lat, lon = math.radians(flights.end_lat_deg[body]), math.radians(flights.end_lon_deg[body])
    points = np.empty((last - first + 1, 3))
    for k, r in enumerate(flights.r_m[body, first : last + 1]):
        here_lat, here_lon, height = geodetic_from_ecef(*r)
        distance, bearing = sphere_inverse(lat, lon, here_lat, here_lon)
        points[k] = distance, bearing, height
    start = float(flights.launch_t_s[body])
    return Launch(
        threat_class=flights.classes[body],
        gliding=flights.kinds[body] == GLIDE_KIND,
        burnout_s=float(flights.burnout_t_s[body]) - start,
        first_s=float(flights.t_s[first]) - start,
        about_end=points,
    )

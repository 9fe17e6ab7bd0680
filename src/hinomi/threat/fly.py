"""From planned bodies to their true paths: the first link of the chain."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from hinomi.records.draws import Draws
from hinomi.records.flights import (
    BANDS,
    BOOST,
    CRUISE_KIND,
    ENDED,
    WAITING,
    Flights,
    Threat,
    ThreatClass,
)
from hinomi.threat.boosted import fly_boosted
from hinomi.threat.cruise import fly_cruise
from hinomi.threat.flown import Flown, intensity_of
from hinomi.threat.given import fly_given
from hinomi.threat.plan import check_plans, plan_of


def fly(
    threats: Sequence[Threat], classes: Mapping[str, ThreatClass], *, draws: Draws, t_end_s: float
) -> Flights:
    """Fly all bodies on the grid of whole seconds 0 ... t_end_s.

    Each body draws its bearing, distance, start and apogee evenly between their limits, and what
    differs from its class in this flight. Ballistic, gliding and quasi-ballistic bodies are solved
    towards their aim: one whose draw is out of reach takes an apogee nearer to the middle of its
    band, then a shorter distance, then smaller departures from its class. Launchers fly as they are
    told until their thrust ends or fails; cruise bodies follow their waypoints; a body with a given
    way flies that. Spent stages, where asked for, come after all threats.

    Parameters
    ----------
    threats
        planned bodies; their names are the entities of the draws.
    classes
        class name -> class.
    draws
        kind "truth", slots 0-7 of each body; 8-27 of bodies with a failure time or drawn from the
        ranges of their class.
    t_end_s
        end of the grid [s]; a flight that lasts longer keeps its true end time and place, one that
        stays up ends with the grid, nowhere (NaN).

    Raises
    ------
    ScenarioError
        when a class is missing, a name is used twice or a leg is too short for its turns.
    FenceError
        when an aim is finer than 0.1 degree or a tolerance below 1,000 m.
    UnreachableError
        when a body cannot reach its aim at any distance it was given.
    """
    check_plans(threats, classes)
    own: list[Flown] = []
    spent: list[Flown] = []
    for threat in threats:
        threat_class = classes[threat.threat_class]
        plan = plan_of(threat, draws)
        if threat.given is not None:
            own.append(fly_given(threat, threat_class, plan))
            continue
        if threat_class.kind == CRUISE_KIND:
            own.append(fly_cruise(threat, threat_class, plan))
            continue
        body, *stages = fly_boosted(threat, threat_class, plan, t_end_s=t_end_s)
        own.append(body)
        spent += stages
    return on_grid([*own, *spent], np.arange(math.floor(t_end_s) + 1, dtype=np.float64))


def on_grid(flown: Sequence[Flown], t_s: np.ndarray) -> Flights:
    """Put bodies that have flown on one grid of whole seconds, with what sensors see of them."""
    b, t = len(flown), len(t_s)
    r, v, height = np.full((b, t, 3), np.nan), np.full((b, t, 3), np.nan), np.full((b, t), np.nan)
    phase = np.full((b, t), WAITING, dtype=np.int32)
    intensity, rcs = np.zeros((b, t, len(BANDS))), np.zeros((b, t))
    first, last = np.full(b, t, dtype=np.int32), np.full(b, t - 1, dtype=np.int32)
    for i, x in enumerate(flown):
        first[i] = min(t, x.first_s)
        count = max(0, min(len(x.height_m), t - x.first_s))
        last[i] = first[i] + count - 1
        seen = slice(first[i], first[i] + count)
        r[i, seen], v[i, seen] = x.r_m[:count], x.v_mps[:count]
        height[i, seen], phase[i, seen] = x.height_m[:count], x.phase[:count]
        phase[i, last[i] + 1 :] = ENDED
        rcs[i, seen] = rcs_of(x)[:count]
        intensity[i, seen] = intensity_of(x, count)
    names = [x.body for x in flown]
    ends = [min(x.end_t_s, float(t_s[-1])) if math.isinf(x.end_t_s) else x.end_t_s for x in flown]
    return Flights(
        bodies=tuple(names),
        classes=tuple(x.threat_class.name for x in flown),
        kinds=tuple(x.kind for x in flown),
        t_s=t_s,
        r_m=r,
        v_mps=v,
        height_m=height,
        phase=phase,
        intensity_w_sr=intensity,
        rcs_m2=rcs,
        first=first,
        last=last,
        launch_t_s=np.array([x.launch_t_s for x in flown]),
        burnout_t_s=np.array([x.burnout_t_s for x in flown]),
        end_t_s=np.array(ends),
        end_lat_deg=np.array([x.end_lat_deg for x in flown]),
        end_lon_deg=np.array([x.end_lon_deg for x in flown]),
        apogee_m=np.array([x.apogee_m for x in flown]),
        parent=np.array([names.index(x.parent) if x.parent else -1 for x in flown], dtype=np.int32),
    )


def rcs_of(flown: Flown) -> np.ndarray:
    """(N,) radar cross-section [m2]: of a booster while it burns and when it is spent."""
    c = flown.threat_class
    large = np.full(len(flown.phase), bool(flown.parent)) | (flown.phase == BOOST)
    return np.where(large, c.rcs_boost_m2, c.rcs_body_m2)

"""Bodies of a raid as a perfect common picture has them: true states, engagement grade, no delay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from hinomi.footprint.launches import LONGEST_S, Launch, about_end, notional
from hinomi.records.columns import Floats
from hinomi.records.flights import GLIDE
from hinomi.records.tracks import (
    CONFIRMED,
    ENGAGEMENT_GRADE,
    MODE_COAST,
    MODE_GLIDE,
    MODES,
    Tracks,
)
from hinomi.scenario.model import Scenario
from hinomi.study.seeds import AddressedDraws
from hinomi.threat.fly import fly

EVERY_S: Final = 5  # rows of a perfect track; in between it is carried on


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """One flight from the end of its thrust; seconds count from its ignition."""

    name: str
    threat_class: str
    aim_deg: tuple[float, float]
    t_s: Floats  # (N,)
    mean: Floats  # (N, 9) position, velocity, no specific force
    gliding: np.ndarray  # (N,) bool
    launch: Launch


def bodies_of_arcs(
    scenario: Scenario, *, count: int, seed: int, classes: Sequence[str] = ()
) -> tuple[Body, ...]:
    """Fly `count` bodies, the scenario's threats in turn; ignition at time 0.

    Raises
    ------
    ScenarioError
        for an unknown class, or when nothing can be launched.
    FenceError
        when a threat starts from a site.
    """
    threats = notional(scenario, classes)
    out = []
    for i in range(count):
        threat = threats[i % len(threats)]
        flights = fly(
            [replace(threat, start_low_s=0.0, start_high_s=0.0, spent_stages=False)],
            scenario.classes,
            draws=AddressedDraws(seed, i // len(threats)),
            t_end_s=LONGEST_S,
        )
        seconds = flights.t_s
        kept = (seconds >= flights.burnout_t_s[0]) & np.isfinite(flights.height_m[0])
        rows = np.flatnonzero(kept)[::EVERY_S]
        mean = np.zeros((len(rows), 9))
        mean[:, :3], mean[:, 3:6] = flights.r_m[0, rows], flights.v_mps[0, rows]
        out.append(
            Body(
                name=f"{threat.body} {i // len(threats) + 1}",
                threat_class=threat.threat_class,
                aim_deg=(threat.aim_lat_deg, threat.aim_lon_deg),
                t_s=seconds[rows],
                mean=mean,
                # Once it glides it counts as a glider to its end, the last dive included.
                gliding=np.maximum.accumulate(flights.phase[0, rows] == GLIDE),
                launch=about_end(flights, 0),
            )
        )
    return tuple(out)


def perfect_picture(bodies: Sequence[Body], starts_s: Floats, *, picture: str) -> Tracks:
    """Tracks 0, 1 ... of bodies that are lit at `starts_s`, without error and at once."""
    t_s = np.concatenate([b.t_s + s for b, s in zip(bodies, starts_s, strict=True)])
    track = np.repeat(np.arange(len(bodies), dtype=np.int32), [len(b.t_s) for b in bodies])
    order = np.lexsort((track, t_s))
    n = len(t_s)
    mode = np.zeros((n, len(MODES)))
    gliding = np.concatenate([b.gliding for b in bodies])[order]
    mode[np.arange(n), np.where(gliding, MODE_GLIDE, MODE_COAST)] = 1.0
    return Tracks(
        picture=picture,
        t_s=t_s[order],
        t_available_s=t_s[order],
        track=track[order],
        mean=np.concatenate([b.mean for b in bodies])[order],
        cov=np.zeros((n, 9, 9)),
        mode=mode,
        status=np.full(n, CONFIRMED),
        grade=np.full(n, ENGAGEMENT_GRADE),
        plot=np.full(n, -1),
        plots=0,
    )

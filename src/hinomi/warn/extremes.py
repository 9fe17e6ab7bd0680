"""Extreme flights from a track state: every limit of the prior taken at its ends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Final, final

import numpy as np

from hinomi.earth.wgs84 import MEAN_RADIUS_M, ROTATION_RAD_S, geodetic_from_ecef, local_axes
from hinomi.flight.body import BANKS, BETA, GLIDES, STAGES
from hinomi.flight.endpoint import apogee_radius_m
from hinomi.flight.forces import ENGINE
from hinomi.flight.pointmass import RESULT
from hinomi.records.columns import Floats
from hinomi.records.tracks import MODE_BOOST
from hinomi.warn import prior as of
from hinomi.warn.belief import PACE, burns_of, fitting, mode_shares
from hinomi.warn.burn import BURN_STEPS
from hinomi.warn.ends import GAIN_SPREAD, GLIDER_APOGEE_M, LIFT_SHARE_LOW, LIFT_SHARE_SPAN
from hinomi.warn.onward import NEVER_EARLY_S, burn_on, fall_or_glide, glide_left_s, plan_glide

WIDEST: Final = 3.0  # standard deviations
SWITCH_SHARES: Final = (0.08, 0.16, 0.25, 0.35, 0.5, 0.7)  # of the glide left: when a bank changes
EARLY_SHARES: Final = (0.0, 0.1, 0.2, 0.35, 0.5, 0.75)  # of the glide left: when lift ends
CUT_SHARES: Final = (0.0, 0.3, 0.6, 0.8, 0.9, 1.0)  # of the burn left: when thrust ends
BETA_SHARES: Final = (0.7, 1.0, 1.3)  # assumed: ballistic coefficient over the class's
NO_ROWS: Final = np.zeros((0, 6))


@final
@dataclass(frozen=True, slots=True)
class Plan:
    """What a body does once its thrust has ended: shares of its class's limits."""

    first: float = 0.0  # bank over the limit
    second: float = 0.0
    switch: float = 1.0  # share of the glide left at which the second bank comes; 1: never
    early: float = 1.0  # share of the glide left at which lift ends; 1: never
    lift: float = 1.0  # 0 the lowest, 1 the highest lift-to-drag ratio
    beta: float = 1.0  # ballistic coefficient over the class's, of a body that falls


@final
@dataclass(frozen=True, slots=True)
class Start:
    """A class from the state on, with the burn that it still has."""

    prior: of.Prior
    c: int
    seconds: float = 0.0
    elapsed: float = 0.0
    pace: float = 1.0
    gain: float = 1.0

    def plans(self) -> list[Plan]:
        """Plans whose ends span what the class can do."""
        falls = [Plan(beta=b) for b in BETA_SHARES]
        if self.prior.columns[self.c, of.GLIDES] == 0.0:
            return falls
        banks = np.linspace(-1.0, 1.0, 25)
        some = (-1.0, -0.5, 0.0, 0.5, 1.0)
        out = [Plan(first=float(b)) for b in banks]
        out += [
            Plan(first=a, second=b, switch=s)
            for a, b, s in product(some, some, SWITCH_SHARES)
            if a != b
        ]
        out += [Plan(first=a, early=e) for a, e in product(some, EARLY_SHARES)]
        return out + [Plan(first=a, lift=0.0) for a in some]

    def few(self) -> list[Plan]:
        """Plans at which the effect of state errors is looked at."""
        if self.prior.columns[self.c, of.GLIDES] == 0.0:
            return [Plan()]
        return [Plan(), Plan(first=-1.0), Plan(first=1.0), Plan(early=0.0)]

    def end(self, state: Floats, plan: Plan) -> tuple[float, float] | None:
        """Latitude and longitude [deg] of the end; None: it does not come down in two hours."""
        cls = self.prior.columns[self.c]
        s = np.array(state)
        if self.seconds > 0.0:
            burn_on(
                s, self.elapsed, self.seconds, self.pace, self.gain, self.prior.bodies[self.c],
                np.zeros(ENGINE),
            )  # fmt: skip
        body = np.array(self.prior.bodies[self.c])
        body[STAGES] = body[GLIDES] = body[BANKS] = 0.0
        body[BETA] *= plan.beta
        early = NEVER_EARLY_S
        top = apogee_radius_m(*s, ROTATION_RAD_S)
        if cls[of.GLIDES] > 0.0 and top < MEAN_RADIUS_M + GLIDER_APOGEE_M:
            early = _glide(s, cls, plan, body)
        down, lat, lon, _, _ = fall_or_glide(
            s, body, early, NO_ROWS, np.zeros(RESULT), np.zeros(12)
        )
        return (float(np.degrees(lat)), float(np.degrees(lon))) if down else None


def _glide(s: Floats, cls: Floats, plan: Plan, body: Floats) -> float:
    """Put a plan into the body; returns when lift ends."""
    lift = cls[of.LIFT_TO_DRAG] * (LIFT_SHARE_LOW + LIFT_SHARE_SPAN * plan.lift)
    if cls[of.LIFT_HIGH] > 0.0:
        lift = min(cls[of.LIFT_HIGH], max(cls[of.LIFT_LOW], lift))
    slow = cls[of.TERMINAL_LOW]
    left = glide_left_s(s, cls[of.GLIDE_BELOW], slow, lift)
    banks = cls[of.BANK_LIMIT] * np.array([plan.first, plan.second])
    plan_glide(body, lift, slow, banks, np.array([plan.switch * left]), int(plan.switch < 1.0))
    return float(plan.early * left) if plan.early < 1.0 else NEVER_EARLY_S


def starts_of(mean: Floats, cov: Floats, mode: Floats, prior: of.Prior) -> Iterator[Start]:
    """Every class that the prior counts with, free now or burning on to one of several ends."""
    classes = len(prior.columns)
    speed = max(1.0, float(np.linalg.norm(mean[3:6])))
    lat, lon, height = geodetic_from_ecef(mean[0], mean[1], mean[2])
    fits, gliders, burning = (np.zeros(classes, np.int32) for _ in range(3))
    fitting(height, speed, prior.columns, fits, gliders)
    share = np.zeros(len(mode))
    total = mode_shares(mode, share)
    if share[MODE_BOOST] < total:
        yield from (Start(prior, c) for c in range(classes) if fits[c] or gliders[c])
    if share[MODE_BOOST] > 0.0:
        clock, burns = np.zeros((classes, 4)), np.zeros((classes, BURN_STEPS + 1, 7))
        up = local_axes(lat, lon)[6:]
        burns_of(
            mean, speed, float(mean[3:6] @ np.array(up)) / speed, max(0.0, cov[6, 6]), prior.columns,
            prior.stages, prior.counts, fits, burning, clock, burns,
        )  # fmt: skip
        for c in np.flatnonzero(burning):
            yield from _burning(prior, int(c), clock[c])


def _burning(prior: of.Prior, c: int, clock: Floats) -> Iterator[Start]:
    """Ends of thrust through the burn left, and at its end also fast, slow, strong and weak."""
    left = max(0.0, float(prior.columns[c, of.BURN_TOTAL] - clock[0])) / clock[PACE]
    spread = WIDEST * float(prior.columns[c, of.SPREAD])
    usual = Start(prior, c, 0.0, float(clock[0]), float(clock[PACE]), 1.0)
    for cut in CUT_SHARES:
        yield replace(usual, seconds=cut * left)
    for cut in (0.6, 1.0):
        for slow, gain in product((1.0 - spread, 1.0 + spread), (-1.0, 1.0)):
            yield replace(
                usual,
                seconds=cut * left * slow,
                pace=usual.pace / slow,
                gain=1.0 + gain * WIDEST * GAIN_SPREAD,
            )


def corners(lower: Floats) -> Floats:
    """(64, 6) state errors: three deviations either way in each independent direction."""
    signs = np.array(list(product((-WIDEST, WIDEST), repeat=6)))
    out: Floats = signs @ lower.T
    return out


def ends(start: Start, states: Floats, plans: Sequence[Plan]) -> Floats:
    """(N, 2) ends [deg] of states (N, 6), one plan each; NaN where none."""
    out = np.full((len(states), 2), np.nan)
    for i, (state, plan) in enumerate(zip(states, plans, strict=True)):
        end = start.end(state, plan)
        if end is not None:
            out[i] = end
    return out

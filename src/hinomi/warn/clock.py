"""How long after its receipt an alert takes to be heard, acted on and to bring people to shelter."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numba import njit

from hinomi.records.alerts import WarningPolicy
from hinomi.records.columns import Floats
from hinomi.warn.respond import FINEST, LONGEST_S, curves_of, fold_row

# Stages of the clock, in order; each is a time after ignition.
STAGES: Final = (
    "seen",  # first plot is there, at any nation that tells the one that alerts
    "firm track",  # track grade W, there
    "relayed",  # the nation that alerts has a firm track, or the other's launch event
    "launch message",  # classified, heading this way
    "issued",  # decided; the alert leaves the issue centre
    "received",  # by the place where the middle person in need of a warning lives
    "heard",  # by half of those there who ever hear
    "acted",  # half of those there who do anything
    "in shelter",  # half of those there who go
    "arrival",
)
STEPS: Final = 12  # halvings of the interval: to under half a second of thirty minutes


@njit(cache=True, nogil=True, error_model="numpy")
def _halves(received, curves, acted, arrived, correlation, finest, longest, out):  # type: ignore[no-untyped-def]
    """Times of half the final share of knew, acted and arrived at one place, into `out` (3,)."""
    four = np.empty(4)
    first = math.inf
    for c in range(len(curves)):
        first = min(first, received[c, 0])
    out[:] = math.inf
    if first == math.inf:
        return
    end = first + longest
    fold_row(received, 0, end, curves, acted, arrived, correlation, finest, longest, four)
    final = four[:3].copy()
    for k in range(3):
        if final[k] <= 0.0:
            continue
        low, high = first, end
        for _ in range(STEPS):
            middle = 0.5 * (low + high)
            fold_row(
                received, 0, middle, curves, acted, arrived, correlation, finest, longest, four
            )  # fmt: skip
            if four[k] < 0.5 * final[k]:
                low = middle
            else:
                high = middle
        out[k] = high


def half_times(received_s: Floats, *, policy: WarningPolicy) -> Floats:
    """Times [s] by which half have heard, have acted and are in shelter, at one place.

    `received_s` (C,) is when each channel comes in, infinite where it never does. Half is of those
    who ever hear, act or arrive there within thirty minutes, whatever their number.
    """
    curves = curves_of(policy)
    out = np.empty(3)
    received = np.ascontiguousarray(received_s, np.float64).reshape(-1, 1)
    _halves(
        received, curves.heard, curves.acted, curves.arrived, policy.channel_correlation,
        FINEST, LONGEST_S, out,
    )  # fmt: skip
    return out


def middle_row(t_received_s: Floats, people: Floats) -> int:
    """Row of the place where the middle person lives, in order of receipt; -1 without people."""
    total = float(people.sum())
    if total <= 0.0:
        return -1
    order = np.argsort(t_received_s, kind="stable")
    reached = np.cumsum(people[order])
    at = int(np.searchsorted(reached, 0.5 * total * (1.0 - 1e-12), side="left"))
    return int(order[min(at, order.size - 1)])

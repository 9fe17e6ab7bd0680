"""Closed forms of salvos, shoot-look-shoot and raids: the oracle of the engagement analysis.

All assume independent shots and perfect kill assessment: the best case. Two kinds of dependence
are kept apart: a track that holds or not for each threat (Wilkening, Science and Global Security 8,
1999), and one common function that works or not for the whole raid.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from scipy.stats import binom

from hinomi.records.columns import Floats


def salvo_kill(p: float, n: int) -> float:
    """Probability that a salvo of n shots with kill probability p each kills: 1 - (1 - p)^n."""
    return float(1.0 - (1.0 - p) ** n)


def shoot_look_shoot(p: float, policy: Sequence[int]) -> tuple[float, float]:
    """Leak probability and expected shots of salvos fired one after another until a kill.

    `policy` holds the rounds of each look, (2, 1) for two and then one more.
    """
    shots, alive = 0.0, 1.0
    for n in policy:
        shots += n * alive
        alive *= (1.0 - p) ** n
    return alive, shots


def kill_needed(no_leak: float, warheads: int) -> float:
    """Kill probability per threat that gives `no_leak`, the chance of no leaker, for a raid."""
    return float(no_leak ** (1.0 / warheads))


def shots_needed(no_leak: float, warheads: int, p: float, *, tracked: float = 1.0) -> float:
    """Shots per threat (not rounded) for `no_leak`; infinite where tracking alone forbids it.

    `tracked` is the probability, per threat and independent, that it can be engaged at all.
    """
    share = kill_needed(no_leak, warheads) / tracked
    return math.inf if share >= 1.0 else math.log(1.0 - share) / math.log(1.0 - p)


def no_leak_each(kill: float, warheads: int, *, tracked: float) -> float:
    """Probability of no leaker when each threat has its own chance of a track: (tracked kill)^W."""
    return float((tracked * kill) ** warheads)


def no_leak_common(kill: float, warheads: int, *, works: float) -> float:
    """Probability of no leaker when a common function works for the whole raid: works kill^W."""
    return float(works * kill**warheads)


def leak_distribution(kill: float, warheads: int) -> Floats:
    """(W + 1,) probabilities of 0 .. W leakers, independent threats."""
    probabilities: Floats = np.asarray(binom.pmf(np.arange(warheads + 1), warheads, 1.0 - kill))
    return probabilities


def layered_kill(kills: Sequence[float], *, works: float = 1.0) -> float:
    """Kill probability through independent layers behind one common function."""
    return works * (1.0 - math.prod(1.0 - k for k in kills))


def expected_leakers(kill: float, warheads: int, *, stock: int, salvo: int) -> float:
    """Count leakers expected with a finite stock: threats that get no salvo leak."""
    return warheads - kill * min(warheads, stock // salvo)

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


def no_leak_of(kill: float, warheads: int, *, tracked: float, works: float) -> float:
    """Probability of no leaker with both kinds of dependence: works (tracked kill)^W."""
    return works * no_leak_each(kill, warheads, tracked=tracked)


def no_leak_ceiling(warheads: int, *, tracked: float, works: float) -> float:
    """Probability of no leaker that no number of rounds lifts: works tracked^W."""
    return no_leak_of(1.0, warheads, tracked=tracked, works=works)


def raid_leaks(kill: float, warheads: int, *, tracked: float, works: float) -> Floats:
    """(W + 1,) probabilities of 0 .. W leakers with both kinds of dependence.

    When the common function fails all leak; otherwise each is killed with tracked kill.
    """
    out: Floats = works * leak_distribution(tracked * kill, warheads)
    out[-1] += 1.0 - works
    return out


def rounds_needed(
    no_leak: float, warheads: int, p: float, *, tracked: float, works: float
) -> int | None:
    """Least whole rounds per threat for `no_leak` with both kinds of dependence; None: no number does.

    A wish at the very ceiling is met by no finite number of rounds, unless one round kills for sure.
    """
    if no_leak <= no_leak_of(0.0, warheads, tracked=tracked, works=works):
        return 0
    if (
        p <= 0.0
        or works <= 0.0
        or no_leak > no_leak_ceiling(warheads, tracked=tracked, works=works)
    ):
        return None
    if p >= 1.0:
        return 1
    exact = shots_needed(min(no_leak / works, 1.0), warheads, p, tracked=tracked)
    if math.isinf(exact):
        return None
    return max(math.ceil(exact - 1e-9), 1)  # a wish that n rounds just meet is met by n

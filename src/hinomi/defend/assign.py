"""Who should shoot at what if everything were known at once: what coordination is worth.

Maximise sum_i w_i (1 - prod_j (1 - p_ij)^x_ij) over whole rounds x_ij of magazine j at threat i.
With u_i = sum_j -ln(1 - p_ij) x_ij the leak e^-u is convex: tangents under it make a linear
programme in whole numbers whose optimum bounds the value from above, and whose rounds are a
feasible assignment that bounds it from below. Tangents are added where the bound is loose until
the two meet.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from hinomi.errors import HinomiError
from hinomi.records.columns import Floats, Ints

FIRST_TANGENTS: Final = 12
LAST_LEAK: Final = 1e-6  # the first tangents reach from leak 1 down to this
SURE_KILL: Final = 1.0 - 1e-9  # a kill probability of 1 is taken as this
ROUNDS_LIMIT: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """Rounds of each magazine at each threat, with what they are worth and a proven bound."""

    rounds: Ints  # (threats, magazines)
    value: float  # of these rounds: a lower bound of the optimum
    bound: float  # no assignment is worth more


def value_of(rounds: Ints, kill: Floats, worth: Floats) -> float:
    """Weigh an assignment: sum of worth times the probability that some shot kills."""
    return float(worth @ (1.0 - np.prod((1.0 - kill) ** rounds, axis=1)))


def best_assignment(kill: Floats, worth: Floats, stock: Ints, *, gap: float = 1e-9) -> Assignment:
    """Optimal static assignment with bounds from both sides.

    Parameters
    ----------
    kill
        (threats, magazines) kill probability per round; 0 where there is no feasible window.
    worth
        (threats,) weights.
    stock
        (magazines,) rounds that can be fired in the time there is.
    gap
        Stop when bound - value is below this, relative to the sum of the weights.

    Raises
    ------
    HinomiError
        when the solver of linear programmes fails.
    """
    t, m = kill.shape
    power = -np.log1p(-np.minimum(kill, SURE_KILL))
    # Columns: rounds threat by threat, then the leak of each threat.
    cost = np.concatenate([np.zeros(t * m), worth])
    per_magazine = np.zeros((m, t * m + t))
    for j in range(m):
        per_magazine[j, j : t * m : m] = 1.0
    upper = np.where(kill > 0.0, stock[None, :], 0).ravel()
    bounds = Bounds(np.zeros(t * m + t), np.concatenate([upper, np.ones(t)]))
    whole = np.concatenate([np.ones(t * m), np.zeros(t)])
    at = -np.log(np.geomspace(1.0, LAST_LEAK, FIRST_TANGENTS))
    rows = [_tangent(power, i, u) for i in range(t) for u in at]
    best = Assignment(rounds=np.zeros((t, m), dtype=np.int32), value=0.0, bound=float(worth.sum()))
    for _ in range(ROUNDS_LIMIT):
        matrix = np.array([row for row, _ in rows])
        floor = np.array([low for _, low in rows])
        done = milp(
            cost, integrality=whole, bounds=bounds, options={"mip_rel_gap": 0.0},
            constraints=[
                LinearConstraint(per_magazine, -np.inf, stock.astype(float)),
                LinearConstraint(matrix, floor, np.inf),
            ],
        )  # fmt: skip
        if done.x is None:
            raise HinomiError(f"the assignment programme was not solved: {done.message}")
        rounds = np.rint(done.x[: t * m]).astype(np.int32).reshape(t, m)
        value = value_of(rounds, kill, worth)
        bound = min(best.bound, max(float(worth.sum() - done.mip_dual_bound), best.value, value))
        if value >= best.value:
            best = Assignment(rounds=rounds, value=value, bound=bound)
        else:
            best = Assignment(rounds=best.rounds, value=best.value, bound=bound)
        if bound - best.value <= gap * float(worth.sum()):
            break
        rows += [_tangent(power, i, float(power[i] @ rounds[i])) for i in range(t)]
    return best


def _tangent(power: Floats, threat: int, u: float) -> tuple[Floats, float]:
    """Row and lower limit of leak_i >= e^-a (1 + a - u_i), the tangent of e^-u at a."""
    t, m = power.shape
    row = np.zeros(t * m + t)
    row[threat * m : (threat + 1) * m] = np.exp(-u) * power[threat]
    row[t * m + threat] = 1.0
    return row, float(np.exp(-u) * (1.0 + u))


def greedy_assignment(kill: Floats, worth: Floats, stock: Ints) -> Assignment:
    """Assign round by round where it adds most.

    Optimal where p depends on the threat only (den Broeder and others, 1959).
    The bound is not known here and is given as the sum of the weights.
    """
    left = stock.copy()
    rounds = np.zeros(kill.shape, dtype=np.int32)
    alive = worth.astype(np.float64).copy()
    while True:
        gain = np.where(left[None, :] > 0, alive[:, None] * kill, 0.0)
        i, j = np.unravel_index(int(np.argmax(gain)), gain.shape)
        if gain[i, j] <= 0.0:
            break
        rounds[i, j] += 1
        left[j] -= 1
        alive[i] *= 1.0 - kill[i, j]
    return Assignment(rounds=rounds, value=value_of(rounds, kill, worth), bound=float(worth.sum()))

"""Who should shoot at what if everything were known at once: what coordination is worth.

Maximise sum_i w_i (1 - prod_j (1 - p_ij)^x_ij) over whole rounds x_ij of magazine j at threat i.
A pattern is one way to shoot at one threat. The linear programme over patterns gives each round a
price; patterns that would earn more than they cost are added until there are none, which bounds the
value from above (Gilmore and Gomory, Operations Research 9, 1961). The best whole choice among the
patterns is feasible and bounds it from below; where the two differ, the programme in whole numbers
over every pattern whose cost does not rule it out closes the gap.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final, final

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csc_matrix

from hinomi.errors import HinomiError
from hinomi.records.columns import Floats, Ints

SURE_KILL: Final = 1.0 - 1e-9  # a kill probability of 1 is taken as this
NOTHING: Final = 1e-11  # less is no gain
ROUNDS_LIMIT: Final = 500

Pattern = tuple[int, ...]  # rounds of each magazine at one threat


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
    sure = np.minimum(kill, SURE_KILL)
    # Equal threats are one row with a count: the solver would try them in every order.
    rows, inverse = np.unique(np.column_stack([worth, sure]), axis=0, return_inverse=True)
    alike = inverse.ravel().astype(np.int32)
    count = np.bincount(alike, minlength=len(rows)).astype(np.int32)
    slack = gap * float(worth.sum())
    book = _Book(rows[:, 1:], rows[:, 0], count, stock)
    greedy = greedy_assignment(sure, worth, stock)
    for g in range(len(rows)):
        book.add(g, (0,) * kill.shape[1])
    for i, g in enumerate(alike.tolist()):
        book.add(g, tuple(int(x) for x in greedy.rounds[i]))
    price, bound = _priced(book, slack)
    chosen, _ = book.whole()
    best = max((_dealt(chosen, alike, book), greedy.rounds), key=lambda x: value_of(x, kill, worth))
    value = value_of(best, kill, worth)
    if bound - value > slack:
        _, nets = _dearest(book, price)
        rich = _Book(book.kill, book.worth, count, stock)
        for g, net in enumerate(nets):
            for pattern in _patterns(book, g, price, floor=net - (bound - value) - slack):
                rich.add(g, pattern)
        chosen, proven = rich.whole()
        found = _dealt(chosen, alike, rich)
        if value_of(found, kill, worth) > value:
            best, value = found, value_of(found, kill, worth)
        bound = min(bound, max(proven, value))
    return Assignment(rounds=best, value=value, bound=max(bound, value))


@final
class _Book:
    """Patterns of each kind of threat, with their worth."""

    def __init__(self, kill: Floats, worth: Floats, count: Ints, stock: Ints) -> None:
        self.kill, self.worth, self.count, self.stock = kill, worth, count, stock
        self.kind: list[int] = []
        self.pattern: list[Pattern] = []
        self.value: list[float] = []
        self._there: set[tuple[int, Pattern]] = set()

    def add(self, kind: int, pattern: Pattern) -> bool:
        """Note a pattern; False where it is there already."""
        if (kind, pattern) in self._there:
            return False
        self._there.add((kind, pattern))
        self.kind.append(kind)
        self.pattern.append(pattern)
        leak = float(np.prod((1.0 - self.kill[kind]) ** np.array(pattern)))
        self.value.append(float(self.worth[kind]) * (1.0 - leak))
        return True

    def rows(self) -> tuple[Any, Any]:
        """Rounds by magazine and pattern, and which kind each pattern is of."""
        n = len(self.kind)
        used = csc_matrix(np.array(self.pattern, dtype=float).T)
        return used, csc_matrix((np.ones(n), (self.kind, range(n))), shape=(len(self.count), n))

    def whole(self) -> tuple[list[int], float]:
        """How often each pattern is best used, in whole numbers, and the bound that the solver proves."""
        used, kinds = self.rows()
        done = milp(
            -np.array(self.value),
            integrality=np.ones(len(self.value)),
            bounds=Bounds(0.0, self.count[self.kind].astype(float)),
            constraints=[
                LinearConstraint(used, -np.inf, self.stock.astype(float)),
                LinearConstraint(kinds, self.count.astype(float), self.count.astype(float)),
            ],
            options={"mip_rel_gap": 0.0},
        )
        if done.x is None:
            raise HinomiError(f"the assignment programme was not solved: {done.message}")
        return [round(float(x)) for x in done.x], -float(done.mip_dual_bound)


def _priced(book: _Book, slack: float) -> tuple[Floats, float]:
    """Add patterns until none earns more than its price; prices, and the bound that they prove."""
    best_price, best_bound = np.zeros(len(book.stock)), float(book.worth @ book.count)
    for _ in range(ROUNDS_LIMIT):
        used, kinds = book.rows()
        done = linprog(
            -np.array(book.value),
            A_ub=used,
            b_ub=book.stock.astype(float),
            A_eq=kinds,
            b_eq=book.count.astype(float),
            method="highs",
        )
        if done.x is None:
            raise HinomiError(f"the assignment programme was not solved: {done.message}")
        price: Floats = np.maximum(-done.ineqlin.marginals, 0.0)
        found, nets = _dearest(book, price)
        bound = float(price @ book.stock + np.array(nets) @ book.count)
        if bound < best_bound:
            best_price, best_bound = price, bound
        new = [book.add(g, pattern) for g, pattern in enumerate(found)]
        if best_bound + done.fun <= 0.1 * slack or not any(new):
            break
    return best_price, best_bound


def _dearest(book: _Book, price: Floats) -> tuple[list[Pattern], list[float]]:
    """Pattern of each kind that earns most over its price, and how much."""
    found, nets = [], []
    for g in range(len(book.count)):
        best: Pattern = (0,) * len(price)
        most = 0.0
        for pattern in _patterns(book, g, price, floor=None):
            best = pattern  # each is better than the one before
            leak = float(np.prod((1.0 - book.kill[g]) ** np.array(pattern)))
            most = float(book.worth[g]) * (1.0 - leak) - float(price @ np.array(pattern))
        found.append(best)
        nets.append(most)
    return found, nets


def _patterns(book: _Book, kind: int, price: Floats, *, floor: float | None) -> list[Pattern]:
    """Patterns that earn `floor` or more over their price; without one, each better than the last.

    Magazines are taken in order of price over -ln(1 - p). What the rest can still earn is at most
    that of its cheapest, were rounds divisible: a - c - c ln(a / c), a the worth still alive.
    """
    worth, p = float(book.worth[kind]), book.kill[kind]
    power = -np.log1p(-p)
    able = [j for j in range(len(p)) if p[j] > 0.0 and book.stock[j] > 0]
    able.sort(key=lambda j: float(price[j] / power[j]))
    cost = [float(price[j] / power[j]) for j in able]
    out: list[Pattern] = []
    rounds = [0] * len(p)
    least = 0.0 if floor is None else floor

    def rest(k: int, alive: float) -> float:
        if k >= len(able) or alive <= cost[k]:
            return 0.0
        c = cost[k]
        return alive - c - c * math.log(alive / c) if c > 0.0 else alive

    def go(k: int, alive: float, net: float) -> None:
        nonlocal least
        edge = least + NOTHING if floor is None else least
        if net + rest(k, alive) < edge:
            return
        if k == len(able):
            out.append(tuple(rounds))
            least = net if floor is None else least
            return
        j = able[k]
        q, c = 1.0 - float(p[j]), float(price[j])
        most = int(book.stock[j])
        if floor is None:  # no round that costs more than it earns here
            earns = alive * (1.0 - q)
            if earns <= c + NOTHING:
                most = 0
            else:
                last = max(c, NOTHING) / earns
                most = min(most, math.ceil(math.log(last) / math.log(q)) if q > 0.0 else 1)
        # What is free is all taken: more of it never earns less.
        for n in range(most, most - 1 if floor is None and c <= 0.0 else -1, -1):
            rounds[j] = n
            go(k + 1, alive * q**n, net + alive * (1.0 - q**n) - n * c)
        rounds[j] = 0

    go(0, worth, 0.0)
    return out


def _dealt(chosen: list[int], alike: Ints, book: _Book) -> Ints:
    """(threats, magazines) rounds: the chosen patterns dealt to the threats of their kind."""
    waiting: dict[int, list[int]] = {}
    for i, g in enumerate(alike.tolist()):
        waiting.setdefault(g, []).append(i)
    out = np.zeros((len(alike), len(book.stock)), dtype=np.int32)
    for n, g, pattern in zip(chosen, book.kind, book.pattern, strict=True):
        for _ in range(n):
            out[waiting[g].pop()] = pattern
    return out


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

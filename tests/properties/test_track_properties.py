"""Properties of the tracker's small parts, against independent libraries."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.optimize import linear_sum_assignment

from hinomi.records.tracks import MODES
from hinomi.track.assign import FORBIDDEN, assign
from hinomi.track.intersect import intersect
from hinomi.track.modes import make_model, transition

few = settings(derandomize=True, max_examples=60, deadline=None)
sizes = st.tuples(st.integers(1, 7), st.integers(1, 7))


@few
@given(sizes.flatmap(lambda s: arrays(np.float64, s, elements=st.floats(-50, 50, width=32))))
def test_assignment_costs_what_scipy_finds(cost):
    n, m = cost.shape
    match = np.empty(n, np.int64)
    assign(cost, n, m, match)
    rows, columns = linear_sum_assignment(cost)
    used = match >= 0
    assert used.sum() == min(n, m)
    assert len(set(match[used])) == used.sum()
    assert abs(cost[used, match[used]].sum() - cost[rows, columns].sum()) < 1e-6


@few
@given(
    sizes.flatmap(lambda s: arrays(np.float64, s, elements=st.floats(-50, 50, width=32))),
    st.integers(0, 2**31),
)
def test_forbidden_pairs_are_never_made(cost, seed):
    n, m = cost.shape
    cost = np.where(np.random.default_rng(seed).random((n, m)) < 0.6, FORBIDDEN, cost)
    match = np.empty(n, np.int64)
    assign(cost, n, m, match)
    rows, columns = linear_sum_assignment(cost)
    allowed = cost[rows, columns] < FORBIDDEN
    used = match >= 0
    assert (cost[used, match[used]] < FORBIDDEN).all()
    assert used.sum() == allowed.sum(), "as many pairs as possible"
    assert abs(cost[used, match[used]].sum() - cost[rows, columns][allowed].sum()) < 1e-5


@few
@given(st.floats(0, 1), st.floats(0.1, 200), st.floats(0.1, 200))
def test_changes_of_mode_are_probabilities_and_compose(share, first, second):
    model, n = make_model(MODES), len(MODES)
    a, b, c = (np.empty((n, n)) for _ in range(3))
    work = np.empty((2, n, n))
    for dt, out in ((first, a), (second, b), (first + second, c)):
        transition(model, share, dt, out, work)
    for p in (a, b, c):
        assert np.allclose(p.sum(axis=1), 1.0, atol=1e-12)
        assert p.min() >= 0.0
    assert np.allclose(a @ b, c, atol=1e-7)


@few
@given(st.integers(0, 2**31), st.floats(-3, 3))
def test_intersection_is_bounded_by_both_sides(seed, size):
    """Never smaller than the fusion of independent estimates nor worse than the better one."""
    rng = np.random.default_rng(seed)
    p = []
    for scale in (1.0, 10.0**size):
        a = rng.normal(size=(6, 6))
        p.append(scale * (a @ a.T + 0.1 * np.eye(6)))
    x, fused = np.empty(6), np.empty((6, 6))
    intersect(np.zeros(6), p[0], np.ones(6), p[1], x, fused)
    naive = np.linalg.inv(np.linalg.inv(p[0]) + np.linalg.inv(p[1]))
    assert np.linalg.eigvalsh(fused - naive).min() > -1e-9 * np.trace(fused)
    assert np.trace(fused) <= min(np.trace(p[0]), np.trace(p[1])) * (1 + 1e-12)

"""Indices against an independent library and closed forms; their intervals against known chance."""

import numpy as np
import pytest
from SALib.analyze import morris as salib_morris
from SALib.analyze import sobol as salib_sobol

from hinomi.sweep.axis import Axis
from hinomi.sweep.design import design_of
from hinomi.sweep.indices import MU, MU_STAR, SIGMA, TOTAL, morris, sobol

AXES = [Axis(key=k, low=0.0, high=1.5) for k in "abc"]
PROBLEM = {"num_vars": 3, "names": list("abc"), "bounds": [[0.0, 1.0]] * 3}


def shape(x):
    return np.exp(x[:, 0]) + 3.0 * x[:, 1] * x[:, 2]


def test_sobol_indices_are_those_of_salib():
    design = design_of("sobol", AXES, points=5 * 128, seed=5)
    y = shape(design.shares)
    found = sobol(y[:, None], design.size, 3)
    told = salib_sobol.analyze(PROBLEM, y, calc_second_order=False, seed=1)
    np.testing.assert_allclose(found["S1"].value, told["S1"], rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(found["ST"].value, told["ST"], rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(  # bootstraps of two kinds: half lengths within a quarter
        (found["ST"].high - found["ST"].low) / 2, told["ST_conf"], rtol=0.25
    )


def test_morris_effects_are_those_of_salib():
    design = design_of("morris", AXES, points=4 * 25, seed=5)
    y = shape(design.shares)
    found = morris(y[:, None], design.shares, design.size, 3)
    told = salib_morris.analyze(PROBLEM, design.shares, y, num_levels=4, seed=1)
    for name in (MU, MU_STAR, SIGMA):
        np.testing.assert_allclose(
            found[name].value, np.array(told[name], float), rtol=1e-9, atol=1e-12, err_msg=name
        )


def test_a_sum_of_keys_has_shares_of_variance_in_closed_form():
    """y = 1 a + 2 b, uniform: variances 1 : 4 : 0, no interaction."""
    design = design_of("sobol", AXES, points=5 * 512, seed=2)
    y = design.shares @ [1.0, 2.0, 0.0]
    found = sobol(y[:, None], design.size, 3)
    np.testing.assert_allclose(found["S1"].value, [0.2, 0.8, 0.0], atol=0.01)
    np.testing.assert_allclose(found["ST"].value, [0.2, 0.8, 0.0], atol=0.01)


def test_intervals_widen_with_the_chance_between_raids():
    """Few raids that disagree about one key: the interval of that key must show it."""
    design = design_of("sobol", AXES, points=5 * 32, seed=2)
    slope = np.array([0.2, 1.8, 0.4, 1.6])  # of key b, raid by raid
    same = design.shares[:, :1] + design.shares[:, 1:2] * np.full(4, 1.0)
    other = design.shares[:, :1] + design.shares[:, 1:2] * slope
    calm, wild = (sobol(y, design.size, 3)[TOTAL] for y in (same, other))
    # over distinct raids the square of the mean slope is 5/6, not 1: variances 1 : 5/6
    np.testing.assert_allclose(wild.value, [6 / 11, 5 / 11, 0.0], atol=0.1)
    np.testing.assert_allclose(calm.value, [0.5, 0.5, 0.0], atol=0.1)
    assert wild.high[1] - wild.low[1] > 1.5 * (calm.high[1] - calm.low[1])


@pytest.mark.parametrize("value", [0.0, 21.0, 1e9])
def test_an_outcome_that_nothing_moves_has_no_indices(value):
    design = design_of("sobol", AXES, points=40, seed=2)
    found = sobol(np.full((len(design.shares), 2), value), design.size, 3)
    assert np.isnan(found["S1"].value).all()
    assert np.isnan(found["ST"].low).all()


@pytest.mark.parametrize(("raids", "sigma"), [(2, 0.3), (10, 0.5), (10, 1.0)])
def test_chance_that_differs_between_settings_lifts_no_share(raids, sigma):
    """y = 1 a + 2 b + noise: shares of the expectation stay 0.2, 0.8, 0, and the interval holds 0."""
    found, held = [], 0
    for seed in range(12):
        design = design_of("sobol", AXES, points=5 * 32, seed=seed)
        noise = np.random.default_rng(seed).normal(0.0, sigma, (len(design.shares), raids))
        told = sobol((design.shares @ [1.0, 2.0, 0.0])[:, None] + noise, design.size, 3)[TOTAL]
        found.append(told.value)
        held += bool(told.low[2] <= 0.0 <= told.high[2])
    np.testing.assert_allclose(np.mean(found, axis=0), [0.2, 0.8, 0.0], atol=0.09)
    assert held >= 10


def test_chance_alone_has_no_index_or_no_interval_that_leaves_0_out():
    design = design_of("sobol", AXES, points=5 * 16, seed=3)
    noise = np.random.default_rng(3).normal(0.0, 1.0, (len(design.shares), 5))
    told = sobol(noise, design.size, 3)[TOTAL]
    assert not (told.low > 0.0).any()


def test_effects_that_are_rounding_are_zero():
    """Three effects of +-1e-16 beside effects of 0 and 1: neither value nor interval shows them."""
    design = design_of("morris", AXES, points=4 * 20, seed=5)
    y = (
        np.floor(2.0 * design.shares[:, 0])
        + 0.1 * 3 * design.shares[:, 1]
        - 0.3 * design.shares[:, 1]
    )
    assert 0.0 < np.ptp(y - np.floor(2.0 * design.shares[:, 0])) < 1e-14
    found = morris(y[:, None], design.shares, design.size, 3)
    for index in found.values():
        for part in (index.value, index.low, index.high):
            assert (part[1:] == 0.0).all()
    assert found[MU_STAR].value[0] > 0.1


def test_outcomes_that_differ_by_rounding_have_no_effects():
    design = design_of("morris", AXES, points=4 * 20, seed=5)
    y = 21.0 + np.spacing(21.0) * (design.shares[:, 0] > 0.5)
    assert len(np.unique(y)) == 2
    assert not np.any([i.high for i in morris(y[:, None], design.shares, design.size, 3).values()])


@pytest.mark.parametrize("seed", range(6))
def test_there_is_no_index_without_interval(seed):
    """Few rows and raids that disagree: a number stands with both ends or not at all."""
    design = design_of("sobol", AXES, points=5 * 4, seed=seed)
    noise = np.random.default_rng(seed).normal(0.0, 1.0, (len(design.shares), 3))
    for index in sobol(noise, design.size, 3).values():
        np.testing.assert_array_equal(np.isnan(index.value), np.isnan(index.low))
        np.testing.assert_array_equal(np.isnan(index.value), np.isnan(index.high))

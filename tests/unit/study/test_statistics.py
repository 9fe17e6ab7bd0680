"""Intervals against published values, closed forms, and their promise of coverage."""

import math

import numpy as np
import pytest
from scipy import stats

from hinomi.study import statistics
from hinomi.study.statistics import (
    median_interval,
    order_of_bound,
    paired_difference,
    share_interval,
    sign_flip_p,
    t_interval,
    variance_ratio,
    wilson_interval,
)


def test_wilson_known_value():
    """3 of 100: 0.0103 to 0.0845 (Wilson score interval, a standard textbook case)."""
    found = wilson_interval(3, 100)
    assert (found.low, found.high) == pytest.approx((0.0103, 0.0845), abs=5e-5)


@pytest.mark.parametrize(("k", "n"), [(0, 10), (10, 10), (7, 20), (1, 3)])
def test_wilson_agrees_with_scipy(k, n):
    theirs = stats.binomtest(k, n).proportion_ci(method="wilson")
    found = wilson_interval(k, n)
    assert (found.low, found.high) == pytest.approx((theirs.low, theirs.high), abs=1e-12)
    assert 0 <= found.low <= found.value <= found.high <= 1


def test_t_interval_agrees_with_scipy():
    x = np.array([3.1, 4.7, 5.0, 2.2, 9.4, np.nan])
    defined = x[:5]
    low, high = stats.t.interval(0.95, 4, loc=defined.mean(), scale=stats.sem(defined))
    found = t_interval(x)
    assert (found.value, found.low, found.high) == pytest.approx(
        (defined.mean(), low, high), rel=1e-12
    )
    assert found.n == 5


def test_one_value_or_none_has_no_interval():
    one, none = t_interval(np.array([2.0])), t_interval(np.array([np.nan]))
    assert one.value == 2
    assert math.isnan(one.low)
    assert math.isnan(none.value)
    assert none.n == 0


def test_shares_stay_shares():
    """Zeros and ones are a proportion; other shares have a mean, cut to 0..1."""
    assert share_interval(np.array([0.0, 1.0, 0.0, np.nan])).method == "Wilson"
    assert share_interval(np.array([0.0, 1.0, 0.0, np.nan])).n == 3
    found = share_interval(np.array([0.0, 0.9, 0.01, 0.02]))
    assert found.low == 0.0
    assert found.value == pytest.approx(0.2325)


@pytest.mark.parametrize(("n", "d"), [(5, 0), (6, 1), (9, 2), (20, 6), (100, 40)])
def test_order_of_the_bounds(n, d):
    """Ranks of the 95 % interval of a median as tabulated (sign test, two-sided 5 %)."""
    assert order_of_bound(n) == d


def test_median_interval_covers():
    """95 % is promised, whatever the distribution; exact coverage at n = 25 is 95.7 %."""
    x = np.random.Generator(np.random.Philox(7)).standard_exponential((4000, 25))
    found = [median_interval(row) for row in x]
    share = np.mean([f.low <= math.log(2) <= f.high for f in found])
    assert share == pytest.approx(0.957, abs=0.012)


def test_never_is_a_value_of_a_median():
    x = np.array([1.0, 2, 3, 4, 5, 6, 7, np.inf, np.inf])
    found = median_interval(x)
    assert (found.value, found.low, found.high) == (5.0, 2.0, np.inf)
    assert median_interval(np.array([np.inf] * 7)).value == np.inf
    assert median_interval(np.array([1.0, np.inf])).value == np.inf
    assert median_interval(np.array([-np.inf, 1.0, 2.0])).value == 1.0


def test_paired_difference_of_what_never_came():
    a = np.array([np.inf, np.inf, 1.0, 3.0, np.nan, -np.inf])
    b = np.array([np.inf, 1.0, np.inf, 1.0, 1.0, -np.inf])
    assert paired_difference(a, b) == pytest.approx([0, np.inf, -np.inf, 2, np.nan, 0], nan_ok=True)


def test_sign_flip_p_counted_by_hand():
    """Three differences of one sign: 2 of 8 flips are as far out; both ways alike."""
    x = np.array([[1.0, -1.0, 1.0], [2.0, -2.0, -1.0], [3.0, -3.0, 0.0]])
    assert sign_flip_p(x) == pytest.approx([0.25, 0.25, 1.0])


def test_sign_flip_p_agrees_with_scipy():
    d = np.random.Generator(np.random.Philox(3)).normal(0.3, 1.0, 40)
    ours = sign_flip_p(d[:, None])[0]
    theirs = stats.ttest_1samp(d, 0.0).pvalue  # nearly the same test for normal differences
    assert ours == pytest.approx(theirs, abs=0.02)
    assert sign_flip_p(d[:, None])[0] == ours


def test_sign_flip_p_with_infinities_uses_ranks():
    """One infinite difference weighs as the largest rank, not as everything."""
    column = np.array([np.inf, -1.0, -2.0, -3.0, -4.0, 5.0, -6.0, -7.0])
    finite = np.array([8.0, -1.0, -2.0, -3.0, -4.0, 5.0, -6.0, -7.0])  # its signed ranks
    assert sign_flip_p(column[:, None]) == pytest.approx(sign_flip_p(finite[:, None]))
    assert sign_flip_p(column[:, None])[0] == pytest.approx(
        stats.wilcoxon(finite, method="exact").pvalue, abs=1e-12
    )


@pytest.mark.parametrize("shift", [0.0, 0.02, 0.05, 0.09])
def test_the_normal_limit_of_flips_agrees_with_flips(shift):
    """Of 1,500 skewed differences: the limit is within the error of 9,999 flips."""
    x = np.random.Generator(np.random.Philox(3)).exponential(size=1500) - 1.0 + shift
    flips = float(statistics._flipped(x[:, None])[0])
    assert statistics._many(x) == pytest.approx(flips, abs=4 * math.sqrt(0.25 / 9999))


def test_very_many_replicates_that_hardly_differ_are_still_flipped():
    """Six differences among 6,000, all of one sign: 2 of 2^6 flips are as extreme."""
    few = np.zeros((6000, 2))
    few[:6, 0] = 1.0
    assert sign_flip_p(few) == pytest.approx([2 / 64, 1.0])


def test_common_numbers_show_in_the_variance_ratio():
    rng = np.random.Generator(np.random.Philox(1))
    common, a, b = rng.normal(size=(3, 2000))
    assert variance_ratio(common + 0.1 * a, common + 0.1 * b) == pytest.approx(0.01, abs=0.003)
    assert variance_ratio(a, b) == pytest.approx(1.0, abs=0.1)
    assert math.isnan(variance_ratio(np.ones(3), np.ones(3)))

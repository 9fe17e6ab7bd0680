"""Intervals against published values, closed forms, and their promise of coverage."""

import math

import numpy as np
import pytest
from scipy import stats

from hinomi.study import statistics
from hinomi.study.statistics import (
    SAME,
    SKEWED,
    median_interval,
    order_of_bound,
    paired_difference,
    share_interval,
    sign_flip_p,
    skew_interval,
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
    """Shares of people are no trials of yes or no: a mean with its interval, cut to 0..1."""
    ones = share_interval(np.array([0.0, 1.0, 0.0, np.nan]))
    assert (ones.method, ones.n, ones.low, ones.high) == (f"{SKEWED}, cut to 0..1", 3, 0.0, 1.0)
    found = share_interval(np.array([0.0, 0.9, 0.01, 0.02]))
    assert found.low == 0.0
    assert found.value == pytest.approx(0.2325)


def test_the_better_result_has_no_wider_interval():
    """Twenty raids at 1 have none; nineteen and one at 0.99 have 0.9995 (0.9970 to 1)."""
    near = share_interval(np.r_[np.ones(19), 0.99])
    # Standard error 0.01 / 20; skewness -18 / sqrt(19), over sqrt(20) -0.92, held at -0.95 / 2.0930 =
    # -0.4539. Hall's transformation of t: 3 (cbrt(1 - 0.4539 (2.0930 + 0.0757)) - 1) / -0.4539.
    assert (near.value, near.high) == (pytest.approx(0.9995), 1.0)
    assert near.low == pytest.approx(0.9995 - 4.9558 * 0.0005, abs=1e-6)
    assert share_interval(np.ones(20)).method == SAME


def held(interval, n, chance, low):
    """Exact share of samples of n raids, each `low` with this chance and 1 otherwise, that hold the mean."""
    k = np.arange(n + 1)
    mean = 1.0 - chance * (1.0 - low)
    found = [interval(np.r_[np.full(i, low), np.ones(n - i)]) for i in k]
    inside = [f.low <= mean <= f.high for f in found]
    return float(stats.binom.pmf(k, n, chance) @ inside)


@pytest.mark.parametrize("n", [50, 100, 200])
def test_a_share_carried_by_few_raids_keeps_its_95_percent(n):
    """One raid in ten at 0.7, the others at 1: t intervals fall short, the corrected one does not."""
    assert held(skew_interval, n, 0.1, 0.7) > 0.95
    assert held(t_interval, n, 0.1, 0.7) < 0.935


def test_symmetric_values_need_no_correction():
    x = np.array([1.0, 2.0, 3.0, 4.0, 5.0])
    assert skew_interval(x) == t_interval(x)
    mirrored = (
        skew_interval(np.array([0.0, 0.0, 1.0, 5.0])),
        skew_interval(-np.array([0.0, 0.0, 1.0, 5.0])),
    )
    assert (mirrored[0].low, mirrored[0].high) == pytest.approx(
        (-mirrored[1].high, -mirrored[1].low)
    )


@pytest.mark.parametrize("of", [t_interval, skew_interval, share_interval, median_interval])
@pytest.mark.parametrize("value", [0.0, 1.0])
@pytest.mark.parametrize("n", [2, 4, 24])
def test_values_that_all_agree_have_no_interval(of, value, n):
    """They are carried as low = high, under a name of their own."""
    found = of(np.r_[np.full(n, value), np.nan])
    assert (found.value, found.low, found.high) == (value, value, value)
    assert (found.method, found.n) == (SAME, n)


def test_one_raid_that_differs_gives_an_interval_back():
    found = t_interval(np.r_[np.zeros(23), 1.0])
    assert found.method == "t"
    assert found.low < found.value < found.high


def test_one_value_alone_is_not_called_the_same():
    assert t_interval(np.array([2.0])).method == "none"
    assert median_interval(np.array([2.0])).method == "none"


def test_what_never_comes_in_any_raid_is_an_infinite_median_and_not_the_same():
    found = median_interval(np.full(10, np.inf))
    assert (found.value, found.low) == (math.inf, math.inf)
    assert found.method == "order statistics"


def test_equal_but_for_the_rounding_of_sums_is_the_same():
    assert t_interval(np.array([0.3, 0.1 + 0.2, 0.3])).method == SAME


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

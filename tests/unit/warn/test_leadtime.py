"""People-weighted lead times."""

import math

import numpy as np
import pytest

from hinomi.warn.leadtime import share_never, share_with, weighted_median, weighted_quantile


def test_weights_are_people():
    """900 people with 30 s outweigh 100 with 300 s."""
    lead, people = np.array([300.0, 30.0]), np.array([100.0, 900.0])
    assert weighted_median(lead, people) == 30.0
    assert weighted_quantile(lead, people, 0.95) == 300.0


def test_equal_weights_agree_with_an_order_statistic():
    lead = np.array([5.0, 1.0, 4.0, 2.0, 3.0])
    assert weighted_median(lead, np.ones(5)) == 3.0
    assert weighted_quantile(lead, np.ones(5), 0.0) == 1.0
    assert weighted_quantile(lead, np.ones(5), 1.0) == 5.0


def test_never_warned_is_minus_infinity_not_left_out():
    lead, people = np.array([-np.inf, 100.0]), np.array([60.0, 40.0])
    assert weighted_median(lead, people) == -math.inf
    assert share_never(lead, people) == pytest.approx(0.6)
    assert share_with(lead, people, 60.0) == pytest.approx(0.4)


def test_too_late_is_kept_apart_from_never():
    lead, people = np.array([-20.0, -np.inf, 80.0]), np.ones(3)
    assert weighted_median(lead, people) == -20.0
    assert share_never(lead, people) == pytest.approx(1 / 3)


def test_nobody_is_no_number():
    assert math.isnan(weighted_median(np.zeros(0), np.zeros(0)))
    assert math.isnan(share_with(np.zeros(2), np.zeros(2), 60.0))


def test_places_without_people_do_not_count():
    assert weighted_median(np.array([-np.inf, 50.0]), np.array([0.0, 10.0])) == 50.0


@pytest.mark.parametrize("share", [-0.1, 1.1])
def test_shares_outside_are_refused(share):
    with pytest.raises(ValueError, match="quantile"):
        weighted_quantile(np.zeros(1), np.ones(1), share)


def test_a_lead_that_is_no_number_is_refused():
    with pytest.raises(ValueError, match="minus infinity"):
        weighted_median(np.array([np.nan]), np.ones(1))

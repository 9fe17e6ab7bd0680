"""Consistency in words."""

import math

import pytest

from hinomi.score.verdict import optimism, verdict


@pytest.mark.parametrize(
    ("nees", "runs", "said"),
    [
        (6.0, 50, "consistent"),
        (6.9, 50, "consistent"),  # inside [5.08, 7.00], though 1.07 times larger
        (7.2, 50, "consistent"),  # outside, but within a tenth of the claim
        (7.4, 50, "optimistic by a factor 1.1"),
        (6.0 * 2.3**2, 50, "optimistic by a factor 2.3"),
        (6.0 * 40**2, 50, "optimistic by a factor 40"),
        (6.0 / 1.5**2, 50, "pessimistic by a factor 1.5"),
        (9.0, 10, "optimistic by a factor 1.2"),  # bounds of ten runs end at 8.33
        (8.2, 10, "consistent"),
        (60.0, 9, "too few tracks to tell (9)"),
        (math.nan, 50, "too few tracks to tell (50)"),
    ],
)
def test_words(nees, runs, said):
    assert verdict(nees, size=6, runs=runs) == said


def test_errors_twice_as_large_as_claimed_have_a_factor_of_two():
    assert optimism(24.0, size=6) == pytest.approx(2.0)
    assert math.isnan(optimism(math.nan, size=6))

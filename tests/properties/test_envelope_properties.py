"""The outer envelope holds every end that keeps to its limits."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hinomi.study.seeds import AddressedDraws
from hinomi.warn.envelope import envelope_of, hull, swept, within
from hinomi.warn.sampled import sample_ends, unknowns

SMALL = settings(max_examples=4, deadline=None, derandomize=True)


def _held(world, mean, mode, sigma_m, sigma_mps, classes, seed):
    """Share of 300 random ends, every normal clipped at three deviations, inside the envelope."""
    tracks = world.tracks(mean, mode, sigma_m=sigma_m, sigma_mps=sigma_mps)
    numbers = unknowns(AddressedDraws(seed, 0), "limits", 300)
    numbers[:, :8] = np.clip(numbers[:, :8], -3.0, 3.0)
    ends = sample_ends(tracks, row=0, classes=classes, numbers=numbers)
    ends = ends[np.isfinite(ends[:, 0])]
    assert len(ends) > 200
    return within(envelope_of(tracks, row=0, classes=classes), ends[:, 0], ends[:, 1]).mean()


@SMALL
@given(st.floats(2200.0, 4000.0), st.floats(-2.0, 1.0), st.floats(0.0, 360.0), st.integers(0, 99))
def test_no_glide_within_the_limits_ends_outside(world, speed, climb, bearing, seed):
    s = world.state(30.0, 127.0, 45e3, speed, climb, bearing)
    assert _held(world, s, (0, 0, 1, 0), 2000.0, 30.0, [world.glider], seed) == 1.0


@SMALL
@given(st.floats(1500.0, 4000.0), st.floats(0.0, 50.0), st.floats(0.0, 360.0), st.integers(0, 99))
def test_no_fall_within_the_limits_ends_outside(world, speed, climb, bearing, seed):
    s = world.state(30.0, 127.0, 180e3, speed, climb, bearing)
    assert _held(world, s, (0, 1, 0, 0), 3000.0, 60.0, [world.ballistic], seed) == 1.0


@settings(max_examples=2, deadline=None, derandomize=True)
@given(st.floats(800.0, 1800.0), st.floats(25.0, 60.0), st.integers(0, 99))
def test_no_burn_within_the_limits_ends_outside(world, speed, climb, seed):
    s = world.state(35.0, 127.0, 40e3, speed, climb, 170.0, push=40.0)
    classes = [world.ballistic, world.glider]
    assert _held(world, s, (1, 0, 0, 0), 500.0, 20.0, classes, seed) == 1.0


def test_a_straight_fall_a_hundred_kilometres_aside_is_outside(world):
    s = world.state(30.0, 127.0, 180e3, 2500.0, 20.0, 180.0)
    tracks = world.tracks(s, sigma_m=500.0, sigma_mps=5.0)
    envelope = envelope_of(tracks, row=0, classes=[world.ballistic])
    lat = np.full(2, envelope.ring_deg[:, 0].mean())
    lon = envelope.ring_deg[:, 1].mean() + np.array([0.0, 1.1])
    assert within(envelope, lat, lon).tolist() == [True, False]


@settings(max_examples=30, deadline=None, derandomize=True)
@given(st.lists(st.tuples(st.integers(-9, 9), st.integers(-9, 9)), min_size=3, max_size=30))
def test_a_hull_turns_left_at_every_corner_and_holds_all_points(points):
    p = np.array(points, float)
    ring = hull(p)
    if len(ring) < 3:
        return
    side = np.roll(ring, -1, axis=0) - ring
    for q in p:
        gap = q - ring
        assert np.all(side[:, 0] * gap[:, 1] - side[:, 1] * gap[:, 0] >= -1e-9)


def test_a_square_swept_by_a_square_is_their_sum():
    square = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])
    ring = swept(square, 2.0 * square)
    assert ring.max(axis=0) == pytest.approx([3.0, 3.0])
    assert len(ring) == 4

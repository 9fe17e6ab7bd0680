"""Forecasts of one picture."""

import dataclasses
import math

import numpy as np
import pytest

from hinomi.earth.geodesic import sphere_inverse
from hinomi.errors import ScenarioError
from hinomi.flight.body import pack
from hinomi.flight.endpoint import coast_end
from hinomi.flight.path import release
from hinomi.records.tracks import WARNING_GRADE
from hinomi.warn.points import NORMALS, PLAIN, POINTS, TRACK_EVERY, TRACKED, points
from hinomi.warn.predict import predict, samples_of


@pytest.fixture(scope="module")
def units(world):
    return world.units()


def _predict(world, tracks, units, classes=None):
    return predict(tracks, units=units, policy=world.policy, classes=classes or [world.ballistic])


def test_points_are_even_and_uncorrelated():
    """Every uniform coordinate has one point per 1/251; normals have mean 0 and unit covariance."""
    u = points()
    ranks = np.sort(u[:, NORMALS:PLAIN], axis=0) * POINTS - 0.5
    assert ranks == pytest.approx(np.tile(np.arange(POINTS)[:, None], (1, 20 - NORMALS)))
    z = u[:, :NORMALS]
    assert z.mean(axis=0) == pytest.approx(np.zeros(NORMALS), abs=1e-12)
    assert z.T @ z / POINTS == pytest.approx(np.eye(NORMALS), abs=1e-12)
    few = u[::TRACK_EVERY, PLAIN:]
    assert few.mean(axis=0) == pytest.approx(np.zeros(6), abs=1e-12)
    assert few.T @ few / TRACKED == pytest.approx(np.eye(6), abs=1e-12)


def test_without_error_a_coasting_body_hits_one_cell(world, units):
    """Zero covariance: every sample ends where the full flight ends; P is 1 there, else 0."""
    s = world.state(30.7, 127.0, 250e3, 2000.0, 0.0, 174.0)
    ok, lat, lon, t = coast_end(*s[:6], world.ballistic.beta_kg_m2, True)
    assert ok
    tracks = world.tracks(s)
    f = _predict(world, tracks, units)
    assert f.end_lat_deg[0] == pytest.approx(math.degrees(lat), abs=1e-9)
    assert f.end_lon_deg[0] == pytest.approx(math.degrees(lon), abs=1e-9)
    assert f.end_t_s[0] == pytest.approx(t, abs=1e-6)
    assert f.spread_km[0] < 1e-3
    inside = 26 <= math.degrees(lat) < 27 and 127 <= math.degrees(lon) < 128.5
    assert inside  # the case is chosen so
    assert f.p_hit[0].tolist() == [1.0, 0.0]
    assert f.p_over[0].tolist() == [1.0, 0.0]


def test_a_body_that_flies_over_does_not_hit(world, units):
    """Southward over the islands to an end 200 km beyond them."""
    s = world.state(33.0, 127.7, 250e3, 3000.0, 10.0, 180.0)
    f = _predict(world, world.tracks(s, sigma_mps=5.0), units)
    assert f.end_lat_deg[0] < 25.0
    assert f.p_hit[0, 0] == 0.0
    assert f.p_over[0].tolist() == [1.0, 0.0]


def test_impact_sensitivity_of_a_thousand_kilometre_arc(world, units):
    """0.72 km per m/s of speed at burn-out of the 1,000 km minimum-energy arc (closed form)."""
    s = world.state(0.0, 130.0, 1000.0, 3016.1, 42.75, 0.0)
    f = _predict(world, world.tracks(s, sigma_mps=20.0), units)
    # The angle error does not count at minimum energy, so north is 0.717 km per m/s times 20 m/s.
    assert math.sqrt(f.end_cov_km2[0, 1]) == pytest.approx(0.717 * 20.0, rel=0.05)


def test_a_cut_off_anywhere_in_the_burn_left(world, units):
    """A burning body may fall short: ends begin at the point of an immediate cut-off."""
    s = world.state(39.0, 125.7, 60e3, 2000.0, 45.0, 170.0, push=55.0)
    tracks = world.tracks(s, (1, 0, 0, 0))
    ends = samples_of(tracks, row=0, classes=[world.ballistic])
    _, lat, lon, _ = coast_end(*s[:6], 8000.0, True)
    start = math.radians(39.0), math.radians(125.7)
    now = sphere_inverse(*start, lat, lon)[0]
    far = np.array([sphere_inverse(*start, *np.radians(e))[0] for e in ends])
    assert far.min() == pytest.approx(now, rel=0.03)
    assert far.max() > 1.5 * now


def test_gliders_need_a_glider_class(world, units):
    """A low flat state: without a glider class it is a falling body, else it goes farther."""
    s = world.state(36.0, 126.5, 40e3, 2700.0, -1.0, 165.0)
    tracks = world.tracks(s, (0, 0, 1, 0))
    fall = _predict(world, tracks, units)
    glide = _predict(world, tracks, units, [world.glider])
    start = math.radians(36.0), math.radians(126.5)

    def far(f):
        return sphere_inverse(
            *start, math.radians(f.end_lat_deg[0]), math.radians(f.end_lon_deg[0])
        )[0]

    assert far(glide) > 1.2 * far(fall)
    assert glide.spread_km[0] > 50.0


def test_a_straight_full_lift_glide_is_among_the_samples(world, units):
    """The end of an unbanked glide at the class's L/D, by the flight itself, lies close to a sample."""
    s = world.state(36.0, 126.5, 40e3, 2700.0, -1.0, 165.0)
    g = world.glider
    flown = release(pack(g), r_m=s[:3], v_mps=s[3:6], gliding=True)
    lat, lon = flown.end_lat_rad, flown.end_lon_rad
    ends = samples_of(world.tracks(s, (0, 0, 1, 0)), row=0, classes=[g])
    near = [sphere_inverse(lat, lon, *np.radians(e))[0] for e in ends]
    assert min(near) < 15e3


def test_samples_are_those_of_the_forecast(world, units):
    s = world.state(36.0, 126.5, 80e3, 2600.0, 5.0, 170.0)
    tracks = world.tracks(s, (0.1, 0.5, 0.3, 0.1), sigma_m=3e3, sigma_mps=100.0)
    classes = [world.ballistic, world.glider]
    f, ends = _predict(world, tracks, units, classes), samples_of(tracks, row=0, classes=classes)
    assert ends.shape == (POINTS, 2)
    assert f.end_lat_deg[0] == pytest.approx(ends[:, 0].mean())
    assert f.end_lon_deg[0] == pytest.approx(ends[:, 1].mean())
    assert f.samples == POINTS


def test_a_wider_buffer_never_lowers_a_probability(world):
    s = world.state(30.7, 127.0, 250e3, 2000.0, 0.0, 174.0)
    tracks = world.tracks(s, sigma_m=2e3, sigma_mps=60.0)
    got = [_predict(world, tracks, world.units(b)) for b in (0.0, 0.2, 0.5)]
    hit = np.array([f.p_hit[0] for f in got])
    over = np.array([f.p_over[0] for f in got])
    assert np.all(np.diff(hit, axis=0) >= 0.0)
    assert np.all(np.diff(over, axis=0) >= 0.0)
    assert hit[2, 0] > hit[0, 0] > 0.05


def test_records_carry_times_and_grades_of_the_rows(world, units):
    s = world.state(30.7, 127.0, 250e3, 2000.0, 0.0, 174.0)
    t = (0.0, 10.0, 20.0, 30.0)
    tracks = world.tracks(
        s, t=t, available=tuple(x + 3.0 for x in t), grade=np.array([0, 1, 2, 1]), sigma_mps=50.0
    )
    f = _predict(world, tracks, units)
    assert f.t_available_s[0] == 13.0
    assert f.t_s[0] == 10.0
    assert f.grade[0] == WARNING_GRADE
    assert np.all(f.end_t_low_s < f.end_t_s)
    assert np.all(f.end_t_s < f.end_t_high_s)
    assert np.all(np.diff(f.t_available_s) >= 0.0)


def test_what_never_comes_down_is_left_out(world, units):
    s = world.state(0.0, 130.0, 500e3, 7600.0, 0.0, 90.0)
    assert _predict(world, world.tracks(s), units).track.size == 0


def test_no_classes_is_a_mistake(world, units):
    with pytest.raises(ScenarioError, match="at least one"):
        predict(world.tracks(np.zeros(9)), units=units, policy=world.policy, classes=[])


def test_a_glider_without_lift_is_a_mistake(world, units):
    flat = dataclasses.replace(world.glider, lift_to_drag=0.0)
    with pytest.raises(ScenarioError, match="above 0"):
        _predict(world, world.tracks(np.zeros(9)), units, [flat])

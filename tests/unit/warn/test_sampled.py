"""The full predictor: random samples, the whole physics, shares by municipality and by unit."""

import math

import numpy as np
import pytest

from hinomi.earth.geodesic import sphere_inverse
from hinomi.earth.places import places_within
from hinomi.earth.wgs84 import local_axes
from hinomi.flight.body import pack
from hinomi.flight.path import launch, release
from hinomi.records.alerts import ALERT_MESSAGE
from hinomi.records.flights import BOOST
from hinomi.scenario.places import alert_units, load_places
from hinomi.study.seeds import AddressedDraws
from hinomi.warn.issue import issue
from hinomi.warn.municipal import share_interval
from hinomi.warn.points import points
from hinomi.warn.predict import samples_of
from hinomi.warn.sampled import UNKNOWNS, forecast_fully, sample_ends, unknowns

DRAWS = AddressedDraws(4, 0)


@pytest.fixture(scope="module")
def japan():
    places = load_places()
    return places, alert_units(places, "prefecture", buffer_m=5000.0, kernel_m=10_000.0)


def _one(world, tracks, japan, classes=None, draws=DRAWS, samples=200):
    places, units = japan
    return forecast_fully(
        tracks, units=units, places=places, policy=world.policy,
        classes=classes or [world.ballistic], draws=draws, samples=samples,
    )  # fmt: skip


def _metres(a, b):
    return sphere_inverse(*np.radians([*a, *b]))[0]


def _named(japan, lat, lon):
    """Municipalities and prefectures within 5 km of a point."""
    places, units = japan
    near = places_within(places.mesh, lat, lon, 5000.0)
    return near, {int(u) for u in units.unit_of_place[near]}


def test_without_error_every_sample_is_the_flight_itself(world, japan):
    """Zero covariance: k = K for exactly the municipalities within 5 km of the end, k = 0 elsewhere."""
    s = world.state(30.7, 127.33, 250e3, 2000.0, 0.0, 174.0)
    flown = release(pack(world.ballistic), r_m=s[:3], v_mps=s[3:6])
    end = math.degrees(flown.end_lat_rad), math.degrees(flown.end_lon_rad)
    f, chances = _one(world, world.tracks(s), japan)
    assert _metres(end, (f.end_lat_deg[0], f.end_lon_deg[0])) < 100.0
    assert f.end_t_s[0] == pytest.approx(flown.end_t_s, abs=0.1)
    near, units = _named(japan, *end)
    assert len(near)
    assert set(np.flatnonzero(chances.hits[0])) == set(near)
    assert set(chances.hits[0][near]) == {200}
    assert set(np.flatnonzero(f.p_hit[0])) == units
    assert set(chances.overs[0][near]) == {200}


def test_a_burn_is_flown_on_like_the_launch_it_is_part_of(world):
    """From a state in the middle of a real burn to its end: within 6 % of the way (the burn's time is told from the
    speed, good to some 4 s)."""
    path = launch(pack(world.ballistic), lat_rad=0.68, lon_rad=2.2, azimuth_rad=3.0, kick_rad=0.1)
    k = int(np.flatnonzero(path.t_s >= 60.0)[0])
    assert path.phase[k] == BOOST
    r, v = path.r_m[k], path.v_mps[k]
    push = (path.v_mps[k + 1] - path.v_mps[k - 1]) / 2.0
    up = np.array(local_axes(0.68, 2.2))[6:]
    mean = np.r_[r, v, (push + 9.8 * up) @ v / np.linalg.norm(v), 0.0, 0.0]
    tracks = world.tracks(mean, (1, 0, 0, 0))
    middle = np.full((1, UNKNOWNS), 0.5)
    middle[0, :8] = 0.0
    middle[0, 10] = 1.0 - 1e-9  # burns out
    end = sample_ends(tracks, row=0, classes=[world.ballistic], numbers=middle)[0]
    truth = math.degrees(path.end_lat_rad), math.degrees(path.end_lon_rad)
    whole = _metres(np.degrees([0.68, 2.2]), truth)
    assert _metres(end[:2], truth) < 0.06 * whole


@pytest.mark.parametrize(
    ("mode", "climb", "height", "limit_km"),
    [((0, 1, 0, 0), 20.0, 120e3, 3.0), ((0, 0, 1, 0), -1.0, 42e3, 40.0)],
    ids=["coasting", "gliding"],
)
def test_both_predictors_agree_sample_by_sample(world, mode, climb, height, limit_km):
    """The same numbers through both: nine in ten ends lie within the limit of each other."""
    s = world.state(36.0, 126.5, height, 2700.0, climb, 165.0)
    tracks = world.tracks(s, mode, sigma_m=500.0, sigma_mps=10.0)
    classes = [world.glider if mode[2] else world.ballistic]
    fast = samples_of(tracks, row=0, classes=classes)
    numbers = np.ascontiguousarray(points()[:, :UNKNOWNS])
    if not mode[2]:  # too high to glide: every fourth point stands for four, by normals of its own
        numbers[:, :6] = np.repeat(points()[::4, UNKNOWNS:], 4, axis=0)[: len(numbers)]
    full = sample_ends(tracks, row=0, classes=classes, numbers=numbers)
    apart = [_metres(a, b[:2]) / 1e3 for a, b in zip(fast, full, strict=True)]
    assert np.quantile(apart, 0.9) < limit_km


def test_samples_are_addressed_by_track_and_time(world, japan):
    """Other rows change nothing; another replicate changes the draw."""
    s = world.state(33.0, 127.7, 250e3, 2000.0, 10.0, 180.0)
    tracks = world.tracks(s, sigma_m=2e3, sigma_mps=40.0, t=(0.0, 10.0, 20.0))
    alone = world.tracks(s, sigma_m=2e3, sigma_mps=40.0, t=(0.0, 10.0))
    a, b = _one(world, tracks, japan)[0], _one(world, alone, japan)[0]
    assert a.end_lat_deg[0] == b.end_lat_deg[0]
    other = _one(world, alone, japan, draws=AddressedDraws(4, 1))[0]
    assert other.end_lat_deg[0] != b.end_lat_deg[0]
    assert len({*a.end_lat_deg}) == len(a.end_lat_deg)


def test_the_alert_rule_takes_its_forecasts(world, japan):
    s = world.state(30.7, 127.33, 250e3, 2000.0, 0.0, 174.0)
    tracks = world.tracks(s, sigma_m=500.0, sigma_mps=5.0, t=tuple(np.arange(0.0, 300.0, 5.0)))
    forecasts, _ = _one(world, tracks, japan, samples=40)
    alerts = issue(forecasts, tracks, policy=world.policy, delays=world.delays())
    assert (alerts.kind == ALERT_MESSAGE).sum() == 1


def test_the_interval_of_a_share_is_jeffreys():
    """Table values of Beta(1/2 + k, 1/2 + K - k): k = 5 of 100, 90 %: 0.0235 to 0.0972 (R qbeta)."""
    low, high = share_interval(np.array([0.0, 5.0, 100.0]), 100)
    assert (low[0], high[2]) == (0.0, 1.0)
    assert low[1] == pytest.approx(0.0235, abs=0.002)
    assert high[1] == pytest.approx(0.0972, abs=0.002)
    assert high[0] == pytest.approx(0.019, abs=0.001)


def test_normals_are_normal_and_uniforms_uniform():
    """Mean 0 and variance 1 within four standard errors, of 4,000 draws."""
    u = unknowns(DRAWS, "forecast|1|0", 4000)
    assert np.abs(u[:, :8].mean(axis=0)).max() < 4.0 / math.sqrt(4000)
    assert np.abs(u[:, :8].var(axis=0) - 1.0).max() < 4.0 * math.sqrt(2.0 / 4000)
    assert u[:, 8:].min() > 0.0
    assert u[:, 8:].max() < 1.0

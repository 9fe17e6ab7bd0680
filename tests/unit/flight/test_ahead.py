"""Tracks carried ahead, against an independent integrator and closed forms."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from hinomi.earth.atmosphere import state as air
from hinomi.earth.wgs84 import ecef_from_geodetic, geodetic_from_ecef, local_axes
from hinomi.flight.ahead import path_ahead

# WGS 84, written out here so that the oracle shares no constant with the code.
MU, J2, A, OMEGA = 3.986004418e14, 1.08263e-3, 6378137.0, 7.292115e-5


def mean_at(lat_deg, lon_deg, height_m, east=0.0, north=0.0, up=0.0, along=0.0):
    lat, lon = math.radians(lat_deg), math.radians(lon_deg)
    axes = np.array(local_axes(lat, lon)).reshape(3, 3)
    mean = np.zeros(9)
    mean[:3] = ecef_from_geodetic(lat, lon, height_m)
    mean[3:6] = np.array([east, north, up]) @ axes
    mean[6] = along
    return mean


def oracle(mean, seconds, beta):
    """Inertial-frame integration of gravity, J2 and drag of air that turns with the Earth."""

    def rate(_, s):
        r, v = s[:3], s[3:]
        size = np.linalg.norm(r)
        k = 1.5 * J2 * (A / size) ** 2
        zz = 5.0 * (r[2] / size) ** 2
        g = -MU / size**3 * r * np.array([1 + k * (1 - zz), 1 + k * (1 - zz), 1 + k * (3 - zz)])
        wind = v - np.array([-OMEGA * r[1], OMEGA * r[0], 0.0])
        rho = air(geodetic_from_ecef(*r)[2])[0]
        return np.concatenate([v, g - 0.5 * rho * np.linalg.norm(wind) / beta * wind])

    r, v = mean[:3], mean[3:6] + np.array([-OMEGA * mean[1], OMEGA * mean[0], 0.0])
    done = solve_ivp(
        rate,
        (0, seconds[-1]),
        np.concatenate([r, v]),
        t_eval=seconds,
        rtol=1e-10,
        atol=1e-4,
        method="DOP853",
    )
    turn = OMEGA * seconds
    x, y, z = done.y[:3]
    return np.column_stack(
        [x * np.cos(turn) + y * np.sin(turn), y * np.cos(turn) - x * np.sin(turn), z]
    )


def ahead(mean, gliding=False, step_s=1.0, steps=900, beta=8000.0, ratio=2.6):
    return path_ahead(
        mean, gliding=gliding, step_s=step_s, steps=steps, beta_kg_m2=beta, lift_to_drag=ratio
    )


def test_a_fall_agrees_with_an_inertial_integrator_to_the_ground():
    mean = mean_at(38.0, 127.0, 100e3, east=1200.0, north=-1500.0, up=1500.0)
    path = ahead(mean)
    last = int(np.flatnonzero(np.isfinite(path[:, 0]))[-1])
    assert 380 < last < 440
    seconds = np.arange(0.0, last + 1.0)
    error = np.linalg.norm(path[: last + 1] - oracle(mean, seconds, 8000.0), axis=1)
    heights = np.array([geodetic_from_ecef(*p)[2] for p in path[: last + 1]])
    assert error[heights > 60e3].max() < 1.0
    assert error.max() < 15.0


def test_a_vacuum_flight_on_a_coarse_grid_is_the_same_flight():
    mean = mean_at(38.0, 127.0, 200e3, north=-2500.0, up=1000.0)
    fine, coarse = ahead(mean, step_s=1.0, steps=300), ahead(mean, step_s=7.5, steps=40)
    np.testing.assert_allclose(coarse[::2], fine[::15], atol=0.01)


def test_glide_covers_the_range_and_time_of_the_closed_form():
    """Glide from 3,000 to 1,200 m/s at L/D 2.6: range and time of Eggers, Allen and Neice, 1958."""
    r, g, ratio, v0, v1 = 6371e3 + 42e3, MU / (6371e3 + 42e3) ** 2, 2.6, 3000.0, 1200.0
    vc = math.sqrt(g * r)
    distance = 0.5 * r * ratio * math.log((1 - (v1 / vc) ** 2) / (1 - (v0 / vc) ** 2))
    time = vc / g * ratio * (math.atanh(v0 / vc) - math.atanh(v1 / vc))
    mean = mean_at(33.0, 128.0, 50e3, east=v0)
    path = ahead(mean, gliding=True, steps=int(time))
    assert np.isfinite(path).all()
    flown = np.linalg.norm(np.diff(path, axis=0), axis=1)
    assert flown.sum() == pytest.approx(distance, rel=0.04)
    assert flown[-1] == pytest.approx(v1, abs=0.05 * v0)


def test_glide_holds_its_great_circle_and_comes_down_slowly():
    path = ahead(mean_at(0.0, 128.0, 45e3, east=3000.0), gliding=True, steps=300)
    assert np.abs(path[:, 2]).max() < 1.0  # along the equator
    heights = np.array([geodetic_from_ecef(*p)[2] for p in path])
    assert (np.diff(heights)[60:] < 0).all()
    assert 0.5e3 < 45e3 - heights[-1] < 12e3


def test_a_climbing_glider_goes_on_climbing_for_a_while():
    up = ahead(mean_at(33.0, 128.0, 45e3, east=3000.0, up=150.0), gliding=True, steps=60)
    level = ahead(mean_at(33.0, 128.0, 45e3, east=3000.0), gliding=True, steps=60)
    gained = geodetic_from_ecef(*up[60])[2] - geodetic_from_ecef(*level[60])[2]
    assert 2e3 < gained < 150.0 * 60


def test_nothing_below_the_ground_and_nothing_while_a_motor_burns():
    fall = ahead(mean_at(33.0, 128.0, 20e3, east=500.0, up=-800.0), steps=100)
    end = int(np.flatnonzero(np.isnan(fall[:, 0]))[0])
    assert 20 < end < 60
    assert np.isnan(fall[end:]).all()
    assert 0.0 <= geodetic_from_ecef(*fall[end - 1])[2] < 1500.0
    assert np.isnan(ahead(mean_at(33.0, 128.0, 60e3, east=1500.0, along=20.0))).all()


@pytest.mark.parametrize("up", [-2000.0, 2000.0])
def test_a_glider_that_points_straight_up_or_down_falls(up):
    mean = mean_at(0.0, 0.0, 45e3)
    mean[3] = up  # along the x axis, which is the vertical there to the last bit
    glided, fell = ahead(mean, gliding=True, steps=10), ahead(mean, steps=10)
    assert np.isfinite(glided).all()
    np.testing.assert_array_equal(glided, fell)
    np.testing.assert_allclose(glided, oracle(mean, np.arange(11.0), 8000.0), atol=100.0)

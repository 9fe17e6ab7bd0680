"""Properties of the three end-point functions that need no table."""

import math
import runpy
from pathlib import Path

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from hinomi.earth.atmosphere import state as air
from hinomi.earth.geodesic import sphere_inverse
from hinomi.earth.gravity import acceleration_in_rotating_frame
from hinomi.earth.wgs84 import (
    ROTATION_RAD_S,
    ecef_from_geodetic,
    geodetic_from_ecef,
    height_above_ellipsoid,
    local_axes,
)
from hinomi.flight.endpoint import (
    apogee_radius_m,
    coast_end,
    kepler_to_height,
    kepler_to_radius,
    surface_coordinates,
)

glide_end = runpy.run_path(str(Path(__file__).with_name("one_glide.py")))["glide_end"]

R = 6_371_000.0


def _state(lat_deg, lon_deg, height_m, speed, climb_deg, bearing_deg):
    lat, lon = math.radians(lat_deg), math.radians(lon_deg)
    axes = np.array(local_axes(lat, lon)).reshape(3, 3)
    g, b = math.radians(climb_deg), math.radians(bearing_deg)
    way = math.cos(g) * (math.sin(b) * axes[0] + math.cos(b) * axes[1]) + math.sin(g) * axes[2]
    return (*ecef_from_geodetic(lat, lon, height_m), *(speed * way))


def test_apogee_of_a_vertical_launch():
    """From energy alone: v^2 = 2 mu (1/R - 1/(R + h)) for h = 1000 km."""
    mu = 3.986004418e14
    v = math.sqrt(2 * mu * (1 / R - 1 / (R + 1e6)))
    assert apogee_radius_m(R, 0.0, 0.0, v, 0.0, 0.0, 0.0) == pytest.approx(R + 1e6, rel=1e-9)


def test_the_arc_ends_on_the_ellipsoid():
    """Two passes over the radius of the ellipsoid: within 20 m of height."""
    ok, x, y, z, *_ = kepler_to_height(*_state(38, 126, 2e5, 3000, 20, 150), 0.0, ROTATION_RAD_S)
    assert ok
    assert abs(height_above_ellipsoid(x, y, z)) < 20.0


def test_the_arc_keeps_its_energy_in_inertial_axes():
    w = ROTATION_RAD_S
    s = _state(38, 126, 2e5, 3000, 20, 150)

    def energy(x, y, z, vx, vy, vz):
        r = math.sqrt(x * x + y * y + z * z)
        return 0.5 * ((vx - w * y) ** 2 + (vy + w * x) ** 2 + vz**2) - 3.986004418e14 / r

    end = kepler_to_height(*s, 0.0, w)
    assert energy(*end[1:7]) == pytest.approx(energy(*s), rel=1e-10)


def test_what_never_comes_down_says_so():
    escape = kepler_to_radius(R + 1e5, 0.0, 0.0, 0.0, 12_000.0, 0.0, R, 0.0)
    circle = kepler_to_radius(R + 1e6, 0.0, 0.0, 0.0, 7_500.0, 0.0, R, 0.0)
    assert not escape[0]
    assert not circle[0]


def test_a_body_on_the_ground_has_landed():
    ok, lat, _, t = coast_end(*_state(30, 130, -1.0, 100, -90, 0), 8000.0, True)
    assert ok
    assert t == 0.0
    assert math.degrees(lat) == pytest.approx(30.0, abs=1e-6)


def test_rotation_carries_the_ground_east():
    """Dropped at rest in Earth-fixed axes from 1,000 km, a body falls to the east."""
    ok, _, lon, _ = coast_end(*_state(0, 130, 1e6, 1e-3, -90, 0), 1e9, False)
    assert ok
    assert math.degrees(lon) > 130.05


def test_drag_shortens_and_without_air_it_agrees_with_kepler():
    """With an enormous ballistic coefficient only flattening is left: below 5 km over 600 km."""
    s = _state(38, 126, 1.2e5, 2800, 35, 170)
    end = kepler_to_height(*s, 0.0, ROTATION_RAD_S)
    lat, lon = surface_coordinates(*end[1:4])
    free = coast_end(*s, 1e12, False)
    slowed = coast_end(*s, 3000.0, True)
    start = math.radians(38), math.radians(126)
    assert sphere_inverse(lat, lon, free[1], free[2])[0] < 5e3
    far_free = sphere_inverse(*start, free[1], free[2])[0]
    far_slowed = sphere_inverse(*start, slowed[1], slowed[2])[0]
    assert far_slowed < far_free - 1e3
    assert slowed[3] > free[3]


def _glide(bank=(0.0,), switches=(), early=1e9, lift=2.6, omega=0.0, path=None):
    return glide_end(
        0.6, 2.2, 40e3, 3000.0, -0.01, 2.9, lift, 1e4, 7100.0, 0.03, 1200.0, early,
        np.array(bank, dtype=float), np.array(switches, dtype=float), omega,
        np.zeros((0, 2)) if path is None else path,
    )  # fmt: skip


def _side(end):
    """Distance [m] to the right of the first course."""
    d, bearing = sphere_inverse(0.6, 2.2, end[0], end[1])
    return d * math.sin(bearing - 2.9)


def test_positive_bank_turns_right_and_is_mirrored_by_negative():
    right, left, straight = _glide((0.5,)), _glide((-0.5,)), _glide()
    assert _side(right) > 50e3
    assert _side(left) == pytest.approx(-_side(right), rel=1e-6)
    assert abs(_side(straight)) < 1.0


def test_coriolis_turns_a_northern_glide_to_the_right():
    assert _side(_glide(omega=ROTATION_RAD_S)) > 2e3


def test_more_lift_glides_farther_and_an_early_end_stops_it():
    far = [sphere_inverse(0.6, 2.2, *_glide(lift=x)[:2])[0] for x in (1.5, 2.0, 2.6, 3.5)]
    assert far == sorted(far)
    assert _glide(early=60.0)[2] < _glide()[2] - 60.0


def test_a_switch_between_equal_banks_changes_nothing():
    one, two = _glide((0.4,)), _glide((0.4, 0.4), (77.0,))
    assert sphere_inverse(one[0], one[1], two[0], two[1])[0] < 500.0


def test_the_path_runs_from_the_start_to_the_end():
    path = np.zeros((40, 2))
    lat, lon, t, nodes = _glide((0.4,), path=path)
    assert path[0] == pytest.approx([0.6, 2.2])
    assert path[nodes - 1] == pytest.approx([lat, lon])
    assert nodes >= t / 60.0


@pytest.mark.parametrize(("level", "up"), [(400.0, 4000.0), (620.0, 5350.0), (560.0, 6350.0)])
def test_a_steep_fall_from_far_above_the_air_agrees_with_an_inertial_integrator(level, up):
    """Apogees of 1,050, 2,200 and 3,900 km: DOP853 in true gravity and air, met along the way."""
    start = np.array(
        _state(40, 127, 150e3, math.hypot(level, up), math.degrees(math.atan2(up, level)), 90)
    )

    def rate(_, s):
        x, y, z, vx, vy, vz = s
        height = height_above_ellipsoid(x, y, z)
        rho = air(height)[0] if height < 86e3 else 0.0
        drag = 0.5 * rho * math.sqrt(vx * vx + vy * vy + vz * vz) / 8000.0
        ax, ay, az = acceleration_in_rotating_frame(x, y, z, vx, vy)
        return vx, vy, vz, ax - drag * vx, ay - drag * vy, az - drag * vz

    def ground(_, s):
        return height_above_ellipsoid(*s[:3])

    ground.terminal = True
    flown = solve_ivp(
        rate, (0.0, 7200.0), start, method="DOP853", rtol=1e-10, atol=1e-3, events=ground,
        dense_output=True,
    )  # fmt: skip
    (down,) = flown.t_events[0]
    lat, lon, _ = geodetic_from_ecef(*flown.y_events[0][0][:3])
    for share in (0.0, 0.2, 0.5, 0.8):
        ok, at_lat, at_lon, seconds = coast_end(*flown.sol(share * down), 8000.0, False)
        assert ok
        assert share * down + seconds == pytest.approx(down, abs=0.5)
        assert sphere_inverse(at_lat, at_lon, lat, lon)[0] < 50.0

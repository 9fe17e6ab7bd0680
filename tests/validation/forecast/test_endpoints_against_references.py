"""Ends against closed forms, tables and an independent integration."""

import csv
import math
import runpy
from pathlib import Path

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from hinomi.earth.geodesic import sphere_inverse
from hinomi.flight.endpoint import apogee_radius_m, coast_end, kepler_to_radius

glide_end = runpy.run_path(str(Path(__file__).parents[2] / "unit" / "flight" / "one_glide.py"))[
    "glide_end"
]

R, MU = 6_371_000.0, 3.986004418e14


def _rows(name):
    text = (Path(__file__).parent / name).read_text().splitlines()
    return [
        {k: float(v) for k, v in row.items()}
        for row in csv.DictReader(line for line in text if not line.startswith("#"))
    ]


@pytest.mark.parametrize("row", _rows("minimum_energy.csv"), ids=lambda r: f"{r['range_km']:.0f}")
def test_kepler_arc_repeats_the_minimum_energy_table(row):
    """Range and time to 0.01 %, apogee to 0.01 %: the table has six figures."""
    v, g = 1e3 * row["burnout_speed_km_s"], math.radians(row["flight_path_angle_deg"])
    s = (R, 0.0, 0.0, v * math.sin(g), v * math.cos(g), 0.0)
    ok, x, y, *_, t = kepler_to_radius(*s, R, 0.0)
    assert ok
    assert R * math.atan2(y, x) % (2 * math.pi * R) == pytest.approx(
        1e3 * row["range_km"], rel=1e-4
    )
    assert t == pytest.approx(row["flight_time_s"], rel=1e-4)
    assert apogee_radius_m(*s, 0.0) - R == pytest.approx(1e3 * row["apogee_km"], rel=1e-4)


@pytest.mark.parametrize(("range_km", "apogee_km"), [(1000, 240), (945, 434), (4600, 970)])
def test_range_and_apogee_give_speed_and_angle(range_km, apogee_km):
    """e = (ra - R)/(ra - R cos(Phi/2)), a = ra/(1 + e): the arc of that range and apogee closes."""
    half, ra = 0.5 * range_km / 6371.0, R + 1e3 * apogee_km
    e = (ra - R) / (ra - R * math.cos(half))
    a = ra / (1 + e)
    v = math.sqrt(MU * (2 / R - 1 / a))
    cos_g = math.sqrt(MU * a * (1 - e * e)) / (R * v)
    s = (R, 0.0, 0.0, v * math.sqrt(1 - cos_g**2), v * cos_g, 0.0)
    ok, x, y, *_ = kepler_to_radius(*s, R, 0.0)
    assert ok
    assert R * math.atan2(y, x) == pytest.approx(1e3 * range_km, rel=1e-6)
    assert apogee_radius_m(*s, 0.0) == pytest.approx(ra, rel=1e-9)


@pytest.mark.parametrize("row", _rows("equilibrium_glide.csv"))
def test_glide_tends_to_the_closed_form_in_a_thin_layer_of_air(row):
    """The closed form gives no height away: with a scale height of 300 m the law agrees to 2 %.

    Both lose their lift at the lower speed: the flight from the higher speed, less the fall from
    the lower one, is range and time between the two speeds.
    """
    lift, v0, v1 = row["lift_to_drag"], 1e3 * row["start_speed_km_s"], 1e3 * row["end_speed_km_s"]
    scale, beta, g = 300.0, 1e4, MU / R**2

    def flown(speed):
        rho = 2 * beta * (g - speed**2 / R) / (lift * speed**2)
        h = scale * math.log(1.225 / rho)
        climb = -2 * scale * g / (lift * speed**2)
        return glide_end(
            0.0, 0.0, h, speed, climb, 0.0, lift, beta, scale, 0.03, v1, 1e9,
            np.zeros(1), np.zeros(0), 0.0, np.zeros((0, 2)),
        )  # fmt: skip

    lat, lon, t, _ = flown(v0)
    # Along a meridian from the equator; beyond the pole the longitude has turned over.
    far = R * (math.pi - lat if abs(lon) > 1.0 else lat)
    end = flown(v1)
    assert far - R * abs(end[0]) == pytest.approx(1e3 * row["distance_km"], rel=0.02)
    assert t - end[2] == pytest.approx(row["time_s"], rel=0.02)


# An independent flight: gravity by differencing the potential, another atmosphere and method.
A, F, J2, OMEGA = 6_378_137.0, 1 / 298.257223563, 1.08263e-3, 7.292115e-5
E2 = F * (2 - F)
_AIR = np.loadtxt(
    Path(__file__).parents[1] / "atmosphere" / "package.csv", delimiter=",", skiprows=1
)
_AIR = _AIR[_AIR[:, 0] < 86_000.0]  # every 250 m, by an independent package
_Z, _LOG_RHO = _AIR[:, 0], np.log(_AIR[:, 1])


def _potential(r):
    d = np.linalg.norm(r)
    s = r[2] / d
    centrifugal = 0.5 * OMEGA**2 * (r[0] ** 2 + r[1] ** 2)
    return MU / d * (1 - J2 * (A / d) ** 2 * (1.5 * s * s - 0.5)) + centrifugal


def _height(r):
    p, lat = math.hypot(r[0], r[1]), math.atan2(r[2], math.hypot(r[0], r[1]))
    h = 0.0
    for _ in range(20):
        n = A / math.sqrt(1 - E2 * math.sin(lat) ** 2)
        h = p * math.cos(lat) + (r[2] + E2 * n * math.sin(lat)) * math.sin(lat) - n
        lat = math.atan2(r[2] + E2 * n * math.sin(lat), p)
    return h


def _right_hand_side(_t, y, beta):
    r, v = y[:3], y[3:]
    step = 50.0
    g = np.array([(_potential(r + d) - _potential(r - d)) / (2 * step) for d in step * np.eye(3)])
    a = g - 2 * np.cross([0.0, 0.0, OMEGA], v)
    h = _height(r)
    if h < 85_500.0:
        rho = math.exp(np.interp(h, _Z, _LOG_RHO))
        a = a - 0.5 * rho * np.linalg.norm(v) / beta * v
    return np.concatenate((v, a))


@pytest.mark.parametrize(
    ("climb", "speed", "bearing", "beta"),
    [(35.0, 2800.0, 170.0, 8000.0), (25.0, 5000.0, 80.0, 4000.0)],
)
def test_full_flight_agrees_with_an_independent_integration(world, climb, speed, bearing, beta):
    """Impact within 200 m, time within 0.2 s."""
    y0 = world.state(38.0, 126.0, 120e3, speed, climb, bearing)[:6]

    def ground(_t, y, _beta):
        return _height(y[:3])

    ground.terminal = True
    out = solve_ivp(
        _right_hand_side, (0, 4000), y0, method="DOP853", rtol=1e-8, atol=1e-3, args=(beta,),
        events=ground, max_step=5.0,
    )  # fmt: skip
    r = out.y_events[0][0][:3]
    lat, lon = math.atan2(r[2], math.hypot(r[0], r[1]) * (1 - E2)), math.atan2(r[1], r[0])
    ok, got_lat, got_lon, t = coast_end(*y0, beta, False)
    assert ok
    assert sphere_inverse(lat, lon, got_lat, got_lon)[0] < 200.0
    assert t == pytest.approx(out.t_events[0][0], abs=0.2)

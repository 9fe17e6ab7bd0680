"""Whole flights against SciPy's DOP853 with equations written a second time, here."""

import math
import runpy
from pathlib import Path

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from hinomi.flight.body import pack
from hinomi.flight.path import launch, release

C = runpy.run_path(str(Path(__file__).parents[2] / "unit" / "flight" / "flight_classes.py"))
MU, A, B, W, J2 = (
    3.986004418e14,
    6378137.0,
    6378137.0 * (1 - 1 / 298.257223563),
    7.292115e-5,
    1.08263e-3,
)
OMEGA = np.array([0.0, 0.0, W])
GAS = 8.31432 / 0.0289644
LAYERS = [
    (0, -6.5e-3),
    (11e3, 0),
    (20e3, 1e-3),
    (32e3, 2.8e-3),
    (47e3, 0),
    (51e3, -2.8e-3),
    (71e3, -2e-3),
]
HIGH_KM = [86, 90, 100, 110, 120, 150, 200, 300, 500, 1000]
HIGH = [
    6.958e-6,
    3.416e-6,
    5.604e-7,
    9.708e-8,
    2.222e-8,
    2.076e-9,
    2.541e-10,
    1.916e-11,
    5.215e-13,
    3.561e-15,
]


def air(z):
    """Density, pressure, speed of sound by walking up the layers of the standard."""
    if z >= 86e3:
        rho = math.exp(np.interp(z / 1e3, HIGH_KM, np.log(HIGH)))
        return rho, 0.0, 274.1
    top = 6356766.0 * z / (6356766.0 + z)
    t, p = 288.15, 101325.0
    for i, (base, lapse) in enumerate(LAYERS):
        end = min(top, LAYERS[i + 1][0]) if i < 6 else top
        dh = end - base
        if lapse == 0:
            p *= math.exp(-9.80665 * dh / (GAS * t))
        else:
            p *= ((t + lapse * dh) / t) ** (-9.80665 / (GAS * lapse))
            t += lapse * dh
        if end == top:
            break
    return p / (GAS * t), p, math.sqrt(1.4 * GAS * t)


def vertical(r):
    """Height and normal of the ellipsoid by fixed-point iteration on the latitude."""
    p = math.hypot(r[0], r[1])
    e2 = 1 - (B / A) ** 2
    lat = math.atan2(r[2], p * (1 - e2))
    for _ in range(4):
        n = A / math.sqrt(1 - e2 * math.sin(lat) ** 2)
        lat = math.atan2(r[2] + e2 * n * math.sin(lat), p)
    n = A / math.sqrt(1 - e2 * math.sin(lat) ** 2)
    up = np.array([math.cos(lat) * r[0] / p, math.cos(lat) * r[1] / p, math.sin(lat)])
    return p * math.cos(lat) + r[2] * math.sin(lat) - n * (1 - e2 * math.sin(lat) ** 2), up


def free(r, v):
    """Gravity and the two forces of the rotating axes."""
    size = np.linalg.norm(r)
    zonal = 1.5 * J2 * (A / size) ** 2
    s = (r[2] / size) ** 2
    factor = np.array([1 + zonal * (1 - 5 * s), 1 + zonal * (1 - 5 * s), 1 + zonal * (3 - 5 * s)])
    return -MU / size**3 * r * factor - np.cross(OMEGA, np.cross(OMEGA, r)) - 2 * np.cross(OMEGA, v)


def solve(f, t0, t1, y, event=None):
    s = solve_ivp(
        f, (t0, t1), y, method="DOP853", rtol=1e-10, atol=1e-6, max_step=6.0, events=event
    )
    if event is not None and len(s.t_events[0]):
        return s.t_events[0][0], s.y_events[0][0]
    return t1, s.y[:, -1]


def ground(_t, y):
    return vertical(y[:3])[0]


ground.terminal, ground.direction = True, -1


def test_a_powered_ballistic_flight_ends_within_30_m_and_a_twentieth_of_a_second():
    """Boost with back pressure and pitch programme, cut-off at 88.3 s, coast, entry with c(M)."""
    c = C["MRBM"]
    stage = c.stages[0]
    lat, lon, azimuth, kick, cutoff = (
        math.radians(39),
        math.radians(126),
        2.1,
        math.radians(16),
        88.3,
    )
    n = A / math.sqrt(1 - (1 - (B / A) ** 2) * math.sin(lat) ** 2)
    up = np.array([math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat)])
    east = np.array([-math.sin(lon), math.cos(lon), 0.0])
    north = np.cross(up, east)
    ahead = math.sin(azimuth) * east + math.cos(azimuth) * north
    flow = stage.propellant_kg / stage.burn_s
    vacuum = stage.isp_vacuum_s * 9.80665 * flow
    total = stage.propellant_kg + stage.dry_kg + c.payload_kg

    def boost(part):
        def f(t, y):
            r, v = y[:3], y[3:]
            height, _ = vertical(r)
            rho, p, sound = air(height)
            speed = np.linalg.norm(v)
            mass = total - flow * t
            thrust = vacuum * (1 - 0.10 * p / 101325.0)
            tilt = kick * (t - 5) / 8 if part == 1 else 0.0
            u = math.cos(tilt) * up + math.sin(tilt) * ahead if part < 2 else v / speed
            cd = np.interp(
                speed / sound,
                [0, 0.8, 1.05, 1.5, 2, 3, 5, 10],
                [0.3, 0.3, 0.45, 0.42, 0.36, 0.28, 0.22, 0.2],
            )
            drag = 0.5 * rho * speed * cd * math.pi * stage.diameter_m**2 / 4 * v
            return np.concatenate([v, free(r, v) + (thrust * u - drag) / mass])

        return f

    def fall(t, y):
        r, v = y[:3], y[3:]
        rho, _, sound = air(vertical(r)[0])
        speed = np.linalg.norm(v)
        more = np.interp(
            speed / sound,
            [0.6, 0.9, 1.05, 1.5, 2, 3, 5, 8],
            [1.2, 1.8, 2.2, 2.0, 1.7, 1.4, 1.15, 1.0],
        )
        return np.concatenate([v, free(r, v) - 0.5 * rho * speed * more / c.beta_kg_m2 * v])

    y = np.concatenate([[n * up[0], n * up[1], n * (B / A) ** 2 * up[2]], np.zeros(3)])
    for part, (t0, t1) in enumerate([(0, 5), (5, 13), (13, cutoff)]):
        _, y = solve(boost(part), t0, t1, y)
    t, y = solve(fall, cutoff, 1500.0, y, ground)
    path = launch(
        pack(c), lat_rad=lat, lon_rad=lon, azimuth_rad=azimuth, kick_rad=kick, cutoff_s=cutoff
    )
    assert path.burnout_t_s == cutoff
    assert np.linalg.norm(path.end_r_m - y[:3]) < 30
    assert path.end_t_s == pytest.approx(t, abs=0.05)


def test_a_banked_glide_ends_within_50_m():
    """Clipped lift, a bank of 30 degrees from 40 s to 140 s, last fall below 1,200 m/s."""
    c = C["GLIDER"]
    r0 = np.array([6378137.0 + 45e3, 0.0, 0.0])
    v0 = np.array([0.0, 2000.0, 2200.0])
    body = pack(c, bank_schedule=((40.0, math.radians(30)), (140.0, 0.0)))
    path = release(body, r_m=r0, v_mps=v0, gliding=True)

    def law(bank):
        def f(t, y):
            r, v = y[:3], y[3:]
            height, up = vertical(r)
            speed, size = np.linalg.norm(v), np.linalg.norm(r)
            drag = 0.5 * air(height)[0] * speed**2 / c.beta_kg_m2
            way = v / speed
            gamma = math.asin(way @ up)
            g = MU / size**2
            level = -2 * 7100.0 * g / (2.6 * math.cos(bank) * speed**2)
            lift = (g - speed**2 / size) * math.cos(gamma) / math.cos(bank) - 0.03 * speed * (
                gamma - level
            )
            lift = min(max(lift, -0.3 * 2.6 * drag), 2.6 * drag)
            lifted = up - (up @ way) * way
            lifted /= np.linalg.norm(lifted)
            right = np.cross(way, lifted)
            push = lift * (math.cos(bank) * lifted + math.sin(bank) * right)
            return np.concatenate([v, free(r, v) - drag * way + push])

        return f

    def fall(t, y):
        v = y[3:]
        return np.concatenate(
            [
                v,
                free(y[:3], v)
                - 0.5 * air(vertical(y[:3])[0])[0] * np.linalg.norm(v) / c.beta_kg_m2 * v,
            ]
        )

    def slow(_t, y):
        return np.linalg.norm(y[3:]) - 1200.0

    slow.terminal, slow.direction = True, -1
    y = np.concatenate([r0, v0])
    _, y = solve(law(0.0), 0, 40, y)
    _, y = solve(law(math.radians(30)), 40, 140, y)
    t, y = solve(law(0.0), 140, 2000, y, slow)
    t, y = solve(fall, t, 3000, y, ground)
    assert path.landed
    assert np.linalg.norm(path.end_r_m - y[:3]) < 50
    assert path.end_t_s == pytest.approx(t, abs=0.1)
    # A bank to the right turns a body that flies north-east towards the east.
    straight = release(pack(c), r_m=r0, v_mps=v0, gliding=True)
    assert path.end_lat_rad < straight.end_lat_rad - 1e-3

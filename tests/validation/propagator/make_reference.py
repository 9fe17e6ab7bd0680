"""Write brahe.csv: coasts computed by an independent propagator, `brahe` 1.8 (MIT licence).

Its own gravity constants, its own J2 force, its own integrator (Runge-Kutta-Fehlberg 7(8)) and its
own geodetic heights, in axes that do not rotate; here the start is only turned into those axes and
the answer turned back. Run with the environment of `make bench-flight`:

    .bench-venv/bin/python tests/validation/propagator/make_reference.py
"""

import csv
import math
from pathlib import Path

import numpy as np

W = 7.292115e-5  # rad/s, WGS 84
A, E2 = 6378137.0, (2.0 - 1.0 / 298.257223563) / 298.257223563
# case: latitude, longitude, height [m], azimuth, angle above the horizon, Earth-fixed speed [m/s].
CASES = {
    "1,000 km": (39.0, 126.0, 50e3, 100.0, 44.0, 2900.0),
    "4,000 km": (40.6, 126.4, 60e3, 72.0, 36.0, 5400.0),
    "10,000 km": (40.0, 127.0, 120e3, 30.0, 28.0, 7000.0),
    "over the pole": (62.0, 40.0, 100e3, 2.0, 35.0, 6300.0),
    "eastwards": (39.0, 126.0, 60e3, 90.0, 35.0, 5500.0),
    "westwards": (39.0, 126.0, 60e3, 270.0, 35.0, 5500.0),
}
FIELDS = ("case", "t_s", "x_m", "y_m", "z_m", "vx_mps", "vy_mps", "vz_mps")


def start(lat, lon, height, azimuth, angle, speed):
    """Earth-fixed state of a case."""
    lat, lon, azimuth, angle = (math.radians(v) for v in (lat, lon, azimuth, angle))
    up = np.array([math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat)])
    east = np.array([-math.sin(lon), math.cos(lon), 0.0])
    north = np.cross(up, east)
    n = A / math.sqrt(1.0 - E2 * math.sin(lat) ** 2)
    r = (n + height) * up - np.array([0.0, 0.0, E2 * n * math.sin(lat)])
    level = math.sin(azimuth) * east + math.cos(azimuth) * north
    return np.concatenate([r, speed * (math.cos(angle) * level + math.sin(angle) * up)])


def turned(state, angle):
    """A position and velocity turned about the axis of the Earth."""
    c, s = math.cos(angle), math.sin(angle)
    turn = np.array([[c, -s, 0.0], [s, c, 0.0], [0.0, 0.0, 1.0]])
    return np.concatenate([turn @ state[:3], turn @ state[3:]])


def swept(state, sign):
    """Velocity with (+1) or without (-1) that of the rotating Earth."""
    out = np.array(state)
    out[3] -= sign * W * state[1]
    out[4] += sign * W * state[0]
    return out


def coast(state):
    """Function of time: Earth-fixed state of a coast that begins in `state`, by brahe."""
    import brahe as bh

    bh.set_global_eop_provider(bh.StaticEOPProvider.from_zero())
    force = bh.ForceModelConfig(
        gravity=bh.GravityConfiguration.earth_zonal(bh.ZonalHarmonicsDegree.J2),
        frame_transform=bh.FrameTransformationModel.EARTH_ROTATION_ONLY,
    )
    way = (
        bh.NumericalPropagationConfig.with_method(bh.IntegrationMethod.RKF78)
        .with_abs_tol(1e-8)
        .with_rel_tol(1e-13)
        .with_max_step(30.0)
    )
    epoch = bh.Epoch.from_datetime(2024, 1, 1, 0, 0, 0.0, 0.0, bh.TimeSystem.UTC)

    def at(t_s):
        if t_s == 0.0:
            return np.array(state)
        flight = bh.NumericalOrbitPropagator(epoch, swept(state, 1), way, force, None)
        flight.propagate_to(epoch + t_s)
        return swept(turned(np.array(flight.current_state()), -W * t_s), -1)

    return at


def ground_s(at):
    """Time at which a coast comes down to the ellipsoid, by brahe's geodetic height."""
    import brahe as bh

    def height(t_s):
        return bh.position_ecef_to_geodetic(at(t_s)[:3], bh.AngleFormat.DEGREES)[2]

    low, high = 100.0, 100.0
    while height(high) > 0.0:
        low, high = high, high + 100.0
    while high - low > 1e-6:
        middle = 0.5 * (low + high)
        low, high = (middle, high) if height(middle) > 0.0 else (low, middle)
    return 0.5 * (low + high)


def rows():
    """Rows of the table: every 300 s, and the ground."""
    for case, given in CASES.items():
        at = coast(start(*given))
        end = ground_s(at)
        for t in [*np.arange(0.0, end, 300.0), end]:
            yield {
                "case": case,
                "t_s": f"{t:.6f}",
                **{k: f"{v:.6f}" for k, v in zip(FIELDS[2:], at(float(t)), strict=True)},
            }


if __name__ == "__main__":
    with Path(__file__).with_name("brahe.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, FIELDS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows())

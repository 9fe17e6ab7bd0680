"""Flights without air: Kepler's ellipse, the Jacobi constant, the drift of an orbit."""

import math
import runpy
from pathlib import Path

import numpy as np

from hinomi.earth.gravity import J2, MU_M3_S2
from hinomi.earth.wgs84 import ROTATION_RAD_S, SEMI_MAJOR_M
from hinomi.flight.body import pack
from hinomi.flight.path import release

jacobi_constant = runpy.run_path(str(Path(__file__).parents[1] / "closed_forms.py"))[
    "jacobi_constant"
]

P = runpy.run_path(str(Path(__file__).with_name("rows.py")))
Row, C = P["Row"], P["CLASSES"]
R = 6371e3
OMEGA = np.array([0.0, 0.0, ROTATION_RAD_S])


def minimum_energy():
    """Range and apogee to 0.01 %, time to a hundredth of a second, 300-10,000 km."""
    body = pack(C["MRBM"], rotation=False, oblateness=False, air=False, sphere_m=R)
    for row in P["table"]("minimum_energy", "minimum_energy.csv"):
        case = f"minimum energy, {float(row['range_km']):,.0f} km"
        speed = 1e3 * float(row["burnout_speed_km_s"])
        # The table's speed has six digits; the state is set up from the closed form it prints.
        phi = 1e3 * float(row["range_km"]) / R
        s = math.sin(0.5 * phi)
        exact = math.sqrt(2.0 * MU_M3_S2 / R * s / (1.0 + s))
        assert abs(exact - speed) < 0.01
        angle = 0.25 * (math.pi - phi)
        v = exact * np.array([math.sin(angle), math.cos(angle), 0.0])
        path = release(body, r_m=np.array([R, 0.0, 0.0]), v_mps=v)
        reached = R * math.atan2(path.end_r_m[1], path.end_r_m[0]) / 1e3
        if reached < 0.0:
            reached += 2e-3 * math.pi * R
        ranged, top = float(row["range_km"]), float(row["apogee_km"])
        source = "Kepler's ellipse on a sphere"
        yield Row(case, "range", ranged, reached, 1e-4 * ranged, "km", 3, source)
        yield Row(case, "apogee", top, path.apogee_m / 1e3, 1e-4 * top, "km", 3, source)
        yield Row(case, "time", float(row["flight_time_s"]), path.end_t_s, 0.01, "s", 3, source)


def jacobi():
    """Energy in the rotating axes after half an hour of coast, as a share of itself."""
    body = pack(C["MRBM"], air=False)
    for name, tolerance in (("1e-10", 1e-10), ("1e-12", 1e-12)):
        path = release(
            body,
            r_m=np.array([6.6e6, 1.0e6, 2.0e6]),
            v_mps=np.array([500.0, 5000.0, 5500.0]),
            until_s=1800.0,
            tolerance=tolerance,
        )
        states = np.hstack([path.r_m, path.v_mps])
        kept = np.array([jacobi_constant(*state) for state in states])
        moved = 1e9 * float(np.ptp(kept)) / abs(kept[0])
        yield Row(
            "Jacobi constant over 30 min", f"spread at tolerance {name}", 0.0, moved, 1.0,
            "1e-9 of it", 2, "constant of motion",
        )  # fmt: skip


def _elements(r, v):
    """Semi-major axis, eccentricity, inclination, node, perigee of inertial states (N, 3)."""
    h = np.cross(r, v)
    size, speed2 = np.linalg.norm(r, axis=1), np.sum(v * v, axis=1)
    a = 1.0 / (2.0 / size - speed2 / MU_M3_S2)
    e = np.cross(v, h) / MU_M3_S2 - r / size[:, None]
    cos_i = h[:, 2] / np.linalg.norm(h, axis=1)
    node = np.unwrap(np.arctan2(h[:, 0], -h[:, 1]))
    along = np.stack([np.cos(node), np.sin(node), np.zeros_like(node)], axis=1)
    across = np.cross(h, along) / np.linalg.norm(h, axis=1)[:, None]
    perigee = np.unwrap(np.arctan2(np.sum(e * across, axis=1), np.sum(e * along, axis=1)))
    return a, np.linalg.norm(e, axis=1), np.arccos(cos_i), node, perigee


def _orbit(a, e, inclination, turns):
    """Times and inertial states over whole turns, released at perigee over the node, at 1 s."""
    body = pack(C["MRBM"], air=False)
    end = turns * 2.0 * math.pi * math.sqrt(a**3 / MU_M3_S2)
    r = np.array([a * (1.0 - e), 0.0, 0.0])
    speed = math.sqrt(MU_M3_S2 / a * (1.0 + e) / (1.0 - e))
    v = speed * np.array([0.0, math.cos(inclination), math.sin(inclination)]) - np.cross(OMEGA, r)
    path = release(body, r_m=r, v_mps=v, until_s=end, tolerance=1e-11)
    c, s = np.cos(ROTATION_RAD_S * path.t_s), np.sin(ROTATION_RAD_S * path.t_s)
    swept = path.v_mps + np.cross(OMEGA, path.r_m)

    def turned(x):
        return np.stack([c * x[:, 0] - s * x[:, 1], s * x[:, 0] + c * x[:, 1], x[:, 2]], axis=1)

    return path.t_s, turned(path.r_m), turned(swept)


def secular_rates():
    """Node and perigee of two orbits over 20 turns, against the first-order rates of J2.

    Means over whole turns take the short waves out; what is left is of second order in J2.
    """
    for name, a, e, degrees in (
        ("7,400 km, e 0.08, 50°", 7400e3, 0.08, 50.0),
        ("8,000 km, e 0.15, 97°", 8000e3, 0.15, 97.0),
    ):
        t, r, v = _orbit(a, e, math.radians(degrees), 20)
        axes, shapes, tilts, nodes, perigees = _elements(r, v)
        mean_a, mean_e, mean_i = float(np.mean(axes)), float(np.mean(shapes)), float(np.mean(tilts))
        k = 1.5 * J2 * (SEMI_MAJOR_M / (mean_a * (1.0 - mean_e**2))) ** 2
        k *= math.sqrt(MU_M3_S2 / mean_a**3)
        day = 86400.0 * 180.0 / math.pi
        source = "Kozai 1959; Vallado, section 9.6"
        for what, theirs, angle in (
            ("node", -k * math.cos(mean_i), nodes),
            ("perigee", 0.5 * k * (5.0 * math.cos(mean_i) ** 2 - 1.0), perigees),
        ):
            turn = len(t) // 20
            means = [float(np.mean(angle[i * turn : (i + 1) * turn])) for i in (0, 19)]
            ours = (means[1] - means[0]) / (19 * turn)
            yield Row(
                f"orbit {name}", f"drift of the {what}", theirs * day, ours * day,
                abs(0.01 * theirs * day), "deg/day", 4, source,
            )  # fmt: skip


CASES = (minimum_energy, jacobi, secular_rates)

"""Coasts over the turning, flattened Earth against an orbit propagator that others wrote.

`propagator/brahe.csv` holds its answers (see `propagator/SOURCE.md`): another set of constants,
another integrator, axes that do not turn.
"""

import functools
import math
import runpy
from pathlib import Path

import numpy as np

from hinomi.earth.geodesic import ellipsoid_inverse
from hinomi.earth.wgs84 import geodetic_from_ecef
from hinomi.flight.body import pack
from hinomi.flight.path import release

P = runpy.run_path(str(Path(__file__).with_name("rows.py")))
Row, C = P["Row"], P["CLASSES"]
SOURCE = "brahe 1.8, J2, RKF 7(8)"


@functools.cache
def reference():
    """Case -> times and Earth-fixed states (N, 6); the last is on the ground."""
    found = {}
    for row in P["table"]("propagator", "brahe.csv"):
        found.setdefault(row.pop("case"), []).append([float(v) for v in row.values()])
    return {case: np.array(rows) for case, rows in found.items()}


@functools.cache
def ours(case, tolerance=None):
    """Our flight from the first state of a case."""
    start = reference()[case][0, 1:]
    body = pack(C["MRBM"], air=False)
    more = {} if tolerance is None else {"tolerance": tolerance}
    return release(body, r_m=start[:3], v_mps=start[3:], **more)


def ranged_km(start, end):
    """Ground range between two Earth-fixed positions."""
    a, b = geodetic_from_ecef(*start), geodetic_from_ecef(*end)
    return ellipsoid_inverse(a[0], a[1], b[0], b[1])[0] / 1e3


def coasts():
    """Where and when each coast ends, and how far apart the two ever are."""
    for case, rows in reference().items():
        path = ours(case)
        name = f"coast, {case}"
        theirs = geodetic_from_ecef(*rows[-1, 1:4])
        yield Row(name, "time to the ground", rows[-1, 0], path.end_t_s, 0.01, "s", 4, SOURCE)
        for what, their, our in (
            ("latitude of the end", theirs[0], path.end_lat_rad),
            ("longitude of the end", theirs[1], path.end_lon_rad),
        ):
            yield Row(name, what, math.degrees(their), math.degrees(our), 1e-4, "deg", 6, SOURCE)
        inner = rows[(rows[:, 0] > 0.0) & (rows[:, 0] < path.t_s[-1])][:-1]
        apart = [np.linalg.norm(path.end_r_m - rows[-1, 1:4])]
        apart += [np.linalg.norm(path.r_m[round(row[0])] - row[1:4]) for row in inner]
        yield Row(
            name, "distance apart, worst of all times", 0.0, float(max(apart)), 10.0, "m", 2, SOURCE
        )
        tight = ours(case, 1e-12)
        yield Row(
            name, "distance apart at the end, tolerance 1e-12", 0.0,
            float(np.linalg.norm(tight.end_r_m - rows[-1, 1:4])), 0.2, "m", 3, SOURCE,
        )  # fmt: skip


def east_and_west():
    """The turning Earth carries a flight to the east further than one to the west."""
    both = {}
    for way in ("eastwards", "westwards"):
        rows, path = reference()[way], ours(way)
        both[way] = [ranged_km(rows[0, 1:4], end) for end in (rows[-1, 1:4], path.end_r_m)]
        name = "same speed over the ground, 5.5 km/s at 35°"
        yield Row(name, f"range {way}", *both[way], 0.01, "km", 3, SOURCE)
    theirs, our = (e - w for e, w in zip(both["eastwards"], both["westwards"], strict=True))
    yield Row(name, "east minus west", theirs, our, 0.02, "km", 3, SOURCE)


CASES = (coasts, east_and_west)

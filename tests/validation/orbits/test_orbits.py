"""Satellites and the Sun are where libraries that others wrote put them."""

import csv
import math
import runpy
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from sgp4.api import Satrec

from hinomi.earth.gravity import J2
from hinomi.earth.sun import sun_direction
from hinomi.earth.timescale import UNIX_EPOCH_DAY, greenwich_rad
from hinomi.earth.wgs84 import ROTATION_RAD_S, SEMI_MAJOR_M
from hinomi.units import DAY_S
from hinomi.watch.ephemeris import positions

HERE = Path(__file__).parent
CIRCULAR = runpy.run_path(str(HERE / "make_reference.py"))["CIRCULAR"]
SATELLITE = runpy.run_path(str(HERE.parent / "bare_satellite.py"))["SATELLITE"]


def table(name):
    with (HERE / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def by_elements(name):
    """Rows of one satellite together, and the Julian day of its elements."""
    rows = {}
    for row in table(name):
        rows.setdefault((row["line_1"], row["line_2"]), []).append(row)
    for lines, group in rows.items():
        known = Satrec.twoline2rv(*lines)
        yield lines, known.jdsatepoch + known.jdsatepochF, group


def both(case):
    """Our positions and theirs (T, 3) in axes that do not turn, at 0 ... 6 hours."""
    height_m, *angles = CIRCULAR[case]
    inclination, node, argument = (math.radians(a) for a in angles)
    rows = [row for row in table("circular.csv") if row["case"] == case]
    t = np.array([float(row["t_s"]) for row in rows])
    assert t[-1] == 21600.0
    satellite = replace(
        SATELLITE,
        semi_major_axis_m=SEMI_MAJOR_M + height_m,
        inclination_rad=inclination,
        node_rad=node,
        argument_rad=argument,
    )
    (ours,) = positions([satellite], t, greenwich_rad=0.7)
    angle = 0.7 + ROTATION_RAD_S * t
    c, s = np.cos(angle), np.sin(angle)
    x, y, z = ours.T
    theirs = np.array([[float(row[k]) for k in ("x_m", "y_m", "z_m")] for row in rows])
    return np.stack([c * x - s * y, s * x + c * y, z], axis=1), theirs


@pytest.mark.parametrize("case", list(CIRCULAR))
def test_the_circular_orbit_is_within_5_km_of_an_integrated_one_for_6_hours(case):
    """At the height that flattening gives an orbit of this period, 1-9 km off its own.

    Mean radius of an orbit without eccentricity: a (1 - 0.75 J2 (R/a)^2 (3 cos^2 i - 1)).
    """
    ours, theirs = both(case)
    height_m, inclination, *_ = CIRCULAR[case]
    a = SEMI_MAJOR_M + height_m
    flat = 0.75 * J2 * (SEMI_MAJOR_M / a) ** 2 * (3 * math.cos(math.radians(inclination)) ** 2 - 1)
    assert abs(flat * a) < 10e3
    miss = np.linalg.norm(ours * (1.0 - flat) - theirs, axis=1)
    assert miss.max() < 5e3
    assert np.linalg.norm(ours - theirs, axis=1).max() < 10e3


@pytest.mark.parametrize("case", list(CIRCULAR))
def test_its_phase_and_plane_keep_to_the_integrated_ones(case):
    """Directions, without height: below 5 km after 6 hours, and they hardly drift apart."""
    ours, theirs = both(case)
    size = np.linalg.norm(theirs, axis=1)
    across = size * np.linalg.norm(
        ours / np.linalg.norm(ours, axis=1)[:, None] - theirs / size[:, None], axis=1
    )
    assert across.max() < 5e3
    assert abs(across[-6:].mean() - across[:6].mean()) < 1.5e3


def test_positions_are_those_of_the_verification_set():
    """SGP4's own cases, turned back from Earth-fixed axes: to a metre, from low to deep orbits."""
    seen = 0
    for lines, jd, rows in by_elements("verification.csv"):
        t = np.array([60.0 * float(row["t_min"]) for row in rows])
        satellite = replace(SATELLITE, elements=lines, elements_epoch_jd=jd)
        (ours,) = positions([satellite], t, greenwich_rad=0.0)
        angle = greenwich_rad((jd - UNIX_EPOCH_DAY) * DAY_S) + ROTATION_RAD_S * t
        c, s = np.cos(angle), np.sin(angle)
        x, y, z = ours.T
        back = np.stack([c * x - s * y, s * x + c * y, z], axis=1)
        theirs = 1e3 * np.array([[float(row[k]) for k in ("x_km", "y_km", "z_km")] for row in rows])
        assert np.abs(back - theirs).max() < 1.0, lines[0]
        seen += len(rows)
    assert seen == len(table("verification.csv")) == 54


def test_earth_fixed_positions_leave_out_only_ut1_and_the_pole():
    """Against measured UT1 and pole: below 0.5 km in low orbits, 2.8 km in geostationary ones."""
    for lines, jd, rows in by_elements("earth_fixed.csv"):
        t = np.array([float(row["t_s"]) for row in rows])
        satellite = replace(SATELLITE, elements=lines, elements_epoch_jd=jd)
        (ours,) = positions([satellite], t, greenwich_rad=0.0)
        theirs = np.array([[float(row[k]) for k in ("x_m", "y_m", "z_m")] for row in rows])
        miss = np.linalg.norm(ours - theirs, axis=1)
        assert (miss < 6.7e-5 * np.linalg.norm(theirs, axis=1)).all(), lines[0]
        # A sidereal angle that is wrong by 0.01 degree would show.
        assert miss.max() < math.radians(0.01) * np.linalg.norm(theirs, axis=1).max()


@pytest.mark.parametrize("row", table("sun.csv"), ids=lambda row: row["utc"])
def test_the_sun_is_where_an_ephemeris_has_it_to_a_hundredth_of_a_degree(row):
    lon, lat = (math.radians(float(row[k])) for k in ("right_ascension_deg", "declination_deg"))
    theirs = [math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat)]
    ours = sun_direction(datetime.fromisoformat(row["utc"]).timestamp())
    assert math.hypot(*ours) == pytest.approx(1.0)
    assert math.degrees(math.dist(ours, theirs)) < 0.01

"""Vacuum flights on a sphere without rotation against their closed form."""

import csv
import math
import runpy
from pathlib import Path

import numpy as np
import pytest

from hinomi.flight.body import pack
from hinomi.flight.closed_form import minimum_energy
from hinomi.flight.path import release

HERE = Path(__file__).parent
C = runpy.run_path(str(HERE.parents[1] / "unit" / "flight" / "flight_classes.py"))
R = 6371e3
with (HERE / "minimum_energy.csv").open() as file:
    ROWS = [{k: float(v) for k, v in row.items() if k != "grade"} for row in csv.DictReader(file)]


@pytest.mark.parametrize("row", ROWS, ids=lambda r: f"{r['range_km']:.0f}km")
def test_closed_form_gives_the_table_to_1e_5(row):
    m = minimum_energy(range_m=1e3 * row["range_km"])
    assert m.speed_mps / 1e3 == pytest.approx(row["burnout_speed_km_s"], rel=1e-5)
    assert math.degrees(m.angle_rad) == pytest.approx(row["flight_path_angle_deg"], rel=1e-5)
    assert m.apogee_m / 1e3 == pytest.approx(row["apogee_km"], rel=1e-5)
    assert m.time_s == pytest.approx(row["flight_time_s"], rel=1e-5)
    assert m.semi_major_axis_m / 1e3 == pytest.approx(row["semi_major_axis_km"], rel=1e-5)
    assert m.eccentricity == pytest.approx(row["eccentricity"], rel=1e-5)


@pytest.mark.parametrize("row", ROWS, ids=lambda r: f"{r['range_km']:.0f}km")
def test_integration_reaches_the_range_within_1e_4_and_the_time_within_a_hundredth(row):
    body = pack(C["MRBM"], rotation=False, oblateness=False, air=False, sphere_m=R)
    m = minimum_energy(range_m=1e3 * row["range_km"])
    v = m.speed_mps * np.array([math.sin(m.angle_rad), math.cos(m.angle_rad), 0.0])
    path = release(body, r_m=np.array([R, 0.0, 0.0]), v_mps=v)
    reached = R * math.atan2(path.end_r_m[1], path.end_r_m[0])
    assert path.landed
    assert reached / 1e3 == pytest.approx(row["range_km"], rel=1e-4)
    assert path.end_t_s == pytest.approx(row["flight_time_s"], abs=0.01)
    assert path.apogee_m / 1e3 == pytest.approx(row["apogee_km"], rel=1e-4)

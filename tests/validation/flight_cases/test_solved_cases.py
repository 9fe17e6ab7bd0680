"""Powered flights of generic classes against an independent program, at equal apogee."""

import csv
import math
import runpy
from pathlib import Path

import numpy as np
import pytest

from hinomi.flight.body import pack
from hinomi.flight.path import launch

HERE = Path(__file__).parent
C = runpy.run_path(str(HERE.parents[1] / "unit" / "flight" / "flight_classes.py"))
with (HERE / "solved.csv").open() as file:
    CASES = list(csv.DictReader(file))


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c['class']}-{c['apogee_km']}")
def test_range_time_and_burnout_speed_agree_to_half_a_percent(case):
    body = pack(C["CLASSES"][case["class"]], cone_drag=False)
    lat, lon = math.radians(float(case["lat_deg"])), math.radians(float(case["lon_deg"]))

    def fly(kick, **more):
        azimuth = math.radians(float(case["azimuth_deg"]))
        return launch(body, lat_rad=lat, lon_rad=lon, azimuth_rad=azimuth, kick_rad=kick, **more)

    kick = C["kick_for"](1e3 * float(case["apogee_km"]), fly)
    path = fly(kick)
    assert path.landed
    assert path.apogee_m == pytest.approx(1e3 * float(case["apogee_km"]), abs=100)
    assert C["ground_range_m"](path, lat, lon) == pytest.approx(
        1e3 * float(case["range_km"]), rel=0.005
    )
    assert path.end_t_s == pytest.approx(float(case["time_s"]), rel=0.005)
    if case["burnout_speed_km_s"]:
        speed = np.linalg.norm(fly(kick, until_s=path.burnout_t_s).end_v_mps)
        assert speed == pytest.approx(1e3 * float(case["burnout_speed_km_s"]), rel=0.005)

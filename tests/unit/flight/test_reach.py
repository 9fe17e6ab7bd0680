"""Reaching B from A with a stated apogee."""

import math
import runpy
from pathlib import Path

import numpy as np
import pytest
from geographiclib.geodesic import Geodesic

from hinomi.earth.geodesic import sphere_direct
from hinomi.errors import FenceError, UnreachableError
from hinomi.flight.body import pack
from hinomi.flight.path import launch
from hinomi.flight.reach import must_reach, reach, reachable_band_m

C = runpy.run_path(str(Path(__file__).with_name("flight_classes.py")))
AIM = (math.radians(26.2), math.radians(127.7))


def ends(distance_m, bearing_rad):
    lat, lon = sphere_direct(*AIM, bearing_rad, distance_m)
    return {"lat_a_rad": lat, "lon_a_rad": lon, "lat_b_rad": AIM[0], "lon_b_rad": AIM[1]}


CASES = [
    ("srbm_liquid", 250e3, 0.2, 76e3),
    ("mrbm_liquid", 800e3, -1.0, 270e3),
    ("mrbm_liquid", 900e3, 0.0, 300e3),
    ("mrbm_liquid", 400e3, 3.0, 500e3),
    ("irbm_liquid", 2200e3, -0.4, 1150e3),
    ("irbm_liquid", 3900e3, 0.3, 850e3),
    ("glider", 1000e3, -1.0, 62e3),
    ("glider", 1250e3, -0.2, 66e3),
    ("glider", 1500e3, 0.3, 98e3),
]


@pytest.mark.parametrize(("name", "distance_m", "bearing", "apogee_m"), CASES)
@pytest.mark.parametrize("bank", [0.0, 0.52])
def test_the_flight_ends_within_a_kilometre_and_has_the_apogee(
    name, distance_m, bearing, apogee_m, bank
):
    c = C["CLASSES"][name]
    body = pack(c, bank_schedule=((40.0, bank), (160.0, 0.0)))
    where = ends(distance_m, bearing)
    way = reach(body, **where, apogee_m=apogee_m)
    assert way is not None
    assert way.iterations <= 15
    assert 14.0 <= way.cutoff_s <= c.stages[0].burn_s
    path = launch(
        body,
        lat_rad=where["lat_a_rad"],
        lon_rad=where["lon_a_rad"],
        azimuth_rad=way.azimuth_rad,
        kick_rad=way.kick_rad,
        cutoff_s=way.cutoff_s,
    )
    miss = Geodesic.WGS84.Inverse(
        26.2, 127.7, math.degrees(path.end_lat_rad), math.degrees(path.end_lon_rad)
    )["s12"]
    assert miss <= 1000.0
    assert path.apogee_m == pytest.approx(apogee_m, abs=600.0)


def test_a_wider_tolerance_is_kept_and_takes_no_more_work():
    body = pack(C["MRBM"])
    close = reach(body, **ends(900e3, 0.5), apogee_m=300e3)
    wide = reach(body, **ends(900e3, 0.5), apogee_m=300e3, tolerance_m=50e3)
    assert wide.miss_m <= 50e3
    assert wide.iterations <= close.iterations


def test_the_answer_depends_on_the_inputs_alone():
    body = pack(C["GLIDER"])
    first = reach(body, **ends(1300e3, 0.1), apogee_m=80e3)
    reach(body, **ends(1000e3, -0.7), apogee_m=95e3)
    assert reach(body, **ends(1300e3, 0.1), apogee_m=80e3) == first


def test_out_of_reach_is_none_and_the_error_names_the_reachable_distances():
    body = pack(C["MRBM"])
    assert reach(body, **ends(1600e3, 0.0), apogee_m=270e3) is None
    with pytest.raises(UnreachableError, match=r"1[56]\d\d km .* 270 km .* reaches \d+-1\d\d\d km"):
        must_reach(body, **ends(1600e3, 0.0), apogee_m=270e3)
    with pytest.raises(UnreachableError, match="apogee of 3000 km is above"):
        must_reach(body, **ends(800e3, 0.0), apogee_m=3000e3)


def test_the_far_end_of_the_band_is_the_full_burn():
    """434 km of apogee reach 945 km without c(M): an independent program's figure, +-0.5 %."""
    body = pack(C["MRBM"], cone_drag=False)
    near, far = reachable_band_m(
        body,
        lat_rad=math.radians(39.0),
        lon_rad=math.radians(126.0),
        azimuth_rad=0.5 * math.pi,
        apogee_m=434e3,
    )
    assert far == pytest.approx(945e3, rel=0.005)
    assert 0.0 <= near < 150e3
    assert np.isfinite(near)


def test_a_tolerance_below_a_kilometre_is_refused():
    with pytest.raises(FenceError, match="1000 m or more"):
        reach(pack(C["MRBM"]), **ends(900e3, 0.0), apogee_m=300e3, tolerance_m=500.0)

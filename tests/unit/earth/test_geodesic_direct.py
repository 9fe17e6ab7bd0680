"""The direct geodesic against an independent library."""

import math

import pytest
from geographiclib.geodesic import Geodesic
from hypothesis import given, settings
from hypothesis import strategies as st

from hinomi.earth.geodesic import ellipsoid_direct, ellipsoid_inverse

few = settings(max_examples=60, deadline=None, derandomize=True)


@few
@given(
    lat=st.floats(-89, 89),
    lon=st.floats(-180, 180),
    bearing=st.floats(0, 360),
    distance=st.floats(1, 1.9e7),
)
def test_the_end_lies_where_geographiclib_has_it(lat, lon, bearing, distance):
    """Within a millimetre; the onward bearing within what a millimetre makes at that distance."""
    there = Geodesic.WGS84.Direct(lat, lon, bearing, distance)
    found = ellipsoid_direct(*(math.radians(x) for x in (lat, lon, bearing)), distance)
    gap = Geodesic.WGS84.Inverse(
        there["lat2"], there["lon2"], math.degrees(found[0]), math.degrees(found[1])
    )["s12"]
    assert gap < 1e-3
    if abs(there["lat2"]) < 89.0:
        turn = math.radians(there["azi2"]) - found[2]
        assert math.remainder(turn, 2 * math.pi) == pytest.approx(0.0, abs=1e-7)


@few
@given(lat=st.floats(-80, 80), bearing=st.floats(0, 6.28), distance=st.floats(10, 1.5e7))
def test_the_inverse_leads_back_to_distance_and_bearing(lat, bearing, distance):
    lat = math.radians(lat)
    lat2, lon2, _ = ellipsoid_direct(lat, 2.0, bearing, distance)
    back = ellipsoid_inverse(lat, 2.0, lat2, lon2)
    assert back[0] == pytest.approx(distance, abs=2e-3)
    assert math.remainder(back[1] - bearing, 2 * math.pi) == pytest.approx(
        0.0, abs=1e-3 / distance + 1e-8
    )


def test_no_distance_leads_nowhere():
    assert ellipsoid_direct(0.5, 1.0, 2.0, 0.0) == pytest.approx((0.5, 1.0, 2.0), abs=1e-15)


def test_longitudes_wrap_at_the_date_line():
    _, lon, _ = ellipsoid_direct(0.0, math.radians(179.5), math.pi / 2, 200e3)
    assert math.degrees(lon) == pytest.approx(-178.7034, abs=1e-3)

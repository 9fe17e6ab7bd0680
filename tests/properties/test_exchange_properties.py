"""What holds for any way and any area that is handed over or taken in."""

import itertools
import math

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from hinomi.earth.wgs84 import ecef_from_geodetic, geodetic_from_ecef
from hinomi.exchange.rings import cut_line, ellipse, ring_parts, spans
from hinomi.scenario.trajectories import _turned
from hinomi.scenario.trajectory_text import Rows

LAT = st.floats(-65.0, 65.0)
LON = st.floats(-179.9, 179.9)
KM2 = st.floats(1.0, 1e4)


def way(lat, lon, lead):
    share = np.linspace(0.0, 1.0, 12)
    r = np.array(
        [
            ecef_from_geodetic(math.radians(lat + lead * (1 - s)), math.radians(lon), 5e4 * (1 - s))
            for s in share
        ]
    )
    t = np.arange(12.0)
    return Rows(t_s=t, r_m=r, v_mps=np.gradient(r, axis=0), phase=np.full(12, -1, np.int32))


@settings(derandomize=True, max_examples=40, deadline=None)
@given(LAT, LON, st.floats(-5.0, 5.0))
def test_any_way_ends_on_a_tenth_of_a_degree_with_its_shape_kept(lat, lon, lead):
    rows = way(lat, lon, lead)
    end = round(lat, 1), round(lon, 1)
    turned = _turned(rows, *end)
    a, o, h = geodetic_from_ecef(*turned.r_m[-1])
    assert math.degrees(a) == pytest.approx(end[0], abs=1e-6)
    assert math.degrees(o) == pytest.approx(end[1], abs=1e-6)
    assert abs(h) < 25.0
    between = np.linalg.norm(rows.r_m[:, None] - rows.r_m[None], axis=2)
    after = np.linalg.norm(turned.r_m[:, None] - turned.r_m[None], axis=2)
    np.testing.assert_allclose(after, between, atol=1e-6)
    assert np.linalg.norm(turned.r_m - rows.r_m, axis=1).max() < 8_000.0


@settings(derandomize=True, max_examples=40, deadline=None)
@given(LAT, LON, KM2, KM2, st.floats(-0.9, 0.9))
def test_an_area_lies_within_the_world_and_keeps_its_size(lat, lon, ee, nn, slant):
    en = slant * math.sqrt(ee * nn)
    ring = ellipse(lat, lon, ee_km2=ee, nn_km2=nn, en_km2=en)
    parts = [shapely.Polygon(rings[0]) for rings in ring_parts(ring)]
    assert sum(p.area for p in parts) == pytest.approx(shapely.Polygon(ring).area, rel=1e-6)
    for part in parts:
        west, _, east, _ = part.bounds
        assert -180.0 <= west <= east <= 180.0
        assert part.exterior.is_ccw


@settings(derandomize=True, max_examples=40, deadline=None)
@given(st.lists(st.floats(-3.0, 3.0), min_size=2, max_size=30), LON)
def test_a_cut_line_keeps_every_point_and_never_jumps(steps, start):
    lon = (start + np.cumsum(steps) + 180.0) % 360.0 - 180.0
    t = np.arange(len(lon), dtype=float)
    parts = cut_line(t, lon, np.zeros(len(lon)), np.zeros(len(lon)))
    points = [p for part in parts for p in part]
    assert {(a, b) for a, b in zip(t, lon, strict=True)} <= {p[:2] for p in points}
    for part in parts:
        jumps = np.abs(np.diff([p[1] for p in part]))
        assert not len(jumps) or jumps.max() <= 3.0 + 1e-9


@settings(derandomize=True, max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 100), st.floats(0.1, 50)), max_size=12))
def test_joined_spans_cover_the_same_time_and_do_not_touch(pairs):
    given_spans = [(a, a + d) for a, d in pairs]
    joined = spans(given_spans)
    assert all(a[1] < b[0] for a, b in itertools.pairwise(joined))
    for low, high in given_spans:
        assert any(a <= low and high <= b for a, b in joined)

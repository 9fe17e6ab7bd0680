"""A footprint that can be worked out on paper: straight fall, straight flight, round Earth."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hinomi.earth.wgs84 import MEAN_RADIUS_M
from hinomi.footprint.cells import Cells
from hinomi.footprint.defended import footprint
from hinomi.footprint.launches import Launch
from hinomi.footprint.shots import posts_of
from hinomi.records.engagements import Battery, EngageSettings, Magazine, Weapon

SITE = (30.0, 130.0)
SPEED_MPS, TOP_M, LOW_M = 2000.0, 300e3, 20e3
DELAY_S, BURN_S = 2.0, 10.0
SETTINGS = EngageSettings(
    weapon_delay_s=DELAY_S, assess_s=5.0, keep_out_height_m=0.0, support_share=0.8,
    support_penalty=0.5, same_object_m=5e3, same_path_m=5e3,
)  # fmt: skip


def cells(half_deg, step_deg):
    """Cells around the site at whole multiples of the step."""
    lat = SITE[0] + np.arange(-half_deg, half_deg + 1e-9, step_deg)
    lon = SITE[1] + np.arange(-half_deg, half_deg + 1e-9, step_deg)
    lats, lons = (x.ravel() for x in np.meshgrid(lat, lon, indexing="ij"))
    n = len(lats)
    area = (MEAN_RADIUS_M * math.radians(step_deg)) ** 2 * np.cos(np.radians(lats))
    return Cells(
        south_deg=lat[0], west_deg=lon[0], step_lat_deg=step_deg, step_lon_deg=step_deg,
        rows=len(lat), columns=len(lon), aim_lat_deg=lats, aim_lon_deg=lons, area_m2=area,
        groups=("sea",), land_m2=np.zeros((n, 1)), people=np.zeros((n, 1)),
    )  # fmt: skip


def launch(slope=0.0, bearing_rad=0.0):
    t = np.arange(TOP_M / SPEED_MPS + 1.0)
    height = TOP_M - SPEED_MPS * t
    return Launch(
        threat_class="x", gliding=False, burnout_s=0.0, first_s=0.0,
        about_end=np.column_stack([slope * height, np.full(len(t), bearing_rad), height]),
    )  # fmt: skip


def posts(**changes):
    values = {
        "name": "w", "product": "w", "provider": "parametric", "burnout_speed_mps": 2000.0,
        "burn_s": BURN_S, "decay_s": 0.0, "average_speed_mps": 1000.0, "prepare_s": 0.0,
        "height_low_m": LOW_M, "height_high_m": 100e3, "range_low_m": 0.0, "range_high_m": 400e3,
        "kill_ballistic": 0.7, "kill_glide": 0.0, "salvo": 2,
    }  # fmt: skip
    weapon = Weapon(**(values | changes))
    battery = Battery(
        name="b", owner="x", lat_deg=SITE[0], lon_deg=SITE[1], height_m=0.0, channels=9,
        magazines=(Magazine(weapon="w", ready=99, reserve=0),),
    )  # fmt: skip
    return posts_of([battery], {"w": weapon}, settings=SETTINGS)


def shares(where, launches, posts, track_s=0.0):
    found = footprint(
        where, launches, posts, settings=SETTINGS, wait_s={("x", "x"): track_s}, decide_s=0.0
    )
    return found, found.share("one_shot", "delayed", "b")


def distances_m(where):
    a, b = np.radians(where.aim_lat_deg), math.radians(SITE[0])
    d = np.radians(where.aim_lon_deg - SITE[1])
    half = np.sin((a - b) / 2.0) ** 2 + np.cos(a) * math.cos(b) * np.sin(d / 2.0) ** 2
    return 2.0 * MEAN_RADIUS_M * np.arcsin(np.sqrt(half))


def radius_m(track_s):
    """Ground range at which the lowest point is reached just in time: the last one is the latest."""
    left_s = (TOP_M - LOW_M) / SPEED_MPS - (track_s + DELAY_S) - BURN_S / 2.0
    slant = 1000.0 * left_s
    # Cosine rule between the site on the sphere and a point LOW_M above it.
    r, top = MEAN_RADIUS_M, MEAN_RADIUS_M + LOW_M
    return r * math.acos((r * r + top * top - slant * slant) / (2.0 * r * top))


@pytest.mark.parametrize("track_s", [0.0, 40.0])
def test_straight_falls_are_defended_in_a_disc_of_the_worked_out_radius(track_s):
    where = cells(1.6, 0.1)
    _, share = shares(where, [launch()], posts(), track_s)
    away, edge = distances_m(where), radius_m(track_s)
    assert 40e3 < edge < 140e3
    margin = 1.5e3  # one step of the table of times and one second of the path
    assert (share[away < edge - margin] == 1.0).all()
    assert (share[away > edge + margin] == 0.0).all()
    assert share @ where.area_m2 == pytest.approx(math.pi * edge**2, rel=0.04)


def test_launches_from_all_around_give_a_map_alike_to_all_sides():
    where = cells(1.6, 0.2)
    around = [launch(1.5, b) for b in np.radians(np.arange(0.0, 360.0, 45.0))]
    _, share = shares(where, around, posts())
    grid = share.reshape(where.rows, where.columns)
    assert np.array_equal(grid, grid[:, ::-1])  # east and west are alike on a sphere
    # North and south, east-west and north-south are alike but for the narrowing of the meridians.
    assert np.abs(grid - grid[::-1]).mean() < 0.03
    away = distances_m(where)
    rings = [share[(away >= a) & (away < a + 20e3)].mean() for a in np.arange(0.0, 160e3, 20e3)]
    assert rings == sorted(rings, reverse=True)
    assert rings[0] == 1.0
    assert rings[-1] < 0.5


def test_one_direction_moves_the_footprint_towards_where_the_bodies_come_from():
    where = cells(1.6, 0.2)
    _, share = shares(where, [launch(1.5, 0.0)], posts())  # from the north, seen from the aim
    centre = (share @ where.aim_lat_deg) / share.sum()
    assert centre < SITE[0] - 0.05  # aims to the south are overflown low by the battery


@settings(max_examples=12, deadline=None, derandomize=True)
@given(st.floats(1000.0, 4000.0), st.floats(1.0, 1.5), st.floats(0.0, 60.0))
def test_footprints_grow_with_the_speed_of_the_interceptor(speed, factor, track_s):
    where = cells(2.0, 0.4)
    changes = {"provider": "boost_coast"}
    slow, _ = shares(where, [launch(0.5, 1.0)], posts(burnout_speed_mps=speed, **changes), track_s)
    fast, _ = shares(
        where, [launch(0.5, 1.0)], posts(burnout_speed_mps=speed * factor, **changes), track_s
    )
    assert (fast.shots[..., 0] >= 1)[slow.shots[..., 0] >= 1].all()


@settings(max_examples=12, deadline=None, derandomize=True)
@given(st.floats(0.0, 120.0), st.floats(0.0, 60.0))
def test_footprints_never_grow_with_a_later_track(track_s, later_s):
    where = cells(2.0, 0.4)
    sooner, _ = shares(where, [launch(0.5, 1.0)], posts(), track_s)
    late, _ = shares(where, [launch(0.5, 1.0)], posts(), track_s + later_s)
    assert (late.shots[:, :, 1] <= sooner.shots[:, :, 1]).all()
    assert np.array_equal(late.shots[:, :, 0], sooner.shots[:, :, 0])  # known early: unchanged

"""What an infrared satellite may look at: space, the Sun, the field, windows, elements."""

import math
from dataclasses import replace

import numpy as np
import pytest

from hinomi.earth.sight import ray_clears_limb
from hinomi.earth.wgs84 import SEMI_MAJOR_M
from hinomi.watch.ephemeris import positions
from hinomi.watch.observe import observe

KM = 1e3
DAY_RATE = 7.292115e-5
ELEMENTS = (
    "1 00001U 25001A   25325.00000000  .00000000  00000-0  00000-0 0  9990",
    "2 00001  80.0000 120.0000 0001000   0.0000  30.0000 13.70000000    10",
)


def closed(line):
    """A line of elements with its check digit."""
    total = sum(int(c) if c.isdigit() else c == "-" for c in line[:68])
    return line[:68] + str(total % 10)


def times(cases, satellite, *paths, seconds=1, **options):
    body = cases.flights(*paths, seconds=seconds, intensity_w_sr=1e9)
    plots = observe(body, cases.sensors(satellite, **options), draws=cases.Chance())
    return plots.t_s.tolist()


def high(cases, **options):
    return replace(cases.HIGH, node_rad=0.0, frame_s=1, **options)


def test_a_ray_past_the_edge_ends_in_space_and_one_inside_it_does_not():
    """From 42,164 km the limb is asin(6378.137 / 42164.173) = 8.70 degrees off the nadir."""
    edge = math.asin(SEMI_MAJOR_M / 42_164_173.0)
    for off, free in ((edge - 1e-4, False), (edge + 1e-4, True), (math.pi - 0.1, True)):
        assert (
            ray_clears_limb(42_164_173.0, 0.0, 0.0, -math.cos(off), math.sin(off), 0.0, 0.0) is free
        )
    with_air = math.asin((SEMI_MAJOR_M + 25e3) / 42_164_173.0)
    for off, free in ((with_air - 1e-5, False), (with_air + 1e-5, True)):
        assert (
            ray_clears_limb(42_164_173.0, 0.0, 0.0, -math.cos(off), math.sin(off), 0.0, 25e3)
            is free
        )


@pytest.mark.parametrize("cold", [False, True])
def test_a_cold_viewing_sensor_sees_a_body_only_beyond_the_limb(cases, cold):
    """At 300 km over the equator: nearer than the limb's 81.3 degrees against the ground, then
    from 81.3 on against space until the limb hides it at 81.3 + 17.2."""
    satellite = high(cases, cold_only=cold, graze_m=0.0)
    limb = math.degrees(math.acos(SEMI_MAJOR_M / 42_164_173.0))
    behind = math.degrees(math.acos(SEMI_MAJOR_M / (SEMI_MAJOR_M + 300 * KM)))
    # Just in front of the limb the ray beyond the body still meets the ground.
    before = limb - behind
    seen = {
        "below": before - 0.2,
        "space": before + 0.2,
        "far": limb + behind - 0.2,
        "hidden": limb + behind + 0.2,
    }
    found = {k for k, lon in seen.items() if times(cases, satellite, cases.hover(0.0, lon, 3e5))}
    assert found == ({"space", "far"} if cold else {"below", "space", "far"})


def test_the_sun_blinds_within_its_angle_and_turns_with_the_hours(cases):
    """Satellite over 0 E, body beyond the limb at 90 E; the Sun runs west by 15 degrees an hour."""
    satellite = high(cases, sun_exclusion_rad=math.radians(15.0), graze_m=0.0)
    path = cases.hover(0.0, 90.0, 500 * KM)
    site = np.array([42_164_173.0, 0.0, 0.0])
    body = np.array([0.0, SEMI_MAJOR_M + 500 * KM, 0.0])
    sight = (body - site) / np.linalg.norm(body - site)
    azimuth = math.atan2(sight[1], sight[0])
    for greenwich in (0.0, 1.0):
        for off_deg, seen in ((16.0, True), (14.0, False), (-14.0, True), (-8.0, True)):
            # Away from the Earth the Sun is in view; the other way the Earth hides it.
            angle = azimuth - math.radians(off_deg) + greenwich
            sun = (math.cos(angle), math.sin(angle), 0.0)
            group = replace(cases.sensors(satellite, greenwich_rad=greenwich), sun=sun)
            plots = observe(
                cases.flights(path, seconds=1, intensity_w_sr=1e9), group, draws=cases.Chance()
            )
            assert (len(plots.t_s) > 0) is seen, (greenwich, off_deg)


def test_the_sun_enters_the_angle_when_the_earth_has_turned_it_there(cases):
    satellite = high(cases, sun_exclusion_rad=math.radians(15.0), graze_m=0.0)
    body = np.array([0.0, SEMI_MAJOR_M + 500 * KM, 0.0])
    sight = body - np.array([42_164_173.0, 0.0, 0.0])
    late = 600  # s: 2.5 degrees
    angle = math.atan2(sight[1], sight[0]) - math.radians(15.0) + DAY_RATE * late
    group = replace(cases.sensors(satellite), sun=(math.cos(angle), math.sin(angle), 0.0))
    flights = cases.flights(cases.hover(0.0, 90.0, 500 * KM), seconds=1200, intensity_w_sr=1e9)
    t = observe(flights, group, draws=cases.Chance()).t_s
    # At 600 s exactly on the edge: dazzled before (the Sun comes from the east, further in).
    assert abs(t.max() - late) <= 1.0 or abs(t.min() - late) <= 1.0
    assert len(t) == pytest.approx(600, abs=2)


def test_without_a_sun_nothing_is_excluded(cases):
    satellite = high(cases, sun_exclusion_rad=math.pi)
    assert times(cases, satellite, cases.hover(0.0, 10.0, 1e5)) == [0.0]


@pytest.mark.parametrize(("off", "seen"), [(0.99, True), (1.01, False)])
def test_a_field_is_a_cone_about_the_nadir(cases, off, seen):
    field = math.radians(5.0)
    satellite = high(cases, field_rad=field)
    # Sine rule: nadir angle eta and central angle c of a point at radius r.
    r, a, eta = SEMI_MAJOR_M + 100 * KM, 42_164_173.0, off * field
    central = math.pi - (math.pi - math.asin(a * math.sin(eta) / r)) - eta
    east = math.degrees(central)
    assert bool(times(cases, satellite, cases.hover(0.0, east, 100 * KM))) is seen


def test_windows_of_a_satellite_take_away_exactly_the_looks_outside(cases):
    body = cases.raid(3, intensity_w_sr=1e5)
    satellite = replace(cases.HIGH, frame_s=1)
    windowed = replace(satellite, windows_s=((30.0, 60.0), (60.0, 75.5), (400.0, 401.0)))
    one, two = (
        observe(body, cases.sensors(s), draws=cases.Chance()) for s in (satellite, windowed)
    )
    t = one.t_s
    inside = ((t >= 30.0) & (t < 75.5)) | ((t >= 400.0) & (t < 401.0))
    assert 0 < inside.sum() < len(t)
    assert np.array_equal(two.t_s, t[inside])
    assert np.array_equal(two.los, one.los[inside])


def test_a_satellite_with_elements_is_where_its_elements_say(cases):
    satellite = replace(
        cases.LOW, elements=tuple(closed(e) for e in ELEMENTS), elements_epoch_jd=2_461_000.5
    )
    body = cases.raid(4, intensity_w_sr=1e7, seconds=600)
    t = np.arange(600.0)
    at = positions((satellite,), t, greenwich_rad=0.0)[0]
    middle = at[300] * (SEMI_MAJOR_M + 100 * KM) / np.linalg.norm(at[300])
    body = replace(body, r_m=np.tile(middle, (4, 600, 1)), height_m=np.full((4, 600), 100 * KM))
    plots = observe(body, cases.sensors(satellite, cases.HIGH), draws=cases.Chance())
    own = plots.sensor == 0
    assert own.sum() > 100
    k = plots.t_s[own].astype(int)
    assert np.array_equal(plots.site_m[own], at[k])


def test_a_satellite_that_has_come_down_sees_nothing(cases):
    """SGP4 gives no place once the drag of the elements has brought the orbit down."""
    first = "1 00001U 25001A   25300.00000000  .90000000  00000-0  90000-0 0  9990"
    second = "2 00001  80.0000 120.0000 0001000   0.0000  30.0000 16.30000000    10"
    satellite = replace(
        cases.LOW,
        elements=(closed(first), closed(second)),
        elements_epoch_jd=2_461_040.5,
        clutter_per_hour_mkm2=1e3,
    )
    assert np.isnan(positions((satellite,), np.arange(3.0), greenwich_rad=0.0)).all()
    assert times(cases, satellite, cases.hover(0.0, 10.0, 1e5), seconds=3) == []

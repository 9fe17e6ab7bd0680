"""Who is in view of which sensor."""

import math
from dataclasses import replace

import numpy as np
import pytest

from hinomi.earth.sight import apparent_elevation_rad, horizon_arc_rad
from hinomi.earth.wgs84 import MEAN_RADIUS_M
from hinomi.watch.observe import observe

KM = 1e3


def overhead(cases, height_m, seconds=40, **options):
    return cases.flights(cases.hover(26.0, 128.0, height_m), seconds=seconds, **options)


def test_a_body_under_the_horizon_is_never_seen(cases):
    arc = horizon_arc_rad(30.0) + horizon_arc_rad(50 * KM)
    strong = replace(
        cases.RADAR, reference_range_m=50_000 * KM, min_el_rad=math.radians(-5.0), lat_deg=0.0
    )
    for share, seen in ((0.99, True), (1.01, False)):
        east = 128.0 + math.degrees(share * arc) * MEAN_RADIUS_M / 6_378_137.0
        body = cases.flights(cases.hover(0.0, east, 50 * KM), seconds=30)
        plots = observe(body, cases.sensors(strong), draws=cases.Chance())
        assert (len(plots.t_s) > 0) is seen


def test_the_lowest_elevation_is_an_apparent_one(cases):
    """In view where its ray arrives above the mask, though the straight line lies below it."""
    strong = replace(
        cases.RADAR, reference_range_m=50_000 * KM, min_el_rad=math.radians(2.0), lat_deg=0.0
    )
    arcs = np.linspace(0.02, 0.16, 1401)
    apparent = np.array([apparent_elevation_rad(a, 30.0, 50 * KM) for a in arcs])
    edge = arcs[np.argmin(np.abs(apparent - math.radians(2.0)))]
    for share, seen in ((0.985, True), (1.015, False)):
        east = 128.0 + math.degrees(share * edge) * MEAN_RADIUS_M / 6_378_137.0
        body = cases.flights(cases.hover(0.0, east, 50 * KM), seconds=30)
        assert (len(observe(body, cases.sensors(strong), draws=cases.Chance()).t_s) > 0) is seen
    # Four-thirds rule alone: 673 km of slant at 2 degrees; the mixed rule is 2 % shorter.
    assert edge * MEAN_RADIUS_M == pytest.approx(653 * KM, abs=1 * KM)


@pytest.mark.parametrize(
    ("face_deg", "seen"), [(0, True), (55, True), (-55, True), (65, False), (180, False)]
)
def test_a_body_outside_the_sector_is_never_seen(cases, face_deg, seen):
    radar = replace(
        cases.RADAR,
        face_az_rad=math.radians(face_deg),
        sector_rad=math.radians(120),
        reference_range_m=9000 * KM,
    )
    body = cases.flights(cases.hover(30.0, 128.0, 300 * KM), seconds=30)
    assert (len(observe(body, cases.sensors(radar), draws=cases.Chance()).t_s) > 0) is seen


def test_a_satellite_does_not_see_through_the_earth(cases):
    body = cases.flights(cases.hover(26.0, 128.0, 100 * KM), seconds=30, intensity_w_sr=1e9)
    for longitude, seen in ((128.0, True), (200.0, True), (128.0 + 100.0, False), (-52.0, False)):
        satellite = replace(cases.HIGH, node_rad=math.radians(longitude))
        assert (len(observe(body, cases.sensors(satellite), draws=cases.Chance()).t_s) > 0) is seen


def test_nothing_is_seen_outside_the_life_of_a_body(cases):
    body = overhead(
        cases, 300 * KM, seconds=100, first=20, last=60, intensity_w_sr=1e9, rcs_m2=100.0
    )
    plots = observe(
        body, cases.sensors(cases.RADAR, replace(cases.HIGH, frame_s=1)), draws=cases.Chance()
    )
    assert plots.t_s.min() == 20.0
    assert plots.t_s.max() == 60.0


def test_a_low_satellite_is_where_its_orbit_says(cases):
    """Over the North Pole a quarter of a turn after the node, to within the drift of its plane."""
    satellite = replace(cases.LOW, inclination_rad=math.pi / 2, argument_rad=math.pi / 2)
    body = cases.flights(cases.hover(89.0, 10.0, 100 * KM), seconds=2, intensity_w_sr=1e6)
    plots = observe(body, cases.sensors(satellite, greenwich_rad=1.0), draws=cases.Chance())
    assert plots.site_m[0] == pytest.approx([0.0, 0.0, 7371 * KM], abs=1.0)


def test_the_greenwich_angle_turns_the_low_orbits_and_not_the_fixed_ones(cases):
    body = cases.flights(cases.hover(0.0, 128.0, 100 * KM), seconds=1, intensity_w_sr=1e8)
    low = replace(cases.LOW, node_rad=math.radians(128.0) + 1.0)
    plots = observe(body, cases.sensors(low, cases.HIGH, greenwich_rad=1.0), draws=cases.Chance())
    at = [math.degrees(math.atan2(y, x)) for x, y, _ in plots.site_m]
    assert at == pytest.approx([128.0, 128.0], abs=1e-9)


def test_frames_and_phases_of_a_scanning_satellite(cases):
    body = cases.flights(cases.hover(26.0, 128.0, 100 * KM), seconds=60, intensity_w_sr=1e9)
    plots = observe(body, cases.sensors(replace(cases.HIGH, phase_s=3)), draws=cases.Chance())
    assert plots.t_s.tolist() == [3.0, 13.0, 23.0, 33.0, 43.0, 53.0]

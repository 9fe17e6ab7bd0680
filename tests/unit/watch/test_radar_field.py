"""Field of a radar: masks by azimuth, refraction rules, windows, fluctuation."""

import math
from dataclasses import replace

import numpy as np
import pytest

from hinomi.earth.sight import ruled_horizon_arc_rad
from hinomi.earth.wgs84 import SEMI_MAJOR_M
from hinomi.records.plots import REFRACTIONS
from hinomi.watch.detect import steady_pd
from hinomi.watch.observe import observe

KM = 1e3
STRONG = {"reference_range_m": 50_000 * KM, "lat_deg": 0.0, "fluctuation": 0}


def seen(cases, radar, *paths, seconds=5):
    body = cases.flights(*paths, seconds=seconds)
    return observe(body, cases.sensors(radar), draws=cases.Chance())


def test_a_mask_hides_only_what_lies_under_it_in_its_own_sector(cases):
    """Four sectors from north: 0-90 degrees is closed up to 30 degrees, the rest is open."""
    mask = tuple(math.radians(x) for x in (30.0, 1.0, 1.0, 1.0))
    radar = replace(cases.RADAR, **STRONG, mask_el_rad=mask)
    step = 5.0  # degrees: at 300 km height about 24 degrees of elevation
    around = {
        "north-east": (step * 0.7, 128.0 + step * 0.7),
        "south-east": (-step * 0.7, 128.0 + step * 0.7),
        "south-west": (-step * 0.7, 128.0 - step * 0.7),
        "north-west": (step * 0.7, 128.0 - step * 0.7),
    }
    hidden = {
        name
        for name, (lat, lon) in around.items()
        if len(seen(cases, radar, cases.hover(lat, lon, 300 * KM)).t_s) == 0
    }
    assert hidden == {"north-east"}
    high = seen(cases, radar, cases.hover(0.7, 128.7, 300 * KM))  # about 70 degrees up
    assert len(high.t_s) == 5


def test_a_mask_below_the_lowest_elevation_of_the_radar_changes_nothing(cases):
    body = cases.raid(3)
    radar = replace(cases.RADAR, lat_deg=34.0)
    low = replace(radar, mask_el_rad=(-0.1,) * 36)
    one, two = (observe(body, cases.sensors(r), draws=cases.Chance()) for r in (radar, low))
    assert len(one.t_s) > 100
    assert cases.same(one, two)


@pytest.mark.parametrize("rule", REFRACTIONS)
@pytest.mark.parametrize("height_m", [1 * KM, 50 * KM, 300 * KM])
def test_the_horizon_of_each_refraction_rule_is_where_the_body_appears(cases, rule, height_m):
    number = REFRACTIONS.index(rule)
    arc = ruled_horizon_arc_rad(30.0, number) + ruled_horizon_arc_rad(height_m, number)
    radar = replace(cases.RADAR, **STRONG, refraction=rule, min_el_rad=-0.3)
    for share, in_view in ((0.995, True), (1.005, False)):
        # Along the equator an arc of the mean sphere is the same distance on the larger circle.
        east = 128.0 + math.degrees(share * arc) * 6_371_000.0 / SEMI_MAJOR_M
        plots = seen(cases, radar, cases.hover(0.0, east, height_m))
        assert (len(plots.t_s) > 0) is in_view


def test_rules_stand_in_their_order_none_then_mixed_then_four_thirds(cases):
    """A body that sinks away to the east leaves the view of plain rules in that order."""

    def leaves(k):
        return 0.0, 128.0 + 0.05 * k, 300 * KM

    body = cases.flights(leaves, seconds=600)
    last = {
        rule: observe(
            body,
            cases.sensors(replace(cases.RADAR, **STRONG, refraction=rule)),
            draws=cases.Chance(),
        ).t_s[-1]
        for rule in REFRACTIONS
    }
    assert last["none"] < last["mixed"] < last["four-thirds"] < 599


def test_a_steady_target_is_counted_by_marcums_probability(cases):
    seconds = 20_000
    radar = replace(cases.RADAR, fluctuation=0)
    body = cases.flights(cases.hover(26.0, 128.0, 1000 * KM + 30), seconds=seconds)
    plots = observe(body, cases.sensors(radar), draws=cases.Chance())
    p = steady_pd(10**1.3, 1e-6)
    assert p == pytest.approx(0.874, abs=0.001)
    assert abs(len(plots.t_s) - seconds * p) < 3 * math.sqrt(seconds * p * (1 - p))


def test_a_radar_that_was_off_searches_again(cases):
    """Frames of 10 s: held from 0 on, off from 20 to 33, found again at the frame of 40."""
    radar = replace(cases.RADAR, **STRONG, frame_s=10, windows_s=((0.0, 20.0), (33.0, 60.0)))
    plots = seen(cases, radar, cases.hover(0.0, 128.0, 300 * KM), seconds=60)
    assert plots.t_s.tolist() == [*np.arange(0.0, 20.0), *np.arange(40.0, 60.0)]


def test_false_plots_keep_to_windows_and_masks_without_moving_the_others(cases):
    plain = replace(cases.RADAR, false_plots_per_frame=5.0)
    body = cases.flights(cases.hover(26.0, 128.0, 300 * KM), seconds=200, rcs_m2=0.0)
    all_of = observe(body, cases.sensors(plain), draws=cases.Chance())
    windowed = replace(plain, windows_s=((50.0, 120.0),))
    some = observe(body, cases.sensors(windowed), draws=cases.Chance())
    inside = (all_of.t_s >= 50.0) & (all_of.t_s < 120.0)
    assert 0 < inside.sum() < len(inside)
    assert np.array_equal(some.los, all_of.los[inside])
    masked = replace(plain, mask_el_rad=(0.5,))
    fewer = observe(body, cases.sensors(masked), draws=cases.Chance())
    site = all_of.site_m[0] / np.linalg.norm(all_of.site_m[0])
    assert 0 < len(fewer.t_s) < len(all_of.t_s)
    assert (np.arcsin(fewer.los @ site) > 0.5 - 0.004).all()  # the vertical is geodetic
    lines = {tuple(x) for x in all_of.los}
    assert all(tuple(x) in lines for x in fewer.los)

"""False starts that satellites report from clutter."""

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from hinomi.earth.sight import clears_limb
from hinomi.earth.wgs84 import MEAN_RADIUS_M, height_above_ellipsoid
from hinomi.records.plots import FALSE_PLOT
from hinomi.watch.clutter import area_in_view_m2
from hinomi.watch.observe import observe

KM = 1e3
DARK = {"intensity_w_sr": 0.0}


def starts(cases, satellite, seconds=600, replicate=0, **options):
    body = cases.flights(cases.hover(26.0, 128.0, 300e3), seconds=seconds, **DARK)
    return observe(
        body, cases.sensors(satellite, **options), draws=cases.Chance(replicate=replicate)
    )


def test_area_in_view_is_the_cap_of_the_limb_and_of_a_field(cases):
    """Geostationary: (1 - 6371/42164.173) half spheres = 216.5 million km2; 1,000 km up 34.6."""
    for satellite, million in ((cases.HIGH, 216.49), (cases.LOW, 34.60)):
        place = np.array([satellite.semi_major_axis_m, 0.0, 0.0])
        assert area_in_view_m2(place, satellite) / 1e12 == pytest.approx(million, abs=0.02)
    narrow = replace(cases.HIGH, field_rad=math.radians(5.0))
    place = np.array([0.0, 42_164_173.0, 0.0])
    central = (
        math.asin(42_164_173.0 * math.sin(narrow.field_rad) / MEAN_RADIUS_M) - narrow.field_rad
    )
    cap = 2 * math.pi * MEAN_RADIUS_M**2 * (1 - math.cos(central))
    assert area_in_view_m2(place, narrow) == pytest.approx(cap, rel=1e-12)
    wide = replace(cases.HIGH, field_rad=math.radians(12.0))  # beyond the limb
    assert area_in_view_m2(place, wide) == area_in_view_m2(place, cases.HIGH)
    assert area_in_view_m2(place, replace(cases.HIGH, cold_only=True)) == 0.0


def test_counts_are_poisson_over_replicates(cases):
    satellite = replace(cases.HIGH, clutter_per_hour_mkm2=0.1)
    counts = np.array([len(starts(cases, satellite, replicate=r).t_s) for r in range(400)])
    mean = 0.1 * 216.49 * 600 / 3600  # 3.6; every point 20 km up inside the cap is in view
    assert counts.mean() == pytest.approx(mean, abs=3 * math.sqrt(mean / 400))
    assert counts.var() == pytest.approx(mean, abs=4 * mean * math.sqrt(2 / 400))


@pytest.mark.parametrize("kind", ["HIGH", "LOW"])
def test_false_starts_fill_the_earth_in_view_evenly_and_are_angles_only(cases, kind):
    satellite = replace(getattr(cases, kind), clutter_per_hour_mkm2=150.0, node_rad=2.2)
    plots = starts(cases, satellite, greenwich_rad=0.3)
    assert len(plots.t_s) > 500
    assert (plots.body == FALSE_PLOT).all()
    assert np.isnan(plots.range_m).all()
    assert np.isnan(plots.sigma_range_m).all()
    assert np.linalg.norm(plots.los, axis=1) == pytest.approx(1.0, abs=1e-12)
    assert set(plots.t_s % satellite.frame_s) == {0.0}
    # Where the lines meet a sphere 40 km up, the middle of the heights: a flat distribution in the
    # cosine from the sub-satellite point and in the turn about it.
    far = np.linalg.norm(plots.site_m, axis=1)
    up = plots.site_m / far[:, None]
    b = (plots.site_m * plots.los).sum(1)
    inside = b * b - far * far + (MEAN_RADIUS_M + 40e3) ** 2
    near = inside > 0
    assert near.mean() > 0.85
    point = plots.site_m + (-b - np.sqrt(np.maximum(inside, 0)))[:, None] * plots.los
    cosine = (point * up).sum(1) / (MEAN_RADIUS_M + 40e3)
    low = MEAN_RADIUS_M / far[0]
    well = near & (cosine > low + 0.2 * (1 - low))  # away from the grazing edge
    u = (1 - cosine[well]) / (1 - low) / 0.8
    assert stats.kstest(u, "uniform").pvalue > 1e-3
    side = np.cross(up, [0.0, 0.0, 1.0])
    side /= np.linalg.norm(side, axis=1)[:, None]
    turn = np.arctan2((point * np.cross(up, side)).sum(1), (point * side).sum(1))
    assert stats.kstest(turn / (2 * math.pi) + 0.5, "uniform").pvalue > 1e-3


def test_true_plots_do_not_depend_on_clutter(cases):
    body = cases.raid(3, intensity_w_sr=1e5)
    noisy = replace(cases.HIGH, clutter_per_hour_mkm2=1.0)
    clean, dirty = (
        observe(body, cases.sensors(s), draws=cases.Chance()) for s in (cases.HIGH, noisy)
    )
    caused = dirty.body != FALSE_PLOT
    assert not caused.all()
    assert np.array_equal(clean.los, dirty.los[caused])


def test_windows_and_the_sun_take_starts_away_without_moving_the_others(cases):
    satellite = replace(cases.HIGH, clutter_per_hour_mkm2=5.0)
    everything = starts(cases, satellite)
    windowed = starts(cases, replace(satellite, windows_s=((100.0, 300.0),)))
    inside = (everything.t_s >= 100.0) & (everything.t_s < 300.0)
    assert 0 < inside.sum() < len(inside)
    assert np.array_equal(windowed.los, everything.los[inside])
    sun = np.array([0.0, 0.0, 1.0])
    body = cases.flights(cases.hover(26.0, 128.0, 300e3), seconds=600, **DARK)
    group = replace(cases.sensors(replace(satellite, sun_exclusion_rad=1.5)), sun=tuple(sun))
    lit = observe(body, group, draws=cases.Chance())
    dark = everything.los @ sun <= math.cos(1.5)
    assert 0 < dark.sum() < len(dark)
    assert np.array_equal(lit.los, everything.los[dark])


def test_every_start_lies_20_to_60_km_up_in_front_of_the_limb(cases):
    """Seen from a point close above, the line of sight passes through the layer of the starts."""
    satellite = replace(cases.LOW, clutter_per_hour_mkm2=150.0, graze_m=19e3)
    plots = starts(cases, satellite, seconds=60)
    for site, line in zip(plots.site_m[:200], plots.los[:200], strict=False):
        reach = np.linspace(5e5, 4.5e6, 400)
        heights = [height_above_ellipsoid(*(site + r * line)) for r in reach]
        layer = [r for r, h in zip(reach, heights, strict=True) if 0.0 < h < 80e3]
        assert layer
        assert clears_limb(*site, *(site + layer[0] * line), 19e3)

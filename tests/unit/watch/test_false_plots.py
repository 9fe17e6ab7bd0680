"""Plots that nothing caused."""

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from hinomi.earth.wgs84 import local_axes
from hinomi.records.plots import FALSE_PLOT
from hinomi.watch.clutter import REACH, poisson
from hinomi.watch.observe import observe

EMPTY = {"seconds": 300, "rcs_m2": 0.0}


def test_quantile_of_the_poisson_distribution_agrees_with_scipy():
    for mean in (1e-4, 0.3, 5.0, 300.0):
        for u in (1e-9, 0.01, 0.3, 0.5, 0.9, 0.999, 1 - 1e-12):
            assert poisson(u, mean) == stats.poisson.ppf(u, mean)


def test_counts_are_poisson_over_replicates(cases):
    radar = replace(cases.RADAR, frame_s=3, false_plots_per_frame=0.05)
    body = cases.flights(cases.hover(26.0, 128.0, 300e3), **EMPTY)
    counts = np.array(
        [
            len(observe(body, cases.sensors(radar), draws=cases.Chance(replicate=r)).t_s)
            for r in range(400)
        ]
    )
    mean = 100 * 0.05
    assert counts.mean() == pytest.approx(mean, abs=3 * math.sqrt(mean / 400))
    assert counts.var() == pytest.approx(mean, abs=4 * mean * math.sqrt(2 / 400))


def test_false_plots_fill_the_field_of_regard_and_nothing_else(cases):
    radar = replace(
        cases.RADAR,
        frame_s=4,
        false_plots_per_frame=40.0,
        sector_rad=math.radians(90),
        face_az_rad=math.radians(310),
        min_el_rad=math.radians(3.0),
    )
    body = cases.flights(cases.hover(26.0, 128.0, 300e3), **EMPTY)
    plots = observe(body, cases.sensors(radar), draws=cases.Chance())
    assert (plots.body == FALSE_PLOT).all()
    axes = np.array(local_axes(math.radians(26.0), math.radians(128.0))).reshape(3, 3)
    east, north, up = axes @ plots.los.T
    off = np.remainder(np.arctan2(east, north) - radar.face_az_rad + math.pi, 2 * math.pi) - math.pi
    low = math.sin(radar.min_el_rad)
    # Kolmogorov's test of each coordinate against its uniform distribution.
    for u in (
        off / radar.sector_rad + 0.5,
        (up - low) / (1 - low),
        plots.range_m / (REACH * 1000e3),
    ):
        assert u.min() >= 0.0
        assert u.max() <= 1.0
        assert stats.kstest(u, "uniform").pvalue > 1e-3
    assert set(np.unique(plots.t_s % 4)) == {0.0}
    assert plots.snr_db == pytest.approx(10 * math.log10(math.log(1e6)))


def test_no_rate_no_false_plots(cases):
    body = cases.flights(cases.hover(26.0, 128.0, 300e3), **EMPTY)
    assert len(observe(body, cases.sensors(cases.RADAR), draws=cases.Chance()).t_s) == 0


def test_true_plots_do_not_depend_on_the_rate_of_false_ones(cases):
    noisy = replace(cases.RADAR, false_plots_per_frame=0.5)
    body = cases.raid(3)
    clean, dirty = (
        observe(body, cases.sensors(r), draws=cases.Chance()) for r in (cases.RADAR, noisy)
    )
    caused = dirty.body != FALSE_PLOT
    assert not caused.all()
    assert np.array_equal(clean.los, dirty.los[caused])
    assert np.array_equal(clean.body, dirty.body[caused])

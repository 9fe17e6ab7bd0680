"""Bodies too close for a radar to tell apart."""

import math
from dataclasses import replace

import numpy as np
import pytest

from hinomi.earth.wgs84 import ecef_from_geodetic
from hinomi.records.plots import Radar
from hinomi.watch.observe import observe

KM = 1e3


def radar_of(cases) -> Radar:
    """Cell 150 m in range and 1 degree in angle; small errors, steady target."""
    return replace(
        cases.RADAR, resolves=True, fluctuation=0, reference_snr_db=30.0, range_floor_m=0.1,
        angle_floor_rad=1e-6,
    )  # fmt: skip


def plots_of(cases, paths, rcs_m2, radar=None, seconds=20):
    body = cases.flights(*paths, seconds=seconds)
    body = replace(body, rcs_m2=np.tile(np.array(rcs_m2)[:, None], (1, seconds)))
    return observe(body, cases.sensors(radar or radar_of(cases)), draws=cases.Chance())


@pytest.mark.parametrize(
    ("up_m", "east_deg", "each_second"),
    [(100.0, 0.0, 1), (200.0, 0.0, 2), (0.0, 0.02, 1), (0.0, 0.08, 2)],
)
def test_bodies_merge_within_a_cell_and_not_outside(cases, up_m, east_deg, each_second):
    """At 300 km a degree of beam is 5.2 km: 0.02 degree of longitude is 2 km, 0.08 is 8 km."""
    paths = [
        cases.hover(26.0, 128.0, 300 * KM),
        cases.hover(26.0, 128.0 + east_deg, 300 * KM + up_m),
    ]
    plots = plots_of(cases, paths, (1.0, 1.0))
    assert len(plots.t_s) == 20 * each_second


def test_a_merged_plot_is_the_stronger_bodys_at_a_place_weighted_by_power(cases):
    one, two = cases.hover(26.0, 128.0, 300 * KM), cases.hover(26.0, 128.0, 300 * KM + 100.0)
    plots = plots_of(cases, [one, two], (1.0, 3.0), seconds=400)
    assert set(plots.body) == {1}
    near = 300 * KM - 30.0
    assert plots.range_m.mean() == pytest.approx(near + 75.0, abs=1.0)  # 3/4 of the way
    alone = plots_of(cases, [two], (3.0,), seconds=400)
    assert plots.snr_db.mean() - alone.snr_db.mean() == pytest.approx(
        10 * math.log10(4 / 3), abs=2e-3
    )
    assert (plots.sigma_range_m < alone.sigma_range_m).all()


def test_nothing_merges_when_the_radar_does_not_resolve(cases):
    paths = [cases.hover(26.0, 128.0, 300 * KM), cases.hover(26.0, 128.0, 300 * KM + 1.0)]
    plots = plots_of(cases, paths, (1.0, 1.0), replace(radar_of(cases), resolves=False))
    assert len(plots.t_s) == 40


def test_a_long_row_of_bodies_is_cut_from_the_strongest_on(cases):
    """Five in a row 100 m apart, cell 150 m: the strongest in the middle takes its two neighbours."""
    paths = [cases.hover(26.0, 128.0, 300 * KM + 100.0 * i) for i in range(5)]
    plots = plots_of(cases, paths, (1.0, 1.0, 2.0, 1.0, 1.5), seconds=5)
    assert sorted(plots.body[plots.t_s == 3.0]) == [0, 2, 4]


def test_merged_plots_do_not_depend_on_the_order_of_bodies(cases):
    rng = np.random.default_rng(2)
    paths = [
        cases.hover(26.0 + 0.2 * a, 128.0 + 0.2 * o, 300 * KM + 300 * h)
        for a, o, h in rng.random((12, 3))
    ]
    names = [f"b{i}" for i in range(12)]
    body = cases.flights(*paths, seconds=30, names=names)
    turn = rng.permutation(12)
    turned = replace(
        body,
        bodies=tuple(names[i] for i in turn),
        **{c: getattr(body, c)[turn] for c in ("r_m", "height_m", "rcs_m2")},
    )
    radar = replace(radar_of(cases), fluctuation=1, track_share=0.01)
    one, two = (observe(b, cases.sensors(radar), draws=cases.Chance()) for b in (body, turned))
    assert 30 < len(one.t_s) < 250
    assert cases.same(one, two, cases.COLUMNS)
    assert np.array_equal(one.body, turn[two.body])


def test_the_merged_line_of_sight_lies_between_the_two(cases):
    paths = [cases.hover(26.0, 128.0, 300 * KM), cases.hover(26.0, 128.02, 300 * KM)]
    plots = plots_of(cases, paths, (1.0, 1.0), seconds=200)
    ends = [
        np.array(ecef_from_geodetic(math.radians(26.0), math.radians(o), 300 * KM))
        - plots.site_m[0]
        for o in (128.0, 128.02)
    ]
    middle = sum(e / np.linalg.norm(e) for e in ends)
    middle /= np.linalg.norm(middle)
    spread = math.acos(ends[0] @ ends[1] / np.linalg.norm(ends[0]) / np.linalg.norm(ends[1]))
    off = np.arccos(np.clip(plots.los @ middle, -1.0, 1.0))
    assert np.linalg.norm(plots.los.mean(0) - middle) < 0.1 * spread
    assert off.max() < 0.5 * spread

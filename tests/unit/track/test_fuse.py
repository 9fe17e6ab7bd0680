"""Fusing two national pictures."""

from dataclasses import replace

import numpy as np
import pytest

from hinomi.earth.wgs84 import ecef_from_geodetic
from hinomi.records.tracks import CONFIRMED, DROPPED
from hinomi.track.follow import follow
from hinomi.track.fuse import fuse
from hinomi.track.intersect import intersect, invert


def spd(rng, n=6):
    a = rng.normal(size=(n, n))
    s = np.r_[np.full(3, 100.0), np.full(3, 10.0)]
    return (a @ a.T + 0.1 * np.eye(n)) * np.outer(s, s)


def test_inverse_equals_numpy():
    p = spd(np.random.default_rng(1))
    out = np.empty((6, 6))
    assert invert(p, out)
    assert np.allclose(out @ p, np.eye(6), atol=1e-9)
    assert not invert(-p, out)


def test_intersection_of_two_crossed_ellipses_by_hand():
    # diag(1, 4) and diag(4, 1): by symmetry the weight is a half, the fused variance 1.6.
    x, p = np.empty(2), np.empty((2, 2))
    weight = intersect(np.zeros(2), np.diag([1.0, 4.0]), np.ones(2), np.diag([4.0, 1.0]), x, p)
    assert weight == pytest.approx(0.5, abs=1e-3)
    assert np.allclose(p, 1.6 * np.eye(2), atol=3e-3)
    assert np.allclose(x, [0.2, 0.8], atol=1e-3)


@pytest.fixture(scope="module")
def pictures(coasting, radar_plots, settings):
    paths = [coasting(120), coasting(120, lat=37.5), coasting(120, lat=40.5)]
    own = radar_plots(paths, np.random.default_rng(1), keep=lambda b, _: b != 2)
    site = np.array(ecef_from_geodetic(np.radians(41.5), np.radians(140.0), 100.0))
    foreign = radar_plots(
        paths, np.random.default_rng(2), keep=lambda b, t: b != 1 and t > 30, site=site
    )
    return paths, *(
        follow(p, settings=settings, picture=n) for p, n in ((own, "A"), (foreign, "B"))
    )


@pytest.fixture(scope="module")
def fused(pictures, settings):
    return fuse(*pictures[1:], foreign_delay_s=8.0, settings=settings, picture="AB")


def test_every_body_is_one_track_whoever_sees_it(pictures, fused):
    live = fused.status == CONFIRMED
    assert len(np.unique(fused.track[live])) == 3
    for number in np.unique(fused.track[live]):
        rows = live & (fused.track == number)
        t = fused.t_s[rows].astype(int)
        miss = [np.linalg.norm(fused.mean[rows, :3] - p[t, :3], axis=1).max() for p in pictures[0]]
        assert min(miss) < 3000.0
    assert fused.plots == sum(p.plots for p in pictures[1:])
    assert (fused.plot == -1).all()


def test_rows_are_sorted_thinned_and_unique(fused, settings):
    assert (np.diff(fused.t_s) >= 0).all()
    keys = list(zip(fused.t_s, fused.track, strict=True))
    assert len(keys) == len(set(keys))
    for number in range(3):
        t = fused.t_s[(fused.track == number) & (fused.status == CONFIRMED)]
        assert np.median(np.diff(t)) == settings.fuse_every_s


def test_a_body_seen_by_one_nation_passes_unchanged(pictures, fused):
    _, own, _ = pictures
    only = [k for k in range(3) if fused.t_s[(fused.track == k)].min() < 10]
    matched = 0
    for row in np.flatnonzero(np.isin(fused.track, only) & (fused.status == CONFIRMED)):
        same = (own.t_s == fused.t_s[row]) & (own.mean[:, 0] == fused.mean[row, 0])
        if same.any():
            assert np.array_equal(own.cov[same][0], fused.cov[row])
            assert own.t_available_s[same][0] == fused.t_available_s[row]
            matched += 1
    assert matched > 20


def test_foreign_rows_arrive_late_by_the_delay(pictures, fused):
    _, _, foreign = pictures
    seen = 0
    for row in np.flatnonzero(fused.status == CONFIRMED):
        same = (foreign.t_s == fused.t_s[row]) & (foreign.mean[:, 0] == fused.mean[row, 0])
        if same.any():
            assert fused.t_available_s[row] == foreign.t_available_s[same][0] + 8.0
            seen += 1
    assert seen > 10


def test_a_fused_row_is_no_worse_than_the_own_one(pictures, fused):
    _, own, _ = pictures
    better = 0
    for row in np.flatnonzero(fused.status == CONFIRMED):
        for k in np.flatnonzero((own.t_s == fused.t_s[row]) & (own.status == CONFIRMED)):
            if np.linalg.norm(own.mean[k, :3] - fused.mean[row, :3]) < 2000.0:
                a, b = np.trace(fused.cov[row, :6, :6]), np.trace(own.cov[k, :6, :6])
                assert a <= b * (1 + 1e-9)
                better += a < 0.999 * b
    assert better > 5, "somewhere the other nation helped"


def test_fused_covariances_are_positive(fused):
    assert np.array_equal(fused.cov, np.swapaxes(fused.cov, 1, 2))
    scale = np.sqrt(np.einsum("kii->ki", fused.cov))
    assert np.linalg.eigvalsh(fused.cov / scale[:, :, None] / scale[:, None, :]).min() > 1e-12


def test_nothing_is_used_before_it_arrives(pictures, settings):
    _, own, foreign = pictures
    never = fuse(own, foreign, foreign_delay_s=1e6, settings=settings, picture="AB")
    alone = fuse(
        own, replace_with_none(foreign), foreign_delay_s=0.0, settings=settings, picture="A"
    )
    there = (never.t_available_s < 1e6) & (never.status == CONFIRMED)
    known = {(t, *m) for t, m in zip(own.t_s, own.mean.tolist(), strict=True)}
    used = {(t, *m) for t, m in zip(never.t_s[there], never.mean[there].tolist(), strict=True)}
    assert used <= known
    assert len(used) >= (alone.status == CONFIRMED).sum()


def replace_with_none(tracks):
    columns = (
        "t_s", "t_available_s", "track", "mean", "cov", "mode", "status", "grade", "plot",
        "innovation2", "innovation_size",
    )  # fmt: skip
    return replace(tracks, **{n: getattr(tracks, n)[:0] for n in columns}, plots=0)


def test_two_empty_pictures_fuse_to_an_empty_one(pictures, settings):
    none = replace_with_none(pictures[1])
    assert len(fuse(none, none, foreign_delay_s=0.0, settings=settings, picture="x").t_s) == 0


def test_each_number_ends_once(fused):
    for number in np.unique(fused.track):
        rows = fused.track == number
        ends = fused.status[rows] == DROPPED
        assert ends.sum() == 1
        assert ends[-1]


@pytest.mark.parametrize("delay_s", [10.0, 40.0])
def test_a_late_partner_holds_back_nothing_that_the_nation_has_itself(
    coasting, radar_plots, settings, delay_s
):
    """Own radar up to 60 s and from 100 s on, the partner's without a break, relayed late.

    Who has a partner has every own row when he would have had it alone.
    """
    path = [coasting(160)]
    own = radar_plots(path, np.random.default_rng(1), keep=lambda _, t: t <= 60 or t >= 100)
    site = np.array(ecef_from_geodetic(np.radians(41.5), np.radians(140.0), 100.0))
    foreign = radar_plots(path, np.random.default_rng(2), site=site)
    own, foreign = (
        follow(p, settings=settings, picture=n) for p, n in ((own, "A"), (foreign, "B"))
    )
    both = fuse(own, foreign, foreign_delay_s=delay_s, settings=settings, picture="AB")
    for number in np.unique(both.track):
        rows = both.track == number
        assert (np.diff(both.t_available_s[rows]) >= 0.0).all()
        assert (both.status[rows] == CONFIRMED).any()
    live = both.status == CONFIRMED
    again = own.t_s[(own.status == CONFIRMED) & (own.t_s >= 100)].min()
    for now in np.arange(again + 1.0, 150.0):
        alone = own.t_s[(own.t_available_s <= now) & (own.status == CONFIRMED)].max()
        known = both.t_s[live & (both.t_available_s <= now)].max()
        assert known >= alone - settings.fuse_every_s

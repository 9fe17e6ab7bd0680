"""Working space of the tracker: too little of it changes nothing but the time."""

import numpy as np
import pytest

import hinomi.track.follow as module
from hinomi.earth.wgs84 import ecef_from_geodetic
from hinomi.records.plots import Plots
from hinomi.records.tracks import CONFIRMED
from hinomi.track.filter import make_work
from hinomi.track.follow import follow
from hinomi.track.fuse import FARTHEST, PART_FACTOR, _apart
from hinomi.track.intersect import separation
from hinomi.track.slots import make_scratch

COLUMNS = ("t_s", "track", "mean", "cov", "mode", "status", "grade", "fate")


@pytest.fixture
def narrow(monkeypatch):
    """Room for one pair of a track and a report: every group with more must ask for more."""
    asked = []

    def one_pair(size):
        asked.append(size)
        return make_scratch(size, pairs=1)

    monkeypatch.setattr(module, "make_scratch", one_pair)
    return asked


def test_more_pairs_than_room_give_the_same_radar_tracks(coasting, radar_plots, settings, request):
    """Three bodies a few hundred metres apart: nine pairs a look."""
    paths = [coasting(60, lat=39.0 + 0.002 * i) for i in range(3)]
    plots = radar_plots(paths, np.random.default_rng(4))
    wide = follow(plots, settings=settings, picture="wide")
    asked = request.getfixturevalue("narrow")
    tight = follow(plots, settings=settings, picture="wide")
    assert asked
    assert len(np.unique(wide.track[wide.status == CONFIRMED])) >= 3
    for column in COLUMNS:
        np.testing.assert_array_equal(getattr(wide, column), getattr(tight, column))


def test_more_pairs_than_room_start_the_same_infrared_tracks(coasting, settings, request):
    """Two bodies before four satellites: four pairs of lines a frame."""
    rng = np.random.default_rng(6)
    paths = [coasting(60, lat=lat, lon=127.0, up=2000.0) for lat in (39.0, 39.4)]
    places = ((30.0, 120.0), (50.0, 140.0), (35.0, 150.0), (45.0, 115.0))
    sites = np.array([ecef_from_geodetic(*np.radians(at), 1000e3) for at in places])
    rows = []
    for t in range(0, 60, 2):
        for which, site in enumerate(sites):
            for path in paths:
                d = path[t, :3] - site
                u = d / np.linalg.norm(d) + 2e-5 * rng.normal(size=3)
                rows.append((t, which, *(u / np.linalg.norm(u))))
    lines = np.array(rows)
    which, count = lines[:, 1].astype(int), len(lines)
    plots = Plots(
        sensors=("S0", "S1", "S2", "S3"), owners=("A",) * 4, t_s=lines[:, 0],
        t_available_s=lines[:, 0] + 1.0, sensor=which, site_m=sites[which], los=lines[:, 2:],
        range_m=np.full(count, np.nan), sigma_los_rad=np.full(count, 2e-5),
        sigma_range_m=np.full(count, np.nan), snr_db=np.full(count, 20.0), body=np.zeros(count),
    )  # fmt: skip
    wide = follow(plots, settings=settings, picture="wide")
    request.getfixturevalue("narrow")
    tight = follow(plots, settings=settings, picture="wide")
    assert len(np.unique(wide.track[wide.status == CONFIRMED])) >= 2
    for column in COLUMNS:
        np.testing.assert_array_equal(getattr(wide, column), getattr(tight, column))


def test_a_pair_is_told_apart_early_only_where_the_whole_distance_says_so_too():
    """The bound by position alone never exceeds the distance in position and velocity."""
    rng, work, told = np.random.default_rng(5), make_work(), 0
    gate = 16.8
    for _ in range(300):
        means, covs = rng.normal(size=(2, 9)), np.empty((2, 9, 9))
        scale = np.r_[np.full(3, 300.0), np.full(3, 30.0), np.full(3, 3.0)]
        for i in range(2):
            a = rng.normal(size=(9, 9))
            covs[i] = (a @ a.T + np.eye(9)) * np.outer(scale, scale)
        means = means * scale * rng.uniform(1.0, 60.0) + np.r_[7e6, np.zeros(8)]
        x, p = np.empty((2, 9)), np.empty((2, 9, 9))
        told_d2 = _apart(
            np.zeros(2), means, covs, np.tile(np.r_[0.0, 1.0, np.zeros(4)], (2, 1)), 0, 1,
            np.array([gate, 60.0]), x, p, work,
        )  # fmt: skip
        whole = separation(means[0, :6], covs[0, :6, :6], means[1, :6], covs[1, :6, :6])
        told += told_d2 > FARTHEST * PART_FACTOR * gate
        assert told_d2 <= whole * (1.0 + 1e-9)
        if told_d2 <= PART_FACTOR * gate:
            assert told_d2 == pytest.approx(whole, rel=1e-9)
    assert told > 50

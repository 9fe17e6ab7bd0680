"""What happens to plots before they are tracked: order, lateness, corruption."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from hinomi.records.plots import Plots
from hinomi.records.tracks import CONFIRMED, PLOT_FATES
from hinomi.track.admit import admit
from hinomi.track.follow import follow

COLUMNS = ("t_s", "t_available_s", "sensor", "site_m", "los", "range_m", "sigma_los_rad",
           "sigma_range_m", "snr_db", "body", "range_rate_mps", "sigma_range_rate_mps")  # fmt: skip


def shuffled(plots, order):
    return replace(plots, **{n: np.array(getattr(plots, n))[order] for n in COLUMNS})


def fates(plots, reorder_s=30.0):
    return [PLOT_FATES[f] for f in admit(plots, reorder_s=reorder_s)[1]]


@pytest.fixture
def few(coasting, radar_plots):
    return radar_plots([coasting(9)], np.random.default_rng(0))


def with_value(plots, name, row, value):
    column = np.array(getattr(plots, name))
    column[row] = value
    return replace(plots, **{name: column})


@pytest.mark.parametrize(
    ("name", "value", "fate"),
    [
        ("t_s", np.nan, "not finite"),
        ("t_s", np.inf, "not finite"),
        ("t_available_s", np.nan, "not finite"),
        ("site_m", np.nan, "not finite"),
        ("los", np.nan, "not finite"),
        ("los", 0.9, "not finite"),
        ("range_m", np.inf, "not finite"),
        ("range_m", -5.0, "not finite"),
        ("sigma_range_m", np.nan, "not finite"),
        ("sigma_los_rad", np.nan, "not finite"),
        ("sigma_los_rad", 0.0, "bad sigma"),
        ("sigma_los_rad", -1e-3, "bad sigma"),
        ("sigma_range_m", 0.0, "bad sigma"),
        ("sensor", 2, "unknown sensor"),
        ("sensor", -1, "unknown sensor"),
    ],
)
def test_a_plot_that_cannot_be_used_has_its_fate_and_the_others_are_used(few, name, value, fate):
    bad = with_value(few, name, 4, value)
    got = fates(bad)
    assert got[4] == fate
    assert got[:4] + got[5:] == ["unused"] * 9
    assert 4 not in admit(bad, reorder_s=30.0)[0]


def test_infrared_needs_no_range(few):
    lines = with_value(with_value(few, "range_m", slice(None), np.nan), "sigma_range_m", 3, np.nan)
    assert fates(lines) == ["unused"] * 10


def test_the_first_to_arrive_of_two_equal_plots_is_kept(few):
    twice = shuffled(few, [*range(10), 5, 5])
    late = np.array(twice.t_available_s)
    late[5] += 3.0
    assert [
        i for i, f in enumerate(fates(replace(twice, t_available_s=late))) if f == "duplicate"
    ] == [5, 11]


def test_late_means_older_than_the_buffer_when_it_arrives(few):
    there = np.array(few.t_s) + 1.0
    there[2] = 6.5  # measured at 2, after the plot of 5 (there at 6)
    late = replace(few, t_available_s=there)
    assert fates(late, reorder_s=3.0) == ["unused"] * 10
    assert fates(late, reorder_s=2.9)[2] == "late"
    assert fates(late, reorder_s=2.9).count("late") == 1


def test_a_wrong_clock_does_not_make_the_others_late(few):
    assert fates(with_value(few, "t_s", 1, 1e6), reorder_s=5.0).count("late") == 0


def test_within_the_buffer_the_order_of_arrival_does_not_matter(coasting, radar_plots, settings):
    plots = radar_plots([coasting(60)], np.random.default_rng(3))
    want = follow(plots, settings=settings, picture="p")
    order = np.random.default_rng(4).permutation(len(plots.t_s))
    got = follow(shuffled(plots, order), settings=settings, picture="p")
    assert np.array_equal(got.mean, want.mean)
    assert np.array_equal(got.cov, want.cov)
    live = want.plot >= 0
    assert np.array_equal(order[got.plot[live]], want.plot[live]), "plots count as given"
    assert np.array_equal(got.fate, want.fate[order])


def test_late_plots_are_counted_and_change_nothing(coasting, radar_plots, settings):
    plots = radar_plots([coasting(60)], np.random.default_rng(3))
    kept = np.flatnonzero(plots.t_s != 20.0)
    want = follow(shuffled(plots, kept), settings=settings, picture="p")
    there = np.where(plots.t_s == 20.0, 55.5, plots.t_available_s)
    got = follow(replace(plots, t_available_s=there), settings=settings, picture="p")
    assert np.array_equal(got.mean, want.mean)
    assert [PLOT_FATES[f] for f in got.fate].count("late") == 1


@hypothesis_settings(derandomize=True, max_examples=40, deadline=None)
@given(st.integers(0, 2**31), st.floats(0, 1))
def test_every_plot_has_one_fate_and_nothing_crashes(seed, share):
    """Shuffled, repeated, made not finite, unknown, without error: whatever arrives is counted."""
    rng = np.random.default_rng(seed)
    plots = corrupted(rng, 60, share)
    got = follow(plots, settings=PLAIN, picture="p", single_look_starts=bool(rng.integers(2)))
    assert len(got.fate) == len(plots.t_s) == got.plots
    assert np.bincount(got.fate, minlength=len(PLOT_FATES)).sum() == len(plots.t_s)
    assert set(got.fate[got.plot[got.plot >= 0]]) <= {0, 2}, (
        "a start that nothing followed is unused"
    )
    assert np.isfinite(got.mean).all()
    assert np.isfinite(got.cov).all()
    if share == 1.0:
        assert len(got.t_s) == 0


def corrupted(rng, n, share):
    los = rng.normal(size=(n, 3))
    los /= np.linalg.norm(los, axis=1)[:, None]
    t = rng.integers(0, 40, n).astype(float)
    columns = {
        "t_s": t, "t_available_s": t + rng.uniform(0, 60, n), "sensor": rng.integers(0, 2, n),
        "site_m": np.tile([6.4e6, 0.0, 0.0], (n, 1)), "los": los,
        "range_m": np.where(rng.random(n) < 0.3, np.nan, rng.uniform(1e4, 2e6, n)),
        "sigma_los_rad": np.full(n, 1e-3), "sigma_range_m": np.full(n, 30.0),
        "snr_db": np.full(n, 10.0), "body": np.zeros(n),
        "range_rate_mps": rng.choice([np.nan, 1e3, np.inf], n),
        "sigma_range_rate_mps": rng.choice([np.nan, 2.0, 0.0, -1.0], n),
    }  # fmt: skip
    again = rng.integers(0, n, n)
    columns = {k: np.where(rng.random(n) < 0.1, v.T, v[again].T).T for k, v in columns.items()}
    for row in np.flatnonzero(rng.random(n) < share):
        name = rng.choice(["t_s", "t_available_s", "site_m", "los", "sigma_los_rad", "sensor"])
        values = [7, -3] if name == "sensor" else [np.nan, np.inf, -np.inf, 1e300]
        if name == "sigma_los_rad":
            values += [0.0, -1.0]
        columns[name][row] = rng.choice(values)
    return Plots(sensors=("a", "b"), owners=("A", "B"), **columns)


@pytest.fixture(autouse=True, scope="module")
def plain(settings):
    global PLAIN
    PLAIN = settings


def test_only_bad_plots_give_no_tracks(few, settings):
    bad = replace(few, sigma_los_rad=np.zeros(10))
    got = follow(bad, settings=settings, picture="p")
    assert len(got.t_s) == 0
    assert [PLOT_FATES[f] for f in got.fate] == ["bad sigma"] * 10


def test_a_target_among_a_thousand_false_plots_a_frame_is_tracked(coasting, radar_plots, settings):
    path = coasting(9)
    rng = np.random.default_rng(1)
    true = radar_plots([path], rng)
    n = 10_000
    site = true.site_m[0]
    los = rng.normal(size=(n, 3))
    los = los / np.linalg.norm(los, axis=1)[:, None] + 1.2 * site / np.linalg.norm(site)
    los /= np.linalg.norm(los, axis=1)[:, None]
    t = np.repeat(np.arange(10.0), 1000)
    false = replace(
        true, t_s=t, t_available_s=t + 1.0, sensor=np.zeros(n), site_m=np.tile(site, (n, 1)),
        los=los, range_m=rng.uniform(200e3, 1500e3, n), sigma_los_rad=np.full(n, 5e-4),
        sigma_range_m=np.full(n, 20.0), snr_db=np.full(n, 15.0), body=np.full(n, -1),
        range_rate_mps=np.full(n, np.nan), sigma_range_rate_mps=np.full(n, np.nan),
    )  # fmt: skip
    both = replace(
        true, **{c: np.concatenate([getattr(false, c), getattr(true, c)]) for c in COLUMNS}
    )
    got = follow(both, settings=settings, picture="p")
    assert np.bincount(got.fate, minlength=len(PLOT_FATES)).sum() == n + 10
    good = [
        k for k in np.unique(got.track[got.status == CONFIRMED])
        if (both.body[got.plot[(got.track == k) & (got.plot >= 0)]] == 0).sum() >= 8
    ]  # fmt: skip
    assert len(good) == 1

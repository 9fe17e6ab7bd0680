"""Properties of the sensors that hold for any raid."""

import runpy
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from hinomi.watch.observe import observe

CASES = SimpleNamespace(
    **runpy.run_path(str(Path(__file__).parents[1] / "unit" / "watch" / "watch_cases.py"))
)
LAZY = settings(max_examples=15, deadline=None, derandomize=True)

radars = st.builds(
    lambda i, lat, lon, reach, frame, revisit: replace(
        CASES.RADAR,
        name=f"R{i}",
        lat_deg=lat,
        lon_deg=lon,
        reference_range_m=reach,
        frame_s=frame,
        revisit_s=revisit,
    ),
    st.integers(0, 10**6),
    st.floats(24, 40),
    st.floats(122, 140),
    st.floats(2e5, 3e6),
    st.integers(1, 12),
    st.integers(1, 4),
)
groups = st.lists(radars, min_size=1, max_size=4, unique_by=lambda r: r.name)
seeds = st.integers(0, 2**32)


def rows(plots):
    """Plots as (sensor name, time, body, line of sight), wherever the sensor stands in the list."""
    return {
        (plots.sensors[s], t, b, *line)
        for s, t, b, line in zip(
            plots.sensor, plots.t_s, plots.body, plots.los.tolist(), strict=True
        )
    }


@LAZY
@given(groups, radars, seeds)
def test_one_more_sensor_never_takes_a_plot_away(group, more, seed):
    body = CASES.raid(2, seconds=300)
    if any(r.name == more.name for r in group):
        return
    few = observe(body, CASES.sensors(*group), draws=CASES.Chance(seed))
    many = observe(body, CASES.sensors(more, *group), draws=CASES.Chance(seed))
    assert rows(few) <= rows(many)
    assert {r[0] for r in rows(many) - rows(few)} <= {more.name}


@LAZY
@given(radars, seeds, st.floats(1.0, 30.0))
def test_a_larger_body_is_first_seen_no_later(radar, seed, factor):
    """The same draws: what is detected small is detected large, while nobody holds it yet."""
    small, large = (
        observe(
            CASES.raid(1, seconds=400, rcs_m2=r), CASES.sensors(radar), draws=CASES.Chance(seed)
        )
        for r in (0.1, 0.1 * factor)
    )
    if len(small.t_s):
        assert large.t_s[0] <= small.t_s[0]


@LAZY
@given(groups, seeds, st.integers(0, 3))
def test_bodies_do_not_change_each_other(group, seed, replicate):
    """A second body adds its own plots and leaves those of the first as they are."""
    draws = CASES.Chance(seed, replicate)
    one, two = (
        observe(CASES.raid(n, seconds=300), CASES.sensors(*group), draws=draws) for n in (1, 2)
    )
    alone = two.body == 0
    assert np.array_equal(one.los, two.los[alone])
    assert np.array_equal(one.t_s, two.t_s[alone])


@LAZY
@given(groups, seeds)
def test_plots_are_whole_and_ordered(group, seed):
    body = CASES.raid(3, seconds=300)
    plots = observe(body, CASES.sensors(*group), draws=CASES.Chance(seed))
    assert np.array_equal(
        np.lexsort((plots.range_m, plots.sensor, plots.t_s)), np.arange(len(plots.t_s))
    )
    assert np.abs(np.linalg.norm(plots.los, axis=1) - 1.0).max(initial=0.0) < 1e-12
    assert (plots.t_available_s > plots.t_s).all()
    assert (plots.range_m > 0.0).all()
    for s in range(len(group)):
        assert (np.diff(plots.t_available_s[plots.sensor == s]) >= 0.0).all()


windows = st.lists(
    st.tuples(st.integers(0, 250), st.integers(1, 120)).map(lambda w: (w[0], w[0] + w[1])),
    min_size=1,
    max_size=3,
).map(lambda group: tuple((float(a), float(b)) for a, b in group))
shares = st.floats(0.001, 0.5)


def permuted(body, turn):
    """The same bodies in another order, under their own names."""
    columns = ("r_m", "height_m", "rcs_m2", "intensity_w_sr", "first", "last")
    return replace(
        body,
        bodies=tuple(body.bodies[i] for i in turn),
        **{c: np.asarray(getattr(body, c))[turn] for c in columns},
    )


@LAZY
@given(groups, seeds, st.permutations(range(5)), shares, st.booleans())
def test_permuting_the_bodies_changes_nothing_but_the_tags(group, seed, turn, share, resolves):
    group = [replace(r, track_share=share, resolves=resolves) for r in group]
    low = replace(CASES.LOW, node_rad=2.3, argument_rad=0.6, sun_exclusion_rad=0.3, field_rad=1.0)
    sensors = replace(CASES.sensors(*group, CASES.HIGH, low), sun=(0.6, 0.8, 0.0))
    body = CASES.raid(5, seconds=300, intensity_w_sr=1e5)
    one = observe(body, sensors, draws=CASES.Chance(seed))
    two = observe(permuted(body, list(turn)), sensors, draws=CASES.Chance(seed))
    assert CASES.same(one, two, CASES.COLUMNS)
    assert np.array_equal(one.body, np.array(turn)[two.body])


@LAZY
@given(radars, seeds, windows)
def test_a_window_takes_away_exactly_the_looks_outside_it(radar, seed, group):
    """For looks that do not depend on earlier ones: a radar that looks every second."""
    body = CASES.raid(2, seconds=300, intensity_w_sr=1e5)
    every = replace(radar, frame_s=1, revisit_s=1, false_plots_per_frame=0.05)
    noisy = replace(CASES.HIGH, frame_s=1, clutter_per_hour_mkm2=0.2)
    full = observe(body, CASES.sensors(every, noisy), draws=CASES.Chance(seed))
    some = observe(
        body,
        CASES.sensors(replace(every, windows_s=group), replace(noisy, windows_s=group)),
        draws=CASES.Chance(seed),
    )
    inside = np.any([(full.t_s >= a) & (full.t_s < b) for a, b in group], axis=0)
    for column in (*CASES.COLUMNS, "body"):
        assert np.array_equal(
            getattr(some, column), getattr(full, column)[inside], equal_nan=column != "sensor"
        )


@LAZY
@given(
    radars,
    seeds,
    st.lists(st.floats(-0.05, 1.2), min_size=1, max_size=36),
    st.lists(st.floats(0.0, 0.5), min_size=36, max_size=36),
)
def test_a_mask_that_is_raised_never_adds_plots(radar, seed, mask, more):
    radar = replace(radar, frame_s=1, revisit_s=1, false_plots_per_frame=0.02)
    low = replace(radar, mask_el_rad=tuple(mask))
    high = replace(radar, mask_el_rad=tuple(a + b for a, b in zip(mask, more, strict=False)))
    body = CASES.raid(2, seconds=300)
    plain, few, fewer = (
        rows(observe(body, CASES.sensors(r), draws=CASES.Chance(seed))) for r in (radar, low, high)
    )
    assert fewer <= few <= plain


@LAZY
@given(radars, seeds, st.sampled_from(["mixed", "four-thirds", "none"]))
def test_a_body_under_the_horizon_is_never_seen(radar, seed, rule):
    """However strong, under every refraction rule: nothing from the other half of the Earth."""
    strong = replace(
        radar, reference_range_m=1e9, min_el_rad=-0.5, refraction=rule, frame_s=1, revisit_s=1
    )
    far = (-radar.lat_deg, radar.lon_deg - 180.0)
    paths = [
        CASES.hover(far[0] + dlat, far[1] + dlon, 300e3)
        for dlat, dlon in ((0.0, 0.0), (20.0, 30.0), (-20.0, 50.0))
    ]
    body = CASES.flights(*paths, seconds=20, intensity_w_sr=1e12)
    satellite = replace(CASES.HIGH, frame_s=1, node_rad=np.radians(radar.lon_deg), graze_m=0.0)
    assert len(observe(body, CASES.sensors(strong, satellite), draws=CASES.Chance(seed)).t_s) == 0


@LAZY
@given(st.integers(1, 30), shares, shares, st.integers(1, 3), seeds)
def test_a_smaller_share_of_time_never_makes_a_radar_look_more_often(n, one, two, revisit, seed):
    """Steady bodies that stay: all are held from their first look on."""
    paths = [CASES.hover(26.0, 128.0 + 0.02 * i, 900e3) for i in range(n)]
    body = CASES.flights(*paths, seconds=60)
    radar = replace(CASES.RADAR, fluctuation=0, reference_snr_db=30.0, revisit_s=revisit)
    gaps, counts = [], []
    for share in (np.inf, max(one, two), min(one, two)):
        plots = observe(
            body, CASES.sensors(replace(radar, track_share=share)), draws=CASES.Chance(seed)
        )
        times = [plots.t_s[plots.body == b] for b in range(n)]
        counts.append([len(t) for t in times])
        gaps.append(min((np.diff(t).min() for t in times if len(t) > 1), default=np.inf))
    assert gaps[0] == revisit
    assert gaps[1] >= revisit
    assert gaps[2] >= revisit
    assert counts[0] >= counts[1] >= counts[2]

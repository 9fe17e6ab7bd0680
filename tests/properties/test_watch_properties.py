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

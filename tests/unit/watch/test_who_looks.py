"""Which sensors look, and in what order their plots come."""

from dataclasses import replace

import numpy as np
import pytest

from hinomi.records.plots import Cue
from hinomi.watch.observe import cued_from, observe


def group(cases, false_rate=0.02):
    return cases.sensors(
        replace(cases.RADAR, frame_s=5, false_plots_per_frame=false_rate),
        replace(
            cases.RADAR, name="SECOND", owner="US", lat_deg=33.0, false_plots_per_frame=false_rate
        ),
        cases.HIGH,
        replace(cases.HIGH, name="OTHER", owner="J", node_rad=2.5, bias_rad=1e-4),
        greenwich_rad=0.3,
    )


@pytest.mark.parametrize("owner", ["J", "US"])
def test_an_owner_gets_exactly_its_share_of_the_plots_of_all(cases, owner):
    body = cases.raid(intensity_w_sr=1e5)
    everything = observe(body, group(cases), draws=cases.Chance())
    own = observe(body, group(cases), draws=cases.Chance(), owner=owner)
    mine = np.array([o == owner for o in everything.owners])[everything.sensor]
    assert 0 < mine.sum() < len(mine)
    for column in (*cases.COLUMNS, "body"):
        assert np.array_equal(
            getattr(own, column), getattr(everything, column)[mine], equal_nan=column != "sensor"
        )
    assert own.sensors == everything.sensors


def test_an_absent_sensor_is_silent_and_changes_nothing_else(cases):
    body = cases.raid(intensity_w_sr=1e5)
    everything = observe(body, group(cases), draws=cases.Chance())
    rest = observe(body, group(cases), draws=cases.Chance(), present=[True, False, True, True])
    stays = everything.sensor != 1
    assert (~stays).any()
    assert np.array_equal(rest.los, everything.los[stays])
    assert np.array_equal(rest.sensor, everything.sensor[stays])


def test_presence_must_name_every_sensor(cases):
    with pytest.raises(ValueError, match="4 sensors"):
        observe(cases.raid(1), group(cases), draws=cases.Chance(), present=[True])


def test_nobody_looking_and_nothing_flying_are_no_plots(cases):
    assert len(observe(cases.raid(1), group(cases), draws=cases.Chance(), owner="nobody").t_s) == 0
    assert len(observe(cases.raid(1), cases.sensors(), draws=cases.Chance()).t_s) == 0
    assert (
        len(
            observe(cases.flights(seconds=10), cases.sensors(cases.RADAR), draws=cases.Chance()).t_s
        )
        == 0
    )


def test_the_same_call_gives_the_same_plots_and_another_replicate_others(cases):
    body = cases.raid(intensity_w_sr=1e5)
    one, two = (observe(body, group(cases), draws=cases.Chance()) for _ in range(2))
    assert cases.same(one, two)
    other = observe(body, group(cases), draws=cases.Chance(replicate=1))
    assert not cases.same(one, other)


@pytest.mark.parametrize("false_rate", [0.0, 0.02])
def test_order_of_rows_does_not_depend_on_the_order_of_bodies(cases, false_rate):
    """The same bodies in reverse: all columns but the truth are equal."""
    names = ("a", "b", "c", "d")
    body = cases.raid(4, intensity_w_sr=1e5, names=names)
    back = replace(
        body,
        bodies=names[::-1],
        **{
            c: np.asarray(getattr(body, c))[::-1]
            for c in ("r_m", "height_m", "intensity_w_sr", "rcs_m2")
        },
    )
    one = observe(body, group(cases, false_rate), draws=cases.Chance())
    two = observe(back, group(cases, false_rate), draws=cases.Chance())
    assert cases.same(one, two, cases.COLUMNS)
    caused = one.body >= 0
    assert np.array_equal(one.body[caused], 3 - two.body[caused])
    assert len(np.unique(one.body)) == (5 if false_rate else 4)


@pytest.mark.parametrize("false_rate", [0.0, 0.02])
def test_rows_run_by_time_then_sensor_then_measured_value(cases, false_rate):
    plots = observe(cases.raid(intensity_w_sr=1e5), group(cases, false_rate), draws=cases.Chance())
    value = np.where(np.isnan(plots.range_m), plots.los[:, 0], plots.range_m)
    assert np.array_equal(np.lexsort((value, plots.sensor, plots.t_s)), np.arange(len(value)))


def test_a_body_that_starts_after_the_last_second_is_seen_by_nobody(cases):
    """Beside others nothing changes; cues point at it neither."""
    cue = Cue(t_s=5.0, r_m=(0.0, 0.0, 0.0), radius_m=1e8)
    raid = cases.raid(2, seconds=60)
    late = replace(raid, first=np.array([0, 60]), last=np.array([59, 59]))
    assert cued_from(late, [cue]).tolist() == [5.0, np.inf]
    assert cued_from(late, []).tolist() == [np.inf, np.inf]
    seen = observe(late, cases.sensors(cases.HIGH), draws=cases.Chance(), cues=[cue])
    assert (seen.body == 0).all()


def test_a_body_at_a_sensor_itself_gives_no_plot(cases):
    """It has no direction: every number of a plot is finite."""
    radar = replace(cases.RADAR, lat_deg=26.0, lon_deg=128.0, min_el_rad=-1.5)
    paths = [cases.hover(26.0, 128.0, radar.height_m), cases.hover(26.0, 128.0, 50e3)]
    seen = observe(
        cases.flights(*paths, seconds=5, rcs_m2=100.0), cases.sensors(radar), draws=cases.Chance()
    )
    assert (seen.body == 1).sum() == 5
    assert len(seen.t_s) == 5
    assert np.isfinite(seen.los).all()

"""Time of a radar shared between its tracks."""

import math
from dataclasses import replace

import numpy as np
import pytest

from hinomi.watch.budget import dwelled, least_dwell_us, stretched
from hinomi.watch.observe import observe

KM = 1e3
FIELDS = {"dwell": 0.1, "snr0": 10**1.3, "revisit": 1.0, "share": 0.5}
ROW = np.array([tuple(FIELDS.values())], dtype=[(n, float) for n in FIELDS])[0]


def ring(cases, bodies, height_m, seconds=60):
    """Bodies overhead, 0.05 degree apart, all at nearly the same range."""
    paths = [cases.hover(26.0, 128.0 + 0.05 * i, height_m) for i in range(bodies)]
    return cases.flights(*paths, seconds=seconds)


def test_a_track_needs_the_dwell_that_gives_the_reference_ratio():
    """100 ms at the reference range, 1/16 at half of it, 1 ms at least, all of it further out."""
    at = lambda share: least_dwell_us(ROW, ROW["snr0"] / share**4)  # noqa: E731
    assert at(1.0) == 100_000
    assert at(0.5) == 6_250
    assert at(0.2) == 1_000
    assert at(2.0) == 100_000
    assert least_dwell_us(ROW, -1.0) == 100_000


def test_revisits_stretch_by_the_load_and_round_up():
    assert [stretched(2, f) for f in (0.3, 1.0, 1.2, 1.5, 2.0, 2.01)] == [2, 2, 3, 3, 4, 5]


def test_the_ratio_of_a_look_follows_its_dwell():
    """Full while there is time to spare, the reference ratio when there is none."""
    full = ROW["snr0"] * 16.0
    assert dwelled(ROW, full, 0.01) == pytest.approx(full)
    assert dwelled(ROW, full, 0.5) == pytest.approx(2.0 * ROW["snr0"])
    assert dwelled(ROW, full, 3.0) == pytest.approx(ROW["snr0"])
    assert dwelled(ROW, 1.0, 3.0) == 1.0  # weak ones keep the reference dwell


@pytest.mark.parametrize(("bodies", "step"), [(5, 1), (6, 2), (10, 2), (11, 3)])
def test_half_the_time_serves_five_tracks_a_second_at_the_reference_range(cases, bodies, step):
    """Each takes 0.1 s of the 0.5 s: the sixth track halves the rate of all."""
    radar = replace(
        cases.RADAR, track_share=0.5, fluctuation=0, reference_snr_db=30.0, false_alarm_probability=1e-6
    )  # fmt: skip
    plots = observe(ring(cases, bodies, 1010 * KM), cases.sensors(radar), draws=cases.Chance())
    for b in range(bodies):
        t = plots.t_s[plots.body == b]
        assert set(np.diff(t[3:])) == {float(step)}


def test_dwells_of_all_tracks_fit_into_the_share(cases):
    """What the plots say of their ratios gives back the time spent: never over the share."""
    spent = []
    for bodies in (1, 8, 30):
        radar = replace(cases.RADAR, track_share=0.5, fluctuation=0, reference_snr_db=20.0)
        body = ring(cases, bodies, 700 * KM)
        plots = observe(body, cases.sensors(radar), draws=cases.Chance())
        late = plots.t_s >= 5.0  # the first look at each is a search, in the other half of the time
        ranges = np.linalg.norm(body.r_m[plots.body, 0] - plots.site_m, axis=1)
        dwells = 0.1 * 10 ** (0.1 * plots.snr_db - 2.0) * (ranges / 1e6) ** 4
        spent.append(dwells[late].sum() / 55.0)
    # One body: a full dwell. Eight: all the time. Thirty: 0.024 s or a little
    # more each, at 28 of the 55 seconds.
    assert spent == pytest.approx([0.1, 0.5, 0.375], rel=0.03)


def test_without_a_budget_many_bodies_cost_nothing(cases):
    radar = replace(cases.RADAR, fluctuation=0, reference_snr_db=30.0)
    plots = observe(ring(cases, 40, 500 * KM, 10), cases.sensors(radar), draws=cases.Chance())
    assert len(plots.t_s) == 400


def test_bodies_that_ended_cost_no_time(cases):
    """Ten bodies, of which nine end at 20 s: from then on the last is seen every second."""
    body = ring(cases, 10, 1010 * KM)
    last = np.full(10, 20)
    last[0] = 59
    body = replace(body, last=last)
    radar = replace(cases.RADAR, track_share=0.5, fluctuation=0, reference_snr_db=30.0)
    plots = observe(body, cases.sensors(radar), draws=cases.Chance())
    gaps = np.diff(plots.t_s[plots.body == 0])
    t = plots.t_s[plots.body == 0][:-1]
    assert set(gaps[(t > 3.0) & (t < 19.0)]) == {2.0}
    assert set(gaps[t > 22.0]) == {1.0}
    assert math.isclose(plots.t_s[-1], 59.0)

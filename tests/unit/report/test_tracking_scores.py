"""Scores of a picture in long form, and what they become over replicates."""

import json

import numpy as np
import pyarrow as pa
import pytest

from hinomi.earth.wgs84 import ecef_from_geodetic, local_axes
from hinomi.records.flights import BOOST, COAST, ENDED, FALL, WAITING, Flights
from hinomi.records.tracks import CONFIRMED, CUE_GRADE, DROPPED, WARNING_GRADE, Tracks
from hinomi.report.tracking import ABSENT, tracking_section
from hinomi.study.tracking import UNITS, score_columns, track_scores
from hinomi.study.tracking_summary import ratio_interval, summarise_tracking

T = 101
E, N, _ = np.array(local_axes(0.6, 2.3)).reshape(3, 3)


def flights():
    """Two bodies 100 km apart and a stage of the first, level at 1,000 m/s; 10 to 100 s."""
    second = np.arange(T)
    phase = np.select([second < 10, second < 40, second < 80, second < 101], [WAITING, BOOST, COAST, FALL], ENDED)  # fmt: skip
    base = np.array(ecef_from_geodetic(0.6, 2.3, 70e3))
    r = base + second[None, :, None] * 1e3 * E + np.array([0.0, 1e5, 3e5])[:, None, None] * N
    r[:, second < 10] = np.nan
    return Flights(
        bodies=("a", "b", "a/stage1"), classes=("x",) * 3, kinds=("ballistic",) * 3,
        t_s=second.astype(float), r_m=r, v_mps=np.where(np.isnan(r), np.nan, 1e3 * E),
        height_m=np.full((3, T), 70e3), phase=np.tile(phase, (3, 1)),
        intensity_w_sr=np.zeros((3, T, 2)), rcs_m2=np.ones((3, T)), first=np.full(3, 10),
        last=np.full(3, 100), launch_t_s=np.full(3, 9.5), burnout_t_s=np.full(3, 40.0),
        end_t_s=np.full(3, 100.5), end_lat_deg=np.zeros(3), end_lon_deg=np.zeros(3),
        apogee_m=np.full(3, 7e4), parent=np.array([-1, -1, 0]),
    )  # fmt: skip


def picture(rows, flown):
    """From (track, t_s, body, error north in m, status, grade): a 100-m claim, 5 s late."""
    rows = sorted(rows, key=lambda r: (r[1], r[0]))
    k = len(rows)
    mean = np.zeros((k, 9))
    for i, (_, t, body, off, *_rest) in enumerate(rows):
        mean[i, :6] = np.r_[flown.r_m[body, t] + off * N, flown.v_mps[body, t]]
    t = np.array([r[1] for r in rows], float)
    return Tracks(
        picture="toy", t_s=t, t_available_s=t + 5.0, track=np.array([r[0] for r in rows]),
        mean=mean, cov=np.tile(np.diag([1e4] * 3 + [1e2] * 6), (k, 1, 1)),
        mode=np.tile([0.0, 1.0, 0.0, 0.0], (k, 1)), status=np.array([r[4] for r in rows]),
        grade=np.array([r[5] for r in rows]), plot=np.full(k, -1), plots=0,
    )  # fmt: skip


def scored(rows, joined, **more):
    flown = flights()
    found = track_scores(picture(rows, flown), flown, joined=joined, **more)
    return {(s.phase, s.measure): (s.value, s.count) for s in found}


def row(track, t, body, off=100.0, status=CONFIRMED, grade=WARNING_GRADE):
    return (track, t, body, off, status, grade)


@pytest.fixture(scope="module")
def held():
    """Body a tracked from 20 to 100 s with 100 m error, body b never, the stage at 50 and 60 s."""
    rows = [row(0, t, 0, grade=CUE_GRADE if t >= 50 else WARNING_GRADE) for t in range(20, 101, 10)]
    rows += [row(1, t, 2) for t in (50, 60)] + [row(1, 61, 2, status=DROPPED, grade=0)]
    return scored(rows, {0: 0, 1: 2}, detected_s=np.array([15.5, 19.5, np.inf]))


def test_errors_and_their_consistency_by_hand(held):
    """100 m on one axis of a claim of 100 m: squared error 1 of an expected 6."""
    assert held["all", "position_rmse_m"] == (pytest.approx(100.0), 9)
    assert held["all", "claimed_position_m"][0] == pytest.approx(100 * np.sqrt(3))
    assert held["all", "nees"] == (pytest.approx(1.0), 1)  # one track, however many rows
    assert held["all", "inside_share"] == (1.0, 1)
    assert held["boost", "position_rmse_m"][1] == 2
    assert held["fall", "position_rmse_m"][1] == 3


def test_the_whole_picture_by_hand(held):
    """Ten times from 10 to 100 s; body a has a track at nine, b at none."""
    assert held["all", "completeness"] == (pytest.approx(9 / 20), 20)
    assert held["boost", "completeness"] == (pytest.approx(2 / 6), 6)
    assert held["all", "continuity"] == (pytest.approx(80 / 180), 2)
    assert held["all", "spuriousness"] == (0.0, 9)
    assert held["all", "ambiguity"][0] == 1.0
    missed = np.sqrt((9 * 1 + 1 * 2) / 10 * 1e8 / 2)
    assert held["all", "gospa_missed_m"][0] == pytest.approx(missed)
    assert held["all", "gospa_localisation_m"][0] == pytest.approx(100.0 * np.sqrt(0.9))
    assert held["all", "gospa_false_m"][0] == 0.0
    whole = held["all", "gospa_m"][0] ** 2
    assert whole == pytest.approx(missed**2 + 0.9e4)


def test_a_track_on_a_spent_stage_is_counted_apart_and_never_false(held):
    assert held["all", "stage_tracks"] == (1.0, 2)
    astray = scored([row(0, t, 0, off=50e3) for t in (20, 30)], {0: -1})
    assert astray["all", "stage_tracks"][0] == 0.0
    assert astray["all", "spuriousness"][0] == 1.0


def test_times_are_after_ignition_and_when_the_owner_has_them(held):
    """Body a: grade W at 25 s, Q at 55 s; ignition 9.5 s; b never, so the median is never."""
    assert held["all", "to_detection_s"] == (pytest.approx(8.0), 2)
    assert held["all", "to_w_s"][0] == np.inf
    assert held["all", "reached_w"] == (0.5, 2)
    assert held["all", "reached_e"] == (0.0, 2)
    both = [row(k, t, k) for k in (0, 1) for t in (20 + 10 * k, 60)]
    found = scored(both, {0: 0, 1: 1})
    assert found["all", "to_w_s"][0] == pytest.approx((25.0 + 35.0) / 2 - 9.5)
    assert ("all", "to_detection_s") not in found


def test_an_empty_picture_misses_everything():
    found = scored([], {})
    assert found["all", "completeness"][0] == 0.0
    assert found["all", "gospa_m"][0] == pytest.approx(1e4)
    assert ("all", "nees") not in found
    assert ("all", "ambiguity") not in found


def test_columns_have_a_unit_for_every_measure(held):
    flown = flights()
    made = picture([row(0, 20, 0)], flown)
    columns = score_columns(made, track_scores(made, flown, joined={0: 0}))
    assert list(columns) == ["picture", "phase", "measure", "value", "count", "unit"]
    assert columns["unit"] == [UNITS[m] for m in columns["measure"]]
    assert {m for _, m in held} <= set(UNITS)


def table(rows):
    names = ("replicate", "architecture", "picture", "phase", "measure", "value", "count", "unit")
    return pa.table({n: [r[i] for r in rows] for i, n in enumerate(names)})


def summarised(measure, values, counts, phase="all"):
    rows = [
        (r, "one", "p", phase, measure, float(v), c, UNITS[measure])
        for r, (v, c) in enumerate(zip(values, counts, strict=True))
    ]
    out = summarise_tracking(table(rows))
    assert json.loads(json.dumps(out, allow_nan=False)) == out
    return out["architectures"]["one"]["phases"][phase][measure]


def test_errors_are_pooled_in_squares_by_what_they_were_taken_over():
    found = summarised("position_rmse_m", [100.0, 300.0], [3, 1])
    assert found["value"] == pytest.approx(np.sqrt((3 * 1e4 + 9e4) / 4))
    assert (found["n"], found["count"]) == (2, 4)


def test_normalised_errors_have_bounds_and_a_verdict_for_the_number_of_tracks():
    found = summarised("nees", [24.0] * 5, [10] * 5, phase="coast")
    assert found["bounds"] == pytest.approx([5.0783, 6.9975], abs=1e-3)
    assert found["verdict"] == "optimistic by a factor 2.0"
    assert summarised("nees", [24.0], [4])["verdict"] == "too few tracks to tell (4)"
    assert summarised("nis", [1.0, 1.0], [500, 700])["verdict"] == "consistent"


def test_a_time_that_never_came_in_most_replicates_is_null_and_told():
    rows = [
        (r, "one", "p", "all", "to_e_s", v, 8, "s") for r, v in enumerate([90.0, np.inf, np.inf])
    ]
    rows += [(r, "one", "p", "all", "reached_e", v, 8, "1") for r, v in enumerate([0.75, 0.0, 0.0])]
    found = summarise_tracking(table(rows))["architectures"]["one"]["phases"]["all"]["to_e_s"]
    assert found["value"] is None
    assert found["never_share"] == pytest.approx(0.75)


def test_the_ratio_interval_is_the_mean_interval_where_weights_are_equal():
    """Student's t of five values: mean 3, standard error sqrt(2.5 / 5), quantile 2.776."""
    value, low, high = ratio_interval(np.arange(1.0, 6.0), np.full(5, 7.0))
    assert value == 3.0
    assert high - value == pytest.approx(2.7764 * np.sqrt(0.5), rel=1e-4)
    assert value - low == pytest.approx(high - value)
    assert np.isnan(ratio_interval(np.array([2.0]), np.array([1.0]))[1])
    assert np.isnan(ratio_interval(np.array([2.0]), np.array([0.0]))[0])


def test_a_run_without_scores_says_so_in_its_report():
    assert tracking_section({}, ["one"], {"one": "one"}) == {"absent": ABSENT}
    assert "Not computed in this run" in ABSENT


def test_the_report_names_the_phase_that_is_off_by_most():
    rows = [(r, "one", "p", "all", "completeness", 0.9, 20, "1") for r in range(3)]
    for phase, value in (("boost", 6.0), ("coast", 9.0), ("fall", 24.0)):
        figures = dict.fromkeys(
            ("position_rmse_m", "velocity_rmse_mps", "claimed_position_m", "claimed_velocity_mps"), 50.0
        ) | {"nees": value, "inside_share": 0.9}  # fmt: skip
        rows += [
            (r, "one", "p", phase, m, v, 20, UNITS[m]) for r in range(3) for m, v in figures.items()
        ]
    told = tracking_section({"tracking": summarise_tracking(table(rows))}, ["one"], {"one": "One"})
    assert told["sentence"] == "Least to be trusted: One, falling: optimistic by a factor 2.0."
    shown = {r["name"]: r for r in told["phases"][0]["rows"]}
    assert shown["coasting"]["squared"] == "1.50"
    assert shown["burning"]["verdict"] == "consistent"
    assert told["rows"][0]["cells"][0]["value"] == "90\u00a0%"


def test_a_raid_without_bodies_has_no_scores_and_no_mistake():
    """Columns without rows have no type; `threats[*].count = 0` ended a run with it."""
    import pyarrow as pa

    names = ("replicate", "architecture", "picture", "phase", "measure", "value", "count", "unit")
    told = summarise_tracking(pa.table({name: pa.array([], pa.null()) for name in names}))
    assert told["architectures"] == {}

"""Every reason why more sharing did worse, from shots written by hand."""

import math

import pyarrow as pa
import pytest

from hinomi.integration import reasons as r
from hinomi.records.engagements import ENGAGED, REASONS


def shot(battery="ship", weapon="w", t=100.0, rounds=2, track=1, picture="A", reason="engaged"):
    return {
        "battery": battery, "weapon": weapon, "t_commit_s": t, "rounds": rounds, "track": track,
        "picture": picture, "reason": reason,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ([shot()], [], r.NO_TRACK),
        ([shot()], [shot(reason="no track grade")], r.GRADE),
        ([shot()], [shot(reason="policy")], r.ENGAGED_ELSEWHERE),
        ([shot()], [shot(reason="no rounds")], r.ROUNDS),
        ([shot()], [shot(reason="no channel")], r.CHANNEL),
        ([shot()], [shot(reason="no window")], r.WINDOW),
        ([shot()], [shot(), shot(track=2)], r.TRACKS),
        ([shot()], [shot(t=130.0)], r.LATER),
        ([shot()], [shot(battery="other")], r.BATTERY),
        ([shot(), shot(t=120.0)], [shot()], r.FEWER),
        ([shot(), shot(t=120.0)], [shot(), shot(t=120.0, battery="b")], r.DRAW),
        ([shot()], [shot()], r.POINT),
        ([], [shot()], r.UNEXPLAINED),
    ],
)
def test_the_first_reason_that_the_shots_show_is_given(before, after, reason):
    assert r.leak_reason(before, after) == reason
    assert reason in r.LEAK_REASONS


def test_every_reason_of_the_defence_link_has_its_words():
    assert set(r._WITHOUT_SHOT) == {text for i, text in enumerate(REASONS) if i != ENGAGED}


def events(rows):
    names = ("replicate", "architecture", "t_s", "kind", "subject")
    return pa.table({n: [row[i] for row in rows] for i, n in enumerate(names)})


def test_leaks_are_counted_both_ways_and_raids_on_balance():
    table = events(
        [(0, "low", 9.0, "killed", "x"), (0, "low", 9.0, "killed", "y"),
         (0, "high", 9.0, "killed", "y"), (1, "high", 9.0, "killed", "x")]
    )  # fmt: skip
    rows = {"replicate": [0, 0], "architecture": ["low", "high"], "body": ["x", "x"]}
    rows |= {k: [v, v] for k, v in shot().items()} | {"t_commit_s": [100.0, 140.0]}
    found = r.worse_leaks(
        pa.table(rows), table, bottom="low", top="high", threats=["x", "y"], replicates=[0, 1]
    )
    assert (found.cases, found.worse, found.better, found.raids_worse) == (4, 1, 1, 1)
    assert found.by_reason == {r.LATER: 1}


def test_a_later_alert_is_put_on_the_first_stage_that_came_later():
    def stages(architecture, firm, alert):
        return [
            (0, architecture, 10.0, "first detection", "x"),
            (0, architecture, firm, "firm track", "x"),
            (0, architecture, alert, "alert", "x"),
        ]

    table = events(stages("low", 20.0, 60.0) + stages("high", 26.0, 66.0))
    found = r.worse_alerts(table, bottom="low", top="high", threats=["x"], replicates=[0])
    assert found.by_reason == {"firm track later": 1}
    assert found.median_later_s == pytest.approx(6.0)
    same = r.worse_alerts(table, bottom="low", top="low", threats=["x"], replicates=[0])
    assert same.worse == same.better == 0
    assert math.isnan(same.median_later_s)

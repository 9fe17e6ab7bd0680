"""Latencies are settled on 29 August 2017 alone; the other launches use the very same ones."""

import csv
from pathlib import Path

import pytest

from hinomi.history.launches import find_launch
from hinomi.history.replayed import bundled, replay_event, replay_names
from hinomi.history.scores import TIME_OF

FROZEN = "replay-2017-08-29"
OTHERS = tuple(name for name in replay_names() if name != FROZEN)
# What describes the day and its alerted area, not how long anything takes.
DESCRIBES = {"unit", "blocks", "buffer_km", "night"}
TABLE = Path(__file__).with_name("alert_minutes.csv")
QUANTITY = {
    "launch": "launch_jst", "alert": "alert_jst", "alert_update": "alert_update_jst",
    "overflight_from": "overflight_from_jst", "overflight_to": "overflight_to_jst",
    "passage": "overflight_from_jst", "impact": "impact_jst",
    "passed_message": "passed_message_jst", "alert_lifted": "alert_lifted_jst",
}  # fmt: skip


def settled(name, variant=""):
    """Every key of warning, tracking and architecture that is no description of the day."""
    document = bundled(name, variant).document
    warning = {k: v for k, v in document["warning"].items() if k not in DESCRIBES}
    return {
        "warning": warning,
        "tracking": document["tracking"],
        "architectures": document["architectures"],
    }


def test_four_launches_are_predicted():
    assert OTHERS == (
        "replay-2022-10-04", "replay-2023-05-31", "replay-2023-08-24", "replay-2024-05-27",
    )  # fmt: skip


@pytest.mark.parametrize("name", OTHERS)
def test_latencies_and_thresholds_are_those_of_29_august_2017(name):
    frozen = settled(FROZEN)
    assert settled(name) == frozen
    assert {"classify_s", "decide_s", "issue_s", "lost_after_s", "clear_median_s"} <= set(
        frozen["warning"]
    )


@pytest.mark.parametrize("name", OTHERS[1:])
def test_faster_decisions_after_an_announcement_are_a_variant_and_nothing_else_differs(name):
    """Classify (2, 5, 15) and decide (5, 15, 40) s, never in the frozen run."""
    asked = bundled(name, "announced_window").policy
    frozen = bundled(name).policy
    assert asked.classify_s == (2.0, 5.0, 15.0)
    assert asked.decide_s == (5.0, 15.0, 40.0)
    assert frozen.classify_s == (10.0, 20.0, 60.0)
    assert frozen.decide_s == (10.0, 45.0, 180.0)
    changed = settled(name, "announced_window")["warning"]
    same = settled(name)["warning"]
    assert {k for k in same if same[k] != changed[k]} == {"classify_s", "decide_s"}


@pytest.mark.parametrize("name", replay_names())
def test_the_published_minutes_are_those_of_the_record(name):
    launch = find_launch(name.removeprefix("replay-"))
    s = bundled(name)
    compared = 0
    for fact in s.facts:
        if fact.name in QUANTITY and fact.at is not None:
            told = {
                own.values[QUANTITY[fact.name]].value
                for own in launch.sets
                if QUANTITY[fact.name] in own.values
            }
            assert fact.at.strftime("%H:%M") in told, fact.name
            compared += 1
    assert compared >= 3
    assert next(f for f in s.facts if f.name == "launch").t_s == 0.0


def test_launch_to_alert_is_4_5_2_3_and_3_minutes_as_published():
    with TABLE.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [f"replay-{row['launch']}" for row in rows] == list(replay_names())
    for row in rows:
        facts = {f.name: f for f in bundled(f"replay-{row['launch']}").facts}
        assert facts["alert"].t_s == 60.0 * float(row["launch_to_alert_min"])
        lifted = facts.get("alert_lifted") or facts["passed_message"]
        assert lifted.at.strftime("%H:%M") == row["lifted_jst"]


@pytest.mark.parametrize("name", replay_names())
def test_every_fact_has_a_source_and_its_tolerance(name):
    """60 s on one published minute; 120 s on a difference, and on an end that is in effect one."""
    for fact in bundled(name).facts:
        assert fact.source
        if fact.role == "tested":
            wide = fact.name in ("impact", "flight_time_s", "alert_to_lift_s")
            assert fact.tolerance == (120.0 if wide else 60.0), fact.name
        if fact.name in TIME_OF:
            assert fact.at is not None


def test_only_on_the_day_of_the_freeze_is_the_alert_not_tested():
    roles = {n: next(f.role for f in bundled(n).facts if f.name == "alert") for n in replay_names()}
    assert roles.pop(FROZEN) == "shown"
    assert set(roles.values()) == {"tested"}


def test_the_flight_of_4_october_2022_keeps_its_published_minutes():
    """Over Aomori or the strait at 07:28-07:29, down at 07:44; apogee and range are met inputs."""
    event = replay_event(bundled(OTHERS[0]), again=lambda v: bundled(OTHERS[0], v), count=6, seed=1)
    for name in ("overflight_from", "overflight_to", "impact", "flight_time_s"):
        row = event.main.row(name)
        assert abs(row.difference_s) <= row.tolerance_s, name
    for one in event.main.replicates:
        assert one.apogee_m == pytest.approx(1.0e6, abs=500.0)
        assert one.range_m == pytest.approx(4.6e6, abs=60e3)


@pytest.mark.parametrize(
    ("name", "end_km"), [("replay-2023-05-31", 470), ("replay-2024-05-27", 360)]
)
def test_failed_launchers_end_in_the_yellow_sea(name, end_km):
    """Published: some 400 km from the site in 2023, on the North Korean side in 2024."""
    event = replay_event(bundled(name), again=lambda v: bundled(name, v), count=3, seed=1)
    for one in event.main.replicates:
        assert one.range_m < 1.5e3 * end_km
        assert one.times["over_first_s"] == float("inf")

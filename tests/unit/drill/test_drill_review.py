"""A review says of a journal written by hand what was put into it."""

import csv
import json

import pytest

from hinomi.drill.deliveries import deliveries
from hinomi.drill.log import Act, acts, note
from hinomi.drill.measures import (
    cancel_first,
    cancel_latencies,
    forged_shown,
    lost_alerts,
    people_in_time,
    quantiles,
    silent_listed,
    sounded_twice,
    wrong_shown,
)
from hinomi.drill.record import read_record
from hinomi.drill.review import review, write_tables
from hinomi.errors import FolderError

NAHA, MIYAKO, YONAGUNI = "47201", "47214", "47382"


def test_latency_of_a_delivery_is_the_time_between_its_release_and_its_receipt(by_hand):
    key = by_hand.send(100.0)
    by_hand.answer(key, NAHA, after_s=0.25)
    by_hand.answer(key, NAHA, "shown", after_s=0.75)
    by_hand.end(200.0)
    rows = {r["code"]: r for r in deliveries(read_record(by_hand.folder))}
    assert rows[NAHA]["stored_after_s"] == pytest.approx(0.25)
    assert rows[NAHA]["shown_after_s"] == pytest.approx(0.75)
    assert rows[NAHA]["shown_t_s"] == pytest.approx(107.5)  # ten scenario seconds a second
    assert rows[MIYAKO]["stored_after_s"] is None


def test_quantiles_are_those_of_the_values_and_nothing_gives_none():
    assert quantiles(range(101))["p50"] == 50.0
    assert quantiles(range(101))["p99"] == pytest.approx(99.0)
    assert quantiles([])["p50"] is None


def test_who_was_not_reached_is_listed_with_the_inject_that_kept_it_away(by_hand):
    """The receiver was down when the alert went out; the other one just did not answer."""
    act = Act(name="off", kind="receiver-down", step="begun", t_s=50.0, at_utc="x", codes=(MIYAKO,))
    note(by_hand.folder, act)
    key = by_hand.send(100.0)
    by_hand.answer(key, NAHA, "shown", after_s=0.1)
    by_hand.end(300.0)
    why = {r["code"]: r["why"] for r in deliveries(read_record(by_hand.folder))}
    assert why == {NAHA: "", MIYAKO: "receiver down", YONAGUNI: "no answer"}


def test_an_outage_that_was_over_before_the_alert_is_no_excuse(by_hand):
    for step, t in (("begun", 20.0), ("ended", 60.0)):
        codes = (MIYAKO,)
        note(
            by_hand.folder,
            Act(name="off", kind="link-cut", step=step, t_s=t, at_utc="x", codes=codes),
        )
    by_hand.send(100.0)
    by_hand.end(300.0)
    why = {r["code"]: r["why"] for r in deliveries(read_record(by_hand.folder))}
    assert why[MIYAKO] == "no answer"


def test_a_message_shown_outside_its_areas_is_counted(by_hand):
    """The message names two towns; it was delivered to three, and two showed it."""
    key = by_hand.send(100.0, named=(NAHA, MIYAKO))
    by_hand.answer(key, NAHA, "shown", after_s=0.1)
    by_hand.answer(key, YONAGUNI, "shown", after_s=0.1)
    by_hand.end(200.0)
    assert [w["code"] for w in wrong_shown(read_record(by_hand.folder))] == [YONAGUNI]


def test_a_cancel_shown_before_the_alert_that_it_ends_is_counted(by_hand):
    alert = by_hand.send(100.0)
    cancel = by_hand.send(110.0, step=2, kind="cancel")
    by_hand.answer(cancel, NAHA, "shown", after_s=0.1)
    by_hand.answer(alert, NAHA, "shown", after_s=0.2)
    by_hand.answer(alert, MIYAKO, "shown", after_s=0.1)
    by_hand.answer(cancel, MIYAKO, "shown", after_s=0.2)
    by_hand.end(200.0)
    assert cancel_first(read_record(by_hand.folder)) == 1


def test_cancel_latency_runs_from_found_to_be_wrong_to_released(by_hand):
    key = by_hand.send(100.0)
    by_hand.t_s = 120.0
    act = Act(
        name="oops",
        kind="false-alarm",
        step="found",
        t_s=120.0,
        at_utc=by_hand.wall(0.0),
        keys=(key,),
    )
    note(by_hand.folder, act)
    cancel = by_hand.send(150.0, step=2, kind="cancel")
    by_hand.answer(cancel, NAHA, "shown", after_s=0.5)
    by_hand.end(200.0)
    (found,) = cancel_latencies(read_record(by_hand.folder))
    assert found["released_after_s"] == pytest.approx(3.0)
    assert found["shown"]["p50"] == pytest.approx(3.5)


def test_a_false_alarm_without_a_cancel_is_never_cancelled(by_hand):
    key = by_hand.send(100.0)
    note(
        by_hand.folder,
        Act(
            name="oops",
            kind="false-alarm",
            step="found",
            t_s=120.0,
            at_utc=by_hand.wall(0),
            keys=(key,),
        ),
    )
    by_hand.end(200.0)
    told, _ = review(by_hand.folder)
    assert told["cancels"][0]["released_after_s"] is None
    assert told["measures"]["cancel_s"] is None


def test_each_delivery_without_an_answer_is_lost_whoever_else_had_it(by_hand):
    """Two of three never had the message; one of them was down, which explains it."""
    note(
        by_hand.folder,
        Act(name="off", kind="receiver-down", step="begun", t_s=50.0, at_utc="x", codes=(MIYAKO,)),
    )
    key = by_hand.send(100.0)
    by_hand.answer(key, NAHA, after_s=0.1)
    by_hand.end(300.0)
    record = read_record(by_hand.folder)
    assert lost_alerts(record, deliveries(record)) == [f"{key}@r-{YONAGUNI}"]


@pytest.mark.parametrize(("step", "kind"), [(2, "cancel"), (1, "update")])
def test_an_alert_withdrawn_before_the_arrival_puts_nobody_in_shelter_in_time(by_hand, step, kind):
    """Shown at 101 s and withdrawn at 150 s: it counts for an arrival at 149 s, not for one at 200."""
    key = by_hand.send(100.0)
    for code in (NAHA, MIYAKO):
        by_hand.answer(key, code, "shown", after_s=0.1)
    by_hand.send(150.0, step=step, kind=kind)
    by_hand.end(300.0)
    record = read_record(by_hand.folder)
    needs = [
        {"code": NAHA, "t_arrive_s": 149.0, "population": 10.0},
        {"code": MIYAKO, "t_arrive_s": 200.0, "population": 10.0},
    ]
    rows = {p["code"]: p for p in people_in_time(record, deliveries(record), needs, {}, 30.0)}
    assert rows[NAHA]["in_time"]
    assert not rows[MIYAKO]["in_time"]
    assert rows[MIYAKO]["shown_t_s"] is None


def test_release_time_is_the_median_of_proposal_to_release_not_a_sum_of_medians(by_hand):
    """Seconds of the wall (1, 9), (9, 1), (2, 1): totals 10, 10 and 3, whose median is 10, not 3."""
    for n, (checked, released) in enumerate(((1, 9), (9, 1), (2, 1))):
        for after, kind in (
            (0, "proposed"),
            (checked, "checked"),
            (checked + released, "released"),
        ):
            by_hand.t_s = 1000.0 * n + 10.0 * after
            by_hand.put(kind, proposal=f"p{n}", key=f"k{n}")
    by_hand.end(5000.0)
    told, _ = review(by_hand.folder)
    assert told["measures"]["release_s"] == pytest.approx(10.0)


def test_silence_is_listed_after_the_time_that_the_journal_tells(by_hand):
    key = by_hand.send(100.0)
    by_hand.t_s = 190.0
    by_hand.put("unreachable", key=key, receivers=["r-47214"])
    by_hand.end(200.0)
    (found,) = silent_listed(read_record(by_hand.folder))
    assert found["after_s"] == pytest.approx(9.0)
    assert found["receivers"] == ["r-47214"]


def test_what_sounded_again_is_counted_once_for_each_time(by_hand):
    where = by_hand.folder / "receivers" / "x"
    where.mkdir(parents=True)
    lines = [{"receiver": "r-1", "key": k} for k in ("a", "a", "a", "b")]
    (where / "sounded.log").write_text("".join(json.dumps(x) + "\n" for x in lines) + '{"recei')
    by_hand.end(200.0)
    assert sounded_twice(read_record(by_hand.folder)) == 2


@pytest.mark.parametrize(("told", "count"), [("refused sig-invalid", 0), ("shown; SHOWN by 1", 1)])
def test_a_forged_alert_counts_where_somebody_showed_it(by_hand, told, count):
    act = Act(
        name="f", kind="forged-alert", step="answered", t_s=1.0, at_utc="x", keys=("k",), told=told
    )
    note(by_hand.folder, act)
    by_hand.end(200.0)
    assert forged_shown(read_record(by_hand.folder)) == count


def test_without_a_forged_alert_there_is_nothing_to_measure(by_hand):
    by_hand.end(200.0)
    assert forged_shown(read_record(by_hand.folder)) is None


def test_people_are_in_time_when_the_time_left_is_the_time_they_need(by_hand):
    """Shown at 107.5 s: 60 s before 167.5, and half a second less before 167."""
    key = by_hand.send(100.0)
    for code in (NAHA, MIYAKO):
        by_hand.answer(key, code, "shown", after_s=0.75)
    by_hand.end(300.0)
    record = read_record(by_hand.folder)
    needs = [
        {"code": NAHA, "t_arrive_s": 167.6, "population": 10.0},
        {"code": MIYAKO, "t_arrive_s": 167.0, "population": 10.0},
        {"code": YONAGUNI, "t_arrive_s": 250.0, "population": 10.0},
        {"code": "13101", "t_arrive_s": 250.0, "population": 10.0},
    ]
    rows = {p["code"]: p for p in people_in_time(record, deliveries(record), needs, {}, 60.0)}
    assert [rows[c]["in_time"] for c in (NAHA, MIYAKO, YONAGUNI)] == [True, False, False]
    assert not rows["13101"]["takes_part"]
    rows = {
        p["code"]: p
        for p in people_in_time(record, deliveries(record), needs, {MIYAKO: 59.0}, 60.0)
    }
    assert rows[MIYAKO]["in_time"]


def test_cancels_of_the_end_do_not_count_as_deliveries(by_hand):
    by_hand.send(100.0)
    by_hand.t_s = 200.0
    by_hand.put("stopped", why="end")
    by_hand.send(200.0, step=2, kind="cancel")
    by_hand.end(200.0)
    told, _ = review(by_hand.folder)
    assert (told["sent"], told["closing"]) == (1, 1)
    assert {r["kind"] for r in told["deliveries"]} == {"alert"}


def test_a_review_judges_the_objectives_of_the_plan_and_writes_marked_tables(by_hand):
    """Two of three receivers have it: above what is accepted, below the target."""
    key = by_hand.send(100.0)
    for code in (NAHA, MIYAKO):
        by_hand.answer(key, code, after_s=0.1)
    by_hand.end(300.0)
    told, _ = review(by_hand.folder)
    (objective,) = told["objectives"]
    assert objective["letter"] == "S"
    assert objective["value"] == pytest.approx(2.0 / 3.0)
    write_tables(told, by_hand.folder)
    with (by_hand.folder / "deliveries.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == 3
    assert {r["marking"] for r in rows} == {"EXERCISE notional"}


def test_a_folder_without_an_exercise_is_refused_with_the_way_out(tmp_path):
    with pytest.raises(FolderError, match="hinomi live"):
        review(tmp_path)


def test_a_damaged_line_of_the_injects_is_named(by_hand):
    by_hand.end(10.0)
    (by_hand.folder / "injects.jsonl").write_text('{"name": 1\n{}\n')
    with pytest.raises(FolderError, match=r"injects\.jsonl:1"):
        review(by_hand.folder)


def test_a_line_that_was_cut_off_within_a_letter_is_passed_over(tmp_path):
    note(tmp_path, Act(name="a", kind="card", step="done", t_s=1.0, at_utc="x"))
    note(tmp_path, Act(name="b", kind="card", step="done", t_s=2.0, at_utc="x", told="那覇市"))
    path = tmp_path / "injects.jsonl"
    whole = path.read_bytes()
    path.write_bytes(whole[: whole.index("覇".encode()) + 1])
    assert [act.name for act in acts(tmp_path)] == ["a"]


def test_words_of_a_card_may_hold_any_sign(tmp_path):
    """U+2028 and U+0085 end a line for Python, and not for JSON."""
    words = "one\u2028two\x85three"
    note(tmp_path, Act(name="a", kind="card", step="done", t_s=1.0, at_utc="x", told=words))
    assert [act.told for act in acts(tmp_path)] == [words]


@pytest.mark.parametrize("line", ["[1]", "5", "{}", '{"codes": 5}'])
def test_a_line_that_is_no_step_is_named(tmp_path, line):
    (tmp_path / "injects.jsonl").write_text(line + "\n")
    with pytest.raises(FolderError, match=r"injects.jsonl:1: no step of an inject"):
        acts(tmp_path)


@pytest.mark.parametrize(
    "book", ["[1]", "{", '{"receivers": [1]}', '{"receivers": 5}', '{"receivers": [{"name": "a"}]}']
)
def test_a_damaged_address_book_is_named(by_hand, book):
    by_hand.end(100.0)
    (by_hand.folder / "live" / "receivers.json").write_text(book)
    with pytest.raises(FolderError, match=r"receivers.json.*damaged"):
        read_record(by_hand.folder)

"""Answers, outputs and the clock of a receiver."""

import datetime as dt

import pytest

from hinomi.cap.answer import answer
from hinomi.cap.gate import gate
from hinomi.cap.message import read
from hinomi.errors import FenceError, ScenarioError
from hinomi.receiver.answers import load_answers, sender_of
from hinomi.receiver.clock import ExerciseClock, text_utc
from hinomi.transport.contract import Receipt


def receipt_of(delivered, stage="shown"):
    return Receipt("naha", delivered.envelope.key, stage, "", "2026-01-01T00:00:00.000Z")


def test_an_answer_is_private_names_its_message_and_wears_the_exercise_words(sender):
    message = sender.message()
    told = answer(message, kind="Ack", sender="naha@receiver.example", at=sender.now, note="shown")

    assert told.references == (message.triple,)
    assert (told.scope, told.addresses, told.status) == ("Private", message.sender, "Exercise")
    assert told.note == "EXERCISE - shown - EXERCISE"
    assert told.identifier != message.identifier


def test_an_actual_message_is_not_answered_in_cap(sender, tmp_path):
    from dataclasses import replace

    with pytest.raises(FenceError, match="'Actual' is not answered"):
        answer(
            replace(sender.message(), status="Actual"),
            kind="Ack",
            sender="a",
            at=sender.now,
            note="",
        )
    answers = load_answers(tmp_path, name="naha", at=sender.now)
    good = sender.delivered()
    actual = good.envelope.content.replace(b"<status>Exercise<", b"<status>Actual<")
    assert answers.of(receipt_of(good, "refused"), actual, at=sender.now) == b""
    assert answers.of(receipt_of(good, "refused"), b"<html/>", at=sender.now) == b""


def test_a_message_that_references_cannot_name_is_not_answered(sender):
    from dataclasses import replace

    for fields in ({"identifier": "a b"}, {"sender": "a,b"}, {"sent": "yesterday"}):
        with pytest.raises(ScenarioError):
            answer(
                replace(sender.message(), **fields),
                kind="Error",
                sender="a",
                at=sender.now,
                note="",
            )


def test_the_same_answer_has_the_same_name_and_the_key_is_made_once(sender, tmp_path):
    good = sender.delivered()
    first = load_answers(tmp_path, name="naha", at=sender.now)
    again = load_answers(tmp_path, name="naha", at=sender.now)
    told = [
        read(gate(each.of(receipt_of(good), good.envelope.content, at=sender.now)))
        for each in (first, again)
    ]
    assert told[0].triple == told[1].triple
    assert first.signer.certificate == again.signer.certificate


def test_names_of_receivers_become_senders():
    assert sender_of("naha-1") == "naha-1@receiver.example"
    assert sender_of("那覇") == "receiver@receiver.example"
    assert sender_of("a b,c") == "a-b-c@receiver.example"


def test_the_clock_of_the_exercise_is_carried_on_at_its_speed():
    steady = [100.0]
    wall = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    clock = ExerciseClock(now=lambda: wall, steady_s=lambda: steady[0])
    assert clock() == wall

    clock.hear({"scenario_utc": "2025-09-15T10:30:00Z", "speed": 60.0})
    steady[0] += 2.0
    assert text_utc(clock()) == "2025-09-15T10:32:00.000Z"
    clock.hear({"scenario_utc": "2025-09-15T10:33:00+00:00", "speed": 60.0, "paused": True})
    steady[0] += 2.0
    assert text_utc(clock()) == "2025-09-15T10:33:00.000Z"
    for odd in (
        {},
        {"scenario_utc": "soon"},
        {"scenario_utc": 7},
        {"scenario_utc": "x", "speed": []},
    ):
        clock.hear(odd)
    assert text_utc(clock()) == "2025-09-15T10:33:00.000Z"


def test_a_sheet_is_printed_once_for_a_message_with_the_status_first_and_last(town, sender):
    naha = town(outputs=("print",))
    alert = sender.delivered()
    naha.take(alert, alert)
    (sheet,) = (naha.folder / "printed" / "naha").iterdir()
    lines = sheet.read_text(encoding="utf-8").splitlines()
    assert lines[0] == lines[-1] == "EXERCISE - EXERCISE - EXERCISE"
    assert naha.sounded() == []
    assert naha.stages() == [("stored", "gate-closed")]


def test_a_sound_that_may_have_been_made_is_not_made_again(town, sender):
    naha = town()
    alert = sender.delivered()
    naha.take(alert)
    with naha.store.commit():  # as if ended between the siren and its mark
        naha.store.done("naha", alert.envelope.key, "sound", "")
    naha.store.close()
    again = town(naha.folder)
    again.desk.recover()
    assert again.sounded() == [alert.envelope.key]
    assert any("look at the siren" in line for line in again.said)

"""What a receiver does with one message, and with a chain of them."""

import pytest

from hinomi.cap.message import Area, Info, Message
from hinomi.cap.words import marked
from hinomi.errors import FenceError, ScenarioError
from hinomi.receiver.desk import confirm
from hinomi.receiver.gates import Gates, RelayRule
from hinomi.transport.subjects import key_of


def test_an_alert_is_stored_shown_and_sounded_once(town, sender):
    naha = town()
    alert = sender.delivered()

    (told,) = naha.take(alert)

    assert (told.stage, told.state) == ("stored", "standing")
    assert naha.sounded() == [alert.envelope.key]
    assert naha.stages() == [("stored", ""), ("shown", "")]
    assert any("EXERCISE - EXERCISE - EXERCISE" in line for line in naha.said)


def test_the_same_message_again_is_acknowledged_again_and_nothing_else(town, sender):
    naha = town()
    alert = sender.delivered()
    naha.take(alert)
    naha.store.sent([number for number, _ in naha.store.unsent()])
    assert naha.store.unsent() == ()

    (told,) = naha.take(alert)

    assert told.reason == "repeat"
    assert naha.sounded() == [alert.envelope.key]
    assert [r.stage for _, r in naha.store.unsent()] == ["stored", "shown"]


def test_another_content_under_the_same_name_alarms_and_the_first_stays(town, sender):
    naha = town()
    message = sender.message()
    first = sender.wrap(sender.bytes_of(message))
    naha.take(first)

    (told,) = naha.take(sender.wrap(sender.bytes_of(message), sequence=2))  # signed anew

    assert (told.stage, told.reason) == ("refused", "other-content")
    assert naha.store.message("naha", first.envelope.key).content == first.envelope.content
    assert any("another content" in line for line in naha.said)
    assert len(naha.sounded()) == 1


def test_gates_are_closed_without_enrolment_and_in_another_exercise():
    assert not any(Gates().is_open(output, "run-1") for output in ("screen", "print", "sound"))
    assert Gates("run-1", ("sound",)).is_open("sound", "run-1")
    assert not Gates("run-1", ("sound",)).is_open("sound", "run-2")
    with pytest.raises(ScenarioError, match="no output 'siren'"):
        Gates("run-1", ("siren",))


def test_behind_closed_gates_a_message_is_stored_and_nothing_is_shown(town, sender):
    naha = town(outputs=())
    naha.take(sender.delivered())

    assert naha.stages() == [("stored", "gate-closed")]
    assert naha.said == []
    assert naha.sounded() == []


def test_a_cancel_ends_its_alert_and_makes_no_sound(town, sender):
    naha = town()
    alert, cancel = sender.chain(("launch", "cancel"))
    naha.take(alert)
    naha.take(cancel)

    assert list(naha.states().values()) == ["cancelled", "applied"]
    assert naha.sounded() == [alert.envelope.key]


def test_a_cancel_before_its_alert_waits_and_the_late_alert_stays_silent(town, sender):
    naha = town()
    alert, cancel = sender.chain(("launch", "cancel"))

    (early,) = naha.take(cancel)
    assert (early.reason, early.state) == ("pending", "pending")
    assert any("pending" in line for line in naha.said)
    (late,) = naha.take(alert)

    assert late.reason == "cancelled-before"
    assert naha.states() == {alert.envelope.key: "cancelled", cancel.envelope.key: "applied"}
    assert naha.sounded() == []


def test_an_alert_that_is_cancelled_in_the_same_commit_never_sounds(town, sender):
    naha = town()
    alert, cancel = sender.chain(("launch", "cancel"))
    naha.take(alert, cancel)

    assert naha.sounded() == []
    assert any("not sounded" in line for line in naha.said)


def test_an_update_before_its_alert_sounds_when_the_alert_comes(town, sender):
    naha = town()
    alert, update = sender.chain(("launch", "shelter"))
    naha.take(update)
    assert naha.sounded() == []
    naha.take(alert)

    assert naha.sounded() == [update.envelope.key]
    assert naha.states() == {alert.envelope.key: "replaced", update.envelope.key: "standing"}


def test_an_update_whose_alert_is_lost_sounds_after_two_seconds(town, sender):
    naha = town()
    _, update = sender.chain(("launch", "shelter"))
    naha.take(update)
    naha.later(1)
    assert naha.sounded() == []
    naha.later(2)

    assert naha.sounded() == [update.envelope.key]


def test_a_place_first_named_by_an_update_is_called_at_once(town, sender):
    naha = town()
    _, update = sender.chain(("launch", "shelter"))
    first = sender.wrap(update.envelope.content, after="", kind="update")
    naha.take(first)

    assert naha.sounded() == [update.envelope.key]


def test_an_all_clear_is_shown_and_makes_no_sound(town, sender):
    naha = town()
    alert, clear = sender.chain(("launch", "all-clear"))
    naha.take(alert)
    naha.take(clear)

    assert naha.sounded() == [alert.envelope.key]
    assert naha.states()[alert.envelope.key] == "replaced"


def test_a_message_ends_by_itself_and_is_not_shown_as_an_alert_afterwards(town, sender):
    naha = town()
    naha.take(sender.delivered())
    naha.later(1800)

    assert list(naha.states().values()) == ["expired"]


def test_after_a_confirmation_the_sender_is_told_by_whom(town, sender):
    naha = town()
    alert = sender.delivered()
    naha.take(alert)
    done = naha.desk.confirm("naha", alert.envelope.key[:12], "duty officer")

    assert done == (alert.envelope.key,)
    assert naha.stages()[-1] == ("confirmed", "by duty officer")
    with pytest.raises(ScenarioError, match="no message 'ffff'"):
        confirm(naha.store, "naha", "ffff", "", at_utc="")


def test_a_confirmation_means_one_message_and_a_receiver_that_is_there(town, sender):
    """Each message that begins so would be confirmed unread; a name mistyped would confirm nothing."""
    naha = town()
    by_letter = {}
    for n in range(17):  # seventeen keys of sixteen possible first letters
        message = sender.message(incident=f"raid-{n}")
        by_letter.setdefault(key_of(message.triple)[0], []).append(message)
    letter, alike = next((a, found) for a, found in by_letter.items() if len(found) > 1)
    naha.take(*(sender.wrap(sender.bytes_of(m), sequence=n) for n, m in enumerate(alike, 1)))
    with pytest.raises(ScenarioError, match=f"{len(alike)} messages begin with '{letter}'"):
        naha.desk.confirm("naha", letter, "Sato")
    with pytest.raises(ScenarioError, match="no message came for a receiver 'nahha'"):
        naha.desk.confirm("nahha", "", "Sato")
    assert "confirmed" not in {stage for stage, _ in naha.stages()}


def test_a_relay_goes_to_its_list_and_nowhere_else():
    rule = RelayRule(("school", "port"))
    assert rule.allowed(["port", "port"], scope="Restricted") == ("port",)
    with pytest.raises(FenceError, match="not on this receiver's list"):
        rule.allowed(["residents"], scope="Restricted")
    with pytest.raises(FenceError, match="addressees alone"):
        rule.allowed(["school"], scope="Private")


def test_the_cursor_moves_with_the_message_and_never_back(town, sender):
    naha = town()
    alert, update = sender.chain(("launch", "shelter"))
    naha.take(update)
    naha.take(alert)

    assert naha.store.cursor("naha", naha.desk.setup.source_of("naha")) == 2


def ceremony(sender, text, **fields):
    """The start of an exercise: plain CAP to all participants, with no municipality."""
    area = Area(description="participants")
    infos = tuple(
        Info(
            language=tag, categories=("Safety",), event=marked("begins", "Exercise", tag),
            responses=("Monitor",), urgency="Expected", severity="Minor", certainty="Observed",
            expires="2025-09-15T20:30:00+09:00", headline=marked(f"{text} {tag}", "Exercise", tag),
            instruction=marked(f"nothing {tag}", "Exercise", tag), areas=(area,),
        )
        for tag in ("ja-JP", "en-US")
    )  # fmt: skip
    message = Message(
        identifier="start-1", sender=sender.sender, sent="2025-09-15T19:30:00+09:00",
        status="Exercise", kind="Alert", scope="Restricted", restriction="participants",
        note="EXERCISE - autumn - EXERCISE", incidents="exercise", infos=infos, **fields,
    )  # fmt: skip
    return sender.bytes_of(message)


def test_the_start_of_an_exercise_is_shown_to_all_and_makes_no_sound(town, sender):
    trust = tuple(sender.make_entry(each.certificate, areas=()) for each in sender.trust)
    naha = town(trust=trust)
    (told,) = naha.take(sender.wrap(ceremony(sender, "begins"), code="all", kind="start"))

    assert (told.stage, told.state) == ("stored", "standing")
    assert naha.sounded() == []
    assert any("begins" in line for line in naha.said)


def test_a_start_that_denies_the_exercise_is_refused(town, sender):
    trust = tuple(sender.make_entry(each.certificate, areas=()) for each in sender.trust)
    naha = town(trust=trust)
    (told,) = naha.take(sender.wrap(ceremony(sender, "this is not a drill"), code="all"))

    assert (told.stage, told.reason) == ("refused", "jp-denial")

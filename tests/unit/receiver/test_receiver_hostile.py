"""Forged, altered, replayed, expired, too large, too deep, of another place: refused by name."""

import datetime as dt
import hashlib
import socket

import pytest

from hinomi.cap.compose import Target
from hinomi.transport.subjects import key_of

ANY_KEY = hashlib.sha256(b"any").hexdigest()


def refused(town, delivered, **fields):
    """Reason for which a receiver with every gate open refuses; nothing is shown or sounded."""
    naha = town(**fields)
    (told,) = naha.take(delivered)
    assert told.stage == "refused"
    assert naha.sounded() == []
    assert naha.stages() == [("refused", told.reason)]
    assert not (naha.folder / "screen.log").exists()
    return told.reason


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    """Nothing is fetched, whatever a message asks for."""

    def connect(*_):
        raise AssertionError("a receiver fetched something that a message named")

    monkeypatch.setattr(socket.socket, "connect", connect)


BYTES = {
    "xml-not-well-formed": b"\x00\xff not xml",
    "xml-doctype": b'<!DOCTYPE a [<!ENTITY a "x">]><a>&a;</a>',
    "xml-size": b"<alert>" + b" " * (1 << 19),
    "xml-limits": b"<alert xmlns='urn:oasis:names:tc:emergency:cap:1.2'>" + b"<a>" * 100 + b"</a>" * 100 + b"</alert>",
    "xml-not-cap": b"<html/>",
    "xml-older-cap": b"<alert xmlns='urn:oasis:names:tc:emergency:cap:1.1'/>",
}  # fmt: skip


@pytest.mark.parametrize("code", BYTES)
def test_bytes_that_are_no_message(town, sender, code):
    assert refused(town, sender.wrap(BYTES[code], key=ANY_KEY)) == code


@pytest.mark.parametrize(
    "declared",
    [
        b'<!DOCTYPE alert [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        b'<!DOCTYPE alert SYSTEM "http://127.0.0.1:9/x.dtd">',
        b'<!DOCTYPE alert [<!ENTITY a "aa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;">]>',
        b'<!DOCTYPE alert [<!ENTITY % p SYSTEM "http://127.0.0.1:9/p"> %p;]>',
    ],
)
def test_entities_of_every_make(town, sender, declared):
    good = sender.delivered()
    content = good.envelope.content.replace(b"<alert", declared + b"<alert", 1)
    assert refused(town, sender.wrap(content, key=good.envelope.key)) == "xml-doctype"


def test_not_signed(town, sender):
    from hinomi.cap.message import write

    message = sender.message()
    assert refused(town, sender.wrap(write(message))) == "sig-missing"


def test_altered_after_signing(town, sender):
    good = sender.delivered()
    content = good.envelope.content.replace("那覇市".encode(), "石垣市".encode(), 1)
    assert content != good.envelope.content
    assert refused(town, sender.wrap(content)) == "sig-invalid"


def test_forged_with_a_fresh_key_of_the_same_name(town, sender):
    from hinomi.cap.message import write
    from hinomi.cap.sign import sign

    other, _ = sender.make_signer()
    content = sign(write(sender.message()), signer=other, at=sender.now)
    assert refused(town, sender.wrap(content)) == "sig-invalid"


def test_a_sender_that_nobody_pinned(town, sender):
    message = sender.message(sender="someone@else.example")
    assert refused(town, sender.wrap(sender.bytes_of(message))) == "trust-sender"


def test_a_key_that_may_not_speak_for_this_area(town, sender):
    trust = tuple(sender.make_entry(each.certificate, areas=("13",)) for each in sender.trust)
    assert refused(town, sender.delivered(), trust=trust) == "trust-area"


def test_a_key_whose_time_is_over(town, sender):
    entries = [
        sender.make_entry(each.certificate, not_after="2025-09-15T10:00:00Z")
        for each in sender.trust
    ]
    assert refused(town, sender.delivered(), trust=tuple(entries)) == "trust-time"


def test_a_test_in_an_exercise_and_the_reverse(town, sender):
    trust = tuple(
        sender.make_entry(each.certificate, statuses=("Exercise", "Test")) for each in sender.trust
    )
    trial = sender.wrap(sender.bytes_of(sender.message(status="Test")))
    assert refused(town, trial, trust=trust) == "mode-other"


def test_another_place(town, sender):
    there = sender.message(target=sender.ishigaki)
    assert refused(town, sender.wrap(sender.bytes_of(there))) == "place-other"


def test_another_exercise(town, sender):
    content = sender.delivered().envelope.content
    assert refused(town, sender.wrap(content, run="run-2")) == "run-other"


def test_a_message_under_the_key_of_another(town, sender):
    content = sender.delivered().envelope.content
    assert refused(town, sender.wrap(content, key=ANY_KEY)) == "key-other"


def test_one_that_has_ended_is_history(town, sender):
    naha = town()
    naha.at = sender.now + dt.timedelta(seconds=1801)
    (told,) = naha.take(sender.delivered())
    assert (told.stage, told.reason, told.state) == ("refused", "time-expired", "expired")
    assert naha.sounded() == []


def test_a_replay_after_its_end_or_under_a_new_number_does_nothing(town, sender):
    naha = town()
    alert, cancel = sender.chain(("launch", "cancel"))
    naha.take(alert)
    naha.take(cancel)
    (again,) = naha.take(sender.wrap(alert.envelope.content, sequence=9))
    assert again.reason == "repeat"
    assert len(naha.sounded()) == 1
    assert naha.states()[alert.envelope.key] == "cancelled"


def test_what_claims_to_be_actual_is_told_and_never_shown_or_sounded(town, sender):
    good = sender.delivered()
    content = good.envelope.content.replace(b"<status>Exercise<", b"<status>Actual<")
    naha = town()
    (told,) = naha.take(sender.wrap(content))
    assert (told.stage, told.reason) == ("refused", "trust-status")
    assert naha.said == [
        f"naha  {good.envelope.key[:12]}  a message claims Actual, not trusted: never sounded"
    ]
    assert naha.sounded() == []
    assert not (naha.folder / "screen.log").exists()
    assert not (naha.folder / "printed").exists()


def test_a_message_from_the_future_is_flagged_and_taken(town, sender):
    naha = town()
    naha.at = sender.now - dt.timedelta(seconds=61)
    (told,) = naha.take(sender.delivered())
    assert (told.stage, told.reason) == ("stored", "time-future")


def test_one_sender_cannot_cancel_the_alert_of_another(town, sender):
    naha = town()
    alert = sender.delivered()
    naha.take(alert)
    other, certificate = sender.make_signer("second@town.example")
    from hinomi.cap.message import Message, write
    from hinomi.cap.sign import sign

    own = sender.message("launch", sender="second@town.example")
    told = sender.message("cancel", after_s=20, sender="second@town.example", follows=[own])
    stolen = Message(
        **{n: getattr(told, n) for n in Message.__dataclass_fields__ if n != "references"},
        references=(read_triple(alert),),
    )
    trust = (
        *sender.trust,
        sender.make_entry(certificate, sender="second@town.example"),
    )
    naha.store.close()
    again = town(naha.folder, trust=trust)
    again.take(sender.wrap(sign(write(stolen), signer=other, at=sender.now), sequence=2))
    assert again.states()[alert.envelope.key] == "standing"


def read_triple(delivered):
    from hinomi.cap.gate import gate
    from hinomi.cap.message import read

    triple = read(gate(delivered.envelope.content)).triple
    assert key_of(triple) == delivered.envelope.key
    return triple


def test_refusals_that_are_kept_are_bounded_and_the_newest_stay(town, sender, monkeypatch):
    from hinomi.receiver import store

    monkeypatch.setattr(store, "MOST_REFUSALS", 10)
    naha = town()
    for n in range(30):
        key = hashlib.sha256(b"%d" % n).hexdigest()
        content = b"<html/>" if n < 29 else b"<alert"
        naha.take(sender.wrap(content, key=key))
    kept = naha.store.refusals("naha")
    assert len(kept) == 10
    assert kept[-1][0] == "xml-not-well-formed"


def test_receipts_of_made_up_messages_are_bounded_and_those_of_kept_ones_stay(
    town, sender, monkeypatch
):
    from hinomi.receiver import store

    monkeypatch.setattr(store, "MOST_REFUSALS", 5)
    naha = town()
    alert = sender.delivered()
    naha.take(alert)
    naha.take(sender.wrap(sender.bytes_of(sender.message()), sequence=2))  # the name, other bytes
    keys = [hashlib.sha256(b"%d" % n).hexdigest() for n in range(20)]
    for key in keys:
        naha.take(sender.wrap(b"<html/>", key=key))

    found = naha.store.receipts("naha")
    assert [r.stage for r in found if r.key == alert.envelope.key] == ["stored", "shown", "refused"]
    assert [r.key for r in found if r.key != alert.envelope.key] == keys[-5:]


def test_an_alert_for_elsewhere_is_not_ours_whatever_its_envelope_says(town, sender):
    naha = town()
    alert = sender.delivered()
    naha.take(alert)
    there = sender.bytes_of(sender.message(target=sender.ishigaki, incident="raid-2", after_s=5))
    for fields in ({"code": "all"}, {"after": alert.envelope.key}):
        (told,) = naha.take(sender.wrap(there, sequence=2, **fields))
        assert (told.stage, told.reason) == ("refused", "place-other")
    assert list(naha.states()) == [alert.envelope.key]


def test_text_that_would_steer_a_terminal_is_not_printed(town, sender):
    target = Target(
        codes=("47201",),
        polygons=sender.naha.polygons,
        words=(("en-US", "Naha"), ("ja-JP", "那覇\u202e市")),
    )
    naha = town(language="ja")
    naha.take(sender.wrap(sender.bytes_of(sender.message(target=target))))
    assert "\u202e" not in "\n".join(naha.said)
    assert any("【訓練】" in line for line in naha.said)

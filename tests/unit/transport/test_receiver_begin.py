"""`hinomi receive` from first contact to the end of an exercise, against a stand-in for its server."""

import asyncio
import contextlib
import datetime as dt
import json
import socket
import sys
from dataclasses import replace

import pytest
from typer.testing import CliRunner

from hinomi.cap.check import check
from hinomi.cap.compose import Order, Target, compose
from hinomi.cap.gate import gate
from hinomi.cap.keys import make_pair
from hinomi.cap.message import read, write
from hinomi.cap.sign import load_signer, sign, verify
from hinomi.cap.trust import TrustEntry, fingerprint_of, trust_text
from hinomi.cli import app
from hinomi.errors import FenceError, FolderError, ScenarioError
from hinomi.export.cap_places import load_schema
from hinomi.live import drafts
from hinomi.receiver import begin
from hinomi.receiver.begin import Wanted, receive
from hinomi.receiver.clock import ExerciseClock
from hinomi.receiver.folder import held, summary
from hinomi.receiver.outputs import sounded
from hinomi.receiver.store import Store
from hinomi.transport.contract import Envelope
from hinomi.transport.http import NoAnswerError, Server, request
from hinomi.transport.memory import MemoryCarrier
from hinomi.transport.subjects import key_of, subject_of

NOW = dt.datetime(2025, 9, 15, 10, 30, tzinfo=dt.UTC)
SENDER = "drill@town.example"
BOX = ((26.1, 127.6), (26.1, 127.8), (26.3, 127.8), (26.3, 127.6), (26.1, 127.6))
NAHA = Target(codes=("47201",), polygons=(BOX,), words=(("ja-JP", "那覇市"), ("en-US", "Naha")))
ISHIGAKI = Target(codes=("47207",), polygons=(BOX,), words=(("en-US", "Ishigaki"),))


@pytest.fixture(scope="module")
def pair():
    """Signer of the exercise, and its entry of a trust store."""
    key, certificate = make_pair(
        SENDER, not_before=NOW - dt.timedelta(days=1), not_after=NOW + dt.timedelta(days=9)
    )
    return load_signer(key, certificate), entry_of(SENDER, certificate.decode())


def entry_of(sender, certificate):
    return TrustEntry(
        fingerprint=fingerprint_of(certificate), sender=sender, statuses=("Exercise",), areas=(),
        not_before="2025-09-01T00:00:00Z", not_after="2025-12-01T00:00:00Z",
        certificate=certificate,
    )  # fmt: skip


def envelope_of(signer, run, kind="launch", *, code="47201", after="", follows=(), seconds=0,
                incident="raid-1", name="alert", target=NAHA):  # fmt: skip
    message = compose(
        Order(
            kind=kind, status="Exercise", sender=SENDER, sender_name="town", incident=incident,
            sent=NOW + dt.timedelta(seconds=seconds), target=target, follows=tuple(follows),
        )
    )  # fmt: skip
    envelope = Envelope(
        subject=subject_of(run, "exercise", code), key=key_of(message.triple), incident=incident,
        revision=len(follows), kind=name, after=after, sent_utc="", expires_utc="",
        content=sign(write(message), signer=signer, at=NOW),
    )  # fmt: skip
    return envelope, message


def ceremonies(signer, run):
    """Envelopes of the start and the end, as `hinomi live` signs them."""
    desk = drafts.Desk(
        sender=SENDER, sender_name="town", status="Exercise", name="autumn",
        languages=("ja-JP", "en-US"), seed="7", epoch=NOW, signer=signer,
    )  # fmt: skip
    start = drafts.ceremony(desk, "start", t_s=1.0, until_s=60.0, before=None)
    end = drafts.ceremony(desk, "end", t_s=2.0, until_s=2.0, before=start.message)
    return tuple(
        Envelope(
            subject=subject_of(run, "exercise"), key=draft.key, incident="exercise", revision=n,
            kind=name, after=after, sent_utc="", expires_utc="", content=draft.content,
        )
        for n, (draft, name, after) in enumerate([(start, "start", ""), (end, "end", start.key)])
    )  # fmt: skip


def at_work(kit, pair, work):
    """Run `work(exercise, address)` beside a stand-in that has pinned keys to offer."""

    async def both():
        exercise = kit.Exercise(MemoryCarrier(mode="exercise"))
        exercise.trust = trust_text((pair[1],))
        await exercise.start()
        try:
            async with asyncio.timeout(60):
                return await work(exercise, f"http://127.0.0.1:{exercise.port}")
        finally:
            await exercise.stop()

    return asyncio.run(both())


def wanted_of(address, folder, **fields):
    values = {"posts": {"naha": ("47201",)}, "outputs": ("screen", "sound"), "language": "en"}
    folder.mkdir(exist_ok=True)
    return Wanted(address=address, folder=folder, **(values | fields))


async def received(exercise, wanted, count, tell=lambda _: None):
    """Receive until the sender has so many receipts in all, and all of them are marked as sent."""
    task = asyncio.ensure_future(receive(wanted, tell=tell))
    found = exercise.log.receipts(after=0)
    await kit_take(found, count)
    await found.aclose()
    await asyncio.sleep(0.2)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def kit_take(found, count):
    for _ in range(count):
        await anext(found)


@pytest.mark.parametrize("way", ["events", "socket"])
def test_from_first_contact_to_the_end_of_the_exercise(kit, pair, tmp_path, way):
    said = []

    async def work(exercise, address):
        alert, first = envelope_of(pair[0], kit.run)
        start, end = ceremonies(pair[0], kit.run)
        for each in (start, alert, end):
            await exercise.log.publish(each)
        await receive(wanted_of(address, tmp_path / "rx", way=way), tell=said.append)
        return alert, first, list(exercise.log._receipts)

    alert, first, receipts = at_work(kit, pair, work)

    assert ("naha", alert.key) in sounded(tmp_path / "rx")
    assert any(line.startswith("pinned on first use: drill@town.example") for line in said)
    assert any(line == "gates open: screen, sound; closed: print" for line in said)
    assert said[-1] == "the exercise is over; --stay goes on listening"
    stages = [(r.stage, r.reason) for r in receipts if r.key == alert.key]
    assert stages == [("stored", ""), ("shown", "")]
    ack = next(r.content for r in receipts if (r.key, r.stage) == (alert.key, "shown"))
    told = read(gate(ack))
    assert (told.kind, told.status, told.references) == ("Ack", "Exercise", (first.triple,))
    own = entry_of(told.sender, (tmp_path / "rx" / "certificate.pem").read_text())
    assert verify(ack, trust=(own,), at=NOW).verdict == "accepted"
    assert check(ack, schema=load_schema(), profile="hinomi-jp").verdict == "accepted"


@pytest.mark.parametrize("anew", [False, True])
def test_the_same_command_goes_on_where_it_stopped_and_sounds_nothing_again(
    kit, pair, tmp_path, anew
):
    async def work(exercise, address):
        alert, message = envelope_of(pair[0], kit.run)
        await exercise.log.publish(alert)
        wanted = wanted_of(address, tmp_path / "rx")
        await received(exercise, wanted, 2)
        asked = len(exercise.requests)
        cancel, _ = envelope_of(
            pair[0], kit.run, "cancel", follows=[message], after=alert.key, seconds=5, name="cancel"
        )
        await exercise.log.publish(cancel)
        if anew:  # a server that lost its journal counts from the beginning
            exercise.clock = exercise.clock | {"last_sequence": 0}
        await received(exercise, wanted, 4)
        return exercise.requests[asked]

    again = at_work(kit, pair, work)

    assert ("after=0" if anew else "after=1") in again
    assert len(sounded(tmp_path / "rx")) == 1
    assert [row["state"] for row in summary(tmp_path / "rx")] == ["cancelled", "applied"]


def test_many_receivers_of_a_host_each_answer_for_themselves(kit, pair, tmp_path):
    posts = {f"town-{n}": ("47201",) for n in range(30)}

    async def work(exercise, address):
        await exercise.log.publish(envelope_of(pair[0], kit.run)[0])
        await received(exercise, wanted_of(address, tmp_path / "rx", posts=posts, outputs=()), 30)
        return {(r.receiver, r.stage, r.reason) for r in exercise.log._receipts}

    assert at_work(kit, pair, work) == {(name, "stored", "gate-closed") for name in posts}


def test_a_refused_message_is_answered_with_a_signed_error(kit, pair, tmp_path):
    async def work(exercise, address):
        alert, _ = envelope_of(pair[0], kit.run)
        forged = alert.content.replace("那覇".encode(), "石垣".encode(), 1)
        await exercise.log.publish(
            Envelope(alert.subject, alert.key, "x", 0, "alert", "", "", "", forged)
        )
        await received(exercise, wanted_of(address, tmp_path / "rx"), 1)
        return list(exercise.log._receipts)

    (receipt,) = at_work(kit, pair, work)
    assert (receipt.stage, receipt.reason) == ("refused", "sig-invalid")
    told = read(gate(receipt.content))
    assert told.kind == "Error"
    assert "sig-invalid" in told.note


def test_another_trust_store_than_the_pinned_one_is_refused(kit, pair, tmp_path):
    async def work(exercise, address):
        await receive(wanted_of(address, tmp_path / "rx", seconds=0.3), tell=lambda _: None)
        key, certificate = make_pair(SENDER, not_before=NOW, not_after=NOW + dt.timedelta(days=9))
        load_signer(key, certificate)
        other = trust_text((entry_of(SENDER, certificate.decode()),))
        words = "another trust store was pinned here before; name a new folder: one folder is for"
        with pytest.raises(ScenarioError, match=words):
            await receive(wanted_of(address, tmp_path / "rx", trust=other), tell=lambda _: None)

    at_work(kit, pair, work)


def test_a_folder_is_for_one_exercise(kit, pair, tmp_path):
    """What another exercise left there, such as a cancel of the same incident, silences nothing."""
    wanted = wanted_of("", tmp_path / "rx")

    async def work(exercise, address):
        await exercise.log.publish(envelope_of(pair[0], kit.run)[0])
        await received(exercise, replace(wanted, address=address), 2)

    async def again(exercise, address):
        exercise.clock = exercise.clock | {"run": "run-2"}
        words = r"rx: holds what came of run-1/exercise; name a new folder"
        with pytest.raises(FolderError, match=words):
            await receive(replace(wanted, address=address), tell=lambda _: None)

    async def same_name(exercise, address):  # other keys alone tell it from the first
        key, certificate = make_pair(SENDER, not_before=NOW, not_after=NOW + dt.timedelta(days=9))
        load_signer(key, certificate)
        exercise.trust = trust_text((entry_of(SENDER, certificate.decode()),))
        with pytest.raises(ScenarioError, match="none of the keys that were pinned"):
            await receive(replace(wanted, address=address), tell=lambda _: None)

    for each in (work, again, same_name):
        at_work(kit, pair, each)


def test_the_same_exercise_over_another_carrier_may_use_the_folder(tmp_path):
    attached = begin.Attached(
        carrier=MemoryCarrier(mode="exercise"), run="run-1", mode="exercise", clock=ExerciseClock(),
        source="run-1/exercise", offered=None, last=None,
    )  # fmt: skip
    with contextlib.closing(Store(tmp_path)) as store:
        with store.commit():
            store.move("naha", "nats:run-1/exercise#47201,47207", 3)
            store.move("naha", "run-1/exercise", 3)
        begin._refuse_used(tmp_path, attached, store)
        with store.commit():
            store.move("naha", "mqtt:run-1/test#47201", 1)
        with pytest.raises(FolderError, match=r"holds what came of run-1/test"):
            begin._refuse_used(tmp_path, attached, store)


def test_a_place_that_is_added_later_gets_what_stands(kit, pair, tmp_path):
    wanted = wanted_of("", tmp_path / "rx")

    async def work(exercise, address):
        own, _ = envelope_of(pair[0], kit.run)
        there, _ = envelope_of(
            pair[0], kit.run, target=ISHIGAKI, code="47207", incident="raid-2", seconds=1
        )
        for each in (there, own):
            await exercise.log.publish(each)
        first = replace(wanted, address=address)
        await received(exercise, first, 2)
        before = [key for _, key in sounded(tmp_path / "rx")]
        both = replace(first, posts={"naha": ("47207", "47201")})
        await received(exercise, both, 4)
        return own.key, there.key, before

    own, there, before = at_work(kit, pair, work)
    assert before == [own]
    assert [key for _, key in sounded(tmp_path / "rx")] == [own, there]


def test_a_server_of_another_mode_is_refused(kit, pair, tmp_path):
    async def work(exercise, address):
        exercise.clock = exercise.clock | {"mode": "actual"}
        with pytest.raises(FenceError, match="no carrier has a subject of mode 'actual'"):
            await receive(wanted_of(address, tmp_path / "rx"), tell=lambda _: None)

    at_work(kit, pair, work)


def test_a_person_confirms_by_post_with_the_token_alone(kit, pair, tmp_path):
    said = []

    async def work(exercise, address):
        alert, _ = envelope_of(pair[0], kit.run)
        await exercise.log.publish(alert)
        wanted = wanted_of(address, tmp_path / "rx", seconds=6.0, confirm_port=0)
        task = asyncio.ensure_future(receive(wanted, tell=said.append))
        found = exercise.log.receipts(after=0)
        await kit.take(found, 2)
        line = next(each for each in said if each.startswith("confirm: POST"))
        port = int(line.split("127.0.0.1:")[1].split("/")[0])
        token = (tmp_path / "rx" / "token").read_text()
        body = json.dumps({"receiver": "naha", "key": alert.key, "person": "Sato"}).encode()
        answers = [
            await request(Server(host="127.0.0.1", port=port, token=word), "POST", path, body=body)
            for word, path in (("", "/confirm"), (token, "/other"), (token, "/confirm"))
        ]
        _, receipt = (await kit.take(found, 1))[0]
        await found.aclose()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        return [each.status for each in answers], (receipt.stage, receipt.reason)

    assert at_work(kit, pair, work) == ([401, 404, 200], ("confirmed", "by Sato"))


def test_nobody_there_is_told_after_a_bounded_time(monkeypatch, tmp_path):
    monkeypatch.setattr(begin, "TRIES", 2)
    monkeypatch.setattr(begin, "PAUSE_S", 0.01)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with pytest.raises(NoAnswerError, match=r"refused|failed"):
        asyncio.run(receive(wanted_of(f"http://127.0.0.1:{port}", tmp_path / "rx"), tell=print))


def test_one_process_works_in_a_folder_at_a_time(tmp_path):
    with (
        held(tmp_path / "rx"),
        pytest.raises(FolderError, match="works there already"),
        held(tmp_path / "rx"),
    ):
        pass


# --- the command line ----------------------------------------------------------------------------


def run(*arguments):
    return CliRunner().invoke(app, ["receive", *map(str, arguments)])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "name both the exercise and a folder"),
        (["--places", "4720"], "no municipality has the code '4720'"),
        (["--places", ""], "no place"),
        (["--places", "47201", "--gate", "siren"], "no output 'siren'"),
        (["--places", "47201", "--by", "pigeon"], "--by is 'pigeon'"),
        (["--places", "47201", "--seconds", "-1"], "--seconds is -1"),
        (["--places", "47201", "--language", "fr"], "it is ja or en"),
        (["--places", "47201", "--name", "../x"], "no name of a receiver"),
        (["--places", "47201", "--trust", "no-such-file"], "cannot be read"),
        (["--many", "no-such-file"], "cannot be read"),
        (["--places", "47201", "--from", "https://town.example"], "another host"),
        (["--places", "47201", "--from", "nats://127.0.0.1:1"], "needs --exercise RUN"),
        (["--places", "47201", "--from", "gopher://x"], "is no address"),
    ],
)
def test_mistakes_on_the_command_line_end_with_2_and_their_way_out(tmp_path, arguments, words):
    first = ["--from", "http://127.0.0.1:1", "--folder", tmp_path / "rx"] if arguments else []
    done = run(*first, *arguments)
    assert done.exit_code == 2, done.output
    assert words in done.output


def test_every_mistake_of_an_address_book_is_told_at_once(tmp_path):
    book = {
        "format": "hinomi/receivers/1", "mode": "actual",
        "receivers": [{"name": "a", "code": "99999"}, {"name": "b/c", "code": "47201"}, 7],
    }  # fmt: skip
    (tmp_path / "book.json").write_text(json.dumps(book))
    done = run(
        "--from",
        "http://127.0.0.1:1",
        "--folder",
        tmp_path / "rx",
        "--many",
        tmp_path / "book.json",
    )
    assert done.exit_code == 2
    for words in ("'actual'", "'99999'", "'b/c'", "receiver 3"):
        assert words in done.output


def test_show_and_confirm_work_on_a_folder_and_refuse_others(kit, pair, tmp_path):
    async def work(exercise, address):
        await exercise.log.publish(envelope_of(pair[0], kit.run)[0])
        await received(exercise, wanted_of(address, tmp_path / "rx"), 2)

    at_work(kit, pair, work)
    assert run("confirm", tmp_path / "rx", "--person", "Sato").output == "1 confirmed\n"
    (row,) = json.loads(run("show", tmp_path / "rx", "--json").output)["messages"]
    assert (row["state"], row["shown"], row["sounded"], row["confirmed"]) == ("standing", True, True, True)  # fmt: skip
    assert "standing" in run("show", tmp_path / "rx").output
    assert run("show", tmp_path / "nothing").exit_code == 2
    assert run("confirm", tmp_path / "rx", "ffff").exit_code == 2


def test_the_receivers_key_is_readable_by_its_owner_alone(kit, pair, tmp_path):
    async def work(exercise, address):
        await receive(wanted_of(address, tmp_path / "rx", seconds=0.2), tell=lambda _: None)

    at_work(kit, pair, work)
    if sys.platform != "win32":
        assert (tmp_path / "rx" / "key.pem").stat().st_mode & 0o077 == 0

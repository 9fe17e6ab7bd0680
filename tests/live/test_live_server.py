"""The feed and the console of an exercise, asked as receivers and persons ask."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from types import SimpleNamespace

import feedparser
import httpx
import pytest

from hinomi.cap.gate import gate
from hinomi.cap.message import read
from hinomi.cap.sign import verify
from hinomi.live import journal
from hinomi.live.decide import Proposal
from hinomi.live.exercise import Exercise
from hinomi.live.folder import open_home
from hinomi.live.routes import Guard
from hinomi.live.settings import Enrolled, Settings
from hinomi.live.source import source_of
from hinomi.scenario.load import load
from hinomi.study.chain import prepare
from hinomi.transport.atom import entries_of
from hinomi.transport.contract import Delivered, Envelope, Receipt
from hinomi.transport.feed import FeedCarrier
from hinomi.transport.http import parse_server
from hinomi.transport.memory import MemoryCarrier
from hinomi.transport.wire import delivered_from, receipt_object

NAHA, ISHIGAKI = "47201", "47207"
RECEIVERS = (Enrolled(name="naha", code=NAHA), Enrolled(name="ishigaki", code=ISHIGAKI))


@pytest.fixture(scope="module")
def world():
    scenario = load("replay-2023-05-31")
    context = prepare(scenario)
    source = source_of(scenario, context, seed=1, replicate=0, architecture="shared_warning")
    return scenario, context, source


@pytest.fixture
def running(world, tmp_path):
    """Function: a context with a running exercise whose rule has nothing to say yet, and a client."""

    @contextlib.asynccontextmanager
    async def run(*, carriers=None, **told):
        scenario, context, source = world
        settings = Settings(
            scenario=scenario.name, folder=tmp_path / "e", receivers=RECEIVERS, **told
        )
        facts = {
            "run": "r",
            "scenario": "s",
            "digest": "d",
            "seed": 1,
            "replicate": 0,
            "architecture": "a",
        }
        home = open_home(settings, facts, text="x", epoch=scenario.epoch)
        exercise = Exercise(settings, scenario, context, home, source)
        exercise.carriers.update(carriers or {})
        ready = asyncio.Event()
        task = asyncio.create_task(exercise.run(ready=lambda _: ready.set()))
        try:
            await asyncio.wait(
                (asyncio.create_task(ready.wait()), task), return_when="FIRST_COMPLETED"
            )
            while not exercise.office.register.start_key:
                await asyncio.sleep(0.01)
            async with httpx.AsyncClient(base_url=exercise.address, timeout=10.0) as client:
                yield exercise, client
        finally:
            if exercise.office.register.end_key:
                await asyncio.wait((task,), timeout=10.0)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            exercise.close()

    return run


def wanted(index=0, *, track=0, kind="alert", codes=(NAHA, ISHIGAKI), t_s=0.0):
    return Proposal(
        name=f"all|{track}|{index}", picture="all", track=track, kind=kind, route="",
        t_ready_s=t_s, t_issue_s=t_s, codes=codes, predicted=codes,
    )  # fmt: skip


def by(exercise, role):
    token = next(p.token for p in exercise.home.persons if p.role == role)
    return {"Authorization": f"Bearer {token}"}


@pytest.mark.parametrize("way", ["events", "socket", "atom"])
def test_a_receiver_gets_start_and_alert_in_order_by_every_way(running, way):
    async def main():
        async with running() as (exercise, _):
            clocks = []
            feed = FeedCarrier(
                parse_server(exercise.address), mode="exercise", way=way, poll_s=0.1,
                on_clock=clocks.append,
            )  # fmt: skip
            subjects = ["hinomi.r.exercise.all", "hinomi.r.exercise.47.47201"]
            found: list[Delivered] = []

            async def listen():
                async for delivered in feed.subscribe(subjects, after=0):
                    found.append(delivered)
                    if len(found) == 2:
                        return

            task = asyncio.create_task(listen())
            await asyncio.sleep(0.2)
            exercise.office.propose(wanted(), auto=True)
            await asyncio.wait_for(task, 10.0)
            at = exercise.office.desk.time(exercise.clock.t_s)
            for delivered in found:
                verdict = verify(delivered.envelope.content, trust=exercise.home.trust, at=at)
                assert verdict.verdict == "accepted", verdict.findings
            assert [d.envelope.kind for d in found] == ["start", "alert"]
            assert [d.sequence for d in found] == [1, 2]
            await feed.acknowledge(
                Receipt("naha", found[1].envelope.key, "shown", "", "2026-01-01T00:00:00Z")
            )
            assert [r.receiver for _, r in exercise.journal.receipts()] == ["naha"]
            assert way == "atom" or clocks[0]["mode"] == "exercise"
            await feed.close()

    asyncio.run(main())


def test_documents_are_immutable_and_the_atom_feed_is_read_by_another_library(running):
    async def main():
        async with running() as (exercise, client):
            exercise.office.propose(wanted(), auto=True)
            text = (await client.get("/feed/atom")).content
            parsed = feedparser.parse(text)
            assert not parsed.bozo
            assert [e.title.startswith("【訓練】") for e in parsed.entries] == [True] * 3
            assert [e.sequence for e in entries_of(text)] == [3, 2, 1]
            link = parsed.entries[0].links[0].href
            document = await client.get(link)
            assert document.status_code == 200, link
            assert document.headers["content-type"].startswith("application/cap+xml")
            assert "immutable" in document.headers["cache-control"]
            key = link.rpartition("/")[2]
            assert document.content == exercise.journal.message(key).content
            again = await client.get(link, headers={"If-None-Match": document.headers["etag"]})
            assert again.status_code == 304
            prepared = next(m.key for m in exercise.journal.messages() if m.prepared)
            assert (await client.get(f"/feed/messages/{prepared}")).status_code == 404

    asyncio.run(main())


def test_two_persons_release_and_one_cancels_at_the_console(running):
    async def main():
        async with running() as (exercise, client):
            exercise.office.propose(wanted(), auto=False)
            name = {"proposal": "all|0|0"}
            composer, releaser = by(exercise, "composer"), by(exercise, "releaser")
            assert (await client.post("/api/approve", json=name)).status_code == 401
            assert (
                await client.post("/api/approve", json=name, headers=releaser)
            ).status_code == 403
            assert (
                await client.post("/api/approve", json=name, headers=composer)
            ).status_code == 200
            shown = (
                await client.get("/api/proposal", params={"name": "all|0|0"}, headers=releaser)
            ).json()
            assert shown["codes"] == [NAHA, ISHIGAKI]
            assert shown["uncovered"] == []
            assert all(t["taken"][0] <= t["taken"][1] for t in shown["texts"])
            wrong = await client.post("/api/release", json={**name, "areas": 5}, headers=releaser)
            assert wrong.status_code == 400
            assert "goes to 2 municipalities" in wrong.json()["error"]
            own = await client.post("/api/release", json={**name, "areas": 2}, headers=composer)
            assert own.status_code == 403
            done = await client.post("/api/release", json={**name, "areas": 2}, headers=releaser)
            assert done.status_code == 200
            state = (await client.get("/api/state", headers=composer)).json()
            assert [m["key"] for m in state["standing"]] == [done.json()["key"]]
            key = {"key": done.json()["key"], "why": "wrong"}
            assert (
                await client.post("/api/cancel", json=key, headers=by(exercise, "observer"))
            ).status_code == 403
            assert (await client.post("/api/cancel", json=key, headers=composer)).status_code == 200
            assert (await client.post("/api/cancel", json=key, headers=composer)).status_code == 409
            kinds = [exercise.feed.read((), after=0)[-1].envelope.kind]
            assert kinds == ["cancel"]

    asyncio.run(main())


def test_the_stop_button_ends_everything_and_the_feed_says_so(running):
    async def main():
        async with running() as (exercise, client):
            exercise.office.propose(wanted(), auto=True)
            assert (
                await client.post("/api/stop", json={"why": "x"}, headers=by(exercise, "director"))
            ).status_code == 200
            assert (await client.get("/feed/clock")).json()["ended"]
            kinds = [d.envelope.kind for d in exercise.feed.read((), after=0)]
            assert kinds == ["start", "alert", "alert", "cancel", "cancel", "end"]

    asyncio.run(main())


REFUSED = (
    ("GET", "/feed/clock", {"headers": {"Host": "evil.example"}}, 403),
    ("POST", "/api/stop", {"headers": {"Origin": "http://evil.example"}, "json": {}}, 403),
    ("POST", "/feed/envelopes", {"json": {}}, 403),
    ("POST", "/feed/receipts", {"content": b"{"}, 400),
    ("POST", "/feed/receipts", {"content": b"x" * 1_200_000}, 413),
    ("GET", "/feed/events?after=-1", {}, 400),
    ("GET", "/feed/events?subject=hinomi.r.test.all", {}, 403),
    ("GET", "/feed/events?subject=hinomi.r.actual.all", {}, 403),
    ("GET", "/feed/atom?subject=hinomi.other.exercise.all", {}, 400),
    ("GET", "/feed/messages/none", {}, 404),
    ("GET", "/api/state", {}, 401),
)


def test_what_is_wrong_is_refused_in_words(running):
    async def main():
        async with running() as (_, client):
            for method, path, told, status in REFUSED:
                answer = await client.request(method, path, **told)
                assert answer.status_code == status, (path, answer.text)
                assert answer.json()["error"], path

    asyncio.run(main())


def test_a_receipt_for_what_was_never_released_is_refused(running):
    async def main():
        async with running() as (exercise, client):
            receipt = receipt_object(Receipt("naha", "0" * 64, "shown", "", "2026-01-01T00:00:00Z"))
            answer = await client.post("/feed/receipts", content=json.dumps(receipt))
            assert answer.status_code == 400
            assert not exercise.journal.receipts()

    asyncio.run(main())


def test_the_page_has_a_strict_policy_and_no_inline_script(running):
    async def main():
        async with running() as (_, client):
            page = await client.get("/")
            policy = page.headers["content-security-policy"]
            assert "default-src 'none'" in policy
            assert "unsafe" not in policy
            assert "<script>" not in page.text
            assert "訓練 EXERCISE 訓練" in page.text
            assert (await client.get("/console.js")).status_code == 200

    asyncio.run(main())


def test_an_expired_alert_comes_as_history_not_as_a_message(running):
    async def main():
        async with running() as (exercise, client):
            exercise.office.propose(wanted(t_s=0.0), auto=True)
            exercise.clock._from_s = exercise.clock._limit_s = 4000.0
            async with client.stream("GET", "/feed/events?after=1") as answer:
                kinds = []
                async for line in answer.aiter_lines():
                    if line.startswith("event: "):
                        kinds.append(line[7:])
                    if line.startswith("data: ") and kinds[-1] == "history":
                        assert delivered_from(json.loads(line[6:])).envelope.kind == "alert"
                        break
            assert kinds[-1] == "history"
            assert "message" not in kinds

    asyncio.run(main())


def test_silent_receivers_are_listed_within_ten_seconds_and_forgotten_when_they_answer(
    running, monkeypatch
):
    from hinomi.live import exercise as module

    assert module.UNREACHABLE_S + module.WATCH_S < 10.0
    monkeypatch.setattr(module, "UNREACHABLE_S", 0.3)
    monkeypatch.setattr(module, "WATCH_S", 0.1)

    async def main():
        async with running() as (exercise, _):
            register = exercise.office.register
            exercise.take(
                [Receipt("naha", register.start_key, "stored", "", "2026-01-01T00:00:00Z")]
            )
            until = time.monotonic() + 5.0
            while not register.unreachable and time.monotonic() < until:
                await asyncio.sleep(0.05)
            assert set(register.unreachable) == {"ishigaki"}
            exercise.take(
                [Receipt("ishigaki", register.start_key, "stored", "", "2026-01-01T00:00:00Z")]
            )
            assert not register.unreachable
            assert "reached" in [r.kind for r in exercise.journal.rows()]

    asyncio.run(main())


class Flapping:
    """A carrier that fails as often as it is told, then keeps what comes."""

    def __init__(self, failures):
        self.inner, self.failures, self.got = MemoryCarrier(mode="exercise"), failures, []

    async def publish(self, envelope: Envelope) -> int:
        if self.failures:
            self.failures -= 1
            raise ConnectionError("down")
        self.got.append(envelope)
        return await self.inner.publish(envelope)

    def receipts(self, *, after):
        return self.inner.receipts(after=after)


def test_another_carrier_gets_everything_in_order_however_often_it_fails(running):
    carrier = Flapping(3)

    async def main():
        async with running(carriers={"other": carrier}) as (exercise, _):
            exercise.office.propose(wanted(), auto=True)
            exercise.office.cancel(
                exercise.office.register.standing()[0].key, who="a", why="", t_s=1.0
            )
            last = exercise.journal.last_sequence()
            until = time.monotonic() + 10.0
            while exercise.journal.carried("other") < last and time.monotonic() < until:
                await asyncio.sleep(0.05)
            assert [e.kind for e in carrier.got] == ["start", "alert", "alert", "cancel", "cancel"]
            assert not exercise.office.register.unreachable
            kinds = [r.kind for r in exercise.journal.rows()]
            assert kinds.count("unreachable") == 1
            assert kinds.count("reached") == 1

    asyncio.run(main())


def test_the_address_is_in_the_folder_while_it_runs(running, tmp_path):
    async def main():
        async with running() as (exercise, _):
            told = json.loads((tmp_path / "e" / "address.json").read_text())
            assert told["url"] == exercise.address

    asyncio.run(main())
    assert not (tmp_path / "e" / "address.json").exists()
    assert journal.verify(tmp_path / "e").sound
    assert read(gate(journal.messages(tmp_path / "e")[0].content)).status == "Exercise"


def test_a_token_of_any_letters_is_refused_and_breaks_nothing(running):
    async def main():
        async with running(token="geheim") as (exercise, client):
            for token in ("トークン".encode(), b"\xff\xfe", "é".encode("latin-1")):
                given = {"Authorization": b"Bearer " + token}
                assert (await client.get("/api/state", headers=given)).status_code == 401
            assert exercise.person("トークン") is None
            guard = Guard(None, exercise=exercise, port=1)
            elsewhere = SimpleNamespace(host="192.0.2.1", token="geheim")
            guard._exercise = SimpleNamespace(settings=elsewhere, person=exercise.person)
            for token, status in (("é", 401), ("geheim", None)):
                link = SimpleNamespace(
                    headers={"host": "127.0.0.1:1", "authorization": f"Bearer {token}"},
                    url=SimpleNamespace(path="/feed/clock"),
                )  # fmt: skip
                assert (guard._refused(link) or (None,))[0] == status

    asyncio.run(main())


def test_a_paused_exercise_stays_paused_after_a_restart_until_its_director_lets_it_go_on(running):
    async def main():
        async with running() as (exercise, _):
            director = next(p.name for p in exercise.home.persons if p.role == "director")
            exercise.pace(who=director, paused=True)
        async with running() as (exercise, _):
            assert exercise.clock.paused
            assert exercise.office.register.paused
            exercise.pace(who=director, paused=False)
            assert not exercise.clock.paused
        async with running() as (exercise, _):
            assert not exercise.clock.paused

    asyncio.run(main())


def test_who_was_heard_before_a_restart_is_not_called_silent(running, monkeypatch):
    from hinomi.live import exercise as module

    async def main():
        async with running() as (exercise, _):
            key = exercise.office.register.start_key
            exercise.take([Receipt("naha", key, "stored", "", "2026-01-01T00:00:00Z", b"x")])
            assert exercise.journal.heard(key) == {"naha"}
        monkeypatch.setattr(module, "UNREACHABLE_S", 0.0)
        async with running() as (exercise, _):
            exercise._look_for_silence(now=True)
            assert set(exercise.office.register.unreachable) == {"ishigaki"}

    asyncio.run(main())


def test_receipts_of_one_moment_share_a_commit_and_are_on_record_when_they_are_answered(running):
    async def main():
        async with running() as (exercise, client):
            key = exercise.office.register.start_key
            before = exercise.journal.number
            rows = [
                receipt_object(Receipt(f"r-{n}", key, "stored", "", "2026-01-01T00:00:00Z"))
                for n in range(20)
            ]
            await asyncio.gather(
                *(
                    exercise.take_soon([Receipt(f"s-{n}", key, "stored", "", "t")])
                    for n in range(20)
                )
            )
            assert [r.kind for r in exercise.journal.rows(after=before)].count("received") == 1
            answer = await client.post("/feed/receipts", content=json.dumps(rows))
            assert answer.status_code == 204
            assert len(exercise.journal.receipts()) == 40

    asyncio.run(main())


def test_a_receipt_alone_wakes_no_reader(running):
    async def main():
        async with running() as (exercise, _):
            signal = exercise.feed.signal()
            exercise.take([Receipt("naha", exercise.office.register.start_key, "stored", "", "t")])
            assert not signal.is_set()
            exercise.office.propose(wanted(), auto=True)
            assert signal.is_set()

    asyncio.run(main())


def test_made_up_receipts_of_another_carrier_stay_out_of_the_record(running):
    class Talker(Flapping):
        async def receipts(self, *, after):
            yield 1, Receipt("naha", "0" * 64, "shown", "", "2026-01-01T00:00:00Z")
            yield 2, Receipt("naha", self.key, "shown", "", "2026-01-01T00:00:00Z")
            await asyncio.Event().wait()

    carrier = Talker(0)

    async def main():
        async with running() as (exercise, _):
            carrier.key = exercise.office.register.start_key
            task = asyncio.create_task(exercise._gather(carrier))
            until = time.monotonic() + 5.0
            while not exercise.journal.receipts() and time.monotonic() < until:
                await asyncio.sleep(0.01)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            assert [r.key for _, r in exercise.journal.receipts()] == [carrier.key]

    asyncio.run(main())

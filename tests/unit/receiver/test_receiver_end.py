"""When a host of receivers ends: with the signed end of the exercise, read by the last of them."""

import asyncio

import pytest

from hinomi.live import drafts
from hinomi.receiver import host as module
from hinomi.receiver.clock import ExerciseClock
from hinomi.receiver.host import Host

POSTS = {"naha": ("47201",), "ishigaki": ("47207",)}


class Scripted:
    """A carrier with deliveries for each place, each after a pause; then it is silent."""

    def __init__(self, **told):
        self.told = told

    async def subscribe(self, subjects, *, after):
        for pause_s, delivered in self.told.get(f"c{subjects[0][-5:]}", ()):
            await asyncio.sleep(pause_s)
            yield delivered
        await asyncio.Event().wait()

    async def acknowledge(self, receipt):
        pass


@pytest.fixture(scope="module")
def end(sender):
    """Bytes of the end of an exercise, as `hinomi live` signs them."""
    desk = drafts.Desk(
        sender=sender.sender, sender_name="town", status="Exercise", name="autumn",
        languages=("ja-JP", "en-US"), seed="7", epoch=sender.now, signer=sender.signer,
    )  # fmt: skip
    start = drafts.ceremony(desk, "start", t_s=0.0, until_s=60.0, before=None)
    return drafts.ceremony(desk, "end", t_s=30.0, until_s=30.0, before=start.message).content


@pytest.fixture
def open_town(town, sender):
    """Function: a town that believes the sender for everybody."""
    trust = tuple(sender.make_entry(each.certificate, areas=()) for each in sender.trust)
    return lambda **fields: town(trust=trust, **fields)


def worked(desk, carrier, *, seconds):
    """Let a host work; whether it ended with the exercise, before its time was over."""

    async def work():
        host = Host(desk, carrier, answers=None, clock=ExerciseClock())
        await host.run(seconds=seconds)
        return host.ended.is_set()

    return asyncio.run(work())


def test_the_fastest_receiver_of_a_host_does_not_end_the_others(open_town, sender, end):
    there = sender.message(target=sender.ishigaki)
    alert = sender.wrap(sender.bytes_of(there), code="47207")
    over = sender.wrap(end, code="all", kind="end", sequence=2)
    pair = open_town(posts=POSTS)
    carrier = Scripted(c47201=[(0.0, over)], c47207=[(0.3, alert), (0.1, over)])

    assert worked(pair.desk, carrier, seconds=20)
    assert pair.sounded() == [alert.envelope.key]


def test_a_receiver_that_never_reads_the_end_holds_its_host_for_a_bounded_time(
    open_town, sender, end, monkeypatch
):
    monkeypatch.setattr(module, "LAST_S", 0.2)
    over = sender.wrap(end, code="all", kind="end")
    pair = open_town(posts=POSTS)
    assert worked(pair.desk, Scripted(c47201=[(0.0, over)]), seconds=20)


def test_what_nobody_signed_ends_nothing(open_town, sender):
    """A genuine alert, an all-clear of a town and made-up bytes, each in an envelope that says end."""
    alert, clear = sender.chain(("launch", "all-clear"))
    told = [
        (0.0, sender.wrap(alert.envelope.content, kind="end")),
        (0.0, sender.wrap(clear.envelope.content, kind="end", sequence=2)),
        (0.0, sender.wrap(b"<html/>", kind="end", code="all", sequence=3, key="0" * 64)),
    ]
    naha = open_town()
    assert not worked(naha.desk, Scripted(c47201=told), seconds=0.6)
    assert list(naha.states()) == [alert.envelope.key, clear.envelope.key]


def test_the_signed_end_counts_whatever_its_envelope_says(open_town, sender, end):
    told = [(0.0, sender.wrap(end, code="all", kind="alert"))]
    assert worked(open_town().desk, Scripted(c47201=told), seconds=20)


def test_a_receiver_that_was_killed_after_it_stored_the_end_is_over_when_it_runs_again(
    open_town, sender, end, monkeypatch
):
    monkeypatch.setattr(module, "GRACE_S", 0.05)  # what it waits for may have come: nothing has
    naha = open_town()
    (told,) = naha.take(sender.wrap(end, code="all", kind="end"))
    assert told.over
    (again,) = naha.take(sender.wrap(end, code="all", kind="end"))
    assert (again.reason, again.over) == ("repeat", True)
    naha.store.close()

    assert worked(open_town(folder=naha.folder).desk, Scripted(), seconds=20)

"""Every carrier keeps the contract: at least once, in order, resumable, byte for byte, one mode."""

import asyncio
import contextlib
from dataclasses import replace

import pytest

from hinomi.errors import FenceError, ScenarioError

NAMES = ("memory", "events", "socket", "atom", "nats", "mqtt")
REMEMBERING = ("memory", "events", "socket", "atom", "nats")  # a broker of MQTT keeps no history


def on_carrier(kit, folder, name, test, mode="exercise"):
    """Run a test on a carrier, in bounded time."""

    async def work():
        async with asyncio.timeout(40), kit.carriers[name](folder, mode) as (publisher, listener):
            await test(publisher, listener)

    asyncio.run(work())


@contextlib.asynccontextmanager
async def listening(listener, subjects, after=0):
    """A subscription that is there before anything is published."""
    found = listener.subscribe(subjects, after=after)
    first = asyncio.ensure_future(anext(found))
    # A broker of MQTT forgets what nobody listens to: wait until it knows of us.
    await asyncio.sleep(0.4 if type(listener).__name__ == "MqttCarrier" else 0.0)

    async def all_of():
        yield await first
        async for each in found:
            yield each

    whole = all_of()
    try:
        yield whole
    finally:
        await whole.aclose()
        first.cancel()
        with contextlib.suppress(asyncio.CancelledError, StopAsyncIteration):
            await first
        await found.aclose()


@pytest.mark.parametrize("name", NAMES)
def test_what_is_published_arrives_in_order_and_byte_for_byte(kit, tmp_path, name):
    async def work(publisher, listener):
        sent = [kit.envelope(n) for n in range(1, 6)]
        async with listening(listener, [sent[0].subject]) as found:
            numbers = [await publisher.publish(each) for each in sent]
            got = await kit.take(found, 5)
        assert [each.envelope for each in got] == sent
        assert [each.sequence for each in got] == numbers
        assert numbers == sorted(set(numbers))
        assert numbers[0] >= 1

    on_carrier(kit, tmp_path, name, work)


@pytest.mark.parametrize("name", NAMES)
def test_publishing_the_same_key_twice_gives_the_first_sequence_and_one_delivery(
    kit, tmp_path, name
):
    async def work(publisher, listener):
        one, two = kit.envelope(1), kit.envelope(2)
        async with listening(listener, [one.subject]) as found:
            first = await publisher.publish(one)
            again = await publisher.publish(one)
            await publisher.publish(two)
            got = await kit.take(found, 2)
        assert again == first
        assert [each.envelope.key for each in got] == [one.key, two.key]

    on_carrier(kit, tmp_path, name, work)


@pytest.mark.parametrize("name", NAMES)
def test_a_receiver_hears_its_own_subjects_and_no_others(kit, tmp_path, name):
    async def work(publisher, listener):
        own, other = kit.envelope(1), kit.envelope(1, code="47207")
        everybody = kit.envelope(2, code="all", kind="end")
        async with listening(listener, [own.subject, everybody.subject]) as found:
            for each in (other, own, everybody):
                await publisher.publish(each)
            got = await kit.take(found, 2)
        assert [each.envelope for each in got] == [own, everybody]

    on_carrier(kit, tmp_path, name, work)


@pytest.mark.parametrize("name", REMEMBERING)
def test_a_receiver_goes_on_after_the_sequence_that_it_gives(kit, tmp_path, name):
    async def work(publisher, listener):
        sent = [kit.envelope(n) for n in range(1, 5)]
        numbers = [await publisher.publish(each) for each in sent]
        found = listener.subscribe([sent[0].subject], after=numbers[1])
        got = await kit.take(found, 2)
        await found.aclose()
        assert [each.envelope.key for each in got] == [each.key for each in sent[2:]]

    on_carrier(kit, tmp_path, name, work)


@pytest.mark.parametrize("name", NAMES)
def test_receipts_come_back_once_with_what_they_say(kit, tmp_path, name):
    async def work(publisher, listener):
        one, two = kit.receipt(1), kit.receipt(1, stage="refused", reason="sig-invalid")
        found = publisher.receipts(after=0)
        first = asyncio.ensure_future(anext(found))
        await asyncio.sleep(0.4 if type(listener).__name__ == "MqttCarrier" else 0.0)
        for each in (one, one, two):
            await listener.acknowledge(each)
        got = [await asyncio.wait_for(first, 10), *await kit.take(found, 1)]
        assert await kit.nothing(found)
        await found.aclose()
        assert [receipt for _, receipt in got] == [one, two]
        assert got[0][0] < got[1][0]

    on_carrier(kit, tmp_path, name, work)


@pytest.mark.parametrize("name", NAMES)
def test_a_message_of_another_mode_is_refused_and_nobody_hears_it(kit, tmp_path, name):
    async def work(publisher, listener):
        with pytest.raises(FenceError, match="for mode exercise"):
            await publisher.publish(kit.envelope(1, mode="test"))
        actual = replace(kit.envelope(1), subject="hinomi.run-1.actual.47.47201")
        with pytest.raises(FenceError, match="no carrier has a subject of mode 'actual'"):
            await publisher.publish(actual)
        for subject in (kit.envelope(1, mode="test").subject, actual.subject):
            with pytest.raises(FenceError):
                await anext(listener.subscribe([subject], after=0))

    on_carrier(kit, tmp_path, name, work)


@pytest.mark.parametrize("name", NAMES)
def test_what_no_receiver_would_take_does_not_leave(kit, tmp_path, name):
    async def work(publisher, listener):
        for fields, words in (
            ({"key": "47201"}, "SHA-256"),
            ({"content": b""}, "at most 524,288"),
            ({"content": b"x" * ((1 << 19) + 1)}, "at most 524,288"),
            ({"kind": "fire"}, "one of start"),
        ):
            with pytest.raises(ScenarioError, match=words):
                await publisher.publish(replace(kit.envelope(1), **fields))

    on_carrier(kit, tmp_path, name, work)


@pytest.mark.parametrize("name", NAMES)
def test_closing_ends_the_iterators(kit, tmp_path, name):
    async def work(publisher, listener):
        async with listening(listener, [kit.envelope(1).subject]) as found:
            await publisher.publish(kit.envelope(1))
            await kit.take(found, 1)
            await listener.close()
            with pytest.raises(StopAsyncIteration):
                await asyncio.wait_for(anext(found), 10)

    on_carrier(kit, tmp_path, name, work)

"""The relay hands on, and cuts, repeats, holds and puts in what it is told to, against a small server."""

import asyncio
import contextlib
import json

import pytest

from hinomi.drill.relay import ROOM, Relay
from hinomi.transport.contract import Delivered, Envelope, Receipt
from hinomi.transport.feed import FeedCarrier
from hinomi.transport.http import Server, parse_server, request
from hinomi.transport.subjects import subject_of
from hinomi.transport.wire import delivered_object, envelope_object, receipt_object, to_bytes

NAHA = subject_of("r", "exercise", "47201")


def delivered(number, *, key="", kind="alert", incident="i", content=b"x"):
    time = "2026-01-01T00:00:00+00:00"
    envelope = Envelope(NAHA, key or f"k{number}", incident, 0, kind, "", time, time, content)
    return Delivered(number, envelope)


class Upstream:
    """Answers events from a list, and the clock; remembers what was posted."""

    def __init__(self, messages):
        self.messages, self.posted, self.tasks = messages, [], set()

    async def start(self):
        self.server = await asyncio.start_server(self.serve, "127.0.0.1", 0)
        return Server(host="127.0.0.1", port=self.server.sockets[0].getsockname()[1])

    async def serve(self, reader, writer):
        self.tasks.add(asyncio.current_task())
        try:
            await self.answer(reader, writer)
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def close(self):
        self.server.close()
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)

    async def answer(self, reader, writer):
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        path = head.split(" ")[1]
        if path.startswith("/feed/events"):
            after = int(path.partition("after=")[2].partition("&")[0])
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n")
            for each in self.messages:
                if each.sequence > after:
                    writer.write(
                        b"event: message\ndata: " + to_bytes(delivered_object(each)) + b"\n\n"
                    )
            for _ in range(60):
                writer.write(b'event: clock\ndata: {"t_s": 1, "last_sequence": 3}\n\n')
                await writer.drain()
                await asyncio.sleep(0.05)
        else:
            length = int(head.lower().partition("content-length:")[2].split("\r\n")[0] or 0)
            self.posted.append(await reader.readexactly(length))
            writer.write(b'HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n{"last_sequence":  3}'[:-1])


async def listen(address, count, *, after=0):
    """Numbers and keys of the first deliveries of a receiver."""
    carrier = FeedCarrier(parse_server(address), mode="exercise")
    found = []
    async with (
        asyncio.timeout(5.0),
        contextlib.aclosing(carrier.subscribe([NAHA], after=after)) as coming,
    ):
        async for each in coming:
            found.append((each.sequence, each.envelope.key))
            if len(found) == count:
                break
    return found


def run(messages, work):
    async def all_of_it():
        upstream = Upstream(messages)
        server = await upstream.start()
        relay = Relay(lambda: server)
        address = await relay.start()
        try:
            return await work(relay, address, upstream)
        finally:
            await relay.close()
            await upstream.close()

    return asyncio.run(all_of_it())


THREE = [delivered(n) for n in (1, 2, 3)]


def test_messages_go_through_in_order_under_wider_numbers():
    async def work(relay, address, upstream):
        return await listen(address, 3)

    assert run(THREE, work) == [(n * ROOM, f"k{n}") for n in (1, 2, 3)]


def test_who_comes_back_is_given_what_is_newer_and_nothing_else():
    async def work(relay, address, upstream):
        return await listen(address, 2, after=1 * ROOM + 7)

    assert [k for _, k in run(THREE, work)] == ["k2", "k3"]


def test_a_repeated_message_comes_again_under_numbers_of_its_own():
    async def work(relay, address, upstream):
        relay.of("47201").repeat = 2
        return await listen(address, 5)

    found = run(THREE, work)
    assert [k for _, k in found] == ["k1", "k1", "k1", "k2", "k3"]
    assert [n for n, _ in found] == sorted({n for n, _ in found})


def test_a_held_alert_comes_after_the_next_message_of_its_incident():
    messages = [
        delivered(1, incident="a"),
        delivered(2, incident="b"),
        delivered(3, kind="cancel", incident="a"),
    ]

    async def work(relay, address, upstream):
        relay.of("47201").hold = True
        return await listen(address, 3)

    assert [k for _, k in run(messages, work)] == ["k2", "k3", "k1"]


def test_a_held_alert_goes_on_when_it_was_held_long_enough():
    async def work(relay, address, upstream):
        relay.of("47201").hold, relay.hold_s = True, 0.2
        return await listen(address, 3)

    messages = [delivered(n, incident=f"i{n}") for n in (1, 2, 3)]
    assert [k for _, k in run(messages, work)] == ["k2", "k3", "k1"]


def test_what_is_put_in_comes_once_and_loses_nothing_behind_it():
    strange = envelope_object(delivered(9, key="strange").envelope)

    async def work(relay, address, upstream):
        relay.of("47201").put_in.append(strange)
        return await listen(address, 4)

    found = run(THREE, work)
    assert sorted(k for _, k in found) == ["k1", "k2", "k3", "strange"]


def test_a_cut_line_gives_nothing_and_a_mended_one_everything():
    async def work(relay, address, upstream):
        relay.cut("47201")
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.5):
                await listen(address, 1)
        relay.mend("47201")
        return await listen(address, 3)

    assert [k for _, k in run(THREE, work)] == ["k1", "k2", "k3"]


def test_the_line_of_another_municipality_is_not_cut():
    async def work(relay, address, upstream):
        relay.cut("47214")
        return await listen(address, 3)

    assert len(run(THREE, work)) == 3


def test_receipts_about_made_up_messages_stay_with_the_drill():
    """The exercise refuses receipts of messages that it never released, all of a letter."""
    rows = [
        receipt_object(Receipt("r-1", k, "refused", "sig-invalid", "t")) for k in ("strange", "k1")
    ]

    async def work(relay, address, upstream):
        relay.strange.add("strange")
        await request(parse_server(address), "POST", "/feed/receipts", body=to_bytes(rows))
        return [r["key"] for r in relay.answers], [json.loads(p) for p in upstream.posted]

    kept, passed = run(THREE, work)
    assert kept == ["strange"]
    assert [r["key"] for r in passed[0]] == ["k1"]


def test_pages_of_elsewhere_are_refused():
    """A page of another name in somebody's browser cannot read the board or press its button."""

    async def work(relay, address, upstream):
        port = int(address.rpartition(":")[2])
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET /feed/clock HTTP/1.1\r\nHost: evil.example:80\r\n\r\n")
        first = (await reader.read()).split(b"\r\n")[0]
        writer.close()
        await writer.wait_closed()
        return first

    assert b"403" in run(THREE, work)

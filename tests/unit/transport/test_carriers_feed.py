"""The feed's listener: events as the standard writes them, cuts, restarts, refusals, bounds."""

import asyncio

import pytest

from hinomi.errors import FenceError, ScenarioError
from hinomi.transport.atom import entries_of
from hinomi.transport.feed import FeedCarrier, parse_events
from hinomi.transport.http import NoAnswerError, Server, parse_server, request
from hinomi.transport.memory import MemoryCarrier


async def pieces_of(text, size):
    for n in range(0, len(text), size):
        yield text[n : n + size]


def events_in(text, size=7):
    async def work():
        return [each async for each in parse_events(pieces_of(text, size))]

    return asyncio.run(work())


@pytest.mark.parametrize("size", [1, 3, 1000])
def test_events_are_read_as_the_standard_says(size):
    # The examples of WHATWG HTML, "Server-sent events", interpretation of a stream.
    assert events_in(b"data: YHOO\ndata: +2\ndata: 10\n\n", size) == [("message", b"YHOO\n+2\n10")]
    text = b": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n"
    assert events_in(text, size) == [
        ("message", b"first event"), ("message", b"second event"), ("message", b" third event"),
    ]  # fmt: skip
    assert events_in(b"data: test\r\nevent: add\r\n\r\ndata: cut off", size) == [("add", b"test")]


@pytest.mark.parametrize("way", ["events", "socket"])
def test_a_cut_stream_is_resumed_without_loss_or_repeat(kit, way):
    async def work():
        exercise = kit.Exercise(MemoryCarrier(mode="exercise"))
        await exercise.start()
        exercise.broken = True  # one message, then the stream is cut
        feed = FeedCarrier(Server(host="127.0.0.1", port=exercise.port), mode="exercise", way=way)
        for n in range(1, 4):
            await exercise.log.publish(kit.envelope(n))
        found = feed.subscribe([kit.envelope(1).subject], after=0)
        got = await kit.take(found, 3)
        await found.aclose()
        await exercise.stop()
        return [each.sequence for each in got]

    assert asyncio.run(work()) == [1, 2, 3]


def test_a_server_that_starts_again_is_found_again(kit):
    async def work():
        log = MemoryCarrier(mode="exercise")
        exercise = kit.Exercise(log)
        await exercise.start()
        port = exercise.port
        feed = FeedCarrier(Server(host="127.0.0.1", port=port), mode="exercise")
        found = feed.subscribe([kit.envelope(1).subject], after=0)
        await log.publish(kit.envelope(1))
        first = await kit.take(found, 1)
        await exercise.stop()
        await log.publish(kit.envelope(2))
        again = kit.Exercise(log)
        await again.start(port)
        second = await kit.take(found, 1)
        await found.aclose()
        await again.stop()
        return first[0].sequence, second[0].sequence

    assert asyncio.run(work()) == (1, 2)


def test_a_refusal_for_good_ends_the_subscription_with_its_reason():
    async def work():
        async def serve(reader, writer):
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n")
            writer.close()

        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        feed = FeedCarrier(Server(host="127.0.0.1", port=port), mode="exercise")
        try:
            with pytest.raises(ScenarioError, match="refused with 401"):
                await anext(feed.subscribe(["hinomi.r.exercise.all"], after=0))
        finally:
            server.close()

    asyncio.run(work())


def test_the_listener_neither_publishes_nor_reads_receipts(kit):
    async def work():
        feed = FeedCarrier(Server(host="127.0.0.1", port=1), mode="exercise")
        with pytest.raises(ScenarioError, match="only its own exercise publishes"):
            await feed.publish(kit.envelope(1))
        with pytest.raises(ScenarioError, match="in the journal"):
            await anext(feed.receipts(after=0))

    asyncio.run(work())


@pytest.mark.parametrize(
    ("head", "words"),
    [
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "without a length"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffff\r\n", "chunk of"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc", "too soon"),
        (b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 3000, "more than 2,000"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"x" * 80_000 + b"\r\n\r\n", "head of"),
        (b"SSH-2.0\r\n\r\n", "does not speak HTTP"),
        (b"", "IncompleteRead|0 bytes"),
    ],
)
def test_an_answer_out_of_bounds_is_an_answer_that_did_not_come(head, words):
    async def work():
        async def serve(reader, writer):
            await reader.readuntil(b"\r\n\r\n")
            writer.write(head)
            writer.close()

        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        try:
            with pytest.raises(NoAnswerError, match=words):
                await request(Server(host="127.0.0.1", port=port), "GET", "/", most=2000)
        finally:
            server.close()

    asyncio.run(work())


def test_a_server_that_says_nothing_is_given_up():
    async def work():
        async def serve(reader, writer):
            await reader.read()
            writer.close()

        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        try:
            with pytest.raises(NoAnswerError, match=r"no answer in 0\.2 s"):
                await request(Server(host="127.0.0.1", port=port), "GET", "/", wait_s=0.2)
        finally:
            server.close()

    asyncio.run(work())


def test_addresses_stay_on_this_host_unless_allowed_and_then_with_tls():
    assert parse_server("http://127.0.0.1:8700/") == Server(host="127.0.0.1", port=8700)
    assert parse_server("http://[::1]:80").address == "http://[::1]:80"
    for bad in ("127.0.0.1:80", "ftp://127.0.0.1", "http://", "http://u:p@127.0.0.1", "http://a:b"):
        with pytest.raises(ScenarioError, match="no address"):
            parse_server(bad)
    with pytest.raises(FenceError, match="another host"):
        parse_server("https://town.example")
    with pytest.raises(FenceError, match="only https"):
        parse_server("http://town.example", anywhere=True)
    assert parse_server("https://town.example", anywhere=True).port == 443


@pytest.mark.parametrize(
    ("feed", "words"),
    [
        (b"<!DOCTYPE feed [<!ENTITY a 'x'>]><feed/>", "document type"),
        (b"<rss/>", "no Atom feed"),
        (b"<feed", "not well-formed"),
        (b"<feed xmlns='http://www.w3.org/2005/Atom'>" + b"<a>" * 20 + b"</a>" * 20 + b"</feed>", "16 levels"),
        (b"<feed xmlns='http://www.w3.org/2005/Atom'><delivery xmlns='urn:hinomi:feed:1' sequence='x'/></feed>", "garbles"),
        (b" " * ((4 << 20) + 1), "the limit is"),
    ],
)  # fmt: skip
def test_a_hostile_feed_is_refused_with_a_reason(feed, words):
    with pytest.raises(ScenarioError, match=words):
        entries_of(feed)

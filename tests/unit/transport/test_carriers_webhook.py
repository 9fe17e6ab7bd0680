"""Webhooks: signed, retried a bounded number of times, nothing followed, receipts in the answer."""

import asyncio
import hashlib
import hmac
import json

import pytest

from hinomi.errors import ScenarioError
from hinomi.transport.http import NoAnswerError, Server, request
from hinomi.transport.webhook import TRIES, WebhookCarrier, is_genuine, signature_of
from hinomi.transport.wire import delivered_from, receipt_object

SECRET = b"a secret of twenty bytes"
NOW_S = 1_700_000_000.0


def posted(test, *answers):
    """Run a test against a server that gives these answers in turn, the last one for ever."""
    seen = []

    async def work():
        async def serve(reader, writer):
            head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            told = {k.lower(): v.strip() for k, _, v in (each.partition(":") for each in head[1:])}
            body = await reader.readexactly(int(told["content-length"]))
            seen.append((head[0], told, body))
            status, text = answers[min(len(seen), len(answers)) - 1]
            writer.write(
                f"HTTP/1.1 {status}\r\nLocation: http://127.0.0.1:1/\r\n"
                f"Content-Length: {len(text)}\r\n\r\n".encode()
                + text
            )
            await writer.drain()
            writer.close()

        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        carrier = WebhookCarrier(
            Server(host="127.0.0.1", port=port, prefix="/hook"), mode="exercise", secret=SECRET,
            clock_s=lambda: NOW_S, pause_s=0.001,
        )  # fmt: skip
        try:
            async with asyncio.timeout(20):
                await test(carrier)
        finally:
            await carrier.close()
            server.close()

    asyncio.run(work())
    return seen


def test_a_post_carries_the_message_and_a_signature_over_time_and_body(kit):
    async def test(carrier):
        assert await carrier.publish(kit.envelope(1)) == 1
        assert await carrier.publish(kit.envelope(1)) == 1
        assert await carrier.publish(kit.envelope(2)) == 2

    seen = posted(test, ("200 OK", b""))

    assert len(seen) == 2
    line, told, body = seen[0]
    assert line == "POST /hook HTTP/1.1"
    assert delivered_from(json.loads(body)).envelope == kit.envelope(1)
    # The rule in words: HMAC-SHA-256 of time, full stop, body.
    own = hmac.new(SECRET, b"1700000000." + body, hashlib.sha256).hexdigest()
    assert told["x-hinomi-signature"] == f"sha256={own}"
    assert is_genuine(SECRET, told, body, now_s=NOW_S + 10)


def test_a_signature_is_refused_when_altered_old_or_of_another_secret():
    body = b"{}"
    told = {
        "x-hinomi-time": "1700000000",
        "x-hinomi-signature": signature_of(SECRET, "1700000000", body),
    }
    assert is_genuine(SECRET, told, body, now_s=NOW_S)
    assert not is_genuine(SECRET, told, b"{ }", now_s=NOW_S)
    assert not is_genuine(SECRET, told, body, now_s=NOW_S + 301)
    assert not is_genuine(b"another secret of bytes", told, body, now_s=NOW_S)
    assert not is_genuine(SECRET, told | {"x-hinomi-time": "1700000001"}, body, now_s=NOW_S)
    assert not is_genuine(SECRET, {}, body, now_s=NOW_S)
    # Letters that some count as digits, and a signature that is no ASCII.
    assert not is_genuine(SECRET, told | {"x-hinomi-time": "170000000\u00b2"}, body, now_s=NOW_S)
    for strange in ("sha256=\u00e9", "\udc80"):
        assert not is_genuine(SECRET, told | {"x-hinomi-signature": strange}, body, now_s=NOW_S)


@pytest.mark.parametrize(
    "head", [b"HTTP/1.1 \xb200 OK\r\n\r\n", b"HTTP/1.1 " + b"2" * 5000 + b" OK\r\n\r\n"]
)
def test_an_answer_with_strange_digits_is_no_answer(head):
    async def work():
        async def serve(reader, writer):
            await reader.readuntil(b"\r\n\r\n")
            writer.write(head)
            await writer.drain()
            writer.close()

        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        try:
            with pytest.raises(NoAnswerError, match="does not speak HTTP"):
                await request(Server(host="127.0.0.1", port=port), "GET", "/")
        finally:
            server.close()

    asyncio.run(work())


def test_a_server_in_trouble_is_tried_again_and_then_given_up(kit):
    async def once(carrier):
        assert await carrier.publish(kit.envelope(1)) == 1

    async def never(carrier):
        with pytest.raises(NoAnswerError, match="answered 503"):
            await carrier.publish(kit.envelope(1))

    assert len(posted(once, ("503 Busy", b""), ("429 Slow", b""), ("200 OK", b""))) == 3
    assert len(posted(never, ("503 Busy", b""))) == TRIES


@pytest.mark.parametrize("status", ["400 Bad", "404 Gone", "302 Found", "307 Elsewhere"])
def test_a_refusal_or_another_address_is_not_followed(kit, status):
    async def test(carrier):
        with pytest.raises(ScenarioError, match="was not taken"):
            await carrier.publish(kit.envelope(1))

    assert len(posted(test, (status, b""))) == 1


def test_a_receipt_in_the_answer_comes_back(kit):
    receipt = kit.receipt(1)

    async def test(carrier):
        await carrier.publish(kit.envelope(1))
        assert await kit.take(carrier.receipts(after=0), 1) == [(1, receipt)]

    posted(test, ("200 OK", json.dumps(receipt_object(receipt)).encode()))


def test_a_short_secret_is_refused():
    with pytest.raises(ScenarioError, match="at least 16"):
        WebhookCarrier(
            Server(host="127.0.0.1", port=1), mode="test", secret=b"short", clock_s=lambda: 0.0
        )

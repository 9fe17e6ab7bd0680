"""Carriers of every kind with a publisher and a listener, and a stand-in for the exercise's server."""

import asyncio
import contextlib
import hashlib
import json
import socket

import pytest

from hinomi.transport.contract import Envelope, Receipt
from hinomi.transport.feed import FeedCarrier
from hinomi.transport.http import Server
from hinomi.transport.memory import MemoryCarrier
from hinomi.transport.subjects import subject_of
from hinomi.transport.wire import (
    delivered_object,
    receipt_from,
)

RUN = "run-1"


def make_envelope(n=1, *, code="47201", mode="exercise", run=RUN, **fields):
    values = {
        "subject": subject_of(run, mode, code), "key": hashlib.sha256(b"%d" % n).hexdigest(),
        "incident": "raid-1", "revision": n, "kind": "alert", "after": "",
        "sent_utc": "2025-09-15T10:30:00Z", "expires_utc": "2025-09-15T11:00:00Z",
        "content": b"<alert>\r\n  %d \xe8\xa8\x93\xe7\xb7\xb4</alert>\n" % n,
    }  # fmt: skip
    return Envelope(**(values | fields))


def make_receipt(n=1, *, stage="stored", reason="", receiver="naha", content=b"<Ack/>"):
    key = hashlib.sha256(b"%d" % n).hexdigest()
    return Receipt(receiver, key, stage, reason, "2026-01-01T00:00:00.000Z", content)


async def take(iterator, count, *, within_s=15.0):
    """The next `count` of an iterator, in bounded time."""
    out = []
    async with asyncio.timeout(within_s):
        while len(out) < count:
            out.append(await anext(iterator))
    return out


async def nothing(iterator, *, for_s=0.4):
    """Whether an iterator gives nothing for a while."""
    coming = asyncio.ensure_future(anext(iterator))
    done, _ = await asyncio.wait((coming,), timeout=for_s)
    coming.cancel()
    with contextlib.suppress(asyncio.CancelledError, StopAsyncIteration):
        await coming
    return not done


class Exercise:
    """A stand-in for the server of an exercise: the routes of its feed, from a memory carrier."""

    def __init__(self, log):
        self.log, self.port, self.requests = log, 0, []
        self.broken = False  # cut every stream after its next message
        self._server = None
        self.trust = "{}"
        self.clock = {
            "run": RUN, "mode": "exercise", "scenario_utc": "2025-09-15T10:31:00Z", "speed": 1.0,
            "paused": False, "ended": False,
        }  # fmt: skip

    def app(self):
        from starlette.applications import Starlette
        from starlette.responses import JSONResponse, Response, StreamingResponse
        from starlette.routing import Route, WebSocketRoute
        from starlette.websockets import WebSocketDisconnect

        async def events(request):
            self.requests.append(str(request.url))
            asked = request.query_params

            async def lines():
                yield b": hello\n\n"
                found = self.log.subscribe(asked.getlist("subject"), after=int(asked["after"]))
                async for delivered in found:
                    told = json.dumps(delivered_object(delivered))
                    yield f"id: {delivered.sequence}\nevent: message\ndata: {told}\n\n".encode()
                    if self.broken:
                        return

            return StreamingResponse(lines(), media_type="text/event-stream")

        async def socket_(websocket):
            asked = websocket.query_params
            await websocket.accept()
            found = self.log.subscribe(asked.getlist("subject"), after=int(asked["after"]))
            with contextlib.suppress(WebSocketDisconnect, RuntimeError):
                async for delivered in found:
                    told = {"type": "message", **delivered_object(delivered)}
                    await websocket.send_text(json.dumps(told))
                    if self.broken:
                        break
                await websocket.close()

        async def atom(request):
            subjects = request.query_params.getlist("subject")
            rows = [
                (n, e) for n, e in enumerate(self.log._log, 1) if e.subject in subjects
            ]  # fmt: skip
            entries = "".join(
                f'<entry><id>urn:{n}</id><delivery xmlns="urn:hinomi:feed:1" sequence="{n}" '
                f'subject="{e.subject}" key="{e.key}" incident="{e.incident}" revision='
                f'"{e.revision}" kind="{e.kind}" after="{e.after}" sent="{e.sent_utc}" '
                f'expires="{e.expires_utc}"/></entry>'
                for n, e in reversed(rows)
            )
            feed = f'<feed xmlns="http://www.w3.org/2005/Atom">{entries}</feed>'
            return Response(feed, media_type="application/atom+xml")

        async def message(request):
            key = request.path_params["key"]
            found = next((e for e in self.log._log if e.key == key), None)
            return Response(found.content if found else b"", status_code=200 if found else 404)

        async def receipts(request):
            found = await request.json()
            for each in found if isinstance(found, list) else [found]:
                await self.log.acknowledge(receipt_from(each))
            return Response(status_code=204)

        async def clock(request):
            return JSONResponse({"last_sequence": len(self.log._log), **self.clock})

        async def trust(request):
            return Response(self.trust, media_type="application/json")

        return Starlette(
            routes=[
                Route("/feed/events", events), WebSocketRoute("/feed/socket", socket_),
                Route("/feed/atom", atom), Route("/feed/messages/{key}", message),
                Route("/feed/receipts", receipts, methods=["POST"]),
                Route("/feed/clock", clock), Route("/feed/trust", trust),
            ]
        )  # fmt: skip

    async def start(self, port=0):
        import uvicorn

        settings = uvicorn.Config(
            self.app(), host="127.0.0.1", port=port, log_level="critical", lifespan="off",
            ws="websockets-sansio", timeout_graceful_shutdown=1,
        )  # fmt: skip
        self._server = uvicorn.Server(settings)
        listening = socket.socket()
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", port))
        self.port = listening.getsockname()[1]
        self._task = asyncio.ensure_future(self._server.serve([listening]))
        async with asyncio.timeout(10):
            while not self._server.started:
                await asyncio.sleep(0.01)

    async def stop(self):
        self._server.should_exit = True
        await self.log.close()
        await self._task


@contextlib.asynccontextmanager
async def _memory(folder, mode):
    carrier = MemoryCarrier(mode=mode)
    yield carrier, carrier
    await carrier.close()


def _feed(way):
    @contextlib.asynccontextmanager
    async def make(folder, mode):
        log = MemoryCarrier(mode=mode)
        exercise = Exercise(log)
        await exercise.start()
        server = Server(host="127.0.0.1", port=exercise.port)
        listener = FeedCarrier(server, mode=mode, way=way, poll_s=0.1)
        yield log, listener
        await listener.close()
        await exercise.stop()

    return make


@contextlib.asynccontextmanager
async def _nats(folder, mode):
    from hinomi.transport import nats_server
    from hinomi.transport.jetstream import JetStreamCarrier

    with nats_server.started(folder / "nats") as broker:
        address = broker.address(mode)
        one = await JetStreamCarrier.connect(address, run=RUN, mode=mode)
        two = await JetStreamCarrier.connect(address, run=RUN, mode=mode)
        yield one, two
        await one.close()
        await two.close()


@contextlib.asynccontextmanager
async def _mqtt(folder, mode):
    from hinomi.transport.mqtt import MqttCarrier

    async with mqtt_broker() as port:
        address = f"mqtt://127.0.0.1:{port}"
        one = await MqttCarrier.connect(address, run=RUN, mode=mode)
        two = await MqttCarrier.connect(address, run=RUN, mode=mode)
        yield one, two
        await two.close()
        await one.close()


@contextlib.asynccontextmanager
async def mqtt_broker():
    """An MQTT broker in this process (amqtt, pure Python)."""
    import logging
    import warnings

    for name in ("transitions.core", "amqtt"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from amqtt.broker import Broker
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    broker = Broker(
        {
            "listeners": {"default": {"type": "tcp", "bind": f"127.0.0.1:{port}"}},
            "plugins": {"amqtt.plugins.authentication.AnonymousAuthPlugin": {"allow_anonymous": True}},
        }
    )  # fmt: skip
    await broker.start()
    try:
        yield port
    finally:
        await broker.shutdown()


CARRIERS = {
    "memory": _memory, "events": _feed("events"), "socket": _feed("socket"), "atom": _feed("atom"),
    "nats": _nats, "mqtt": _mqtt,
}  # fmt: skip


class Kit:
    """What the tests of this folder share."""

    run = RUN
    carriers = CARRIERS
    Exercise = Exercise
    envelope = staticmethod(make_envelope)
    receipt = staticmethod(make_receipt)
    take = staticmethod(take)
    nothing = staticmethod(nothing)
    mqtt_broker = staticmethod(mqtt_broker)


@pytest.fixture(scope="session")
def kit():
    return Kit

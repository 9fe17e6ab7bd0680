"""A carrier by its address: what `hinomi live` hands its outbox to, and receivers may listen to."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from hinomi.errors import ScenarioError
from hinomi.extras import need_extra
from hinomi.transport.contract import Transport

LIBRARIES: Final = {"nats": "nats", "tls": "nats", "mqtt": "paho"}  # scheme -> module


def need_carrier(address: str) -> None:
    """Refuse an address whose carrier's library is not installed; nothing is connected.

    Raises
    ------
    ScenarioError
        with how to get the extra.
    """
    scheme = address.partition("://")[0]
    if scheme in LIBRARIES:
        need_extra("live", LIBRARIES[scheme], who=f"a carrier {scheme}://")


async def connect(
    address: str, *, run: str, mode: str, anywhere: bool = False, secret: bytes = b"",
    clock_s: Callable[[], float] = time.time,
) -> Transport:  # fmt: skip
    """Connect to a carrier.

    Parameters
    ----------
    address
        `nats://HOST:PORT`, `mqtt://HOST:PORT`, or a webhook's `http://HOST:PORT/PATH`.
    secret
        of a webhook, at least 16 bytes.

    Raises
    ------
    ScenarioError, FenceError
        for an address that is none or is not allowed, a broker that is too old, another mode.
    NoAnswerError
        where nobody answers.
    """
    scheme = address.partition("://")[0]
    if scheme in ("nats", "tls"):
        from hinomi.transport.jetstream import JetStreamCarrier

        return await JetStreamCarrier.connect(address, run=run, mode=mode, anywhere=anywhere)
    if scheme == "mqtt":
        from hinomi.transport.mqtt import MqttCarrier

        return await MqttCarrier.connect(address, run=run, mode=mode, anywhere=anywhere)
    if scheme in ("http", "https"):
        from hinomi.transport.http import parse_server
        from hinomi.transport.webhook import WebhookCarrier

        server = parse_server(address, anywhere=anywhere)
        return WebhookCarrier(server, mode=mode, secret=secret, clock_s=clock_s)
    raise ScenarioError(
        f"{address[:200]!r} is no carrier; write nats://127.0.0.1:4222, mqtt://127.0.0.1:1883 or "
        "http://127.0.0.1:8000/hook"
    )

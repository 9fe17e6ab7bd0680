"""Release to receipt over every carrier, the same work for each, on this host.

The office of an exercise composes, checks, signs and commits a message for the 41 municipalities of
Okinawa; receivers in another process verify, check, store (full sync) and hand a receipt back. The
time is from the moment the release is asked for to the moment the receipt is on the sender's side,
both on the same clock. `embedded` is the server of `hinomi live`; the others get the same envelopes
from its outbox, as in an exercise. `nats-durable` gives each receiver a durable consumer with explicit
acknowledgement instead of an ordered one without; `mqtt` is amqtt, a broker in Python, at QoS 1, and
`mosquitto` the same with mosquitto, measured beside it where it is on PATH. Each row holds the load
of the machine before and after: compare rows of like load alone.

    python benchmarks/carriers.py                      # all, 100 receivers
    python benchmarks/carriers.py --messages 2 --receivers 10 --every-s 0    # in a minute
    python benchmarks/carriers.py --receivers 1000 --carriers embedded
"""

# ruff: noqa: SLF001  (the insides of an exercise are measured)
from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import logging
import os
import platform
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CARRIERS = ("embedded", "nats", "nats-durable", "mqtt", "mosquitto")
RUN_WAIT_S = 90.0


@dataclass
class Asked:
    """What is measured."""

    receivers: int
    messages: int
    every_s: float


# --- the sender ----------------------------------------------------------------------------------


def make_exercise(folder: Path, receivers: int) -> Any:
    """An exercise with its office, journal, server and keys, and no plots behind it."""
    from hinomi.live import exercise as module
    from hinomi.live.settings import Enrolled, Settings
    from hinomi.scenario.places import load_places

    codes = [code for code in load_places().code if code.startswith("47")]
    book = tuple(Enrolled(name=f"r-{n}", code=codes[n % len(codes)]) for n in range(receivers))
    told = {
        "format": "hinomi/receivers/1", "mode": "exercise",
        "receivers": [{"name": e.name, "code": e.code, "group": "feed"} for e in book],
    }  # fmt: skip
    (folder / "book.json").write_text(json.dumps(told))
    module.source_of = lambda *_, **__: None
    settings = Settings(
        scenario="okinawa-2025", folder=folder / "live", release="auto", receivers=book,
        speed=1.0, name="benchmark",
    )  # fmt: skip
    return module.open_exercise(settings), codes


def proposal(codes: list[str], n: int) -> Any:
    from hinomi.live.decide import Proposal

    return Proposal(
        name=f"all|{n}|0", picture="all", track=n, kind="alert", route="", t_ready_s=1.0,
        t_issue_s=2.0 + n, codes=tuple(codes), predicted=tuple(codes),
    )  # fmt: skip


def processor_s(process: int) -> float:
    """Processor time that a process has used, with the kernel's for it (Linux)."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        told = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")
    return float("nan")


async def measure(exercise: Any, codes: list[str], asked: Asked, carriers: dict[str, Any],
                  start: Any) -> list[float]:  # fmt: skip
    """Seconds from release to receipt, of every receiver and message."""
    from hinomi.live.server import Served

    released: dict[str, float] = {}
    took: list[float] = []
    seen: set[tuple[str, str]] = set()
    alive: set[str] = set()
    whole = exercise.take

    def take(receipts: Any) -> None:
        now = time.monotonic()
        whole(receipts)
        for each in receipts:
            name = (each.receiver, each.key)
            if each.stage != "stored" or name in seen:
                continue
            seen.add(name)
            alive.add(each.receiver)
            if each.key in released:
                took.append(now - released[each.key])

    exercise.take = take
    exercise.feed._take = take
    server = Served(exercise)
    address = await server.start()
    exercise.carriers.update(carriers)
    tasks = [
        asyncio.ensure_future(part)
        for name, carrier in carriers.items()
        for part in (exercise._pump(name, carrier), exercise._gather(carrier))
    ]
    exercise.office.announce(until_s=7200.0)
    forgetful = not carriers.keys().isdisjoint(("mqtt", "mosquitto"))
    child = start(address)
    try:
        async with asyncio.timeout(RUN_WAIT_S):
            tries = 0
            while len(alive) < asked.receivers:  # the start message tells who is there
                await asyncio.sleep(0.1)
                tries += 1
                if tries % 50 == 0 and forgetful:  # a broker of MQTT has forgotten the start
                    exercise.office.propose(proposal(codes, 1000 + tries), auto=True)
                if child.poll() is not None:
                    raise SystemExit("the receivers ended: see receivers.log")
        await asyncio.sleep(1.0)
        worked = (time.process_time(), processor_s(child.pid))
        for n in range(asked.messages):
            began = time.monotonic()
            before = set(exercise.office.register.released)
            exercise.office.propose(proposal(codes, n), auto=True)
            for key in set(exercise.office.register.released) - before:
                released[key] = began
            want = len(took) + asked.receivers - (len(took) - n * asked.receivers)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(20.0):
                    while len(took) < want:
                        await asyncio.sleep(0.02)
            await asyncio.sleep(asked.every_s)
        exercise.worked_s = (
            time.process_time() - worked[0], processor_s(child.pid) - worked[1]
        )  # fmt: skip
    finally:
        child.terminate()
        child.wait(10)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await exercise.feed.close()
        await server.stop()
    return took


# --- the carriers --------------------------------------------------------------------------------


class DurableCarrier:
    """JetStream with a durable consumer and explicit acknowledgements for each receiver."""

    def __init__(self, carrier: Any) -> None:
        self._carrier, self._count = carrier, 0
        self.publish, self.acknowledge = carrier.publish, carrier.acknowledge
        self.receipts, self.close = carrier.receipts, carrier.close

    async def subscribe(self, subjects: Any, *, after: int) -> Any:
        from nats.js import api

        from hinomi.transport.contract import Delivered
        from hinomi.transport.wire import envelope_from, from_bytes

        self._count += 1
        config = api.ConsumerConfig(
            filter_subjects=list(subjects), ack_policy=api.AckPolicy.EXPLICIT,
            deliver_policy=api.DeliverPolicy.BY_START_SEQUENCE, opt_start_seq=after + 1,
        )  # fmt: skip
        found = await self._carrier._stream.subscribe(
            subjects[0], stream=self._carrier._name, durable=f"d-{os.getpid()}-{self._count}",
            config=config, manual_ack=True,
        )  # fmt: skip
        async for message in found.messages:
            await message.ack()
            number = int(message.metadata.sequence.stream)
            yield Delivered(number, envelope_from(from_bytes(message.data)))


def mosquitto() -> str:
    """Where mosquitto is; "" where it is not installed."""
    return shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin") or ""


def loads() -> list[float]:
    """Load of the machine over 1, 5 and 15 minutes."""
    return [round(each, 1) for each in os.getloadavg()]


@contextlib.contextmanager
def mqtt_broker(folder: Path, name: str) -> Any:
    """A broker in a process of its own; its port and name."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    if name == "mosquitto":
        (folder / "mosquitto.conf").write_text(
            f"listener {port} 127.0.0.1\nallow_anonymous true\npersistence true\n"
            f"persistence_location {folder}/\n"
        )
        command = [mosquitto(), "-c", str(folder / "mosquitto.conf")]
    else:
        command = [sys.executable, __file__, "--amqtt", str(port)]
    with (folder / "broker.log").open("w") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            until = time.monotonic() + 20.0
            while time.monotonic() < until:
                with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                    break
                time.sleep(0.1)
            yield port
        finally:
            process.terminate()
            process.wait(10)


def serve_amqtt(port: int) -> None:
    from amqtt.broker import Broker

    logging.disable(logging.CRITICAL)

    async def work() -> None:
        plugin = "amqtt.plugins.authentication.AnonymousAuthPlugin"
        broker = Broker(
            {
                "listeners": {"default": {"type": "tcp", "bind": f"127.0.0.1:{port}"}},
                "plugins": {plugin: {"allow_anonymous": True}},
            }
        )
        await broker.start()
        await asyncio.sleep(600)

    asyncio.run(work())


# --- the receivers -------------------------------------------------------------------------------


def listen(told: dict[str, Any]) -> None:
    """The other process: receivers of the address book on one carrier."""
    from hinomi.receiver import begin
    from hinomi.receiver.many import parse_many
    from hinomi.scenario.places import load_places

    folder = Path(told["folder"])
    posts = parse_many((folder / "book.json").read_text(), load_places().code)
    if told["durable"]:
        attach = begin._attach_broker

        async def durable(wanted: Any, scheme: str) -> Any:
            found = await attach(wanted, scheme)
            fields = {n: getattr(found, n) for n in found.__dataclass_fields__}
            return begin.Attached(**(fields | {"carrier": DurableCarrier(found.carrier)}))

        begin._attach_broker = durable
    wanted = begin.Wanted(
        address=told["address"], folder=folder / f"rx-{told['name']}", posts=posts,
        trust=(folder / "live" / "trust.json").read_text(), run=told["run"],
        clock_address=told["clock"], seconds=580.0,
    )  # fmt: skip
    wanted.folder.mkdir()
    asyncio.run(begin.receive(wanted, tell=lambda _: None))


def one(name: str, asked: Asked) -> dict[str, Any]:
    """Measure one carrier."""
    before = loads()
    with tempfile.TemporaryDirectory() as text, contextlib.ExitStack() as stack:
        folder = Path(text)
        exercise, codes = make_exercise(folder, asked.receivers)
        stack.callback(exercise.close)
        label = name
        if name.startswith("nats"):
            from hinomi.transport import nats_server

            broker = stack.enter_context(nats_server.started(folder / "nats"))
            address = broker.address("exercise")
        elif name in ("mqtt", "mosquitto"):
            port = stack.enter_context(mqtt_broker(folder, name))
            address = f"mqtt://127.0.0.1:{port}"
            label = f"mqtt ({'amqtt' if name == 'mqtt' else name})"
        else:
            address = ""
        log = stack.enter_context((folder / "receivers.log").open("w"))

        def start(server: str) -> Any:
            told = {
                "folder": str(folder), "name": name, "address": address or server, "clock": server,
                "run": exercise.run_name, "durable": name == "nats-durable",
            }  # fmt: skip
            command = [sys.executable, __file__, "--listen", json.dumps(told)]
            return subprocess.Popen(command, stdout=log, stderr=log)

        async def work() -> list[float]:
            carriers: dict[str, Any] = {}
            if name.startswith("nats"):
                from hinomi.transport.jetstream import JetStreamCarrier

                carriers[name] = await JetStreamCarrier.connect(
                    address, run=exercise.run_name, mode="exercise"
                )
            elif name in ("mqtt", "mosquitto"):
                from hinomi.transport.mqtt import MqttCarrier

                carriers[name] = await MqttCarrier.connect(
                    address, run=exercise.run_name, mode="exercise"
                )
            try:
                return await measure(exercise, codes, asked, carriers, start)
            finally:
                for carrier in carriers.values():
                    await carrier.close()

        try:
            took = sorted(asyncio.run(work()))
        except (TimeoutError, SystemExit) as error:
            log.flush()
            print(f"{name}: {error!r}\n{(folder / 'receivers.log').read_text()[-2000:]}")
            took = []
    wanted = asked.receivers * asked.messages
    return {
        "carrier": label, "receivers": asked.receivers, "messages": asked.messages,
        "received": len(took), "wanted": wanted, "load_before": before, "load_after": loads(),
        "processor_ms_a_message": {
            who: round(1e3 * each / asked.messages, 1)
            for who, each in zip(("sender", "receivers"), getattr(exercise, "worked_s", (0.0, 0.0)), strict=True)
        },
        **{f"p{q}_ms": round(1e3 * took[min(int(q / 100 * len(took)), len(took) - 1)], 1) if took else None
           for q in (50, 99)},
        "max_ms": round(1e3 * took[-1], 1) if took else None,
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    here = [name for name in CARRIERS if name != "mosquitto" or mosquitto()]
    parser.add_argument("--carriers", default=",".join(here), help=", ".join(CARRIERS))
    parser.add_argument("--receivers", type=int, default=100)
    parser.add_argument("--messages", type=int, default=20)
    parser.add_argument("--every-s", type=float, default=0.5)
    parser.add_argument("--listen", help=argparse.SUPPRESS)
    parser.add_argument("--amqtt", type=int, help=argparse.SUPPRESS)
    a = parser.parse_args()
    if a.listen:
        listen(json.loads(a.listen))
        return
    if a.amqtt:
        serve_amqtt(a.amqtt)
        return
    wanted = [name.strip() for name in a.carriers.split(",")]
    if unknown := [name for name in wanted if name not in CARRIERS]:
        parser.error(f"no carrier is called {', '.join(unknown)}: {', '.join(CARRIERS)}")
    if "mosquitto" in wanted and not mosquitto():
        parser.error("mosquitto is not on PATH")
    if a.receivers < 1 or a.messages < 1 or a.every_s < 0.0:
        parser.error("--receivers and --messages are at least 1, --every-s at least 0")
    asked = Asked(receivers=a.receivers, messages=a.messages, every_s=a.every_s)
    load = ", ".join(map(str, loads()))
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, load {load}"
    )
    for name in wanted:
        print(json.dumps(one(name, asked)), flush=True)


if __name__ == "__main__":
    main()

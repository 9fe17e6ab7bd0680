"""Program of the kill test: a receiver that is ended by SIGKILL at named points, and started again.

python kill_receiver.py FOLDER: reads FOLDER/messages.json and FOLDER/trust.json; for each line
`NAME:N` on stdin one trial in FOLDER/NAME-N, and one line of JSON on stdout. Everything is imported
once; each start of the receiver is a fork.
"""

import asyncio
import datetime as dt
import json
import os
import signal
import sys
from pathlib import Path

from hinomi.cap.trust import parse_trust
from hinomi.export.cap_places import load_schema
from hinomi.receiver.answers import load_answers
from hinomi.receiver.clock import ExerciseClock
from hinomi.receiver.desk import Desk, Setup
from hinomi.receiver.gates import OUTPUTS, Gates
from hinomi.receiver.host import Host
from hinomi.receiver.judge import Judge
from hinomi.receiver.outputs import Outputs, sounded
from hinomi.receiver.store import Store
from hinomi.transport.killpoint import RECEIVER
from hinomi.transport.memory import MemoryCarrier
from hinomi.transport.wire import delivered_from

NOW = dt.datetime(2025, 9, 15, 10, 31, tzinfo=dt.UTC)


class Recorded:
    """A carrier that already holds the messages, and writes each receipt to a file."""

    def __init__(self, folder, messages):
        self.log, self.path, self.messages = (
            MemoryCarrier(mode="exercise"),
            folder / "taken",
            messages,
        )

    async def fill(self):
        for each in self.messages:
            await self.log.publish(each.envelope)
            await asyncio.sleep(0.02)  # so that each has a commit of its own

    def subscribe(self, subjects, *, after):
        return self.log.subscribe(subjects, after=after)

    async def acknowledge(self, receipt):
        with self.path.open("a") as stream:
            stream.write(f"{receipt.key} {receipt.stage} {len(receipt.content) > 0}\n")


def work(folder, messages, trust):
    """Receive until the end message was taken and every receipt handed back."""

    async def receive():
        carrier = Recorded(folder, messages)
        filling = asyncio.ensure_future(carrier.fill())
        store = Store(folder)
        setup = Setup(
            run="run-1", mode="exercise", source="s", posts={"naha": ("47201",)},
            gates=Gates("run-1", OUTPUTS), language="en",
        )  # fmt: skip
        desk = Desk(
            setup, store=store, judge=Judge(trust, schema=load_schema()),
            outputs=Outputs(folder, tell=lambda _: None), clock=lambda: NOW, now=lambda: NOW,
        )  # fmt: skip
        clock = ExerciseClock(now=lambda: NOW)
        host = Host(desk, carrier, answers=load_answers(folder, name="naha", at=NOW), clock=clock)
        task = asyncio.ensure_future(host.run(stay=True))
        async with asyncio.timeout(20):
            source = setup.source_of("naha")
            while store.cursor("naha", source) < len(messages) or store.unsent() or store.undone():
                await asyncio.sleep(0.01)
                if task.done():
                    task.result()
        task.cancel()
        await asyncio.gather(task, filling, return_exceptions=True)
        store.close()

    asyncio.run(receive())


def start(folder, messages, trust, point):
    """One life of the receiver; the signal that ended it, or 0."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            os.environ.pop(RECEIVER, None)
            if point:
                os.environ[RECEIVER] = point
            work(folder, messages, trust)
            status = 0
        finally:
            os._exit(status)
    _, ended = os.waitpid(child, 0)
    if os.WIFEXITED(ended) and os.WEXITSTATUS(ended):
        sys.exit(f"a receiver failed in {folder}")
    return os.WTERMSIG(ended) if os.WIFSIGNALED(ended) else 0


def main(folder):
    """Run the trials."""
    found = json.loads((folder / "messages.json").read_text())
    messages = [delivered_from(each) for each in found]
    trust = parse_trust((folder / "trust.json").read_text())
    for line in sys.stdin:
        point = line.strip()
        own = folder / point.replace(":", "-")
        own.mkdir()
        killed = start(own, messages, trust, point) == signal.SIGKILL
        start(own, messages, trust, "")
        store = Store(own)
        told = {
            "point": point, "killed": killed,
            "sounded": [key for _, key in sounded(own)],
            "states": {kept.key: kept.state for kept in store.messages("naha")},
            "taken": (own / "taken").read_text().splitlines(),
        }  # fmt: skip
        store.close()
        print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))

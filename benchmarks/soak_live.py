"""End a live exercise with kill -9 at random moments, cut and disturb its lines, and count what went wrong.

Each round plays the raid of `okinawa-2025` fast: one process with the exercise (console, release, journal,
dispatcher), two with receivers, each behind a relay of the drill. Drawn moments and drawn points inside
release, dispatch and receipt end a process; it is started again on its folder. Lines are cut, messages come
twice or late, the wall clock of a process jumps by up to an hour, its disk is full for a while. At the end of
a round the journal, every receiver's store and its log of sounds are read, and held against each other.

Processes are forked from one that has loaded the program and computed the raid, so that many kills fit into
minutes; `cold starts` are whole starts of the program, for comparison.

    python benchmarks/soak_live.py --kills 200 --write benchmarks/soak_live.csv
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import csv
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from hinomi.drill.children import main as run_part
from hinomi.drill.relay import Relay
from hinomi.transport.http import NoAnswerError, Server, parse_server, request
from hinomi.transport.wire import from_bytes

SCENARIO, ARCHITECTURE = "okinawa-2025", "shared_warning"
HOSTS = {"a": ("47201", "47207", "47213"), "b": ("47214", "47382", "47361")}
UNTIL_S, QUIET_S = 720.0, 560.0  # of the scenario: the end, and no more trouble from here on
HOLD_S = 1.0  # a delivery is held back for so long at most
TROUBLE_S = 75.0  # wall seconds of trouble in a round at most
ROUND_S = 180.0  # wall seconds after which a round is given up (and counted as a mistake)
LIVE_POINTS = ("after-sign", "before-commit", "after-commit", "receipt")
RECEIVER_POINTS = (
    "before-store",
    "after-store",
    "before-sound",
    "after-sound",
    "before-receipt",
    "after-receipt",
)
TROUBLE = (
    "kill live",
    "kill live",
    "kill host",
    "kill host",
    "point live",
    "point host",
    "cut",
    "repeat",
    "hold",
    "clock",
    "disk",
)
BROKEN = (
    "lost",
    "sounded twice",
    "cancel before its alert",
    "wrong recipient",
    "journal not sound",
    "round not ended",
)


# --- the process that others are forked from ------------------------------------------------------


def hatch() -> None:
    """Load everything once; then fork a part for each line of JSON on standard input."""
    import uvicorn  # noqa: F401

    import hinomi.live.exercise as live
    import hinomi.live.server  # noqa: F401
    from hinomi.export.cap_places import load_schema, target_of
    from hinomi.live.routes import app_of  # noqa: F401
    from hinomi.receiver import begin  # noqa: F401
    from hinomi.scenario.load import load
    from hinomi.scenario.places import load_places
    from hinomi.study.chain import prepare

    scenario, schema, places = load(SCENARIO), load_schema(), load_places()
    target_of(("47201",))
    context = prepare(scenario)
    seed = scenario.study.seed
    source = live.source_of(scenario, context, seed=seed, replicate=0, architecture=ARCHITECTURE)
    live.load, live.prepare = lambda _: scenario, lambda _: context
    live.source_of = lambda *_, **__: source
    del schema, places
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    print("ready", flush=True)
    for line in sys.stdin:
        told = json.loads(line)
        pid = os.fork()
        if pid == 0:
            part(told)
        print(pid, flush=True)


def part(told: dict) -> None:
    """A forked part; never returns."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    out = os.open(told["log"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    for handle in (1, 2):
        os.dup2(out, handle)
    os.close(0)
    os.environ.update(told["environment"])
    if told.get("jump_s"):
        real, from_s = time.time, time.time() + told["jump_after_s"]
        time.time = lambda: real() + (told["jump_s"] if real() > from_s else 0.0)
    if told.get("disk"):
        resource.setrlimit(resource.RLIMIT_FSIZE, (told["disk"], resource.RLIM_INFINITY))
    code = 1
    try:
        code = run_part([told["config"]])
    finally:
        sys.stdout.flush()
        os._exit(code)


@dataclass
class Hatchery:
    """The process that forks parts."""

    process: subprocess.Popen

    @classmethod
    def start(cls) -> Hatchery:
        process = subprocess.Popen(
            [sys.executable, __file__, "--hatch"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        if process.stdout.readline().strip() != "ready":
            raise SystemExit("the program could not be loaded")
        return cls(process)

    def fork(self, told: dict) -> int:
        self.process.stdin.write(json.dumps(told) + "\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait(10)
        self.process.stdout.close()


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


# --- a round --------------------------------------------------------------------------------------


@dataclass
class Round:
    folder: Path
    hatchery: Hatchery
    rng: random.Random
    speed: float
    tally: Counter
    resume_s: list[float]
    relays: dict[str, Relay] = field(default_factory=dict)
    addresses: dict[str, str] = field(default_factory=dict)
    pids: dict[str, int] = field(default_factory=dict)
    t_s: float = 0.0
    ended: bool = False
    until_s: float = UNTIL_S
    quiet_s: float = QUIET_S

    @property
    def live(self) -> Path:
        return self.folder / "live"

    def server(self) -> Server:
        try:
            return parse_server(json.loads((self.live / "address.json").read_text())["url"])
        except (OSError, ValueError):
            raise LookupError("not there") from None

    def start(self, name: str, **trouble: object) -> None:
        """Fork a part; `trouble`: environment, jump_s, jump_after_s, disk."""
        config = self.folder / f"{name}.json"
        if name == "live":
            (self.live / "address.json").unlink(missing_ok=True)
            told = {
                "part": "live", "scenario": SCENARIO, "folder": str(self.live), "book": str(self.folder / "book.json"),
                "seed": None, "replicate": 0, "mode": "exercise", "architecture": ARCHITECTURE, "speed": self.speed,
                "release": "auto", "until_s": self.until_s, "sender": "exercise@hinomi.example", "name": "soak",
                "languages": ["ja-JP", "en-US"],
            }  # fmt: skip
        else:
            told = {
                "part": "receivers", "address": self.addresses[name], "folder": str(self.folder / "receivers" / name),
                "outputs": ["screen", "sound"], "posts": {f"r-{c}": [c] for c in HOSTS[name]},
                "trust": str(self.live / "trust.json"), "mode": "exercise", "seconds": ROUND_S,
            }  # fmt: skip
        config.write_text(json.dumps(told))
        self.pids[name] = self.hatchery.fork({
            "config": str(config), "log": str(self.folder / f"{name}.log"),
            "environment": {"HINOMI_LIVE_KILL": "", "HINOMI_RECEIVER_KILL": ""}, **trouble,
        })  # fmt: skip

    def kill(self, name: str) -> bool:
        pid = self.pids[name]
        if not alive(pid):
            return False
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        return True

    async def look(self) -> bool:
        """Read the clock; whether the exercise answers."""
        try:
            answer = await request(self.server(), "GET", "/feed/clock", wait_s=3.0)
            told = from_bytes(answer.body)
        except (LookupError, NoAnswerError, OSError):
            return False
        self.t_s, self.ended = max(self.t_s, told["t_s"]), self.ended or told["ended"]
        return True

    async def listens(self, limit_s: float = 30.0) -> None:
        begun = time.monotonic()
        while time.monotonic() - begun < limit_s and alive(self.pids["live"]):
            if await self.look():
                return
            await asyncio.sleep(0.02)

    async def again(self, name: str, **trouble: object) -> None:
        """Start a part again, and note how long the exercise takes to answer."""
        begun = time.monotonic()
        self.start(name, **trouble)
        if name == "live":
            await self.listens()
            if not trouble:
                self.resume_s.append(time.monotonic() - begun)

    async def run(self) -> None:
        (self.folder / "receivers").mkdir(parents=True)
        book = [{"name": f"r-{c}", "code": c} for codes in HOSTS.values() for c in codes]
        text = {"format": "hinomi/receivers/1", "mode": "exercise", "receivers": book}
        (self.folder / "book.json").write_text(json.dumps(text))
        self.start("live")
        await self.listens()
        for name in HOSTS:
            self.relays[name] = Relay(self.server)
            self.relays[name].hold_s = HOLD_S
            self.addresses[name] = await self.relays[name].start()
            self.start(name)
        begun = time.monotonic()
        end = begun + ROUND_S
        while time.monotonic() < end and not self.ended:
            await self.look()
            for name in self.pids:
                if not alive(self.pids[name]) and not (self.ended or self.over()):
                    await self.again(name)  # ended by a point, or by its full disk
            if self.t_s < self.quiet_s and time.monotonic() < begun + TROUBLE_S and not self.ended:
                await self.trouble()
                await asyncio.sleep(self.rng.uniform(0.05, 0.6))
            else:
                await asyncio.sleep(0.1)
        await self.finish()

    def over(self) -> bool:
        from hinomi.live import journal

        with contextlib.suppress(Exception):
            self.ended = any(r.kind == "ended" for r in journal.read(self.live)[-40:])
        return self.ended

    async def trouble(self) -> None:
        what, host = self.rng.choice(TROUBLE), self.rng.choice(list(HOSTS))
        code, rng, relay = self.rng.choice(HOSTS[host]), self.rng, self.relays[host]
        if what.startswith("kill"):
            name = "live" if what == "kill live" else host
            if self.kill(name):
                self.tally[f"kill -9 of {'the exercise' if name == 'live' else 'receivers'}"] += 1
                await asyncio.sleep(rng.choice((0.0, rng.uniform(0.0, 0.5))))
                await self.again(name)
        elif what.startswith("point"):
            name = "live" if what == "point live" else host
            points = LIVE_POINTS if name == "live" else RECEIVER_POINTS
            point = f"{rng.choice(points)}:{rng.randint(1, 6)}"
            self.kill(name)
            variable = "HINOMI_LIVE_KILL" if name == "live" else "HINOMI_RECEIVER_KILL"
            await self.again(name, environment={variable: point})
            self.tally[f"kill -9 of {'the exercise' if name == 'live' else 'receivers'}"] += 1
            self.tally["kill points set"] += 1
        elif what == "cut":
            relay.cut(code)
            await asyncio.sleep(rng.uniform(0.05, 0.8))
            relay.mend(code)
            self.tally["link cuts"] += 1
        elif what == "repeat":
            relay.of(code).repeat = rng.randint(1, 3)
            self.tally["repeated deliveries"] += 1
        elif what == "hold":
            relay.of(code).hold = True
            self.tally["deliveries held back"] += 1
        elif what == "clock":
            name = rng.choice(("live", host))
            self.kill(name)
            jump = {
                "jump_s": rng.choice((-3600.0, -60.0, 60.0, 3600.0)),
                "jump_after_s": rng.uniform(0.0, 1.0),
            }
            await self.again(name, **jump)
            self.tally["clock jumps"] += 1
            self.tally[f"kill -9 of {'the exercise' if name == 'live' else 'receivers'}"] += 1
        elif what == "disk":
            name = rng.choice(("live", host))
            self.kill(name)
            database = (
                self.live / "journal.db-wal"
                if name == "live"
                else self.folder / "receivers" / host / "receiver.db-wal"
            )
            size = database.stat().st_size if database.exists() else 0
            await self.again(name, disk=size + rng.randint(4_096, 65_536))
            await asyncio.sleep(rng.uniform(0.3, 1.0))
            self.kill(name)
            await self.again(name)
            self.tally["full disks"] += 1

    async def finish(self) -> None:
        """Let receivers catch up and end; then end what is left, each by its own id."""
        end = time.monotonic() + 12.0
        while time.monotonic() < end and any(alive(p) for p in self.pids.values()):
            await asyncio.sleep(0.1)
        for pid in self.pids.values():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)
        await asyncio.sleep(0.3)
        for name in self.pids:
            self.kill(name)
        for relay in self.relays.values():
            await relay.close()


# --- what went wrong ------------------------------------------------------------------------------


def look(folder: Path, tally: Counter) -> list[str]:
    """Mistakes of a round, in words; what was counted goes into the tally."""
    from hinomi.cap.gate import gate
    from hinomi.cap.message import read
    from hinomi.live import journal
    from hinomi.receiver.outputs import sounded
    from hinomi.receiver.store import Store

    live, wrong = folder / "live", []
    rows = journal.read(live)
    verdict = journal.verify(live)
    if not verdict.sound:
        wrong.append(f"journal not sound: {verdict.what}")
    if not any(r.kind == "ended" for r in rows):
        wrong.append("round not ended: no end on record")
    over = next((r.number for r in rows if r.kind in ("stopped", "ended")), len(rows) + 1)
    closing = {str(r.content.get("key")) for r in rows if r.number > over}
    meant: dict[str, set[str]] = {}
    for _, subject, key in journal.deliveries(live):
        meant.setdefault(key, set()).add(subject.rpartition(".")[2])
    messages = {
        m.key: m
        for m in journal.messages(live)
        if not m.prepared and m.kind in ("alert", "update", "cancel")
    }
    named = {k: {c[:5] for c in read(gate(m.content)).codes_of_areas} for k, m in messages.items()}
    tally["messages released"] += len(messages) - len(closing & set(messages))
    for host, codes in HOSTS.items():
        where = folder / "receivers" / host
        store = Store(where)
        order = sounded(where)
        tally["sounds"] += len(order)
        twice = {pair for pair in order if order.count(pair) > 1}
        wrong += [f"sounded twice: {r} {k[:8]}" for r, k in twice]
        wrong += [
            f"wrong recipient: {r} {k[:8]}"
            for r, k in order
            if k in named and r[2:] not in named[k]
        ]
        for code in codes:
            kept = {m.key: m for m in store.messages(f"r-{code}")}
            due = {k for k, m in messages.items() if code in meant.get(k, ()) and k not in closing}
            tally["deliveries due"] += len(due)
            wrong += [f"lost: r-{code} {k[:8]} {messages[k].kind}" for k in sorted(due - set(kept))]
            keys = list(kept)
            cancels = {
                m.after: n for n, m in enumerate(kept.values()) if m.kind.lower() == "cancel"
            }
            rang = [k for r, k in order if r == f"r-{code}"]
            early = [k for k in cancels if k in kept and keys.index(k) > cancels[k] and k in rang]
            wrong += [f"cancel before its alert: r-{code} {k[:8]}" for k in early]
        store.close()
    return wrong


def cold_start(folder: Path) -> float:
    """Seconds from the start of the whole program on a folder to its first answer."""
    (folder / "live" / "address.json").unlink(missing_ok=True)
    told = json.loads((folder / "live.json").read_text())
    told["paused"] = True
    (folder / "cold.json").write_text(json.dumps(told | {"folder": str(folder / "cold")}))
    begun = time.monotonic()
    process = subprocess.Popen([sys.executable, "-m", "hinomi.drill.children", str(folder / "cold.json")],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
    while not (folder / "cold" / "address.json").exists() and time.monotonic() - begun < 120.0:
        time.sleep(0.02)
    found = time.monotonic() - begun
    process.kill()
    process.wait()
    return found


def soak(
    kills: int, seed: int, *, speed: float, limit_s: float, folder: Path, say=print, cold: int = 1,
    until_s: float = UNTIL_S, quiet_s: float = QUIET_S,
    keep: bool = False,
) -> dict:  # fmt: skip
    """Rounds until so many kills, or the time is over; the table as a dictionary."""
    rng, tally, resume, wrong = random.Random(seed), Counter(), [], []
    hatchery, begun, starts = Hatchery.start(), time.monotonic(), []
    try:
        while _kills(tally) < kills and time.monotonic() - begun < limit_s:
            here = folder / f"round-{tally['rounds']}"
            one = Round(here, hatchery, rng, speed, tally, resume, until_s=until_s, quiet_s=quiet_s)
            asyncio.run(one.run())
            found = look(here, tally)
            wrong += found
            tally["rounds"] += 1
            say(
                f"round {tally['rounds']}: {_kills(tally)} kills, {len(found)} mistakes {found[:3]}"
            )
            if len(starts) < cold:
                starts.append(cold_start(here))
            if not found and not keep:
                shutil.rmtree(here)
    finally:
        hatchery.close()
    table = {"seed": seed, "rounds": tally["rounds"], "kill -9": _kills(tally)}
    table |= {k: tally[k] for k in ("kill -9 of the exercise", "kill -9 of receivers", "kill points set", "link cuts",
                                    "repeated deliveries", "deliveries held back", "clock jumps", "full disks",
                                    "messages released", "deliveries due", "sounds")}  # fmt: skip
    table |= {name: sum(w.startswith(name) for w in wrong) for name in BROKEN}
    resume.sort()
    if resume:
        table["resume, median s"] = round(resume[len(resume) // 2], 2)
        table["resume, slowest s"] = round(resume[-1], 2)
    if starts:
        table["cold start of the program, s"] = round(max(starts), 1)
    return table | {"seconds": round(time.monotonic() - begun), "mistakes": len(wrong)}


def _kills(tally: Counter) -> int:
    return tally["kill -9 of the exercise"] + tally["kill -9 of receivers"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--speed", type=float, default=40.0, help="scenario seconds in a second")
    parser.add_argument(
        "--limit", type=float, default=3600.0, help="seconds after which no round begins"
    )
    parser.add_argument(
        "--folder", default=None, help="where rounds lie; those with mistakes are kept there"
    )
    parser.add_argument("--write", default="", help="file for the table (CSV)")
    parser.add_argument("--hatch", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.hatch:
        hatch()
        return
    with contextlib.ExitStack() as stack:
        folder = Path(asked.folder or stack.enter_context(tempfile.TemporaryDirectory()))
        folder.mkdir(parents=True, exist_ok=True)
        table = soak(asked.kills, asked.seed, speed=asked.speed, limit_s=asked.limit, folder=folder)
    for name, value in table.items():
        print(f"{name}: {value}")
    if asked.write:
        with Path(asked.write).open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow(("what", "value"))
            writer.writerows(table.items())
    sys.exit(1 if table["mistakes"] else 0)


if __name__ == "__main__":
    main()

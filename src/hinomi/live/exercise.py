"""An exercise that runs: the links against the clock, persons or the rule, carriers, the end."""

from __future__ import annotations

import asyncio
import contextlib
import math
import re
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final, final

from hinomi.errors import FenceError, HinomiError, ScenarioError
from hinomi.live.clock import Clock
from hinomi.live.decide import Decider
from hinomi.live.drafts import Desk
from hinomi.live.feed import Feed, expired
from hinomi.live.folder import Home, Person, open_home
from hinomi.live.journal import Journal
from hinomi.live.office import SYSTEM, Office
from hinomi.live.pictures import arrived
from hinomi.live.rows import Row
from hinomi.live.settings import NO_ACTUAL, STATUS, Settings, read_receivers
from hinomi.live.source import Source, source_of
from hinomi.live.streams import known_receipt
from hinomi.scenario.load import architecture_of, load
from hinomi.scenario.model import Scenario
from hinomi.study.chain import Context, prepare
from hinomi.transport.contract import Receipt, Transport
from hinomi.transport.killpoint import kill_point

UNREACHABLE_S: Final = 8.0  # without any receipt: on the list before ten seconds have gone
WATCH_S: Final = 0.5
GATHER_S: Final = 0.005  # receipts that come within this time share a commit
LINGER_S: Final = 5.0  # after the end, at most, for readers to get what is left
RETRY_S: Final = (0.2, 5.0)  # first and longest pause before a carrier is tried again
PUBLISH_S: Final = 10.0
STOPPERS: Final = ("director", "releaser", "composer")
_PUBLIC: Final = re.compile(r"[^A-Za-z0-9_-]+")


@dataclass(slots=True)
class Awaited:
    """Receivers that have not said a word about a message."""

    deadline_s: float
    names: set[str]


@final
class Exercise:
    """One exercise, open; `run` once, then `close`."""

    def __init__(
        self, settings: Settings, scenario: Scenario, context: Context, home: Home, source: Source
    ) -> None:
        self.settings, self.scenario, self.home, self.source = settings, scenario, home, source
        self.run_name = str(home.told["run"])
        self.receivers = settings.receivers or read_receivers(
            home.path / "receivers.json", mode=settings.mode
        )
        desk = Desk(
            sender=settings.sender, sender_name="hinomi", status=STATUS[settings.mode],
            name=settings.name, languages=settings.languages, seed=str(home.told["seed"]),
            epoch=_epoch(scenario),
            signer=home.signer,
        )  # fmt: skip
        self.journal = Journal(home.path)
        self.office = Office(
            self.journal, desk, run=self.run_name, mode=settings.mode,
            replicate=settings.replicate, architecture=str(home.told["architecture"]),
            known=frozenset(context.places.code),
        )  # fmt: skip
        self.places = context.places
        self.feed = Feed(self.journal, mode=settings.mode, take=self.take)
        self.office.changed = self.feed.changed
        self.carriers: dict[str, Transport] = {}
        self.address = ""
        self.readers: dict[int, int] = {}  # connection -> sequence it has got
        self._threads = ThreadPoolExecutor(max_workers=4, thread_name_prefix="follow")
        self._decider = Decider(
            source, policy=replace(scenario.policy, status=STATUS[settings.mode]),
            units=context.units, places=context.places, classes=scenario.predictor_classes,
            threads=self._threads,
        )  # fmt: skip
        self.until_s = min(settings.until_s or scenario.t_end_s, scenario.t_end_s)
        self.clock = Clock(min(self.office.register.t_s, self.until_s), speed=settings.speed)
        if self.office.register.paused:  # as it was left: only a director lets it go on
            self.clock.set(paused=True)
        self._awaited: dict[str, Awaited] = {}
        self._over = asyncio.Event()
        self._waiting: list[Receipt] = []
        self._flush: asyncio.Future[None] | None = None
        self.plots = (0, 0, 0.0)
        self.step_took_s = 0.0

    # --- running ---------------------------------------------------------------------------------

    async def run(self, *, ready: Any = None) -> None:
        """Run to the end, a stop, or cancellation; everything is on record when this returns.

        `ready`: called once with the address when the server listens.
        """
        register = self.office.register
        kind = "resumed" if register.start_key else "opened"
        self.office.note(kind, self.clock.t_s, dict(self.home.told))
        self._pace_on_record()
        server = None
        if self.settings.port is not None:
            from hinomi.live.server import Served

            server = Served(self)
            self.address = await server.start()
        if ready is not None:
            ready(self.address)
        tasks = [asyncio.create_task(self._watch())]
        tasks += [
            asyncio.create_task(part)
            for name, carrier in self.carriers.items()
            for part in (self._pump(name, carrier), self._gather(carrier))
        ]
        steps = asyncio.create_task(self._steps())
        try:
            over = asyncio.create_task(self._over.wait())
            done, _ = await asyncio.wait((steps, over, *tasks), return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
            await self._linger()
        finally:
            for task in (steps, over, *tasks):
                task.cancel()
            await asyncio.gather(steps, over, *tasks, return_exceptions=True)
            await self.feed.close()
            if server is not None:
                await server.stop()
            if self._flush is not None:
                await asyncio.gather(self._flush, return_exceptions=True)

    async def _steps(self) -> None:
        self.office.announce(until_s=self.scenario.t_end_s)
        t_s = self.clock.t_s
        while not self.office.register.end_key:
            await self._step(t_s)
            if t_s >= self.until_s:
                break
            step = self.clock.step_s()
            t_s = min(math.floor(t_s / step + 1e-9) * step + step, self.until_s)
            await self.clock.until(t_s)
        self.office.end(t_s=self.clock.t_s if self.office.register.stopped else t_s)

    async def _step(self, t_s: float) -> None:
        """Look at what has come in by `t_s`, and take up what the rule asks for."""
        began = time.perf_counter()
        loop = asyncio.get_running_loop()
        due = await loop.run_in_executor(None, self._decider.due, t_s)
        self.plots = arrived(self.source, t_s)
        auto = self.settings.release == "auto"
        for proposal in due:
            if self.office.register.end_key:
                return
            self.office.propose(proposal, auto=auto)
        if not self.office.register.end_key:
            self.office.expire(t_s)
        self.step_took_s = time.perf_counter() - began

    async def _watch(self) -> None:
        """List receivers that do not answer; forget them when they do."""
        while True:
            self._look_for_silence()
            await asyncio.sleep(WATCH_S)

    def _look_for_silence(self, *, now: bool = False) -> None:
        register, wall_s = self.office.register, time.monotonic()
        new = {
            m.key: set(m.codes) for m in register.released.values() if m.key not in self._awaited
        }
        if register.start_key and register.start_key not in self._awaited:
            new[register.start_key] = {r.code for r in self.receivers}
        for key, codes in new.items():
            names = {r.name for r in self.receivers if r.code in codes} - self.journal.heard(key)
            self._awaited[key] = Awaited(wall_s + UNREACHABLE_S, names)
        for key, awaited in self._awaited.items():
            if awaited.names and (now or awaited.deadline_s <= wall_s):
                silent = sorted(awaited.names - set(register.unreachable))
                awaited.names = set()
                if silent:
                    self.office.note(
                        "unreachable", self.clock.t_s, {"receivers": silent, "key": key}
                    )

    async def _pump(self, name: str, carrier: Transport) -> None:
        """Hand the outbox to another carrier, in order; nothing overtakes what has to be tried again."""
        sequence = self.journal.carried(name)
        while True:
            more = self.feed.signal()
            batch = self.feed.read((), after=sequence)
            if not batch:
                await more.wait()
                continue
            for delivered in batch:
                envelope = delivered.envelope
                late = expired(envelope, self.office.desk.time(self.clock.t_s))
                if not (late and envelope.kind in ("alert", "update")):
                    await self._publish(name, carrier, envelope)
                    kill_point("dispatched")
                sequence = delivered.sequence
                self.journal.set_carried(name, sequence)

    async def _publish(self, name: str, carrier: Transport, envelope: Any) -> None:
        pause, told = RETRY_S[0], False
        while True:
            try:
                async with asyncio.timeout(PUBLISH_S):
                    await carrier.publish(envelope)
                if told:
                    self.office.note(
                        "reached",
                        self.clock.t_s,
                        {"receivers": [f"carrier {name}"], "key": envelope.key},
                    )
                return
            except (OSError, TimeoutError):
                if not told:
                    told = True
                    self.office.note(
                        "unreachable",
                        self.clock.t_s,
                        {"receivers": [f"carrier {name}"], "key": envelope.key},
                    )
                await asyncio.sleep(pause)
                pause = min(2.0 * pause, RETRY_S[1])
            except HinomiError as error:  # refused for good: on record, and the next one goes on
                body = {
                    "receivers": [f"carrier {name}"],
                    "key": envelope.key,
                    "why": str(error)[:300],
                }
                self.office.note("unreachable", self.clock.t_s, body)
                return

    async def _gather(self, carrier: Transport) -> None:
        """Take the receipts that come by another carrier."""
        while True:
            with contextlib.suppress(OSError, TimeoutError, HinomiError):
                last = None
                async for _, receipt in carrier.receipts(after=0):
                    with contextlib.suppress(ScenarioError):  # of what was never released: made up
                        known_receipt(self, receipt)
                        soon = self._soon([receipt])
                        if last is not None and soon is not last:
                            await last
                        last = soon
            await asyncio.sleep(RETRY_S[1])

    async def _linger(self) -> None:
        """Leave readers a moment to get what is left; then say who did not answer."""
        last, until = self.journal.last_sequence(), time.monotonic() + LINGER_S
        self.feed.changed()
        while time.monotonic() < until and self._unread(last):
            await asyncio.sleep(0.1)
        self._look_for_silence(now=True)

    def _unread(self, last: int) -> bool:
        if any(got < last for got in self.readers.values()):
            return True
        if any(self.journal.carried(name) < last for name in self.carriers):
            return True
        waiting = any(a.names for a in self._awaited.values())
        return waiting and bool(self.readers or self.carriers)

    async def take_soon(self, receipts: Sequence[Receipt]) -> None:
        """Put receipts on record together with others of the same moment; on the disk at return."""
        if receipts:
            await asyncio.shield(self._soon(receipts))

    def _soon(self, receipts: Sequence[Receipt]) -> asyncio.Future[None]:
        self._waiting += receipts
        if self._flush is None:
            self._flush = asyncio.ensure_future(self._flushed())
            self._flush.add_done_callback(lambda f: f.cancelled() or f.exception())
        return self._flush

    async def _flushed(self) -> None:
        await asyncio.sleep(GATHER_S)
        receipts, self._waiting, self._flush = self._waiting, [], None
        self.take(receipts)

    def take(self, receipts: Sequence[Receipt]) -> None:
        """Put receipts on record."""
        self.office.receive(receipts, t_s=self.clock.t_s)
        names = {r.receiver for r in receipts}
        for r in receipts:
            if r.key in self._awaited:
                self._awaited[r.key].names.discard(r.receiver)
        back = sorted(names & set(self.office.register.unreachable))
        if back:
            self.office.note("reached", self.clock.t_s, {"receivers": back, "key": receipts[0].key})

    # --- persons ---------------------------------------------------------------------------------

    def person(self, token: str) -> Person | None:
        """Who holds a token."""
        import hmac

        given = token.encode("utf-8", "backslashreplace")  # anything may come; texts must be ASCII
        return next(
            (p for p in self.home.persons if hmac.compare_digest(p.token.encode(), given)), None
        )

    def note(self, kind: str, body: Mapping[str, Any], *, who: str) -> Row:
        """Put something on record: injects, notes of a director."""
        return self.office.note(kind, self.clock.t_s, dict(body), who=who)

    def approve(self, name: str, *, who: str) -> str:
        """Compose, check and sign; the key of the message."""
        self._role(who, "composer")
        return self.office.approve(name, who=who, t_s=self.clock.t_s).key

    def release(self, name: str, *, who: str, areas: int) -> str:
        """Release what another person composed; the key of the message."""
        self._role(who, "releaser")
        return self.office.release(name, who=who, areas=areas, t_s=self.clock.t_s)

    def reject(self, name: str, *, who: str, why: str) -> None:
        """End a proposal without a message."""
        self._role(who, "composer", "releaser")
        self.office.reject(name, who=who, why=why, t_s=self.clock.t_s)

    def cancel(self, key: str, *, who: str, why: str) -> str:
        """Withdraw a message; one person is enough. The key of the cancel."""
        self._role(who, *STOPPERS)
        return self.office.cancel(key, who=who, why=why, t_s=self.clock.t_s)

    def stop(self, *, who: str, why: str) -> None:
        """End the exercise at once; one person is enough."""
        self._role(who, *STOPPERS)
        self.office.stop(who=who, why=why, t_s=self.clock.t_s)
        self._over.set()

    def pace(self, *, who: str, speed: float | None = None, paused: bool | None = None) -> None:
        """Change the speed, pause, go on."""
        self._role(who, "director")
        self.clock.set(speed=speed, paused=paused)
        self._pace_on_record(who)

    def _pace_on_record(self, who: str = SYSTEM) -> None:
        speed = self.clock.speed if math.isfinite(self.clock.speed) else None
        self.office.note(
            "clock", self.clock.t_s, {"speed": speed, "paused": self.clock.paused}, who=who
        )

    def _role(self, who: str, *roles: str) -> None:
        found = next((p.role for p in self.home.persons if p.name == who), None)
        if found not in roles:
            raise FenceError(
                f"{who[:60]} is {found or 'nobody here'}; this needs {' or '.join(roles)}"
            )

    # --- asked from outside ----------------------------------------------------------------------

    def clock_told(self) -> dict[str, Any]:
        """What `/feed/clock` says."""
        from hinomi.live.journal import wall_utc
        from hinomi.transport.subjects import subject_of

        clock, register = self.clock, self.office.register
        at = self.office.desk.time(clock.t_s).astimezone(UTC)
        return {
            "run": self.run_name, "mode": self.settings.mode, "scenario_utc": at.isoformat(),
            "t_s": round(clock.t_s, 3), "wall_utc": wall_utc(),
            "speed": clock.speed if math.isfinite(clock.speed) else 0.0,
            "fastest": not math.isfinite(clock.speed), "paused": clock.paused,
            "ended": bool(register.end_key), "last_sequence": self.journal.last_sequence(),
            "subject_all": subject_of(self.run_name, self.settings.mode),
        }  # fmt: skip

    def close(self) -> None:
        """Close the journal and give the folder free."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        self.journal.close()
        self.home.close()


def open_exercise(settings: Settings, *, scenario: Scenario | None = None) -> Exercise:
    """Open an exercise, new or to be continued.

    Raises
    ------
    FenceError
        for a scenario whose alerts are Actual, or a mode that is.
    FolderError
        for a folder in use, or of another exercise.
    """
    found = scenario or load(settings.scenario)
    if found.policy.status not in STATUS.values():
        raise FenceError(f"{found.name}: alert status {found.policy.status!r}: {NO_ACTUAL}")
    architecture = settings.architecture or found.study.architectures[-1]
    architecture_of(found, architecture)
    seed = found.study.seed if settings.seed is None else settings.seed
    run = _PUBLIC.sub("-", f"{found.name}-s{seed}-r{settings.replicate}")[:64].strip("-")
    facts = {
        "run": run, "scenario": found.name, "digest": found.content_hash, "seed": seed,
        "replicate": settings.replicate, "architecture": architecture,
    }  # fmt: skip
    home = open_home(settings, facts, text=found.text, epoch=_epoch(found))
    try:
        context = prepare(found)
        source = source_of(
            found, context, seed=seed, replicate=settings.replicate, architecture=architecture
        )
        return Exercise(settings, found, context, home, source)
    except BaseException:
        home.close()
        raise


def _epoch(scenario: Scenario) -> datetime:
    return scenario.epoch if scenario.epoch.tzinfo else scenario.epoch.replace(tzinfo=UTC)

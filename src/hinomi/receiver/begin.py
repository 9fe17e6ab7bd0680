"""Begin to receive: attach to an exercise, pin its trust store, open the gates that were asked for."""

from __future__ import annotations

import asyncio
import contextlib
import getpass
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from hinomi.cap.trust import TrustEntry, parse_trust
from hinomi.errors import FolderError, HinomiError, ScenarioError
from hinomi.export.cap_places import load_schema
from hinomi.receiver.answers import load_answers
from hinomi.receiver.clock import ExerciseClock, text_utc, wall
from hinomi.receiver.desk import Desk, Setup, confirm
from hinomi.receiver.folder import pinned_trust
from hinomi.receiver.gates import OUTPUTS, Gates
from hinomi.receiver.host import Host
from hinomi.receiver.judge import Judge
from hinomi.receiver.outputs import Outputs
from hinomi.receiver.post import confirm_door, load_token
from hinomi.receiver.store import Store
from hinomi.scenario.places import load_places
from hinomi.transport.connect import connect
from hinomi.transport.contract import Transport
from hinomi.transport.feed import FeedCarrier, Way
from hinomi.transport.http import NoAnswerError, parse_server
from hinomi.transport.subjects import subject_of
from hinomi.transport.wire import to_bytes

TRIES: Final = 20  # of the first connection, half a second apart: the server may start later
PAUSE_S: Final = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What was asked for on the command line."""

    address: str
    folder: Path
    posts: Mapping[str, tuple[str, ...]]
    outputs: tuple[str, ...] = ()
    trust: str | None = None  # text of a trust store
    language: str = "ja"
    way: Way = "events"
    token: str = ""
    anywhere: bool = False
    run: str = ""  # of nats:// and mqtt://, which cannot be asked
    mode: str = "exercise"
    clock_address: str = ""
    seconds: float | None = None
    stay: bool = False
    confirm_port: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    """A carrier, and what it says of its exercise."""

    carrier: Transport
    run: str
    mode: str
    source: str
    clock: ExerciseClock
    offered: str | None  # trust store that the server offers
    last: int | None  # its last sequence


async def receive(wanted: Wanted, *, tell: Callable[[str], None]) -> None:
    """Receive until the exercise ends, the time is over, or the task is cancelled."""
    attached = await attach(wanted)
    try:
        trust = _trust(wanted, attached, tell)
        answers = load_answers(wanted.folder, name=next(iter(wanted.posts)), at=attached.clock())
        with contextlib.closing(Store(wanted.folder)) as store:
            desk = _desk(wanted, attached, store, trust, tell)
            host = Host(desk, attached.carrier, answers=answers, clock=attached.clock)
            _greet(wanted, attached, tell)
            async with _doors(wanted, desk, tell):
                await host.run(seconds=wanted.seconds, stay=wanted.stay)
            if host.ended.is_set():
                tell("the exercise is over; --stay goes on listening")
    finally:
        with contextlib.suppress(HinomiError, OSError):
            await attached.carrier.close()


async def attach(wanted: Wanted) -> Attached:
    """Find the exercise at an address.

    Raises
    ------
    ScenarioError, FenceError
        for an address that is none or is not allowed.
    NoAnswerError
        where nobody answers within ten seconds.
    """
    scheme = wanted.address.partition("://")[0]
    if scheme in ("nats", "tls", "mqtt"):
        return await _attach_broker(wanted, scheme)
    clock = ExerciseClock()
    feed, told = await _asked(wanted, wanted.address, clock)
    run, mode = str(told.get("run", "")), str(told.get("mode", ""))
    subject_of(run, mode)  # refuses another mode
    feed = FeedCarrier(
        _server(wanted, wanted.address), mode=mode, way=wanted.way, on_clock=clock.hear
    )
    offered = None
    if wanted.trust is None:
        offered = to_bytes(await feed.get("/feed/trust")).decode()
    last = told.get("last_sequence")
    return Attached(
        carrier=feed, run=run, mode=mode, source=f"{run}/{mode}", clock=clock, offered=offered,
        last=last if isinstance(last, int) else None,
    )  # fmt: skip


async def _attach_broker(wanted: Wanted, scheme: str) -> Attached:
    if not wanted.run:
        raise ScenarioError(f"{scheme}:// needs --exercise RUN: a broker cannot be asked for it")
    clock = ExerciseClock()
    if wanted.clock_address:
        await _asked(wanted, wanted.clock_address, clock)
    carrier = await connect(
        wanted.address, run=wanted.run, mode=wanted.mode, anywhere=wanted.anywhere
    )
    return Attached(
        carrier=carrier, run=wanted.run, mode=wanted.mode, clock=clock, offered=None, last=None,
        source=f"{scheme}:{wanted.run}/{wanted.mode}",
    )  # fmt: skip


def _server(wanted: Wanted, address: str) -> Any:
    return parse_server(address, token=wanted.token, anywhere=wanted.anywhere)


async def _asked(
    wanted: Wanted, address: str, clock: ExerciseClock
) -> tuple[FeedCarrier, dict[str, Any]]:
    """A feed, and what its clock says; the server may start a few seconds later."""
    feed = FeedCarrier(_server(wanted, address), mode=wanted.mode)
    for n in range(TRIES):
        try:
            told = await feed.get("/feed/clock")
        except NoAnswerError:
            if n == TRIES - 1:
                raise
            await asyncio.sleep(PAUSE_S)
            continue
        if not isinstance(told, dict):
            raise ScenarioError(f"{address}: no exercise answers there")
        clock.hear(told)
        return feed, told
    raise NoAnswerError(address)


def _trust(
    wanted: Wanted, attached: Attached, tell: Callable[[str], None]
) -> tuple[TrustEntry, ...]:
    """Keys that are believed: those given, those pinned before, else those offered, told aloud."""
    found = pinned_trust(wanted.folder, wanted.trust)
    if found is not None:
        _refuse_other_keys(wanted.folder, attached.offered, found)
        return found
    if attached.offered is None:
        raise ScenarioError("no trust store: give one with --trust FILE")
    found = pinned_trust(wanted.folder, attached.offered)
    for entry in found or ():
        tell(f"pinned on first use: {entry.sender}, key {entry.fingerprint}")
    return found or ()


def _refuse_other_keys(folder: Path, offered: str | None, kept: tuple[TrustEntry, ...]) -> None:
    """Raise where a server has none of the keys that were pinned: all it says would be refused."""
    if offered is None:
        return
    own = {entry.fingerprint for entry in kept}
    if own.isdisjoint(entry.fingerprint for entry in parse_trust(offered, "the server's keys")):
        raise ScenarioError(
            f"{folder}: none of the keys that were pinned there is the server's: it is another "
            "exercise, or another server; name a new folder, or give the keys with --trust"
        )


def _desk(
    wanted: Wanted, attached: Attached, store: Store, trust: tuple[TrustEntry, ...],
    tell: Callable[[str], None],
) -> Desk:  # fmt: skip
    _refuse_used(wanted.folder, attached, store)
    run = attached.run
    gates = Gates(run, wanted.outputs)
    store.enrol(run, wanted.outputs)
    setup = Setup(
        run=run, mode=attached.mode, source=attached.source, posts=wanted.posts, gates=gates,
        language=wanted.language,
    )  # fmt: skip
    if attached.last is not None:
        for name in wanted.posts:
            if store.cursor(name, setup.source_of(name)) > attached.last:
                tell(f"{name}: the server begins anew; its messages are read from the first")
                store.rewind(name, setup.source_of(name))
    return Desk(
        setup, store=store, judge=Judge(trust, schema=load_schema(), places=load_places()),
        outputs=Outputs(wanted.folder, tell=tell), clock=attached.clock,
    )  # fmt: skip


def _refuse_used(folder: Path, attached: Attached, store: Store) -> None:
    """Raise where a folder holds what came of another exercise: its cancels would silence this one.

    The same exercise over another carrier is the same: who missed it there catches up elsewhere.
    """
    own = f"{attached.run}/{attached.mode}"
    for source in store.sources():
        other = source.partition("#")[0].rpartition(":")[2]
        if other != own:
            raise FolderError(f"{folder}: holds what came of {other}; name a new folder")


def _greet(wanted: Wanted, attached: Attached, tell: Callable[[str], None]) -> None:
    opened = [each for each in OUTPUTS if each in wanted.outputs]
    closed = [each for each in OUTPUTS if each not in wanted.outputs]
    posts = list(wanted.posts.items())
    told = ", ".join(f"{name} ({' '.join(codes)})" for name, codes in posts[:5])
    more = f" and {len(posts) - 5} more" if len(posts) > 5 else ""
    tell(f"receiving {attached.run} ({attached.mode}) as {told}{more}")
    tell(f"gates open: {', '.join(opened) or 'none'}; closed: {', '.join(closed) or 'none'}")


@contextlib.asynccontextmanager
async def _doors(wanted: Wanted, desk: Desk, tell: Callable[[str], None]) -> AsyncIterator[None]:
    """Ways in which a person confirms: a key press, a POST."""

    def confirmed(receiver: str, key: str, person: str) -> tuple[str, ...]:
        return confirm(desk.store, receiver, key, person, at_utc=text_utc(wall()))

    async with contextlib.AsyncExitStack() as stack:
        stack.enter_context(_keyboard(confirmed, tell))
        if wanted.confirm_port is not None:
            door = confirm_door(
                confirmed, port=wanted.confirm_port, token=load_token(wanted.folder)
            )
            port = await stack.enter_async_context(door)
            tell(
                f"confirm: POST http://127.0.0.1:{port}/confirm, token in {wanted.folder / 'token'}"
            )
        yield


@contextlib.contextmanager
def _keyboard(
    confirmed: Callable[[str, str, str], tuple[str, ...]], tell: Callable[[str], None]
) -> Iterator[None]:
    """`c` and Enter confirm what is in force, where a person sits at a terminal."""
    if not sys.stdin.isatty():
        yield
        return

    loop = asyncio.get_running_loop()

    def typed() -> None:
        line = sys.stdin.readline()
        if not line:  # Ctrl-D: the end stays readable for ever, and would be read for ever
            loop.remove_reader(sys.stdin.fileno())
        if line.strip().lower() != "c":
            return
        try:
            tell(f"confirmed: {len(confirmed('', '', getpass.getuser()))}")
        except HinomiError as error:
            tell(f"not confirmed: {error}")

    loop.add_reader(sys.stdin.fileno(), typed)
    tell("c and Enter: confirm what is in force; Ctrl-C: end")
    try:
        yield
    finally:
        loop.remove_reader(sys.stdin.fileno())

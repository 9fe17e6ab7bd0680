"""Run an exercise: start its programs, do each inject at its time, watch both clocks, end everything."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from hinomi.drill.log import Act, note
from hinomi.drill.plan import Plan
from hinomi.drill.plan_schema import InjectSection
from hinomi.drill.programs import Stage
from hinomi.drill.relay import Relay
from hinomi.errors import FolderError, HinomiError
from hinomi.transport.http import NoAnswerError, Server, request
from hinomi.transport.wire import from_bytes, to_bytes

POLL_S: Final = 0.2
START_S: Final = 240.0  # for the first look of the scenario's links, which may have to be compiled
CONNECT_S: Final = 60.0
AFTER_S: Final = 12.0  # for programs to end by themselves after the exercise has ended


@dataclass(slots=True)
class Conductor:
    """One exercise that runs."""

    plan: Plan
    stage: Stage
    say: Callable[[str], None]
    relays: dict[str, Relay] = field(default_factory=dict)  # code -> relay of its receiver
    t_s: float = 0.0
    run_name: str = ""
    ended: bool = False
    stopped_s: float | None = None  # wall time at which the limit was reached
    down: dict[str, str] = field(default_factory=dict)  # inject that goes on -> kind
    done: list[dict[str, Any]] = field(default_factory=list)

    # --- clocks ----------------------------------------------------------------------------------

    async def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """Answer of the exercise, as its director; None where there is none."""
        try:
            server = self.stage.server()
            director = Server(host=server.host, port=server.port, token=self.stage.token())
            answer = await request(
                director, method, path, body=to_bytes(body or {}) if method == "POST" else b"",
                headers={"Content-Type": "application/json"}, wait_s=5.0,
            )  # fmt: skip
            told = from_bytes(answer.body) if answer.body else None
        except (LookupError, NoAnswerError, OSError, HinomiError):
            return None
        return told if answer.status < 300 else None

    async def look(self) -> None:
        """Read the clock of the exercise."""
        told = await self.ask("GET", "/feed/clock")
        if isinstance(told, dict):
            self.t_s = max(self.t_s, float(told.get("t_s", 0.0)))
            self.ended = self.ended or bool(told.get("ended"))
            self.run_name = str(told.get("run", self.run_name))

    async def until(self, t_s: float) -> bool:
        """Wait for a scenario time; False when the exercise ended before."""
        while self.t_s < t_s and not self.ended:
            await asyncio.sleep(POLL_S)
        return not self.ended

    async def lasting(self, seconds: float) -> None:
        """Wait some scenario seconds by the wall: the exercise may be down meanwhile."""
        end = time.monotonic() + seconds / self.plan.text.clock.speed.value
        while time.monotonic() < end and not self.ended:
            await asyncio.sleep(min(POLL_S, max(0.01, end - time.monotonic())))

    # --- record ----------------------------------------------------------------------------------

    def write(
        self, inject: InjectSection, step: str, *, codes: tuple[str, ...] = (),
        keys: tuple[str, ...] = (), told: str = "",
    ) -> None:  # fmt: skip
        """Put a step of an inject on the drill's own record."""
        at = datetime.fromtimestamp(time.time(), UTC).isoformat(timespec="milliseconds")
        act = Act(
            name=inject.name, kind=inject.kind, step=step, t_s=round(self.t_s, 1), at_utc=at,
            codes=codes, keys=keys, told=told,
        )  # fmt: skip
        note(self.stage.folder, act)
        first = next((d for d in self.done if d["name"] == inject.name), None)
        late = self.t_s - inject.at_s.value if first is None else first["late_s"]
        self.done.append({"name": inject.name, "kind": inject.kind, "step": step, "t_s": act.t_s,
                          "late_s": round(late, 1), "codes": list(codes), "told": told})  # fmt: skip
        self.say(
            f"{self.t_s:7.0f} s  {inject.kind} {step}: {inject.name}{' - ' + told if told else ''}"
        )

    async def tell(self, text: str) -> None:
        """Put a line into the journal of the exercise."""
        await self.ask("POST", "/api/note", {"text": text[:300]})


async def conduct(plan: Plan, stage: Stage, *, say: Callable[[str], None]) -> Conductor:
    """Run an exercise from its first program to the end of its last.

    Raises
    ------
    FolderError
        where the exercise does not start; its own words are told.
    """
    from hinomi.drill.board import Board
    from hinomi.drill.inject_acts import DOING

    conductor = Conductor(plan=plan, stage=stage, say=say)
    board = Board(conductor)
    relays: list[Relay] = []
    doing: list[asyncio.Task[None]] = []
    try:
        # Whatever becomes of this program, the exercise's own ends by itself.
        stage.programs["live"].told["limit_s"] = _limit_s(plan) + START_S + AFTER_S
        stage.start("live")
        await _listens(conductor)
        front = Relay(stage.server, pages=board.pages)
        relays.append(front)
        board_at = f"{await front.start()}/board#token={stage.token()}"
        say(f"board: {board_at}  console: {stage.server().address}/")
        await _receivers(conductor, relays)
        await conductor.ask("POST", "/api/clock", {"paused": False})
        doing = [
            asyncio.create_task(_one(conductor, inject, DOING[inject.kind]))
            for inject in plan.text.injects
        ]
        await _watch(conductor, board)
    finally:
        for task in doing:
            task.cancel()
        await asyncio.gather(*doing, return_exceptions=True)
        await _finish(conductor)
        for relay in relays:
            await relay.close()
    return conductor


def _limit_s(plan: Plan) -> float:
    return 60.0 * plan.text.clock.limit_min.value + CONNECT_S


async def _listens(conductor: Conductor) -> None:
    stage, end = conductor.stage, time.monotonic() + START_S
    while time.monotonic() < end:
        if not stage.programs["live"].running:
            break
        with contextlib.suppress(LookupError):
            stage.server()
            await conductor.look()
            if conductor.run_name:
                return
        await asyncio.sleep(POLL_S)
    raise FolderError(f"the exercise did not start: {stage.last_words('live')}")


async def _receivers(conductor: Conductor, relays: list[Relay]) -> None:
    """Start the receivers, each process behind a relay, and wait until they listen."""
    stage, plan = conductor.stage, conductor.plan
    limit_s = _limit_s(plan)
    for name, codes in stage.groups().items():
        relay = Relay(stage.server)
        relays.append(relay)
        address = await relay.start()
        conductor.relays |= dict.fromkeys(codes, relay)
        stage.add_receivers(name, codes, address, seconds=limit_s)
        stage.start(name)
    end = time.monotonic() + CONNECT_S
    while time.monotonic() < end:
        state = await conductor.ask("GET", "/api/state")
        if isinstance(state, dict) and int(state.get("readers", 0)) >= len(plan.codes):
            return
        await asyncio.sleep(POLL_S)
    conductor.say("not every receiver listens yet; the exercise begins all the same")


async def _one(conductor: Conductor, inject: InjectSection, do: Any) -> None:
    """One inject at its time; what fails is on record and does not end the exercise."""
    if not await conductor.until(inject.at_s.value):
        conductor.write(inject, "failed", told="the exercise ended before")
        return
    try:
        await conductor.tell(f"inject {inject.name} ({inject.kind})")
        await do(conductor, inject)
    except Exception as error:  # noqa: BLE001  whatever failed: a review must not take it for done
        conductor.write(inject, "failed", told=(str(error) or type(error).__name__)[:300])


async def _watch(conductor: Conductor, board: Any) -> None:
    """Follow the clock until the exercise ends, its program is gone for good, or the limit is reached."""
    live, limit_s = (
        conductor.stage.programs["live"],
        60.0 * conductor.plan.text.clock.limit_min.value,
    )
    begun, gone = time.monotonic(), 0
    while not conductor.ended:
        await conductor.look()
        await board.look()
        gone = 0 if live.running or "broker-killed" in conductor.down.values() else gone + 1
        if gone > 2:
            conductor.ended = True
        if time.monotonic() - begun > limit_s and conductor.stopped_s is None:
            conductor.stopped_s = time.monotonic()
            conductor.say(f"the limit of {limit_s / 60:.0f} min is reached: stopping the exercise")
            await conductor.ask("POST", "/api/stop", {"why": "time limit of the drill"})
        if conductor.stopped_s is not None and time.monotonic() - conductor.stopped_s > AFTER_S:
            return
        await asyncio.sleep(POLL_S)


async def _finish(conductor: Conductor) -> None:
    """Let programs end by themselves for a while; then end them."""
    end = time.monotonic() + (AFTER_S if conductor.ended else 0.0)
    programs = conductor.stage.programs.values()
    while time.monotonic() < end and any(p.running for p in programs):
        await asyncio.sleep(POLL_S)
    await asyncio.to_thread(conductor.stage.end)

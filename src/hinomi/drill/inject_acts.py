"""How each kind of inject is done."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Final

from hinomi.drill.conduct import POLL_S, Conductor
from hinomi.drill.enrolled import codes_of
from hinomi.drill.forge import forged, misrouted
from hinomi.drill.plan_schema import InjectSection
from hinomi.drill.programs import receiver_name
from hinomi.live import journal
from hinomi.live.rows import Row

COPIES: Final = 2  # beside the message itself
ANSWER_S: Final = 20.0  # wall seconds for receivers to refuse a forged alert
OVERTAKE_S: Final = 0.5  # wall seconds between an alert that is held and its cancel

Doing = Callable[[Conductor, InjectSection], Awaitable[None]]


def _codes(c: Conductor, inject: InjectSection) -> tuple[str, ...]:
    """Places of an inject that take part; everybody where none is named."""
    named = codes_of(inject.places)
    return tuple(x for x in named if x in c.relays) if named else c.plan.codes


async def receiver_down(c: Conductor, inject: InjectSection) -> None:
    """Kill receivers, and start them again later."""
    codes = _codes(c, inject)
    for code in codes:
        c.stage.kill(receiver_name(code))
    c.down[inject.name] = inject.kind
    c.write(inject, "begun", codes=codes)
    await c.lasting(_lasts(inject))
    if not c.ended:
        for code in codes:
            c.stage.start(receiver_name(code))
    c.down.pop(inject.name, None)
    c.write(inject, "ended", codes=codes)


async def link_cut(c: Conductor, inject: InjectSection) -> None:
    """Cut lines, and mend them later."""
    codes = _codes(c, inject)
    for code in codes:
        c.relays[code].cut(code)
    c.down[inject.name] = inject.kind
    c.write(inject, "begun", codes=codes)
    await c.lasting(_lasts(inject))
    for code in codes:
        c.relays[code].mend(code)
    c.down.pop(inject.name, None)
    c.write(inject, "ended", codes=codes)


async def broker_killed(c: Conductor, inject: InjectSection) -> None:
    """Kill the exercise's own program, and start it on the same folder."""
    c.down[inject.name] = inject.kind
    c.stage.kill("live")
    c.write(inject, "begun")
    await c.lasting(_lasts(inject))
    c.stage.start("live")
    begun = time.monotonic()
    while await c.ask("GET", "/feed/clock") is None and time.monotonic() - begun < 60.0:
        await asyncio.sleep(0.05)
    c.down.pop(inject.name, None)
    c.write(inject, "ended", told=f"listens again {time.monotonic() - begun:.1f} s after its start")


async def duplicate(c: Conductor, inject: InjectSection) -> None:
    """Let the next message arrive three times."""
    codes = _codes(c, inject)
    for code in codes:
        c.relays[code].of(code).repeat = COPIES
    c.write(inject, "done", codes=codes, told=f"the next message comes {COPIES + 1} times")


async def reordered_cancel(c: Conductor, inject: InjectSection) -> None:
    """Hold the next alert back, cancel it, and let the alert arrive after its cancel."""
    codes = _codes(c, inject)
    for code in codes:
        c.relays[code].of(code).hold = True
    c.write(inject, "begun", codes=codes)
    while not c.ended:
        held = {told["key"] for code in codes for told in c.relays[code].held_of(code)}
        if held:
            break
        await asyncio.sleep(POLL_S)
    else:
        c.write(inject, "failed", codes=codes, told="no alert came before the end")
        return
    key = min(held)
    await asyncio.sleep(OVERTAKE_S)
    c.write(inject, "found", codes=codes, keys=(key,))
    done = await c.ask("POST", "/api/cancel", {"key": key, "why": f"inject {inject.name}"})
    c.write(inject, "done" if done else "failed", codes=codes, keys=(key,))


async def forged_alert(c: Conductor, inject: InjectSection) -> None:
    """Put a stranger's alert on the lines of places."""
    codes = _codes(c, inject)
    if not codes:
        raise LookupError("none of its places takes part")
    answers: list[dict[str, str]] = []
    key, envelope = await asyncio.to_thread(forged, c.plan, codes, run=c.run_name, at_s=c.t_s)
    for code in codes:
        mine = envelope | {"subject": envelope["subject"].rsplit(".", 2)[0] + f".{code[:2]}.{code}"}
        c.relays[code].strange.add(key)
        c.relays[code].of(code).put_in.append(mine)
    c.write(inject, "done", codes=codes, keys=(key,))
    begun = time.monotonic()
    while not c.ended and time.monotonic() - begun < ANSWER_S:
        answers = [
            a
            for r in {id(r): r for r in c.relays.values()}.values()
            for a in r.answers
            if a["key"] == key
        ]
        if len(answers) >= len(codes):
            break
        await asyncio.sleep(POLL_S)
    told = (
        ", ".join(sorted({f"{a['stage']} {a['reason']}".strip() for a in answers})) or "no answer"
    )
    shown = tuple(a["receiver"] for a in answers if a["stage"] == "shown")
    c.write(
        inject,
        "answered",
        codes=codes,
        keys=(key,),
        told=told + (f"; SHOWN by {len(shown)}" if shown else ""),
    )


async def wrong_area(c: Conductor, inject: InjectSection) -> None:
    """Put a genuine alert for elsewhere on the lines of places."""
    codes = _codes(c, inject)
    if not codes:
        raise LookupError("none of its places takes part")
    while not c.ended:
        stored = await asyncio.to_thread(journal.messages, c.stage.live)
        rows = await asyncio.to_thread(_released, c)
        naming = {str(r.content["key"]): tuple(r.content.get("codes", ())) for r in rows}
        found = {
            code: misrouted([m for m in stored if not m.prepared], naming, code, run=c.run_name,
                            mode=c.plan.text.exercise.status.lower())
            for code in codes
        }  # fmt: skip
        put = {code: f for code, f in found.items() if f is not None}
        if put:
            for code, (_, told) in put.items():
                c.relays[code].of(code).put_in.append(told)
            c.write(inject, "done", codes=tuple(put), keys=tuple({k for k, _ in put.values()}))
            return
        await asyncio.sleep(5 * POLL_S)
    c.write(inject, "failed", codes=codes, told="every message of the exercise names these places")


async def false_alarm(c: Conductor, inject: InjectSection) -> None:
    """Find a standing alert of these places to be false, and cancel it."""
    codes = set(_codes(c, inject))
    while not c.ended:
        standing = await c.ask("GET", "/api/state")
        keys = {m["key"] for m in standing["standing"]} if isinstance(standing, dict) else set()
        rows = await asyncio.to_thread(_released, c)
        mine = [
            r for r in rows if r.content["key"] in keys and codes & set(r.content.get("codes", ()))
        ]
        if mine:
            key = str(mine[-1].content["key"])
            c.write(inject, "found", codes=tuple(sorted(codes)), keys=(key,))
            if inject.for_s is not None:
                await asyncio.sleep(inject.for_s.value / c.plan.text.clock.speed.value)
            done = await c.ask(
                "POST", "/api/cancel", {"key": key, "why": f"false alarm: {inject.name}"}
            )
            c.write(inject, "done" if done else "failed", codes=tuple(sorted(codes)), keys=(key,))
            return
        await asyncio.sleep(POLL_S)
    c.write(inject, "failed", told="no alert of these places stood before the end")


async def from_the_start(c: Conductor, inject: InjectSection) -> None:
    """Night, visitors and a second raid are in the scenario as played."""
    c.write(inject, "done", told="part of the scenario as played")


async def card(c: Conductor, inject: InjectSection) -> None:
    """Read a card to the players."""
    await c.tell(inject.text)
    c.write(inject, "done", told=inject.text)


def _lasts(inject: InjectSection) -> float:
    return 60.0 if inject.for_s is None else inject.for_s.value


def _released(c: Conductor) -> list[Row]:
    return [r for r in journal.read(c.stage.live) if r.kind == "released"]


DOING: Final[dict[str, Doing]] = {
    "receiver-down": receiver_down, "link-cut": link_cut, "broker-killed": broker_killed,
    "duplicate": duplicate, "reordered-cancel": reordered_cancel, "forged-alert": forged_alert,
    "wrong-area": wrong_area, "false-alarm": false_alarm, "second-raid": from_the_start,
    "night": from_the_start, "visitors": from_the_start, "card": card,
}  # fmt: skip

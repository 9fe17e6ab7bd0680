"""The board of a running exercise: two clocks, time left, silent channels, injects, the stop button."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from hinomi.drill import injects
from hinomi.drill.enrolled import place_row
from hinomi.drill.expected import FILE, read_expected
from hinomi.drill.programs import receiver_name
from hinomi.drill.record import Clock, clock_of, seconds_of
from hinomi.errors import HinomiError
from hinomi.live import journal
from hinomi.scenario.places import data_file
from hinomi.study.template import rendered

if TYPE_CHECKING:
    from hinomi.drill.conduct import Conductor

EVERY_S: Final = 0.5  # between two readings of the journal
STAGES: Final = {
    "stored": "received",
    "shown": "shown",
    "confirmed": "confirmed",
    "refused": "refused",
}


class Board:
    """What the page shows, kept up to date by `look`."""

    def __init__(self, conductor: Conductor) -> None:
        self._c = conductor
        self._last_s = 0.0
        self._state: dict[str, Any] = {}  # as it was told last
        self._answers = False  # whether it was told at the last look
        self._released: dict[str, float] = {}  # code -> scenario time of the first alert
        self._stages: dict[str, dict[str, float]] = {}  # code -> stage -> scenario time
        self._arrival: dict[str, float] = {}
        self._alerts: set[str] = set()
        self._code_of = {receiver_name(c): c for c in conductor.plan.codes}
        self._read_to = (0, 0)  # numbers of the last row and receipt taken
        self._marks: list[tuple[float, float]] = []  # wall [s] and scenario time of each row
        folder = conductor.stage.folder
        if (folder / FILE).is_file():
            for need in read_expected(folder)["needs"]:
                code, t = need["code"], float(need["t_arrive_s"])
                self._arrival[code] = min(t, self._arrival.get(code, t))

    @property
    def pages(self) -> dict[str, Callable[[], tuple[str, bytes]]]:
        """Route -> content."""
        return {
            "/board": self._page,
            "/board.js": lambda: (
                "text/javascript",
                data_file("templates/drill_board.js").read_bytes(),
            ),
            "/board.css": lambda: ("text/css", data_file("templates/drill_board.css").read_bytes()),
            "/board.json": lambda: ("application/json", json.dumps(self.told()).encode()),
        }

    def _page(self) -> tuple[str, bytes]:
        plan = self._c.plan
        from hinomi.drill.pictures import banner_of

        text = rendered(
            "drill_board.html.j2",
            {"title": plan.text.title, "banner": banner_of(plan.text.exercise.status)},
        )
        return "text/html; charset=utf-8", text.encode()

    async def look(self) -> None:
        """Read the state and the receipts, at most twice a second."""
        if time.monotonic() - self._last_s < EVERY_S:
            return
        self._last_s = time.monotonic()
        news = None
        with contextlib.suppress(HinomiError):  # a journal that cannot be read now ends no exercise
            live, (row, receipt) = self._c.stage.live, self._read_to
            news = await asyncio.to_thread(journal.news, live, row=row, receipt=receipt)
        # The state is asked for after the journal, so that its clock is past every receipt in it.
        found = await self._c.ask("GET", "/api/state")
        self._answers = isinstance(found, dict)
        if isinstance(found, dict):
            self._state = found
        if news is not None:
            self._take(news)

    def _take(self, news: journal.News) -> None:
        """Take what is new in the journal into account."""
        for row in news.rows:
            self._marks.append((seconds_of(row.at_utc), row.t_s))
            if row.kind == "released":
                self._alerts.add(str(row.content.get("key")))
                for code in row.content.get("codes", ()):
                    self._released.setdefault(code, row.t_s)
        clock = self._clock() if news.receipts else None
        for _, receiver, key, stage, at_utc in news.receipts:
            code = self._code_of.get(receiver)
            if code and clock and key in self._alerts:
                # The receipt's own time, as the review reads it: a late look makes nobody late.
                t_s, stages = (
                    clock.scenario_s(seconds_of(at_utc)),
                    self._stages.setdefault(code, {}),
                )
                name = STAGES.get(stage, stage)
                stages[name] = min(t_s, stages.get(name, t_s))
        last, receipt = self._read_to
        self._read_to = (
            news.rows[-1].number if news.rows else last,
            news.receipts[-1][0] if news.receipts else receipt,
        )

    def _clock(self) -> Clock | None:
        """The two clocks, from the rows so far and the exercise's last word; None before both."""
        marks = list(self._marks)
        if "clock" in self._state:
            now = seconds_of(self._state["wall_utc"]), float(self._state["clock"]["t_s"])
            marks.append(now)
        return clock_of(marks) if marks else None

    def told(self) -> dict[str, Any]:
        """Everything of the page, JSON-ready."""
        c = self._c
        plan = c.plan
        shelter = plan.shelter_of()
        silent = {u["name"] for u in self._state.get("unreachable", ())}
        rows = []
        for code in plan.codes:
            stages = self._stages.get(code, {})
            rows.append(
                place_row(code)
                | {"released": self._released.get(code), "arrival": self._arrival.get(code),
                   "shelter_s": shelter.get(code, plan.shelter_s),
                   "silent": receiver_name(code) in silent}
                | {s: stages.get(s) for s in STAGES.values()}
            )  # fmt: skip
        done = {d["name"]: d for d in c.done}
        return {
            "title": plan.text.title,
            "t_s": round(c.t_s, 1),
            "end_s": plan.end_s,
            "epoch": plan.starts.isoformat(),
            "wall_utc": datetime.fromtimestamp(time.time(), UTC).isoformat(timespec="seconds"),
            "speed": plan.text.clock.speed.value,
            "ended": c.ended,
            "answers": self._answers and "broker-killed" not in c.down.values(),
            "standing": [
                {"kind": m["kind"], "places": m["places"], "left_s": m["left_s"], "key": m["key"]}
                for m in self._state.get("standing", ())
            ],
            "proposals": len(self._state.get("proposals", ())),
            "silent": sorted(silent),
            "down": c.down,
            "injects": [i | {"done": done.get(str(i["name"]))} for i in injects.rows(plan)],
            "places": rows,
        }

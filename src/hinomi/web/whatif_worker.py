"""A warm process for what-if questions: `python -m hinomi.web.whatif_worker`.

One JSON object a line: questions come in on stdin, answers go out on stdout. Pictures of raids stay
in memory, so that the next question about the same scenario needs its late stages alone.
"""

from __future__ import annotations

import queue
import sys
import threading
import time
from typing import Any, Final

import orjson

from hinomi.errors import HinomiError
from hinomi.web.whatif import Question, Room, answers, figures, open_room

SAY_EVERY_S: Final = 0.5
CANCEL: Final = "cancel"
Asked = queue.SimpleQueue[dict[str, Any] | None]


def main() -> None:
    """Answer questions until stdin ends."""
    asked: Asked = queue.SimpleQueue()
    off: set[str] = set()
    threading.Thread(target=_listen, args=(asked, off), daemon=True).start()
    room: Room | None = None
    key: tuple[Any, ...] = ()
    while (given := asked.get()) is not None:
        name = str(given.pop("id"))
        try:
            question = Question(**{**given, "architectures": tuple(given["architectures"])})
            if room is None or key != question.room:
                room, key = open_room(question), question.room
            _answer(name, room, question, off)
        except HinomiError as error:
            _say({"id": name, "error": str(error)})
        except (ValueError, ArithmeticError, LookupError) as error:
            room = None
            _say({"id": name, "error": f"the question cannot be computed: {error}"})


def _answer(name: str, room: Room, question: Question, off: set[str]) -> None:
    began, last = time.perf_counter(), 0.0
    raids = []
    for raid in answers(room, question):
        if name in off:
            return
        raids.append(raid)
        now = time.perf_counter()
        if len(raids) < question.replicates and (now - last < SAY_EVERY_S or len(raids) < 3):
            _say({"id": name, "done": len(raids)})
            continue
        last = now
        told = {"seconds": round(now - began, 3), "figures": figures(room, question, raids)}
        _say({"id": name, "done": len(raids), "result": told})
    _say({"id": name, "end": True, "seconds": round(time.perf_counter() - began, 3)})


def _listen(asked: Asked, off: set[str]) -> None:
    for line in sys.stdin.buffer:
        given = orjson.loads(line)
        if CANCEL in given:
            off.add(str(given[CANCEL]))
        else:
            asked.put(given)
    asked.put(None)


def _say(told: dict[str, Any]) -> None:
    sys.stdout.buffer.write(orjson.dumps(told) + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()

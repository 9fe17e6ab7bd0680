"""What the console shows and what its buttons do."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from hinomi.cap.kinds import EVENT_CODE
from hinomi.cap.lengths import CELL_TEXT, places
from hinomi.errors import ScenarioError
from hinomi.live.incident import NotNowError
from hinomi.live.journal import wall_utc
from hinomi.scenario.places import data_file
from hinomi.study.template import rendered

if TYPE_CHECKING:
    from hinomi.live.exercise import Exercise
    from hinomi.live.folder import Person
    from hinomi.live.register import Pending, Released

MOST_ROWS: Final = 40
MOST_TEXT: Final = 300


def page(exercise: Exercise) -> str:
    """The page; everything that changes comes by `/api/state`."""
    content = {
        "mode": exercise.settings.mode,
        "run": exercise.run_name,
        "title": exercise.scenario.title,
    }
    return rendered("live_console.html.j2", content)


def file(name: str) -> bytes:
    """A file of the page."""
    return data_file(f"templates/{name}").read_bytes()


def state(exercise: Exercise, person: Person) -> dict[str, Any]:
    """All that the console shows, for one person."""
    register = exercise.office.register
    there, waiting, longest = exercise.plots
    return {
        "clock": exercise.clock_told(), "wall_utc": wall_utc(),
        "person": {"name": person.name, "role": person.role},
        "release": exercise.settings.release, "lag_s": round(exercise.clock.lag_s, 1),
        "step_ms": round(exercise.step_took_s * 1e3), "address": exercise.address,
        "reports": {"there": there, "on_their_way": waiting, "longest_s": round(longest, 1)},
        "proposals": [_pending(exercise, p) for p in register.open_proposals()],
        "standing": [_standing(exercise, m) for m in register.standing()],
        "counts": _counts(exercise),
        "receivers": len(exercise.receivers), "readers": len(exercise.readers),
        "unreachable": [{"name": n, "key": k} for n, k in sorted(register.unreachable.items())],
        "rows": [
            {"number": r.number, "kind": r.kind, "t_s": r.t_s, "at_utc": r.at_utc, "who": r.who,
             "incident": r.incident}
            for r in exercise.journal.rows(after=max(0, exercise.journal.number - MOST_ROWS))
        ],
        "stopped": register.stopped, "ended": bool(register.end_key),
    }  # fmt: skip


def _counts(exercise: Exercise) -> dict[str, int]:
    register = exercise.office.register
    found: dict[str, int] = {}
    for message in register.released.values():
        found[message.state] = found.get(message.state, 0) + 1
    return found | {"notices": len(register.notices), "incidents": len(register.incidents)}


def _pending(exercise: Exercise, p: Pending) -> dict[str, Any]:
    return {
        "name": p.name, "kind": p.kind, "state": p.state, "track": p.track, "route": p.route,
        "t_issue_s": round(p.t_issue_s, 1), "t_ready_s": round(p.t_ready_s, 1),
        "places": _names(exercise, p.codes), "count": len(p.codes), "composer": p.composer,
    }  # fmt: skip


def _standing(exercise: Exercise, m: Released) -> dict[str, Any]:
    left = datetime.fromisoformat(m.expires_utc) - exercise.office.desk.time(exercise.clock.t_s)
    return {
        "key": m.key, "kind": m.kind, "incident": m.incident, "revision": m.revision,
        "places": _names(exercise, m.standing), "count": len(m.standing), "t_s": round(m.t_s, 1),
        "left_s": round(left.total_seconds()), "expiring": m.told_expiring,
    }  # fmt: skip


def _names(exercise: Exercise, codes: tuple[str, ...]) -> dict[str, str]:
    from hinomi.export.cap_places import words_of

    words = dict(words_of(exercise.places, codes)) if codes else {}
    return {"ja": words.get("ja-JP", ""), "en": words.get("en-US", "")}


def proposal(exercise: Exercise, name: str) -> dict[str, Any]:
    """What a proposal would say and to whom, computed from its areas now."""
    from hinomi.cap.recipients import recipients

    pending, checked = exercise.office.preview(name, exercise.clock.t_s)
    message = checked.draft.message
    found = recipients(message, exercise.places)
    predicted = set(pending.predicted)
    return {
        "name": name, "state": pending.state, "kind": pending.kind, "key": checked.draft.key,
        "areas": len(checked.codes), "codes": list(checked.codes),
        "places": _names(exercise, checked.codes), "people": _people(exercise, checked.codes),
        "beyond_predicted": _names(exercise, tuple(sorted(set(checked.standing) - predicted))),
        "predicted_only": _names(exercise, tuple(sorted(predicted - set(checked.standing)))),
        "uncovered": list(found.uncovered), "bystanders": list(found.bystanders),
        "enrolled": sum(r.code in set(checked.codes) for r in exercise.receivers),
        "texts": [
            {"language": i.language, "kind": dict(i.event_codes).get(EVENT_CODE, ""),
             "headline": i.headline, "instruction": i.instruction,
             "phone": dict(i.parameters).get(CELL_TEXT, ""),
             "taken": list(places(dict(i.parameters).get(CELL_TEXT, "")))}
            for i in message.infos
        ],
    }  # fmt: skip


def _people(exercise: Exercise, codes: tuple[str, ...]) -> int:
    wanted = set(codes)
    own = exercise.places
    return int(sum(n for c, n in zip(own.code, own.population, strict=True) if c in wanted))


def act(exercise: Exercise, person: Person, verb: str, body: dict[str, Any]) -> dict[str, Any]:
    """Do what a button asks for."""
    who = person.name
    if verb == "approve":
        return {"key": exercise.approve(_text(body, "proposal"), who=who)}
    if verb == "release":
        areas = body.get("areas")
        if not isinstance(areas, int) or isinstance(areas, bool):
            raise ScenarioError("areas: type the number of municipalities that is shown")
        return {"key": exercise.release(_text(body, "proposal"), who=who, areas=areas)}
    if verb == "reject":
        exercise.reject(_text(body, "proposal"), who=who, why=_text(body, "why", ""))
    elif verb == "cancel":
        return {"key": exercise.cancel(_text(body, "key"), who=who, why=_text(body, "why", ""))}
    elif verb == "stop":
        exercise.stop(who=who, why=_text(body, "why", ""))
    elif verb == "clock":
        _pace(exercise, who, body)
    elif verb == "note":
        exercise.note("injected", {"text": _text(body, "text")}, who=who)
    else:
        raise NotNowError(
            f"no act {verb[:40]!r}; approve, release, reject, cancel, stop, clock, note"
        )
    return {"done": verb}


def _pace(exercise: Exercise, who: str, body: dict[str, Any]) -> None:
    speed, paused = body.get("speed"), body.get("paused")
    if speed is not None and (not isinstance(speed, (int, float)) or isinstance(speed, bool)):
        raise ScenarioError(f"speed is {str(speed)[:40]!r}; it is a number above 0")
    if paused is not None and not isinstance(paused, bool):
        raise ScenarioError("paused is true or false")
    exercise.pace(who=who, speed=None if speed is None else float(speed), paused=paused)


def _text(body: dict[str, Any], name: str, otherwise: str | None = None) -> str:
    found = body.get(name, otherwise)
    if not isinstance(found, str) or len(found) > MOST_TEXT:
        raise ScenarioError(f"{name} must be a text of at most {MOST_TEXT} characters")
    return found

"""A launch of the user's own, in the form of the catalogue: checked, every mistake told at once."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, TypeGuard

from hinomi.errors import ScenarioError
from hinomi.history.launch_scenario import scenario_text_of
from hinomi.history.launches import QUANTITIES
from hinomi.scenario.catalogue import catalogue
from hinomi.scenario.load import load, load_text, scenario_names
from hinomi.scenario.mistakes import nearest
from hinomi.scenario.model import Scenario
from hinomi.scenario.places import load_places
from hinomi.scenario.quantity import GRADES
from hinomi.scenario.schema import FORMAT as SCENARIO_FORMAT
from hinomi.scenario.text import example_of, parse_text, read_text

FORMAT: Final = "hinomi/launch/1"
KINDS: Final = ("ballistic", "launcher")  # others have no published figures that fix their flight
TIMES: Final = (*(name for name in QUANTITIES if name.endswith("_jst")), "lost_jst", "passage_jst")
NUMBERS: Final = ("range_km", "apogee_km", "flight_time_s", "flight_time_min")
_TOP: Final = ("format", "sources", "launches")
_LAUNCH: Final = (
    "id", "vehicle", "kind", "area", "note", "site", "class", "end", "bearing_deg", "kick_deg",
    "fails_at_s", "sensors", "sets",
)  # fmt: skip
_SET: Final = ("by", "end_point", "overflown", "alerted_prefectures", *NUMBERS, *TIMES)
_VALUE: Final = (
    "value",
    "low",
    "high",
    "grade",
    "source",
    "note",
    "lat_deg",
    "lon_deg",
    "name",
    "faster",
)
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_ZONE: Final = "2026-05-01T05:58:00+09:00"
JAPAN: Final = dt.timezone(dt.timedelta(hours=9))


def load_launch_file(path: Path, *, variant: str | None = None) -> Scenario:
    """A launch file, or a whole scenario with facts, as a scenario that can be replayed.

    Raises
    ------
    ScenarioError
        listing every mistake: keys that are missing or unknown, values without source or grade,
        times without a zone, figures outside their limits.
    """
    text = read_text(path)
    given = parse_text(text, str(path), begin=example_of(FORMAT, "replay"))
    told = given.get("format")
    if told == SCENARIO_FORMAT:
        return load(path, variant=variant)
    if told != FORMAT:
        raise ScenarioError(
            f"{path}: format is {told!r}; a launch file begins with format = {FORMAT!r}, a whole "
            f"scenario with format = {SCENARIO_FORMAT!r}"
        )
    mistakes = list(_document_mistakes(given))
    if mistakes:
        raise ScenarioError("\n".join(f"{path}: {line}" for line in mistakes))
    launch = given["launches"][0]
    sets = [{key: _on_clock(key, value) for key, value in each.items()} for each in launch["sets"]]
    return load_text(scenario_text_of({**launch, "sets": sets}), str(path), variant=variant)


def _document_mistakes(given: Mapping[str, Any]) -> Iterator[str]:
    yield from _unknown("", given, _TOP)
    launches = given.get("launches")
    if not isinstance(launches, list) or len(launches) != 1 or not isinstance(launches[0], dict):
        yield "launches: one [[launches]] a file is replayed; give exactly one"
        return
    launch = launches[0]
    yield from _unknown("launches.", launch, _LAUNCH)
    yield from _texts(launch)
    yield from _places(launch)
    yield from _class(launch)
    yield from _way(launch)
    sets = launch.get("sets")
    if not isinstance(sets, list) or not sets or not all(isinstance(s, dict) for s in sets):
        yield "launches.sets: give one [[launches.sets]] for each body that published something"
        return
    for each in sets:
        yield from _set(each)
        yield from _prefectures(each.get("alerted_prefectures", []))
    yield from _same_day(str(launch.get("id")), sets)
    yield from _enough(launch, sets)


def _texts(launch: Mapping[str, Any]) -> Iterator[str]:
    for key in ("id", "vehicle", "area"):
        if not isinstance(launch.get(key), str) or not launch[key].strip():
            yield f"launches.{key}: is missing or no text"
    try:
        dt.date.fromisoformat(str(launch.get("id")))
    except ValueError:
        yield f'launches.id: is {launch.get("id")!r}; write the date in Japan, such as "2026-05-01"'
    if launch.get("kind") not in KINDS:
        yield f"launches.kind: is {launch.get('kind')!r}; it is {' or '.join(KINDS)} in a replay"
    replays = [name for name in scenario_names() if name.startswith("replay-")]
    sensors = launch.get("sensors", replays[0])
    if sensors not in replays:
        yield (
            f"launches.sensors: is {sensors!r}; it names the bundled replay whose radars, ships and "
            f"satellites look on: {', '.join(replays)}{_hint(str(sensors), replays)}"
        )


def _places(launch: Mapping[str, Any]) -> Iterator[str]:
    for key, needed in (("site", True), ("end", False)):
        place = launch.get(key)
        if place is None:
            if needed:
                yield f"launches.{key}: is missing; give lat_deg, lon_deg, grade and source"
            continue
        yield from _value(f"launches.{key}", place, ("lat_deg", "lon_deg"))
        if isinstance(place, dict):
            for name, limit in (("lat_deg", 90.0), ("lon_deg", 180.0)):
                value = place.get(name)
                if _is_number(value) and abs(value) > limit:
                    yield f"launches.{key}.{name}: is {value:g}; it lies within {limit:g} degrees"


def _class(launch: Mapping[str, Any]) -> Iterator[str]:
    given = launch.get("class")
    yield from _value("launches.class", given, ())
    known = catalogue()["threat"]
    name = given.get("name") if isinstance(given, dict) else None
    if name not in known:
        yield (
            f"launches.class.name: is {name!r}; the classes are {', '.join(sorted(known))}"
            f"{_hint(str(name), known)}"
        )
    elif known[name]["kind"] != launch.get("kind"):
        yield (
            f"launches.class.name: {name} is of kind {known[name]['kind']}, the launch of kind "
            f"{launch.get('kind')!r}"
        )
    faster = given.get("faster", 0.0) if isinstance(given, dict) else 0.0
    if not _is_number(faster) or not 0.0 <= faster <= 1.0:
        yield (
            f"launches.class.faster: is {faster!r}; a share of the class's ranges towards more "
            "speed, 0 to 1"
        )


def _way(launch: Mapping[str, Any]) -> Iterator[str]:
    """Figures that tell where it flies: an end or a bearing, and for a launcher its kick."""
    for key in ("bearing_deg", "kick_deg", "fails_at_s"):
        if key in launch:
            yield from _value(f"launches.{key}", launch[key], ("value",))
    if launch.get("kind") == "launcher":
        for key in ("bearing_deg", "kick_deg"):
            if key not in launch:
                yield f"launches.{key}: is missing; a launcher flies as it is told, without an aim"
        if "end" in launch:
            yield "launches.end: is not used by a launcher; leave it out"
    else:
        if ("end" in launch) == ("bearing_deg" in launch):
            yield (
                "launches.end: give either the published end point or a bearing_deg, along which "
                "range_km is laid; one of the two"
            )
        for key in ("kick_deg", "fails_at_s"):
            if key in launch:
                yield f"launches.{key}: only a launcher is told this; leave it out"


def _set(each: Mapping[str, Any]) -> Iterator[str]:
    by = each.get("by")
    words = f"launches.sets[{by}]"
    if not isinstance(by, str) or not by:
        yield "launches.sets: one has no `by`; say who published these figures"
    yield from _unknown(f"{words}.", each, _SET)
    for key in NUMBERS:
        if key in each:
            yield from _value(f"{words}.{key}", each[key], ("value",))
            value = each[key].get("value") if isinstance(each[key], dict) else None
            if _is_number(value) and value <= 0:
                yield f"{words}.{key}: is {value:g}; it must be above 0"
    for key in TIMES:
        if key in each:
            yield from _value(f"{words}.{key}", each[key], ())
            if isinstance(each[key], dict):
                yield from _time(f"{words}.{key}", each[key].get("value"))


def _time(words: str, value: object) -> Iterator[str]:
    if isinstance(value, dt.datetime) and value.tzinfo is not None:
        return
    if isinstance(value, dt.datetime | dt.time | dt.date):
        yield (
            f"{words}: {value} has no zone; write it with one, such as {_ZONE}, or as the minute in "
            'Japan, "05:58"'
        )
    elif not isinstance(value, str) or not _CLOCK.fullmatch(value):
        yield f'{words}: is {value!r}; write the minute in Japan as "05:58", or with a zone, {_ZONE}'


def _prefectures(given: object) -> Iterator[str]:
    words = "launches.sets.alerted_prefectures"
    if not isinstance(given, list) or not all(isinstance(name, str) for name in given):
        yield f'{words}: is {given!r}; write a list of names, such as ["Okinawa"]'
        return
    known = sorted(set(load_places().prefecture_en))
    for name in given:
        if name not in known:
            yield f"{words}: no prefecture {name!r}{_hint(name, known)}"


def _same_day(day: str, sets: list[dict[str, Any]]) -> Iterator[str]:
    """A launch minute with a date must lie on the day that names the launch."""
    for each in sets:
        given = each.get("launch_jst")
        value = given.get("value") if isinstance(given, dict) else None
        if isinstance(value, dt.datetime) and value.tzinfo is not None:
            told = value.astimezone(JAPAN).date().isoformat()
            if told != day:
                yield (
                    f"launches.sets[{each.get('by')}].launch_jst: lies on {told} in Japan, the id is "
                    f"{day}; make the two the same day"
                )


def _enough(launch: Mapping[str, Any], sets: list[dict[str, Any]]) -> Iterator[str]:
    """What a replay cannot do without: the launch minute, who was alerted, range and apogee."""
    reported = {key for each in sets for key in each}
    if "launch_jst" not in reported:
        yield "launches.sets: nobody gives launch_jst; a replay starts at the published launch minute"
    if not any(each.get("alerted_prefectures") for each in sets):
        yield "launches.sets: nobody gives alerted_prefectures; the alerted area is an input"
    if launch.get("kind") == "ballistic":
        wanted = ("apogee_km",) if "end" in launch else ("range_km", "apogee_km")
        for key in (k for k in wanted if k not in reported):
            yield f"launches.sets: nobody gives {key}, an input of the reconstruction"


def _value(words: str, given: object, numbers: tuple[str, ...]) -> Iterator[str]:
    """A figure is a table with its source and grade."""
    if not isinstance(given, dict):
        yield (
            f'{words}: is {given!r}; write it as a table: {{ value = ..., grade = "published", '
            'source = "who, when" }'
        )
        return
    yield from _unknown(f"{words}.", given, _VALUE)
    if not isinstance(given.get("source"), str) or not given["source"].strip():
        yield f'{words}.source: is missing; say where the figure stands, such as "NHK, 1 May 2026"'
    if given.get("grade") not in GRADES:
        yield f"{words}.grade: is {given.get('grade')!r}; it is {', '.join(GRADES)}"
    for key in numbers:
        if not _is_number(given.get(key)):
            yield f"{words}.{key}: is {given.get(key)!r}; give a number"


def _unknown(words: str, given: Mapping[str, Any], known: tuple[str, ...]) -> Iterator[str]:
    for key in given:
        if key not in known:
            yield f"{words}{key}: no such key{_hint(key, known)}"


def _hint(word: str, known: Any) -> str:
    near = nearest(word, known)
    return f"; did you mean {near!r}?" if near else ""


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _on_clock(key: str, value: Any) -> Any:
    """A date-time with a zone as the minute in Japan."""
    if key in TIMES and isinstance(value["value"], dt.datetime):
        return {**value, "value": value["value"].astimezone(JAPAN).strftime("%H:%M")}
    return value

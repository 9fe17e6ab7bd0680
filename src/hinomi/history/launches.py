"""The public launches: every reported value, with who reported it, its interval, source and grade."""

from __future__ import annotations

import datetime as dt
import functools
import math
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any, Final

from hinomi.errors import ScenarioError
from hinomi.history.digits import Interval, clock_difference
from hinomi.units import KM_M, MINUTE_S

# The kinds of a public launch or claim.
CLAIM_KINDS: Final = ("ballistic", "quasi_ballistic", "glide", "cruise", "launcher")
QUANTITIES: Final = (
    "range_km", "apogee_km", "flight_time_s", "flight_time_min", "launch_jst",
    "overflight_from_jst", "overflight_to_jst", "impact_jst", "alert_jst", "alert_update_jst",
    "passed_message_jst", "alert_lifted_jst",
)  # fmt: skip
_SPREADSHEET_EPOCH: Final = dt.date(1899, 12, 30)
_DATE = re.compile(r"(\d{4})[/.-](\d{1,2})[/.-](\d{1,2})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """One value as one body reported it; times of day are texts `HH:MM` in Japan Standard Time."""

    quantity: str  # one of QUANTITIES
    value: float | str
    low: float | str
    high: float | str
    by: str
    source: str
    grade: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSet:
    """What one body reported about one launch."""

    by: str
    values: Mapping[str, Reported]
    end_point: str
    overflown: str
    alerted_prefectures: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Assigned:
    """A figure that this project gives a launch, with its grade and reason."""

    value: float | str
    grade: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Launch:
    """One public launch."""

    name: str  # its date; the command line's ID
    vehicle: str
    kind: str  # one of CLAIM_KINDS
    area: str
    lat_rad: float  # NaN: no site
    lon_rad: float
    site_grade: str
    site_source: str
    bearing: Assigned | None  # degrees clockwise from north
    threat_class: Assigned | None
    scenario: str  # the bundled replay, "" where there is none
    note: str
    sets: tuple[SourceSet, ...]


@functools.cache
def _document() -> dict[str, Any]:
    file = resources.files("hinomi") / "data" / "launches.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


@functools.cache
def load_launches() -> tuple[Launch, ...]:
    """Every public launch of the shipped catalogue, by date; read once."""
    return tuple(_launch(given) for given in _document()["launches"])


def source_address(source: str) -> str:
    """Addresses of the pages that a source names; "" where it names none."""
    known = _document()["sources"]
    return " ; ".join(known[name] for name in source.split("; ") if name in known)


def addresses_in(text: str) -> tuple[str, ...]:
    """Addresses of the pages of the record that a text names, in the order of the record."""
    return tuple(page for name, page in _document()["sources"].items() if name in text)


def find_launch(name: str) -> Launch:
    """The launch of this ID: a date in any usual form (`2017-08-29`, `2017/8/29`).

    Raises
    ------
    ScenarioError
        when there is none; the message names the nearest by date.
    """
    wanted = launch_name(name)
    launches = load_launches()
    for launch in launches:
        if launch.name == wanted:
            return launch
    raise ScenarioError(
        f"no public launch {name!r} in the catalogue; an ID is the date in Japan, such as "
        f"2017-08-29; nearest: {', '.join(_nearest(wanted, launches))}; "
        "`hinomi launches` lists all"
    )


def launch_name(text: str) -> str:
    """The date in a text as YYYY-MM-DD, a spreadsheet's day number too; else the text itself."""
    clean = text.strip()
    try:
        if found := _DATE.fullmatch(clean):
            return dt.date(*(int(part) for part in found.groups())).isoformat()
        if re.fullmatch(r"4[0-9]{4}", clean):  # day numbers of 2009 to 2036
            return (_SPREADSHEET_EPOCH + dt.timedelta(days=int(clean))).isoformat()
    except ValueError:
        pass
    return clean


def interval_of(given: Reported) -> Interval:
    """A reported distance or flight time as an interval in SI units."""
    factor = {"range_km": KM_M, "apogee_km": KM_M, "flight_time_min": MINUTE_S}.get(
        given.quantity, 1.0
    )
    return Interval(
        value=float(given.value) * factor,
        low=float(given.low) * factor,
        high=float(given.high) * factor,
        how=f"{given.by}: {given.low:g} to {given.high:g}",
    )


def flight_time(values: Mapping[str, Reported]) -> Interval | None:
    """Flight time [s] of a set: as published, else the difference of its two clock minutes."""
    for quantity in ("flight_time_s", "flight_time_min"):
        if quantity in values:
            return interval_of(values[quantity])
    if {"launch_jst", "impact_jst"} <= set(values):
        first, last = values["launch_jst"], values["impact_jst"]
        return clock_difference(str(first.value), str(last.value), name="flight time")
    return None


def completed_sets(launch: Launch) -> tuple[tuple[SourceSet, tuple[str, ...]], ...]:
    """Each set that says something about the flight, completed from the others, and what was added.

    What a set leaves out is taken from the first set of the launch that has it; a set that would be
    the same as an earlier one is left out.
    """
    out: list[tuple[SourceSet, tuple[str, ...]]] = []
    for own in launch.sets:
        if not set(own.values) & {*QUANTITIES[:5], "impact_jst"}:
            continue
        values, added = dict(own.values), []
        has_time = flight_time(values) is not None
        for other in launch.sets:
            if other is own:
                continue
            for quantity in ("range_km", "apogee_km"):
                if quantity in other.values and quantity not in values:
                    values[quantity] = other.values[quantity]
                    added.append(f"{quantity.removesuffix('_km')} of {other.by}")
            if not has_time:
                has_time = _add_time(values, own, other, added)
        completed = SourceSet(
            by=own.by, values=values, end_point=own.end_point, overflown=own.overflown,
            alerted_prefectures=own.alerted_prefectures,
        )  # fmt: skip
        if not any(_same_flight(values, earlier.values) for earlier, _ in out):
            out.append((completed, tuple(added)))
    return tuple(out)


def _add_time(
    values: dict[str, Reported], own: SourceSet, other: SourceSet, added: list[str]
) -> bool:
    """Complete the time from another set; an own launch minute goes with the other's impact."""
    if "impact_jst" in other.values and "launch_jst" in {**other.values, **own.values}:
        values["impact_jst"] = other.values["impact_jst"]
        values.setdefault("launch_jst", {**other.values, **own.values}["launch_jst"])
        added.append(f"impact minute of {other.by}")
        return True
    for quantity in ("flight_time_s", "flight_time_min"):
        if quantity in other.values:
            values[quantity] = other.values[quantity]
            added.append(f"time of {other.by}")
            return True
    return False


def _same_flight(a: Mapping[str, Reported], b: Mapping[str, Reported]) -> bool:
    def key(values: Mapping[str, Reported]) -> tuple[object, ...]:
        time = flight_time(values)
        found = [values[q].value if q in values else None for q in QUANTITIES[:2]]
        return (*found, time and (time.low, time.high))

    return key(a) == key(b)


def _nearest(wanted: str, launches: Sequence[Launch]) -> list[str]:
    def distance(launch: Launch) -> float:
        try:
            return abs((dt.date.fromisoformat(wanted) - _day(launch)).days)
        except ValueError:
            return 0.0 if wanted and launch.name.startswith(wanted) else 1e9

    return [launch.name for launch in sorted(launches, key=distance)[:3]]


def _day(launch: Launch) -> dt.date:
    return dt.date.fromisoformat(launch.name)


def _launch(given: Mapping[str, Any]) -> Launch:
    site = given.get("site", {})
    return Launch(
        name=given["id"],
        vehicle=given["vehicle"],
        kind=given["kind"],
        area=given["area"],
        lat_rad=math.radians(site["lat_deg"]) if site else math.nan,
        lon_rad=math.radians(site["lon_deg"]) if site else math.nan,
        site_grade=site.get("grade", ""),
        site_source=site.get("source", ""),
        bearing=_assigned(given.get("bearing_deg"), "value"),
        threat_class=_assigned(given.get("class"), "name"),
        scenario=given.get("scenario", ""),
        note=given.get("note", ""),
        sets=tuple(_set(each) for each in given["sets"]),
    )


def _assigned(given: Mapping[str, Any] | None, key: str) -> Assigned | None:
    if given is None:
        return None
    return Assigned(value=given[key], grade=given["grade"], source=given["source"])


def _set(given: Mapping[str, Any]) -> SourceSet:
    return SourceSet(
        by=given["by"],
        values={
            quantity: Reported(
                quantity=quantity,
                value=given[quantity]["value"],
                low=given[quantity]["low"],
                high=given[quantity]["high"],
                by=given["by"],
                source=given[quantity]["source"],
                grade=given[quantity]["grade"],
                note=given[quantity].get("note", ""),
            )
            for quantity in QUANTITIES
            if quantity in given
        },
        end_point=given.get("end_point", ""),
        overflown=given.get("overflown", ""),
        alerted_prefectures=tuple(given.get("alerted_prefectures", ())),
    )

"""Satellites of a scenario whose orbits are given as elements: reading, choosing, judging."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from hinomi.earth.wgs84 import SEMI_MAJOR_M
from hinomi.errors import ScenarioError
from hinomi.scenario import elements_text
from hinomi.scenario.elements_text import ElementSet, age_days
from hinomi.scenario.mistakes import nearest
from hinomi.scenario.schema import ScenarioText
from hinomi.scenario.sensor_schema import FromFile
from hinomi.scenario.text import decoded, path_beside, read_bytes
from hinomi.units import DAY_S, KM_M

if TYPE_CHECKING:
    from sgp4.api import Satrec

MAX_BYTES: Final = 16 * 1024 * 1024  # a whole public catalogue fits
MAX_SATELLITES: Final = 500  # as many as a Walker constellation may have
TELL_DAYS: Final = 7.0  # assumed: a week old elements are worth a word
REFUSE_DAYS: Final = 365.0
# Vallado, Crawford, Hujsak and Kelso, Revisiting Spacetrack Report 3, AIAA 2006-6753: about 1 km on
# the date of the elements, 1-3 km more each day; more in low orbits while the Sun is active.
ERROR_KM: Final = 1.0
GROWTH_KM_PER_DAY: Final = (1.0, 3.0)
LOWEST_KM: Final = 100.0  # assumed: no orbit lasts a turn with a perigee at or below this height


def read_files(scenario: ScenarioText, folder: Path | None) -> tuple[dict[str, str], list[str]]:
    """Orbits of the sections that name a file: changed key -> elements, and what was left out.

    Raises
    ------
    ScenarioError
        when there is no folder to look in, the file cannot be used, or nothing of it can.
    """
    changes: dict[str, str] = {}
    told: list[str] = []
    for unit in scenario.infrared:
        if isinstance(unit, FromFile) and not unit.elements:
            where = f"infrared[{unit.name}].file"
            sets, left_out = _parsed(_text_of(unit, folder, where), f"{where}: {unit.file}")
            told += left_out
            kept = _named(unit, sets, f"{where}: {unit.file}")
            changes[f"infrared[{unit.name}].elements"] = "\n".join(
                "\n".join((_plain(s.name) or s.number, *s.lines)) for s in kept
            )
    return changes, told


def orbits(scenario: ScenarioText) -> tuple[dict[str, tuple[ElementSet, ...]], list[str]]:
    """Satellites of each section with elements, and what is to be known about them.

    Raises
    ------
    ScenarioError
        when none can be used, there are too many, or they are older than a year.
    """
    out: dict[str, tuple[ElementSet, ...]] = {}
    told: list[str] = []
    for unit in scenario.infrared:
        if isinstance(unit, FromFile):
            where = f"infrared[{unit.name}].elements"
            sets, left_out = _parsed(unit.elements, where)
            told += left_out
            sets = _newest(_named(unit, sets, where), scenario.epoch, where, told)
            sets = [s for s in sets if _lasts(s, scenario, where, told)]
            if not 1 <= len(sets) <= MAX_SATELLITES:
                ways = "name those you want under only" if sets else "give others"
                raise ScenarioError(
                    f"{where}: {len(sets)} satellites can be used; it must be 1 to "
                    f"{MAX_SATELLITES}: {ways}" + "".join(f"\n{words}" for words in told[-10:])
                )
            told += _ages(unit, sets, scenario.epoch, where)
            out[unit.name] = _own_names(sets)
    return out, told


def read_elements(path: Path) -> tuple[ElementSet, ...]:
    """Every satellite of a file, which must be without fault.

    Raises
    ------
    ScenarioError
        naming the lines that cannot be used, or why the file cannot.
    """
    sets, left_out = _parsed(_content(path, str(path)), str(path))
    if left_out:
        raise ScenarioError("\n".join([*left_out[:20], f"{path}: remove or correct these lines"]))
    return _own_names(sets)


def _text_of(unit: FromFile, folder: Path | None, where: str) -> str:
    path = path_beside(unit.file, folder, where, otherwise="load it by its path, or give elements")
    return _content(path, where)


def _content(file: Path, where: str) -> str:
    where = where if where == str(file) else f"{where}: {file}"
    raw = read_bytes(file, where, most=MAX_BYTES, smaller="keep the satellites that you need")
    return decoded(raw, where)


def _parsed(text: str, where: str) -> tuple[list[ElementSet], list[str]]:
    try:
        sets, left_out = elements_text.read_elements(text)
    except ScenarioError as error:
        raise ScenarioError(f"{where}: {error}") from None
    if not sets:
        what = "\n".join(f"{where}: {words}" for words in left_out[:10])
        raise ScenarioError(
            f"{where}: no usable orbit in it; give two-line elements or an OMM (KVN, XML, CSV, "
            f"JSON){chr(10) if what else ''}{what}"
        )
    return sets, [f"{where}: {words}" for words in left_out]


def _plain(name: str) -> str:
    """A name that may be part of a sensor's name."""
    return " ".join(re.sub(r"[^A-Za-z0-9_-]+", " ", name).split())[:40]


def _named(unit: FromFile, sets: list[ElementSet], where: str) -> list[ElementSet]:
    """The satellites that `only` names, by name or catalogue number; all where it is empty."""
    if not unit.only:
        return sets
    kept: list[ElementSet] = []
    for name in unit.only:
        wanted = {name, name.lstrip("0")}
        found = [s for s in sets if wanted & {s.name, _plain(s.name), s.number.lstrip("0")}]
        if not found:
            near = nearest(name, [s.name for s in sets])
            tail = f"; did you mean {near!r}?" if near else ""
            raise ScenarioError(
                f"{where}: only names {name!r}, which is none of the {len(sets)} satellites in it"
                f"{tail}"
            )
        kept += [s for s in found if s not in kept]
    return kept


def _newest(
    sets: Iterable[ElementSet], epoch: datetime, where: str, told: list[str]
) -> list[ElementSet]:
    """One set a satellite: that whose date is nearest to the scenario's epoch."""
    kept: dict[str, ElementSet] = {}
    for given in sets:
        key = given.number if given.number.strip("0") else given.name
        other = kept.get(key)
        if other is None:
            kept[key] = given
            continue
        near, far = sorted((other, given), key=lambda s: age_days(s, epoch))
        kept[key] = near
        told.append(
            f"{where}: {far.place}: {far.name} is there twice; the set of {near.epoch:%Y-%m-%d}, "
            "nearer to the scenario's epoch, is used"
        )
    return list(kept.values())


def _lasts(given: ElementSet, scenario: ScenarioText, where: str, told: list[str]) -> bool:
    """Whether a satellite is up during the scenario; says why not."""
    lowest_km, failed = perigee_km(record(given)), 0
    if lowest_km > LOWEST_KM:
        last_s = scenario.study.t_end_s.value
        start = (scenario.epoch - given.epoch).total_seconds()
        satellite = record(given)
        for t in (0.0, last_s):
            failed |= satellite.sgp4(
                satellite.jdsatepoch, satellite.jdsatepochF + (start + t) / DAY_S
            )[0]
        if not failed:
            return True
    why = (
        "has come down by the scenario's epoch"
        if failed
        else f"has its perigee at {lowest_km:.0f} km; it must be above {LOWEST_KM:.0f} km"
    )
    told.append(f"{where}: {given.place}: {given.name} {why}; left out")
    return False


def record(given: ElementSet) -> Satrec:
    """Orbit of a set of elements, for the `sgp4` library."""
    from sgp4.api import Satrec

    return Satrec.twoline2rv(*given.lines)


def perigee_km(satellite: Satrec) -> float:
    """Height of the perigee of mean elements above the equator."""
    lowest: float = satellite.a * satellite.radiusearthkm * (1.0 - satellite.ecco)
    return lowest - SEMI_MAJOR_M / KM_M


def _ages(unit: FromFile, sets: Iterable[ElementSet], epoch: datetime, where: str) -> list[str]:
    ages = {s.name: age_days(s, epoch) for s in sets}
    oldest = max(ages, key=lambda name: ages[name])
    if ages[oldest] > REFUSE_DAYS and not unit.allow_old:
        raise ScenarioError(
            f"{where}: the elements of {oldest} are {ages[oldest]:.0f} days from the scenario's "
            f"epoch {epoch:%Y-%m-%d}, at most {REFUSE_DAYS:.0f}: SGP4 says nothing after a year. "
            "Take elements of that date, or set allow_old = true to use them for the shape of the "
            "orbit only"
        )
    late = [age for age in ages.values() if age > TELL_DAYS]
    if not late:
        return []
    low, high = (ERROR_KM + growth * max(late) for growth in GROWTH_KM_PER_DAY)
    return [
        f"{where}: the elements of {len(late)} of {len(ages)} satellites are more than "
        f"{TELL_DAYS:.0f} days from the scenario's epoch, {max(late):.0f} days at most ({oldest}): "
        "expect errors of about "
        f"{low:.0f} to {high:.0f} km, mostly along the orbit"
    ]


def _own_names(sets: Iterable[ElementSet]) -> tuple[ElementSet, ...]:
    """Sets with names that differ: the catalogue number goes behind a name that others have."""
    sets = list(sets)
    names = [_plain(s.name) or s.number for s in sets]
    return tuple(
        ElementSet(
            name=f"{name} {s.number}" if names.count(name) > 1 else name,
            lines=s.lines,
            place=s.place,
        )
        for name, s in zip(names, sets, strict=True)
    )

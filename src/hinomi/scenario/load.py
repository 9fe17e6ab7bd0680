"""From a name or a file to a `Scenario`: text, schema, names, changes, records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from importlib import resources
from pathlib import Path
from typing import Any

from hinomi.errors import ScenarioError
from hinomi.records.engagements import Architecture
from hinomi.scenario import (
    build,
    build_warning,
    elements,
    flyout_table,
    places_region,
    trajectories,
)
from hinomi.scenario.build_sensors import sensors
from hinomi.scenario.catalogue import catalogue
from hinomi.scenario.changes import refuse_threat_keys
from hinomi.scenario.check import changed, check_text
from hinomi.scenario.identity import check_entities
from hinomi.scenario.like import whole_text
from hinomi.scenario.mistakes import nearest
from hinomi.scenario.model import AreaShown, Fact, Scenario, StudySettings, Variant
from hinomi.scenario.planned import planned, titled
from hinomi.scenario.quantity import Quantity
from hinomi.scenario.resolve import content, only_used, parameters
from hinomi.scenario.schema import Area, FactSection, ScenarioText, Study
from hinomi.scenario.text import read_text
from hinomi.scenario.trackers import known_tracker
from hinomi.units import KM_M


def scenario_names() -> tuple[str, ...]:
    """Names of the scenarios that ship with the package."""
    folder = resources.files("hinomi") / "data" / "scenarios"
    return tuple(sorted(f.name[:-5] for f in folder.iterdir() if f.name.endswith(".toml")))


def scenario_text(scenario: str | Path) -> tuple[str, str]:
    """Text of a bundled scenario or of a file, and the name to call it by in messages.

    Raises
    ------
    ScenarioError
        when it is neither, with the nearest bundled name.
    """
    words = str(scenario)
    if words in scenario_names():
        file = resources.files("hinomi") / "data" / "scenarios" / f"{words}.toml"
        return file.read_text(encoding="utf-8"), words
    if not words.strip() or scenario == Path():  # a path of no words is the current folder
        raise ScenarioError(
            "no scenario is named (an empty word, or '.', which is a folder); write a bundled name "
            "such as okinawa-2025, or the path of a file"
        )
    path = Path(scenario)
    if isinstance(scenario, Path) or path.suffix == ".toml" or len(path.parts) > 1 or path.exists():
        return read_text(path), words
    near = nearest(words, scenario_names())
    tail = f"; did you mean {near!r}?" if near else ""
    raise ScenarioError(
        f"{words!r} is no scenario: bundled are {', '.join(scenario_names())}; "
        f"a file is given by its path{tail}"
    )


def load(
    scenario: str | Path, *, changes: Mapping[str, object] | None = None, variant: str | None = None
) -> Scenario:
    """Load a scenario by its bundled name or path; change keys of it for this run.

    Parameters
    ----------
    changes
        dotted key -> value, in the units of the file: `{"radars[Shariki].availability": 0.5}`;
        `[*]` stands for every item of a list.
    variant
        one of the scenario's own named sets of changes; applied before `changes`.

    Raises
    ------
    ScenarioError
        listing every mistake at once, each with line, key, value, limit and unit.
    FenceError
        when something lies outside the scope of the project.
    """
    for key in changes or ():  # a stored plan may carry what was read of files; nobody else may
        refuse_threat_keys(key)
    text, name = scenario_text(scenario)
    folder = None if str(scenario) in scenario_names() else Path(scenario).parent
    loaded = load_text(text, name, changes=changes, variant=variant, folder=folder)
    known_tracker(loaded.tracker)  # here, not of a plan: old results need no tracker to be read
    return loaded


def load_text(
    text: str,
    name: str,
    *,
    changes: Mapping[str, object] | None = None,
    variant: str | None = None,
    folder: Path | None = None,
) -> Scenario:
    """Load a scenario from its text; `name` is what messages call it.

    `folder` is where files of orbits and places are looked for. What is read of orbits becomes a
    change of the scenario, so that a run carries it along and needs no file again; of places the
    file's path and SHA-256 do, so that another file is refused.
    """
    changes = dict(changes or {})
    before = places_region.given_before(changes)
    flown = trajectories.given_before(changes, text)
    checked = check_text(text, name)
    text = whole_text(text, name)  # what a plan keeps holds without the other scenario
    variants = {v.name: v for v in checked.variants}
    if variant is not None:
        if variant not in variants:
            near = nearest(variant, variants)
            tail = f"; did you mean {near!r}?" if near else ""
            raise ScenarioError(
                f"{name}: no variant {variant!r}: there are {', '.join(variants) or 'none'}{tail}"
            )
        checked = changed(checked, variants[variant].changes, f"variant {variant}")
    if changes:
        checked = changed(checked, changes, "changes")
    read, findings = elements.read_files(checked, folder)
    read |= flyout_table.read_tables(checked, folder)
    if read:
        checked = changed(checked, read, "files beside the scenario")
    checked, ways, moved = trajectories.read_files(checked, folder, flown)
    findings = [*findings, *moved]
    region = places_region.find_region(checked.area.places or "", folder, before)
    noted = {} if region is None else {places_region.CHANGE_KEY: asdict(region)}
    return _scenario(checked, text, variant, {**changes, **read, **noted, **ways}, findings, region)


def _scenario(
    full: ScenarioText,
    text: str,
    variant: str | None,
    changes: Mapping[str, Any],
    findings: Sequence[str],
    region: places_region.RegionFile | None,
) -> Scenario:
    used = _with_region(only_used(full), region)
    document, content_hash = content(used)
    orbits, told = elements.orbits(used)
    seen, carried_by = sensors(used, orbits)
    bodies = build.threats(used)
    _check_chance([t.body for t in bodies], seen.names, [b.name for b in used.batteries])
    weapons = {n: build.weapon(n, w) for n, w in used.catalogue.interceptor.items()}
    _priced(weapons, used)
    numbers = parameters(used)
    return Scenario(
        name=used.name,
        title=titled(used.title, planned(numbers)),
        summary=used.summary,
        text=text,
        document=document,
        content_hash=content_hash,
        variant=variant,
        changes=changes,
        epoch=used.epoch,
        t_end_s=used.study.t_end_s.value,
        nations=tuple(used.nations),
        area=_area(used.area),
        threats=bodies,
        classes=build.classes(used),
        predictor_classes=tuple(build.threat_class(n, c) for n, c in used.catalogue.threat.items()),
        sensors=seen,
        carried_by=carried_by,
        batteries=tuple(build.battery(b) for b in used.batteries),
        weapons=weapons,
        architectures={a.name: build.architecture(a) for a in used.architectures},
        tracking=build.tracking(
            used.tracking, {used.catalogue.threat[t.threat_class].kind for t in used.threats}
        ),
        tracker=used.tracking.tracker,
        policy=build_warning.policy(used.warning, region),
        unit=used.warning.unit,
        buffer_m=used.warning.buffer_km.value * KM_M,
        kernel_m=used.warning.kernel_km.value * KM_M,
        blocks={n: tuple(p) for n, p in used.warning.blocks.items()},
        engagement=build.engagement(used.engagement),
        industry=build.industry(used),
        study=_study(used.study),
        variants=tuple(
            Variant(name=v.name, title=v.title, changes=v.changes) for v in used.variants
        ),
        facts=tuple(_fact(f, used) for f in used.facts),
        assumptions=numbers,
        places=region,
        findings=(*findings, *told),
    )


def _check_chance(bodies: Sequence[str], sensors: Sequence[str], batteries: Sequence[str]) -> None:
    """Refuse names that would share their chance."""
    check_entities("bodies", bodies)
    check_entities("sensors", sensors)
    check_entities("batteries", batteries)
    check_entities("sensors and bodies", (f"{s}|{b}" for s in sensors for b in bodies))


def _with_region(used: ScenarioText, region: places_region.RegionFile | None) -> ScenarioText:
    """Name the content of the places' file in the scenario's own content, without its folder."""
    if region is None:
        return used
    places = places_region.read_region(region).places
    places_region.known_groups(places, used.area.prefectures, used.area.island_groups)
    area = used.area.model_copy(update={"places": region.label})
    # The catalogue's visitors are those of Japan; what the scenario gives itself stays.
    there = {*places.code, *places.prefecture_en, *places.island_group}
    japan = {v["at"] for v in catalogue()["warning"]["visitors"]}
    visitors = [v for v in used.warning.visitors if v.at in there or v.at not in japan]
    warning = used.warning.model_copy(update={"visitors": visitors})
    return used.model_copy(update={"area": area, "warning": warning})


def _priced(weapons: Mapping[str, Any], used: ScenarioText) -> None:
    """Each product in use has exactly one price: bases are never mixed."""
    prices = [used.catalogue.price[n].product for n in used.industry.prices]
    for weapon in weapons.values():
        count = prices.count(weapon.product)
        if count != 1:
            raise ScenarioError(
                f"industry.prices: {count} prices for {weapon.product}, the product of "
                f"{weapon.name}; name exactly one: prices on different bases are never mixed"
            )


def _study(given: Study) -> StudySettings:
    return StudySettings(
        replicates=int(given.replicates.value),
        seed=int(given.seed.value),
        batch_size=int(given.batch_size.value),
        keep_full=int(given.keep_full.value),
        architectures=tuple(given.architectures),
        headline=(given.headline[0], given.headline[1]) if given.headline else None,
        beside=(given.beside[0], given.beside[1]) if given.beside else None,
        companions=tuple((c.variant, c.title) for c in given.companions),
    )


def _area(given: Area) -> AreaShown:
    names = ("centre_lat_deg", "centre_lon_deg", "west_deg", "south_deg", "east_deg", "north_deg")
    degrees: dict[str, Quantity] = {n: getattr(given, n) for n in names}
    return AreaShown(
        half_width_m=given.half_width_km.value * KM_M,
        prefectures=tuple(given.prefectures),
        island_groups=tuple(given.island_groups),
        **{n: q.value for n, q in degrees.items()},
    )


def _fact(given: FactSection, scenario: ScenarioText) -> Fact:
    return Fact(
        name=given.name,
        role=given.role,
        at=given.at,
        t_s=None if given.at is None else (given.at - scenario.epoch).total_seconds(),
        value=given.value,
        unit=given.unit,
        tolerance=given.tolerance,
        source=given.source,
        grade=given.grade,
        note=given.note,
    )


def refuse_half_pair(*, bottom: str | None, top: str | None) -> None:
    """Refuse one architecture of a pair without the other.

    Raises
    ------
    ScenarioError
        where one is named alone.
    """
    if (bottom is None) != (top is None):
        raise ScenarioError("--from and --to go together: name both architectures, or none")


def architecture_of(scenario: Scenario, name: str) -> Architecture:
    """The architecture of this name.

    Raises
    ------
    ScenarioError
        where there is none, with those that are there and the nearest.
    """
    if name not in scenario.architectures:
        near = nearest(name, scenario.architectures)
        tail = f"; did you mean {near!r}?" if near else ""
        raise ScenarioError(
            f"{name!r} is no architecture of {scenario.name}; it has "
            f"{', '.join(scenario.architectures)}{tail}"
        )
    return scenario.architectures[name]

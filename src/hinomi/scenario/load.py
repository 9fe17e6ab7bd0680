"""From a name or a file to a `Scenario`: text, schema, names, changes, records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import Any

from hinomi.errors import ScenarioError
from hinomi.scenario import build, build_warning, elements
from hinomi.scenario.build_sensors import sensors
from hinomi.scenario.check import changed, check_text
from hinomi.scenario.identity import check_entities
from hinomi.scenario.mistakes import nearest
from hinomi.scenario.model import AreaShown, Fact, Scenario, StudySettings, Variant
from hinomi.scenario.quantity import Quantity
from hinomi.scenario.resolve import content, only_used, parameters
from hinomi.scenario.schema import Area, FactSection, ScenarioText, Study
from hinomi.scenario.text import read_text
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
    text, name = scenario_text(scenario)
    folder = None if str(scenario) in scenario_names() else Path(scenario).parent
    return load_text(text, name, changes=changes, variant=variant, folder=folder)


def load_text(
    text: str,
    name: str,
    *,
    changes: Mapping[str, object] | None = None,
    variant: str | None = None,
    folder: Path | None = None,
) -> Scenario:
    """Load a scenario from its text; `name` is what messages call it.

    `folder` is where files of orbits are looked for. What is read there becomes a change of the
    scenario, so that a run carries it along and needs no file again.
    """
    checked = check_text(text, name)
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
    if read:
        checked = changed(checked, read, "files of orbits")
    return _scenario(checked, text, variant, {**(changes or {}), **read}, findings)


def _scenario(
    full: ScenarioText,
    text: str,
    variant: str | None,
    changes: Mapping[str, Any],
    findings: Sequence[str],
) -> Scenario:
    used = only_used(full)
    document, content_hash = content(used)
    orbits, told = elements.orbits(used)
    seen, carried_by = sensors(used, orbits)
    bodies = build.threats(used)
    check_entities("bodies", (t.body for t in bodies))
    check_entities("sensors", seen.names)
    check_entities("batteries", (b.name for b in used.batteries))
    check_entities("sensors and bodies", (f"{s}|{t.body}" for s in seen.names for t in bodies))
    weapons = {n: build.weapon(n, w) for n, w in used.catalogue.interceptor.items()}
    _priced(weapons, used)
    warning = used.warning
    return Scenario(
        name=used.name,
        title=used.title,
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
        policy=build_warning.policy(warning),
        unit=warning.unit,
        buffer_m=warning.buffer_km.value * KM_M,
        kernel_m=warning.kernel_km.value * KM_M,
        blocks={n: tuple(p) for n, p in warning.blocks.items()},
        engagement=build.engagement(used.engagement),
        industry=build.industry(used),
        study=_study(used.study),
        variants=tuple(
            Variant(name=v.name, title=v.title, changes=v.changes) for v in used.variants
        ),
        facts=tuple(_fact(f, used) for f in used.facts),
        assumptions=parameters(used),
        findings=(*findings, *told),
    )


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

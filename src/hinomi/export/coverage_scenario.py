"""Coverage of a scenario: which sensors, whose picture, over what, for which target."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from hinomi.errors import ScenarioError
from hinomi.export import coverage_asked as asked
from hinomi.export.coverage_asked import Given, Target
from hinomi.export.coverage_maps import Maps, of_sensors
from hinomi.export.coverage_target import PD, Seen, seen_of
from hinomi.records.columns import Floats
from hinomi.records.engagements import Architecture
from hinomi.records.plots import Radar, Sensors
from hinomi.scenario.load import load
from hinomi.scenario.mistakes import nearest
from hinomi.scenario.model import Scenario
from hinomi.units import KM_M
from hinomi.watch.coverage import Coverage
from hinomi.watch.coverage_grid import Grid

KINDS: Final = ("all", "radar", "infrared")
GRID_DEG: Final = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One scenario with everything that a map of it needs."""

    scenario: Scenario
    target: Target
    seen: Seen
    t_s: Floats
    grid: Grid
    given: Given


def question(name: str, given: Given, *, geometry_only: bool) -> Question:
    """Read the options of `hinomi coverage SCENARIO`."""
    strange = [o for o in ("--latitude-deg", "--earth") if given.get(o) is not None]
    if strange:
        raise ScenarioError(
            f"{' and '.join(strange)} is for a constellation of the command line, not for a "
            "scenario: leave it out, or leave out the scenario"
        )
    scenario = load(name, variant=given.get("--variant"))
    if geometry_only:
        _no_signal(given)
    target = asked.target_of(given, default_pd=0.0 if geometry_only else PD)
    area = scenario.area
    box = (area.south_deg, area.west_deg, area.north_deg, area.east_deg)
    first = scenario.threats[0].threat_class if scenario.threats else next(iter(scenario.classes))
    return Question(
        scenario=scenario,
        target=target,
        seen=seen_of(given, scenario.classes, first, target),
        t_s=asked.times(given),
        grid=asked.box_grid(given, target, box=box, step_deg=GRID_DEG, sphere_m=0.0),
        given=given,
    )


def _no_signal(given: Given) -> None:
    options = ("--class", "--phase", "--speed-km-s", "--rcs-m2", "--intensity-kw-sr", "--pd")
    extra = [o for o in options if given.get(o) is not None]
    if extra:
        raise ScenarioError(
            f"{' and '.join(extra)} says how bright the target is; --geometry-only does not ask: "
            "drop one"
        )


def maps(ask: Question) -> Maps:
    """Cover the area; with `--architecture A --minus B` the difference of two pictures."""
    given, scenario = ask.given, ask.scenario
    names = chosen(given, scenario.sensors)
    first, second = given.get("--architecture"), given.get("--minus")
    if second is not None and first is None:
        raise ScenarioError("--minus needs --architecture: one picture minus another")
    owner = _owner(given, scenario)
    if first is None:
        kept = [n for n in names if owner in (None, _owners(scenario.sensors)[n])]
        found, minus = _cover(ask, kept, given), None
        title = f"{scenario.name}: {_told(given, owner)}"
    else:
        nation = owner or scenario.policy.alerting_nation
        kept = usable(scenario, architecture(scenario, first), nation, names)
        found, minus = _cover(ask, kept, given), None
        title = f"{scenario.name}: {first}, picture of {nation}"
        if second is not None:
            others = usable(
                scenario, architecture(scenario, second, option="--minus"), nation, names
            )
            minus = _cover(ask, others, given)
            title = f"{scenario.name}: {first} minus {second}, picture of {nation}"
    return Maps(
        title=title,
        subtitle=words(ask),
        facts=facts(ask, kept),
        found=found,
        minus=minus,
        sites=tuple(
            (r.name, r.lat_deg, r.lon_deg) for r in scenario.sensors.radars if r.name in kept
        ),
        whole_earth=False,
    )


def _cover(ask: Question, names: Sequence[str], given: Given) -> Coverage:
    return of_sensors(
        ask.scenario.sensors, names, grid=ask.grid, t_s=ask.t_s, target=ask.target, seen=ask.seen,
        graze_m=asked.graze_m(given), by_time=given.get("--over-time") is not None,
    )  # fmt: skip


def _told(given: Given, owner: str | None) -> str:
    text = given.get("--sensors") or "all"
    kind = {"all": "all sensors", "radar": "radars", "infrared": "infrared satellites"}.get(text)
    return (kind or text) + (f" of {owner}" if owner else "")


def words(ask: Question) -> str:
    """One line of what counts as seen."""
    target, seen = ask.target, ask.seen
    hours = len(ask.t_s) * float(ask.t_s[1] - ask.t_s[0]) / 3600.0
    high = f"Target {target.height_m / KM_M:g} km high"
    if target.pd <= 0.0:
        return f"{high}: horizon, limb and field of view alone; {hours:g} h from the epoch."
    bright = max(seen.intensity_w_sr) / 1000.0
    return (
        f"{high}, {seen.words} ({seen.rcs_m2:g} m2, {bright:.3g} kW/sr), detected in one look with "
        f"probability {target.pd:g}; {hours:g} h from the epoch."
    )


def fan_words(ask: Question) -> str:
    """One line of what counts as seen by radars."""
    if ask.target.pd <= 0.0:
        return "Horizon, sector and least elevation alone."
    return (
        f"Target {ask.seen.words.split(' at ')[0]} ({ask.seen.rcs_m2:g} m2), detected in one look "
        f"with probability {ask.target.pd:g}."
    )


def facts(ask: Question, names: Sequence[str]) -> dict[str, Any]:
    """What was asked, for the object that is printed."""
    target, seen = ask.target, ask.seen
    signal = target.pd > 0.0
    return {
        "scenario": ask.scenario.name,
        "variant": ask.scenario.variant,
        "target_altitude_km": target.height_m / KM_M,
        "detection": "signal" if signal else "geometry",
        "pd": target.pd if signal else None,
        "target": seen.words if signal else None,
        "rcs_m2": seen.rcs_m2 if signal else None,
        "intensity_kw_sr": [x / 1000.0 for x in seen.intensity_w_sr] if signal else None,
        "hours": len(ask.t_s) * float(ask.t_s[1] - ask.t_s[0]) / 3600.0,
        "step_s": float(ask.t_s[1] - ask.t_s[0]),
        "sensors": list(names),
    }


def _owners(sensors: Sensors) -> dict[str, str]:
    return dict(zip(sensors.names, sensors.owners, strict=True))


def _unknown(option: str, word: str, known: Iterable[str]) -> ScenarioError:
    names = list(dict.fromkeys(known))
    near = nearest(word, names)
    tail = f"; did you mean {near!r}?" if near else ""
    return ScenarioError(f"{option}: no {word!r}; there are {', '.join(names)}{tail}")


def _owner(given: Given, scenario: Scenario) -> str | None:
    owner = given.get("--owner")
    if owner is not None and owner not in scenario.nations:
        raise _unknown("--owner", owner, scenario.nations)
    return owner


def architecture(scenario: Scenario, name: str, *, option: str = "--architecture") -> Architecture:
    """One of the scenario's architectures."""
    if name not in scenario.architectures:
        raise _unknown(option, name, scenario.architectures)
    return scenario.architectures[name]


def usable(scenario: Scenario, given: Architecture, nation: str, names: Sequence[str]) -> list[str]:
    """Sensors whose data a nation's picture holds: all where tracks or plots are shared, else its own.

    Shared warnings point a nation's own sensors; they put nobody else's plots into its picture.
    """
    owners = _owners(scenario.sensors)
    everybody = given.one_picture or given.share_track
    return [n for n in names if everybody or owners[n] == nation]


def group_of(name: str) -> str:
    """Name of the group that a satellite `GROUP P-K` belongs to; other names as they are."""
    head, _, tail = name.rpartition(" ")
    parts = tail.split("-")
    return head if head and len(parts) == 2 and all(p.isdecimal() for p in parts) else name


def chosen(given: Given, sensors: Sensors) -> list[str]:
    """Names of the sensors asked for, in the scenario's order.

    `--sensors`: all, radar, infrared, or names of sensors and of groups apart by commas.
    """
    text = given.get("--sensors") or "all"
    radars = [r.name for r in sensors.radars]
    if text in KINDS:
        return [n for n in sensors.names if text == "all" or (n in radars) == (text == "radar")]
    wanted = [w.strip() for w in text.split(",") if w.strip()]
    if not wanted:
        raise ScenarioError(f"--sensors is {text!r}; it is {', '.join(KINDS)}, or names")
    groups = {n: group_of(n) for n in sensors.names}
    for word in wanted:
        if word not in groups and word not in groups.values():
            raise _unknown("--sensors", word, (*KINDS, *groups.values()))
    return [n for n in sensors.names if n in wanted or groups[n] in wanted]


def radars_of(ask: Question) -> list[Radar]:
    """Radars asked for, for fans.

    Raises
    ------
    ScenarioError
        when there is none.
    """
    names = chosen(ask.given, ask.scenario.sensors)
    owner = _owner(ask.given, ask.scenario)
    found = [r for r in ask.scenario.sensors.radars if r.name in names and owner in (None, r.owner)]
    if not found:
        raise ScenarioError("--fan-km needs a radar; none is left of the sensors asked for")
    return found

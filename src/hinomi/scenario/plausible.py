"""Values that are allowed but unlikely: warnings of `hinomi check`, usually a slip of unit."""

from __future__ import annotations

import re
from typing import Final

from hinomi.records.flights import CRUISE_KIND, LAUNCHER_KIND, QUASI_BALLISTIC_KIND
from hinomi.scenario.quantity import unit_of
from hinomi.scenario.resolve import parameters
from hinomi.scenario.schema import ScenarioText

# Key pattern, and what is usual there (assumed, wide).
_USUAL: Final = (
    (r"^infrared\[.*\]\.altitude_km$", 300.0, 36_000.0),
    (r"^batteries\[.*\]\.radar_height_m$", 0.0, 1000.0),
    (r"^radars\[.*\]\.height_m$", 0.0, 15_000.0),
    (r"\.distance_(low|high)_km$", 30.0, 6000.0),
    (r"\.apogee_(low|high)_km$", 30.0, 7000.0),
    (r"^catalogue\.threat\..*\.cruise_speed_km_s$", 0.15, 2.5),
    (r"^threats\[.*\]\.fails_at_(low|high)_s$", 10.0, 1000.0),
    (r"^catalogue\.radar\..*\.reference_range_km$", 30.0, 6000.0),
    (r"^catalogue\.radar\..*\.beamwidth_deg$", 0.05, 10.0),
    (r"^catalogue\.infrared\..*\.intensity_ref_kw_sr$", 0.005, 200.0),
    (r"^catalogue\.infrared\..*\.reference_range_km$", 500.0, 45_000.0),
    (r"^catalogue\.interceptor\..*\.burnout_speed_km_s$", 0.5, 6.5),
    (r"^catalogue\.interceptor\..*\.kill_(ballistic|glide)$", 0.0, 0.95),
    (r"^catalogue\.interceptor\..*\.reload_s$", 300.0, 86_400.0),
    (r"^engagement\.(kill_seen_as_miss|miss_seen_as_kill|kill_spread)$", 0.0, 0.5),
    (r"^engagement\.p_(track_each|system_raid)$", 0.5, 1.0),
    (r"^catalogue\.price\..*\.unit_musd$", 0.05, 200.0),
    (r"^catalogue\.line\..*_per_year$", 0.0, 5000.0),
    (r"^warning\.(hit|over)_threshold$", 0.0005, 0.6),
    (r"^warning\.compliance$", 0.0, 0.6),
    (r"^warning\.relay_failure$", 0.0, 0.3),
    (r"^warning\.(buffer|kernel)_km$", 0.5, 30.0),
    (
        r"^(warning|architectures\[.*\])\.(classify|decide|issue|deliver|relay|warning_relay)_s$",
        0.0,
        1800.0,
    ),
    (r"^study\.t_end_s$", 300.0, 7200.0),
    (r"^catalogue\.radar\..*\.dwell_s$", 0.001, 1.0),
    (r"^catalogue\.radar\..*\.track_share$", 0.1, 0.9),
    (r"^catalogue\.infrared\..*\.sun_exclusion_deg$", 0.0, 60.0),
    (r"^catalogue\.infrared\..*\.clutter_per_hour_mkm2$", 0.0, 0.1),
    (r"^radars\[.*\]\.mask_el_deg\[.*\]$", -1.0, 15.0),
)
_SITES: Final = r"^(radars|batteries)\[.*\]\.(lat|lon)_deg$"


# Kinds that fly and are seen, but that later links treat as something simpler.
_SIMPLER: Final = {
    CRUISE_KIND: "the tracker has no level flight and the forecast takes the body to fall at once, "
    "so alerts and engagements for it mean little",
    LAUNCHER_KIND: "the forecast takes it for a ballistic body whose thrust may end at any time",
    QUASI_BALLISTIC_KIND: "the forecast takes it for a glider whose lift does not end at a height",
}


def _simplified(scenario: ScenarioText) -> list[str]:
    """One sentence for each group of a kind that later links simplify."""
    classes = scenario.catalogue.threat
    return [
        f"threats[{group.name}]: a body of kind {kind} is flown and seen as such, but {words}"
        for group in scenario.threats
        for kind, words in _SIMPLER.items()
        if classes[group.threat_class].kind == kind
    ]


def _idle(scenario: ScenarioText) -> list[str]:
    """Say what a scenario gives in vain: reserves that never come, flags that change nothing."""
    weapons = scenario.catalogue.interceptor
    reserves = [
        f"batteries[{b.name}].magazines.{name}.reserve = {m.reserve.value:g}: never comes forward in "
        f"a raid, as catalogue.interceptor.{name} has no reload_s; it counts as stock only"
        for b in scenario.batteries
        for name, m in b.magazines.items()
        if m.reserve.value > 0 and weapons[name].reload_s is None
    ]
    return reserves + [
        f"architectures[{a.name}].engage_on_remote has no effect without one_assignment"
        for a in scenario.architectures
        if a.engage_on_remote and not a.one_assignment and not a.one_picture
    ]


def doubts(scenario: ScenarioText) -> list[str]:
    """One sentence for each value outside what is usual for its key, and for each simplified kind."""
    out = _simplified(scenario) + _idle(scenario)
    for p in parameters(scenario):
        if re.search(_SITES, p.key) and abs(p.value * 10.0 - round(p.value * 10.0)) > 1e-6:
            out.append(
                f"{p.key} = {p.value:g} is finer than 0.1 deg, which moves no result of a study: "
                f"write {round(p.value, 1):g}"
            )
        for pattern, low, high in _USUAL:
            if p.value == 0.0 and p.key.endswith(".burnout_speed_km_s"):
                continue  # of a provider that does not use it: of any other it is a mistake
            if re.search(pattern, p.key) and not low <= p.value <= high:
                unit = unit_of(p.key)
                words = "" if unit == "1" else f" {unit}"
                out.append(
                    f"{p.key} = {p.value:g}{words} is unusual (usual: {low:g} to {high:g}{words})"
                    f"{_guess(p.value, low, high, words)}"
                )
    return out


def _guess(value: float, low: float, high: float, unit: str) -> str:
    """Guess a slip of unit, where it would explain the value."""
    for factor in (1000.0, 1e-3, 100.0, 0.01):
        if value and low <= value * factor <= high:
            return f": did you mean {value * factor:g}{unit}?"
    return ""

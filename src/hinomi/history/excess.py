"""By how much a real flight exceeds the unpowered one: its boost and the air, by class of booster."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from hinomi.earth.gravity import G0_MPS2
from hinomi.errors import ScenarioError
from hinomi.scenario.catalogue import catalogue

# Least excess over the unpowered flight, in the shortest total powered time of the class. One stage:
# simulated flights have 0.71-0.96, median 0.75. Several stages: those of the catalogue's classes have
# 0.52-0.71 of their usual powered time, less the earlier thrust ends; published lofted flights of two
# stages have 141-226 s, 0.56-0.90 of the shortest 250 s, so 0.70 would call sound figures doubtful.
# The air adds up to some 15 s.
LEAST_SHARE: Final = 0.70
LEAST_SHARE_STAGED: Final = 0.55
MOST_SHARE: Final = 1.0
AIR_S: Final = 15.0
LEAST_LOSS_MPS: Final = 500.0  # assumed: gravity and air take at least this from the ideal speed


@dataclass(frozen=True, slots=True, kw_only=True)
class Excess:
    """Least and greatest excess [s] over the unpowered flight, and whose powered times they are."""

    low_s: float
    high_s: float
    powered_low_s: float
    powered_high_s: float
    classes: tuple[str, ...]
    known: bool  # False: no class was named, or none reaches the speed


@dataclass(frozen=True, slots=True, kw_only=True)
class Booster:
    """What the audit needs of a class: its powered time, its ideal speed and how many stages."""

    powered_low_s: float
    powered_s: float
    powered_high_s: float
    ideal_speed_mps: float
    stages: int


def boosters() -> dict[str, Booster]:
    """Boosters of the ballistic classes of the shipped catalogue."""
    return {
        name: _booster(given)
        for name, given in catalogue()["threat"].items()
        if given.get("kind") == "ballistic" and given.get("stages")
    }


def excess_of(class_name: str, *, speed_mps: float) -> Excess:
    """Excess of a class; of every class that reaches the speed when none is named.

    Parameters
    ----------
    class_name
        a ballistic class of the catalogue, or "".
    speed_mps
        of the unpowered flight at the ground.

    Raises
    ------
    ScenarioError
        when the class is not in the catalogue.
    """
    known = boosters()
    if class_name:
        other = catalogue()["threat"].get(class_name)
        if class_name not in known and other is not None:
            raise ScenarioError(
                f"class {class_name!r} is of kind {other['kind']}; a powered time bounds ballistic "
                f"flights only: say --kind {other['kind']}, or leave the class out"
            )
        if class_name not in known:
            raise ScenarioError(
                f"no ballistic class {class_name!r} in the catalogue; there are "
                f"{', '.join(sorted(known))}"
            )
        return _excess({class_name: known[class_name]}, known=True)
    able = {
        name: booster
        for name, booster in known.items()
        if booster.ideal_speed_mps - LEAST_LOSS_MPS >= speed_mps
    }
    return _excess(able or known, known=bool(able))


def _excess(chosen: Mapping[str, Booster], *, known: bool) -> Excess:
    low = min(booster.powered_low_s for booster in chosen.values())
    high = max(booster.powered_high_s for booster in chosen.values())
    return Excess(
        low_s=min(least_share(b.stages) * b.powered_low_s for b in chosen.values()),
        high_s=MOST_SHARE * high + AIR_S,
        powered_low_s=low,
        powered_high_s=high,
        classes=tuple(sorted(chosen)),
        known=known,
    )


def least_share(stages: int) -> float:
    """Least excess in powered times of a booster of this many stages."""
    return LEAST_SHARE if stages <= 1 else LEAST_SHARE_STAGED


def _booster(given: Mapping[str, Any]) -> Booster:
    stages = given["stages"]
    burns = [list(_range(stage["burn_s"])) for stage in stages]
    low, value, high = (sum(burn[i] for burn in burns) for i in range(3))
    above = _value(given["payload_kg"])
    ideal = 0.0
    for stage in reversed(stages):
        propellant, dry = _value(stage["propellant_kg"]), _value(stage["dry_kg"])
        start = above + propellant + dry
        ideal += G0_MPS2 * _value(stage["isp_vacuum_s"]) * math.log(start / (start - propellant))
        above = start
    return Booster(
        powered_low_s=low,
        powered_s=value,
        powered_high_s=high,
        ideal_speed_mps=ideal,
        stages=len(stages),
    )


def _range(given: Any) -> Iterator[float]:
    value = _value(given)
    for key in ("low", "value", "high"):
        yield float(given.get(key, value)) if isinstance(given, Mapping) else value


def _value(given: Any) -> float:
    return float(given["value"] if isinstance(given, Mapping) else given)

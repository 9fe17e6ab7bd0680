"""A warning rule: which probability alerts whom, how an alert changes and how it ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

RULE_UNITS: Final = ("municipality", "island_group", "prefecture", "block", "polygon")
Ring: TypeAlias = tuple[tuple[float, float], ...]  # longitude, latitude [deg], first = last


@dataclass(frozen=True, slots=True, kw_only=True)
class WarningRule:
    """What follows from forecasts; who decides and how long people take stays in `WarningPolicy`.

    Nothing here retracts an alert because a track was lost: that has no setting.
    """

    name: str
    label: str
    unit: str  # of RULE_UNITS
    blocks: tuple[tuple[str, tuple[str, ...]], ...] = ()  # for "block": name, prefectures
    zones: tuple[tuple[str, tuple[Ring, ...]], ...] = ()  # for "polygon": name, outer rings
    hit_threshold: float  # on the unit itself; 1 is never reached
    over_threshold: float
    consecutive: int  # forecasts running with track grade W before anything is said
    persistence: int = 1  # good forecasts running in which a unit reaches a threshold
    neighbours: int = 0  # rings of adjacent units added
    analysis_s: float = 0.0  # fixed time on top of the decision, for a finer area
    drop_share: float = 0.0  # an update drops a unit below this share of the thresholds; 0 = never
    drop_hold_s: float = 0.0  # after this long below it
    clear_share: float  # all-clear by forecast below this share of the thresholds; 0 = never
    clear_hold_s: float
    clear_margin_s: float  # after the last predicted end

    def __post_init__(self) -> None:
        if self.unit not in RULE_UNITS:
            raise ValueError(f"unit is {self.unit!r}; it is one of {', '.join(RULE_UNITS)}")
        shares = ("hit_threshold", "over_threshold", "drop_share", "clear_share")
        for name in shares:
            if not 0.0 <= getattr(self, name) <= 1.0:
                raise ValueError(f"{name} is {getattr(self, name)}; it must lie in 0..1")
        for name in ("hit_threshold", "over_threshold"):
            if getattr(self, name) == 0.0:
                raise ValueError(f"{name} is 0, which alerts everybody always; give more than 0")
        for name, low in (("consecutive", 1), ("persistence", 1), ("neighbours", 0)):
            if getattr(self, name) < low:
                raise ValueError(f"{name} is {getattr(self, name)}; it must be {low} or more")

    @property
    def area_key(self) -> tuple[object, ...]:
        """Equal for rules that alert the same units, which then share their forecasts."""
        return self.unit, self.blocks, self.zones

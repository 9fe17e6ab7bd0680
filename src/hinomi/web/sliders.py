"""Sliders of a what-if question: which keys of a scenario each one moves, and how far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from hinomi.report.answer import japanese
from hinomi.scenario.model import Parameter, Scenario
from hinomi.settings.keys import LATER, touches
from hinomi.web.problems import BAD, ProblemError

QUICK, SLOW = "quick", "slow"
STEPS: Final = 40  # of a slider without whole numbers
SOURCE: Final = "set by a slider of the what-if page"


@dataclass(frozen=True, slots=True, kw_only=True)
class Slider:
    """One slider: its names, its range, and the keys with the factor or shift that it gives them."""

    name: str
    en: str
    ja: str
    effect: str
    effect_ja: str
    keys: tuple[Parameter, ...]
    value: float
    low: float
    high: float
    unit: str
    whole: bool = False
    step: float = 0.0
    shifts: bool = False  # adds the same to every key, instead of scaling all by the same factor

    @property
    def cost(self) -> str:
        """Quick where sensors and pictures stay as they are."""
        return QUICK if all(is_late(p.key) for p in self.keys) else SLOW

    def told(self) -> dict[str, Any]:
        """As pages see it."""
        first = self.keys[0]
        return {
            "name": self.name,
            "en": self.en,
            "ja": self.ja,
            "keys": [p.key for p in self.keys],
            "value": self.value,
            "low": self.low,
            "high": self.high,
            "step": self.step or (1.0 if self.whole else (self.high - self.low) / STEPS),
            "unit": self.unit,
            "grade": first.grade,
            "source": first.source,
            "note": first.note,
            "cost": self.cost,
            "effect": self.effect,
            "effect_ja": self.effect_ja,
        }

    def changes(self, wanted: float) -> dict[str, Any]:
        """Keys with their new values; a number that is drawn goes on being drawn, moved as a whole."""
        if not self.low <= wanted <= self.high:
            raise ProblemError(
                BAD,
                f"slider {self.name} is out of its range",
                value=wanted,
                limit=f"{self.low:g} to {self.high:g}",
                way_out="stay within the range",
            )
        return {p.key: self._moved(p, wanted) for p in self.keys}

    def _moved(self, p: Parameter, wanted: float) -> float | dict[str, Any]:
        def at(x: float) -> float:
            if self.shifts:
                return max(0.0, x + wanted - self.value)
            moved = x * wanted / self.value if self.value else wanted
            return float(round(moved)) if self.whole or self.unit == "of stock" else moved

        value = at(p.value)
        if not p.drawn or p.low is None or p.high is None:
            return value
        low, high = at(p.low), at(p.high)
        if p.unit == "1":
            low, high = min(low, value), max(min(high, 1.0), value)
        return {"value": value, "low": low, "high": high, "grade": "assumed", "source": SOURCE}


def is_late(key: str) -> bool:
    """Whether a key leaves truth, looks, pictures and forecasts as they are; rounds are read last."""
    return touches(key) in LATER or (key.startswith("batteries[") and ".magazines." in key)


def sliders_of(scenario: Scenario, architectures: Sequence[str]) -> tuple[Slider, ...]:
    """Sliders that a scenario has something for."""
    known = {p.key: p for p in scenario.assumptions}
    made = (
        _single(
            known, "warning.decide_s", "decision_s", "time to decide an alert", "警報の判断時間",
            "moves it, with its range, by the same factor", "範囲とともに同じ倍率で動かす。", high=300.0,
        ),
        _links(known, architectures),
        _orbit(scenario, known),
        _threshold(known),
        _stock(known),
        _single(
            known, "warning.compliance", "compliance", "share of those who know who take shelter",
            "知った人のうち避難する割合",
            "sets it; published surveys lie in 5 to 17 %", "この値に置く。公表の調査は5～17 %。", high=1.0,
        ),
    )  # fmt: skip
    return tuple(s for s in made if s is not None)


def changes_of(sliders: Sequence[Slider], wanted: Mapping[str, float]) -> dict[str, Any]:
    """Changed keys for positions of sliders; those at their value change nothing.

    Raises
    ------
    ProblemError
        for an unknown slider or a position out of its range.
    """
    by_name = {s.name: s for s in sliders}
    out: dict[str, Any] = {}
    for name, position in wanted.items():
        if name not in by_name:
            raise ProblemError(
                BAD,
                f"no slider {name[:60]!r}",
                value=name,
                way_out=f"there are {', '.join(by_name)}",
            )
        if position != by_name[name].value:
            out |= by_name[name].changes(position)
    return out


def _single(
    known: Mapping[str, Parameter],
    key: str,
    name: str,
    en: str,
    ja: str,
    effect: str,
    effect_ja: str,
    high: float,
) -> Slider | None:
    p = known.get(key)
    if p is None:
        return None
    return Slider(
        name=name, en=en, ja=ja, effect=effect, effect_ja=effect_ja, keys=(p,), value=p.value, low=0.0,
        high=max(high, p.value), unit=p.unit,
    )  # fmt: skip


def _links(known: Mapping[str, Parameter], architectures: Sequence[str]) -> Slider | None:
    """Delay between nations: that of the fullest architecture, and the same seconds more in all."""
    keys = [
        known[key]
        for a in architectures
        for key in (f"architectures[{a}].relay_s", f"architectures[{a}].warning_relay_s")
        if key in known and known[key].value > 0.0
    ]
    if not keys:
        return None
    value = keys[-1].value
    return Slider(
        name="link_delay_s",
        en="delay of the links between nations",
        ja="国の間の伝達遅延",
        effect="times to pass tracks and launch messages move by the same seconds in the architectures "
        f"that share; the slider shows that of {architectures[-1].replace('_', ' ')}",
        effect_ja="共有する体制で、航跡と発射情報を渡す時間が同じ秒数だけ動く。"
        f"つまみが示すのは「{japanese(architectures[-1].replace('_', ' '))}」の値。",
        keys=tuple(keys), value=value, low=0.0, high=max(120.0, value), unit="s", shifts=True,
    )  # fmt: skip


def _orbit(scenario: Scenario, known: Mapping[str, Parameter]) -> Slider | None:
    """Satellites of the first group in low orbits, in whole planes."""
    for group in scenario.document.get("infrared", ()):
        key = f"infrared[{group.get('name')}].satellites"
        planes = known.get(f"infrared[{group.get('name')}].planes")
        if key in known and planes is not None and planes.value >= 1.0:
            p = known[key]
            step = planes.value
            return Slider(
                name="leo_count", en="satellites in low orbit", ja="低軌道の衛星数",
                effect="sets it, in whole planes; every look of every sensor is made anew",
                effect_ja="軌道面ごとに増減する。すべてのセンサーの観測を計算し直す。",
                keys=(p,), value=p.value, low=step, high=max(2.0 * p.value, step), unit="1",
                whole=True, step=step,
            )  # fmt: skip
    return None


def _threshold(known: Mapping[str, Parameter]) -> Slider | None:
    keys = [known[k] for k in ("warning.hit_threshold", "warning.over_threshold") if k in known]
    if not keys or keys[0].value <= 0.0:
        return None
    value = keys[0].value
    # The other threshold moves by the same factor and is a probability as well.
    high = min(0.5, *(0.99 * value / p.value for p in keys if p.value > 0.0))
    return Slider(
        name="alert_threshold", en="probability from which a unit is alerted",
        ja="警報を出す確率のしきい値",
        effect="sets it for places that are hit, and moves that for places flown over by the same factor",
        effect_ja="到達する所の値を置き、上空を通過される所の値を同じ倍率で動かす。",
        keys=tuple(keys), value=value, low=0.1 * value, high=high, unit="1",
    )  # fmt: skip


def _stock(known: Mapping[str, Parameter]) -> Slider | None:
    keys = [
        p
        for key, p in known.items()
        if key.startswith("batteries[")
        and ".magazines." in key
        and key.endswith((".ready", ".reserve"))
        and p.value > 0.0
    ]
    if not keys:
        return None
    return Slider(
        name="stock_share", en="interceptors in the magazines, as a share of the scenario's",
        ja="弾庫の迎撃弾(シナリオに対する割合)",
        effect="every battery's ready and reserve rounds by this factor, to the nearest whole round",
        effect_ja="各部隊の即応と予備の弾数をこの倍率にし、整数に丸める。",
        keys=tuple(keys), value=1.0, low=0.0, high=2.0, unit="of stock", step=0.05,
    )  # fmt: skip

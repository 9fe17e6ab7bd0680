"""Objectives of an exercise: what is measured, and the rule that gives each its letter.

The letters are those of the exercise programme of the United States (HSEEP, FEMA, January 2020):
P performed without challenges, S with some, M with major challenges, U unable to be performed. Which
number gives which letter is this project's own rule, and is printed with it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from hinomi.drill.plan_schema import Objective


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What a measure is, in words; `more` where more of it is better."""

    english: str
    japanese: str
    unit: str  # s, share or count
    more: bool = False


MEASURES: Final[Mapping[str, Measured]] = {
    "delivery_p50_s": Measured(
        english="release to receiver, middle delivery", japanese="発出から受信まで（中央値）", unit="s",
    ),
    "delivery_p99_s": Measured(
        english="release to receiver, 99 of 100 deliveries", japanese="発出から受信まで（99%）", unit="s",
    ),
    "release_s": Measured(
        english="proposal to release, middle message", japanese="起案から発出まで（中央値）", unit="s",
    ),
    "received_share": Measured(
        english="deliveries received, of those released", japanese="受信率", unit="share", more=True,
    ),
    "shown_share": Measured(
        english="deliveries shown, of those released", japanese="表示率", unit="share", more=True,
    ),
    "confirmed_share": Measured(
        english="deliveries confirmed by a person", japanese="確認率", unit="share", more=True,
    ),
    "in_time_share": Measured(
        english="people warned with at least their time to shelter", japanese="避難時間を残して知らされた人の割合",
        unit="share", more=True,
    ),
    "lost_alerts": Measured(
        english="deliveries that never came, with nothing to explain it", japanese="失われた配信", unit="count",
    ),
    "wrong_recipients": Measured(
        english="deliveries shown outside the area", japanese="対象外への表示", unit="count",
    ),
    "sounded_twice": Measured(
        english="alerts that sounded twice at a receiver", japanese="二重に鳴った警報", unit="count",
    ),
    "cancel_first": Measured(
        english="cancels shown before their alert", japanese="警報より先に表示された取り消し", unit="count",
    ),
    "cancel_s": Measured(
        english="found to be wrong until the cancel is out, slowest", japanese="誤報と分かってから取り消しまで（最大）",
        unit="s",
    ),
    "silent_listed_s": Measured(
        english="release until a silent receiver is listed, slowest", japanese="応答なしの一覧表示まで（最大）",
        unit="s",
    ),
    "forged_shown": Measured(
        english="forged alerts shown", japanese="表示された偽の警報", unit="count",
    ),
}  # fmt: skip
LETTERS: Final = {
    "P": ("performed without challenges", "支障なく達成"),
    "S": ("performed with some challenges", "一部に支障"),
    "M": ("performed with major challenges", "大きな支障"),
    "U": ("unable to be performed", "実施できず"),
}


def rule(objective: Objective) -> str:
    """The rule of an objective's letter, in words."""
    what = MEASURES[objective.measure]
    sign = "at least" if what.more else "at most"
    target, accept = objective.target.value, objective.accept
    words = [f"P: {sign} {_told(target, what.unit)}"]
    if accept is not None:
        words.append(f"S: {sign} {_told(accept.value, what.unit)}")
    words.append("M: anything worse")
    words.append("U: never measured" + (", or none at all" if what.more else ""))
    return "; ".join(words)


def letter(objective: Objective, value: float | None) -> str:
    """P, S, M or U for what was measured; None where it never was."""
    what = MEASURES[objective.measure]
    if value is None or (what.more and value <= 0.0 < objective.target.value):
        return "U"
    sign = -1.0 if what.more else 1.0
    if sign * value <= sign * objective.target.value + 1e-9:
        return "P"
    accept = objective.accept
    if accept is not None and sign * value <= sign * accept.value + 1e-9:
        return "S"
    return "M"


def judged(
    objectives: Sequence[Objective], measured: Mapping[str, float | None]
) -> list[dict[str, Any]]:
    """A row for each objective: its measure, the value, the letter and why."""
    rows = []
    for each in objectives:
        value = measured.get(each.measure)
        what = MEASURES[each.measure]
        given = letter(each, value)
        rows.append({
            "objective": each.name,
            "capability": each.capability,
            "measure": each.measure,
            "english": what.english,
            "japanese": what.japanese,
            "unit": what.unit,
            "value": value,
            "told": "not measured" if value is None else _told(value, what.unit),
            "letter": given,
            "words": LETTERS[given][0],
            "words_ja": LETTERS[given][1],
            "rule": rule(each),
        })  # fmt: skip
    return rows


def _told(value: float, unit: str) -> str:
    if unit == "share":
        return f"{100.0 * value:.4g} %"
    return f"{value:.3g} s" if unit == "s" else f"{value:g}"

"""What can be done to an exercise while it runs, and what is to be seen when all is well."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from hinomi.drill.enrolled import codes_of, place_row
from hinomi.drill.plan import Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of inject: what is done, and what a sound system does about it."""

    english: str
    japanese: str
    sound: str


KINDS: Final = {
    "receiver-down": Kind(
        english="the receiver's process is killed, and started again later", japanese="受信機の停止",
        sound="listed as silent within 10 s; catches up; what expired meanwhile does not sound",
    ),
    "link-cut": Kind(
        english="the receiver's line is cut, and mended later", japanese="回線の切断",
        sound="listed as silent within 10 s; catches up by sequence; nothing sounds twice",
    ),
    "broker-killed": Kind(
        english="the dispatching process is killed and started on the same folder", japanese="配信サーバーの強制終了",
        sound="released alerts are kept and go out by themselves",
    ),
    "duplicate": Kind(
        english="the next message arrives three times", japanese="重複配信",
        sound="acknowledged, and sounds once",
    ),
    "reordered-cancel": Kind(
        english="the next alert is held back until its cancel or update has arrived", japanese="順序の逆転",
        sound="the later message waits, or its tombstone keeps the late alert silent",
    ),
    "forged-alert": Kind(
        english="an alert signed with a stranger's key arrives", japanese="偽の警報",
        sound="refused with a reason, shown to nobody",
    ),
    "wrong-area": Kind(
        english="a genuine alert for elsewhere arrives", japanese="対象外の警報",
        sound="refused: the place is not in its areas",
    ),
    "false-alarm": Kind(
        english="a standing alert is found to be false; control cancels it", japanese="誤報と取り消し",
        sound="one person, one step; the cancel reaches everybody who had the alert",
    ),
    "second-raid": Kind(
        english="the scenario's groups start once more at this time", japanese="第二波",
        sound="incidents of their own; nothing of the first raid is cleared by the second",
    ),
    "night": Kind(
        english="people are reached as by night", japanese="夜間", sound="fewer people in time; say so",
    ),
    "visitors": Kind(
        english="visitors of a holiday are there", japanese="観光客",
        sound="texts in their languages; people without a home there",
    ),
    "card": Kind(
        english="a card is read to the players", japanese="状況付与", sound="players act on it",
    ),
}  # fmt: skip


def rows(plan: Plan) -> list[dict[str, object]]:
    """A row for each inject of a plan, in order of time."""
    found = []
    for each in sorted(plan.text.injects, key=lambda i: i.at_s.value):
        kind = KINDS[each.kind]
        codes = codes_of(each.places)
        found.append({
            "name": each.name,
            "at_s": each.at_s.value,
            "kind": each.kind,
            "for_s": None if each.for_s is None else each.for_s.value,
            "codes": list(codes),
            "places": [f"{p['name_ja']} {p['name_en']}" for p in map(place_row, codes)],
            "english": kind.english,
            "japanese": kind.japanese,
            "sound": kind.sound,
            "text": each.text,
            "expect": each.expect,
        })  # fmt: skip
    return found

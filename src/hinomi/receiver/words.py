"""What a receiver says, in Japanese and English."""

from __future__ import annotations

from typing import Final

from hinomi.cap.message import Info, Message
from hinomi.cap.times import JST, time_of
from hinomi.cap.words import mark_of
from hinomi.export.cap_show import clean
from hinomi.receiver.decide import own_infos
from hinomi.records.alerts import EXERCISE, TEST

STATES: Final = {
    "standing": ("発表中", "in force"),
    "pending": ("保留（先の電文が未着）", "pending: the message that it follows is not here yet"),
    "replaced": ("更新済み", "replaced by a later message"),
    "cancelled": ("取り消し済み", "cancelled"),
    "applied": ("取り消しを反映", "cancel has taken effect"),
    "expired": ("期限切れ", "expired"),
}
NOTICES: Final = {
    "actual": (
        "「Actual」を名乗る電文を受信。信頼せず、放送しません",
        "a message claims Actual, not trusted: never sounded",
    ),
    "other-content": (
        "同じ番号で内容の違う電文を受信。最初のものを維持します",
        "another content under the name of a message that is kept: the first stays",
    ),
    "unknown": (
        "放送したかどうか不明（停止のため）。機器を確認してください。再放送はしません",
        "ended while it was about to sound: look at the siren; it is not sounded again",
    ),
    "sounded": ("放送（模擬）", "sounded (simulated)"),
    "withdrawn": ("放送前に取り消されたため、放送しません", "ended before it sounded: not sounded"),
    "confirmed": ("人が確認", "confirmed by a person"),
    "elsewhere": ("この地域の名はありません", "does not name this place"),
}


def say(name: str, language: str) -> str:
    """A phrase of the receiver, or the words of a state."""
    pair = NOTICES.get(name) or STATES[name]
    return pair[0] if language == "ja" else pair[1]


def banner(status: str, language: str) -> str:
    """The status, three times; never anything that could be taken for an alert."""
    if status not in (EXERCISE, TEST):
        return say("actual", language)
    mark = mark_of(status, language)
    return "　".join([f"【{mark}】"] * 3) if language == "ja" else " - ".join([mark] * 3)


def block_of(infos: tuple[Info, ...], language: str) -> Info | None:
    """Block in a language; English, else any, where there is none."""
    for wanted in (language, "en"):
        for info in infos:
            if info.language.lower().startswith(wanted):
                return info
    return infos[0] if infos else None


def lines_of(
    message: Message, *, state: str, places: tuple[str, ...], language: str
) -> tuple[str, ...]:
    """A message as a screen shows it: banner first and last, nothing that steers a terminal."""
    own = own_infos(message, places)
    info = block_of(own or message.infos, language)
    sent = f"{time_of(message.sent).astimezone(JST):%Y-%m-%d %H:%M:%S} JST"
    out = [banner(message.status, language), f"[{say(state, language)}]  {message.kind}  {sent}"]
    if not own and message.codes_of_areas:
        out.append(say("elsewhere", language))
    if info is not None:
        out += [t for t in (info.headline, info.description, info.instruction) if t]
        out += [area.description for area in info.areas]
    out += [f"{message.sender}  {message.identifier}", out[0]]
    return tuple(clean(line) for line in out)

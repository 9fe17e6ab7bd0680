"""Exercise and test wording: first and last in every text, and never its denial."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Final

from hinomi.records.alerts import EXERCISE, TEST

# Marks by language (first part of the tag, with the script where it matters).
MARKS: Final = {
    EXERCISE: {"ja": "訓練", "en": "EXERCISE", "zh-cn": "演习", "zh-tw": "演習", "ko": "훈련"},
    TEST: {"ja": "試験", "en": "TEST", "zh-cn": "测试", "zh-tw": "測試", "ko": "시험"},
}
# Phrases that deny an exercise; compared without case, width, marks and double spaces.
DENIALS: Final = (
    "not a drill", "not an exercise", "not a test", "no drill", "no exercise", "not drill",
    "not exercise", "isn't a drill", "isn't an exercise", "isn't a test", "this is real",
    "訓練ではな", "訓練ではあ", "訓練ではご", "訓練でない", "訓練じゃな", "訓練に非", "演習ではな", "演習ではあ",
    "試験ではな", "試験ではあ", "試験でない", "本番です", "実際の攻撃",
    "不是演习", "并非演习", "非演习", "不是演習", "並非演習", "非演習", "不是测试", "不是測試", "并非测试", "並非測試",
    "훈련이 아", "훈련 아", "훈련이아", "시험이 아", "실제 상황", "실제상황",
)  # fmt: skip
# Characters that only format (Unicode category Cf): joiners, marks of direction and the like.
_INVISIBLE = re.compile(
    "[\u00ad\u0600-\u0605\u061c\u06dd\u070f\u0890-\u0891\u08e2\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\U000110bd\U000110cd\U00013430-\U00013438\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0001\U000e0020-\U000e007f]"
)
_AROUND: Final = " \t\r\n.,;:!?-–—_*|/()[]{}<>\"'。、，．！？・：；【】「」『』（）［］《》〈〉…"


def plain(text: str) -> str:
    """Text for comparison: one width, no case, no invisible characters, single spaces."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("’", "'")
    return " ".join(_INVISIBLE.sub("", folded).split())


@cache
def _denials() -> tuple[str, ...]:
    return tuple(dict.fromkeys(plain(each) for each in DENIALS))


def mark_of(status: str, language: str) -> str:
    """Word of a status in a language; English where the language has none here."""
    words = MARKS[status]
    tag = language.lower()
    if tag.startswith("zh"):
        return words["zh-tw" if any(t in tag for t in ("tw", "hk", "hant")) else "zh-cn"]
    return words.get(tag.split("-")[0], words["en"])


def is_marked(text: str, status: str, language: str) -> bool:
    """Whether a text begins and ends with the word of its status."""
    core = plain(text).strip(_AROUND)
    mark = plain(mark_of(status, language))
    return core.startswith(mark) and core.endswith(mark) and len(core) > len(mark)


def denial_in(text: str) -> str:
    """First phrase of a text that denies an exercise; empty where there is none."""
    folded = plain(text)
    return next((each for each in _denials() if each in folded), "")


def marked(text: str, status: str, language: str) -> str:
    """Put the word of the status before and after a text."""
    mark = mark_of(status, language)
    if language.lower().startswith(("ja", "zh", "ko")):
        return f"【{mark}】{text}【{mark}】"
    return f"{mark} - {text} - {mark}"

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
# Phrases that deny an exercise; compared without case, width, accents, marks and double spaces. No
# such list is complete: it catches what somebody writes in good faith, and the marks say the rest.
_NEGATION: Final = r"(?:not|no|never|nothing like|isn't|ain't|isnt|far from)"
_SOFTENED: Final = r"(?:(?:really|actually|just|only|merely|simply|at all|in fact|real)[\W_]+)?"
_ARTICLE: Final = r"(?:(?:a|an|any|the)[\W_]+)?"
DENIALS_ENGLISH: Final = (
    rf"{_NEGATION}[\W_]+{_SOFTENED}{_ARTICLE}{_SOFTENED}"
    r"(?:drill|exercise|test|rehearsal|simulation|simulated)s?(?![a-z0-9])",
    rf"(?:not|isn't|isnt|never)[\W_]+{_SOFTENED}{_ARTICLE}(?:training|practice|practise)(?![a-z0-9])",
    r"this[\W_]+is[\W_]+(?:real|the[\W_]+real)(?![a-z0-9])",
    # "no real missile" and "not a real attack" are what an exercise may say.
    r"(?<!not a )(?<!no )(?<!not an )(?:real|actual)[\W_]+"
    r"(?:missile|attack|emergency|strike|launch|alert|warning)s?(?![a-z0-9])",
)
_JAPANESE: Final = ("訓練", "演習", "試験", "テスト", "練習")
_SIMPLIFIED: Final = ("演习", "演练", "训练", "测试", "练习")
_TRADITIONAL: Final = ("演習", "演練", "訓練", "測試", "練習")
_KOREAN: Final = ("훈련", "연습", "시험", "테스트")
DENIALS: Final = (
    *(f"{noun}{no}" for noun in _JAPANESE for no in (
        "ではな", "ではあ", "ではご", "でな", "でも何でもな", "じゃな", "じゃあり", "じゃご", "に非", "とは違",
        "とは異", "なんかじゃ", "なんかでは", "などでは",
    )),
    "本番です", "実際の攻撃", "実際のミサイル", "本物のミサイル", "本物の攻撃", "本当の攻撃", "本当のミサイル", "実戦です",
    *(f"{no}{noun}" for noun in (*_SIMPLIFIED, *_TRADITIONAL) for no in (
        "不是", "并非", "並非", "绝非", "絕非", "不属于", "不屬於", "不算",
    )),
    *(f"非{noun}" for noun in ("演习", "演練", "演练", "演習")),
    "真实攻击", "真实导弹", "真正的导弹", "真的导弹", "这是真的", "真實攻擊", "真實飛彈", "真正的飛彈", "真的飛彈", "這是真的",
    *(f"{noun}{particle}{gap}{no}" for noun in _KOREAN for particle in ("이", "가", "은", "는", "")
      for gap in (" ", "") for no in ("아니", "아닙", "아닌", "아님", "아냐")),
    "실제 상황", "실제상황", "실제 미사일", "실제 공격", "진짜 미사일", "진짜 공격",
)  # fmt: skip
# Characters that only format (Unicode category Cf): joiners, marks of direction and the like.
_INVISIBLE = re.compile(
    "[\u00ad\u0600-\u0605\u061c\u06dd\u070f\u0890-\u0891\u08e2\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\U000110bd\U000110cd\U00013430-\U00013438\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0001\U000e0020-\U000e007f]"
)
_AROUND: Final = " \t\r\n.,;:!?-–—_*|/()[]{}<>\"'。、，．！？・：；【】「」『』（）［］《》〈〉…"


_ACCENTED = re.compile("[\u00c0-\u024f]")
# Letters of Europe without their accents.
_BARE: Final = {
    code: base
    for code in range(0xC0, 0x250)
    if (base := unicodedata.normalize("NFKD", chr(code))[0]) != chr(code)
}


def plain(text: str) -> str:
    """Text for comparison: one width, no case, accents or invisible characters, single spaces."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("’", "'")
    if _ACCENTED.search(folded):
        folded = folded.translate(_BARE)
    return " ".join(_INVISIBLE.sub("", folded).split())


@cache
def _denials() -> tuple[re.Pattern[str], ...]:
    """English and the rest, each behind a first look that costs little."""
    others = sorted({plain(each) for each in DENIALS}, key=len, reverse=True)
    starts = "".join(sorted({each[0] for each in others}))
    return (
        re.compile(rf"(?<![a-z0-9])(?=[nifrta])(?:{'|'.join(DENIALS_ENGLISH)})"),
        re.compile(rf"(?=[{starts}])(?:{'|'.join(re.escape(each) for each in others)})"),
    )


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
    found = next((match for each in _denials() if (match := each.search(folded))), None)
    return "" if found is None else found[0]


def marked(text: str, status: str, language: str) -> str:
    """Put the word of the status before and after a text."""
    mark = mark_of(status, language)
    if language.lower().startswith(("ja", "zh", "ko")):
        return f"【{mark}】{text}【{mark}】"
    return f"{mark} - {text} - {mark}"

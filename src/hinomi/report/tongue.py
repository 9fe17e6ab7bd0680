"""What a page says, in English, in Japanese or in both; everything that is said is escaped."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal, cast

from markupsafe import Markup, escape

from hinomi.errors import ScenarioError
from hinomi.report.japanese import BOOK
from hinomi.report.japanese_short import say_same

Language = Literal["en", "ja", "both"]
LANGUAGES: Final = ("en", "ja", "both")
NUMBER: Final = r"(?:never|[−+]?[\d,.]+(?:\u00a0%)?)"
SPAN: Final = re.compile(rf"({NUMBER}) to ({NUMBER})")


@dataclass(frozen=True, slots=True)
class Tongue:
    """Says a text in the languages of a page.

    A page in both holds both, marked `en` and `ja`; the reader chooses which one is seen.
    """

    language: Language = "en"

    def __call__(self, english: str, **values: object) -> Markup:
        """Say a text of the phrase book; `values` fill the places of both versions."""
        japanese = BOOK.get(english)
        if not values:
            return self.pair(english, japanese)
        told = None if japanese is None else japanese.format(**values)
        return self.pair(english.format(**values), told)

    def pair(self, english: str, japanese: str | None) -> Markup:
        """Say what has no entry in the book; without Japanese the English stands for both."""
        if self.language == "en" or (japanese is None and self.language == "both"):
            return escape(english)
        if japanese is None:
            return Markup('<span lang="en">{}</span>').format(english)
        if self.language == "ja":
            return escape(japanese)
        return _BOTH.format(english, japanese)

    def made(self, make: Callable[[Tongue], str]) -> Markup:
        """Say what a function writes in one language, given that language's tongue."""
        if self.language != "both":
            return escape(make(self))
        return _BOTH.format(make(ENGLISH), make(JAPANESE))

    def cell(self, text: object) -> Markup:
        """Say a short text made of numbers: `a to b`, or a phrase of the book."""
        told = str(text)
        if told in BOOK:
            return self(told)
        japanese = _CELL_WORDS.sub(
            lambda m: BOOK[m[0]], SPAN.sub(_span, _UP_TO.sub(r"\1以下", say_same(told)))
        )
        if japanese == told:
            return escape(told)
        return (
            _BOTH_CELL.format(told, japanese)
            if self.language == "both"
            else self.pair(told, japanese)
        )

    def plain(self, english: str, **values: object) -> str:
        """Say a text where no markup may stand, such as a label for screen readers."""
        japanese = BOOK.get(english)
        parts = {"en": english, "ja": japanese or english}
        told = (
            [english] + ([japanese] if japanese else [])
            if self.language == "both"
            else [parts[self.language]]
        )
        return " / ".join(part.format(**values) if values else part for part in told)


_BOTH: Final = Markup('<span class="en">{}</span><span class="ja" lang="ja">{}</span>')
# Where both are shown at once, a cell of numbers is not said twice.
_BOTH_CELL: Final = Markup('<span class="en">{}</span><span class="ja cell" lang="ja">{}</span>')
_UP_TO: Final = re.compile(rf"\bup to ({NUMBER})")
_CELL_WORDS: Final = re.compile(r"\bnever warned\b|\bin time\b|\bnever\b")


def _span(found: re.Match[str]) -> str:
    low, high = (BOOK["never"] if part == "never" else part for part in found.groups())
    return f"{low}～{high}"


ENGLISH: Final = Tongue("en")
JAPANESE: Final = Tongue("ja")


def tongue(language: str) -> Tongue:
    """Tongue of a language.

    Raises
    ------
    ScenarioError
        The language is none of `en`, `ja`, `both`.
    """
    if language not in LANGUAGES:
        raise ScenarioError(
            f"language {language!r} is not one of {', '.join(LANGUAGES)}: a report is written in "
            "English (en), in Japanese (ja), or in both with a switch on the page (both)"
        )
    return Tongue(cast("Language", language))

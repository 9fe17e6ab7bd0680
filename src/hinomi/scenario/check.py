"""Every mistake of a scenario's text at once, and the checked scenario where there is none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import ValidationError

from hinomi.errors import FenceError, HinomiError, ScenarioError
from hinomi.scenario.ashore import site_mistakes
from hinomi.scenario.catalogue import with_catalogue
from hinomi.scenario.changes import apply_changes, refuse_threat_keys
from hinomi.scenario.defences import defence_mistakes, empty_batteries
from hinomi.scenario.like import laid_over, lines_of
from hinomi.scenario.mistakes import Mistake, from_validation, nearest
from hinomi.scenario.references import find_mistakes
from hinomi.scenario.schema import FORMAT, ScenarioText
from hinomi.scenario.text import line_of, parse_text
from hinomi.scenario.threat_keys import kind_mistakes, start_mistakes


def check_text(text: str, name: str) -> ScenarioText:
    """Check a whole scenario text.

    Raises
    ------
    ScenarioError
        one line a mistake: `file:line: key: what (given; limit; unit); did you mean ...`.
    FenceError
        the same, when one of them lies outside the scope of the project.
    """
    given = parse_text(text, name)
    if "format" in given and given["format"] != FORMAT:
        near = nearest(str(given["format"]), [FORMAT])
        tail = f"; did you mean {near!r}?" if near else ""
        raise ScenarioError(
            f"{name}: format is {given['format']!r}; this version reads {FORMAT!r}{tail}"
        )
    whole = laid_over(given, name)
    document = with_catalogue(whole)
    checked, mistakes = validate(document)
    mistakes += _closed_changes(whole) + empty_batteries(document) + site_mistakes(document)
    if mistakes or checked is None:
        lines = lines_of(text, given, document)
        mistakes.sort(key=lambda m: line_of(lines, m.path) or 0)
        words = list(dict.fromkeys(m.text(name, lines, document) for m in mistakes))
        raise _error(words, any(m.fence for m in mistakes), name)
    return checked


def validate(document: Mapping[str, Any]) -> tuple[ScenarioText | None, list[Mistake]]:
    """Check a filled document against the schema and its own names."""
    mistakes: list[Mistake] = []
    checked = None
    try:
        checked = ScenarioText.model_validate(document)
    except ValidationError as error:
        mistakes += from_validation(error, document, ScenarioText)
    mistakes += find_mistakes(document) + kind_mistakes(document) + start_mistakes(document)
    mistakes += defence_mistakes(document)
    return checked, mistakes


def changed(checked: ScenarioText, changes: Mapping[str, Any], who: str) -> ScenarioText:
    """Apply changes by key and check the whole again; `who` is named in messages.

    Raises
    ------
    ScenarioError
        for unknown keys and values outside their limits.
    FenceError
        for keys that the scope of the project closes.
    """
    document = checked.model_dump(by_alias=True)
    apply_changes(document, changes, who)
    again, mistakes = validate(document)
    if mistakes or again is None:
        raise _error(
            [m.text(who, {}, document) for m in mistakes], any(m.fence for m in mistakes), who
        )
    return again


def variant_mistakes(checked: ScenarioText) -> list[str]:
    """Try each variant of a scenario on its own; give what is wrong."""
    out = []
    for variant in checked.variants:
        try:
            changed(checked, variant.changes, f"variant {variant.name}")
        except HinomiError as error:
            out.append(str(error))
    return out


def _closed_changes(given: Mapping[str, Any]) -> list[Mistake]:
    variants = given.get("variants", [])
    out = []
    for i, variant in enumerate(variants if isinstance(variants, list) else []):
        changes = variant.get("changes", {}) if isinstance(variant, dict) else {}
        for key in changes if isinstance(changes, dict) else {}:
            try:
                refuse_threat_keys(key)
            except HinomiError as error:
                path = ("variants", i, "changes", key)
                out.append(Mistake(path, str(error), fence=isinstance(error, FenceError)))
    return out


def _error(words: Iterable[str], fence: bool, name: str) -> HinomiError:
    words = list(words)
    if len(words) > 1:
        words.append(f"{name}: {len(words)} mistakes")
    return (FenceError if fence else ScenarioError)("\n".join(words))

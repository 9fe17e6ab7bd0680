"""Warning rules: bundled ones, files of them, and records of them for one scenario."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from pydantic import Field, ValidationError

from hinomi.errors import ScenarioError
from hinomi.records.alerts import WarningPolicy
from hinomi.records.rules import WarningRule
from hinomi.scenario.catalogue import catalogue
from hinomi.scenario.catalogue_schema import Section
from hinomi.scenario.mistakes import from_validation, nearest
from hinomi.scenario.quantity import Quantity
from hinomi.scenario.rules_schema import RuleSection
from hinomi.scenario.text import example_of, line_numbers, parse_text, read_text
from hinomi.scenario.zones import read_zones

FORMAT: Final = "hinomi/rules/1"
OWN: Final = "scenario"  # the name of the rule that the scenario's policy states
MOST: Final = 20


class _File(Section):
    """A file of rules."""

    format: str
    rules: list[RuleSection] = Field(min_length=1, max_length=MOST)


def bundled_rules() -> dict[str, dict[str, Any]]:
    """Rules that ship with the package: name -> table as in a file."""
    return {name: {"name": name, **table} for name, table in catalogue()["rule"].items()}


def read_rules(words: str) -> list[dict[str, Any]]:
    """Tables of the bundled rule of this name, or of the rules in this file, checked.

    Raises
    ------
    ScenarioError
        for an unknown name, with the nearest, or every mistake of a file.
    """
    known = bundled_rules()
    if words in known:
        return [known[words]]
    path = Path(words)
    if path.suffix != ".toml" and not path.exists():
        near = nearest(words, known)
        tail = f"; did you mean {near!r}?" if near else ""
        raise ScenarioError(
            f"{words!r} is no rule: bundled are {', '.join(known)}; "
            f"a file of rules is given by its path{tail}"
        )
    text = read_text(path)
    try:
        document = parse_text(text, words, begin=example_of(FORMAT, "rules"))
    except tomllib.TOMLDecodeError as error:  # pragma: no cover - told by parse_text already
        raise ScenarioError(f"{words}: {error}") from None
    if document.get("format") != FORMAT:
        raise ScenarioError(
            f"{words}: format is {document.get('format')!r}; a file of rules begins with "
            f"format = {FORMAT!r}"
        )
    _put_zones(document, path)
    try:
        _File.model_validate(document)
    except ValidationError as error:
        lines = line_numbers(text)
        found = from_validation(error, document, _File)
        raise ScenarioError("\n".join(m.text(words, lines, document) for m in found)) from None
    rules: list[dict[str, Any]] = document["rules"]
    return rules


def _put_zones(document: dict[str, Any], path: Path) -> None:
    """Replace `zones_file` of each rule by what the file holds, so that a run needs no file."""
    rules = document.get("rules")
    for rule in rules if isinstance(rules, list) else []:
        if isinstance(rule, dict) and isinstance(rule.get("zones_file"), str):
            rule["zones"] = read_zones(path.parent / rule.pop("zones_file"))


def rules_of(tables: Sequence[Mapping[str, Any]], policy: WarningPolicy) -> tuple[WarningRule, ...]:
    """Records of rules given as tables; what they leave out comes from the policy.

    Raises
    ------
    ScenarioError
        for a name that is given twice or means the scenario's own rule.
    """
    sections = [RuleSection.model_validate(table) for table in tables]
    names = [s.name for s in sections]
    for name in names:
        if name == OWN or names.count(name) > 1:
            raise ScenarioError(
                f"a rule named {name!r} is there already; give each rule a name of its own"
            )
    return tuple(_rule(s, policy) for s in sections)


def _rule(given: RuleSection, policy: WarningPolicy) -> WarningRule:
    def or_policy(name: str) -> Any:
        value: Quantity | None = getattr(given, name)
        return getattr(policy, name) if value is None else value.value

    plain = ("hit_threshold", "over_threshold", "analysis_s", "drop_share", "drop_hold_s")
    numbers: dict[str, Any] = {n: getattr(given, n).value for n in plain}
    numbers |= {n: or_policy(n) for n in ("clear_share", "clear_hold_s", "clear_margin_s")}
    return WarningRule(
        name=given.name,
        label=given.label or given.name,
        unit=given.unit,
        blocks=tuple((name, tuple(p)) for name, p in given.blocks.items()),
        zones=tuple(
            (name, tuple(tuple((x, y) for x, y in ring) for ring in rings))
            for name, rings in given.zones.items()
        ),
        consecutive=int(or_policy("consecutive")),
        persistence=int(given.persistence.value),
        neighbours=int(given.neighbours.value),
        **numbers,
    )

"""A file of claims, checked: every mistake is told at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from hinomi.errors import ScenarioError
from hinomi.evidence.claim import GIVES, KINDS, WORDED, Claim, Instrument, Quantity, Support
from hinomi.evidence.period import read_period
from hinomi.evidence.stated import read_dated, read_stated
from hinomi.scenario.mistakes import nearest
from hinomi.scenario.quantity import GRADES

FORMAT: Final = "hinomi/evidence/1"
_TOP: Final = ("format", "topic", "title", "sources", "quantities", "instruments", "claims")
_SOURCED: Final = ("who", "where", "address", "as_of", "grade", "primary")
_CLAIM: Final = (
    "id", "quantity", "kind", "basis", "value", "text", "unit", "period", "note", "source",
    "fx_jpy_per_usd", "price_year", "supports", *_SOURCED,
)  # fmt: skip
_SUPPORT: Final = ("key", "times", "of", "take")
_NO_SOURCE: Final = (
    "has no source: give `where` (the publication and its date, with `address` for the page), or `source`"
    " naming an entry of [sources]; a claim without one does not enter"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimFile:
    """What one file says."""

    topic: str
    title: str
    claims: tuple[Claim, ...]
    quantities: dict[str, Quantity]
    instruments: tuple[Instrument, ...]


@dataclass(slots=True)
class _Reader:
    name: str
    mistakes: list[str] = field(default_factory=list)

    def wrong(self, where: str, words: str) -> None:
        self.mistakes.append(f"{self.name}: {where}: {words}")


def read_claims(given: Mapping[str, Any], name: str) -> ClaimFile:
    """Claims of a parsed file.

    Raises
    ------
    ScenarioError
        listing every mistake: a claim without source, speaker or date, unknown keys, values that are
        no numbers, grades and kinds that do not exist, one id twice.
    """
    reader = _Reader(name)
    if given.get("format") != FORMAT:
        raise ScenarioError(
            f"{name}: format is {given.get('format')!r}; a file of claims begins with format = {FORMAT!r}"
        )
    for key in given:
        if key not in _TOP:
            reader.wrong(str(key), f"unknown key{_hint(key, _TOP)}")
    topic = _text(reader, given, "topic", "the file", fallback="yours")
    sources = _tables(reader, given, "sources", _SOURCED)
    quantities = {
        key: Quantity(key=key, title=str(q.get("title", key)), currency=str(q.get("currency", "")))
        for key, q in _tables(reader, given, "quantities", ("title", "currency")).items()
    }
    claims: dict[str, Claim] = {}
    listed = given.get("claims")
    if not isinstance(listed, list) or not listed:
        reader.wrong("claims", "there is none; write one [[claims]] for each statement")
        listed = []
    for i, entry in enumerate(listed):
        if not isinstance(entry, dict):
            reader.wrong(f"claims[{i}]", "is no table; write [[claims]]")
            continue
        claim = _claim(reader, entry, f"claims[{entry.get('id', i)}]", sources, topic)
        if claim is not None:
            if claim.id in claims:
                reader.wrong(
                    f"claims[{claim.id}]", "this id is there twice; give each claim its own"
                )
            claims[claim.id] = claim
    instruments = tuple(_instruments(reader, given))
    if reader.mistakes:
        raise ScenarioError("\n".join(reader.mistakes))
    return ClaimFile(
        topic=topic, title=str(given.get("title", topic)), claims=tuple(claims.values()),
        quantities=quantities, instruments=instruments,
    )  # fmt: skip


def _claim(
    reader: _Reader,
    entry: dict[str, Any],
    where: str,
    sources: Mapping[str, Mapping[str, Any]],
    topic: str,
) -> Claim | None:
    before = len(reader.mistakes)
    for key in entry:
        if key not in _CLAIM:
            reader.wrong(f"{where}.{key}", f"unknown key{_hint(key, _CLAIM)}")
    source = entry.get("source")
    if source is not None and source not in sources:
        reader.wrong(
            f"{where}.source", f"{source!r} is no entry of [sources]{_hint(str(source), sources)}"
        )
    given = {**sources.get(str(source), {}), **entry}
    if not str(given.get("where", "")).strip():
        reader.wrong(where, _NO_SOURCE)
    for key, why in (
        ("id", "name the claim, once"),
        ("quantity", "say what it is about, such as japan_defence_budget.jfy2025.draft"),
        ("who", "say who says it"),
        ("as_of", "say when it was said, such as 2024-12"),
    ):
        if not str(given.get(key, "")).strip():
            reader.wrong(f"{where}.{key}", f"is missing; {why}")
    kind, grade = given.get("kind", "amount"), given.get("grade", "assumed")
    for key, value, known in (("kind", kind, KINDS), ("grade", grade, GRADES)):
        if value not in known:
            reader.wrong(f"{where}.{key}", f"is {value!r}; it is one of {', '.join(known)}")
    printed, stated = _value(reader, given, where, str(kind))
    periods = [
        _or_none(reader, read_period, given[key], f"{where}.{key}") if key in given else None
        for key in ("as_of", "period")
    ]
    supports = tuple(_supports(reader, given.get("supports", []), where))
    fx = _number(reader, given, "fx_jpy_per_usd", where, low=50.0, high=500.0)
    year = _number(reader, given, "price_year", where, low=1945.0, high=2100.0)
    if len(reader.mistakes) > before or periods[0] is None:
        return None
    return Claim(
        id=str(given["id"]), topic=topic, quantity=str(given["quantity"]), kind=str(kind),
        basis=str(given.get("basis", "")), printed=printed, stated=stated,
        unit=str(given.get("unit", "")), as_of=periods[0], as_of_text=str(given["as_of"]),
        period=periods[1], who=str(given["who"]), primary=bool(given.get("primary", False)),
        where=str(given["where"]), address=str(given.get("address", "")), grade=str(grade),
        note=str(given.get("note", "")), fx_jpy_per_usd=fx,
        price_year=None if year is None else int(year), supports=supports,
    )  # fmt: skip


def _value(reader: _Reader, given: Mapping[str, Any], where: str, kind: str) -> tuple[str, Any]:
    """The printed value, and its interval where it is a number or a date."""
    worded = kind in WORDED
    wanted, other = ("text", "value") if worded else ("value", "text")
    if wanted not in given or other in given:
        reader.wrong(where, f"a claim of kind {kind} has `{wanted}` and no `{other}`")
        return "", None
    value = given[wanted]
    printed = str(value).strip()
    if worded:
        parts = printed.split(" to ")
        if str(given.get("quantity", "")).endswith(f".{GIVES}") and len(parts) != 2:
            reader.wrong(
                f"{where}.text",
                f'is {printed!r}; write who gives to whom: "Japan to United States"',
            )
        return printed, None
    if kind == "date":
        return printed, _or_none(reader, read_dated, value, f"{where}.value")
    if not str(given.get("unit", "")).strip():
        reader.wrong(
            f"{where}.unit", 'is missing; such as "billion USD", "missiles/yr", "%", or "1"'
        )
    return printed, _or_none(reader, read_stated, value, f"{where}.value")


def _supports(reader: _Reader, given: object, where: str) -> Iterator[Support]:
    if not isinstance(given, list):
        reader.wrong(f"{where}.supports", "is no list of keys")
        return
    for item in given:
        table = {"key": item} if isinstance(item, str) else item
        if not isinstance(table, dict) or not isinstance(table.get("key"), str):
            reader.wrong(
                f"{where}.supports", f"{item!r} names no key; write a text or {{ key = ... }}"
            )
            continue
        for key in table:
            if key not in _SUPPORT:
                reader.wrong(f"{where}.supports.{key}", f"unknown key{_hint(key, _SUPPORT)}")
        times = _number(reader, table, "times", f"{where}.supports", low=0.0) or 1.0
        of = _number(reader, table, "of", f"{where}.supports", low=1e-9) or 1.0
        yield Support(key=table["key"], times=times / of, year=table.get("take") == "year")


def _instruments(reader: _Reader, given: Mapping[str, Any]) -> Iterator[Instrument]:
    for key, told in _tables(reader, given, "instruments", ("title", "kind", "date")).items():
        date = _or_none(reader, read_period, told.get("date", ""), f"instruments.{key}.date")
        if date is not None:
            yield Instrument(
                id=key, title=str(told.get("title", key)), kind=str(told.get("kind", "")), date=date,
                date_text=str(told["date"]),
            )  # fmt: skip


def _tables(
    reader: _Reader, given: Mapping[str, Any], key: str, known: tuple[str, ...]
) -> dict[str, dict[str, Any]]:
    found = given.get(key, {})
    if not isinstance(found, dict) or not all(isinstance(t, dict) for t in found.values()):
        reader.wrong(key, f"is no set of tables; write [{key}.NAME]")
        return {}
    for name, table in found.items():
        for inner in table:
            if inner not in known:
                reader.wrong(f"{key}.{name}.{inner}", f"unknown key{_hint(inner, known)}")
    return found


def _text(reader: _Reader, given: Mapping[str, Any], key: str, where: str, *, fallback: str) -> str:
    value = given.get(key, fallback)
    if not isinstance(value, str) or not value.strip():
        reader.wrong(key, f"of {where} is {value!r}; write one word")
        return fallback
    return value.strip()


def _number(
    reader: _Reader,
    given: Mapping[str, Any],
    key: str,
    where: str,
    *,
    low: float,
    high: float = 1e15,
) -> float | None:
    value = given.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        reader.wrong(f"{where}.{key}", f"is {value!r}; a number from {low:g} to {high:g}")
        return None
    return float(value)


def _or_none(reader: _Reader, read: Any, value: object, name: str) -> Any:
    try:
        return read(value, name=name)
    except ScenarioError as error:
        reader.mistakes.append(f"{reader.name}: {error}")
        return None


def _hint(name: object, known: Any) -> str:
    near = nearest(str(name), list(known))
    return (
        f"; did you mean {near!r}?" if near else f"; there are {', '.join(sorted(known)) or 'none'}"
    )

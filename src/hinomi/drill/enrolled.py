"""Names of places in a plan, and who they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

from hinomi.records.places import Places
from hinomi.scenario.mistakes import nearest
from hinomi.scenario.places import load_places


@cache
def _by_name() -> dict[str, tuple[str, ...]]:
    """Code, and names in both languages without case, to codes of municipalities."""
    places = load_places()
    found: dict[str, list[str]] = {}
    for code, en, ja in zip(places.code, places.name_en, places.name_ja, strict=True):
        for name in {code, ja, en.casefold(), en.casefold().partition("-")[0]}:
            found.setdefault(name, []).append(code)
    return {name: tuple(codes) for name, codes in found.items()}


@cache
def _by_prefecture() -> dict[str, tuple[str, ...]]:
    places = load_places()
    found: dict[str, list[str]] = {}
    rows = zip(places.code, places.prefecture_en, places.prefecture_ja, strict=True)
    for code, en, ja in rows:
        for name in {code[:2], ja, en.casefold()}:
            found.setdefault(name, []).append(code)
    return {name: tuple(codes) for name, codes in found.items()}


def place_code(name: str) -> tuple[str, str]:
    """Code of a municipality by code or name, and what is wrong where there is none or several."""
    five = name[:5] if name.isdigit() and len(name) == 6 else name
    met = _by_name().get(five) or _by_name().get(name.casefold()) or ()
    if len(met) == 1:
        return met[0], ""
    if met:
        return "", f"{len(met)} municipalities have this name; write a code: {', '.join(met[:6])}"
    return "", "no municipality has this code or name"


def prefecture_codes(name: str) -> tuple[str, ...]:
    """Codes of the municipalities of a prefecture; none where nobody has the name."""
    return _by_prefecture().get(name) or _by_prefecture().get(name.casefold()) or ()


def near_place(name: str) -> str:
    """Most similar name of a municipality, in its English form."""
    return nearest(name, load_places().name_en)


def near_prefecture(name: str) -> str:
    """Most similar name of a prefecture."""
    return nearest(name, sorted(set(load_places().prefecture_en)))


def codes_of(places: Sequence[str], prefectures: Sequence[str] = ()) -> tuple[str, ...]:
    """Codes behind names that were checked before, sorted."""
    found = {place_code(name)[0] for name in places}
    for name in prefectures:
        found |= set(prefecture_codes(name))
    return tuple(sorted(found - {""}))


@cache
def _index() -> Mapping[str, int]:
    return {code: i for i, code in enumerate(load_places().code)}


def place_row(code: str, places: Places | None = None) -> dict[str, object]:
    """What a page shows of a municipality: code, names, prefecture, people."""
    found = places or load_places()
    at = _index()[code]
    return {
        "code": code,
        "name_en": found.name_en[at],
        "name_ja": found.name_ja[at],
        "prefecture_en": found.prefecture_en[at],
        "population": float(found.population[at]),
    }

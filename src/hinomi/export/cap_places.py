"""Places of a message: from codes and names to polygons and words; the schema of the package."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cache
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from hinomi.cap.area import polygons_around
from hinomi.cap.compose import Target
from hinomi.cap.schema import Schema, parse_schema
from hinomi.errors import ScenarioError
from hinomi.records.places import Places
from hinomi.scenario.places import data_file, load_places
from hinomi.scenario.places_outlines import municipality_outlines

SCHEMA_FILE: Final = "cap/CAP-v1.2.xsd"
MOST_NAMES: Final = 6  # municipalities told by name; the codes name them all
EXAMPLES: Final = "cap/examples"


@cache
def load_schema() -> Schema:
    """Read the OASIS schema that the package carries."""
    return parse_schema(data_file(SCHEMA_FILE).read_bytes())


def examples() -> tuple[str, ...]:
    """Names of the bundled messages."""
    return tuple(sorted(f.name for f in data_file(EXAMPLES).iterdir() if f.name.endswith(".xml")))


def outline_rings(codes: Collection[str]) -> list[NDArray[np.float64]]:
    """Outer rings (longitude, latitude in degrees) of municipalities."""
    wanted = set(codes)
    names, shapes = municipality_outlines()
    found = [shape for code, shape in zip(names, shapes, strict=True) if code in wanted]
    return [shapely.get_coordinates(part.exterior) for part in shapely.get_parts(np.array(found))]


@cache
def target_of(codes: tuple[str, ...]) -> Target:
    """Codes, polygons that contain the municipalities, and names in Japanese and English.

    Raises
    ------
    ScenarioError
        for no code, or one that no municipality has.
    """
    places = load_places()
    known = set(places.code)
    odd = [code for code in codes if code not in known]
    if odd or not codes:
        raise ScenarioError(
            f"no municipality has the code {', '.join(odd[:3]) or '(none given)'}; "
            "`hinomi places show` lists them"
        )
    rings = outline_rings(codes)
    return Target(
        codes=tuple(sorted(set(codes))),
        polygons=polygons_around(rings),
        words=words_of(places, codes),
    )


def words_of(places: Places, codes: Collection[str]) -> tuple[tuple[str, str], ...]:
    """Names of places by language: whole prefectures as such, else municipalities, else how many."""
    japanese, english = [], []
    wanted = set(codes)
    for prefecture in dict.fromkeys(places.prefecture_en):
        own = [i for i, p in enumerate(places.prefecture_en) if p == prefecture]
        met = [i for i in own if places.code[i] in wanted]
        if not met:
            continue
        ja = places.prefecture_ja[own[0]]
        if len(met) == len(own):
            japanese.append(ja)
            english.append(prefecture)
            continue
        rest = len(met) - MOST_NAMES
        names_ja = "、".join(places.name_ja[i] for i in met[:MOST_NAMES])
        names_en = ", ".join(places.name_en[i] for i in met[:MOST_NAMES])
        japanese.append(f"{ja}{names_ja}" + (f"ほか{rest}市町村" if rest > 0 else ""))
        english.append(
            f"{names_en}" + (f" and {rest} more" if rest > 0 else "") + f" ({prefecture})"
        )
    ja_text, en_text = "、".join(japanese), ", ".join(english)
    return (("ja-JP", ja_text), ("zh-CN", ja_text), ("zh-TW", ja_text), ("en-US", en_text))


def codes_of(*, names: Sequence[str], prefectures: Sequence[str]) -> tuple[str, ...]:
    """Codes of municipalities and prefectures that a user named, in any of three ways.

    Parameters
    ----------
    names
        five- or six-digit codes, or names as in `hinomi places show` (ja or en).
    prefectures
        names (ja or en) or two-digit codes.

    Raises
    ------
    ScenarioError
        for a name that nobody has, or that several have.
    """
    places = load_places()
    found: list[str] = []
    for name in prefectures:
        own = [
            code for code, en, ja in zip(
                places.code, places.prefecture_en, places.prefecture_ja, strict=True
            )
            if name.casefold() in (en.casefold(), ja, code[:2])
        ]  # fmt: skip
        if not own:
            raise ScenarioError(
                f"--prefecture {name!r}: no prefecture has this name; write Okinawa, 沖縄県 or 47"
            )
        found += own
    found += [_one_place(places, name) for name in names]
    return tuple(sorted(set(found)))


def _one_place(places: Places, name: str) -> str:
    five = name[:5] if name.isdigit() and len(name) == 6 else name
    met = [
        code for code, en, ja in zip(places.code, places.name_en, places.name_ja, strict=True)
        if five == code or name == ja or name.casefold() in (en.casefold(), en.casefold().partition("-")[0])
    ]  # fmt: skip
    if not met:
        raise ScenarioError(
            f"--place {name!r}: no municipality has this code or name; `hinomi places show 47` lists "
            "a prefecture"
        )
    if len(met) > 1:
        raise ScenarioError(
            f"--place {name!r}: {len(met)} municipalities have this name; write the code: "
            f"{', '.join(met[:6])}"
        )
    return met[0]

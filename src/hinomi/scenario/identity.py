"""A stable 32-bit number for every entity that chance touches, checked for collisions."""

from __future__ import annotations

import zlib
from collections.abc import Iterable

from hinomi.errors import ScenarioError


def entity_id(text: str) -> int:
    """Give the number of an entity such as `"SENSOR|BODY"`: CRC-32 of its UTF-8 bytes."""
    return zlib.crc32(text.encode("utf-8"))


def check_entities(kind: str, texts: Iterable[str]) -> None:
    """Refuse entities of one kind that would share a stream of chance.

    Raises
    ------
    ScenarioError
        naming the two texts; renaming one of them is the way out.
    """
    seen: dict[int, str] = {}
    for text in texts:
        number = entity_id(text)
        other = seen.setdefault(number, text)
        if other != text:
            raise ScenarioError(
                f"{kind}: {other!r} and {text!r} have the same number {number} and would share "
                "their chance; "
                "rename one of them"
            )

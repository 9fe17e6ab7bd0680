"""Receivers of a host from a file: the address book of an exercise."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from difflib import get_close_matches
from typing import Final

from hinomi.errors import ScenarioError
from hinomi.transport.contract import MODES

FORMAT: Final = "hinomi/receivers/1"
MOST: Final = 2_000  # receivers of one host
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


def refuse_name(name: str) -> None:
    """Raise ScenarioError for what is no name of a receiver; folders are named after it."""
    if not _NAME.fullmatch(name):
        raise ScenarioError(
            f"{name[:80]!r} is no name of a receiver; write at most 64 letters, digits and . _ -"
        )


def parse_places(text: str, known: Collection[str]) -> tuple[str, ...]:
    """Municipality codes separated by commas; the sixth digit, a check digit, may be there."""
    found = tuple(dict.fromkeys(each.strip()[:5] for each in text.split(",") if each.strip()))
    for code in found:
        if code not in known:
            near = get_close_matches(code, known, 1)
            told = f"; is it {near[0]}?" if near else ""
            raise ScenarioError(
                f"no municipality has the code {code!r}{told} `hinomi places show` lists them"
            )
    if not found:
        raise ScenarioError("no place: write --places 47201,47207, or --many FILE")
    return found


def parse_many(
    text: str, known: Collection[str], *, mode: str | None = None, group: str | None = "feed"
) -> dict[str, tuple[str, ...]]:
    """Receiver -> codes, of those of a group; of all groups where it is None.

    Raises
    ------
    ScenarioError
        with every mistake of the file at once.
    """
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ScenarioError(f"--many: no JSON: {error}") from None
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise ScenarioError(f'--many: no address book; "format" must be "{FORMAT}"')
    wrong: list[str] = []
    if found.get("mode") not in MODES or (mode and found["mode"] != mode):
        wrong.append(f'"mode" is {found.get("mode")!r}; the exercise is of mode {mode or MODES}')
    posts: dict[str, tuple[str, ...]] = {}
    listed = found.get("receivers")
    if not isinstance(listed, list) or not listed:
        wrong.append('"receivers" must be a list that is not empty')
        listed = []
    if len(listed) > MOST:
        wrong.append(f"{len(listed):,} receivers; a host has at most {MOST:,}")
        listed = []
    for n, each in enumerate(listed):
        if isinstance(each, dict) and group is not None and each.get("group", "feed") != group:
            continue
        try:
            name, codes = _one(each, known)
        except ScenarioError as error:
            wrong.append(f"receiver {n + 1}: {error}")
            continue
        posts[name] = (*posts.get(name, ()), *codes)
    if not wrong and not posts:
        wrong.append(f"no receiver of group {group!r}")
    if wrong:
        raise ScenarioError("--many: " + "; ".join(wrong[:20]))
    return posts


def _one(found: object, known: Collection[str]) -> tuple[str, tuple[str, ...]]:
    if not isinstance(found, dict) or not {"name", "code"} <= set(found):
        raise ScenarioError('write {"name": "naha-1", "code": "47201"}')
    name, code = str(found["name"]), str(found["code"])
    refuse_name(name)
    return name, parse_places(code, known)

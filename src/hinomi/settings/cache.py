"""Stages that were computed already, in the user's cache folder: addressed by content, checked, bounded.

An entry is found by the hash of all that it depends on (the parts of a scenario that matter up to
the stage, seed, replicate, the program's code, its libraries, shipped data and the kind of
machine). Its own hash is checked when it is
read: a damaged entry is removed, computed anew and noted. The oldest entries go when the folder grows
beyond its limit. Whether it is on, and where, stands in the environment, so that workers know:

`HINOMI_STAGE_CACHE`        `off`, `on`, or a folder
`HINOMI_STAGE_CACHE_MB`     limit, in 10^6 bytes
`HINOMI_STAGE_CACHE_NOTES`  file for one line of JSON a raid, where somebody counts
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from hinomi.settings.packed import pack, unpack

PLACE, LIMIT, NOTES = "HINOMI_STAGE_CACHE", "HINOMI_STAGE_CACHE_MB", "HINOMI_STAGE_CACHE_NOTES"
LIMIT_MB: Final = 4000
ENTRY_MB: Final = 200  # an entry larger than this is not kept
MARK: Final = b"hinomi/stage/1\n"
READ, MADE, DAMAGED = "read", "made", "damaged"


def default_folder() -> Path:
    """`hinomi/stages` in the user's cache folder."""
    home = os.environ.get("XDG_CACHE_HOME") or str(Path("~/.cache").expanduser())
    return Path(home) / "hinomi" / "stages"


@dataclass(slots=True)
class Cache:
    """Entries below one folder; all that can go wrong with the disk only costs time."""

    folder: Path
    limit_bytes: int
    counts: dict[str, int] = field(default_factory=lambda: {READ: 0, MADE: 0, DAMAGED: 0})

    def read(self, key: str) -> Any:
        """Content of an entry, or None where it is not there or is damaged."""
        path = self._path(key)
        try:
            data = path.read_bytes()
        except OSError:
            self.counts[MADE] += 1
            return None
        head = len(MARK) + 32
        whole = data[: len(MARK)] == MARK and data[len(MARK) : head] == _hash(key, data[head:])
        try:
            found = unpack(data[head:]) if whole else None
        except (ValueError, KeyError, TypeError, IndexError):  # whole, but nothing we wrote
            found = None
        self.counts[DAMAGED if found is None else READ] += 1
        with contextlib.suppress(OSError):
            if found is None:
                path.unlink(missing_ok=True)
            else:
                os.utime(path)  # so that the oldest is the one longest not used
        return found

    def write(self, key: str, content: object) -> None:
        """Keep an entry, then let the oldest go until all fit."""
        data = pack(content)
        if len(data) > min(ENTRY_MB * 10**6, self.limit_bytes):
            return
        path = self._path(key)
        part = path.with_name(f".{path.name}.{os.getpid()}.part")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            part.write_bytes(MARK + _hash(key, data) + data)
            part.replace(path)
        except OSError:  # full, or not ours: then without
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)
        self._prune()

    def _prune(self) -> None:
        found = []
        for path in self.folder.glob("??/*"):
            with contextlib.suppress(OSError):  # gone meanwhile
                told = path.stat()
                found.append((told.st_mtime_ns, told.st_size, path))
        total = sum(size for _, size, _ in found)
        for _, size, path in sorted(found):
            if total <= self.limit_bytes:
                return
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)
            total -= size

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / f"{key}.stage"


def _hash(key: str, data: bytes) -> bytes:
    """Hash of an entry with its name, so that none can stand in another's place."""
    return hashlib.sha256(key.encode() + data).digest()


def current() -> Cache | None:
    """The cache that the environment asks for, or none."""
    place = os.environ.get(PLACE, "off")
    if place in ("", "off"):
        return None
    folder = default_folder() if place == "on" else Path(place)
    limit = os.environ.get(LIMIT, "")
    return Cache(folder, (int(limit) if limit.isdecimal() else LIMIT_MB) * 10**6)


@contextlib.contextmanager
def switched(place: str, notes: Path | None = None) -> Iterator[None]:
    """Set the cache for this process and its workers; what the environment said before returns.

    What the user has set in the environment goes before `on`.
    """
    before = {name: os.environ.get(name) for name in (PLACE, NOTES)}
    if place != "on" or before[PLACE] is None:
        os.environ[PLACE] = place
    if notes is not None:
        os.environ[NOTES] = str(notes)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def note(cache: Cache, replicate: int) -> None:
    """Write what happened in one raid, where somebody counts."""
    place = os.environ.get(NOTES)
    if place:
        with contextlib.suppress(OSError), Path(place).open("a", encoding="utf-8") as file:
            file.write(json.dumps({"replicate": replicate, **cache.counts}) + "\n")


def counted(notes: Path) -> Mapping[str, int]:
    """Sum of the notes: entries read, made, and damaged ones made anew."""
    out = {READ: 0, MADE: 0, DAMAGED: 0}
    with contextlib.suppress(OSError):
        for line in notes.read_text(encoding="utf-8").splitlines():
            with contextlib.suppress(ValueError):
                told = json.loads(line)
                for name in out:
                    out[name] += int(told.get(name, 0))
    return out

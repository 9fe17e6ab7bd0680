"""What is asked of an exercise, and what of it is refused before anything begins."""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from hinomi.errors import FenceError, ScenarioError
from hinomi.records.alerts import EXERCISE, TEST
from hinomi.transport.address import is_loopback
from hinomi.transport.contract import MODES

STATUS: Final = {"exercise": EXERCISE, "test": TEST}
RELEASES: Final = ("auto", "console")
FORMAT: Final = "hinomi/receivers/1"
MAX_SPEED: Final = 3600.0  # an hour of the scenario in a second
MOST_RECEIVERS: Final = 5_000
LANGUAGES: Final = ("ja-JP", "en-US")
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}")
# Why nothing here sends an actual alert; the same words wherever it is asked for.
NO_ACTUAL: Final = (
    "an actual alert is never released here: this build has no key, no address book, no subject and "
    "no state for status Actual, and whoever warns people does so with the systems of the state; "
    "ask for --mode exercise or --mode test"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolled:
    """One receiver that takes part: its name and its municipality."""

    name: str
    code: str
    group: str = "feed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """An exercise as it was asked for."""

    scenario: str  # bundled name or path
    folder: Path
    seed: int | None = None  # None: the scenario's
    replicate: int = 0
    architecture: str | None = None  # None: the one that shares most (the last named)
    speed: float = 1.0  # scenario seconds in a second; infinite: as fast as it goes
    mode: str = "exercise"
    release: str = "console"
    until_s: float | None = None  # scenario seconds; None: the end
    host: str = "127.0.0.1"
    port: int | None = 0  # None: no server
    token: str = ""  # of the feed, needed elsewhere than on loopback
    receivers: tuple[Enrolled, ...] = ()
    sender: str = "exercise@hinomi.example"
    name: str = ""  # of the exercise, for the note of its messages
    languages: tuple[str, ...] = field(default=LANGUAGES)

    def __post_init__(self) -> None:
        refuse_mode(self.mode)
        if self.release not in RELEASES:
            raise ScenarioError(f"--release is {self.release!r}; it is auto or console")
        refuse_speed(self.speed)
        if self.until_s is not None and not (math.isfinite(self.until_s) and self.until_s > 0.0):
            raise ScenarioError(f"--until is {self.until_s:g}; write end, or seconds above 0")
        if self.replicate < 0:
            raise ScenarioError(f"--replicate is {self.replicate}; it must be 0 or more")
        if self.port is not None and not 0 <= self.port <= 65_535:
            raise ScenarioError(f"--port is {self.port}; it must be 0 (any that is free) to 65535")
        if not is_loopback(self.host) and len(self.token) < 16:
            raise FenceError(
                f"--host {self.host} is open to others: give --token-file FILE with a token of 16 "
                "characters or more, or stay on 127.0.0.1"
            )


def refuse_mode(mode: str) -> None:
    """Raise FenceError for a mode other than exercise and test, with the reason."""
    if mode.casefold() in ("actual", "system", "live", "real"):
        raise FenceError(f"--mode {mode}: {NO_ACTUAL}")
    if mode not in MODES:
        raise FenceError(f"--mode is {mode[:40]!r}; it is exercise or test")


def refuse_speed(speed: float) -> None:
    """Raise ScenarioError for a speed at which no clock runs."""
    if speed == math.inf:
        return
    if not (math.isfinite(speed) and 0.0 < speed <= MAX_SPEED):
        raise ScenarioError(
            f"--speed is {speed:g}; it must be above 0 and at most {MAX_SPEED:g} scenario seconds "
            "in a second, or max"
        )


def read_receivers(path: Path, *, mode: str) -> tuple[Enrolled, ...]:
    """Receivers of an address book.

    Raises
    ------
    ScenarioError
        where the file is none, or names a place that does not exist.
    FenceError
        where it is the address book of another mode.
    """
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        told = getattr(error, "strerror", None) or "no text in UTF-8"
        raise ScenarioError(f"--receivers-file {path}: cannot be read: {told}") from None
    except ValueError as error:
        raise ScenarioError(f"--receivers-file {path}: no JSON: {error}") from None
    return receivers_of(found, mode=mode, where=f"--receivers-file {path}")


def receivers_of(found: Any, *, mode: str, where: str) -> tuple[Enrolled, ...]:
    """Receivers of an address book that was read."""
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise ScenarioError(f'{where}: no address book; "format" must be "{FORMAT}"')
    if found.get("mode") != mode:
        raise FenceError(
            f"{where}: the address book is for mode {str(found.get('mode'))[:40]!r}, the exercise is "
            f"{mode}: the two never mix; use a book of its own"
        )
    rows = found.get("receivers")
    if not isinstance(rows, list) or len(rows) > MOST_RECEIVERS:
        raise ScenarioError(f'{where}: "receivers" is a list of at most {MOST_RECEIVERS} entries')
    out = tuple(_enrolled(row, f"{where}, receiver {n}") for n, row in enumerate(rows, start=1))
    names = [r.name for r in out]
    twice = next((n for n in names if names.count(n) > 1), "")
    if twice:
        raise ScenarioError(f"{where}: two receivers are called {twice!r}; names are unique")
    return out


def _enrolled(row: Any, where: str) -> Enrolled:
    from hinomi.scenario.places import load_places

    if not isinstance(row, dict) or not set(row) <= {"name", "code", "group"}:
        raise ScenarioError(f"{where}: write name, code and, if wanted, group")
    name, code, group = row.get("name"), row.get("code"), row.get("group", "feed")
    if not (isinstance(name, str) and _NAME.fullmatch(name)):
        raise ScenarioError(
            f"{where}: name is {str(name)[:60]!r}; letters, digits and . _ @ - alone"
        )
    if not isinstance(code, str) or code not in load_places().code:
        raise ScenarioError(
            f"{where}: code is {str(code)[:20]!r}; it is five digits of a municipality: `hinomi "
            "places show` lists them"
        )
    if not (isinstance(group, str) and _NAME.fullmatch(group)):
        raise ScenarioError(f"{where}: group is {str(group)[:60]!r}; letters and digits alone")
    return Enrolled(name=name, code=code, group=group)


def book_text(receivers: tuple[Enrolled, ...], mode: str) -> str:
    """JSON of an address book."""
    rows = [{"name": r.name, "code": r.code, "group": r.group} for r in receivers]
    return json.dumps({"format": FORMAT, "mode": mode, "receivers": rows}, ensure_ascii=False, indent=1) + "\n"  # fmt: skip

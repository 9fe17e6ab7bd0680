"""Simulated outputs of a receiver: a screen, a printer, a siren; files and lines, nothing else."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

SCREEN_LOG: Final = "screen.log"
SOUND_LOG: Final = "sounded.log"
PRINTED: Final = "printed"


class Outputs:
    """What a host's receivers show, print and sound; everything ends in their folder."""

    def __init__(self, folder: Path, *, tell: Callable[[str], None]) -> None:
        self._folder, self._tell = folder, tell

    def screen(self, receiver: str, lines: Sequence[str]) -> None:
        """Show lines."""
        text = "".join(f"{receiver}  {line}\n" for line in lines)
        with (self._folder / SCREEN_LOG).open("a", encoding="utf-8") as stream:
            stream.write(text)
        self._tell(text.rstrip("\n"))

    def print_out(self, receiver: str, key: str, lines: Sequence[str]) -> None:
        """Print a sheet; printing it again gives the same sheet."""
        folder = self._folder / PRINTED / receiver
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{key[:16]}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")

    def sound(self, receiver: str, key: str, at_utc: str) -> None:
        """Sound the simulated siren: one line, on the disk before this returns."""
        line = json.dumps({"receiver": receiver, "key": key, "at_utc": at_utc}) + "\n"
        path = self._folder / SOUND_LOG
        handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        try:
            os.write(handle, line.encode())
            os.fsync(handle)
        finally:
            os.close(handle)

    def notice(self, receiver: str, line: str) -> None:
        """Words of the program itself to its operator: never the text of a message."""
        self._tell(f"{receiver}  {line}")


def sounded(folder: Path) -> tuple[tuple[str, str], ...]:
    """(receiver, key) of everything that the simulated siren sounded."""
    path = folder / SOUND_LOG
    if not path.exists():
        return ()
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        with contextlib.suppress(ValueError):  # cut off by a full disk
            found.append(json.loads(line))
    return tuple((each["receiver"], each["key"]) for each in found)

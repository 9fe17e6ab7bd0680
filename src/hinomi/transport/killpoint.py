"""Points at which a test ends the process, as a loss of power would."""

from __future__ import annotations

import os
import signal
from collections.abc import Mapping
from typing import Final

LIVE, RECEIVER = "HINOMI_LIVE_KILL", "HINOMI_RECEIVER_KILL"  # NAME or NAME:N, for the N-th time
POINTS: Final[Mapping[str, tuple[str, ...]]] = {
    LIVE: (
        "before-compose", "after-sign", "before-commit", "after-commit", "dispatched", "receipt",
    ),
    RECEIVER: (
        "before-store", "after-store", "before-sound", "after-sound", "before-receipt",
        "after-receipt",
    ),
}  # fmt: skip
_VARIABLE: Final = {name: variable for variable, names in POINTS.items() for name in names}
_passed: dict[str, int] = {}


def kill_point(name: str) -> None:
    """End this process by SIGKILL where the environment asks for it here; else nothing."""
    wanted, _, number = os.environ.get(_VARIABLE[name], "").partition(":")
    if wanted != name:
        return
    _passed[name] = _passed.get(name, 0) + 1
    if _passed[name] >= (int(number) if number.isdecimal() else 1):
        os.kill(os.getpid(), signal.SIGKILL)

"""A place where a test may end the process, as a power cut would."""

from __future__ import annotations

import os
import signal

VARIABLE = "HINOMI_RECEIVER_KILL"  # NAME or NAME:N, for the N-th time
POINTS = (
    "before-store", "after-store", "before-sound", "after-sound", "before-receipt", "after-receipt",
)  # fmt: skip
_passed: dict[str, int] = {}


def kill_point(name: str) -> None:
    """End this process by SIGKILL where the environment asks for it here; else nothing."""
    wanted = os.environ.get(VARIABLE)
    if not wanted:
        return
    point, _, number = wanted.partition(":")
    if point != name:
        return
    _passed[name] = _passed.get(name, 0) + 1
    if _passed[name] >= int(number or "1"):
        os.kill(os.getpid(), signal.SIGKILL)

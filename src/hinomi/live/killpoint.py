"""Points at which a test ends the process, as a loss of power would."""

from __future__ import annotations

import os
import signal
from typing import Final

VARIABLE: Final = "HINOMI_LIVE_KILL"
_seen: dict[str, int] = {}


def reached(name: str) -> None:
    """End the process with SIGKILL when `HINOMI_LIVE_KILL=NAME[:N]` names this point for the N-th time."""
    wanted = os.environ.get(VARIABLE, "")
    if not wanted or wanted.partition(":")[0] != name:
        return
    _seen[name] = _seen.get(name, 0) + 1
    count = wanted.partition(":")[2]
    if _seen[name] >= (int(count) if count.isdecimal() else 1):
        os.kill(os.getpid(), signal.SIGKILL)

"""Two clocks of a receiver: the wall's, and that of the exercise, which its server tells."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any


def wall() -> datetime:
    """Wall time in UTC."""
    return datetime.fromtimestamp(time.time(), UTC)


def text_utc(at: datetime) -> str:
    """ISO 8601 in UTC with milliseconds."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class ExerciseClock:
    """Carries on the exercise's time between two words of its server; the wall's without one."""

    def __init__(
        self, *, now: Callable[[], datetime] = wall, steady_s: Callable[[], float] = time.monotonic
    ) -> None:
        self._now, self._steady_s = now, steady_s
        self._told: datetime | None = None
        self._heard_s, self._speed = 0.0, 1.0
        self.ended = False

    def hear(self, told: dict[str, Any]) -> None:
        """Take what `/feed/clock` or a clock event says; what is none is passed over."""
        try:
            at = datetime.fromisoformat(str(told["scenario_utc"]))
            speed = float(told.get("speed", 1.0))
        except (KeyError, ValueError, TypeError):
            return
        self._told = at if at.tzinfo is not None else at.replace(tzinfo=UTC)
        # As fast as possible, or paused: the time stands until the next word.
        stands = bool(told.get("paused")) or not math.isfinite(speed) or speed < 0.0
        self._speed = 0.0 if stands else speed
        self._heard_s = self._steady_s()
        self.ended = bool(told.get("ended"))

    def __call__(self) -> datetime:
        """Time of the exercise now."""
        if self._told is None:
            return self._now()
        gone_s = min((self._steady_s() - self._heard_s) * self._speed, 1e8)
        return self._told + timedelta(seconds=gone_s)

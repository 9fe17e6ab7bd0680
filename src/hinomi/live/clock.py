"""The clock of an exercise: scenario seconds drive, the wall only paces."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Callable
from typing import Final, final

from hinomi.live.settings import refuse_speed

LONGEST_STEP_S: Final = 15.0  # scenario seconds between two looks at what has come in
LEAST_STEP_S: Final = 1.0
WALL_STEP_S: Final = 0.25  # wall seconds between them, where the speed allows


@final
class Clock:
    """Scenario time; never ahead of the step that is being worked on.

    `speed` infinite: as fast as the work goes, which is the clock of tests.
    """

    def __init__(
        self, t_s: float, *, speed: float, steady_s: Callable[[], float] = time.monotonic
    ) -> None:
        refuse_speed(speed)
        self.speed, self.paused = speed, False
        self._steady_s = steady_s
        self._from_s, self._since_s, self._limit_s = t_s, steady_s(), t_s
        self._moved = asyncio.Event()

    @property
    def t_s(self) -> float:
        """Scenario seconds now."""
        return min(self._ideal(), self._limit_s)

    @property
    def lag_s(self) -> float:
        """By how many scenario seconds the work is behind the pace."""
        ideal = self._ideal()
        return ideal - self._limit_s if math.isfinite(ideal) and ideal > self._limit_s else 0.0

    def _ideal(self) -> float:
        if self.paused:
            return self._from_s
        if self.speed == math.inf:
            return math.inf
        return self._from_s + (self._steady_s() - self._since_s) * self.speed

    def step_s(self) -> float:
        """Scenario seconds until the next look; what is sent does not depend on it."""
        if self.speed == math.inf:
            return LONGEST_STEP_S
        wanted = math.ceil(max(self.speed * WALL_STEP_S, self.lag_s))  # behind: longer steps
        return min(LONGEST_STEP_S, max(LEAST_STEP_S, wanted))

    async def until(self, t_s: float) -> None:
        """Wait until the clock may show `t_s`; from then on it may."""
        self._limit_s = max(self._limit_s, t_s)
        while (ideal := self._ideal()) < t_s:
            self._moved.clear()
            wait = None if self.paused else (t_s - ideal) / self.speed
            try:
                await asyncio.wait_for(self._moved.wait(), wait)
            except TimeoutError:
                continue
        await asyncio.sleep(0)  # at any speed others get their turn

    def set(self, *, speed: float | None = None, paused: bool | None = None) -> None:
        """Change the pace, pause or go on, from where the clock is."""
        if speed is not None:
            refuse_speed(speed)
        self._from_s, self._since_s = self.t_s, self._steady_s()
        self.speed = self.speed if speed is None else speed
        self.paused = self.paused if paused is None else paused
        self._moved.set()

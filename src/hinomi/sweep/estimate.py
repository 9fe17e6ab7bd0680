"""How long a sweep would take: one raid as it is, and one setting of each kind."""

from __future__ import annotations

import time
from typing import Final

from hinomi.settings import cache, chain
from hinomi.settings.scene import Scene
from hinomi.study.batch import peak_memory_mb
from hinomi.study.estimate import SHARED
from hinomi.sweep.ask import Question

_LOAD_S: Final = 0.05  # loading a scenario once more, in every worker
_TRIED: Final = 4  # settings


def estimate(asked: Question, *, workers: int) -> dict[str, float]:
    """Seconds to start, a raid and in all, memory, and how many sets of pictures a raid has.

    Two raids are computed at a few settings spread over the design, the first compiles.
    """
    began = time.perf_counter()
    points = asked.scene.points
    tried = points[:: max(1, len(points) // _TRIED)][:_TRIED]
    prepared = chain.prepare(Scene(scenario=asked.scenario, points=tried))
    start = time.perf_counter() - began
    spent: dict[str, float] = {}
    raids = []
    with cache.switched("off"):
        for number in (0, 1):
            spent = {}
            began = time.perf_counter()
            for point, _ in chain.each(
                asked.scene, prepared, seed=asked.seed, number=number,
                architectures=asked.architectures,
            ):  # fmt: skip
                now = time.perf_counter()
                spent[point] = now - began
                began = now
            raids.append(sum(spent.values()))
    base = spent.pop("", 0.0)
    one = sum(spent.values()) / max(len(spent), 1)
    kinds = {s.stages.pictures for s in prepared.settings}
    pictures = 1 if len(kinds) == 1 else 1 + len(points) * (len(kinds) - 1) / len(tried)
    raid = base + one * len(points)
    start += max(0.0, raids[0] - raids[1]) + len(points) * _LOAD_S
    start += SHARED if workers > 1 else 0.0
    return {
        "raid_s": raid,
        "start_s": start,
        "total_s": start + asked.replicates * raid / workers,
        "memory_mb": float((peak_memory_mb() or 0) * (workers + 1 if workers > 1 else 1)),
        "pictures": pictures,
    }

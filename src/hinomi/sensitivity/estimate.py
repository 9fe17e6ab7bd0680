"""How long a question would take: one raid as it is, and one point of each kind."""

from __future__ import annotations

import time
from typing import Final

from hinomi.sensitivity.compare import BAND_REPLICATES, Question
from hinomi.sensitivity.points import BAND_POINTS
from hinomi.settings import chain
from hinomi.settings.points import Point
from hinomi.settings.scene import Scene

_LOAD_S: Final = 0.05  # loading a scenario once more, in every worker


def estimate(asked: Question, *, workers: int) -> dict[str, float]:
    """Seconds a raid and in all; two raids are computed here, the first compiles."""
    kinds: dict[tuple[bool, bool], Point] = {}
    counts: dict[tuple[bool, bool], int] = {}
    for point in asked.scene.points:
        kind = (point.anew, chain.defence_alone(point))
        kinds.setdefault(kind, point)
        counts[kind] = counts.get(kind, 0) + 1
    scene = Scene(scenario=asked.scenario, points=tuple(kinds.values()))
    context = chain.prepare(scene)
    spent: dict[str, float] = {}
    start = time.perf_counter()
    for number in (0, 1):
        spent = {}
        _one(scene, context, asked, number, spent)
    start = time.perf_counter() - start
    base = spent.get("", 0.0)
    raid = base + sum(spent.get(point.name, base) * counts[kind] for kind, point in kinds.items())
    inner = base + BAND_POINTS * max([base, *spent.values()])
    band = min(asked.replicates, BAND_REPLICATES) * inner if asked.band else 0.0
    total = (asked.replicates * raid + band) / workers + len(asked.scene.points) * _LOAD_S
    return {"raid_s": raid, "start_s": start, "total_s": total}


def _one(
    scene: Scene, context: chain.Prepared, asked: Question, number: int, spent: dict[str, float]
) -> None:
    """Time one raid as it is and at each point."""
    began = time.perf_counter()
    for point, columns in chain.each(
        scene, context, seed=asked.seed, number=number, architectures=asked.architectures
    ):
        del columns
        now = time.perf_counter()
        spent[point] = spent.get(point, 0.0) + now - began
        began = now

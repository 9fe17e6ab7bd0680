"""Time of footprints and raids: 600 cells x 10 launches x 8 batteries, and sizes 1 to 40.

Elapsed time, best of RUNS, compilation and flights apart (each has a line of its own). The target
of the footprint is 10 s on two cores.

    python benchmarks/defend.py --replicates 4     fewer raids
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from hinomi.footprint.asked import asked
from hinomi.footprint.cells import Cells, cells_of
from hinomi.footprint.defended import footprint
from hinomi.footprint.launches import launch_set
from hinomi.footprint.raid_bodies import bodies_of_arcs
from hinomi.footprint.raid_sweep import sweep
from hinomi.footprint.raids import Setting
from hinomi.footprint.shots import posts_of
from hinomi.scenario.load import load
from hinomi.study.chain import prepare
from hinomi.study.seeds import AddressedDraws

RUNS = 3
CELLS, LAUNCHES, BATTERIES = 600, 10, 8
TARGET_S = 10.0


def best_s(run: Callable[[], Any], runs: int = RUNS) -> float:
    out = []
    for _ in range(runs):
        begin_s = time.perf_counter()
        run()
        out.append(time.perf_counter() - begin_s)
    return min(out)


def grid(scenario: Any) -> Cells:
    """CELLS cells of the scenario's area: 30 rows of 20."""
    area, context = scenario.area, prepare(scenario)
    box = (area.south_deg, area.west_deg, area.north_deg, area.east_deg)
    for cell_m in np.arange(40e3, 60e3, 250.0):
        found = cells_of(box, cell_m=float(cell_m), places=context.places, groups=context.groups)
        if len(found.area_m2) <= CELLS:
            return found
    raise AssertionError("no cell gives so few")


def line(what: str, seconds: float, more: str = "") -> None:
    print(f"{what:<58}{seconds:>9.2f} s  {more}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replicates", type=int, default=20)
    given = parser.parse_args()
    scenario = load("okinawa-2025")
    names = [b.name for b in scenario.batteries[:BATTERIES]]
    picked = asked(scenario, batteries=names)
    cells = grid(scenario)
    begin_s = time.perf_counter()
    launch_set(scenario, count=1, seed=1)
    line("first flight, with compilation where the cache is empty", time.perf_counter() - begin_s)
    launches = launch_set(scenario, count=LAUNCHES, seed=1)
    line(
        f"{LAUNCHES} launches solved and flown",
        best_s(lambda: launch_set(scenario, count=LAUNCHES, seed=1), 1),
    )
    begin_s = time.perf_counter()
    posts = posts_of(picked.batteries, scenario.weapons, settings=scenario.engagement)
    line("tables of times to reach, with compilation", time.perf_counter() - begin_s)
    waits = {(c, n): 150.0 for c in scenario.classes for n in scenario.nations}

    def one() -> Any:
        return footprint(
            cells, launches, posts, settings=scenario.engagement, wait_s=waits, decide_s=30.0
        )

    one()
    spent = best_s(one)
    solves = len(cells.area_m2) * LAUNCHES * BATTERIES * 2
    line(
        f"footprint: {len(cells.area_m2)} cells x {LAUNCHES} launches x {BATTERIES} batteries, 2 views",
        spent,
        f"target {TARGET_S:g} s; {spent / solves * 1e6:.0f} us a cell, launch, battery and view",
    )
    setting = Setting(
        bodies=bodies_of_arcs(scenario, count=40, seed=1),
        batteries=asked(scenario).batteries,
        weapons=scenario.weapons,
        architecture=scenario.architectures["integrated"],
        settings=scenario.engagement,
        decide_s=30.0,
    )
    sizes = tuple(range(1, 41))

    def fought() -> Any:
        return sweep(
            setting, sizes, replicates=given.replicates, within_s=300.0,
            draws_of=lambda n: AddressedDraws(1, n),
        )  # fmt: skip

    spent = best_s(fought, 1)
    raids = given.replicates * len(sizes)
    line(
        f"sizes 1 to 40, {given.replicates} raids each",
        spent,
        f"{spent / raids * 1e3:.1f} ms a raid",
    )


if __name__ == "__main__":
    main()

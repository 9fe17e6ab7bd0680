"""Time of footprints, raids, engagements on stored tracks and assignments.

600 cells x 10 launches x 8 batteries; sizes 1 to 40; 500 replicates x 4 architectures x 20 threats x
8 batteries; 30 threats x 10 magazines. Elapsed time, best of RUNS, compilation, flights and tracks
apart (each has a line of its own). Targets on two cores: footprint 10 s, stored tracks 60 s,
assignment 2 s.

    python benchmarks/defend.py --replicates 4     fewer raids
    python benchmarks/defend.py --engagements 100  fewer replicates on stored tracks
    python benchmarks/defend.py --only stored      one of footprint, raids, stored, assignment
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import cache
from multiprocessing import get_context
from typing import Any

import numpy as np

from hinomi.defend.assign import best_assignment
from hinomi.footprint.asked import asked
from hinomi.footprint.cells import Cells, cells_of
from hinomi.footprint.defended import footprint
from hinomi.footprint.launches import launch_set
from hinomi.footprint.raid_bodies import bodies_of_arcs
from hinomi.footprint.raid_sweep import sweep
from hinomi.footprint.raids import Setting
from hinomi.footprint.shots import posts_of
from hinomi.scenario.load import load
from hinomi.study.chain import begin, defended, prepare
from hinomi.study.outcome import bodies_of
from hinomi.study.pictures import pictures_of
from hinomi.study.seeds import AddressedDraws

RUNS = 3
CELLS, LAUNCHES, BATTERIES = 600, 10, 8
TARGET_S = 10.0
# Stored tracks: raids whose tracks are simulated once, and draws of shots and decisions on them.
STORED, REPLICATES, PROCESSES, STORED_S = 4, 500, 2, 60.0
BODIES = {"glider": 10, "okinawa": 5, "kyushu": 5}
ASSIGN_S = 2.0


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


@cache
def stored(number: int) -> Any:
    """One raid of 20 with the pictures of every architecture."""
    changes = {f"threats[{name}].count": n for name, n in BODIES.items()}
    scenario = load("okinawa-2025", changes=changes)
    scenario = replace(scenario, batteries=scenario.batteries[:BATTERIES])
    raid = begin(scenario, prepare(scenario), seed=1, number=number)
    out = []
    for name in scenario.study.architectures:
        architecture = scenario.architectures[name]
        pictures = pictures_of(raid.room, architecture, scenario.policy.alerting_nation)
        joined = {k: bodies_of(p.tracks, raid.flights) for k, p in pictures.items()}
        out.append((architecture, pictures, joined))
    return raid, out


def engaged(asked: tuple[int, int]) -> tuple[float, float, int, int]:
    """Shots at the stored tracks of one raid: seconds, processor seconds, engagements, rounds."""
    number, shots = asked
    raid, architectures = stored(number)
    for architecture, pictures, joined in architectures:
        defended(raid, architecture, pictures, joined)
    begin_s, begin_cpu_s, count, rounds = time.perf_counter(), time.process_time(), 0, 0
    for k in range(shots):
        again = replace(raid, draws=AddressedDraws(1, 1000 * number + k))
        for architecture, pictures, joined in architectures:
            found, _ = defended(again, architecture, pictures, joined)
            count += 1
            rounds += int(found.rounds.sum())
    return time.perf_counter() - begin_s, time.process_time() - begin_cpu_s, count, rounds


def stored_tracks(replicates: int) -> None:
    begin_s = time.perf_counter()
    each = max(replicates // STORED, 1)
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        parts = list(pool.map(engaged, [(n, each) for n in range(STORED)]))
    spent, cpu, count, rounds = (sum(p[i] for p in parts) for i in range(4))
    line(
        f"{each * STORED} x 4 architectures x {sum(BODIES.values())} threats x {BATTERIES} "
        "batteries, stored tracks",
        spent / PROCESSES,
        f"target {STORED_S:g} s for {REPLICATES}; processor time {cpu:.1f} s, "
        f"{cpu / count * 1e3:.1f} ms an engagement of one raid, {rounds / count:.0f} rounds; "
        f"{REPLICATES} on {PROCESSES} idle cores {cpu / count * 4 * REPLICATES / PROCESSES:.1f} s; "
        f"with tracks {time.perf_counter() - begin_s:.0f} s",
    )


def assignments() -> None:
    random = np.random.default_rng(1)
    stock = random.integers(2, 9, 10)
    reached = random.random((30, 10)) < 0.5
    by_class = np.array([0.3, 0.5, 0.6, 0.7, 0.7, 0.7, 0.3, 0.6, 0.6, 0.5])
    for what, kill, worth in (
        ("each pair its own", random.uniform(0.3, 0.9, (30, 10)), random.uniform(0.5, 2.0, 30)),
        ("by interceptor class", np.tile(by_class, (30, 1)), np.ones(30)),
    ):
        found: list[Any] = []
        spent = best_s(
            lambda kill=kill, worth=worth, found=found: found.append(
                best_assignment(np.where(reached, kill, 0.0), worth, stock)
            )
        )
        gap = found[0].bound - found[0].value
        line(f"assignment 30 x 10, {what}", spent, f"target {ASSIGN_S:g} s; proven gap {gap:.0e}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replicates", type=int, default=20)
    parser.add_argument("--engagements", type=int, default=REPLICATES)
    parts = ("footprint", "raids", "stored", "assignment")
    parser.add_argument("--only", choices=parts, default=None)
    given = parser.parse_args()
    wanted = [given.only] if given.only else parts
    if "assignment" in wanted:
        assignments()
    if "stored" in wanted:
        stored_tracks(given.engagements)
    if "footprint" in wanted:
        footprints()
    if "raids" in wanted:
        raids(given.replicates)


def footprints() -> None:
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


def raids(replicates: int) -> None:
    scenario = load("okinawa-2025")
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
            setting, sizes, replicates=replicates, within_s=300.0,
            draws_of=lambda n: AddressedDraws(1, n),
        )  # fmt: skip

    spent = best_s(fought, 1)
    line(
        f"sizes 1 to 40, {replicates} raids each",
        spent,
        f"{spent / (replicates * len(sizes)) * 1e3:.1f} ms a raid",
    )


if __name__ == "__main__":
    main()

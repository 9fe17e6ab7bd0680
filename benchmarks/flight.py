"""Flights per second beside SciPy and diffrax, at equal error; run with `make bench-flight`.

Every engine flies the same flights (see flight_problems.py) with a row of position and velocity
every second, on two cores. Error is the distance of the impact from that at a tolerance of 1e-12,
which SciPy's DOP853 confirms. Each engine has its cheapest setting whose worst error stays under
10 m; speed is the median of three runs by the wall clock, compilation apart.

    python benchmarks/flight.py --quick            a few flights of everything
    python benchmarks/flight.py --accuracy         only the worst error by tolerance, 10^4 flights
    python benchmarks/flight.py --without-peers    hinomi alone
    python benchmarks/flight.py --settings         also search the peers' cheapest settings anew
    python benchmarks/flight.py --million          10^6 flights streamed in bounded memory
"""

from __future__ import annotations

import argparse
import functools
import math
import multiprocessing
import os
import resource
import statistics
import time
from dataclasses import dataclass
from typing import Any

import flight_peak
import numpy as np
from flight_problems import EVERY_S, LIMIT_M, NAMES, Problem, problem

from hinomi.flight.batch import stream_many
from hinomi.flight.pointmass import END_T, LANDED, STATUS, STEPS

FINEST = 1e-12
LADDER = (3e-6, 1e-6, 3e-7, 1e-7, 3e-8, 1e-8, 3e-9, 1e-9)
RUNS = 3
# Cheapest settings that stay under the limit, found with --settings: method or solver, tolerance.
SETTINGS: dict[str, dict[str, tuple[str, float]]] = {
    "hinomi": {"ballistic": ("DP5", 2e-7), "glide": ("DP5", 1e-6)},
    "scipy": {"ballistic": ("RK45", 1e-8), "glide": ("RK45", 1e-9)},
    "diffrax": {"ballistic": ("Dopri5", 3e-9), "glide": ("Tsit5", 3e-10)},
}
TRIED = {
    "scipy": (("DOP853", "RK45"), (1e-5, 1e-6, 1e-7, 1e-8, 1e-9)),
    "diffrax": (("Tsit5", "Dopri5", "Dopri8"), (3e-8, 1e-8, 3e-9, 1e-9, 3e-10)),
}


class Hinomi:
    """`hinomi.flight.batch.stream_many` on all cores."""

    def __init__(self, tolerance: float, output: bool = True) -> None:
        self.tolerance, self.output = tolerance, output

    def prepare(self, flown: Problem) -> None:
        self.problem = flown.part(slice(0, 2))
        self.fly()
        self.problem = flown

    def fly(self) -> np.ndarray:
        """(N, 3) ends of the flights; rows of a chunk are let go before the next."""
        p = self.problem
        results = [
            paths.result
            for paths in stream_many(
                p.bodies, p.starts, kicks_rad=p.kick_rad, cutoffs_s=p.cutoff_s, gliding=p.gliding,
                every_s=EVERY_S if self.output else None, tolerance=self.tolerance,
            )
        ]  # fmt: skip
        self.result = np.concatenate(results)
        return self.result[:, :3]

    def steps(self) -> float:
        """Mean number of steps of a flight."""
        return float(np.mean(self.result[:, STEPS]))


def engine(kind: str, method: str, tolerance: float, *, output: bool = True) -> Any:
    """An engine by its name."""
    if kind == "hinomi":
        return Hinomi(tolerance, output)
    import flight_peers

    if kind == "scipy":
        return flight_peers.SciPy(method, tolerance, output)
    return flight_peers.Diffrax(method, tolerance, output=output)


@functools.cache
def finest(name: str, flights: int) -> np.ndarray:
    """(N, 3) ends at the finest tolerance."""
    reference = Hinomi(FINEST, output=False)
    reference.prepare(problem(name, flights))
    ends = reference.fly()
    if not (reference.result[:, STATUS] == LANDED).all():
        raise SystemExit(f"{name}: a flight of the ensemble did not land")
    return ends


def errors_m(ends: np.ndarray, name: str) -> np.ndarray:
    """Distance of each end from that at the finest tolerance."""
    return np.linalg.norm(ends - finest(name, len(ends)), axis=1)


def confirmed_m(name: str, flights: int) -> float:
    """Worst distance between our finest ends and those of SciPy's DOP853 at the same tolerance."""
    import flight_peers

    other = flight_peers.SciPy("DOP853", FINEST, output=False)
    other.prepare(problem(name, flights))
    return float(errors_m(other.fly(), name).max())


def accuracy(
    name: str, flights: int, tolerances: tuple[float, ...] = LADDER
) -> list[tuple[float, ...]]:
    """(tolerance, worst, median error [m], mean steps) of our engine."""
    found = []
    for tolerance in tolerances:
        ours = Hinomi(tolerance, output=False)
        ours.prepare(problem(name, flights))
        errors = errors_m(ours.fly(), name)
        found.append((tolerance, float(errors.max()), float(np.median(errors)), ours.steps()))
    return found


@dataclass(frozen=True, kw_only=True)
class Timed:
    """One engine on one ensemble."""

    flights: int
    seconds: float  # median of the runs, wall clock
    compile_s: float
    worst_m: float
    median_m: float
    peak_mib: float


def _serve(pipe, kind, method, tolerance, name, first, flights, core) -> None:  # type: ignore[no-untyped-def]
    """One process on one core: compiles, then flies whenever it is told to."""
    if hasattr(os, "sched_setaffinity") and core is not None:
        os.sched_setaffinity(0, {core})
    begun = time.perf_counter()
    flown = engine(kind, method, tolerance)
    flown.prepare(problem(name, flights, first=first))
    pipe.send(time.perf_counter() - begun)
    while pipe.recv():
        ends = flown.fly()
        pipe.send(True)
    pipe.send((ends, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0))


def timed(
    kind: str, method: str, tolerance: float, name: str, flights: int, *, runs: int = RUNS
) -> Timed:
    """Fly on two cores and take the median wall time: one process for each, ours one for both."""
    cores: list[int | None] = [None, None]
    if hasattr(os, "sched_getaffinity"):
        cores = [*sorted(os.sched_getaffinity(0))[:2]]
    if kind == "hinomi":
        cores = [None]
    context = multiprocessing.get_context("spawn")
    share = math.ceil(flights / len(cores))  # each process: flights i * share and on
    workers = []
    for i, core in enumerate(cores):
        ours, theirs = context.Pipe()
        given = (theirs, kind, method, tolerance, name, i * share, share, core)
        process = context.Process(target=_serve, args=given, daemon=True)
        process.start()
        workers.append((process, ours))
    compiled = max(pipe.recv() for _, pipe in workers)
    walls = []
    for _ in range(runs):
        begun = time.perf_counter()
        for _, pipe in workers:
            pipe.send(True)
        for _, pipe in workers:
            pipe.recv()
        walls.append(time.perf_counter() - begun)
    ends, peak = [], 0.0
    for process, pipe in workers:
        pipe.send(False)
        part, memory = pipe.recv()
        ends.append(part)
        peak += memory
        process.join()
    errors = errors_m(np.concatenate(ends), name)
    return Timed(
        flights=share * len(cores),
        seconds=statistics.median(walls),
        compile_s=compiled,
        worst_m=float(errors.max()),
        median_m=float(np.median(errors)),
        peak_mib=peak,
    )


def cheapest(kind: str, name: str, flights: int, sample: int) -> tuple[str, float]:
    """Setting of a peer that is fastest among those whose worst error stays under the limit."""
    best = ("", 0.0, 0.0)
    methods, tolerances = TRIED[kind]
    for method in methods:
        for tolerance in tolerances:
            found = timed(
                kind, method, tolerance, name, sample if kind == "scipy" else flights, runs=1
            )
            rate = found.flights / found.seconds
            print(f"    {kind:8s} {method:7s} {tolerance:7.0e}  worst {found.worst_m:10.3f} m  {rate:9.1f}/s",
                  flush=True)  # fmt: skip
            if found.worst_m < LIMIT_M and rate > best[2]:
                best = (method, tolerance, rate)
    return best[:2]


def compare(options: argparse.Namespace) -> None:
    """The table of rates."""
    peak = flight_peak.peak_gflops()
    per_call = flight_peak.counts()
    print(f"scalar fused multiply-add peak of one core: {peak:.1f} GFLOP/s (measured)\n")
    kinds = ["hinomi"] if options.without_peers else ["hinomi", "scipy", "diffrax"]
    for name in NAMES:
        flights = options.flights
        sample = min(flights, options.sample)
        if not options.without_peers:
            worst = confirmed_m(name, min(20, flights))
            print(
                f"{name}: reference confirmed by DOP853 at {FINEST:g} to {worst:.4f} m (worst of {min(20, flights)})"
            )
        print(f"{'engine':8s} {'method':7s} {'tol':>7s} {'flights':>8s} {'worst m':>9s} {'median m':>9s}"
              f" {'flights/s':>10s} {'ours/theirs':>11s} {'compile s':>9s} {'peak MiB':>9s}")  # fmt: skip
        rate_of_ours = 0.0
        for kind in kinds:
            method, tolerance = SETTINGS[kind][name]
            if options.settings and kind != "hinomi":
                method, tolerance = cheapest(kind, name, flights, sample)
                if not method:
                    print(f"{kind:8s} no setting tried stays under {LIMIT_M:.0f} m")
                    continue
            found = timed(kind, method, tolerance, name, sample if kind == "scipy" else flights)
            rate = found.flights / found.seconds
            rate_of_ours = rate_of_ours or rate
            mark = "" if found.worst_m < LIMIT_M else "  over the limit"
            print(
                f"{kind:8s} {method:7s} {tolerance:7.0e} {found.flights:8d} {found.worst_m:9.3f} {found.median_m:9.4f}"
                f" {rate:10.1f} {rate_of_ours / rate:11.2f} {found.compile_s:9.1f} {found.peak_mib:9.0f}{mark}",
                flush=True,
            )
        work = _work(name, SETTINGS["hinomi"][name][1], per_call[name])
        print(f"  hinomi: {work / 1e3:.0f} thousand operations a flight ({per_call[name]:.0f} a call of the equations),"
              f" {rate_of_ours * work / 2e9:.2f} GFLOP/s a core,"
              f" {100.0 * rate_of_ours * work / 2e9 / peak:.0f} % of the scalar peak\n")  # fmt: skip


def _work(name: str, tolerance: float, per_call: float) -> float:
    """Mean operations of a flight with its rows."""
    ours = Hinomi(tolerance)
    ours.prepare(problem(name, 200))
    ours.fly()
    rows = float(np.mean(ours.result[:, END_T])) / EVERY_S
    return flight_peak.operations(per_call, ours.steps(), rows)


def million(flights: int) -> None:
    """Flights streamed in blocks: memory does not grow with their number."""
    for name in NAMES:
        block, done, spent = 20_000, 0, 0.0
        for at in range(0, flights, block):
            ours = Hinomi(SETTINGS["hinomi"][name][1])
            ours.prepare(problem(name, min(block, flights - at), first=at))
            begun = time.perf_counter()
            done += len(ours.fly())
            spent += time.perf_counter() - begun
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0
        print(
            f"{name}: {done} flights streamed, {done / spent:.0f}/s, peak {peak:.0f} MiB",
            flush=True,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--flights", type=int, default=10_000)
    parser.add_argument(
        "--sample", type=int, default=200, help="flights of SciPy, its rate is scaled"
    )
    parser.add_argument("--quick", action="store_true", help="a few flights of everything")
    parser.add_argument("--accuracy", action="store_true", help="only our worst error by tolerance")
    parser.add_argument("--without-peers", action="store_true")
    parser.add_argument(
        "--settings", action="store_true", help="search the peers' cheapest settings"
    )
    parser.add_argument("--million", action="store_true", help="stream 10^6 flights, hinomi alone")
    options = parser.parse_args()
    if options.quick:
        options.flights, options.sample = 40, 6
    if options.accuracy:
        for name in NAMES:
            print(f"{name}, {options.flights} flights")
            for tolerance, worst, median, steps in accuracy(name, options.flights):
                print(
                    f"  {tolerance:7.0e}  worst {worst:9.3f} m  median {median:8.4f} m  {steps:6.0f} steps",
                    flush=True,
                )
    elif options.million:
        million(2_000 if options.quick else 1_000_000)
    else:
        compare(options)


if __name__ == "__main__":
    main()

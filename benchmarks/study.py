"""Time the first study as a user meets it, and say where the time goes.

Run with `make bench`. Prints: help, first ever run (empty kernel cache), warm run of okinawa-2025 with
4 architectures and 200 replicates, peak memory of the whole process tree, and seconds by link.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from pathlib import Path

HINOMI = [sys.executable, "-m", "hinomi"]


def tree_rss_mib(pid: int) -> float:
    """Resident memory of a process and its descendants; Linux only."""
    children = defaultdict(list)
    sizes = {}
    page = os.sysconf("SC_PAGE_SIZE")
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rsplit(")", 1)[1].split()
                sizes[int(entry.name)] = int((entry / "statm").read_text().split()[1]) * page
                children[int(fields[1])].append(int(entry.name))
            except (OSError, IndexError):
                continue
    total, todo = 0, [pid]
    while todo:
        p = todo.pop()
        total += sizes.get(p, 0)
        todo += children[p]
    return total / 2**20


def timed(command: list[str], env: dict[str, str]) -> tuple[float, float, float]:
    """Wall seconds, CPU seconds and peak MiB of a command's process tree."""
    before = os.times()
    start = time.perf_counter()
    process = subprocess.Popen(
        command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    peak = [0.0]
    done = threading.Event()

    def watch() -> None:
        while not done.wait(0.1):
            peak[0] = max(peak[0], tree_rss_mib(process.pid))

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    _, errors = process.communicate()
    done.set()
    thread.join()
    wall = time.perf_counter() - start
    after = os.times()
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}:\n{errors}")
    cpu = (
        after.children_user + after.children_system - before.children_user - before.children_system
    )
    return wall, cpu, peak[0]


def seconds_by_link(replicates: int) -> dict[str, float]:
    """Seconds per replicate of each verb, in one process."""
    from hinomi.scenario.load import load
    from hinomi.study import chain, outcome, pictures

    spent: dict[str, float] = defaultdict(float)

    def clocked(name, function):
        def call(*args, **kwargs):
            start = time.perf_counter()
            try:
                return function(*args, **kwargs)
            finally:
                spent[name] += time.perf_counter() - start

        return call

    verbs = (
        (chain, "fly"), (pictures, "observe"), (pictures, "follow"), (pictures, "fuse"), (chain, "predict"),
        (chain, "issue"), (chain, "receipts"), (chain, "engage"), (chain, "account"), (chain, "warned_of"),
        (chain, "needs_of"), (chain, "bodies_of"),
    )  # fmt: skip
    scenario = load("okinawa-2025")
    context = chain.prepare(scenario)
    names = list(scenario.study.architectures)
    chain.replicate(scenario, context, seed=1, number=0, architectures=names, keep=False)
    for module, name in verbs:
        setattr(module, name, clocked(name, getattr(module, name)))
    start = time.perf_counter()
    for number in range(1, replicates + 1):
        chain.replicate(scenario, context, seed=1, number=number, architectures=names, keep=False)
    total = time.perf_counter() - start
    spent["everything else"] = total - sum(spent.values())
    spent["total"] = total
    assert outcome
    return {name: seconds / replicates for name, seconds in spent.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-n", type=int, default=200, help="replicates of the timed run")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--skip-cold", action="store_true", help="leave out the first ever run")
    options = parser.parse_args()
    root = Path(tempfile.mkdtemp(prefix="hinomi-bench-"))
    env = dict(os.environ, OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")
    try:
        walls = sorted(timed([*HINOMI, "--help"], env)[0] for _ in range(5))
        print(f"hinomi --help                        {walls[2]:6.2f} s (median of 5)", flush=True)
        run = [*HINOMI, "run", "okinawa-2025", "--quiet", "--workers", str(options.workers)]
        if not options.skip_cold:
            cold = dict(env, NUMBA_CACHE_DIR=str(root / "kernels"))
            wall, cpu, peak = timed([*run, "-n", str(options.n), "-o", str(root / "cold")], cold)
            print(
                f"first ever run, kernels compiled     {wall:6.1f} s  cpu {cpu:6.1f} s  peak {peak:6.0f} MiB",
                flush=True,
            )
            env = cold
        else:
            timed([*run, "-n", "2", "-o", str(root / "warm-up")], env)
        wall, cpu, peak = timed([*run, "-n", str(options.n), "-o", str(root / "warm")], env)
        print(
            f"okinawa-2025, n {options.n}, 4 architectures  {wall:6.1f} s  cpu {cpu:6.1f} s  peak {peak:6.0f} MiB",
            flush=True,
        )
    finally:
        shutil.rmtree(root, ignore_errors=True)
    print("\nwhere the time of one replicate goes, one process:")
    for name, seconds in sorted(seconds_by_link(20).items(), key=lambda item: -item[1]):
        print(f"  {name:18s} {1000 * seconds:8.1f} ms")


if __name__ == "__main__":
    main()

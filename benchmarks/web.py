"""Stored results under 50 clients: latency of the interface, measured from outside.

`python benchmarks/web.py [--workspace DIR] [--seconds 10] [--clients 50]`. Without a workspace a small
run is made first. The server is the ordinary `hinomi serve` in a process of its own; clients speak
HTTP over kept-open connections and ask in turn for a run, its list, people, a page of a table and a
replay. Two loads: each client asks once a second (50 people who click), and each asks again at once.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PAUSES_S = {"each asks once a second": 1.0, "each asks again at once": 0.0}
LONGEST_S = 60.0


def paths_of(run: str) -> list[str]:
    """What is asked for in turn."""
    one = f"/api/runs/{run}"
    return ["/api/runs", one, f"{one}/people", f"{one}/tables/alerts?limit=100", f"{one}/replay"]


async def ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, path: str) -> int:
    """One request on an open connection; its status."""
    writer.write(
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: gzip\r\n\r\n".encode()
    )
    head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
    await reader.readexactly(int(re.search(r"content-length: (\d+)", head)[1]))  # type: ignore[index]
    return int(head.split()[1])


async def client(
    port: int, paths: list[str], number: int, until: float, pause_s: float
) -> list[tuple[str, float]]:
    """Ask until a time; path and seconds of each answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    found, turn = [], number
    await asyncio.sleep(pause_s * number / 50.0)
    while time.perf_counter() < until:
        path = paths[turn % len(paths)]
        turn += 1
        began = time.perf_counter()
        status = await ask(reader, writer, path)
        took = time.perf_counter() - began
        if status != 200:
            raise SystemExit(f"{path} answered {status}")
        found.append((path, took))
        await asyncio.sleep(max(0.0, pause_s - took))
    writer.close()
    return found


async def load(
    port: int, run: str, *, clients: int, seconds: float, pause_s: float
) -> list[tuple[str, float]]:
    """All clients at once."""
    paths = paths_of(run)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for path in paths:  # made once, then stored
        await ask(reader, writer, path)
    writer.close()
    until = time.perf_counter() + seconds
    parts = await asyncio.gather(*(client(port, paths, i, until, pause_s) for i in range(clients)))
    return [x for part in parts for x in part]


def told(name: str, found: list[tuple[str, float]], seconds: float) -> None:
    """One line a path."""
    print(f"\n{name}: {len(found) / seconds:.0f} answers a second")
    print(f"{'':<44} {'n':>6} {'p50 ms':>8} {'p99 ms':>8} {'worst':>8}")
    rows = [("all", [t for _, t in found])]
    rows += [(p, [t for q, t in found if q == p]) for p in dict.fromkeys(p for p, _ in found)]
    for path, times in rows:
        cut = statistics.quantiles(times, n=100)
        print(
            f"{path:<44} {len(times):>6} {1e3 * cut[49]:>8.1f} {1e3 * cut[98]:>8.1f} {1e3 * max(times):>8.1f}"
        )


def served(workspace: Path) -> tuple[subprocess.Popen[str], int]:
    """Start the server on a free port."""
    process = subprocess.Popen(
        [sys.executable, "-m", "hinomi", "serve", "--workspace", str(workspace), "--port", "0"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    found = re.search(r":(\d+)/", process.stdout.readline())
    if found is None:
        raise SystemExit("the server did not start")
    return process, int(found[1])


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workspace", type=Path)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--clients", type=int, default=50)
    asked = parser.parse_args()
    seconds = min(asked.seconds, LONGEST_S)
    with tempfile.TemporaryDirectory() as folder:
        workspace = asked.workspace or Path(folder) / "results"
        if asked.workspace is None:
            import hinomi

            hinomi.run("okinawa-2025", replicates=6, workers=2, out=workspace / "small", quiet=True)
        run = next(p.parent.name for p in sorted(workspace.glob("*/run.json")))
        process, port = served(workspace)
        try:
            print(
                f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; run {run}"
            )
            for name, pause_s in PAUSES_S.items():
                found = asyncio.run(
                    load(port, run, clients=asked.clients, seconds=seconds, pause_s=pause_s)
                )
                told(name, found, seconds)
        finally:
            process.terminate()
            process.wait(20)


if __name__ == "__main__":
    main()

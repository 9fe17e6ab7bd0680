"""Time of a sweep: 64 settings of engagement parameters, 100 raids; target 60 s on two quiet cores.

Cold: an empty cache of stages; warm: pictures of all raids are in it, no figure is. Elapsed and
processor time of all workers, kernels compiled before.

    python benchmarks/sweep.py -n 10 --workers 1 --architectures integrated
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from pathlib import Path

from hinomi.sweep.run import sweep

VARY = {
    "engagement.assess_s": (2.0, 16.0, 4),
    "catalogue.interceptor.midcourse_B.kill_ballistic": (0.4, 0.8, 4),
    "engagement.weapon_delay_s": (2.0, 14.0, 4),
}
TARGET_S = 60.0


def timed(place: Path, name: str, asked: argparse.Namespace) -> None:
    began = time.perf_counter()
    swept = sweep(
        "okinawa-2025",
        VARY,
        replicates=asked.n,
        architectures=asked.architectures.split(",") if asked.architectures else None,
        workers=asked.workers,
        out=place / name,
        quiet=True,
    )
    wall = time.perf_counter() - began
    told = json.loads((swept.folder / "points" / "run.json").read_text())
    lines = (swept.folder / "cache.jsonl").read_text().splitlines()
    read = sum(json.loads(line)["read"] for line in lines)
    print(
        f"{name}: {swept.content['design']['points']} settings x {asked.n} raids, "
        f"{', '.join(swept.content['architectures'])}: {wall:.1f} s elapsed, processor "
        f"{told['times']['cpu_s']:.1f} s in raids; pictures of {read} raids from the cache "
        f"(target {TARGET_S:.0f} s)",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("-n", type=int, default=100)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--architectures", default="")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["HINOMI_STAGE_CACHE"] = str(Path(folder) / "stages")
        for name in ("cold", "warm"):
            timed(Path(folder), name, asked)
        size = sum(p.stat().st_size for p in Path(folder).glob("stages/*/*")) / 1e6
        print(f"cache: {size:.0f} MB")


if __name__ == "__main__":
    main()

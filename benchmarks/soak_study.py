"""End studies with kill -9 at random moments, and hold every file against an undisturbed run.

Each round starts a study as a process of its own with two workers, ends the main process or a worker
without notice at a drawn moment, up to three times, and finishes it with `hinomi resume`. After every
kill each file that is there must be byte for byte that of the undisturbed run; at the end all files
are, and every replicate is there once. The chain is the study's own (`--scenario NAME`, slow) or the
small one of the tests (the default), whose batches take a few hundredths of a second, so that kills
fall into writing, starting and summarising as well as into computing.

    python benchmarks/soak_study.py --kills 100 --write benchmarks/soak_study.md
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[1]
DRIVER = ROOT / "tests" / "unit" / "study" / "chains" / "drive_study.py"
SMALL = '{"slow_s": 0.03, "replicates": 60, "batch_size": 3}'
LIMIT_S = 300


def main() -> None:
    asked = arguments()
    rng = random.Random(asked.seed)
    began = time.monotonic()
    tally: Counter[str] = Counter()
    with tempfile.TemporaryDirectory(dir=asked.folder) as temporary:
        root = Path(temporary)
        shutil.copytree(ROOT / "src", root / "src")  # one program throughout, whoever edits it
        expected, length_s = undisturbed(asked, root / "undisturbed")
        while tally["kills"] < asked.kills:
            folder = root / f"round-{tally['rounds']}"
            one_round(asked, rng, folder, expected, length_s, tally)
            tally["rounds"] += 1
            shutil.rmtree(folder)
            words = table(asked, tally, time.monotonic() - began)
            if asked.write:  # after each round, so that a soak that is cut short has its table
                Path(asked.write).write_text(words + "\n", encoding="utf-8")
    print(words)
    sys.exit(1 if tally["mistakes"] else 0)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--scenario", default="", help="a bundled scenario instead of the small chain"
    )
    parser.add_argument("--replicates", type=int, default=6, help="with --scenario")
    parser.add_argument("--folder", default=None, help="where the runs lie; a temporary folder")
    parser.add_argument("--write", default="", help="file for the table")
    return parser.parse_args()


def command(asked: argparse.Namespace, verb: str, folder: Path) -> list[str]:
    """Two workers; the small chain has its own driver."""
    if asked.scenario:
        program = [sys.executable, "-m", "hinomi"]
        what = [asked.scenario, "-n", str(asked.replicates), "-o", str(folder), "--companions", "0"]
    else:
        program, what = [sys.executable, str(DRIVER)], [SMALL, "-o", str(folder)]
    words = [verb, *what] if verb == "run" else [verb, str(folder), "--companions", "0"]
    return [*program, *words, "--workers", "2", "--quiet"]


def start(asked: argparse.Namespace, verb: str, folder: Path) -> subprocess.Popen[str]:
    frozen = next(path for path in folder.parents if (path / "src").is_dir()) / "src"
    settings = {**os.environ, "PYTHONPATH": str(frozen), "SOURCES": "soak", "OMP_NUM_THREADS": "1"}
    return subprocess.Popen(
        command(asked, verb, folder),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env=settings,
    )


def undisturbed(asked: argparse.Namespace, folder: Path) -> tuple[dict[str, str], float]:
    """Hashes of all files of a run that nobody disturbs, and how long it takes."""
    began = time.monotonic()
    process = start(asked, "run", folder)
    words = process.communicate(timeout=LIMIT_S)[1]
    if process.returncode:
        sys.exit(f"the undisturbed run ended with {process.returncode}: {words}")
    return hashes(folder), time.monotonic() - began


def hashes(folder: Path) -> dict[str, str]:
    """Of every table and the summary; unfinished files have names of their own and do not count."""
    found = [p for p in folder.glob("*/*.parquet") if not p.name.startswith(".")]
    found += [p for p in (folder / "summary.json",) if p.is_file()]
    return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in found}


def one_round(asked, rng, folder, expected, length_s, tally) -> None:
    verb = "run"
    for _ in range(rng.randint(1, 3)):
        process = start(asked, verb if (folder / "plan.json").exists() else "run", folder)
        whom = rng.choice(("main", "worker"))
        if rng.random() < 0.3:  # any moment, also of starting and summarising
            kill_at(process, whom, (rng.random() * length_s).__lt__, tally)
        else:  # while it computes and writes: shortly after so many files are there
            count, wait_s = rng.randrange(len(expected)), rng.uniform(0.0, 0.1)
            kill_at(process, whom, FilesThere(folder, count, wait_s), tally)
        verb = "resume"
        look(folder, expected, tally)
    if not (folder / "plan.json").exists():
        verb = "run"
    process = start(asked, verb, folder)
    words = process.communicate(timeout=LIMIT_S)[1]
    found = hashes(folder)
    apart = sorted(k for k in {*found, *expected} if found.get(k) != expected.get(k))
    if process.returncode or apart or not once(folder):
        tally["mistakes"] += 1
        told = f"exit {process.returncode}, {len(apart)} files differ {apart[:3]}, {words}"
        print(f"round {tally['rounds']}: {told}", file=sys.stderr)
    left = list(folder.rglob("*.part"))
    tally["unfinished files left at the end"] += len(left)


class FilesThere:
    """True a moment after there are so many files."""

    def __init__(self, folder: Path, count: int, wait_s: float) -> None:
        self.folder, self.count, self.wait_s = folder, count, wait_s
        self.since: float | None = None

    def __call__(self, seconds: float) -> bool:
        if self.since is None and len(list(self.folder.glob("*/*.parquet"))) >= self.count:
            self.since = seconds
        return self.since is not None and seconds - self.since >= self.wait_s


def kill_at(process, whom, moment, tally) -> None:
    """At this moment, if the run lasts so long; the main process where no worker is there yet."""
    began = time.monotonic()
    while not moment(time.monotonic() - began) and process.poll() is None:
        time.sleep(0.002)
    if process.poll() is not None:
        tally["ended before the moment came"] += 1
        process.communicate()
        return
    pids = workers_of(process.pid) if whom == "worker" else []
    os.kill(pids[tally["kills"] % len(pids)] if pids else process.pid, signal.SIGKILL)
    tally["kills"] += 1
    tally["workers" if pids else "main processes"] += 1
    process.communicate(timeout=LIMIT_S)
    if pids:
        tally["main ended by itself after a worker died"] += process.returncode == 0
    else:
        time.sleep(1.5)  # its workers end within a second or so; what they finish until then counts


def workers_of(pid: int) -> list[int]:
    """Child processes that compute, from /proc; the one that tracks resources is left alone."""
    out = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(path.read_text().rsplit(")", 1)[1].split()[1])
            line = (path.parent / "cmdline").read_bytes().decode(errors="replace")
        except (OSError, IndexError, ValueError):
            continue
        if parent == pid and "spawn_main" in line:
            out.append(int(path.parent.name))
    return sorted(out)


def look(folder: Path, expected: dict[str, str], tally: Counter[str]) -> None:
    """Every file that is there is whole and the right one."""
    for name, found in hashes(folder).items():
        tally["files looked at after kills"] += 1
        if expected.get(name) != found:
            tally["mistakes"] += 1
            if tally["mistakes"] < 10:
                print(f"{folder / name} differs from the undisturbed run", file=sys.stderr)
    tally["unfinished files seen after kills"] += len(list(folder.rglob("*.part")))


def once(folder: Path) -> bool:
    """Whether each replicate is there once, and the manifest says so."""
    import pyarrow.dataset as ds

    manifest = json.loads((folder / "run.json").read_text())
    rows = ds.dataset(folder / "metrics", format="parquet").to_table(
        columns=["replicate", "architecture", "metric"]
    )
    keys = list(zip(*(rows[name].to_pylist() for name in rows.column_names), strict=True))
    same = manifest["finished_replicates"] == len(set(rows["replicate"].to_pylist()))
    return len(set(keys)) == len(keys) and same and not manifest["failed"]


def table(asked: argparse.Namespace, tally: Counter[str], seconds: float) -> str:
    what = asked.scenario or "small chain of the tests, 60 replicates in 20 batches, 2 workers"
    rows = [
        ("chain", what),
        ("seed", asked.seed),
        ("studies", tally["rounds"]),
        ("kill -9", tally["kills"]),
        ("of the main process", tally["main processes"]),
        ("of a worker", tally["workers"]),
        ("runs that went on by themselves after a worker died",
         tally["main ended by itself after a worker died"]),
        ("ended before the drawn moment", tally["ended before the moment came"]),
        ("files held against the undisturbed run after kills", tally["files looked at after kills"]),
        ("unfinished files seen after kills (never read)", tally["unfinished files seen after kills"]),
        ("unfinished files left at the end", tally["unfinished files left at the end"]),
        ("results or files that differ", tally["mistakes"]),
        ("seconds", round(seconds)),
    ]  # fmt: skip
    lines = ["| studies ended by kill -9 | |", "|---|---|", *(f"| {a} | {b} |" for a, b in rows)]
    return "\n".join(lines)


if __name__ == "__main__":
    main()

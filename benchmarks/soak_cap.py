"""Soak of the reading path of alert messages: coverage-guided inputs, judged by `soak_cap_judge`.

    python benchmarks/soak_cap.py --seconds 600 --write benchmarks/soak_cap.md
    python benchmarks/soak_cap.py --runs 300          a small sample
    python benchmarks/soak_cap.py --runs 300 --blind  the same mutants without guidance

Guidance is that of atheris (libFuzzer), which runs on Linux; the corpus begins with the bundled messages
and those of tests/unit/cap, signed and unsigned, and grows by inputs that reach new branches of
`hinomi.cap`. A process of its own runs them: a crash of a parser ends that process and is found. Seeded;
only signatures, and so inputs that hold one, differ from run to run.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import json
import platform
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
MESSAGES = HERE.parent / "tests" / "unit" / "cap"
MOST_BYTES = 530_000  # a little above the gate's limit
LIMIT_MS = 50.0
SMALL = 10_000  # bytes of the messages that are changed again and again
SLOW_MS = 500.0  # of one input while instrumented, on a busy machine: anything above is a finding
NOTE_EVERY = 200
SHOWN = 3_000  # last characters of a failed run that are shown


def main() -> None:
    parser = argparse.ArgumentParser(description="Soak of the reading path of alert messages.")
    parser.add_argument("--runs", type=int, default=0, help="inputs, 0 = no limit")
    parser.add_argument("--seconds", type=int, default=0, help="time, 0 = no limit")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--blind", action="store_true", help="without guidance, on every system")
    parser.add_argument("--folder", type=Path, help="keep corpus and findings here")
    parser.add_argument("--write", type=Path, help="write the result as a table")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if not (asked.runs or asked.seconds):
        parser.error("say how long: --runs or --seconds")
    if asked.child:
        guided(asked)
        return
    with contextlib.ExitStack() as stack:
        folder = asked.folder or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        asked.folder = folder
        seeds = prepare(folder)
        if asked.blind:
            blind(asked)
            return
        said = run_child(asked)
        told = tables(folder, said, seeds, asked)
    print(told)
    if asked.write:
        asked.write.write_text(told, encoding="utf-8")


def prepare(folder: Path) -> int:
    """First corpus, and a secret beside it that no answer may tell."""
    from soak_cap_judge import SECRET, Judge

    from hinomi.export.cap_places import EXAMPLES, examples
    from hinomi.scenario.places import data_file

    corpus = folder / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    secret = folder / "secret.txt"
    secret.write_text(SECRET)
    judge = Judge(folder)
    seeds = [data_file(f"{EXAMPLES}/{name}").read_bytes() for name in examples()]
    seeds += [f.read_bytes() for f in sorted(MESSAGES.rglob("*.xml"))]
    seeds += [judge.sign(each) or b"" for each in seeds]
    doctype = f'<!DOCTYPE alert [<!ENTITY x SYSTEM "{secret.as_uri()}">]><alert '.encode()
    seeds.append(seeds[0].replace(b"<alert ", doctype, 1).replace(b"</note>", b"&x;</note>"))
    for number, content in enumerate(each for each in seeds if each):
        (corpus / f"{number:03}.xml").write_bytes(content)
    return number + 1


def blind(asked: argparse.Namespace) -> None:
    from soak_cap_judge import Judge, resigned
    from soak_cap_mutants import mutant

    judge, chance = Judge(asked.folder), random.Random(asked.seed)
    seeds = [f.read_bytes() for f in sorted((asked.folder / "corpus").iterdir())]
    small = [each for each in seeds if len(each) < SMALL]
    end = time.monotonic() + (asked.seconds or 1e9)
    while judge.seen["inputs"] < (asked.runs or 1e18) and time.monotonic() < end:
        content = mutant(chance.choice(small), chance, MOST_BYTES)
        judged(judge, resigned(judge, content, chance), asked.folder)
    print(f"no finding: {judge.seen}")


def judged(judge, content: bytes, folder: Path) -> None:
    """Judge one input; keep it where something is wrong."""
    before = judge.slowest_ms
    try:
        judge(content)
    except BaseException:
        (folder / "finding.xml").write_bytes(content)
        raise
    if judge.slowest_ms > before:
        (folder / "slowest.xml").write_bytes(content)
        assert judge.slowest_ms < SLOW_MS, f"{judge.slowest_ms:.0f} ms for one input"
    if judge.seen["inputs"] % NOTE_EVERY == 0:
        (folder / "seen.json").write_text(json.dumps(judge.seen))


def guided(asked: argparse.Namespace) -> None:
    """The process that runs the inputs."""
    try:
        import atheris
    except ImportError:
        sys.exit("no atheris here (it runs on Linux); --blind runs the mutants without guidance")
    with atheris.instrument_imports(include=["hinomi.cap"]):
        from soak_cap_judge import Judge, resigned
    from soak_cap_mutants import mutant, readable

    judge = Judge(asked.folder)
    whole = [f.read_bytes() for f in sorted((asked.folder / "corpus").iterdir())]
    whole = [each for each in whole if len(each) < SMALL and readable(each)]

    def change(content: bytes, most: int, seed: int) -> bytes:
        chance = random.Random(seed)
        if chance.random() < 0.2:
            return atheris.Mutate(content, min(most, 2 * len(content) + 64))
        if chance.random() < 0.5 and not readable(content):
            content = chance.choice(
                whole
            )  # most of the corpus is broken: back to a message now and then
        found = mutant(content, chance, most)
        if len(found) > 40_000 and chance.random() < 0.9:
            return content[:-1] or b"<"  # large inputs now and then are enough
        return resigned(judge, found, chance)[:most]

    words = [
        f"-runs={asked.runs or -1}", f"-max_total_time={asked.seconds}", f"-seed={asked.seed}",
        f"-max_len={MOST_BYTES}", "-len_control=0", "-timeout=20", "-rss_limit_mb=2000",
        "-print_final_stats=1", f"-artifact_prefix={asked.folder}/", str(asked.folder / "corpus"),
    ]  # fmt: skip
    atheris.Setup(
        [sys.argv[0], *words], lambda content: judged(judge, content, asked.folder),
        custom_mutator=change,
    )  # fmt: skip
    atheris.Fuzz()


def run_child(asked: argparse.Namespace) -> str:
    words = ["--runs", str(asked.runs), "--seconds", str(asked.seconds), "--seed", str(asked.seed)]
    done = subprocess.run(
        [sys.executable, __file__, "--child", "--folder", str(asked.folder), *words],
        capture_output=True, check=False,
    )  # fmt: skip
    said = done.stderr.decode(errors="replace")
    if done.returncode:
        kept = Path(tempfile.mkdtemp(prefix="soak-cap-"))
        shutil.copytree(asked.folder, kept, dirs_exist_ok=True)
        sys.exit(f"{said[-SHOWN:]}\nfinding kept in {kept}; exit code {done.returncode}")
    return said


# --- what the corpus reached ---------------------------------------------------------------------


def lines_of(file: Path) -> set[int]:
    """Lines of the functions of a file, without those that stand at its top."""
    found: set[int] = set()
    codes = list(compile(file.read_text(encoding="utf-8"), str(file), "exec").co_consts)
    while codes:
        code = codes.pop()
        if hasattr(code, "co_lines"):
            codes += code.co_consts
            # A class body runs when it is imported, its methods later.
            if code.co_flags & 0x2:
                found |= {n for _, _, n in code.co_lines() if n and n != code.co_firstlineno}
    return found


def lines_run(judge, inputs: list[bytes], package: str) -> dict[str, set[int]]:
    """Lines of the package that the inputs run, by file."""
    ran: dict[str, set[int]] = {}

    def local(frame, event, _):
        if event == "line":
            ran[frame.f_code.co_filename].add(frame.f_lineno)
        return local

    def on_call(frame, _event, _):
        if not frame.f_code.co_filename.startswith(package):
            return None
        ran.setdefault(frame.f_code.co_filename, set())
        return local

    from hinomi.cap import message, shapes

    sys.settrace(on_call)
    try:
        for content in inputs:
            for each in [*vars(message).values(), *vars(shapes).values()]:
                if hasattr(each, "cache_clear"):
                    each.cache_clear()
            judge(content)
    finally:
        sys.settrace(None)
    return ran


def tables(folder: Path, said: str, seeds: int, asked: argparse.Namespace) -> str:
    from soak_cap_judge import NOW, Judge

    import hinomi.cap
    from hinomi.cap.check import check
    from hinomi.cap.sign import verify

    judge = Judge(folder)
    inputs = [f.read_bytes() for f in sorted((folder / "corpus").iterdir())]
    slow = folder / "slowest.xml"
    spent = []
    for content in [*inputs, *([slow.read_bytes()] if slow.exists() else [])]:
        best = []
        for _ in range(3):
            begin = time.thread_time()
            check(content, schema=judge.schema, profile="hinomi-jp")
            middle = time.thread_time()
            verify(content, trust=(judge.entry,), at=NOW)
            best.append(max(middle - begin, time.thread_time() - middle))
        spent.append(1e3 * min(best))
    package = Path(hinomi.cap.__path__[0])
    ran = lines_run(judge, inputs, str(package))
    seen = json.loads((folder / "seen.json").read_text()) if (folder / "seen.json").exists() else {}
    stats = dict(re.findall(r"stat::(\w+):\s+(\d+)", said))
    done = re.search(r"Done (\d+) runs in (\d+) second", said)
    rows = [
        ("date", f"{dt.datetime.now(dt.UTC):%Y-%m-%d}"),
        ("system", f"Python {platform.python_version()}, {platform.system()}, one core"),
        ("seed", asked.seed),
        ("inputs", f"{int(done[1]):,}" if done else "-"),
        ("seconds", done[2] if done else "-"),
        ("messages at the start", seeds),
        ("messages at the end (each reached something new)", len(inputs)),
        ("past the gate", f"{seen.get('gate', 0):,}"),
        ("accepted by the check (three profiles)", f"{seen.get('accepted', 0):,}"),
        ("signature verified", f"{seen.get('verified', 0):,}"),
        ("largest memory of the process, MB", stats.get("peak_rss_mb", "-")),
        (f"slowest check or verification of the end corpus, ms (limit {LIMIT_MS:.0f})",
         f"{max(spent):.1f}"),
        ("findings", 0 if max(spent) <= LIMIT_MS else "1: an input above the limit of time"),
    ]  # fmt: skip
    out = ["# Soak of the reading path of alert messages", ""]
    out += [f"Written by `{COMMAND}`; the judge is `soak_cap_judge.py`.", ""]
    out += ["| | |", "|---|---|", *[f"| {name} | {value} |" for name, value in rows], ""]
    out += ["Lines inside functions that the last corpus runs:", "", "| file | run | of |", "|---|---|---|"]  # fmt: skip
    total, hit = 0, 0
    for file in sorted(package.glob("*.py")):
        every = lines_of(file)
        if every:
            some = len(every & ran.get(str(file), set()))
            total, hit = total + len(every), hit + some
            out.append(f"| `{file.name}` | {some} | {len(every)} |")
    out += [f"| all | {hit} | {total} |", ""]
    out += [WHY, "", "Found by earlier runs and mended:", "", *[f"- {each}" for each in FOUND], ""]
    return "\n".join(out)


COMMAND = "make soak"
WHY = (
    "`compose.py`, `texts.py`, `kinds.py`, `area.py`, `keys.py` write messages and `trust.py` reads the "
    "user's own store: they read nothing that arrives."
)
FOUND = (
    "A message of a pinned sender whose signature breaks the schema of XML signatures ended `verify` with "
    "an exception of the XML library instead of a refusal (every second changed signature did so).",
)


if __name__ == "__main__":
    main()

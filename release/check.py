"""Install the built wheel into empty environments, one for each extra, and use it: make release."""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from bill import completed, page_parts, write_bill

ROOT = Path(__file__).parents[1]
UV = ROOT / ".venv/bin/uv"
SCENARIO = "replay-2017-08-29"
# extra -> (a command that needs it, what its output says there); without the extra it has to refuse.
EXTRAS = {
    "": (["scenarios"], "okinawa-2025"),
    "web": (["serve", "--help"], "--port"),
    "live": (["live", "--help"], "--speed"),
    "distributed": (["run", "--help"], "--scheduler"),
    "sensitivity": (["sweep", "--help"], "--design"),
    "stonesoup": (
        ["run", SCENARIO, "-n", "1", "--tracker", "stonesoup-cv", "--dry-run"],
        "Nothing",
    ),
}
# Parts of others may have no wheel for a new Python: said, not a reason to stop.
MAY_BE_LEFT_OUT = {"stonesoup"}
NEEDS = {  # without any extra these say which one to install, and stop with 2
    "web": ["serve", "--port", "0"],
    "live": ["live", SCENARIO, "--speed", "60", "--folder", "made"],
    "sensitivity": [
        "sweep",
        SCENARIO,
        "--vary",
        "warning.hit_threshold=0.1:0.3:2",
        "--design",
        "sobol",
    ],
    "distributed": ["run", SCENARIO, "-n", "1", "--scheduler", "tcp://127.0.0.1:1"],
    "stonesoup": ["run", SCENARIO, "-n", "1", "--tracker", "stonesoup-cv"],
}


def told(*words: str | Path, code: int = 0, cwd: Path | None = None) -> str:
    """Output of a command that has to end with this code."""
    environment = {k: v for k, v in os.environ.items() if k not in {"PYTHONPATH", "VIRTUAL_ENV"}}
    done = subprocess.run(
        [str(w) for w in words],
        capture_output=True,
        check=False,
        text=True,
        cwd=cwd,
        env=environment,
        timeout=900,
    )
    if done.returncode != code:
        sys.exit(
            f"{' '.join(map(str, words))}\nended with {done.returncode}, not {code}\n{done.stdout}{done.stderr}"
        )
    return done.stdout + done.stderr


def newest(pattern: str) -> Path:
    """The newest built file of this kind."""
    found = sorted((ROOT / "dist").glob(pattern), key=lambda path: path.stat().st_mtime)
    if not found:
        sys.exit(f"no {pattern} in dist; run `make release`")
    return found[-1]


def pins(folder: Path) -> Path:
    """The versions of the lock as constraints, without their hashes."""
    lock = (ROOT / "requirements.lock").read_text()
    lines = [
        line.removesuffix(" \\") for line in lock.splitlines() if re.match(r"[A-Za-z0-9]", line)
    ]
    path = folder / "pins.txt"
    path.write_text("\n".join(lines) + "\n")
    return path


def install(folder: Path, wheel: Path, extra: str) -> Path:
    """An empty environment with the wheel and one extra in it; its folder of programs."""
    home = folder / (extra or "core")
    told(UV, "venv", "-q", "--python", sys.executable, home)
    named = f"hinomi[{extra}] @ {wheel.as_uri()}" if extra else f"hinomi @ {wheel.as_uri()}"
    told(UV, "pip", "install", "-q", "--python", home / "bin/python", "-c", pins(folder), named)
    return home / "bin"


def bill(programs: Path, folder: Path) -> None:
    """Write the bill of materials and the table of licences, of everything but the tests' tools."""
    tool = folder / "bill"
    told(UV, "venv", "-q", "--python", sys.executable, tool)
    told(UV, "pip", "install", "-q", "--python", tool / "bin/python", "cyclonedx-bom>=7,<8")
    read = folder / "read.json"
    told(
        tool / "bin/cyclonedx-py",
        "environment",
        programs / "python",
        "--output-reproducible",
        "-o",
        read,
    )
    static = ROOT / "src/hinomi/web/static"
    pages = page_parts(
        (static / "licenses.md").read_text(encoding="utf-8"),
        json.loads((ROOT / "frontend/package-lock.json").read_text(encoding="utf-8")),
    )
    document = completed(json.loads(read.read_text(encoding="utf-8")), pages)
    nameless = write_bill(document, ROOT / "dist")
    if nameless:
        sys.exit(f"no licence is known of {', '.join(nameless)}: read it, and add it to bill.READ")
    print(f"bill: {len(document['components'])} parts, {len(pages)} of them in the pages")


def checked(folder: Path, wheel: Path, extra: str) -> bool:
    """Whether the wheel with this extra was installed and used; where it cannot be, it is said."""
    try:
        programs = install(folder, wheel, extra)
    except SystemExit as error:
        if extra not in MAY_BE_LEFT_OUT:
            raise
        print(f"[{extra}] NOT CHECKED, it cannot be installed here: {str(error.code)[-200:]}")
        return False
    hinomi = programs / "hinomi"
    version = told(hinomi, "--version", cwd=folder)
    words, expected = EXTRAS[extra]
    assert expected in told(hinomi, *words, cwd=folder), f"{words} does not say {expected}"
    if not extra:
        for missing, command in NEEDS.items():
            said = told(hinomi, *command, code=2, cwd=folder)
            assert f"hinomi[{missing}]" in said, f"{command} does not name the extra: {said}"
        one = ["run", SCENARIO, "-n", "1", "--workers", "1", "-o", "run", "--quiet"]
        told(hinomi, *one, cwd=folder)
        assert (folder / "run/report.html").stat().st_size > 10_000
    print(f"[{extra or 'core'}] installs and answers: {version.splitlines()[0]}", flush=True)
    return True


def main() -> None:
    """Everything, or only one extra; a wheel that does not work stops with 1."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--extras", default=",".join(EXTRAS), help="which, comma separated; core is the empty one"
    )
    parser.add_argument(
        "--bill", action="store_true", help="also write dist/hinomi.cdx.json and dist/licences.csv"
    )
    asked = parser.parse_args()
    wheel = newest("hinomi-*.whl")
    megabytes = wheel.stat().st_size / 1e6
    print(f"{wheel.name}: {megabytes:.2f} MB")
    if (
        megabytes > 6
    ):  # 2.8 of them are code, places of all Japan and catalogues, the rest is the globe
        sys.exit("the wheel is larger than 6 MB")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        installed = [extra for extra in asked.extras.split(",") if checked(folder, wheel, extra)]
        if asked.bill:
            extras = ["web", "live", "distributed", "sensitivity"]
            extras += [extra for extra in sorted(MAY_BE_LEFT_OUT) if extra in installed]
            bill(install(folder, wheel, ",".join(extras)), folder)


if __name__ == "__main__":
    main()

"""The walks of `docs/howto`, as a user types them: same commands, same order, fewer replicates."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "docs/howto"
TOLD = {  # what the walk's question is answered with: patterns that a wrong answer does not meet
    "analyst": [
        r"^voice\.toml: no mistakes",
        r"shared_warning\]\.warning_relay_s +90 s \(60 to 180\) +assumed: assumption of this study",
        r"bit for bit",
    ],
    "budget": [
        r"^Japan PAC-3 +160 +\d",
        r"without the limit of PAC-3 seekers: [\d,]+ PAC-3 more",
        r"pac3_unit\.unit_musd +4 million USD \(3\.5 to 5\) +published: Reuters",
    ],
    "researcher": [r"glide-bank", r"track"],
    "planner": [
        r"receiver under repair",
        r"2 messages, 5 receivers",
        r"^  P  No forged alert is shown: 0$",
        r"^  [PSM]  A silent receiver is listed in time: [\d.]+ s$",
    ],
    "journalist": [
        r"^verdict: consistent$",
        r"time 840 \(810 to 870\) s",
        r"^alert +07:27 +\d\d:\d\d:\d\d .*(MISS|within)",
        r"\d+ quantities with a contradiction",
    ],
}
LEFT = {  # files that the page says are there afterwards
    "analyst": ["voice.toml", "results/base/report.html", "results/voice/report.html"],
    "budget": ["results/base/report.html", "results/refill", "results/refill-free"],
    "researcher": ["scores.csv", "results/own/summary.json", "results/other/summary.json"],
    "planner": ["before/plan.html", "towns-1/review.html"],
    "journalist": [],
}
FEWER = {"analyst": 4, "budget": 2, "researcher": 1, "journalist": 2, "planner": 1}
NOT_TOLD = {"planner": "not measured", "budget": "{"}  # a question left open; data nobody can read


def blocks(page: str) -> list[str]:
    """The shell blocks of a page, replicates made few."""
    text = (PAGES / f"{page}.md").read_text(encoding="utf-8")
    few = FEWER[page]
    found = re.findall(r"^```sh\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    return [
        re.sub(r"-n \d+", lambda m: "-n 20" if "1000" in m[0] else f"-n {few}", b) for b in found
    ]


def script(page: str) -> str:
    """One shell script that stops at the first command that fails."""
    return "\n".join(["set -e", *blocks(page)])


@pytest.mark.skipif(shutil.which("bash") is None, reason="the walks are written for a shell")
@pytest.mark.parametrize("page", sorted(TOLD))
def test_a_walk_works_as_written(page, tmp_path):
    programs = Path(sys.executable).parent
    environment = os.environ | {"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        ["bash", "-c", script(page)],
        capture_output=True, text=True, cwd=tmp_path, env=environment, timeout=280,
    )  # fmt: skip
    said = done.stdout + done.stderr
    assert done.returncode == 0, said[-3000:]
    assert "Traceback" not in said
    if page in NOT_TOLD:
        assert NOT_TOLD[page] not in done.stdout
    for pattern in TOLD[page]:
        assert re.search(pattern, said, re.MULTILINE), f"{pattern!r} is nowhere:\n{said[-3000:]}"
    for name in LEFT[page]:
        assert (tmp_path / name).exists(), name


def test_every_reader_has_a_walk():
    """A page that is added is run too."""
    assert {path.stem for path in PAGES.glob("*.md")} == {*TOLD, "index"}

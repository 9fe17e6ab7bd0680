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
TOLD = {  # what the last command that prints says, beside everything ending well
    "analyst": ["bit for bit", "lead_s"],
    "budget": ["month"],
    "researcher": ["glide-bank", "track"],
    "planner": ["receiver under repair", "towns-1", "2 messages, 5 receivers"],
    "journalist": ["2017-08-29", "contradict"],
}
FEWER = {"analyst": 4, "budget": 2, "researcher": 1, "journalist": 2, "planner": 1}
NOT_TOLD = {"planner": "not measured", "budget": "{"}  # a question left open; data nobody can read
MAY_END_WITH_ONE = "hinomi audit"  # a claim that does not fit is a finding, not a failure


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
    lines = [line for block in blocks(page) for line in block.splitlines()]
    audits = [
        f"{line} || [ $? = 1 ]" if line.startswith(MAY_END_WITH_ONE) else line for line in lines
    ]
    return "\n".join(["set -e", *audits])


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
    for word in TOLD[page]:
        assert word in said, f"{word!r} is nowhere in what the walk printed:\n{said[-3000:]}"


def test_every_reader_has_a_walk():
    """A page that is added is run too."""
    assert {path.stem for path in PAGES.glob("*.md")} == {*TOLD, "index"}

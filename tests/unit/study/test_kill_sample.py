"""A seeded sample of `make soak`: studies ended by kill -9 at drawn moments lose and change nothing."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

SOAK = Path(__file__).parents[3] / "benchmarks" / "soak_study.py"


@pytest.mark.skipif(sys.platform != "linux", reason="finds the workers in /proc")
@pytest.mark.timeout(280)
def test_three_kills_at_random_moments_leave_the_bytes_of_an_undisturbed_run(tmp_path):
    """Main process and worker; every file is held against the undisturbed run after each kill."""
    words = [sys.executable, SOAK, "--kills", "3", "--seed", "5", "--folder", tmp_path]
    found = subprocess.run(list(map(str, words)), capture_output=True, text=True, timeout=270)
    assert found.returncode == 0, found.stderr
    told = dict(re.findall(r"^\| (.+?) \| (\d+) \|$", found.stdout, re.MULTILINE))
    assert int(told["kill -9"]) >= 3
    assert int(told["files held against the undisturbed run after kills"]) > 0
    assert told["results or files that differ"] == "0"
    assert told["unfinished files left at the end"] == "0"

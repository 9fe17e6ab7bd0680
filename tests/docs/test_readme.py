"""What README.md tells a reader to type works as it stands there, with fewer replicates."""

import re
import subprocess
import sys
import textwrap
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
LINES = [
    line.split("#")[0].strip()
    for language, text in BLOCKS
    if language == "sh"
    for line in text.splitlines()
    if line.strip()
]
COMMANDS = [line for line in LINES if line.startswith(".venv/bin/hinomi ")]


def test_two_commands_set_everything_up_and_nothing_else_does():
    assert [line for line in LINES if line not in COMMANDS] == ["make run", "make test"]


@pytest.mark.parametrize(
    ("target", "wanted"),
    [
        ("run", (r"-m venv ", r"uv pip sync .*--require-hashes", r"\.venv/bin/hinomi run okinawa-2025$")),
        ("test", (r"-m venv ", r"uv pip sync .*--require-hashes", r"\.venv/bin/python -m pytest ")),
    ],
)  # fmt: skip
def test_each_of_the_two_makes_the_environment_first(target, wanted):
    done = subprocess.run(
        ["make", "-n", "-B", target], cwd=ROOT, capture_output=True, text=True, check=True
    )
    rest = done.stdout
    for pattern in wanted:
        found = re.search(pattern, rest, re.MULTILINE)
        assert found, (pattern, done.stdout)
        rest = rest[found.end() :]


def test_readme_shows_commands_and_a_python_example():
    assert len(COMMANDS) >= 6
    assert [language for language, _ in BLOCKS].count("python") == 1


def quick(command):
    """The same command on two replicates, and without the variants beside it."""
    words = command.replace(".venv/bin/hinomi", f"{sys.executable} -m hinomi", 1)
    if re.search(r" (run|compare|rules|sweep) ", command):
        words = re.sub(r" -n \d+", "", words) + " -n 2 --workers 1"
    if re.search(r" replay ", command):
        words += " -n 2"
    return words + (" --companions 0" if " run " in command else "")


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """One folder for all: a later line uses what an earlier one wrote."""
    return tmp_path_factory.mktemp("readme")


def test_every_command_does_its_work_in_the_order_shown(place):
    """In one test: a later line reads what an earlier one wrote, on whichever worker this is."""
    for command in COMMANDS:
        if re.search(r"hinomi (serve|drill)", command):
            continue  # they serve until they are ended, or take minutes: tests of their own do that
        done = subprocess.run(
            quick(command), shell=True, cwd=place, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, (command, done.stderr)
        if " > " in command:
            assert tomllib.loads(
                (place / command.split("#")[0].rsplit(" > ")[1].strip()).read_text(encoding="utf-8")
            )
        else:
            assert len(done.stdout) > 20, command
        if re.search(r" (run|compare) ", command):
            report = place / re.search(r"^report: (.+)$", done.stdout, re.MULTILINE)[1]
            assert report.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_the_python_example_runs(place):
    (text,) = [text for language, text in BLOCKS if language == "python"]
    assert "replicates=20" in text
    script = place / "example.py"
    script.write_text(text.replace("replicates=20", "replicates=2, workers=1"), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, script.name], cwd=place, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    first, second, *schema = done.stdout.splitlines()
    assert "'unit': 's'" in first
    assert "integrated-shared_warning" in second
    assert "replicate: int32" in textwrap.dedent("\n".join(schema))


def test_pages_and_pictures_that_readme_points_to_are_there():
    links = re.findall(r"\]\(([^)]+)\)", README)
    assert len(links) > 8
    for link in links:
        assert (ROOT / link).is_file(), link

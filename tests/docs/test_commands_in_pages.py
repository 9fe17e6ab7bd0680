"""Every command line that a page shows names options that this command has."""

import re
import shlex
from pathlib import Path

import pytest
import typer.main

import hinomi.cli

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
PAGES = [page for page in PAGES if "_build" not in page.parts and page.stem != "bad_input"]


def shown(page):
    """Command lines of a page's shell blocks, continued lines joined."""
    text = page.read_text(encoding="utf-8")
    for block in re.findall(r"^```(?:sh|bash|console)\n(.*?)^```", text, re.DOTALL | re.MULTILINE):
        for line in block.replace("\\\n", " ").splitlines():
            found = re.match(r"\s*(?:\$ )?(?:\S*/)?hinomi (.*)", line)
            if found:
                yield found[1]


def unknown(line):
    """Options of a line that its command does not have."""
    words = [word for word in shlex.split(line, comments=True) if word != "..."]
    command = typer.main.get_command(hinomi.cli.app)
    names = {"--help", "--version"}
    while words and getattr(command, "commands", None):
        inner = command.commands.get(words[0])
        if inner is None and command.params and words[0].startswith("-"):
            break  # a group that is a command too
        if inner is None:
            return [] if words[0].isupper() or words[0] in names else [words[0]]
        command, words = inner, words[1:]
    names |= {option for p in command.params for option in (*p.opts, *p.secondary_opts)}
    return [w for w in words if re.match(r"--?[a-z]", w) and w.partition("=")[0] not in names]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_options_shown_on_a_page_exist(page):
    for line in shown(page):
        assert unknown(line) == [], f"{page.name}: hinomi {line}"


def test_an_option_that_is_gone_is_found():
    assert unknown("run okinawa-2025 --no-such-thing 3") == ["--no-such-thing"]
    assert unknown("runn okinawa-2025") == ["runn"]
    assert unknown("alert check message.xml --json  # a word") == []

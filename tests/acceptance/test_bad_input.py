"""The page of wrong input says what the commands say today, and every command is on it."""

import re
import runpy
from pathlib import Path

import pytest
import typer.main

import hinomi.cli

B = runpy.run_path(str(Path(__file__).with_name("bad_input.py")))


def commands():
    """Every command as it is typed; a group that is a command too counts as both."""
    waiting = [((), typer.main.get_command(hinomi.cli.app))]
    while waiting:
        words, command = waiting.pop()
        inner = getattr(command, "commands", {})
        waiting += [((*words, name), found) for name, found in inner.items()]
        if words and (not inner or command.invoke_without_command):
            yield " ".join(words)


@pytest.fixture(scope="module")
def found():
    return list(B["rows"]())


def test_every_wrong_input_ends_with_one_or_two_and_words(found):
    for words, _, code, message, text in found:
        assert code in (1, 2), words
        assert "Traceback" not in text, words
        assert len(message) > 20, words


def test_the_page_is_what_the_commands_say(found):
    told = B["PAGE"].read_text(encoding="utf-8").splitlines()
    given = B["page"](found).splitlines()
    assert told == given, "write the page anew: python tests/acceptance/bad_input.py"


def test_nothing_is_asked_of_a_machine(found):
    """No folder of the machine that made the page is on it."""
    assert not re.search(r"/(tmp|home|root|work)/", B["page"](found))


def test_every_command_that_takes_input_is_on_the_page():
    asked = [f"{words} " for _, words in B["ASKED"]]
    missing = [c for c in commands() if not any(a.startswith(f"{c} ") for a in asked)]
    assert missing == []


def test_nothing_on_the_page_is_the_word_of_one_system(found):
    assert not re.search(r"Errno|WinError", B["page"](found))

"""The help of every command ends with an example: it can be read by the command, and quick ones run."""

import re
import shlex
from pathlib import Path

import pytest
import typer.main
from typer.testing import CliRunner

import hinomi.cli

PROGRAM = typer.main.get_command(hinomi.cli.app)
SHORT = {"-n": "--replicates", "-o": "--out"}


def commands(command=PROGRAM, words=()):
    """Words -> command, of all that can be called; groups left out."""
    inner = getattr(command, "commands", None)
    if inner is None:
        return {words: command}
    found = {}
    for name, each in inner.items():
        found |= commands(each, (*words, name))
    return found


COMMANDS = commands()


def example(words):
    """The words of the example that the help of a command shows, what a shell reads left out."""
    text = re.sub(r"\s+", " ", CliRunner().invoke(hinomi.cli.app, [*words, "--help"]).output)
    line = text.partition("Example: hinomi ")[2].partition(" > ")[0]
    return shlex.split(line)


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_command_shows_an_example_that_it_can_read(words):
    shown = example(words)
    assert shown[: len(words)] == list(words)
    with COMMANDS[words].make_context(words[-1], shown[len(words) :]) as context:
        assert context.args == []


def test_an_example_with_a_word_too_many_would_be_found():
    with pytest.raises(Exception, match="no-such-option"):
        COMMANDS["run",].make_context("run", ["okinawa-2025", "--no-such-option"])


@pytest.mark.parametrize(
    "words",
    [
        ("check",), ("explain",), ("schema",), ("scenarios",), ("launches",), ("evidence",),
        ("leakage",), ("places", "show"), ("benchmark", "trackers"), ("alert", "check"),
        ("alert", "show"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_an_example_that_needs_no_file_runs(program, words):
    code, out, err = program(*example(words))
    assert (code, err) == (0, "")
    assert out


def test_the_examples_of_messages_run_one_after_the_other(program):
    for name in ("keys", "compose", "sign", "verify"):
        code, out, _ = program(*example(("alert", name)))
        assert code == 0, name
    assert out.startswith("accepted: signed by key") or "\naccepted: signed by key" in out


def test_the_help_of_the_program_says_where_to_begin(program):
    code, out, _ = program("--help")
    assert code == 0
    for line in re.findall(r"hinomi (scenarios|run okinawa-2025 -n 20)", out):
        assert shlex.split(line)[0] in PROGRAM.commands
    assert "Begin with: hinomi scenarios" in re.sub(r"\s+", " ", out)


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_a_short_name_means_the_same_everywhere(words):
    """-o is --out; -n is a number of replicates, or of the draws and launches that stand for them."""
    for option in COMMANDS[words].params:
        names = set(option.opts)
        if "-o" in names:
            assert "--out" in names
        if "-n" in names:
            assert names & {"--replicates", "--draws", "--launches"}
        if "--folder" in names or ("--to" in names and option.metavar == "DIR"):
            assert "--out" in names
        if "--seed" in names:
            assert option.metavar == "N"


@pytest.mark.parametrize("width", ["40", "1", "0", "-5", "wide"])
def test_help_can_be_read_in_any_width(monkeypatch, width):
    monkeypatch.setenv("COLUMNS", width)
    done = CliRunner().invoke(hinomi.cli.app, ["run", "--help"])
    assert done.exit_code == 0
    assert "--replicates" in done.output


def test_another_name_of_an_option_is_the_same_option(program):
    """Receivers and exercises take -o and --out for their folder, and --language as composing does."""
    for name in ("--folder", "--out", "-o"):
        code, _, err = program("live", "okinawa-2025", name, "made", "--language", "xx")
        assert code == 2
        assert "write one or more of ja-JP" in err
        code, _, err = program("receive", "--from", "nowhere", "--places", "47201", name, "made")
        assert code == 2
        assert "'nowhere' is no address" in err
    assert [p.name for p in Path().iterdir()] in ([], ["made"])

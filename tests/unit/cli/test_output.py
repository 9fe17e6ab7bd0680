"""What is printed where: help, JSON, narrow terminals, no colour, streams that are closed or full."""

import hashlib
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer.main

import hinomi.cli
from hinomi.cli import study_output
from hinomi.cli.printed import print_lines
from hinomi.report.words import HEADLINE_NAMES
from hinomi.study.summary import HEADLINES


def commands():
    """Every command of the program: its words, and its parameters."""
    program = typer.main.get_command(hinomi.cli.app)
    waiting, found = [((), program)], []
    while waiting:
        words, command = waiting.pop()
        found.append((words, command))
        for name, inner in getattr(command, "commands", {}).items():
            waiting.append(((*words, name), inner))
    return found


@pytest.mark.parametrize("words", [words for words, _ in commands()], ids=" ".join)
def test_help_of_every_command_is_whole_and_narrow(program, monkeypatch, words):
    monkeypatch.setenv("COLUMNS", "80")
    code, out, err = program(*words, "--help")
    assert (code, err) == (0, "")
    assert out.startswith(f"Usage: hinomi {' '.join(words)}".rstrip())
    assert max(map(len, out.splitlines())) <= 80
    assert not re.search(r"\w\.\.\.$", out, re.MULTILINE), "a sentence was cut"
    (command,) = [c for w, c in commands() if w == words]
    for parameter in command.params:
        if parameter.param_type_name == "option" and parameter.name != "help":
            assert parameter.help, parameter.name


@pytest.mark.parametrize("words", [(), ("places",)])
def test_a_group_alone_shows_its_help(program, words):
    code, out, err = program(*words)
    assert code == 2
    assert "Commands:" in out + err


def test_the_module_is_the_program():
    done = [
        subprocess.run([*words, "--version"], capture_output=True, text=True, check=True)
        for words in (
            [sys.executable, "-m", "hinomi"],
            [sys.executable, "-c", "from hinomi.cli import main; main()"],
        )
    ]
    assert done[0].stdout == done[1].stdout
    assert done[0].stdout.startswith(f"hinomi {hinomi.__version__}\n")


@pytest.mark.parametrize(
    "words",
    [
        ("run", "replay-2017-08-29", "-n", "2", "--companions", "0", "-o", "run"),
        ("resume", "run", "--companions", "0"),
        ("verify", "run"),
        ("report", "run"),
        ("explain", "replay-2017-08-29"),
        ("run", "replay-2017-08-29", "-n", "2", "--dry-run", "--workers", "1"),
        ("run", "replay-2017-08-29", "-n", "2", "--shard", "0/1", "-o", "new", "--workers", "1"),
    ],
    ids=lambda words: " ".join(words[:1] + words[-3:]),
)
def test_json_is_one_object_on_stdout_and_nothing_else(program, copied, strict, words):
    code, out, _ = program(*words, "--json")
    assert code == 0
    assert strict(out)


class Terminal(io.StringIO):
    """A terminal, as far as anybody asks."""

    encoding = "utf-8"

    def isatty(self):
        return True


NAMES = ("national", "shared_warning", "shared_track", "integrated")


def figure(metric, i):
    return {
        "value": 5_407_000.0 + i,
        "low": 3_440_000.0 + i,
        "high": 7_374_000.0 + i,
        "unit": HEADLINES[metric][1],
    }


SUMMARY = {
    "scenario": "okinawa-2025",
    "replicates": 2,
    "seed": 1,
    "architectures": {n: {m: figure(m, 1000 * i) for m in HEADLINES} for i, n in enumerate(NAMES)},
    "differences": {
        "integrated-national": {m: figure(m, 9000) for m in HEADLINES},
        "integrated-shared_warning": {m: figure(m, 8000) for m in HEADLINES},
    },
}


@pytest.mark.parametrize("width", [30, 60, 80, 120, 250])
def test_a_narrow_terminal_cuts_no_name_and_no_figure(monkeypatch, width):
    screen = Terminal()
    monkeypatch.setattr(sys, "stdout", screen)
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setenv("TERM", "xterm")
    study_output.headline_tables(SUMMARY)
    text = re.sub(r"\x1b\[[0-9;]*m", "", screen.getvalue())
    assert "…" not in text
    for i, name in enumerate(NAMES):
        assert name in text
        value, low, high = (f"{v + 1000 * i:,.0f}" for v in (5_407_000, 3_440_000, 7_374_000))
        assert text.count(f"{value} [{low}, {high}]") == len(HEADLINES)
    first = [re.split(r"\s{3,}", line.strip())[0] for line in text.splitlines()]
    folded = " ".join(first)
    for metric, name in HEADLINE_NAMES.items():
        assert name in folded
        assert "_" not in metric or metric not in text, "keys are for files and programs"
    assert "integrated - shared_warning" in text
    if width >= 80:
        assert max(len(line.rstrip()) for line in text.splitlines() if "STUDY" not in line) <= width
    assert (text.count("first detection at") == 2) == (width >= 250)


def test_differences_say_that_they_are_medians_of_raids_and_what_the_same_draws_saved():
    """Ratios of variance .05 and .7, and one that is not defined: 95 and 30 % saved."""
    figures = {"lead_s": {"variance_ratio": 0.05}, "leakers": {"variance_ratio": 0.7},
               "shots": {"variance_ratio": None}, "network_cost_musd": {}}  # fmt: skip
    told = study_output.difference_words({"integrated-national": figures, "a-b": {}})
    assert told == [
        "Times: the median raid-by-raid difference, not the difference of two medians.",
        "Replicates saved by the same draws, integrated - national: 30 to 95 %",
    ]


@pytest.mark.parametrize("choice", ["NO_COLOR", "TERM"])
def test_no_colour_where_none_is_wanted(monkeypatch, choice):
    screen = Terminal()
    monkeypatch.setattr(sys, "stdout", screen)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv(choice, "1" if choice == "NO_COLOR" else "dumb")
    study_output.headline_tables(SUMMARY)
    codes = {
        c for found in re.findall(r"\x1b\[([0-9;]*)m", screen.getvalue()) for c in found.split(";")
    }
    assert codes <= {"0", "1", "3"}, "more than bold and italic"


def piped(command, folder, **settings):
    """A shell line with the program as `hinomi`."""
    program = f"{sys.executable} -m hinomi"
    return subprocess.run(
        ["bash", "-c", command.replace("hinomi", program)],
        capture_output=True,
        text=True,
        cwd=folder,
        env={**os.environ, **settings},
        check=False,
    )


@pytest.mark.parametrize("words", ["explain okinawa-2025", "places show", "scenarios okinawa-2025"])
def test_a_reader_that_stops_early_sees_no_traceback(tmp_path, words):
    done = piped(f"hinomi {words} | head -1", tmp_path)
    assert done.returncode == 0
    assert len(done.stdout.splitlines()) == 1
    assert done.stderr == ""


def test_a_run_whose_reader_stops_early_still_has_its_report(tmp_path, copied):
    (copied / "report.html").unlink()
    done = piped("hinomi resume run --companions 0 | head -1", tmp_path)
    assert done.stdout.startswith("STUDY")
    assert done.stderr == "complete already: 2 replicates in run\n"
    assert (copied / "report.html").is_file()


def test_a_closed_stdout_is_no_mistake(tmp_path):
    done = piped("hinomi places show 47 >&-", tmp_path)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_full_stdout_is_told_in_one_line(tmp_path):
    done = piped("hinomi places show 47 >/dev/full", tmp_path)
    assert done.returncode == 1
    assert done.stderr == "hinomi: No space left on device\n"


def test_output_into_a_file_is_utf8_whatever_the_locale(tmp_path):
    settings = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = piped("hinomi places show 47 >out", tmp_path, **settings, PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (0, "")
    assert "那覇市" in (tmp_path / "out").read_text(encoding="utf-8")


def test_the_report_says_that_a_rule_ended_the_run(program, copied):
    """The words of the summary, as text."""
    path = copied / "summary.json"
    summary = json.loads(path.read_text(encoding="utf-8"))
    summary["stopped"] = {"words": "Ended by a rule <b>here</b>."}
    path.write_text(json.dumps(summary), encoding="utf-8")
    manifest = json.loads((copied / "run.json").read_text(encoding="utf-8"))
    manifest["summary_sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()
    (copied / "run.json").write_text(json.dumps(manifest), encoding="utf-8")
    assert program("report", copied.name)[0] == 0
    page = (copied / "report.html").read_text(encoding="utf-8")
    assert "Ended by a rule &lt;b&gt;here&lt;/b&gt;." in page


def test_a_sentence_is_folded_at_100_where_there_is_no_terminal_and_a_table_is_not(program, capsys):
    sentence = "  what is left out: " + "a word and " * 40
    table = "Japan PAC-3     160   40.0   " + "19 (12 to 29)       " * 6
    print_lines([sentence, table, "short"])
    *folded, row, last = capsys.readouterr().out.splitlines()
    assert max(map(len, folded)) <= 100
    assert folded[0].startswith("  what")
    assert all(line.startswith(("    a", "    w")) for line in folded[1:])
    assert " ".join(" ".join(folded).split()) == " ".join(sentence.split())
    assert (row, last) == (table, "short")
    (rule,) = re.findall(r"^rule: .*?(?=^\S)", program("evidence")[1], re.MULTILINE | re.DOTALL)
    assert len(rule) > 200
    assert max(map(len, rule.splitlines())) <= 100

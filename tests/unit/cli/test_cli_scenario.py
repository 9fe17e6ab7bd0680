"""The commands about scenarios, run as a user runs them."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from hinomi import __version__
from hinomi.cli import main

SMALL = Path(__file__).parents[1] / "scenario" / "small_scenario.toml"


@pytest.fixture
def hinomi(monkeypatch, capsys):
    """Run the program in this process: exit code, stdout, stderr."""

    def run(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["hinomi", *words])
        code = 0
        try:
            main()
        except SystemExit as end:
            code = int(end.code or 0)
        out, err = capsys.readouterr()
        return code, out, err

    return run


@pytest.mark.parametrize("words", ["--help", "--version"])
def test_help_and_version_import_nothing_heavy(words):
    code = (
        "import sys, contextlib, io, hinomi.cli as c\n"
        f"sys.argv = ['hinomi', {words!r}]\n"
        "with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.suppress(SystemExit):\n"
        "    c.main()\n"
        "heavy = {'numpy', 'numba', 'scipy', 'pydantic', 'pyarrow', 'duckdb', 'rich', 'jinja2'}\n"
        "heavy |= {'matplotlib', 'shapely'}\n"
        "print(len(out.getvalue()), sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    length, found = done.stdout.split(" ", 1)
    assert int(length) > 5
    assert found.strip() == "[]"


def test_the_version_is_the_packages(hinomi):
    code, out, err = hinomi("--version")
    assert (code, out.splitlines()[0], err) == (0, f"hinomi {__version__}", "")


def test_the_version_says_which_extras_are_there_and_how_to_get_the_others(hinomi, monkeypatch):
    from hinomi.cli import version

    assert "extra web: installed" in hinomi("--version")[1]
    found = version._version
    monkeypatch.setattr(version, "_version", lambda name: "" if name == "uvicorn" else found(name))
    said = hinomi("--version")[1]
    assert "extra web: missing uvicorn: pip install 'hinomi[web]'" in said
    assert "extra distributed: installed" in said


def test_help_names_every_command(hinomi):
    code, out, _ = hinomi("--help")
    assert code == 0
    for command in (
        "run",
        "compare",
        "resume",
        "report",
        "check",
        "explain",
        "schema",
        "scenarios",
        "places",
    ):
        assert re.search(rf"^  {command} ", out, re.MULTILINE), command


def test_a_mistyped_command_is_wrong_use_and_suggests_the_nearest(hinomi):
    code, out, err = hinomi("chekc")
    assert code == 2
    assert out == ""
    assert "check" in err


def test_scenarios_lists_names_and_prints_one_to_start_from(hinomi, tmp_path):
    code, out, _ = hinomi("scenarios")
    assert code == 0
    assert out.startswith("okinawa-2025  ")
    assert "replay-2017-08-29" in out
    code, text, _ = hinomi("scenarios", "okinawa-2025")
    mine = tmp_path / "mine.toml"
    mine.write_text(text, encoding="utf-8")
    assert hinomi("check", str(mine))[0] == 0


def test_check_is_silent_about_nothing(hinomi):
    code, out, err = hinomi("check", str(SMALL))
    assert (code, err) == (0, "")
    assert "no mistakes" in out


def test_check_prints_all_mistakes_and_exits_1(hinomi, tmp_path):
    bad = tmp_path / "bad.toml"
    bad.write_text(
        SMALL.read_text()
        .replace("replicates = 4", "replicates = 0")
        .replace("planes = 2", "planez = 2")
    )
    code, out, _ = hinomi("check", str(bad))
    assert code == 1
    assert "study.replicates" in out
    assert "did you mean 'planes'" in out
    assert out.rstrip().endswith("3 mistakes")


def test_check_tries_every_variant(hinomi, tmp_path):
    bad = tmp_path / "bad.toml"
    extra = (
        '\n[[variants]]\nname = "v"\ntitle = "t"\n[variants.changes]\n"warning.complianz" = 0.2\n'
    )
    bad.write_text(SMALL.read_text() + extra)
    code, out, _ = hinomi("check", str(bad))
    assert code == 1
    assert "variant v: warning.complianz: unknown key" in out
    assert "did you mean 'compliance'" in out


def test_check_warns_of_the_implausible_without_refusing_it(hinomi, tmp_path):
    odd = tmp_path / "odd.toml"
    odd.write_text(SMALL.read_text().replace("altitude_km = 1000", "altitude_km = 150"))
    code, out, _ = hinomi("check", str(odd))
    assert code == 0
    assert "warning: infrared[LEO].altitude_km = 150 km is unusual" in out


@pytest.mark.parametrize("words", ["nothing.toml", "okinawa"])
def test_what_cannot_be_read_exits_2_with_one_line(hinomi, words):
    code, out, err = hinomi("check", words)
    assert (code, out) == (2, "")
    assert err.startswith("hinomi: ")
    assert "Traceback" not in err


def test_broken_toml_exits_2(hinomi, tmp_path):
    broken = tmp_path / "broken.toml"
    broken.write_text("a = = 1")
    code, _, err = hinomi("check", str(broken))
    assert code == 2
    assert "broken.toml:1: not TOML" in err


def test_explain_marks_assumptions_and_prints_sources(hinomi):
    code, out, _ = hinomi("explain", "okinawa-2025")
    assert code == 0
    (line,) = [x for x in out.splitlines() if " warning.relay_failure " in x]
    assert "0.03 (0.005 to 0.15)" in line
    assert "published: 24 of 617 municipalities on 29 August 2017 (Asahi Shimbun)" in line
    (line,) = [x for x in out.splitlines() if " warning.hit_threshold " in x]
    assert line.startswith("*")
    (line,) = [x for x in out.splitlines() if "dwarning.decide_s " in x]
    assert "45 s (10 to 180)" in line


def test_explain_prints_every_number_once_and_json_holds_the_same(hinomi):
    code, out, err = hinomi("explain", "okinawa-2025", "--json")
    assert (code, err) == (0, "")
    found = json.loads(out)
    keys = [p["key"] for p in found["parameters"]]
    assert len(keys) == len(set(keys)) > 300
    assert sum(found["grades"].values()) == len(keys)
    lines = hinomi("explain", "okinawa-2025")[1].splitlines()
    shown = [line for line in lines if re.match(r"^[ ~*][ d][a-z]+[.\[]", line)]
    assert len(shown) == len(keys)


def test_explain_shows_the_public_record_of_a_replay(hinomi):
    out = hinomi("explain", "replay-2017-08-29")[1]
    assert re.search(r"flight_time_s = 840 s \+-120, tested, published: Nippon.com", out)
    assert re.search(r"alert = 2017-08-29 06:02 \(240 s\) \+-60, shown", out)


def test_explain_takes_a_variant_and_changes(hinomi):
    out = hinomi(
        "explain",
        "okinawa-2025",
        "--variant",
        "drills",
        "--set",
        "warning.hit_threshold=0.02",
        "--only",
        "warning.",
    )[1]
    assert re.search(r"warning\.compliance +0\.3 \(0\.1 to 0\.5\)", out)
    assert re.search(r"warning\.hit_threshold +0\.02 +assumed: set by changes", out)
    assert "radars[" not in out


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("warning.compliance", "write KEY=VALUE"),
        ("warning.complianse=1", "did you mean 'compliance'"),
        ("threats[glider].apogee_low_km=50", "outside the scope of this project"),
    ],
)
def test_a_wrong_change_exits_2_and_says_why(hinomi, change, words):
    code, out, err = hinomi("explain", "okinawa-2025", "--set", change)
    assert (code, out) == (2, "")
    assert words in err


def test_the_schema_is_json_schema_and_knows_the_limits(hinomi):
    code, out, _ = hinomi("schema")
    assert code == 0
    schema = json.loads(out)
    assert schema["properties"]["format"]["const"] == "hinomi/scenario/1"
    assert schema["additionalProperties"] is False
    assert "catalogue" not in schema["required"]
    plain, table = schema["$defs"]["Study"]["properties"]["replicates"]["anyOf"]
    assert (plain["type"], plain["minimum"], plain["maximum"]) == ("integer", 1.0, 100_000.0)
    assert table["$ref"].endswith("Quantity")


def test_an_interrupted_program_exits_130(monkeypatch, capsys):
    import hinomi.cli as program

    def interrupted(**_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(program, "app", interrupted)
    with pytest.raises(SystemExit) as end:
        program.main()
    assert end.value.code == 130
    assert "interrupted" in capsys.readouterr().err

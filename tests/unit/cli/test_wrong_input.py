"""What a new user may get wrong: one message that says what, the limit and the way out; no file written."""

import os
import re
from pathlib import Path

import pytest

QUICK = "replay-2017-08-29"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["run", "okinawa-2026"], "did you mean 'okinawa-2025'?"),
        (["run", "replay-2017"], "did you mean 'replay-2017-08-29'?"),
        (["run", "nothing.toml"], "nothing.toml: no such file"),
        (["run", "."], "is a folder"),
        (["scenarios", "okinwa"], "did you mean 'okinawa-2025'?"),
        (["run", QUICK, "-n", "0"], "number of replicates is 0; it must lie in 1..1000000"),
        (["run", QUICK, "-n", "-5"], "number of replicates is -5; it must lie in 1..1000000"),
        (["run", QUICK, "-n", "1000000000"], "is 1000000000; it must lie in 1..1000000"),
        (["run", QUICK, "-n", "abc"], "'-n' / '--replicates': 'abc' is no whole number"),
        (["run", QUICK, "-n", "1e9"], "'1e9' is no whole number; write it in digits"),
        (["run", QUICK, "-n", "2.5"], "'2.5' is no whole number"),
        (["run", QUICK, "-n", ""], "'' is no whole number"),
        (["run", QUICK, "--seed", "-1"], "the seed is -1; it must lie in 0.."),
        (["run", QUICK, "--seed", "dice"], "'--seed': 'dice' is no whole number"),
        (["run", QUICK, "--seed", "9" * 30], "it must lie in 0.."),
        (["run", QUICK, "--workers", "0"], "number of workers is 0; it must lie in 1..1024"),
        (["run", QUICK, "--workers", "5000"], "number of workers is 5000; it must lie in 1..1024"),
        (["run", QUICK, "--workers", "all"], "'--workers': 'all' is no whole number"),
        (["run", QUICK, "--companions", "-1"], "--companions is -1; it must be 0 (none) or more"),
        (["run", QUICK, "--keep-tracks", "some"], "all, none or a number"),
        (["run", QUICK, "--shard", "4/4"], "the shard is 4/4; I of I/N must lie in 0..N-1"),
        (["run", QUICK, "--scheduler", "x", "--workers", "2"], "not both"),
        (
            ["run", "okinawa-2025", "--architectures", "integratd"],
            "'integratd' is no architecture of okinawa-2025; it has national, shared_warning, "
            "shared_track, integrated; did you mean 'integrated'?",
        ),
        (
            ["run", "okinawa-2025", "--architectures", "national,national"],
            "an architecture is named twice: national, national",
        ),
        (["run", "okinawa-2025", "--architectures", ","], "name one or more, apart by commas"),
        (["compare", "okinawa-2025", "--architectures", "national"], "got national only"),
        (["compare", QUICK], "needs two architectures or more; got shared_warning only"),
        (["run", "okinawa-2025", "--variant", "leo8"], "did you mean 'leo_8'?"),
        (["run", QUICK, "--variant", "none"], "no variant 'none': there are own_track"),
        (["run", QUICK, "extra"], "unexpected extra argument(s) (extra)"),
        (["run", QUICK, "--replicate", "3"], "--replicates"),
        (["run"], "Missing argument 'SCENARIO'"),
        (["rnu"], "Did you mean 'run'?"),
        (["resume", "nowhere"], "nowhere is not the folder of a run: no such folder"),
        (["report", "nowhere"], "nowhere is not the folder of a run: no such folder"),
        (["verify", "nowhere"], "nowhere is not the folder of a run: no such folder"),
        (["resume", "."], "is not the folder of a run: it has no plan.json"),
        (["report", "."], "is not the folder of a run: it has no plan.json"),
        (["verify", "."], "is not the folder of a run: it has no plan.json"),
        (["places", "show", "99999"], "no municipality has the code '99999'"),
        (
            ["places", "import", "nothing.geojson"],
            "nothing.geojson: no such file; name an N03 GeoJSON",
        ),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_use_exits_2_says_what_and_writes_nothing(program, words, told):
    code, out, err = program(*words)
    assert code == 2
    assert out == ""
    assert told in err
    assert list(Path().iterdir()) == []


@pytest.mark.parametrize("command", ["run", "check", "explain"])
@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "mine.toml: is empty; begin with a bundled scenario: hinomi scenarios okinawa-2025"),
        (b"# nothing yet\n", "mine.toml: is empty"),
        (b'name = "x"\ntitle = \n', "mine.toml:2: not TOML: Invalid value, column 9"),
        (b'name = "x"\n[study\n', "mine.toml:2: not TOML"),
        (b'name = "\xff\xfe"\n', "mine.toml: not UTF-8 text (byte 8); save it as UTF-8"),
        (b"\x89PNG\r\n\x1a\n", "mine.toml: not UTF-8 text (byte 0)"),
        (b'format = "hinomi/scenario/9"\n', "this version reads 'hinomi/scenario/1'"),
    ],
    ids=["empty", "comment", "value", "table", "latin", "picture", "format"],
)
def test_a_file_that_cannot_be_read_is_told_with_its_line(program, command, content, told):
    Path("mine.toml").write_bytes(content)
    code, out, err = program(command, "mine.toml")
    assert code == (1 if command == "check" and b"format" in content else 2)
    assert told in (out if code == 1 else err)
    assert [p.name for p in Path().iterdir()] == ["mine.toml"]


def test_a_file_without_permission_is_told(program):
    Path("mine.toml").write_text("x = 1")
    Path("mine.toml").chmod(0)
    if os.access("mine.toml", os.R_OK):
        pytest.skip("this user reads everything")
    code, _, err = program("run", "mine.toml")
    assert code == 2
    assert "mine.toml: cannot be read: Permission denied" in err


MISTAKES = (  # text of the bundled file, what a user wrote instead, and all that must be told of it
    ("replicates = { value = 200", "replicates = { value = -3", ("study.replicates", "-3", "1")),
    ("east_deg = { value = 132.5", "east_deg = { value = 400", ("area.east_deg", "400", "180", "unit: deg")),
    ("apogee_low_km = { value = 60.0", "apogee_lo_km = { value = 60.0",
     ("threats[glider].apogee_lo_km", "unknown key", "did you mean 'apogee_low_km'?")),
    ('owner = "US"', 'owner = "USA"', ("radars[Shariki].owner", "'USA'", "one of", "'US'?")),
    ("height_m = { value = 500.0", 'height_m = { value = "high"',
     ("radars[Shimokoshiki].height_m", "is not a number", "'high'", "unit: m")),
    ("planes = { value = 4,", "planes = { value = 4.5,", ("infrared[LEO].planes", "4.5", "whole")),
)  # fmt: skip


@pytest.mark.parametrize("command", ["check", "run"])
def test_six_mistakes_are_told_at_once_each_with_line_key_value_limit_and_unit(program, command):
    text = program("scenarios", "okinawa-2025")[1]
    for before, after, _ in MISTAKES:
        assert before in text, before
        text = text.replace(before, after, 1)
    Path("mine.toml").write_text(text, encoding="utf-8")
    lines = text.splitlines()
    code, out, err = program(command, "mine.toml")
    assert code == (1 if command == "check" else 2)
    told = (out if command == "check" else err).removeprefix("hinomi: ").splitlines()
    for _, after, words in MISTAKES:
        found = [t for t in told if all(word in t for word in words)]
        assert len(found) == 1, (words, told)
        line = found[0]
        number = int(re.match(r"mine\.toml:(\d+): ", line)[1])
        assert after in lines[number - 1], line
    assert [p.name for p in Path().iterdir()] == ["mine.toml"]


@pytest.mark.parametrize("folder", ["file/below", "file", "/proc/none"])
def test_an_output_folder_that_cannot_be_is_refused_before_any_work(program, folder):
    Path("file").write_text("kept")
    code, out, err = program("run", QUICK, "-n", "2", "-o", folder)
    assert (code, out) == (2, "")
    assert re.search(rf"cannot write into {folder}: .*; choose another folder with -o", err)
    assert [p.name for p in Path().iterdir()] == ["file"]
    assert Path("file").read_text() == "kept"


def test_foreign_files_are_never_touched(program):
    Path("photos").mkdir()
    Path("photos/holiday.jpg").write_text("kept")
    code, out, err = program("run", QUICK, "-n", "2", "-o", "photos")
    assert (code, out) == (2, "")
    assert "photos holds files that are no run of hinomi (holiday.jpg); nothing was touched" in err
    assert [p.name for p in Path("photos").iterdir()] == ["holiday.jpg"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([QUICK, "--seed", "7"], "these differ: seed"),
        (["okinawa-2025", "-n", "2"], "these differ: scenario"),
        ([QUICK, "--keep-tracks", "1"], "these differ: replicates kept in full"),
    ],
)
def test_the_folder_of_another_plan_is_not_touched(program, copied, words, told):
    before = {p: p.stat().st_mtime_ns for p in copied.rglob("*")}
    code, out, err = program("run", *words, "-o", "run")
    assert (code, out) == (2, "")
    assert told in err
    assert "Choose another folder with -o" in err
    assert {p: p.stat().st_mtime_ns for p in copied.rglob("*")} == before


def test_errors_under_json_leave_stdout_empty(program):
    code, out, err = program("run", "okinawa-2026", "--json")
    assert (code, out) == (2, "")
    assert err.startswith("hinomi: ")

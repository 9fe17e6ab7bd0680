"""`hinomi drill` as a user calls it, with wrong input too."""

import sys

import pytest

from hinomi.cli import main


@pytest.fixture
def program(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def run(*words):
        monkeypatch.setattr(sys, "argv", ["hinomi", "drill", *map(str, words)])
        code = 0
        try:
            main()
        except SystemExit as end:
            code = int(end.code or 0)
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        return code, out, err

    return run


def test_the_default_plan_of_a_scenario_is_written_and_can_be_read_again(program, tmp_path):
    assert program("plan", "replay-2023-05-31", "--write", "my.toml")[0] == 0
    text = (tmp_path / "my.toml").read_text(encoding="utf-8")
    assert 'scenario = "replay-2023-05-31"' in text
    (tmp_path / "my.toml").write_text(text.replace("speed = 10", "speed = 100"), encoding="utf-8")
    code, _, err = program("plan", "my.toml")
    assert code == 2
    assert "clock.speed" in err
    assert "at most 60" in err


def test_nothing_is_written_over(program, tmp_path):
    (tmp_path / "my.toml").write_text("mine")
    assert program("plan", "replay-2023-05-31", "--write", "my.toml")[0] == 2
    assert (tmp_path / "my.toml").read_text() == "mine"


@pytest.mark.parametrize(("words", "told"), [
    (("plan", "okinawa-riad"), "did you mean 'okinawa-raid'"),
    (("review", "nothing"), "no folder of an exercise"),
    (("run", "okinawa-raid", "--speed", "61"), "between 1 and 60"),
])  # fmt: skip
def test_wrong_input_is_told_with_the_way_out(program, words, told):
    code, _, err = program(*words)
    assert code == 2
    assert told in err


def test_a_folder_with_something_in_it_is_refused_before_anything_starts(program, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "x").write_text("x")
    code, _, err = program("run", "replay-2023-05-31", "-o", "mine")
    assert code == 2
    assert "not empty" in err
    assert [p.name for p in (tmp_path / "mine").iterdir()] == ["x"]


def test_the_page_before_is_written_with_what_it_rests_on(program, tmp_path):
    code, out, _ = program("plan", "replay-2023-05-31", "-o", "d")
    assert code == 0
    assert out.startswith("EXERCISE")
    names = {p.name for p in (tmp_path / "d").iterdir()}
    assert names == {"plan.toml", "plan.json", "plan.html", "expected.json"}
    page = (tmp_path / "d" / "plan.html").read_text(encoding="utf-8")
    assert page.count("EXERCISE - EXERCISE - EXERCISE") >= 1
    assert "<script" not in page

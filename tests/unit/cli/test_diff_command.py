"""`hinomi diff` as a user calls it, with wrong input too."""

import pytest

MINE = """
like = "replay-2017-08-29"
format = "hinomi/scenario/1"
name = "mine"
title = "Another decision time"
[warning]
consecutive = {consecutive}
"""


def test_a_run_beside_itself_differs_in_nothing(program, copied, strict):
    code, out, err = program("diff", "run", "run", "--json")
    assert code == 0, err
    told = strict(out)
    assert told["inputs"] == []
    assert {h["verdict"] for h in told["headlines"]} == {"same"}
    code, out, _ = program("diff", "run", "run")
    assert code == 0
    assert "Inputs: none differs" in out
    assert "No headline moved more than chance explains." in out


def test_two_scenarios_are_compared_by_their_inputs(program, tmp_path):
    (tmp_path / "mine.toml").write_text(MINE.format(consecutive=3))
    code, out, err = program("diff", "replay-2017-08-29", "mine.toml")
    assert code == 0, err
    assert "warning.consecutive" in out
    assert "No headlines to compare" in out


def test_one_input_at_a_time_finds_the_one_that_acts(program, tmp_path, strict):
    """Of two inputs that differ, slower decisions delay the alert; who obeys it cannot."""
    text = MINE.format(consecutive=2).replace(
        "consecutive = 2", "decide_s = 400.0\ncompliance = 0.3"
    )
    (tmp_path / "mine.toml").write_text(text)
    words = ("diff", "replay-2017-08-29", "mine.toml", "--attribute", "-n", "2")
    code, out, err = program(*words, "--json")
    assert code == 0, err
    assert "s each so far: about" in err
    told = strict(out)["attribution"]
    effect = {
        t["key"]: {h["headline"]: h["change"]["value"] for h in t["A towards B"]}
        for t in told["tried"]
    }
    assert set(effect) == {"warning.decide_s", "warning.compliance"}
    assert effect["warning.decide_s"]["first_alert_s"] > 100.0
    assert effect["warning.compliance"]["first_alert_s"] == 0.0
    (whole,) = [h for h in told["whole"] if h["headline"] == "first_alert_s"]
    assert whole["change"]["value"] == effect["warning.decide_s"]["first_alert_s"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("run", "nowhere"), "is no scenario"),
        (("run", "run", "-n", "3"), "-n is for --attribute"),
        (("run", "run", "--architecture", "x"), "both sides have"),
        (("run", "run", "--attribute"), "no input differs that can be changed alone"),
        (("run", "replay-2017-08-29", "--attribute", "-n", "1000"), "must lie in 2..50"),
    ],
)
def test_wrong_input_is_told_with_the_way_out(program, copied, words, told):
    code, out, err = program("diff", *words)
    assert (code, out) == (2, "")
    assert told in err

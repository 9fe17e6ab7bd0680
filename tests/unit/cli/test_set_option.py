"""`--set` of run and compare changes keys as a variant would, and keeps the fence."""

import json
from pathlib import Path

import pytest

import hinomi


def test_a_key_set_on_the_command_line_is_in_the_plan(program):
    code, _, err = program(
        "run", "replay-2017-08-29", "--set", "warning.hit_threshold=0.02", "-n", "1",
        "--companions", "0", "--workers", "1", "-o", "run", "--quiet",
    )  # fmt: skip
    assert code == 0, err
    plan = json.loads(Path("run/plan.json").read_text())
    assert "hit_threshold" in json.dumps(plan)
    with_change = hinomi.load("replay-2017-08-29", changes={"warning.hit_threshold": 0.02})
    assert hinomi.open("run").plan.content_hash == with_change.content_hash


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ("threats[x].class=1", "never varied"),
        ("warning.complience=0.3", "did you mean 'compliance'"),
        ("warning.compliance", "KEY=VALUE"),
        ("warning.hit_threshold=7", "limit"),
    ],
)
def test_a_wrong_key_or_value_ends_with_two(program, given, word):
    code, _, err = program("run", "okinawa-2025", "--set", given, "-n", "1", "-o", "run")
    assert code == 2
    assert word in err
    assert not Path("run").exists()

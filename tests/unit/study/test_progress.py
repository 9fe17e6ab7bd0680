"""What a run tells of itself while it goes: no estimate is wild, none is below zero."""

import pytest

from hinomi.study import progress


@pytest.fixture
def clock(monkeypatch):
    now = [0.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: now[0])
    return now


def run(clock, capsys, steps, *, total, there=0):
    """Lines that are printed when batches end at (time, done, failed)."""
    lines = progress.Lines()
    lines.begin(total=total, done=there)
    for at_s, done, failed in steps:
        clock[0] = at_s
        lines.update(done=done, failed=failed)
    return capsys.readouterr().err.splitlines()


def test_the_time_that_kernels_compile_is_not_in_the_estimate(clock, capsys):
    """180 s to the first ten; ten more in each 10 s: 180 of 200 are 3 minutes, not 54."""
    first, second, third = run(
        clock, capsys, [(180.0, 10, 0), (190.0, 20, 0)], total=200
    )  # fmt: skip
    assert first.startswith("200 replicates to compute; starting")
    assert second == "10 of 200 replicates"
    assert third == "20 of 200 replicates, 3:00 left"


def test_two_batches_that_end_together_give_no_estimate(clock, capsys):
    assert run(clock, capsys, [(100.0, 10, 0), (110.0, 10, 0)], total=200)[1:] == [
        "10 of 200 replicates",
        "10 of 200 replicates",
    ]


def test_more_than_was_asked_for_is_never_less_than_no_time(clock, capsys):
    assert run(clock, capsys, [(20.0, 10, 0), (40.0, 30, 0)], total=20)[-1].endswith("0:00 left")


def test_failures_are_told_where_there_are_some(clock, capsys):
    told = run(clock, capsys, [(20.0, 5, 1), (7300.0, 6, 2)], total=10, there=4)
    assert told[0].startswith("10 replicates to compute (4 are there); starting")
    assert told[1] == "5 of 10 replicates, 1 batch failed"
    assert told[2] == "6 of 10 replicates, 2 batches failed, 8:05:20 left"


def test_the_bar_says_starting_until_it_can_estimate(clock):
    bar = progress.Bar()
    bar.begin(total=10, done=0)
    try:
        assert bar._rich.tasks[0].fields["told"].startswith("starting")
        for at_s, done in ((60.0, 2), (70.0, 4)):
            clock[0] = at_s
            bar.update(done=done, failed=0)
        assert bar._rich.tasks[0].fields["told"] == "0.2/s  0:30 left"
    finally:
        bar.end()

"""`hinomi leakage`: closed forms in lines and as one object, wishes that nothing fulfils, wrong values."""

import csv
import json
import math
from pathlib import Path

import pytest

from hinomi.defend.leakage import raid_leaks, rounds_needed

TABLE = Path(__file__).parents[2] / "validation" / "leakage" / "leakage.csv"
ROWS = [
    row
    for row in csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines())
    if row["quantity"] == "shots needed per warhead for P(no leak) = 0.8"
]


@pytest.fixture
def told(program, strict):
    def run(*words):
        code, out, err = program("leakage", *words, "--json")
        assert (code, err) == (0, "")
        return strict(out)

    return run


def test_the_distribution_is_binomial_and_sums_to_one(told):
    """Ten bodies, two rounds at p = 0.7: no leaker 0.389, 0.9 leakers on average."""
    found = told("--raid", "10", "--kill", "0.7")
    assert found["no_leak"] == pytest.approx(0.389, abs=5e-4)
    assert found["mean_leakers"] == pytest.approx(0.9)
    assert sum(found["leakers"]) == pytest.approx(1.0)
    leak = 0.3**2
    for k, share in enumerate(found["leakers"]):
        assert share == pytest.approx(math.comb(10, k) * leak**k * (1 - leak) ** (10 - k))


@pytest.mark.parametrize(
    ("option", "no_leak", "all_leak"), [("--track", 0.398, 0.0), ("--system", 0.632, 0.05)]
)
def test_the_two_kinds_of_dependence_are_those_published(told, option, no_leak, all_leak):
    """W = 10, K = 0.96, value 0.95: 0.398 for each threat, 0.632 for a common function."""
    found = told("--raid", "10", "--kill", "0.8", option, "0.95")
    assert found["no_leak"] == pytest.approx(no_leak, abs=5e-4)
    assert found["all_leak"] == pytest.approx(all_leak, abs=1e-6)
    assert found["no_leak_independent"] == pytest.approx(0.665, abs=5e-4)


@pytest.mark.parametrize("row", ROWS, ids=lambda r: f"{r['warheads']}-{r['kill_probability']}")
def test_whole_rounds_are_the_published_numbers_rounded_up(row):
    p, w = float(row["kill_probability"]), int(row["warheads"])
    assert rounds_needed(0.8, w, p, tracked=1.0, works=1.0) == math.ceil(float(row["value"]))


def test_that_many_rounds_are_enough_and_one_less_is_not():
    for p, w, tracked, works in ((0.5, 10, 0.98, 1.0), (0.7, 8, 1.0, 0.9), (0.9, 40, 0.999, 0.95)):
        n = rounds_needed(0.7, w, p, tracked=tracked, works=works)
        for rounds, enough in ((n, True), (n - 1, False)):
            kill = 1.0 - (1.0 - p) ** rounds
            assert (raid_leaks(kill, w, tracked=tracked, works=works)[0] >= 0.7) == enough


def test_a_wish_that_tracking_forbids_is_an_answer_and_the_ceiling_is_told(told, program):
    """0.8 of ten with a track of 0.95 each: 0.95^10 = 0.599 at most, whatever the stock."""
    words = ("--raid", "10", "--kill", "0.9", "--track", "0.95", "--want", "0.8")
    found = told(*words)["wanted"]
    assert (found["feasible"], found["rounds_each"], found["rounds"]) == (False, None, None)
    assert found["ceiling"] == pytest.approx(0.599, abs=5e-4)
    code, out, _ = program("leakage", *words)
    assert code == 0
    assert "not feasible with any number of rounds: tracking 0.95" in out
    assert "allow 0.599 at most" in out
    assert "Errors that shots share cap everything" in out
    feasible = told("--raid", "10", "--kill", "0.9", "--track", "0.98")["wanted"]
    assert (feasible["feasible"], feasible["rounds_each"], feasible["rounds"]) == (True, 3, 30)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--kill", "0"), "a round that never kills"),
        (("--kill", "0.5", "--want", "1"), "only endless rounds"),
        (("--kill", "1", "--want", "1"), "1 rounds at each, 5 in all"),
        (("--kill", "0.5", "--want", "0"), "0 rounds at each, 0 in all"),
        (("--kill", "0.5", "--system", "0", "--want", "0.1"), "allow 0.000 at most"),
    ],
)
def test_the_ends_of_the_scale_have_words_of_their_own(program, words, said):
    code, out, err = program("leakage", "--raid", "5", *words)
    assert (code, err) == (0, "")
    assert said in out
    assert "nan" not in out


def test_a_large_raid_without_rounds_leaks_whole(told):
    found = told("--raid", "1000", "--kill", "0.5", "--rounds", "0")
    assert (found["no_leak"], found["mean_leakers"]) == (0.0, pytest.approx(1000.0))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--raid", "10", "--kill", "70"), "--kill is 70; a probability lies between 0 and 1"),
        (("--raid", "10", "--kill", "nan"), "--kill is nan"),
        (("--raid", "0", "--kill", "0.5"), "--raid is 0; it must be 1 to 1000"),
        (("--raid", "5", "--kill", "0.5", "--rounds", "-1"), "--rounds is -1; it must be 0 to 100"),
        (("--raid", "5", "--kill", "0.5", "--track", "1.1"), "--track is 1.1"),
        (("--raid", "5", "--kill", "0.5", "--want", "-0.1"), "--want is -0.1"),
        (("--raid", "five", "--kill", "0.5"), "'five' is no whole number"),
        (("--raid", "5", "--kill", "half"), "'half' is no number"),
        (("--kill", "0.5"), "--raid"),
    ],
)
def test_wrong_values_are_told_with_their_limit(program, words, said):
    code, out, err = program("leakage", *words)
    assert (code, out) == (2, "")
    assert said in err


def test_the_object_is_strict_json(program):
    code, out, _ = program("leakage", "--raid", "3", "--kill", "0.5", "--json")
    assert code == 0
    assert json.loads(out)["raid"] == 3

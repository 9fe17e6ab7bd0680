"""Two nations that do not talk shoot at one body at the same time; one assignment never does."""

from itertools import combinations

import numpy as np

NUMBERS = (0, 1, 4, 5)
ARCHITECTURES = ("national", "integrated")


def overlapping(run, architecture):
    """(body, owners) of every two salvoes that were under way at one body at once."""
    e = run.table("engagements", architecture)
    fired = np.flatnonzero((e["reason"] == "engaged") & (e["body"] != "false"))
    return [
        (e["body"][i], {str(e["owner"][i]), str(e["owner"][j])})
        for i, j in combinations(fired, 2)
        if e["body"][i] == e["body"][j]
        and max(e["t_commit_s"][i], e["t_commit_s"][j])
        < min(e["t_intercept_s"][i], e["t_intercept_s"][j])
    ]


def test_double_engagement_arises_from_what_each_nation_sees(play):
    found = 0
    for number in NUMBERS:
        run = play(number=number)
        doubled = {body for body, owners in overlapping(run, "national") if len(owners) > 1}
        assert run.metrics("national")["double_engaged"] == len(doubled)
        found += len(doubled)
    assert found >= 3


def test_one_assignment_never_has_two_salvoes_at_one_body_at_once(play):
    for number in NUMBERS:
        run = play(number=number)
        assert overlapping(run, "integrated") == []
        assert run.metrics("integrated")["double_engaged"] == 0.0
        assert run.metrics("integrated")["shots"] > 0.0


def test_a_second_try_by_another_nation_after_a_miss_is_no_double_engagement(play):
    """In this replicate a ship of each nation shoots at one body, the second after the first missed."""
    run = play(number=12, architectures=("integrated",))
    e = run.table("engagements", "integrated")
    fired = e["reason"] == "engaged"
    owners = {body: set(e["owner"][fired & (e["body"] == body)]) for body in set(e["body"][fired])}
    assert any(len(who) > 1 for who in owners.values())
    assert overlapping(run, "integrated") == []
    assert run.metrics("integrated")["double_engaged"] == 0.0

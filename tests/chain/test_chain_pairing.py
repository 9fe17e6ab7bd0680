"""Architectures share one truth and one set of draws, and leave each other alone."""

import numpy as np
import pytest

from hinomi.study import chain

EVERY = ("national", "shared_warning", "shared_track", "integrated")
LISTS = [
    ("integrated",),
    ("national",),
    ("shared_track", "integrated"),
    tuple(reversed(EVERY)),
    ("integrated", "national", "shared_track", "shared_warning"),
]
OF_AN_ARCHITECTURE = [t for t in chain.TABLES if t != "flights"]


@pytest.mark.parametrize("asked", LISTS, ids=" ".join)
def test_truth_and_each_architecture_do_not_depend_on_the_list(play, same, asked):
    alone, together = play(number=1, architectures=asked), play(number=1)
    a, b = alone.table("flights"), together.table("flights")
    assert same(a, b)
    assert all(a[k].tobytes() == b[k].tobytes() for k in a)
    for name in asked:
        for table in OF_AN_ARCHITECTURE:
            assert same(alone.table(table, name), together.table(table, name)), (name, table)


def test_a_picture_has_its_own_name_even_where_another_holds_the_same_plots(play, same):
    """A launch event that comes after the raid points no sensor: cued and own plots are equal."""
    late = {"architectures[shared_warning].warning_relay_s": 5000.0, "warning.on_event": False}
    alone = play(late, architectures=("shared_warning",))
    together = play(late, architectures=("national", "shared_warning"))
    for table in OF_AN_ARCHITECTURE:
        a, b = (r.table(table, "shared_warning") for r in (alone, together))
        assert same(a, b), table
    for table in ("plots", "alerts", "warned"):
        a, b = (together.table(table, n) for n in ("national", "shared_warning"))
        named = [t.pop("picture", None) for t in (a, b)]  # of the picture an alert rests on
        assert same(a, b)
        if table == "alerts":
            assert [set(n.tolist()) for n in named] == [{"Japan own"}, {"Japan cued"}]


def test_a_replicate_is_the_same_alone_after_others_and_again(study, same, play):
    scenario, context = study()

    def tables(number):
        return chain.replicate(
            scenario, context, seed=1, number=number, architectures=("integrated",), keep=True
        )

    first = tables(3)
    for number in (0, 1, 2):
        tables(number)
    again = tables(3)
    assert all(same(first[t], again[t]) for t in chain.TABLES)
    assert not same(first["flights"], play(number=1).tables["flights"])


def test_another_seed_is_another_raid(study):
    scenario, context = study()
    a, b = (chain.begin(scenario, context, seed=s, number=0).flights for s in (1, 2))
    assert not np.array_equal(a.launch_t_s, b.launch_t_s)


def test_without_keeping_the_other_tables_are_the_same(study, same, play):
    scenario, context = study()
    lean = chain.replicate(
        scenario, context, seed=1, number=1, architectures=("integrated",), keep=False
    )
    full = play(number=1, architectures=("integrated",)).tables
    assert set(chain.TABLES) - set(lean) == set(chain.KEPT_TABLES)
    assert all(same(lean[t], full[t]) for t in lean)


def test_an_architecture_that_shares_more_changes_no_look_that_was_taken_anyway(play):
    """Draws are addressed by the second: a plot of both architectures is the same plot in both."""
    run = play(number=1)
    plots = {n: run.table("plots", n) for n in ("national", "shared_warning")}
    rows = {
        n: {
            (s, b, t): (r, x)
            for s, b, t, r, x in zip(
                p["sensor"], p["body"], p["t_s"], p["range_m"], p["los_x"], strict=True
            )
        }
        for n, p in plots.items()
    }
    common = rows["national"].keys() & rows["shared_warning"].keys()
    assert len(common) > 1000
    assert all(rows["national"][k] == rows["shared_warning"][k] for k in common)


def test_people_take_the_same_time_for_a_body_in_every_architecture(play):
    """From launch message to alert, wherever the alert did not wait for a forecast instead."""
    run = play(number=1)
    took = {}
    for name in EVERY:
        rows = run.table("alerts", name)
        told = run.times(name, "launch message")
        for k in np.flatnonzero(
            (rows["kind"] == "alert") & (rows["t_issue_s"] > rows["t_ready_s"])
        ):
            body = str(rows["body"][k])
            if rows["t_issue_s"][k] == run.times(name, "alert").get(body):
                took.setdefault(body, []).append(rows["t_issue_s"][k] - told[body])
    assert sum(len(times) >= 3 for times in took.values()) >= 5
    for times in took.values():
        assert times == pytest.approx([times[0]] * len(times), abs=1e-6)
    assert len({round(times[0], 3) for times in took.values()}) == len(took)  # each its own

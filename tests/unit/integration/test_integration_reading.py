"""From a table of figures to splits: made-up worths whose shares are known on paper."""

import numpy as np
import pytest

from hinomi.integration.answer import figure_told
from hinomi.integration.flags import AUTHORITY, coalitions, effective
from hinomi.integration.reading import Pair, figure
from hinomi.integration.words import change_words, figure_words, number
from hinomi.scenario.load import load
from hinomi.study.summary import Measured

TRACK, PICTURE, JOINT = -1.0, -0.5, -0.25  # what each flag takes off, where it has an effect


@pytest.fixture(scope="module")
def pair():
    named = load("okinawa-2025").architectures
    return Pair(bottom=named["shared_warning"], top=named["integrated"])


def made_up(pair, *, link=0.0, spoil=None):
    """Leakers 4 + link, less each effective flag's worth times 1 + r / 10 in replicate r."""
    scale = 1.0 + np.arange(5) / 10.0
    worth = {"share_track": TRACK, "one_picture": PICTURE, "one_assignment": JOINT, AUTHORITY: -0.1}
    values = {}
    for c in coalitions((*pair.players, AUTHORITY)):
        real = effective({"share_warning"} | c)
        total = sum(v for f, v in worth.items() if f in real)
        values[pair.name(c), "leakers"] = 4.0 + link + total * scale
    values[pair.bottom.name, "leakers"] = np.full(5, 4.0)
    values[pair.top.name, "leakers"] = values[pair.name(frozenset(pair.players)), "leakers"]
    if spoil is not None:
        values[pair.bottom.name, "leakers"][spoil] = np.inf
    return Measured(tuple(range(5)), {"leakers": "bodies"}, values)


def test_parts_that_need_tracks_share_their_worth_with_tracks(pair):
    """v(picture) only with tracks: half to each; the mean of the scale is 1.2."""
    found = figure(made_up(pair), pair, "leakers")
    shares = {p: x.value for p, x in found.equal.shares.items()}
    assert shares["share_track"] == pytest.approx(1.2 * (TRACK + PICTURE / 2 + JOINT / 2))
    assert shares["one_picture"] == pytest.approx(1.2 * PICTURE / 2)
    assert shares["one_assignment"] == pytest.approx(1.2 * JOINT / 2)
    assert shares["engage_on_remote"] == pytest.approx(0.0, abs=1e-12)
    assert found.equal.pairs["share_track", "one_picture"].value == pytest.approx(1.2 * PICTURE)


def test_link_and_shares_sum_to_the_change_as_written(pair):
    found = figure(made_up(pair, link=0.3), pair, "leakers")
    total = found.link.value + sum(x.value for x in found.equal.shares.values())
    assert total == pytest.approx(found.change.value)
    assert found.link.value == pytest.approx(0.3)
    faster = found.link.value + sum(x.value for x in found.faster.shares.values())
    assert faster == pytest.approx(found.change_faster.value)


def test_single_authority_stands_by_itself(pair):
    found = figure(made_up(pair), pair, "leakers")
    assert AUTHORITY not in found.equal.shares
    assert found.faster.shares[AUTHORITY].value == pytest.approx(-0.12)
    assert found.change_faster.value == pytest.approx(found.change.value - 0.12)


def test_alone_and_last_show_what_is_needed_first(pair):
    found = figure(made_up(pair), pair, "leakers").equal
    assert found.alone["one_picture"].value == 0.0
    assert found.last["one_picture"].value == pytest.approx(1.2 * PICTURE)
    assert found.last["share_track"].value == pytest.approx(1.2 * (TRACK + PICTURE + JOINT))


def test_replicates_without_a_finite_value_are_left_out_of_everything_and_counted(pair):
    found = figure(made_up(pair, spoil=4), pair, "leakers")
    assert (found.n, found.left_out) == (4, 1)
    assert found.change.value == pytest.approx(1.15 * (TRACK + PICTURE + JOINT))


def test_numbers_are_written_with_no_more_figures_than_they_have():
    assert number(-0.5833, "leakers", signed=True) == "−0.58"
    assert number(131.98, "cost_musd") == "132"
    assert number(0.0191, "warned_in_time_share", signed=True) == "+1.91"
    assert number(-0.001, "leakers") == "0"
    assert number(123456.0, "sheltered_people") == "123,500"
    bare = {"value": None, "low": None, "high": None}
    assert figure_words(bare, "leakers") == {"value": "-", "interval": ""}


def sentence(pair, figures):
    """The sentence on leakers of a made-up split."""
    found = figure_told(figure(figures, pair, "leakers"))
    content = {"flags": {f: {"words": f} for f in pair.players}}
    return change_words(content, {"figures": {"leakers": found}}, "leakers")


def test_the_interval_in_a_sentence_is_that_of_the_change(pair):
    """Fourteen raids from 4 to 2.25 on average; what stands in brackets is about -1.75."""
    found = wide(pair, 14)
    low, high = (
        figure(found, pair, "leakers").change.low,
        figure(found, pair, "leakers").change.high,
    )
    said = sentence(pair, found)
    span = f"{number(low, 'leakers', signed=True)} to {number(high, 'leakers', signed=True)}"
    assert f", a change of −1.75 ({span}), better." in said
    assert said.startswith("Threats that get through: 4 bodies becomes 2.25,")


def test_the_largest_part_stands_beside_what_the_parts_share(pair):
    """The link adds 0.5 before the flags: parts share -1.75, the change as written is -1.25."""
    said = sentence(pair, wide(pair, 14, link=0.5))
    assert "a change of −1.25 (" in said
    assert "Largest part: share_track (−1.3" in said  # -1 - 0.5 / 2 - 0.25 / 2
    assert said.endswith(" of −1.75 that the parts share).")


def test_raids_that_do_not_differ_are_counted_in_the_sentence(pair):
    same = wide(pair, 14)
    level = Measured(same.replicates, same.units, {k: np.full(14, 4.0) for k in same.values})
    assert sentence(pair, level).endswith("; no raid of 14 differs.")


def wide(pair, n, *, link=0.0):
    """As `made_up`, for `n` replicates whose worths average to those given."""
    scale = 1.0 + (np.arange(n) - (n - 1) / 2) / 100.0
    worth = {"share_track": TRACK, "one_picture": PICTURE, "one_assignment": JOINT}
    values = {}
    for c in coalitions((*pair.players, AUTHORITY)):
        real = effective({"share_warning"} | c)
        total = sum(v for f, v in worth.items() if f in real)
        values[pair.name(c), "leakers"] = 4.0 + link + total * scale
    values[pair.bottom.name, "leakers"] = np.full(n, 4.0)
    values[pair.top.name, "leakers"] = values[pair.name(frozenset(pair.players)), "leakers"]
    return Measured(tuple(range(n)), {}, values)

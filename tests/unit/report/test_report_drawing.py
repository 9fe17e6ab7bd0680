"""Drawings: labels stand apart, each kind of body has its own line, small pieces stay without figures."""

from itertools import pairwise

import matplotlib as mpl
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hinomi.records.flights import KINDS
from hinomi.report import figures, people_figure
from hinomi.report.drawing import spread_apart
from hinomi.report.map import KINDS as LINES

LABELS = {"a": "one", "b": "two"}
PLACES = st.lists(
    st.tuples(st.floats(-1e3, 1e3), st.floats(0.1, 50.0)), min_size=1, max_size=12
)  # fmt: skip


@given(PLACES)
@settings(max_examples=80, derandomize=True, deadline=None)
def test_labels_never_cover_each_other_and_keep_their_order(found):
    places, widths = (list(x) for x in zip(*found, strict=True))
    moved = spread_apart(places, widths)
    order = np.argsort(moved, kind="stable")
    for i, j in pairwise(order):
        assert moved[j] - moved[i] >= 0.5 * (widths[i] + widths[j]) - 1e-6
        assert places[i] <= places[j]


def test_labels_that_have_room_stay_and_two_that_meet_move_alike():
    assert spread_apart([0.0, 10.0], [4.0, 4.0]) == [0.0, 10.0]
    assert spread_apart([11.0, 10.0], [4.0, 4.0]) == [12.5, 8.5]


def test_numbers_of_a_timeline_stand_apart():
    """Two steps 3 s apart on an axis of 2,500 s: their figures would print over each other."""
    mpl.use("agg")
    from matplotlib import pyplot as plt

    steps = {
        ("a", "first detection"): [73.0], ("a", "launch message"): [76.0], ("a", "launch"): [0.0],
        ("a", "firm track"): [74.0], ("a", "alert"): [77.0], ("a", "arrival"): [2500.0],
    }  # fmt: skip
    with mpl.rc_context(figures.THEME):
        drawn = figures.timeline(steps, ["a"], LABELS)
        drawn.canvas.draw()
        boxes = [t.get_window_extent() for t in drawn.axes[0].texts]
        plt.close(drawn)
    assert len(boxes) == 6
    for i, box in enumerate(boxes):
        assert not any(box.overlaps(other) for other in boxes[:i])


def test_every_kind_of_body_has_a_line_of_its_own():
    assert set(LINES) == set(KINDS)
    assert len({(colour, str(dash)) for colour, dash, _ in LINES.values()}) == len(KINDS)
    assert len({str(dash) for _, dash, _ in LINES.values()}) == len(KINDS)  # in grey too


@pytest.mark.parametrize(("arrival", "shown"), [(600.0, 2), (9000.0, 1)])
def test_a_piece_too_short_for_its_figure_has_none(arrival, shown):
    from matplotlib import pyplot as plt

    mpl.use("agg")
    times = {("a", "seen"): [20.0], ("a", "issued"): [420.0], ("a", "arrival"): [arrival]}
    with mpl.rc_context(figures.THEME):
        drawn = people_figure.clock_figure(times, ["a"], LABELS)
        texts = [t.get_text() for t in drawn.axes[0].texts]
        plt.close(drawn)
    assert texts == ["20", "400"][-shown:]

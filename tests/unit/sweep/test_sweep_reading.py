"""Curves and sentences from tables whose answers are known."""

import numpy as np
import pytest

from hinomi.settings.target import Target
from hinomi.sweep.axis import Axis
from hinomi.sweep.design import Design
from hinomi.sweep.reading import curve
from hinomi.sweep.words import LIFTED, sentences

ALONE = Target(top="a")


def design(axis, settings, name="lhs"):
    return Design(
        name=name, axes=(axis,), settings=tuple((s,) for s in settings),
        shares=np.empty((0, 1)), size=0,
    )  # fmt: skip


def test_settings_are_compared_on_the_raids_that_are_finite_at_all_of_them():
    """No setting changes anything, but the second misses the raid with the largest figure."""
    raids = np.array([1.0, 2.0, 9.0])
    y = np.array([raids, np.where(raids > 5.0, np.nan, raids), np.full(3, np.nan)])
    axis = Axis(key="k", values=(1.0, 2.0, 3.0))
    steps = curve(design(axis, axis.values, "grid"), 0, y, ALONE, "leakers")
    assert [s.value.value for s in steps[:2]] == [1.5, 1.5]
    assert [s.change.value for s in steps[:2]] == [0.0, 0.0]
    assert np.isnan(
        steps[2].value.value
    )  # nothing was finite there, and it took no raid from others


def test_a_step_stands_where_its_settings_are():
    """y = k without chance: value and setting of each step are the same number."""
    settings = [0.01, 0.02, 0.39, 0.55, 0.97]
    y = np.array(settings)[:, None] * np.ones(2)
    steps = curve(design(Axis(key="k", low=0.0, high=1.0), settings), 0, y, ALONE, "leakers")
    assert [s.setting for s in steps] == pytest.approx([0.015, 0.39, 0.55, 0.97])
    assert [s.value.value for s in steps] == pytest.approx([s.setting for s in steps])


def interval(value, low=None, high=None):
    return {"value": value, "low": low, "high": high, "n": 3}


def content(values, order, *, name="grid", indices=None):
    """As much of an answer as sentences read: one key, one figure, one target."""
    steps = [{"setting": float(i), **interval(v)} for i, v in enumerate(values)]
    return {
        "design": {"name": name}, "figures": {"leakers": {}}, "targets": ["a"], "replicates": 3,
        "keys": [{"key": "k", "unit": "1"}],
        "points": [{"name": f"p{i}", "settings": {"k": float(i)}, "failed": None,
                    "results": {"a": {"leakers": interval(v)}}} for i, v in enumerate(values)],
        "results": {"a": {"leakers": {"base": interval(1.0), "curves": {"k": steps}, "order": order,
                                      "indices": indices}}},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("values", "order", "words"),
    [
        ([1.0, 4.0], [], "see the curves"),  # a key of threats is in no order
        ([1.0, 4.0, 1.0], ["k"], "see the curves"),  # both ends alike
        ([2.0, 2.0], ["k"], "no key moves it"),
        ([1.0, 4.0], ["k"], "k from 0 to 1: 1 to 4"),
    ],
)
def test_no_key_moves_it_is_said_only_where_all_settings_agree(values, order, words):
    (line,) = [s for s in sentences(content(values, order)) if "mean over the others" in s]
    assert words in line


def test_sizes_of_morris_say_that_chance_lifts_them_and_show_the_mean_with_its_sign():
    keys = {"k": {"mu": interval(-0.1, -0.5, 0.3), "mu_star": interval(0.4, 0.2, 0.6)}}
    told = sentences(content([1.0, 2.0], [], name="morris", indices={"keys": keys}))
    (line,) = [s for s in told if "mean size" in s]
    assert LIFTED in line
    assert "k 0.4 (0.2 to 0.6), mean with its sign -0.1 (-0.5 to 0.3)" in line


def test_no_index_says_why():
    found = {"keys": {"k": {}}, "why": "4 whole rows of the design, 16 are needed"}
    told = sentences(content([1.0, 2.0], [], name="sobol", indices=found))
    assert any(
        s.endswith("total index: not defined: 4 whole rows of the design, 16 are needed.")
        for s in told
    )


def test_a_figure_that_no_key_moves_is_not_called_undefined():
    """Effects that are all zero are known."""
    none = interval(0.0, 0.0, 0.0)
    found = {"keys": {"k": {"mu": none, "mu_star": none}}, "why": None}
    told = sentences(content([1.0, 1.0], [], name="morris", indices=found))
    (line,) = [s for s in told if "mean size" in s]
    assert line.endswith(": no key moves it.")

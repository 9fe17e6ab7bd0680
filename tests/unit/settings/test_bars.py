"""The interval and the figure beside a bar: where they stand, and where none is drawn."""

from matplotlib.figure import Figure

from hinomi.settings.bars import whisker
from hinomi.settings.measures import factor_of

NAME = "cost_musd"


def drawn(value, low, high):
    """The lines and texts of one whisker."""
    ax = Figure().subplots()
    whisker(ax, {"value": value, "low": low, "high": high}, NAME, place=2.0)
    return ax


def test_the_interval_is_a_line_and_the_figure_stands_beyond_its_end():
    factor = factor_of(NAME)
    ax = drawn(3.0, 1.0, 4.0)
    (line,) = ax.lines
    assert list(line.get_xdata()) == [1.0 * factor, 4.0 * factor]
    assert list(line.get_ydata()) == [2.0, 2.0]
    (text,) = ax.texts
    assert text.xy == (4.0 * factor, 2.0)
    assert text.get_ha() == "left"
    (text,) = drawn(-3.0, -4.0, -1.0).texts
    assert text.xy == (-4.0 * factor, 2.0)
    assert text.get_ha() == "right"


def test_without_an_interval_or_with_one_of_no_width_there_is_no_line():
    for low, high in ((None, None), (3.0, 3.0)):
        ax = drawn(3.0, low, high)
        assert not ax.lines
        assert ax.texts[0].xy == (3.0 * factor_of(NAME), 2.0)

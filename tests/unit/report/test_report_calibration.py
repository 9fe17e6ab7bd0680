"""The report's section on calibration: rows, sentence and diagram of the calibration that ships."""

import matplotlib as mpl
import pytest

from hinomi.report.calibration import calibration_section, committed, reliability_figure
from hinomi.report.tongue import JAPANESE


@pytest.fixture(scope="module")
def section():
    return calibration_section()


def test_every_entry_has_a_row_with_its_area(section):
    assert len(section["rows"]) == len(committed()["coverage"])
    assert all(row["area"] and row["interval"] for row in section["rows"])


def test_the_sentence_tells_each_phase_of_the_scenario(section):
    for words in ("burning", "coasting", "gliding", "90 %"):
        assert words in section["sentence"]


def test_the_sentence_says_which_scenario_was_calibrated_and_that_it_was_not_this_run(section):
    assert section["sentence"].startswith(
        "Calibrated once on okinawa-2025, not on this run. Of the"
    )
    assert "okinawa-2025の発射のうち" in calibration_section(say=JAPANESE)["sentence"]
    own = calibration_section({**committed(), "scenario": "mine"})["sentence"]
    assert own.startswith("Of the launches of mine, ")


def test_both_predictors_and_their_difference_are_told(section):
    assert {row["predictor"] for row in section["rows"]} == {"fast, as in this study", "full sampling"}  # fmt: skip
    assert {row["phase"] for row in section["differences"]} >= {"burning", "coasting", "gliding"}
    assert section["brier"]


def test_the_diagram_has_two_rows_of_three_panels():
    mpl.use("agg")
    from matplotlib import pyplot as plt

    figure = reliability_figure()
    try:
        assert len(figure.axes) == 6
        assert all(len(axes.containers) > 0 for axes in figure.axes)
    finally:
        plt.close(figure)

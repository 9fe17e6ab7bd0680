"""Sobol indices of the Ishigami function (Ishigami and Homma 1990), a = 7, b = 0.1.

`ishigami.csv`: exact values from the closed form (Saltelli et al., Sensitivity Analysis, 2000), and
what SALib 1.6.0 finds with 1,024 rows and the random seed 1.
"""

import csv
from pathlib import Path

import numpy as np
import pytest

from hinomi.sweep.axis import Axis
from hinomi.sweep.design import design_of
from hinomi.sweep.indices import FIRST, TOTAL, sobol

A, B, ROWS = 7.0, 0.1, 1024
AXES = [Axis(key=k, low=-np.pi, high=np.pi) for k in ("x1", "x2", "x3")]


@pytest.fixture(scope="module")
def printed():
    with (Path(__file__).parent / "ishigami.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    return {n: np.array([float(r[n]) for r in rows]) for n in rows[0] if n != "key"}


@pytest.fixture(scope="module")
def found():
    design = design_of("sobol", AXES, points=5 * ROWS, seed=1)
    assert design.size == ROWS
    x = np.array(design.settings)
    y = np.sin(x[:, 0]) + A * np.sin(x[:, 1]) ** 2 + B * x[:, 2] ** 4 * np.sin(x[:, 0])
    return sobol(y[:, None], ROWS, 3)


def test_the_exact_values_in_the_file_are_those_of_the_closed_form(printed):
    first = 0.5 * (1.0 + B * np.pi**4 / 5.0) ** 2
    second = A**2 / 8.0
    both = B**2 * np.pi**8 * (1.0 / 18.0 - 1.0 / 50.0)
    whole = first + second + both
    np.testing.assert_allclose(
        printed["exact_S1"], np.array([first, second, 0.0]) / whole, atol=1e-5
    )
    np.testing.assert_allclose(
        printed["exact_ST"], np.array([first + both, second, both]) / whole, atol=1e-5
    )


def test_indices_are_the_printed_ones(found, printed):
    np.testing.assert_allclose(found[FIRST].value, printed["salib_S1"], atol=1e-3)
    np.testing.assert_allclose(found[TOTAL].value, printed["salib_ST"], atol=1e-3)


def test_the_exact_values_lie_within_the_intervals(found, printed):
    for index, exact in ((FIRST, "exact_S1"), (TOTAL, "exact_ST")):
        assert (found[index].low <= printed[exact] + 1e-9).all()
        assert (printed[exact] - 1e-9 <= found[index].high).all()

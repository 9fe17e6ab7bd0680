"""Hearing and acting against closed forms and published-rate tables."""

import csv
import math
from pathlib import Path

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from hinomi.warn.diffusion import folded, heard_by_channel


def _rows():
    text = (Path(__file__).parent / "warning_tables.csv").read_text().splitlines()
    return list(csv.DictReader(line for line in text if not line.startswith("#")))


@pytest.mark.parametrize("row", _rows(), ids=lambda r: r["channel"])
def test_share_who_have_heard_by_minute(row):
    """Three figures of the table."""
    t = 60.0 * np.array([1.0, 2.0, 3.0, 5.0])
    n = heard_by_channel(
        t,
        broadcast_per_s=float(row["a1"]) / 60,
        contagion_per_s=float(row["a2"]) / 60,
        ceiling=1.0,
    )
    assert n == pytest.approx([float(row[k]) for k in ("n1", "n2", "n3", "n5")], abs=6e-4)


def test_closed_form_solves_its_differential_equation():
    """dn/dt = (a1 + a2 n)(1 - n), integrated by another method."""
    a1, a2 = 0.02, 0.03
    t = np.linspace(0.0, 300.0, 31)
    out = solve_ivp(
        lambda _t, n: (a1 + a2 * n) * (1 - n), (0, 300), [0.0], t_eval=t, rtol=1e-9, atol=1e-12
    )
    n = heard_by_channel(t, broadcast_per_s=a1, contagion_per_s=a2, ceiling=0.7)
    assert n == pytest.approx(0.7 * out.y[0], abs=1e-7)


@pytest.mark.parametrize(
    ("a", "m", "expected"),
    [
        (3.0, 1.0, (0.473, 0.798, 0.925, 0.990, 1.0)),
        (3.0, 0.5, (0.282, 0.559, 0.732, 0.901, 0.992)),
        (1.0, 0.5, (0.155, 0.400, 0.604, 0.843, 0.987)),
    ],
)
def test_exponential_hearing_and_acting(a, m, expected):
    """1 - (m e^(-a t) - a e^(-m t))/(m - a): the table's figures and the formula itself."""
    t = np.arange(0.0, 601.0)
    middle = t[:-1] + 0.5
    got = folded(
        heard_by_channel(t, broadcast_per_s=a / 60, contagion_per_s=0.0, ceiling=1.0),
        1.0 - np.exp(-m / 60 * middle),
    )
    at = [60, 120, 180, 300, 600]
    assert got[at] == pytest.approx(expected, abs=6e-4)
    formula = 1 - (m * np.exp(-a * t / 60) - a * np.exp(-m * t / 60)) / (m - a)
    assert got == pytest.approx(formula, abs=2e-4)
    assert math.isclose(got[0], 0.0)

"""Steady errors of a manoeuvring track against tabulated values and a Riccati solver."""

import csv
from pathlib import Path

import numpy as np
import pytest
from scipy.linalg import solve_discrete_are

from hinomi.records.tracks import MODE_MANOEUVRE
from hinomi.track.modes import update_axis
from hinomi.track.motion import add_noise, predict, spread, velocity_frame

with (Path(__file__).parent / "steady_state.csv").open() as file:
    ROWS = list(csv.DictReader(line for line in file if not line.startswith("#")))
SIGMA, TAU, ALONG = 15.0, 20.0, 10.0


def steady(cross):
    """Position and velocity rms after 300 reports: level flight seen from the side."""
    x = np.array([6.42e6, 0.0, 0.0, 0.0, 3e3, 0.0, 0.0, 8.4, 0.0])
    p = np.diag(np.r_[np.full(3, 1e6), np.full(3, 1e4), np.full(3, SIGMA**2)])
    level, phi, f = x.copy(), np.exp(-1.0 / TAU), np.empty((6, 9))
    here = (1.0, 3.0, 8.4)
    own = tuple(np.full(3, SIGMA**2 * (1.0 - phi * phi)))
    predict(MODE_MANOEUVRE, x, np.eye(9), here, here, 1.0, f, np.empty((6, 9)))
    for _ in range(300):
        x[:] = level
        spread(p, f, (phi, phi, phi, 0.0), np.empty((6, 9)))
        add_noise(p, velocity_frame(*x[:6]), (1.0, 1.0, 1.0), own, 0.0, 1.0)
        for axis, variance in zip(np.eye(3), (cross**2, cross**2, ALONG**2), strict=True):
            update_axis(x, p, *axis, *x[:3], variance, np.empty(9))
    return np.sqrt(np.trace(p[:3, :3])), np.sqrt(np.trace(p[3:6, 3:6]))


def riccati(cross):
    """The same by an independent solver, axis by axis, with Singer's exact transition and noise."""
    y = 1.0 / TAU
    e = np.exp(-y)
    f = np.array([[1, 1, TAU**2 * (e - 1 + y)], [0, 1, TAU * (1 - e)], [0, 0, e]])
    n = 2000
    s = (np.arange(n) + 0.5) / n
    g = np.array(
        [TAU**2 * (np.exp(-s * y) - 1 + s * y), TAU * (1 - np.exp(-s * y)), np.exp(-s * y)]
    )
    q = 2 * SIGMA**2 / TAU * (g @ g.T) / n
    total = np.zeros(2)
    for r in (cross**2, cross**2, ALONG**2):
        h = np.array([[1.0, 0.0, 0.0]])
        ahead = solve_discrete_are(f.T, h.T, q, np.array([[r]]))
        after = ahead - ahead @ h.T @ h @ ahead / (ahead[0, 0] + r)
        total += [after[0, 0], after[1, 1]]
    return np.sqrt(total)


@pytest.mark.parametrize("row", ROWS, ids=lambda r: f"{r['range_km']} km")
def test_steady_errors_equal_the_table(row):
    position, speed = steady(float(row["cross_m"]))
    assert position == pytest.approx(float(row["position_m"]), rel=0.15)
    assert speed == pytest.approx(float(row["velocity_mps"]), rel=0.15)


@pytest.mark.parametrize("row", ROWS, ids=lambda r: f"{r['range_km']} km")
def test_steady_errors_equal_an_independent_riccati_solver(row):
    assert np.allclose(steady(float(row["cross_m"])), riccati(float(row["cross_m"])), rtol=0.03)

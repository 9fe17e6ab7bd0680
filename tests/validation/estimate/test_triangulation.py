"""Errors of a place from two lines of sight against the closed form and against scatter."""

import csv
from pathlib import Path

import numpy as np
import pytest

from hinomi.estimate.triangulate import triangulate

with (Path(__file__).parent / "triangulation.csv").open() as file:
    ROWS = list(csv.DictReader(line for line in file if not line.startswith("#")))
REACH_M, SIGMA = 2.5e6, 50e-6


def lines(crossing_deg):
    half = np.radians(crossing_deg) / 2.0
    los = np.array([[np.cos(half), np.sin(half), 0.0], [np.cos(half), -np.sin(half), 0.0]])
    return np.array([7e5, -3e5, 4e5]) - REACH_M * los, los


@pytest.mark.parametrize("row", ROWS, ids=lambda r: f"{r['crossing_deg']} degrees")
def test_the_told_error_equals_the_closed_form(row):
    fix = triangulate(*lines(float(row["crossing_deg"])), SIGMA)
    assert np.sqrt(np.trace(fix.cov_m2)) == pytest.approx(float(row["rms_m"]), rel=0.01)
    assert np.degrees(fix.crossing_rad) == pytest.approx(float(row["crossing_deg"]))


@pytest.mark.parametrize("row", ROWS, ids=lambda r: f"{r['crossing_deg']} degrees")
def test_noisy_lines_scatter_as_much(row):
    """2,000 pairs of lines; the rms of so many is good to 4 %, three sigma of the largest axis."""
    site, los = lines(float(row["crossing_deg"]))
    rng = np.random.default_rng(5)
    errors = []
    for _ in range(2000):
        u = los + SIGMA * (
            rng.normal(size=(2, 1)) * np.array([0.0, 0.0, 1.0])
            + rng.normal(size=(2, 1)) * np.cross(los, [0.0, 0.0, 1.0])
        )
        fix = triangulate(site, u / np.linalg.norm(u, axis=1, keepdims=True), SIGMA)
        errors.append(fix.r_m - [7e5, -3e5, 4e5])
    rms = np.sqrt((np.array(errors) ** 2).sum(axis=1).mean())
    assert rms == pytest.approx(float(row["rms_m"]), rel=0.05)

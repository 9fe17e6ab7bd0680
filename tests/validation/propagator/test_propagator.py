"""The stored answers of the propagator are what it gives, and are flights at all."""

import csv
import math
import runpy
from pathlib import Path

import numpy as np
import pytest

HERE = Path(__file__).parent
M = runpy.run_path(str(HERE / "make_reference.py"))
with (HERE / "brahe.csv").open() as file:
    ROWS = list(csv.DictReader(file))


def test_stored_answers_are_those_of_the_library():
    pytest.importorskip("brahe", reason="brahe is in the environment of make bench-flight only")
    again = list(M["rows"]())
    assert [row["case"] for row in again] == [row["case"] for row in ROWS]
    for new, old in zip(again, ROWS, strict=True):
        for name in M["FIELDS"][1:]:
            assert float(new[name]) == pytest.approx(float(old[name]), abs=1e-3), (
                new["case"],
                name,
            )


@pytest.mark.parametrize("case", list(M["CASES"]))
def test_a_stored_flight_begins_where_it_is_said_to_and_ends_on_the_ellipsoid(case):
    rows = [
        [float(v) for k, v in row.items() if k != "case"] for row in ROWS if row["case"] == case
    ]
    assert rows[0][1:] == pytest.approx(M["start"](*M["CASES"][case]), abs=1e-5)
    x, y, z = rows[-1][1:4]
    a, b = M["A"], M["A"] * math.sqrt(1.0 - M["E2"])
    assert (x * x + y * y) / a**2 + z * z / b**2 == pytest.approx(1.0, abs=1e-9)


@pytest.mark.parametrize("case", list(M["CASES"]))
def test_a_stored_flight_keeps_its_energy_without_rotation(case):
    """Kinetic energy and potential with J2, in axes that do not turn, to 1e-9."""
    mu, radius, j2 = 3.986004415e14, 6378136.3, 1.0826261738522227e-3
    kept = []
    for row in ROWS:
        if row["case"] == case:
            state = M["swept"](np.array([float(row[k]) for k in M["FIELDS"][2:]]), 1)
            r = math.sqrt(state[:3] @ state[:3])
            flat = 1.0 - j2 * (radius / r) ** 2 * (1.5 * (state[2] / r) ** 2 - 0.5)
            kept.append(0.5 * state[3:] @ state[3:] - mu / r * flat)
    assert np.ptp(kept) < 1e-9 * abs(kept[0])

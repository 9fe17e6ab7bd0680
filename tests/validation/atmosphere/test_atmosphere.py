"""Density, pressure and speed of sound against the U.S. Standard Atmosphere 1976."""

import csv
from pathlib import Path

import pytest

from hinomi.earth.atmosphere import state

with (Path(__file__).parent / "ussa1976.csv").open() as file:
    ROWS = list(csv.DictReader(file))
# Height [m] -> density, pressure, speed of sound, as an independent package computes them.
_, *_lines = (Path(__file__).parent / "package.csv").read_text().splitlines()
PACKAGE = {float(z): tuple(map(float, rest)) for z, *rest in (line.split(",") for line in _lines)}


@pytest.mark.parametrize("row", ROWS, ids=lambda r: f"{r['altitude_geometric_km']}km")
def test_the_standard_is_met_as_printed(row):
    """Heights are printed to a metre: where the geopotential is whole, it rules."""
    geopotential = 1e3 * float(row["altitude_geopotential_km"])
    z = 6356766.0 * geopotential / (6356766.0 - geopotential)
    if "." not in row["altitude_geometric_km"]:
        z = 1e3 * float(row["altitude_geometric_km"])
    rho, pressure, sound = state(z)
    if z >= 86e3:  # from here on the standard's table of four digits rules
        assert rho == pytest.approx(float(row["density_kg_m3"]), rel=1e-4)
        assert sound == pytest.approx(float(row["speed_of_sound_m_s"]), abs=0.01)
        return
    assert rho == pytest.approx(float(row["density_kg_m3"]), rel=1e-6)
    assert pressure == pytest.approx(float(row["pressure_pa"]), rel=1e-6)
    assert sound == pytest.approx(float(row["speed_of_sound_m_s"]), abs=1e-3)


def test_an_independent_package_agrees_to_five_digits_below_86_km():
    low = {z: theirs for z, theirs in PACKAGE.items() if z < 86e3}
    assert len(low) == 344
    for height, theirs in low.items():
        assert state(height) == pytest.approx(theirs, rel=2e-5)


def test_above_86_km_the_table_is_met_at_its_knots_and_within_a_quarter_between():
    for height in (90e3, 100e3, 110e3, 120e3, 150e3, 200e3, 300e3, 500e3):
        assert state(height)[0] == pytest.approx(PACKAGE[height][0], rel=0.07)
    for height in (95e3, 105e3, 130e3, 170e3, 250e3):
        assert state(height)[0] == pytest.approx(PACKAGE[height][0], rel=0.25)


def test_density_falls_without_a_step_at_86_km_and_is_nothing_in_space():
    below, above = state(86e3 - 0.01)[0], state(86e3)[0]
    assert above == pytest.approx(below, rel=1e-3)
    assert state(1.5e6)[0] == 0.0

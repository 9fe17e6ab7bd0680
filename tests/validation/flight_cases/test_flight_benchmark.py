"""The flight benchmark at the size of a test: its flights, its errors, its count of operations."""

import importlib
import sys
from pathlib import Path

import numpy as np
import pytest

FOLDER = Path(__file__).parents[3] / "benchmarks"
NAMES = ("ballistic", "glide")


@pytest.fixture(scope="module")
def bench():
    """The driver, imported as it imports its neighbours."""
    sys.path.insert(0, str(FOLDER))
    try:
        yield importlib.import_module("flight")
    finally:
        sys.path.remove(str(FOLDER))


@pytest.mark.parametrize("name", NAMES)
def test_flights_are_those_that_the_page_of_the_benchmark_describes(bench, name):
    """Times and ranges of the first flights, all of which land."""
    p = bench.problem(name, 20)
    ours = bench.Hinomi(1e-8, output=False)
    ours.prepare(p)
    ends = ours.fly()
    times = ours.result[:, bench.END_T]
    start = p.starts[:, 6:9]
    turned = (
        np.sum(start * ends, axis=1) / np.linalg.norm(start, axis=1) / np.linalg.norm(ends, axis=1)
    )
    ranged = 6371.0 * np.arccos(turned)
    assert (ours.result[:, bench.STATUS] == bench.LANDED).all()
    low, high = ((580, 750), (930, 1180)) if name == "ballistic" else ((930, 1180), (2900, 4000))
    assert low[0] < times.min() <= times.max() < low[1]
    assert high[0] < ranged.min() <= ranged.max() < high[1]
    assert times.max() < importlib.import_module("flight_problems").ROWS[name]


@pytest.mark.parametrize("name", NAMES)
def test_a_flight_depends_on_its_number_alone(bench, name):
    whole, late = bench.problem(name, 6), bench.problem(name, 2, first=3)
    assert np.array_equal(whole.bodies[3:5], late.bodies)
    assert np.array_equal(whole.starts[3:5], late.starts)
    assert not np.array_equal(whole.starts[0], whole.starts[1])


@pytest.mark.parametrize("name", NAMES)
def test_the_reference_agrees_with_dop853_to_a_tenth_of_a_metre(bench, name):
    """SciPy restarted at the same breaks, ends located by its own events."""
    assert bench.confirmed_m(name, 3) < 0.1


@pytest.mark.parametrize("name", NAMES)
def test_the_error_falls_with_the_tolerance(bench, name):
    coarse, fine = bench.accuracy(name, 20, (1e-5, 1e-9))
    assert fine[1] < 1.0 < coarse[1]
    assert fine[2] < 0.1 * coarse[2]
    assert fine[3] > coarse[3]


@pytest.mark.parametrize("name", NAMES)
def test_rows_do_not_change_where_a_flight_ends(bench, name):
    p = bench.problem(name, 3)
    ends = []
    for output in (False, True):
        ours = bench.Hinomi(1e-8, output=output)
        ours.prepare(p)
        ends.append(ours.fly())
    assert np.array_equal(*ends)


def test_operations_are_counted_one_by_one(bench):
    peak = bench.flight_peak
    x = peak.Counting(3.0)
    peak.Counting.done = 0
    y = 2.0 * x + np.float64(1.0) / x - abs(-x)
    assert float(y) == pytest.approx(2.0 * 3.0 + 1.0 / 3.0 - 3.0)
    assert peak.Counting.done == 4
    assert float(peak.CountingMath().sqrt(x)) == pytest.approx(3.0**0.5)
    assert float(peak.CountingMath().exp(x)) == pytest.approx(np.exp(3.0))
    assert peak.Counting.done == 5 + peak.DEAR


def test_a_call_of_the_equations_takes_tens_to_hundreds_of_operations(bench):
    counts = bench.flight_peak.counts()
    assert 30.0 < counts["ballistic"] < 250.0
    assert 100.0 < counts["glide"] < 300.0

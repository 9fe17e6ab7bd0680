"""Probability of detection against printed values and against counted draws."""

import csv
import math
import runpy
from pathlib import Path

import numpy as np
import pytest

from hinomi.watch.detect import gaussian_pd, steady_pd, swerling1_pd

albersheim_snr_db = runpy.run_path(str(Path(__file__).with_name("albersheim.py")))["snr_db"]
with (Path(__file__).parent / "swerling.csv").open(encoding="utf-8") as file:
    ROWS = list(csv.DictReader(file))
N = 400_000


def within_three_errors(count, n, p):
    return abs(count - n * p) <= 3.0 * math.sqrt(n * p * (1.0 - p))


def noise(rng, n=N):
    """Complex noise of unit mean power."""
    return (rng.standard_normal(n) + 1j * rng.standard_normal(n)) / math.sqrt(2.0)


@pytest.mark.parametrize(
    "row", [r for r in ROWS if r["case"] == "swerling1"], ids=lambda r: r["snr_db"]
)
def test_fluctuating_target_agrees_with_printed_values(row):
    snr, pfa = 10.0 ** (0.1 * float(row["snr_db"])), float(row["false_alarm_probability"])
    assert swerling1_pd(snr, pfa) == pytest.approx(float(row["pd"]), abs=0.000501)


def test_albersheim_agrees_with_its_printed_value_and_with_the_exact_steady_target():
    assert albersheim_snr_db(0.9, 1e-6) == pytest.approx(13.115, abs=0.0005)
    for pd, error_db in ((0.3, 0.3), (0.5, 0.1), (0.7, 0.1), (0.9, 0.1)):
        for pfa in (1e-7, 1e-6, 1e-4, 1e-3):
            snr_db = albersheim_snr_db(pd, pfa)
            low, high = 10 ** (0.1 * (snr_db - error_db)), 10 ** (0.1 * (snr_db + error_db))
            assert steady_pd(low, pfa) < pd < steady_pd(high, pfa)


@pytest.mark.parametrize("snr_db", [3.0, 10.0, 15.0])
@pytest.mark.parametrize("pfa", [1e-2, 1e-6])
def test_counted_detections_of_fluctuating_and_steady_targets_agree(snr_db, pfa):
    """Draw signal and noise, compare power with the threshold that noise alone passes with Pfa."""
    rng = np.random.default_rng(20250915)
    snr, threshold = 10.0 ** (0.1 * snr_db), -math.log(pfa)
    amplitude = math.sqrt(snr)
    fluctuating = np.abs(amplitude * noise(rng) + noise(rng)) ** 2 > threshold
    steady = np.abs(amplitude + noise(rng)) ** 2 > threshold
    assert within_three_errors(fluctuating.sum(), N, swerling1_pd(snr, pfa))
    assert within_three_errors(steady.sum(), N, steady_pd(snr, pfa))


@pytest.mark.parametrize("snr", [3.0, 5.0, 7.0])
def test_counted_infrared_detections_agree(snr):
    count = (snr + np.random.default_rng(7).standard_normal(N) > 5.0).sum()
    assert within_three_errors(count, N, gaussian_pd(snr, 5.0))


def test_threshold_of_five_sigmas_has_the_false_alarm_probability_of_the_normal_tail():
    assert gaussian_pd(0.0, 5.0) == pytest.approx(2.8665e-7, rel=1e-4)


def test_reference_ratio_means_ninety_per_cent_steady_and_fifty_two_fluctuating():
    snr = 10.0**1.3
    assert steady_pd(snr, 1e-6) == pytest.approx(0.874, abs=0.001)
    assert steady_pd(10.0**1.318, 1e-6) == pytest.approx(0.90, abs=0.001)
    assert swerling1_pd(snr, 1e-6) == pytest.approx(0.52, abs=0.005)

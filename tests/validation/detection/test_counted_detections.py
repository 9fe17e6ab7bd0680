"""Detection formulas against a library's distribution and against a million simulated dwells."""

import csv
import math
import runpy
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from hinomi.watch.detect import gaussian_pd, steady_pd, swerling1_pd

albersheim_snr_db = runpy.run_path(str(Path(__file__).with_name("albersheim.py")))["snr_db"]
N = 1_000_000
PARTS = 4


def share_detected(threshold, amplitude, *, fluctuates, seed):
    """Share of N dwells whose power, signal plus complex noise of mean power 1, passes."""
    rng, count = np.random.default_rng(seed), 0
    for _ in range(PARTS):
        n = N // PARTS
        real, imaginary = rng.standard_normal((2, n)) * math.sqrt(0.5)
        if fluctuates:
            a, b = rng.standard_normal((2, n)) * math.sqrt(0.5)
            real, imaginary = real + amplitude * a, imaginary + amplitude * b
        else:
            real = real + amplitude
        count += int((real * real + imaginary * imaginary > threshold).sum())
    return count / N


@pytest.mark.parametrize("pfa", [1e-3, 1e-4, 1e-6, 1e-8, 1e-12])
def test_steady_target_agrees_with_the_non_central_chi_squared_distribution(pfa):
    for snr_db in (-30.0, -3.0, 3.0, 8.0, 10.0, 13.0, 13.115, 15.0, 20.0, 40.0):
        snr = 10 ** (0.1 * snr_db)
        exact = stats.ncx2.sf(-2 * math.log(pfa), 2, 2 * snr)
        assert steady_pd(snr, pfa) == pytest.approx(exact, rel=1e-7, abs=1e-12)


def test_no_signal_gives_the_false_alarm_probability():
    for pfa in (1e-3, 1e-6, 1e-10):
        assert steady_pd(0.0, pfa) == pytest.approx(pfa, rel=1e-9)
        assert swerling1_pd(0.0, pfa) == pytest.approx(pfa, rel=1e-9)


def test_detection_grows_with_the_ratio_up_to_one():
    ratios = 10 ** np.linspace(-3, 6, 400)
    pd = np.array([steady_pd(r, 1e-6) for r in ratios])
    assert (np.diff(pd) >= -1e-13).all()
    assert pd[-1] == 1.0
    assert (pd <= 1.0).all()


@pytest.mark.parametrize("snr_db", [5.0, 10.0, 13.0])
@pytest.mark.parametrize("fluctuates", [False, True])
def test_a_million_simulated_dwells_agree_within_three_standard_errors(snr_db, fluctuates):
    for pfa in (1e-3, 1e-6):
        snr = 10 ** (0.1 * snr_db)
        p = (swerling1_pd if fluctuates else steady_pd)(snr, pfa)
        seen = share_detected(
            -math.log(pfa), math.sqrt(snr), fluctuates=fluctuates, seed=int(snr_db)
        )
        assert abs(seen - p) <= 3.0 * math.sqrt(p * (1 - p) / N)


@pytest.mark.parametrize("pd", [0.5, 0.7, 0.9])
def test_at_albersheims_ratio_a_million_dwells_give_the_wanted_probability(pd):
    """The fit is good to 0.1 dB: what that is worth in probability is the tolerance."""
    snr_db = albersheim_snr_db(pd, 1e-6)
    seen = share_detected(-math.log(1e-6), 10 ** (0.05 * snr_db), fluctuates=False, seed=17)
    low, high = (steady_pd(10 ** (0.1 * (snr_db + d)), 1e-6) for d in (-0.1, 0.1))
    error = 3.0 * math.sqrt(pd * (1 - pd) / N)
    assert low - error < pd < high + error
    assert abs(seen - steady_pd(10 ** (0.1 * snr_db), 1e-6)) <= error


@pytest.mark.parametrize("snr", [3.0, 5.0, 6.0, 8.0])
def test_a_million_infrared_frames_agree_within_three_standard_errors(snr):
    seen = (snr + np.random.default_rng(int(snr)).standard_normal(N) > 5.0).mean()
    p = gaussian_pd(snr, 5.0)
    assert abs(seen - p) <= 3.0 * math.sqrt(p * (1 - p) / N)


def test_infrared_probability_is_the_normal_tail():
    for snr in (0.0, 2.5, 5.0, 7.5):
        assert gaussian_pd(snr, 5.0) == pytest.approx(stats.norm.sf(5.0 - snr), rel=1e-12)


def test_the_printed_table_holds_for_the_reference_range():
    """13.115 dB: 90 % for a steady target by Albersheim; 52 % for a fluctuating one at 13 dB."""
    with (Path(__file__).parent / "swerling.csv").open(encoding="utf-8") as file:
        rows = {(r["case"], r["snr_db"]): float(r["pd"]) for r in csv.DictReader(file)}
    steady = rows["albersheim", "13.115"]
    assert steady_pd(10**1.3115, 1e-6) == pytest.approx(steady, abs=0.01)
    assert swerling1_pd(10**1.3, 1e-6) == pytest.approx(rows["swerling1", "13"], abs=0.0006)

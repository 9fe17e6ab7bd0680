"""The check line passes on honest draws, fails on tampered ones, and says why K^W differs."""

import math

import numpy as np
import pytest

from hinomi.report.data import check_rows
from hinomi.study.checks import (
    MOST_Z,
    UNITS,
    Asked,
    checks_of,
    failed_words,
    kill_check,
    kill_metrics,
)
from hinomi.study.summary import Measured

RAIDS, THREATS = 200, 8


def raid_of(uniforms, *, granted=1.0):
    """Shoot-look-shoot at eight threats, at most three salvos each; later salvos depend on luck."""
    salvos, leakers = [], 0
    for u in uniforms.reshape(THREATS, 3):
        alive = True
        for k, x in enumerate(u):
            planned = (0.7, 0.5, 0.9)[k]
            asked = planned * (0.5 if k == 1 else 1.0)  # a track that was not held
            killed = bool(x < asked * granted)
            salvos.append(Asked(planned=planned, asked=asked, killed=killed))
            if killed:
                alive = False
                break
        leakers += alive
    return kill_metrics(salvos, threats=THREATS) | {"leakers": float(leakers)}


def measured(raids, architecture="A"):
    names = [*UNITS, "leakers"]
    values = {(architecture, n): np.array([r[n] for r in raids]) for n in names}
    return Measured(tuple(range(len(raids))), dict(UNITS), values)


def draws(seed):
    return np.random.default_rng(seed).random((RAIDS, THREATS * 3))


@pytest.mark.parametrize("seed", range(5))
def test_honest_draws_pass_although_what_is_fired_depends_on_luck(seed):
    checks = checks_of(measured([raid_of(u) for u in draws(seed)]), ["A"])
    assert checks["A"]["kills"]["within"]
    assert not failed_words(checks)


@pytest.mark.parametrize("tamper", [lambda u: u**1.4, lambda u: np.sqrt(u), lambda u: 0.85 * u])
def test_tampered_draws_fail_and_are_told(tamper):
    checks = checks_of(measured([raid_of(tamper(u)) for u in draws(1)]), ["A"])
    assert not checks["A"]["kills"]["within"]
    assert abs(checks["A"]["kills"]["z"]) > MOST_Z
    assert "CHECK FAILED: A" in failed_words(checks)[0]


def test_a_world_that_grants_less_than_it_was_asked_for_fails():
    checks = checks_of(measured([raid_of(u, granted=0.85) for u in draws(2)]), ["A"])
    assert checks["A"]["kills"]["z"] < -MOST_Z


def test_z_over_many_runs_has_mean_nought_and_variance_one():
    """The standard error is right: a martingale's variance is the sum of p (1 - p)."""
    z = []
    for seed in range(150):
        u = np.random.default_rng(1000 + seed).random((10, THREATS * 3))
        z.append(checks_of(measured([raid_of(x) for x in u]), ["A"])["A"]["kills"]["z"])
    assert abs(np.mean(z)) < 4.0 / math.sqrt(len(z))
    assert 0.7 < np.var(z) < 1.4


def test_where_nothing_is_left_to_chance_only_equality_passes():
    assert kill_check(5.0, 5.0, 0.0, 5.0)["within"]
    sure = kill_check(4.0, 5.0, 0.0, 5.0)
    assert not sure["within"]
    assert sure["z"] is None


def test_textbook_form_is_k_to_the_w_of_the_mean_salvo():
    """One salvo of 0.96 at each of eight: no leaker with 0.721, as in the closed form."""
    u = np.random.default_rng(3).random((400, 8))
    raids = []
    for row in u:
        salvos = [Asked(planned=0.96, asked=0.96, killed=bool(x < 0.96)) for x in row]
        leakers = float(sum(not s.killed for s in salvos))
        raids.append(kill_metrics(salvos, threats=8) | {"leakers": leakers})
    told = checks_of(measured(raids), ["A"])["A"]["no_leakers"]
    assert told["textbook"] == pytest.approx(0.721, abs=5e-4)
    assert told["low"] < 0.721 < told["high"]
    assert "survivors are shot at again" in told["why"]


def test_a_run_without_these_figures_has_no_check_and_no_row():
    empty = Measured((0, 1), {}, {("A", "leakers"): np.zeros(2)})
    assert checks_of(empty, ["A"]) == {}
    nothing_fired = measured([kill_metrics([], threats=8) | {"leakers": 8.0}] * 3)
    assert checks_of(nothing_fired, ["A"]) == {}
    assert check_rows({"checks": {}}, {}) == check_rows({}, {}) == []


def test_a_row_of_the_report_says_kills_verdict_and_form():
    found = checks_of(measured([raid_of(u) for u in draws(1)]), ["A"])
    row = check_rows({"checks": found}, {"A": "all together"})[0]
    assert row["name"] == "all together"
    assert row["verdict"] == "within 3"
    assert "z = " in row["kills"]
    assert "W 8" in row["textbook"]

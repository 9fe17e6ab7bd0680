"""Raids fought one by one agree with the binomial, where its assumptions hold."""

import csv
import functools
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from hinomi.defend.leakage import leak_distribution, salvo_kill
from hinomi.earth.wgs84 import ecef_from_geodetic, geodetic_from_ecef, local_axes
from hinomi.flight.ahead import path_ahead
from hinomi.footprint.launches import Launch
from hinomi.footprint.raid_bodies import Body
from hinomi.footprint.raid_sweep import sweep
from hinomi.footprint.raids import Setting, fight, raid_order
from hinomi.records.engagements import Battery, EngageSettings, Magazine, Weapon
from hinomi.scenario.load import load
from hinomi.study.seeds import AddressedDraws

RAIDS = 300
ROWS = list(csv.DictReader((Path(__file__).parent / "raid_leakage.csv").read_text().splitlines()))


@functools.cache
def bodies(count):
    """Bodies that fall one beside the other, 20 km apart, within reach of one battery."""
    out = []
    for i in range(count):
        lat, lon = np.radians(30.0), np.radians(129.0 + 0.2 * i)
        r = np.array(ecef_from_geodetic(lat, lon, 250e3))
        axes = np.array(local_axes(lat, lon)).reshape(3, 3)
        v = np.array([0.0, -500.0, -1500.0]) @ axes
        path = path_ahead(
            np.concatenate([r, v, np.zeros(3)]), gliding=False, step_s=1.0, steps=300,
            beta_kg_m2=8000.0, lift_to_drag=2.6,
        )  # fmt: skip
        path = path[np.isfinite(path[:, 0])]
        mean = np.zeros((len(path), 9))
        mean[:, :3], mean[:, 3:6] = path, np.gradient(path, axis=0)
        mean[0, 3:6] = v
        height = np.array([geodetic_from_ecef(*p)[2] for p in path])
        about = np.column_stack([np.zeros(len(path)), np.zeros(len(path)), height])
        flight = Launch(
            threat_class="x", gliding=False, burnout_s=0.0, first_s=0.0, about_end=about
        )
        out.append(
            Body(
                name=f"b{i}", threat_class="x", aim_deg=(30.0, 129.0 + 0.2 * i),
                t_s=np.arange(0.0, len(path), 5.0), mean=mean[::5], launch=flight,
                gliding=np.zeros(len(mean[::5]), bool),
            )
        )  # fmt: skip
    return tuple(out)


def setting(kill, *, count=10, ready=1000, rounds=2, **changes):
    """One salvo at each body: the assessment takes longer than the flight."""
    weapon = Weapon(
        name="w", product="w", provider="parametric", burnout_speed_mps=3000.0, burn_s=5.0,
        decay_s=0.0, average_speed_mps=3000.0, prepare_s=0.0, height_low_m=20e3,
        height_high_m=200e3, range_low_m=0.0, range_high_m=500e3, kill_ballistic=kill,
        kill_glide=0.0, salvo=rounds,
    )  # fmt: skip
    battery = Battery(
        name="b", owner="Japan", lat_deg=29.5, lon_deg=130.0, height_m=0.0, channels=1000,
        magazines=(Magazine(weapon="w", ready=ready, reserve=0),),
    )  # fmt: skip
    return Setting(
        bodies=bodies(count), batteries=(battery,), weapons={"w": weapon}, decide_s=5.0,
        architecture=load("okinawa-2025").architectures["integrated"],
        settings=replace(
            EngageSettings(
                weapon_delay_s=2.0, assess_s=5000.0, keep_out_height_m=0.0, support_share=0.0,
                support_penalty=1.0, same_object_m=2e3, same_path_m=2e3,
            ),
            **changes,
        ),
    )  # fmt: skip


@functools.cache
def leakers(kill, count=10, ready=1000):
    """(RAIDS,) leakers of raids fought one by one."""
    given = setting(kill, count=count, ready=ready)
    out = []
    for number in range(RAIDS):
        draws = AddressedDraws(7, number)
        order, starts = raid_order(given.bodies, draws, within_s=300.0)
        out.append(fight(given, order, starts, draws).leakers)
    return np.array(out)


@pytest.mark.parametrize("row", ROWS, ids=lambda r: f"{r['quantity']}-{r['kill_one_round']}")
def test_fought_raids_agree_with_the_published_form_within_three_standard_errors(row):
    p, w, n = float(row["kill_one_round"]), int(row["raid"]), int(row["rounds"])
    value, slack = float(row["value"]), 0.5 * 10.0 ** -int(row["decimals"])
    leak = (1.0 - p) ** n
    found = leakers(p)
    if row["quantity"] == "no_leak":
        share, error = float((found == 0).mean()), math.sqrt(value * (1.0 - value) / RAIDS)
        assert (1.0 - leak) ** w == pytest.approx(value, abs=slack)
        assert abs(share - value) <= 3.0 * error + slack
    else:
        error = math.sqrt(w * leak * (1.0 - leak) / RAIDS)
        assert w * leak == pytest.approx(value, abs=slack + 1e-9)
        assert abs(float(found.mean()) - w * leak) <= 3.0 * error


def test_the_spread_of_leakers_is_binomial():
    found = np.bincount(leakers(0.7), minlength=11) / RAIDS
    form = leak_distribution(salvo_kill(0.7, 2), 10)
    error = np.sqrt(form * (1.0 - form) / RAIDS)
    assert (np.abs(found - form)[:4] <= 3.0 * error[:4] + 1.0 / RAIDS).all()


def test_a_finite_stock_serves_as_many_as_it_has_salvos():
    found = leakers(0.7, 10, 8)
    kill = salvo_kill(0.7, 2)
    error = math.sqrt(4.0 * kill * (1.0 - kill) / RAIDS)
    assert found.min() >= 6  # eight rounds are four salvos
    assert abs(float(found.mean()) - (10 - 4 * kill)) <= 3.0 * error


def test_leakers_never_fall_with_the_size_and_the_sweep_tells_both_forms():
    found = sweep(
        replace(setting(0.7, ready=12)), (1, 2, 4, 6, 8, 10), replicates=40,
        draws_of=lambda n: AddressedDraws(7, n), within_s=300.0,
    )  # fmt: skip
    means = [p.leakers.value for p in found.points]
    assert means == sorted(means)  # the larger raid holds the smaller one
    assert found.depletion_size == 6  # twelve rounds are six salvos
    for p in found.points:
        served = min(p.size, 6)
        assert p.closed_leakers == pytest.approx(p.size - 0.91 * served)
        assert (
            abs(p.leakers.value - p.closed_leakers)
            <= 3.0 * math.sqrt(served * 0.91 * 0.09 / 40) + 1e-9
        )


# Functions that fail for a threat or for a whole raid.

MANY, BODIES, KILL = 400, 10, 0.8  # two rounds kill with 0.96


def fought(*, rounds=2, **changes):
    """(MANY,) leakers and rounds of raids of ten bodies under changed settings."""
    given = setting(KILL, rounds=rounds, **changes)
    out = []
    for number in range(MANY):
        draws = AddressedDraws(11, number)
        order, starts = raid_order(given.bodies, draws, within_s=300.0)
        found = fight(given, order, starts, draws)
        out.append((found.leakers, found.rounds))
    return np.array(out).T


@pytest.mark.parametrize(
    ("changes", "no_leak", "all_leak"),
    [({"p_track_each": 0.95}, 0.398, 0.0), ({"p_system_raid": 0.95}, 0.632, 0.05)],
)
def test_the_two_kinds_of_dependence_differ_as_published(changes, no_leak, all_leak):
    """W = 10, K = 0.96, value 0.95: 0.398 for each threat, 0.632 for the whole raid; within 3 s.e."""
    leakers, _ = fought(**changes)
    for share, expected in (
        (np.mean(leakers == 0), no_leak),
        (np.mean(leakers == BODIES), all_leak),
    ):
        assert share == pytest.approx(
            expected, abs=3.0 * math.sqrt(expected * (1.0 - expected) / MANY) + 5e-4
        )


def test_shots_alike_within_a_raid_keep_the_mean_and_widen_the_spread():
    """One round at each: leakers of mean W (1 - p), variance W p q (1 + (W - 1) spread)."""
    spread, q = 0.25, 1.0 - KILL
    leakers, _ = fought(rounds=1, kill_spread=spread)
    variance = BODIES * KILL * q * (1.0 + (BODIES - 1) * spread)
    assert leakers.mean() == pytest.approx(BODIES * q, abs=3.0 * math.sqrt(variance / MANY))
    alone, _ = fought(rounds=1)
    assert alone.var() == pytest.approx(BODIES * KILL * q, rel=0.35)
    assert leakers.var() == pytest.approx(variance, rel=0.35)
    assert leakers.var() > 1.5 * alone.var()


def test_a_kill_taken_for_a_miss_costs_rounds_and_a_miss_taken_for_a_kill_leaks():
    """Against perfect assessment on the same draws: signs, and rounds where nobody looks again."""
    leakers, rounds = fought(assess_s=5.0)
    for changes, more_rounds, more_leakers in (
        ({"kill_seen_as_miss": 0.5}, True, False),
        ({"miss_seen_as_kill": 0.9}, False, True),
    ):
        wrong_leakers, wrong_rounds = fought(assess_s=5.0, **changes)
        if more_rounds:
            assert wrong_rounds.mean() > rounds.mean() + 1.0
            assert (wrong_leakers == leakers).all()  # a body that is gone stays gone
        if more_leakers:
            assert wrong_leakers.mean() > leakers.mean() + 0.1
            assert wrong_rounds.mean() < rounds.mean()

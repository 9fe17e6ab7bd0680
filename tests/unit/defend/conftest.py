"""Synthetic tracks, weapons and batteries for the engagement analysis."""

from __future__ import annotations

import types

import numpy as np
import pytest

from hinomi.earth.wgs84 import ecef_from_geodetic, local_axes
from hinomi.flight.ahead import path_ahead
from hinomi.records.engagements import Architecture, Battery, EngageSettings, Magazine, Weapon
from hinomi.records.tracks import CONFIRMED, ENGAGEMENT_GRADE, MODE_COAST, MODE_GLIDE, Tracks

NATIONS = ("Japan", "United States")


def state(lat_deg, lon_deg, height_m, *, east=0.0, north=0.0, up=0.0):
    """(9,) mean of a track from a place and a velocity in local axes."""
    lat, lon = np.radians(lat_deg), np.radians(lon_deg)
    r = np.array(ecef_from_geodetic(lat, lon, height_m))
    axes = np.array(local_axes(lat, lon)).reshape(3, 3)
    return np.concatenate([r, np.array([east, north, up]) @ axes, np.zeros(3)])


def flight(mean, *, t0=0.0, seconds=900, gliding=False, every=2):
    """Times, means of a perfect track that follows the prediction from one state."""
    path = path_ahead(
        mean, gliding=gliding, step_s=1.0, steps=seconds, beta_kg_m2=8000.0, lift_to_drag=2.6
    )
    path = path[np.isfinite(path[:, 0])]
    means = np.zeros((len(path), 9))
    means[:, :3] = path
    means[:, 3:6] = np.gradient(path, axis=0)
    means[0, 3:6] = mean[3:6]
    return t0 + np.arange(len(path))[::every] * 1.0, means[::every]


def tracks(
    flights, *, picture="Japan", delay_s=1.0, gliding=(), grade=ENGAGEMENT_GRADE, offset_m=0.0
):
    """A picture of perfect tracks, numbered in the order of `flights`."""
    rows = [
        (t, k, m)
        for k, (times, means) in enumerate(flights)
        for t, m in zip(times, means, strict=True)
    ]
    rows.sort(key=lambda row: (row[0], row[1]))
    n = len(rows)
    mode = np.zeros((n, 4))
    for i, row in enumerate(rows):
        mode[i, MODE_GLIDE if row[1] in gliding else MODE_COAST] = 1.0
    mean = np.array([row[2] for row in rows]).reshape(n, 9)
    mean[:, 0] += offset_m
    t_s = np.array([row[0] for row in rows])
    return Tracks(
        picture=picture,
        t_s=t_s,
        t_available_s=t_s + delay_s,
        track=np.array([row[1] for row in rows]),
        mean=mean,
        cov=np.zeros((n, 9, 9)),
        mode=mode,
        status=np.full(n, CONFIRMED),
        grade=np.full(n, grade),
        plot=np.arange(n),
        plots=n,
    )


def weapon(name="midcourse", **changes):
    values = {
        "name": name,
        "product": name,
        "provider": "boost_coast",
        "burnout_speed_mps": 4500.0,
        "burn_s": 70.0,
        "decay_s": 0.0,
        "average_speed_mps": 0.0,
        "prepare_s": 0.0,
        "height_low_m": 100e3,
        "height_high_m": 900e3,
        "range_low_m": 0.0,
        "range_high_m": 1500e3,
        "kill_ballistic": 0.7,
        "kill_glide": 0.0,
        "salvo": 1,
    }
    return Weapon(**(values | changes))


def low_weapon(name="terminal", **changes):
    values = {
        "burnout_speed_mps": 1500.0,
        "burn_s": 12.0,
        "decay_s": 40.0,
        "height_low_m": 3e3,
        "height_high_m": 25e3,
        "range_high_m": 40e3,
        "kill_glide": 0.3,
        "salvo": 2,
    }
    return weapon(name, **(values | changes))


def battery(
    name="ship", *, owner="Japan", lat=31.0, lon=130.0, holds=(("midcourse", 8),), channels=8
):
    return Battery(
        name=name,
        owner=owner,
        lat_deg=lat,
        lon_deg=lon,
        height_m=0.0,
        channels=channels,
        magazines=tuple(Magazine(weapon=w, ready=n, reserve=0) for w, n in holds),
    )


def architecture(*, joint=False, one_picture=False, remote=False):
    return Architecture(
        name="x",
        label="x",
        share_warning=False,
        share_track=False,
        one_picture=one_picture,
        engage_on_remote=remote,
        one_assignment=joint,
        relay_s=(0.0, 0.0, 0.0),
        warning_relay_s=(0.0, 0.0, 0.0),
        decide_s=(0.0, 0.0, 0.0),
        network_cost_musd=(0.0, 0.0, 0.0),
    )


def settings(**changes):
    values = {
        "weapon_delay_s": 2.0,
        "assess_s": 5.0,
        "keep_out_height_m": 3000.0,
        "support_share": 0.8,
        "support_penalty": 0.5,
        "same_object_m": 5000.0,
        "same_path_m": 5000.0,
    }
    return EngageSettings(**(values | changes))


class Delay:
    """The same commit delay for every track."""

    def __init__(self, wait_s=10.0):
        self.wait_s = wait_s

    def seconds(self, picture, track):
        return self.wait_s


class Dice:
    """Fate that draws: kills with the probability it is given."""

    def __init__(self, seed=1):
        self.random = np.random.default_rng(seed)
        self.asked = []

    def killed(self, met):
        self.asked.append(met)
        return bool(self.random.random() < met.kill_probability)


@pytest.fixture(scope="session")
def make():
    """Builders of synthetic records."""
    return types.SimpleNamespace(
        state=state,
        flight=flight,
        tracks=tracks,
        weapon=weapon,
        low_weapon=low_weapon,
        battery=battery,
        architecture=architecture,
        settings=settings,
        Delay=Delay,
        Dice=Dice,
    )

"""Paths, weapons and batteries simple enough to work out by hand."""

from __future__ import annotations

import types

import numpy as np
import pytest

from hinomi.footprint.cells import Cells
from hinomi.footprint.launches import Launch
from hinomi.records.engagements import Battery, EngageSettings, Magazine, Weapon
from hinomi.scenario.load import load


def falling(*, from_m=300e3, speed_mps=2000.0, gliding=False, slope=0.0, bearing_rad=0.0):
    """A body that comes down at a constant speed; `slope` metres along the ground per metre down."""
    t = np.arange(int(from_m / speed_mps) + 1.0)
    height = from_m - speed_mps * t
    about = np.column_stack([slope * height, np.full(len(t), bearing_rad), height])
    return Launch(
        threat_class="glider" if gliding else "ballistic",
        gliding=gliding,
        burnout_s=0.0,
        first_s=0.0,
        about_end=about,
    )


def weapon(name="area", **changes):
    values = {
        "name": name,
        "product": name,
        "provider": "parametric",
        "burnout_speed_mps": 1500.0,
        "burn_s": 10.0,
        "decay_s": 0.0,
        "average_speed_mps": 1000.0,
        "prepare_s": 0.0,
        "height_low_m": 10e3,
        "height_high_m": 100e3,
        "range_low_m": 0.0,
        "range_high_m": 400e3,
        "kill_ballistic": 0.7,
        "kill_glide": 0.3,
        "salvo": 2,
    }
    return Weapon(**(values | changes))


def battery(name="one", *, owner="Japan", lat=30.0, lon=130.0, holds=(("area", 16),), channels=8):
    return Battery(
        name=name, owner=owner, lat_deg=lat, lon_deg=lon, height_m=0.0, channels=channels,
        magazines=tuple(Magazine(weapon=w, ready=n, reserve=0) for w, n in holds),
    )  # fmt: skip


def settings(**changes):
    values = {
        "weapon_delay_s": 2.0,
        "assess_s": 5.0,
        "keep_out_height_m": 0.0,
        "support_share": 0.8,
        "support_penalty": 0.5,
        "same_object_m": 5e3,
        "same_path_m": 5e3,
    }
    return EngageSettings(**(values | changes))


def cells(lats, lons):
    """Cells with nobody in them, one at each crossing."""
    lat, lon = (x.ravel() for x in np.meshgrid(lats, lons, indexing="ij"))
    n = len(lat)
    return Cells(
        south_deg=float(np.min(lats)), west_deg=float(np.min(lons)), step_lat_deg=0.2,
        step_lon_deg=0.2, rows=len(lats), columns=len(lons), aim_lat_deg=lat, aim_lon_deg=lon,
        area_m2=np.full(n, 1e6), groups=("sea",), land_m2=np.zeros((n, 1)), people=np.zeros((n, 1)),
    )  # fmt: skip


@pytest.fixture(scope="session")
def made():
    return types.SimpleNamespace(
        falling=falling, weapon=weapon, battery=battery, settings=settings, cells=cells
    )


@pytest.fixture(scope="session")
def okinawa():
    return load("okinawa-2025")

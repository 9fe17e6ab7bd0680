"""Small worlds for the warning link: two rectangular units, three places, one policy."""

from __future__ import annotations

import contextlib
import dataclasses
import math
import signal

import numpy as np
import pytest

from hinomi.earth.wgs84 import ecef_from_geodetic, local_axes
from hinomi.records.alerts import EXERCISE, Channel, WarningPolicy
from hinomi.records.flights import BALLISTIC_KIND, GLIDE_KIND, Stage, ThreatClass
from hinomi.records.places import AlertUnits, Mesh, Places
from hinomi.records.tracks import CONFIRMED, DROPPED, Forecasts, Tracks

# A shell ignores Ctrl-C for what it starts in the background, and children inherit that; the tests
# that interrupt a program of their own start from the ordinary state.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    with contextlib.suppress(ValueError):  # not the main thread of this process
        signal.signal(signal.SIGINT, signal.default_int_handler)

BOXES = ((26.0, 27.0, 127.0, 128.5), (31.0, 34.0, 129.5, 132.0))  # south, north, west, east [deg]


def make_units(buffer_deg: float = 0.0, step: float = 0.1) -> AlertUnits:
    rows, columns = 250, 300
    first = np.zeros((rows, columns), dtype=np.int32)
    last = np.zeros_like(first)
    entries: list[int] = []
    for i in range(rows):
        for j in range(columns):
            lat, lon = 20.0 + (i + 0.5) * step, 120.0 + (j + 0.5) * step
            first[i, j] = len(entries)
            for u, (s, n, w, e) in enumerate(BOXES):
                if s - buffer_deg < lat < n + buffer_deg and w - buffer_deg < lon < e + buffer_deg:
                    entries.append(u)
            last[i, j] = len(entries)
    return AlertUnits(
        names=("islands", "main"),
        unit_of_place=np.array([0, 1, -1]),
        south_deg=20.0,
        west_deg=120.0,
        step_deg=step,
        cell_first=first,
        cell_last=last,
        entry_unit=np.array(entries),
        entry_weight=np.ones(len(entries)),
        over_first=first,
        over_last=last,
        over_unit=np.array(entries),
        buffer_m=buffer_deg * 111e3,
        kernel_m=0.0,
    )


def make_places(count: int = 3) -> Places:
    text = ("",) * count
    return Places(
        code=tuple(f"{i:05d}" for i in range(count)),
        name_en=text,
        name_ja=text,
        prefecture_en=text,
        prefecture_ja=text,
        island_group=text,
        population=np.full(count, 1000.0),
        area_km2=np.ones(count),
        lat_deg=np.full(count, 26.5),
        lon_deg=np.full(count, 127.5),
        mesh=Mesh(origin=np.zeros(2), top=np.zeros((1, 1)), tiles=-np.ones((1, 160, 160))),
        vintage="synthetic",
    )


BALLISTIC = ThreatClass(
    name="medium",
    kind=BALLISTIC_KIND,
    stages=(Stage(propellant_kg=12500, dry_kg=1800, isp_vacuum_s=240, burn_s=95, diameter_m=1.25),),
    payload_kg=1000,
    beta_kg_m2=8000,
    back_pressure_share=0.1,
    burn_spread=0.1,
)
GLIDER = ThreatClass(
    name="glider",
    kind=GLIDE_KIND,
    stages=(Stage(propellant_kg=15000, dry_kg=1800, isp_vacuum_s=250, burn_s=95, diameter_m=1.25),),
    payload_kg=1000,
    beta_kg_m2=10000,
    back_pressure_share=0.1,
    burn_spread=0.1,
    lift_to_drag=2.6,
    lift_to_drag_low=1.5,
    lift_to_drag_high=3.5,
)

POLICY = WarningPolicy(
    alerting_nation="Japan",
    status=EXERCISE,
    unit="prefecture",
    forecast_first_s=5.0,
    forecast_later_s=15.0,
    consecutive=2,
    classify_s=(10.0, 20.0, 60.0),
    decide_s=(10.0, 45.0, 180.0),
    issue_s=(1.0, 3.0, 10.0),
    deliver_s=(2.0, 10.0, 30.0),
    hit_threshold=0.01,
    over_threshold=0.1,
    relay_failure=0.03,
    clear_share=0.2,
    clear_hold_s=30.0,
    clear_margin_s=60.0,
    lost_after_s=(120.0, 300.0, 600.0),
    clear_median_s=900.0,
    clear_sigma=0.5,
    needed_s=60.0,
    night=False,
    channels=(
        Channel(
            name="cell broadcast",
            broadcast_per_s=3.0 / 60,
            contagion_per_s=0.3 / 60,
            ceiling_day=0.85,
            ceiling_night=0.6,
        ),
        Channel(
            name="sirens",
            broadcast_per_s=1.5 / 60,
            contagion_per_s=0.5 / 60,
            ceiling_day=0.75,
            ceiling_night=0.5,
        ),
    ),
    channel_correlation=0.3,
    compliance=0.055,
    indoor_share=0.85,
    indoor_median_s=60.0,
    indoor_sigma=0.8,
    outdoor_median_s=150.0,
    outdoor_sigma=0.8,
)


def state(lat, lon, height_m, speed, climb_deg, bearing_deg, push=0.0):
    """Mean (9,) of a track."""
    la, lo = math.radians(lat), math.radians(lon)
    axes = np.array(local_axes(la, lo)).reshape(3, 3)
    g, b = math.radians(climb_deg), math.radians(bearing_deg)
    way = math.cos(g) * (math.sin(b) * axes[0] + math.cos(b) * axes[1]) + math.sin(g) * axes[2]
    return np.r_[ecef_from_geodetic(la, lo, height_m), speed * way, push, 0.0, 0.0]


def make_tracks(mean, mode=(0, 1, 0, 0), *, t=(0.0, 10.0), sigma_m=0.0, sigma_mps=0.0, grade=1,
                track=1, available=None, dropped=False):  # fmt: skip
    """One track; every row has the same state."""
    k = len(t)
    cov = np.zeros((k, 9, 9))
    cov[:, range(3), range(3)] = sigma_m**2
    cov[:, range(3, 6), range(3, 6)] = sigma_mps**2
    status = np.full(k, CONFIRMED)
    if dropped:
        status[-1] = DROPPED
    return Tracks(
        picture="J",
        t_s=np.array(t),
        t_available_s=np.array(t if available is None else available),
        track=np.full(k, track),
        mean=np.tile(mean, (k, 1)),
        cov=cov,
        mode=np.tile(np.array(mode, dtype=float), (k, 1)),
        status=status,
        grade=np.broadcast_to(grade, (k,)),
        plot=np.zeros(k),
        plots=k,
    )


def make_forecasts(t, p_hit, *, p_over=None, grade=1, track=1, end=(500.0, 480.0, 520.0)):
    """Forecasts of one track with given probabilities (F, 2)."""
    n = len(t)
    p = np.array(p_hit, dtype=float).reshape(n, 2)
    return Forecasts(
        picture="J",
        units=("islands", "main"),
        track=np.full(n, track),
        t_s=np.array(t),
        t_available_s=np.array(t),
        grade=np.broadcast_to(grade, (n,)),
        p_hit=p,
        p_over=np.zeros_like(p) if p_over is None else np.array(p_over, dtype=float).reshape(n, 2),
        end_lat_deg=np.full(n, 26.5),
        end_lon_deg=np.full(n, 127.5),
        end_cov_km2=np.ones((n, 3)),
        end_t_s=np.full(n, end[0]),
        end_t_low_s=np.full(n, end[1]),
        end_t_high_s=np.full(n, end[2]),
        spread_km=np.ones(n),
        samples=251,
    )


class Delays:
    """Fixed delays per stage."""

    def __init__(self, **seconds: float) -> None:
        self.all = {"classify": 20.0, "decide": 45.0, "lost": 300.0, "clear": 900.0} | seconds

    def seconds(self, stage: str, track: int) -> float:
        return self.all[stage]


class NumpyDraws:
    """Uniforms from NumPy's Philox, one stream per (kind, entity)."""

    def __init__(self, replicate: int = 0) -> None:
        self.replicate = replicate

    def keys(self, kind, entities):
        raise NotImplementedError

    def uniforms(self, kind, entity, count, *, slot=0):
        seed = sum(ord(c) * 31**i for i, c in enumerate(kind + entity)) + self.replicate
        return np.random.Generator(np.random.Philox(seed)).random(count + slot)[slot:]


class World:
    """What the tests of this folder share."""

    units = staticmethod(make_units)
    places = staticmethod(make_places)
    state = staticmethod(state)
    tracks = staticmethod(make_tracks)
    forecasts = staticmethod(make_forecasts)
    delays = Delays
    draws = NumpyDraws
    policy = POLICY
    ballistic = BALLISTIC
    glider = GLIDER

    @staticmethod
    def changed(**fields):
        return dataclasses.replace(POLICY, **fields)


@pytest.fixture(scope="session")
def world():
    return World

"""A run's folder made by hand: two bodies, one track, a few areas, alerts and salvos, no simulation."""

import numpy as np
import pytest

from hinomi.earth.wgs84 import ecef_from_geodetic
from hinomi.scenario.load import load
from hinomi.study import parquet, store
from hinomi.study.plan import make_plan

ARCHITECTURES = ("shared_warning", "integrated")


def way(lat, lon, height, *, seconds):
    """Straight in latitude, longitude and height: rows at whole seconds with velocities."""
    share = np.linspace(0.0, 1.0, seconds + 1)
    at = [a + share * (b - a) for a, b in (lat, lon, height)]
    turned = (at[1] + 180.0) % 360.0 - 180.0
    r = np.array(
        [
            ecef_from_geodetic(*np.radians([a, o]), h)
            for a, o, h in zip(at[0], turned, at[2], strict=True)
        ]
    )
    return at[0], turned, at[2], r, np.gradient(r, axis=0)


def flights():
    columns = {n: [] for n in ("body", "t_s", "x_m", "y_m", "z_m", "vx_mps", "vy_mps", "vz_mps",
                               "lat_deg", "lon_deg", "h_m", "phase")}  # fmt: skip
    for body, lat, lon, first in (
        ("glider-1", (36.0, 26.0), (126.0, 127.5), 10),
        ("okinawa-1", (30.0, 30.0), (178.0, 182.0), 0),  # across the 180th meridian
    ):
        a, o, h, r, v = way(lat, lon, (60e3, 0.0), seconds=120)
        for i in range(len(a)):
            row = (
                body,
                float(first + i),
                *r[i],
                *v[i],
                a[i],
                o[i],
                h[i],
                "glide" if i else "boost",
            )
            for name, value in zip(columns, row, strict=True):
                columns[name].append(value)
    return {n: c if n in ("body", "phase") else np.array(c) for n, c in columns.items()}


def tracks(name):
    _, _, _, r, v = way((36.0, 26.0), (126.0, 127.5), (60e3, 0.0), seconds=120)
    at = np.arange(20, 100)
    sigma = np.linspace(900.0, 100.0, len(at))
    return {
        "architecture": [name] * len(at), "picture": ["all"] * len(at),
        "track": np.full(len(at), 3, np.int32), "t_s": 10.0 + at, "t_available_s": 11.0 + at,
        **{c: r[at, i] for i, c in enumerate(("x_m", "y_m", "z_m"))},
        **{c: v[at, i] for i, c in enumerate(("vx_mps", "vy_mps", "vz_mps"))},
        "position_sigma_m": sigma, "velocity_sigma_mps": sigma / 100.0,
        "status": ["tentative"] * 3 + ["confirmed"] * (len(at) - 3), "track_grade": ["W"] * len(at),
    }  # fmt: skip


def forecasts(name):
    ready = np.array([50.0, 55.0, 70.0, 90.0])
    n = len(ready)
    return {
        "architecture": [name] * n, "picture": ["all"] * n, "track": np.full(n, 3, np.int32),
        "t_s": ready - 1.0, "t_available_s": ready, "unit": ["Okinawa"] * n, "p_hit": np.full(n, 0.5),
        "p_over": np.zeros(n), "end_lat_deg": np.full(n, 26.0), "end_lon_deg": np.full(n, 127.5),
        "end_t_s": np.full(n, 130.0), "end_cov_ee_km2": np.full(n, 400.0),
        "end_cov_nn_km2": np.full(n, 100.0), "end_cov_en_km2": np.zeros(n), "spread_km": np.full(n, 35.0),
    }  # fmt: skip


def alerts(name):
    """Okinawa from 60 to 300 by one track, and 80 to 200 by another; Kagoshima never cleared."""
    rows = [
        ("launch", 1, 40.0, ""), ("alert", 1, 60.0, "Okinawa"), ("alert", 2, 80.0, "Okinawa; Kagoshima"),
        ("update", 1, 90.0, "Okinawa"), ("all-clear", 2, 200.0, "Okinawa"), ("all-clear", 1, 300.0, "Okinawa"),
    ]  # fmt: skip
    n = len(rows)
    return {
        "architecture": [name] * n, "alert": np.arange(n), "status": ["Exercise"] * n,
        "kind": [r[0] for r in rows], "route": [""] * n, "track": np.array([r[1] for r in rows], np.int32),
        "body": ["glider-1"] * n, "t_ready_s": np.array([r[2] - 5.0 for r in rows]),
        "t_issue_s": np.array([r[2] for r in rows]), "units": [r[3] for r in rows], "picture": ["all"] * n,
    }  # fmt: skip


def engagements(name):
    rows = [
        (2, 70.0, 110.0, 0.51, True, "engaged"),
        (0, np.nan, np.nan, np.nan, False, "no window"),
    ]
    return {
        "architecture": [name] * 2, "picture": ["all"] * 2, "track": np.array([3, 3], np.int32),
        "body": ["glider-1"] * 2, "battery": ["ship west", ""], "owner": ["Japan", ""],
        "weapon": ["area_endo", ""], "rounds": np.array([r[0] for r in rows]),
        "t_commit_s": np.array([r[1] for r in rows]), "t_launch_s": np.array([r[1] for r in rows]),
        "t_intercept_s": np.array([r[2] for r in rows]), "lat_deg": np.array([27.0, np.nan]),
        "lon_deg": np.array([127.3, np.nan]), "h_m": np.array([12e3, np.nan]),
        "p": np.array([r[3] for r in rows]), "killed": np.array([r[4] for r in rows]),
        "reason": [r[5] for r in rows],
    }  # fmt: skip


def metrics(number, name, *, shift=0.0):
    values = {"first_alert_s": 150.0 + number + shift, "leakers": float(number % 3) + (shift > 0)}
    return {
        "replicate": np.full(2, number, np.int32), "architecture": [name] * 2, "metric": list(values),
        "value": np.array(list(values.values())), "unit": ["s", "bodies"],
    }  # fmt: skip


def stamped(columns, number):
    size = len(columns["t_s"] if "t_s" in columns else columns["architecture"])
    return {"replicate": np.full(size, number, np.int32)} | columns


def write_run(folder, *, replicates=8, shift=0.0, changes=None, seed=1):
    """Plan and tables of a finished run; full tables of replicate 0 only."""
    scenario = load("okinawa-2025", changes=changes)
    plan = make_plan(
        scenario, replicates=replicates, seed=seed, architectures=ARCHITECTURES, keep=1,
        pairs=[("integrated", "shared_warning")],
    )  # fmt: skip
    store.begin(folder, plan)
    batch = plan.batches()
    for b in batch:
        numbers = range(b.first, b.stop)
        parts = {
            "metrics": [metrics(n, a, shift=shift) for n in numbers for a in ARCHITECTURES],
            "alerts": [stamped(alerts(a), n) for n in numbers for a in ARCHITECTURES],
            "engagements": [stamped(engagements(a), n) for n in numbers for a in ARCHITECTURES],
        }
        if b.first == 0:
            parts["flights"] = [stamped(flights(), 0)]
            parts["tracks"] = [stamped(tracks(a), 0) for a in ARCHITECTURES]
            parts["forecasts"] = [stamped(forecasts(a), 0) for a in ARCHITECTURES]
        tables = {n: parquet.join([parquet.to_table(p) for p in ps]) for n, ps in parts.items()}
        parquet.write_batch(folder, b.key, tables)
    return folder


@pytest.fixture(scope="session")
def made_run(tmp_path_factory):
    """The run's folder, which no test changes."""
    return write_run(tmp_path_factory.mktemp("made") / "run")


@pytest.fixture(scope="session")
def shown(made_run):
    """Everything of replicate 0 of the architecture `integrated`."""
    from hinomi.exchange.gather import ask, gather
    from hinomi.study.results import Results

    return gather(ask(Results(made_run), replicate=None, architecture=None, layers=None))


@pytest.fixture(scope="session")
def make_run():
    """Function: write such a run into a folder, its figures shifted or its inputs changed."""
    return write_run

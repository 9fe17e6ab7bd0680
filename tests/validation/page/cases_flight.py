"""Whole flights: generic classes against other programs, and against themselves with finer steps."""

import functools
import math
import runpy
from pathlib import Path

import numpy as np

from hinomi.flight.body import pack
from hinomi.flight.path import launch, release
from hinomi.flight.pointmass import DEFAULT_TOLERANCE

P = runpy.run_path(str(Path(__file__).with_name("rows.py")))
Row, C = P["Row"], P["CLASSES"]
LADDER = (1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10)
FINEST = 1e-12


def solved():
    """Kick solved for the apogee; range, time and burnout speed are then compared."""
    for case in P["table"]("flight_cases", "solved.csv"):
        body = pack(C["CLASSES"][case["class"]], cone_drag=False)
        lat, lon = math.radians(float(case["lat_deg"])), math.radians(float(case["lon_deg"]))
        azimuth = math.radians(float(case["azimuth_deg"]))
        fly = functools.partial(launch, body, lat_rad=lat, lon_rad=lon, azimuth_rad=azimuth)
        top = 1e3 * float(case["apogee_km"])
        kick = C["kick_for"](top, lambda kick, fly=fly: fly(kick_rad=kick))
        path = fly(kick_rad=kick)
        assert abs(path.apogee_m - top) < 100.0
        name = f"{case['class']}, apogee {case['apogee_km']} km"
        source = "Runge-Kutta program written apart"
        ranged, time = float(case["range_km"]), float(case["time_s"])
        flown = C["ground_range_m"](path, lat, lon) / 1e3
        yield Row(name, "range", ranged, flown, 0.005 * ranged, "km", 1, source)
        yield Row(name, "time", time, path.end_t_s, 0.005 * time, "s", 1, source)
        if case["burnout_speed_km_s"]:
            speed = float(case["burnout_speed_km_s"])
            v = fly(kick_rad=kick, until_s=path.burnout_t_s).end_v_mps
            ours = float(np.linalg.norm(v)) / 1e3
            yield Row(name, "burnout speed", speed, ours, 0.005 * speed, "km/s", 3, source)


def _ballistic(tolerance):
    return launch(
        pack(C["MRBM"]),
        lat_rad=math.radians(39.0),
        lon_rad=math.radians(126.0),
        azimuth_rad=1.7,
        kick_rad=math.radians(16.0),
        tolerance=tolerance,
    )


def _glide(tolerance):
    body = pack(C["GLIDER"], bank_schedule=((120.0, 0.5), (320.0, 0.0)))
    return release(
        body,
        r_m=np.array([6378137.0 + 50e3, 0.0, 0.0]),
        v_mps=np.array([-50.0, 3000.0, 3500.0]),
        gliding=True,
        tolerance=tolerance,
    )


FLIGHTS = {"ballistic, launch to ground": _ballistic, "glide with two banks": _glide}


@functools.cache
def impact_error_m(name, tolerance):
    """Distance of the impact from that at the finest tolerance."""
    fly = FLIGHTS[name]
    return float(np.linalg.norm(fly(tolerance).end_r_m - fly(FINEST).end_r_m))


def convergence():
    """The impact hardly moves when the default tolerance is halved, nor against the finest."""
    for name, fly in FLIGHTS.items():
        half = fly(0.5 * DEFAULT_TOLERANCE).end_r_m
        moved = float(np.linalg.norm(fly(DEFAULT_TOLERANCE).end_r_m - half))
        source = "itself"
        yield Row(
            f"convergence, {name}",
            "impact moves, tolerance halved",
            0.0,
            moved,
            50.0,
            "m",
            1,
            source,
        )
        yield Row(
            f"convergence, {name}", f"impact moves, tolerance {FINEST:g}", 0.0,
            impact_error_m(name, DEFAULT_TOLERANCE), 50.0, "m", 1, source,
        )  # fmt: skip


CASES = (solved, convergence)

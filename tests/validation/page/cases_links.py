"""Rows of the links after flight: each beside tables, closed forms and libraries, group by group."""

import importlib.util
import math
import runpy
import sys
from pathlib import Path

import numpy as np
from scipy.optimize import brentq

from hinomi.defend.flyout import reach_time_s
from hinomi.earth.sight import FOUR_THIRDS_RULE, STRAIGHT_RULE, horizon_arc_rad
from hinomi.estimate.triangulate import triangulate
from hinomi.flight.endpoint import apogee_radius_m, kepler_to_radius
from hinomi.sustain.lines import months_to_make, produced
from hinomi.warn.diffusion import heard_by_channel
from hinomi.watch.detect import steady_pd, swerling1_pd

P = runpy.run_path(str(Path(__file__).with_name("rows.py")))
Row, table, VALIDATION = P["Row"], P["table"], P["VALIDATION"]


def tests_of(folder, name):
    """A test file as a module: its set-up and reference solvers are used again, not copied."""
    key = f"validation_{folder}_{name}"
    if key not in sys.modules:
        spec = importlib.util.spec_from_file_location(key, VALIDATION / folder / f"{name}.py")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        sys.modules[key] = module
    return sys.modules[key]


# Watch


def horizons():
    tangents_m = tests_of("horizon", "test_radar_horizon").tangents_m
    rules = {"straight": STRAIGHT_RULE, "four_thirds": FOUR_THIRDS_RULE}
    for row in table("horizon", "horizon.csv"):
        heights = [1e3 * float(row[f"{name}_height_km"]) for name in ("sensor", "target")]
        ours = 1e-3 * tangents_m(*heights, rules[row["rays"]])
        rays = row["rays"].replace("_", " ")
        case = f"{rays}, sensor {row['sensor_height_km']} km, target {row['target_height_km']} km"
        yield Row(case, "range", float(row["range_km"]), ours, 0.0501, "km", 1, "geometry")


def traced():
    """The mixed rule reaches 1 to 4 % farther than a ray trace; a tolerance of 4 % says so."""
    slant = tests_of("horizon", "test_radar_horizon").slant_m
    for row in table("horizon", "traced.csv"):
        height, theirs = 1e3 * float(row["target_height_km"]), float(row["slant_km"])
        ours = slant(horizon_arc_rad(height) + horizon_arc_rad(30.0), 30.0, height) / 1e3
        case = f"mixed refraction rule, target {row['target_height_km']} km"
        yield Row(case, "slant", theirs, ours, 0.04 * theirs, "km", 0, "ray trace")


def detection():
    for row in table("detection", "swerling.csv"):
        if row["case"] == "swerling1":
            ours = swerling1_pd(
                10.0 ** (0.1 * float(row["snr_db"])), float(row["false_alarm_probability"])
            )
            case = f"fluctuating target, {row['snr_db']} dB"
            yield Row(case, "detection", float(row["pd"]), ours, 0.000501, "1", 3, "printed values")
    yield Row(
        "steady target, 0.9 at 1e-6",
        "ratio",
        13.115,
        10.0 * math.log10(brentq(lambda snr: steady_pd(snr, 1e-6) - 0.9, 1.0, 100.0)),
        0.1,
        "dB",
        3,
        "Albersheim's fit",
    )
    yield Row(
        "steady target, 13.18 dB",
        "detection",
        0.90,
        steady_pd(10.0**1.318, 1e-6),
        1e-3,
        "1",
        3,
        "Marcum",
    )


def constellations():
    geometry = tests_of("satellite_geometry", "test_satellite_geometry")
    target = np.array(geometry.ecef_from_geodetic(math.radians(26.3), math.radians(127.8), 40e3))
    for row in geometry.table("coverage.csv"):
        limit = 1e3 * float(row["limit_km"]) if row["limit_km"] else 1e9
        count = geometry.seen(
            geometry.elements(geometry.group(row)), target, 10e3, limit, 0.0, 10.0, 8640
        )
        case = (
            f"Walker {row['total']}/{row['planes']}/{row['phasing']}, {row['limit_km'] or 'any'} km"
        )
        yield Row(
            case,
            "mean in view",
            float(row["mean"]),
            float(count.mean()),
            0.02,
            "1",
            2,
            "another program",
        )
        two = float((count >= 2).mean())
        yield Row(
            case, "share with two", float(row["at_least_2"]), two, 0.02, "1", 2, "another program"
        )


# Track


def steady_errors():
    test = tests_of("track", "test_steady_state")
    for row in test.ROWS:
        cross = float(row["cross_m"])
        ours, theirs = test.steady(cross), test.riccati(cross)
        for quantity, unit, i in (("position", "m", 0), ("speed", "m/s", 1)):
            yield Row(
                f"steady track at {row['range_km']} km", quantity, float(theirs[i]), float(ours[i]),
                0.03 * float(theirs[i]), unit, 1, "SciPy's Riccati solver",
            )  # fmt: skip


def crossings():
    test = tests_of("estimate", "test_triangulation")
    for row in test.ROWS:
        fix = triangulate(*test.lines(float(row["crossing_deg"])), test.SIGMA)
        theirs, ours = float(row["rms_m"]), float(np.sqrt(np.trace(fix.cov_m2)))
        case = f"two lines of sight crossing at {row['crossing_deg']} degrees"
        yield Row(case, "error", theirs, ours, 0.01 * theirs, "m", 0, "closed form")


# Warn


def arcs():
    r = 6_371_000.0
    for row in table("forecast", "minimum_energy.csv"):
        v, g = (
            1e3 * float(row["burnout_speed_km_s"]),
            math.radians(float(row["flight_path_angle_deg"])),
        )
        start = (r, 0.0, 0.0, v * math.sin(g), v * math.cos(g), 0.0)
        _, x, y, *_, t = kepler_to_radius(*start, r, 0.0)
        reached = r * math.atan2(y, x) % (2.0 * math.pi * r) / 1e3
        theirs, case = float(row["range_km"]), f"arc of {row['range_km']} km"
        yield Row(case, "range", theirs, reached, 1e-4 * theirs, "km", 2, "closed form")
        time, top = float(row["flight_time_s"]), float(row["apogee_km"])
        yield Row(case, "time", time, t, 1e-4 * time, "s", 2, "closed form")
        yield Row(
            case,
            "apogee",
            top,
            (apogee_radius_m(*start, 0.0) - r) / 1e3,
            1e-4 * top,
            "km",
            2,
            "closed form",
        )


def hearing():
    for row in table("diffusion", "warning_tables.csv"):
        minutes = np.array([1.0, 2.0, 3.0, 5.0])
        ours = heard_by_channel(
            60.0 * minutes,
            broadcast_per_s=float(row["a1"]) / 60,
            contagion_per_s=float(row["a2"]) / 60,
            ceiling=1.0,
        )
        for minute, found in zip(minutes, ours, strict=True):
            theirs = float(row[f"n{minute:.0f}"])
            yield Row(
                f"{row['channel']}, {minute:.0f} min",
                "heard",
                theirs,
                float(found),
                6e-4,
                "1",
                3,
                "logistic",
            )


def launches():
    """Published times of replayed launches; those that miss stay out of the picture of what holds."""
    for row, _ in runpy.run_path(str(Path(__file__).with_name("cases_history.py")))["launches"]():
        if row.holds:
            yield row


# Defend


def leakage():
    test = tests_of("leakage", "test_leakage_table")
    for row in test.ROWS:
        digits = len(row["value"].partition(".")[2])
        case = f"{row['quantity']}, p {row['kill_probability'] or '-'}, {row['policy'] or row['warheads']}"
        yield Row(
            case,
            "value",
            float(row["value"]),
            test.computed(row),
            0.5001 * 10**-digits,
            "1",
            digits,
            "elementary probability",
        )


def flyout():
    test = tests_of("flyout", "test_flyout_checks")
    for row in test.ROWS:
        theirs = float(row["time_s"] or "inf")
        if math.isfinite(theirs):
            point = {
                "range_m": 1e3 * float(row["range_km"]),
                "height_m": 1e3 * float(row["height_km"]),
            }
            ours = reach_time_s(test.of(row), ideal=False, flat=True, **point)
            case = f"{row['class']}, {row['range_km']} km, {row['height_km']} km high"
            yield Row(case, "time to reach", theirs, ours, 0.06, "s", 1, "another program")


# Sustain


def deliveries():
    test = tests_of("production", "test_production_checks")
    step = test.line(76.0, 88.0, start=47.0, ramp=0.0)
    for row in table("production", "thaad_deliveries.csv"):
        month, theirs = float(row["month"]), float(row["delivered"])
        ours = 100.0 + produced(step, month=month)
        yield Row(
            f"deliveries to month {month:.0f}",
            "rounds",
            theirs,
            ours,
            6.0,
            "rounds",
            0,
            "published deliveries",
        )
    ramp = test.line(500.0, 650.0)
    yield Row(
        "1,000 rounds on 500 growing to 650",
        "time",
        22.0,
        months_to_make((ramp,), 1000.0),
        0.5,
        "months",
        0,
        "by hand",
    )


def learning():
    cost_of = tests_of("production", "test_production_checks").cost_of
    yield Row(
        "unit 1,000 at 90 %",
        "cost of the first",
        0.350,
        cost_of(1000, 0.9)[0],
        5e-4,
        "1",
        3,
        "Wright",
    )
    yield Row(
        "average of 500 at 90 %",
        "cost of the first",
        0.4576,
        cost_of(np.arange(1, 501), 0.9).mean(),
        5e-5,
        "1",
        4,
        "Wright",
    )
    for slope, theirs in ((0.80, -0.3219), (0.85, -0.2345), (0.90, -0.1520), (0.95, -0.0740)):
        yield Row(
            f"slope {slope}",
            "exponent",
            theirs,
            math.log10(cost_of(10, slope)[0]),
            5e-5,
            "1",
            4,
            "Wright",
        )


LINKS = {  # link -> group on its picture -> rows
    "watch": {
        "radar horizons": horizons, "refraction beside a ray trace": traced,
        "chance of detection": detection, "constellations over Okinawa": constellations,
    },
    "track": {"steady errors": steady_errors, "crossing lines of sight": crossings},
    "warn": {"arcs to the ground": arcs, "who has heard": hearing, "times of past launches": launches},
    "defend": {"shots and leakers": leakage, "times to reach": flyout},
    "sustain": {"deliveries and ramps": deliveries, "learning": learning},
}  # fmt: skip


def rows_of(link):
    """Group -> its rows, for one link."""
    return {title: list(group()) for title, group in LINKS[link].items()}

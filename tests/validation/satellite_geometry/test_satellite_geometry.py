"""What satellites see, against closed forms and printed coverage."""

import csv
import math
import runpy
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numba import njit

from hinomi.earth.sight import clears_limb, clears_sphere
from hinomi.earth.wgs84 import MEAN_RADIUS_M, ROTATION_RAD_S, ecef_from_geodetic, local_axes
from hinomi.flight.orbit import GEOSTATIONARY_RADIUS_M, circular_position, secular_rates
from hinomi.watch.constellation import geostationary, walker

HERE = Path(__file__).parent
SATELLITE = runpy.run_path(str(HERE.parent / "bare_satellite.py"))["SATELLITE"]
PATTERN = replace(SATELLITE, semi_major_axis_m=MEAN_RADIUS_M + 1000e3)


def table(name):
    with (HERE / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@njit
def seen(elements, target, graze_m, limit_m, greenwich_rad, step_s, steps):
    """Number of satellites in view at each step."""
    count = np.zeros(steps, dtype=np.int64)
    for i in range(elements.shape[0]):
        a, inclination, node, argument = elements[i]
        node_rate, argument_rate = secular_rates(a, inclination)
        for k in range(steps):
            t = k * step_s
            x, y, z = circular_position(
                a,
                math.cos(inclination),
                math.sin(inclination),
                node + node_rate * t - greenwich_rad - ROTATION_RAD_S * t,
                argument + argument_rate * t,
            )
            dx, dy, dz = x - target[0], y - target[1], z - target[2]
            if dx * dx + dy * dy + dz * dz <= limit_m * limit_m:
                count[k] += clears_limb(x, y, z, target[0], target[1], target[2], graze_m)
    return count


def group(row):
    from dataclasses import replace

    pattern = replace(
        PATTERN,
        semi_major_axis_m=MEAN_RADIUS_M + 1e3 * float(row["height_km"]),
        inclination_rad=math.radians(float(row["inclination_deg"])),
    )
    return walker(
        pattern, total=int(row["total"]), planes=int(row["planes"]), phasing=int(row["phasing"])
    )


def elements(satellites):
    return np.array(
        [[s.semi_major_axis_m, s.inclination_rad, s.node_rad, s.argument_rad] for s in satellites]
    )


@pytest.mark.parametrize(
    "row", table("coverage.csv"), ids=lambda r: f"{r['total']}-{r['limit_km'] or 'free'}"
)
def test_a_day_of_coverage_agrees_with_the_printed_table(row):
    target = np.array(ecef_from_geodetic(math.radians(26.3), math.radians(127.8), 40e3))
    limit = 1e3 * float(row["limit_km"]) if row["limit_km"] else 1e9
    count = seen(elements(group(row)), target, 10e3, limit, 0.0, 10.0, 8640)
    assert count.mean() == pytest.approx(float(row["mean"]), abs=0.02)
    assert (count >= 1).mean() == pytest.approx(float(row["at_least_1"]), abs=0.02)
    assert (count >= 2).mean() == pytest.approx(float(row["at_least_2"]), abs=0.02)


@pytest.mark.parametrize(
    "row", table("limb.csv"), ids=lambda r: f"{r['satellite_height_km']}-{r['target_height_km']}"
)
def test_the_sphere_hides_a_target_at_the_printed_angle_and_slant(row):
    hs, ht = 1e3 * float(row["satellite_height_km"]), 1e3 * float(row["target_height_km"])
    a, b = MEAN_RADIUS_M + hs, MEAN_RADIUS_M + ht

    def visible(angle):
        return clears_sphere(
            a, 0.0, 0.0, b * math.cos(angle), b * math.sin(angle), 0.0, MEAN_RADIUS_M
        )

    low, high = 0.1, 1.5
    for _ in range(60):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if visible(middle) else (low, middle)
    assert math.degrees(low) == pytest.approx(float(row["half_angle_deg"]), abs=0.000501)
    slant = math.sqrt(a * a + b * b - 2 * a * b * math.cos(low))
    assert 1e-3 * slant == pytest.approx(float(row["slant_km"]), abs=0.0501)


@pytest.mark.parametrize(
    "row", table("geostationary.csv"), ids=lambda r: f"{r['lat_deg']}-{r['satellite_lon_deg']}"
)
def test_slant_and_elevation_of_a_geostationary_satellite(row):
    lat, lon = math.radians(float(row["lat_deg"])), math.radians(float(row["lon_deg"]))
    (satellite,) = geostationary(
        PATTERN, longitudes_rad=[math.radians(float(row["satellite_lon_deg"]))]
    )
    assert satellite.semi_major_axis_m == GEOSTATIONARY_RADIUS_M
    place = np.array(ecef_from_geodetic(lat, lon, 0.0))
    there = np.array(
        circular_position(satellite.semi_major_axis_m, 1.0, 0.0, satellite.node_rad, 0.0)
    )
    sight = there - place
    slant = np.linalg.norm(sight)
    assert 1e-3 * slant == pytest.approx(float(row["slant_km"]), abs=0.0501)
    elevation = math.asin(sight @ np.array(local_axes(lat, lon)[6:]) / slant)
    assert math.degrees(elevation) == pytest.approx(float(row["elevation_deg"]), abs=0.000501)


def test_mean_number_in_view_over_the_sphere_is_the_share_of_the_cap():
    """N (1 - cos lambda) / 2 for any constellation; here a target on an even net of the sphere."""
    row = {"total": 40, "planes": 5, "phasing": 1, "inclination_deg": 81, "height_km": 1000}
    satellites = elements(group(row))
    n, target_m = 4000, MEAN_RADIUS_M + 50e3
    i = np.arange(n)
    z, lon = 1 - (2 * i + 1) / n, i * math.pi * (3 - math.sqrt(5))
    net = target_m * np.column_stack(
        [np.sqrt(1 - z * z) * np.cos(lon), np.sqrt(1 - z * z) * np.sin(lon), z]
    )
    total = 0
    for a, inclination, node, argument in satellites:
        at = circular_position(a, math.cos(inclination), math.sin(inclination), node, argument)
        total += sum(clears_sphere(*at, *p, MEAN_RADIUS_M) for p in net)
    assert total / n == pytest.approx(4.101, abs=0.01)

"""Coverage against closed forms, printed counts and another way to compute the same."""

import csv
import math
from pathlib import Path

import numpy as np
import pytest

from hinomi.earth.sight import clears_limb
from hinomi.earth.wgs84 import MEAN_RADIUS_M, ecef_from_geodetic
from hinomi.export.coverage_answer import means, of_latitudes, sky_of
from hinomi.export.coverage_asked import constellation, target_of, times
from hinomi.watch.coverage import cover, sky
from hinomi.watch.coverage_grid import Grid, band, world
from hinomi.watch.coverage_kernel import limb_cosine

HERE = Path(__file__).parent


def table(name):
    with (HERE / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def asked(pattern="40/5/1", inclination=81, altitude=1000, target=50, **more):
    given = {
        "--walker": pattern, "--inclination-deg": str(inclination), "--altitude-km": str(altitude),
        "--target-altitude-km": str(target), "--graze-km": "0",
        **{"--" + k.replace("_", "-"): str(v) for k, v in more.items()},
    }  # fmt: skip
    aim = target_of(given, default_pd=0.0)
    return constellation(given, aim), aim, times(given)


@pytest.mark.parametrize(
    "row", table("limb_arcs.csv"), ids=lambda r: f"{r['satellite_km']}-{r['target_km']}"
)
def test_the_limb_hides_at_the_printed_arc(row):
    a = MEAN_RADIUS_M + 1e3 * float(row["satellite_km"])
    b = MEAN_RADIUS_M + 1e3 * float(row["target_km"])
    cosine = limb_cosine(a, b, MEAN_RADIUS_M)
    assert math.degrees(math.acos(cosine)) == pytest.approx(float(row["half_angle_deg"]), abs=6e-4)
    slant = math.sqrt(a * a + b * b - 2.0 * a * b * cosine)
    assert 1e-3 * slant == pytest.approx(float(row["slant_km"]), abs=0.06)


@pytest.mark.parametrize("target", [0, 50])
def test_the_mean_number_over_the_sphere_is_the_share_of_the_cap(target):
    group, aim, t_s = asked(target=target, hours=2)
    grid = world(math.radians(1.0), height_m=aim.height_m, sphere_m=group.sphere_m)
    printed = next(
        float(r["value"]) for r in table("views.csv")
        if r["quantity"].startswith("mean") and float(r["target_km"]) == target
    )  # fmt: skip
    assert means(cover(grid, sky_of(group, aim, t_s)))["mean_views"] == pytest.approx(
        printed, abs=0.003
    )


@pytest.mark.parametrize("latitude", [0.0, 26.2, 39.2])
@pytest.mark.parametrize("target", [0, 50])
def test_walker_40_5_1_sees_at_least_as_many_as_printed_and_no_more(target, latitude):
    """No gap at any of these; a target at 50 km twice at 26.2 and 39.2 degrees, not on the equator."""
    least = next(
        int(r["value"]) for r in table("views.csv")
        if r["latitude_deg"] and (float(r["target_km"]), float(r["latitude_deg"])) == (target, latitude)
    )  # fmt: skip
    group, aim, t_s = asked(target=target, hours=6, step_s=30)
    (found,) = of_latitudes(group, aim, t_s, (latitude,))
    shares = [1.0, found["fraction_1"], found["fraction_2"], found["fraction_3"], 0.0]
    assert shares[least] == 1.0
    assert shares[least + 1] < 1.0
    assert found["longest_gap_s"] == 0.0


@pytest.mark.parametrize(
    "row", table("walker_okinawa.csv"), ids=lambda r: f"{r['total']}-{r['limit_km'] or 'free'}"
)
def test_a_day_over_okinawa_agrees_with_the_printed_table(row):
    limit = {"max_range_km": row["limit_km"]} if row["limit_km"] else {}
    group, aim, t_s = asked(
        f"{row['total']}/{row['planes']}/{row['phasing']}", row["inclination_deg"],
        row["height_km"], 40, graze_km=10, step_s=20, earth="wgs84", **limit,
    )  # fmt: skip
    grid = Grid(
        lat_rad=(math.radians(26.3),), west_rad=math.radians(127.8), step_rad=0.1, columns=1,
        height_m=aim.height_m,
    )  # fmt: skip
    found = cover(grid, sky_of(group, aim, t_s))
    for name, key in (
        ("mean_views", "mean"), ("share_1", "at_least_1"), ("share_2", "at_least_2"),
        ("share_3", "at_least_3"),
    ):  # fmt: skip
        assert getattr(found, name)[0, 0] == pytest.approx(float(row[key]), abs=0.03), name


def test_intervals_of_longitude_give_what_every_single_line_of_sight_gives():
    """The kernel against `clears_limb` and a plain distance, one pair at a time, on the ellipsoid."""
    group, aim, t_s = asked(
        "12/3/1", 70, 800, 30, graze_km=5, max_range_km=2800, hours=2, step_s=600, earth="wgs84"
    )
    above = sky_of(group, aim, t_s)
    grid = Grid(
        lat_rad=tuple(np.radians([-88.0, -40.0, 0.0, 26.3, 71.0, 90.0])), west_rad=-math.pi,
        step_rad=math.radians(7.5), columns=48, height_m=aim.height_m,
    )  # fmt: skip
    count = np.zeros((len(t_s), 6, 48))
    for i, lat in enumerate(grid.lat_rad):
        for j, lon in enumerate(grid.lon_rad):
            target = np.array(ecef_from_geodetic(lat, lon, aim.height_m))
            for k in range(len(t_s)):
                for s in range(12):
                    at = above.place[k, s, :3]
                    near = np.linalg.norm(at - target) <= aim.max_range_m
                    count[k, i, j] += near and clears_limb(*at, *target, 5e3)
    found = cover(grid, above)
    assert count.any()
    assert np.array_equal(found.mean_views, count.sum(axis=0) / len(t_s))
    assert np.array_equal(found.share_1, (count >= 1).sum(axis=0) / len(t_s))
    assert np.array_equal(found.share_2, (count >= 2).sum(axis=0) / len(t_s))


def test_one_geostationary_satellite_sees_its_printed_share_of_the_earth():
    """0.4244 of a sphere of 6,378.137 km, (1 - R / r) / 2."""
    given = {"--geo": "140", "--target-altitude-km": "0", "--graze-km": "0"}
    aim = target_of(given, default_pd=0.0)
    group = constellation(given, aim)
    grid = world(math.radians(0.5), height_m=0.0, sphere_m=6_378_137.0)
    above = sky(group.satellites, np.array([0.0, 60.0]), greenwich_rad=0.0, reach_m=[math.inf])
    assert means(cover(grid, above))["fraction_1"] == pytest.approx(0.4244, abs=3e-4)


def test_a_day_of_coverage_is_the_same_at_every_longitude():
    group, aim, t_s = asked(earth="wgs84")
    grid = band(math.radians(26.2), columns=36, height_m=aim.height_m)
    views = cover(grid, sky_of(group, aim, t_s)).mean_views[0]
    assert np.ptp(views) < 0.03 * views.mean()

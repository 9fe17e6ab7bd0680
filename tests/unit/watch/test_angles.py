"""Look angles against printed geostationary geometry and simple directions."""

import csv
import math
from pathlib import Path

import numpy as np
import pytest

from hinomi.earth.wgs84 import ecef_from_geodetic, local_axes
from hinomi.watch.angles import look_angles

TABLE = Path(__file__).parents[2] / "validation" / "satellite_geometry" / "geostationary.csv"


def of(lat_deg, lon_deg, points, height_m=0.0):
    out = look_angles(
        lat_rad=np.radians([lat_deg]), lon_rad=np.radians([lon_deg]),
        height_m=np.array([height_m]), r_m=np.array([points], dtype=float),
    )  # fmt: skip
    assert out.shape == (1, 4, 1, len(points))
    return out[0, :, 0]


def test_elevation_and_slant_agree_with_the_printed_geostationary_table():
    with TABLE.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert rows
    for row in rows:
        angle = math.radians(float(row["satellite_lon_deg"]))
        at = 42_164_173.0 * np.array([math.cos(angle), math.sin(angle), 0.0])
        el, _, far, seen = of(float(row["lat_deg"]), float(row["lon_deg"]), [at])[:, 0]
        assert math.degrees(el) == pytest.approx(float(row["elevation_deg"]), abs=0.000501)
        assert 1e-3 * far == pytest.approx(float(row["slant_km"]), abs=0.0501)
        assert seen == 1.0


def test_azimuth_runs_from_north_over_east_and_elevation_from_the_horizon():
    lat, lon = math.radians(26.0), math.radians(128.0)
    x = np.array(ecef_from_geodetic(lat, lon, 0.0))
    east, north, up = np.array(local_axes(lat, lon)).reshape(3, 3)
    points = [x + 1e5 * d for d in (north, east, -north, -east, east + up, up)]
    el, az, far, _ = of(26.0, 128.0, points)
    assert np.cos(az[:5]) == pytest.approx([1, 0, -1, 0, 0], abs=1e-9)
    assert np.sin(az[:5]) == pytest.approx([0, 1, 0, -1, 1], abs=1e-9)
    assert np.degrees(el) == pytest.approx([0, 0, 0, 0, 45, 90], abs=1e-6)
    assert far[0] == pytest.approx(1e5)
    assert ((az >= 0.0) & (az <= 2 * math.pi)).all()


def test_the_earth_hides_what_lies_beyond_both_horizons():
    """A satellite over 90 E goes down acos(R / 42164) = 81.30 degrees away from the ground, and
    acos(R / (R + 1000)) = 30.18 degrees further from 1,000 km up."""
    satellite = [0.0, 42_164_173.0, 0.0]
    for height_m, away_deg in ((0.0, 81.299), (1e6, 81.299 + 30.179)):
        near, beyond = (
            of(0.0, 90.0 + away_deg + d, [satellite], height_m)[3, 0] for d in (-0.01, 0.01)
        )
        assert (near, beyond) == (1.0, 0.0)

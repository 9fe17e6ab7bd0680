"""A picture of many sensors: which ones report a body does not change how many bodies there are."""

import numpy as np
import pytest

from hinomi.earth.wgs84 import ecef_from_geodetic
from hinomi.records.plots import Plots
from hinomi.records.tracks import CONFIRMED
from hinomi.track.follow import follow

SITES = np.array(
    [
        ecef_from_geodetic(np.radians(lat), np.radians(lon), 1000e3)
        for lat, lon in ((30.0, 120.0), (50.0, 140.0), (35.0, 150.0), (45.0, 115.0))
    ]
)


@pytest.fixture(scope="module")
def lines(coasting):
    """Four satellites that look at one body every 2 s for 100 s: time, which one, direction."""
    path, rng = coasting(100, lat=39.0, lon=127.0, up=2000.0), np.random.default_rng(1)
    out = []
    for t in range(0, 100, 2):
        for which, site in enumerate(SITES):
            d = path[t, :3] - site
            u = d / np.linalg.norm(d) + 2e-5 * rng.normal(size=3)
            out.append((t, which, *(u / np.linalg.norm(u))))
    return np.array(out)


def tracked(lines, numbers, settings):
    which, p = lines[:, 1].astype(int), len(lines)
    count = max(numbers) + 1
    return follow(
        Plots(
            sensors=tuple(f"S{i}" for i in range(count)), owners=("A",) * count, t_s=lines[:, 0],
            t_available_s=lines[:, 0] + 1.0, sensor=np.array(numbers)[which], site_m=SITES[which],
            los=lines[:, 2:], range_m=np.full(p, np.nan), sigma_los_rad=np.full(p, 2e-5),
            sigma_range_m=np.full(p, np.nan), snr_db=np.full(p, 20.0), body=np.zeros(p),
        ),
        settings=settings, picture="many",
    )  # fmt: skip


@pytest.mark.parametrize("numbers", [(0, 61, 122, 183), (7, 60, 61, 62), (500, 600, 661, 722)])
def test_numbers_of_sensors_change_nothing(lines, settings, numbers):
    """One body, the same lines of sight: the same rows to the last bit."""
    plain, other = tracked(lines, (0, 1, 2, 3), settings), tracked(lines, numbers, settings)
    assert len(np.unique(plain.track[plain.status == CONFIRMED])) == 1
    for column in ("t_s", "track", "mean", "cov", "status", "grade", "fate"):
        np.testing.assert_array_equal(getattr(plain, column), getattr(other, column))

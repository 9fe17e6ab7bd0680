"""Figures of end points against numpy, and the shares of ground tracks at the date line."""

import numpy as np
import pytest

from hinomi.earth.wgs84 import MEAN_RADIUS_M
from hinomi.warn.area import SPREAD_SHARE, TIME_SHARE, figures, over


@pytest.mark.parametrize("count", [1, 2, 3, 20, 251])
@pytest.mark.parametrize("lon", [135.0, 179.9, -179.9])
def test_times_and_spread_are_the_quantiles_of_numpy(count, lon):
    rng = np.random.default_rng(count)
    ends = np.column_stack(
        [
            np.radians(35.0 + rng.normal(0.0, 0.5, count)),
            np.radians((lon + rng.normal(0.0, 0.5, count) + 180.0) % 360.0 - 180.0),
            np.round(rng.normal(300.0, 40.0, count)),  # with ties
        ]
    )
    lost = np.full((3, 3), np.nan)
    out = np.empty(9)
    figures(np.vstack([ends, lost]), out)
    assert out[6:8] == pytest.approx(np.quantile(ends[:, 2], [TIME_SHARE, 1.0 - TIME_SHARE]))
    assert out[5] == pytest.approx(ends[:, 2].mean())
    east = np.degrees(ends[:, 1]) - lon
    east = np.radians((east + 180.0) % 360.0 - 180.0)
    east -= east.mean()
    north = ends[:, 0] - ends[:, 0].mean()
    far = MEAN_RADIUS_M / 1000.0 * np.hypot(north, east * np.cos(ends[:, 0].mean()))
    assert out[8] == pytest.approx(np.quantile(far, SPREAD_SHARE), rel=1e-9, abs=1e-6)
    assert out[4] == pytest.approx(
        (MEAN_RADIUS_M / 1000.0) ** 2 * (north * east * np.cos(ends[:, 0].mean())).mean(),
        rel=1e-6, abs=1e-6,
    )  # fmt: skip


def test_no_end_at_all_is_not_a_number():
    out = np.zeros(9)
    figures(np.full((5, 3), np.nan), out)
    assert np.isnan(out).all()


@pytest.mark.parametrize("nodes", [2, 5, 20])
def test_a_track_across_the_date_line_touches_the_cells_it_crosses(nodes):
    """Cells of one degree from 175 E to 175 W, a unit each; the track runs from 176.1 E to 176.1 W."""
    lon = np.radians(np.linspace(176.1, 183.9, nodes))
    lon = (lon + np.pi) % (2.0 * np.pi) - np.pi
    path = np.column_stack([np.full(nodes, np.radians(0.5)), lon])[None]
    first = np.arange(10, dtype=np.int32)[None]
    out = np.zeros(10)
    over(
        path, np.array([nodes]), np.array([0.0, 175.0, 1.0]), first, first + np.int32(1),
        np.arange(10, dtype=np.int32), np.zeros(10, np.int64), out,
    )  # fmt: skip
    assert out.tolist() == [0.0, *[1.0] * 8, 0.0]

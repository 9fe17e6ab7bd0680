"""Regions that hold 90 %."""

import numpy as np
import pytest

from hinomi.earth.geodesic import sphere_inverse
from hinomi.warn.region import ellipse_holds, holds, in_plane, on_globe, region_of


def _draw(rng, shape, n):
    if shape == "bent":
        angle = rng.uniform(-1.0, 1.0, n)
        far = 300.0 + 20.0 * rng.standard_normal(n)
        east, north = far * np.sin(angle), far * np.cos(angle)
    else:
        east, north = 30.0 * rng.standard_normal(n), 100.0 * rng.standard_normal(n)
    at = on_globe(1e3 * np.column_stack([east, north]), at=(30.0, 130.0))
    return at[:, 0], at[:, 1]


@pytest.mark.parametrize("shape", ["normal", "bent"])
def test_a_point_drawn_like_the_samples_is_inside_nine_times_in_ten(shape):
    """200 cases: the standard error of a share of 0.9 is 0.021."""
    rng = np.random.default_rng(5)
    inside = ellipse = 0
    for _ in range(200):
        region = region_of(*_draw(rng, shape, 251))
        lat, lon = (float(v[0]) for v in _draw(rng, shape, 1))
        inside += holds(region, lat, lon)
        ellipse += ellipse_holds(region, lat, lon)
    assert 0.83 <= inside / 200 <= 0.97
    assert 0.83 <= ellipse / 200 <= 0.97


def test_the_area_of_a_normal_region_is_that_of_its_ellipse():
    """pi chi2(0.9, 2) s1 s2 = 14.47 x 30 km x 100 km; Gaussians around samples add up to a quarter."""
    rng = np.random.default_rng(6)
    region = region_of(*_draw(rng, "normal", 500))
    exact = np.pi * -2.0 * np.log(0.1) * 30e3 * 100e3
    assert region.ellipse_area_m2 == pytest.approx(exact, rel=0.15)
    assert 0.85 * exact < region.area_m2 < 1.4 * exact


def test_a_bent_cloud_has_a_smaller_region_than_its_ellipse():
    rng = np.random.default_rng(7)
    region = region_of(*_draw(rng, "bent", 500))
    assert region.area_m2 < 0.6 * region.ellipse_area_m2


def test_no_end_is_told_finer_than_a_kilometre():
    """Samples all in one place: 900 m off is inside, 1,200 m off is not."""
    region = region_of(np.full(50, 35.0), np.full(50, 135.0))
    north = on_globe(np.array([[0.0, 900.0], [0.0, 1200.0]]), at=(35.0, 135.0))
    assert holds(region, *north[0])
    assert ellipse_holds(region, *north[0])
    assert not holds(region, *north[1])
    assert not ellipse_holds(region, *north[1])


def test_the_plane_keeps_distances_from_its_middle_and_comes_back():
    """Across the date line too, against the great-circle distance."""
    at = (25.0, 179.5)
    lat, lon = np.array([30.0, 24.0, 25.0]), np.array([-178.0, 175.0, 179.5])
    flat = in_plane(lat, lon, at=at)
    far = [sphere_inverse(*np.radians([*at, a, o]))[0] for a, o in zip(lat, lon, strict=True)]
    assert np.hypot(*flat.T) == pytest.approx(far, abs=0.1)
    back = on_globe(flat, at=at)
    assert back[:, 0] == pytest.approx(lat, abs=1e-9)
    assert (back[:, 1] - lon + 180.0) % 360.0 - 180.0 == pytest.approx(np.zeros(3), abs=1e-9)


def test_samples_that_never_come_down_have_no_region():
    with pytest.raises(ValueError, match="comes down"):
        region_of(np.full(3, np.nan), np.full(3, np.nan))

"""The 90 % region holds the truth when the truth is drawn from the prior."""

import math

import numpy as np
import pytest

from hinomi.flight.endpoint import coast_end
from hinomi.warn.predict import samples_of

CASES = 400


@pytest.mark.parametrize(
    ("sigma_m", "sigma_mps"), [(2000.0, 30.0), (8000.0, 150.0)], ids=["good", "poor"]
)
def test_coasting_bodies_fall_in_the_region_85_to_95_times_in_100(world, sigma_m, sigma_mps):
    """Ellipse of mean and covariance that holds 90 % of the samples; full-physics truth.

    400 cases: the standard error of a share of 0.9 is 0.015.
    """
    rng = np.random.default_rng(7)
    centre = world.state(38.0, 126.0, 120e3, 2800.0, 35.0, 170.0)
    tracks = world.tracks(centre, sigma_m=sigma_m, sigma_mps=sigma_mps)
    ends = samples_of(tracks, row=0, classes=[world.ballistic])
    mean, cov = ends.mean(axis=0), np.cov(ends.T, bias=True)
    inverse = np.linalg.inv(cov)

    def distance(points):
        d = points - mean
        return np.einsum("ij,jk,ik->i", d, inverse, d)

    limit = np.quantile(distance(ends), 0.9)
    inside = 0
    for _ in range(CASES):
        s = centre[:6] + rng.standard_normal(6) * np.repeat((sigma_m, sigma_mps), 3)
        ok, lat, lon, _ = coast_end(*s, world.ballistic.beta_kg_m2, True)
        assert ok
        inside += distance(np.array([[math.degrees(lat), math.degrees(lon)]]))[0] <= limit
    assert 0.85 <= inside / CASES <= 0.95

"""The region holds what it says when the truth comes from the forecast's own assumptions."""

import numpy as np
import pytest

from hinomi.report.calibration import committed
from hinomi.study.seeds import AddressedDraws
from hinomi.warn.predict import samples_of
from hinomi.warn.region import holds, region_of
from hinomi.warn.sampled import sample_ends, unknowns

TRUTHS = 300
STATES = {
    "boosting": ((36.0, 126.0, 45e3, 1800.0, 40.0, 170.0), (0.95, 0.05, 0.0, 0.0), 45.0),
    "coasting": ((36.0, 126.0, 180e3, 2600.0, 25.0, 170.0), (0.0, 1.0, 0.0, 0.0), 0.0),
    "gliding": ((34.0, 126.5, 45e3, 2700.0, -1.0, 170.0), (0.0, 0.05, 0.9, 0.05), 0.0),
}


@pytest.mark.parametrize("phase", STATES)
def test_ends_drawn_from_the_prior_lie_in_the_region(world, phase):
    """One region of each predictor, 300 full-physics truths: 90 % within four standard errors,

    and the limit of a region of so few samples.
    """
    at, mode, push = STATES[phase]
    classes = [world.ballistic, world.glider]
    tracks = world.tracks(world.state(*at, push=push), mode, sigma_m=1500.0, sigma_mps=25.0)
    truths = sample_ends(
        tracks, row=0, classes=classes, numbers=unknowns(AddressedDraws(9, 0), "truth", TRUTHS)
    )
    full = sample_ends(
        tracks, row=0, classes=classes, numbers=unknowns(AddressedDraws(9, 0), "region", 500)
    )
    for samples in (full, samples_of(tracks, row=0, classes=classes)):
        region = region_of(samples[:, 0], samples[:, 1])
        good = truths[np.isfinite(truths[:, 0])]
        share = np.mean([holds(region, lat, lon) for lat, lon, _ in good])
        assert 0.81 <= share <= 0.97


def test_the_shipped_calibration_keeps_its_word_on_its_own_assumptions():
    """First to half-way forecasts drawn from the prior, pooled over phases: 85 to 97 % are held."""
    entries = [
        e
        for e in committed()["coverage"]
        if e["truth"] == "prior" and e["phase"] == "all" and e["epoch"] != "last"
    ]
    assert len(entries) == 8
    for e in entries:
        assert e["low"] <= e["inside"] <= e["high"]
        assert 0.84 <= e["inside"] <= 0.98, e

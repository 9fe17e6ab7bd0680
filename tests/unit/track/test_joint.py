"""Joint association: probabilities by hand and by an independent library, and two bodies that cross."""

from dataclasses import replace

import numpy as np
import pytest

from hinomi.records.tracks import CONFIRMED
from hinomi.score.attribution import attribute
from hinomi.track.follow import follow
from hinomi.track.joint import blend, event_bound, event_probabilities, likelihood_ratio


def probabilities(ratio, miss):
    ratio = np.asarray(ratio, float)
    beta = np.empty((ratio.shape[0], ratio.shape[1] + 1))
    event_probabilities(ratio, miss, beta)
    return beta


def test_two_tracks_and_two_reports_by_hand():
    # Seven events: none; four with one report; 1-1 with 2-2; 1-2 with 2-1. Ratios a b / c d, miss q.
    a, b, c, d, q = 5.0, 2.0, 3.0, 7.0, 0.1
    total = q * q + q * (a + b + c + d) + a * d + b * c
    got = probabilities([[a, b], [c, d]], q)
    assert got[0] == pytest.approx(
        [(q * a + a * d) / total, (q * b + b * c) / total, q * (q + c + d) / total]
    )
    assert got[1] == pytest.approx(
        [(q * c + b * c) / total, (q * d + a * d) / total, q * (q + a + b) / total]
    )
    assert event_bound(np.array([[a, b], [c, d]])) == 9.0


def test_a_shared_report_goes_to_one_track_only():
    got = probabilities([[4.0], [4.0]], 0.5)
    # Events: none 0.25, first 2, second 2.
    assert got[:, 0] == pytest.approx([2 / 4.25, 2 / 4.25])
    assert got[:, 0].sum() < 1.0


def test_one_track_equals_the_single_target_formula():
    ratio = np.array([[3.0, 0.0, 1.5]])
    got = probabilities(ratio, 0.2)
    assert got[0] == pytest.approx(np.r_[ratio[0], 0.2] / (4.5 + 0.2))


def test_nothing_possible_means_nothing_seen():
    assert probabilities([[0.0]], 0.0)[0] == pytest.approx([0.0, 1.0])


def test_the_density_is_the_gaussian_one():
    from scipy.stats import multivariate_normal

    s = np.array([[4.0, 1.0, 0.0], [1.0, 3.0, 0.5], [0.0, 0.5, 2.0]])
    nu = np.array([1.0, -0.5, 2.0])
    cost = nu @ np.linalg.solve(s, nu) + np.linalg.slogdet(s)[1]
    want = 0.9 * multivariate_normal(cov=s).pdf(nu) / 1e-3
    assert likelihood_ratio(cost, 3, 0.9, 1e-3) == pytest.approx(want)


def test_a_blend_has_the_moments_of_the_mixture_mode_by_mode():
    rng = np.random.default_rng(1)
    xs, mus = rng.normal(size=(3, 2, 9)), rng.uniform(0.1, 1, (3, 2))
    mus /= mus.sum(1, keepdims=True)
    ps = np.array([[np.eye(9) * rng.uniform(1, 2) for _ in range(2)] for _ in range(3)])
    beta = np.array([0.5, 0.3, 0.2])
    x, p, mu = np.empty((2, 9)), np.empty((2, 9, 9)), np.empty(2)
    blend(xs, ps, mus, beta, x, p, mu)
    assert mu == pytest.approx(beta @ mus)
    for j in range(2):
        w = beta * mus[:, j] / mu[j]
        mean = w @ xs[:, j]
        want = sum(
            k * (c + np.outer(m - mean, m - mean))
            for k, c, m in zip(w, ps[:, j], xs[:, j], strict=True)
        )
        assert np.allclose(x[j], mean)
        assert np.allclose(p[j], want)


def test_probabilities_equal_those_of_an_independent_library():
    pytest.importorskip("stonesoup")
    import datetime as dt

    from stonesoup.dataassociator.probability import JPDA
    from stonesoup.hypothesiser.probability import PDAHypothesiser
    from stonesoup.models.measurement.linear import LinearGaussian
    from stonesoup.models.transition.linear import (
        CombinedLinearGaussianTransitionModel,
        ConstantVelocity,
    )
    from stonesoup.predictor.kalman import KalmanPredictor
    from stonesoup.types.detection import Detection
    from stonesoup.types.state import GaussianState
    from stonesoup.types.track import Track
    from stonesoup.updater.kalman import KalmanUpdater

    now = dt.datetime(2025, 1, 1)  # noqa: DTZ001
    model = LinearGaussian(4, (0, 2), np.diag([1.0, 1.0]))
    motion = CombinedLinearGaussianTransitionModel([ConstantVelocity(1e-9), ConstantVelocity(1e-9)])
    updater = KalmanUpdater(model)
    clutter, pd, gate = 0.02, 0.9, 0.9999
    associator = JPDA(
        PDAHypothesiser(KalmanPredictor(motion), updater, clutter, prob_detect=pd, prob_gate=gate)
    )
    places = np.array([[0.0, 0.0], [1.5, 0.5], [3.0, -0.5]])
    reports = np.array([[0.4, 0.1], [1.2, 0.2], [2.0, 0.0]])
    cov = np.diag([1.0, 0.01, 1.0, 0.01])
    tracks = [
        Track([GaussianState([[x], [0.0], [y], [0.0]], cov, timestamp=now)]) for x, y in places
    ]
    found = [Detection(z[:, None], timestamp=now, measurement_model=model) for z in reports]
    got = associator.associate(set(tracks), set(found), now)
    s = 2.0 * np.eye(2)
    ratio = np.array(
        [
            [
                likelihood_ratio((z - p) @ (z - p) / 2.0 + np.log(np.linalg.det(s)), 2, pd, clutter)
                for z in reports
            ]
            for p in places
        ]
    )
    beta = probabilities(ratio, 1.0 - pd * gate)
    for t, track in enumerate(tracks):
        for h in got[track]:
            c = next((i for i, d in enumerate(found) if h.measurement is d), 3)
            assert float(h.probability) == pytest.approx(beta[t, c], abs=1e-6)


def test_without_clutter_one_body_gives_what_nearest_gives(coasting, radar_plots, settings):
    plots = radar_plots([coasting(60)], np.random.default_rng(1))
    nearest = follow(plots, settings=settings, picture="p")
    joint = follow(
        plots, settings=replace(settings, association="joint"), picture="p", clutter_per_m3=0.0
    )
    assert np.array_equal(joint.plot, nearest.plot)
    assert np.allclose(joint.mean, nearest.mean, rtol=1e-9, atol=1e-6)


def test_two_bodies_that_cross_within_an_error_neither_swap_nor_melt_into_one(
    coasting, radar_plots, settings
):
    """Crossing at 1.4 km/s within 2.5 km; one plot is good to 350 m across: at most 1 of 6 fails."""
    a = coasting(120, lat=39.0, east=2000.0, north=-700.0)
    b = coasting(120, lat=39.0 - 84e3 / 111e3, east=2000.0, north=700.0)
    failed = 0
    for seed in range(6):
        plots = radar_plots([a, b], np.random.default_rng(seed))
        tracks = follow(plots, settings=replace(settings, association="joint"), picture="p")
        bodies = attribute(tracks, plots)
        numbers = np.unique(tracks.track[tracks.status == CONFIRMED])
        whole = len(numbers) == 2 and set(bodies[numbers]) == {0, 1}
        for n in numbers:
            row = np.flatnonzero((tracks.track == n) & (tracks.t_s >= 115) & (tracks.plot >= 0))[
                -1:
            ]
            path = (a, b)[bodies[n]]
            away = np.linalg.norm(tracks.mean[row, :3] - path[tracks.t_s[row].astype(int), :3])
            whole = whole and len(row) == 1 and away < 600.0
        failed += not whole
    assert failed <= 1

"""The linear filters against plain textbook formulas written here."""

import numpy as np
import pytest

from hinomi.errors import HinomiError
from hinomi.estimate.linear import filter_linear, interact_linear

F = np.array([[1.0, 1.0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 1], [0, 0, 0, 1]])
Q = np.kron(np.eye(2), [[1 / 3, 1 / 2], [1 / 2, 1.0]])
H = np.array([[1.0, 0, 0, 0], [0, 0, 1, 0]])
R = np.array([[4.0, 1.0], [1.0, 2.0]])
START = {"mean": np.array([0.0, 1.0, 0.0, -1.0]), "cov": np.diag([100.0, 10.0, 100.0, 10.0])}
TRANSITION = np.array([[0.90, 0.08, 0.02], [0.10, 0.85, 0.05], [0.20, 0.20, 0.60]])
WEIGHT = np.array([0.6, 0.3, 0.1])
MODELS = {"F": np.array([F, F, F @ F]), "Q": np.array([Q, 0.01 * Q, 20.0 * Q])}


def textbook(z, f, q, h, r, mean, cov):
    """Kalman's equations one after another; means, covariances, misfits and log-likelihoods."""
    x, p, rows = mean, cov, []
    for zk in z:
        x, p = f @ x, f @ p @ f.T + q
        d2 = like = np.nan
        if np.isfinite(zk).all():
            s = h @ p @ h.T + r
            k = p @ h.T @ np.linalg.inv(s)
            nu = zk - h @ x
            d2 = nu @ np.linalg.inv(s) @ nu
            like = -0.5 * (d2 + np.log(np.linalg.det(2 * np.pi * s)))
            x, p = x + k @ nu, (np.eye(len(x)) - k @ h) @ p
        rows.append((x, p, d2, like))
    return [np.array(c) for c in zip(*rows, strict=True)]


def textbook_interacting(z, fs, qs, h, r, change, mu, mean, cov):
    """Blom & Bar-Shalom's cycle one step after another, model by model."""
    m = len(mu)
    x, p, rows = [mean] * m, [cov] * m, []
    for zk in z:
        ahead = change.T @ mu
        share = change * mu[:, None] / ahead
        mixed = [sum(share[i, j] * x[i] for i in range(m)) for j in range(m)]
        spread = [
            sum(share[i, j] * (p[i] + np.outer(x[i] - mixed[j], x[i] - mixed[j])) for i in range(m))
            for j in range(m)
        ]
        like = np.zeros(m)
        for j in range(m):
            out = textbook(zk[None], fs[j], qs[j], h, r, mixed[j], spread[j])
            x[j], p[j], like[j] = out[0][0], out[1][0], np.exp(out[3][0])
        mu = ahead * like
        total, mu = mu.sum(), mu / mu.sum()
        mean = sum(w * a for w, a in zip(mu, x, strict=True))
        cov = sum(w * (b + np.outer(a - mean, a - mean)) for w, a, b in zip(mu, x, p, strict=True))
        rows.append((mean, cov, mu, np.log(total)))
    return [np.array(c) for c in zip(*rows, strict=True)]


@pytest.fixture(scope="module")
def z():
    rng = np.random.default_rng(4)
    return np.cumsum(rng.normal(size=(5, 60, 2)) * 3.0, axis=1)


def test_many_sequences_equal_the_textbook(z):
    found = filter_linear(z, F=F, Q=Q, H=H, R=R, **START)
    for i, one in enumerate(z):
        mean, cov, d2, like = textbook(one, F, Q, H, R, **START)
        assert np.allclose(found.mean[i], mean, rtol=1e-11, atol=1e-11)
        assert np.allclose(found.cov[i], cov, rtol=1e-11, atol=1e-11)
        assert np.allclose(found.innovation2[i], d2, rtol=1e-10)
        assert np.allclose(found.log_likelihood[i], like, rtol=1e-10)
    assert found.weight.shape == (5, 60, 1)


def test_models_of_each_step_and_starts_of_each_sequence_are_used(z):
    steps = np.array([np.kron(np.eye(2), [[1, 1 + k % 3], [0, 1]]) for k in range(60)])
    noise = Q * (1 + np.arange(60) % 4)[:, None, None]
    means = np.arange(20.0).reshape(5, 4)
    found = filter_linear(z, F=steps, Q=noise, H=H, R=R, mean=means, cov=START["cov"])
    x, p = means[3], START["cov"]
    for k in range(60):
        (x,), (p,), _, _ = textbook(z[3, k : k + 1], steps[k], noise[k], H, R, x, p)
    assert np.allclose(found.mean[3, -1], x, rtol=1e-11)
    assert np.allclose(found.cov[3, -1], p, rtol=1e-11)


def test_a_missing_measurement_is_predicted_over(z):
    holed = z[0].copy()
    holed[[0, 7, 8]] = np.nan
    found = filter_linear(holed, F=F, Q=Q, H=H, R=R, **START)
    mean, cov, d2, _ = textbook(holed, F, Q, H, R, **START)
    assert np.allclose(found.mean[0], mean, rtol=1e-11)
    assert np.allclose(found.cov[0], cov, rtol=1e-11)
    assert np.array_equal(np.isnan(found.innovation2[0]), np.isnan(d2))


def test_interacting_models_equal_the_textbook(z):
    found = interact_linear(z, **MODELS, H=H, R=R, transition=TRANSITION, weight=WEIGHT, **START)
    for i, one in enumerate(z):
        mean, cov, mu, like = textbook_interacting(
            one, MODELS["F"], MODELS["Q"], H, R, TRANSITION, WEIGHT, START["mean"], START["cov"]
        )
        assert np.allclose(found.weight[i], mu, rtol=1e-9, atol=1e-12)
        assert np.allclose(found.mean[i], mean, rtol=1e-9)
        assert np.allclose(found.cov[i], cov, rtol=1e-9)
        assert np.allclose(found.log_likelihood[i], like, rtol=1e-9)


def test_equal_models_are_one_model(z):
    found = interact_linear(
        z, F=[F, F], Q=[Q, Q], H=H, R=R, transition=np.full((2, 2), 0.5), weight=[0.3, 0.7], **START
    )
    one = filter_linear(z, F=F, Q=Q, H=H, R=R, **START)
    assert np.allclose(found.mean, one.mean, rtol=1e-12)
    assert np.allclose(found.cov, one.cov, rtol=1e-12)
    assert np.allclose(found.weight, 0.5)


def test_the_model_that_made_the_data_wins():
    rng = np.random.default_rng(6)
    still = rng.normal(size=(3, 200, 2)) @ np.linalg.cholesky(R).T
    found = interact_linear(
        still, F=[F, F], Q=[1e-9 * Q, 10 * Q], H=H, R=R, transition=[[0.99, 0.01], [0.01, 0.99]],
        weight=[0.5, 0.5], mean=np.zeros(4), cov=np.eye(4),
    )  # fmt: skip
    assert (found.weight[:, -1, 0] > 0.95).all()


def test_hopeless_measurements_do_not_empty_the_weights(z):
    """Likelihoods below the smallest number of the machine: weights still sum to 1."""
    far = z.copy()
    far[:, 30] = 1e6
    found = interact_linear(far, **MODELS, H=H, R=R, transition=TRANSITION, weight=WEIGHT, **START)
    assert np.allclose(found.weight.sum(axis=-1), 1.0)
    assert np.isfinite(found.mean).all()


def test_the_number_of_workers_changes_nothing(z):
    one, two = (filter_linear(z, F=F, Q=Q, H=H, R=R, workers=w, **START) for w in (1, 2))
    assert np.array_equal(one.mean, two.mean)
    assert np.array_equal(one.cov, two.cov)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"F": np.eye(3)}, "F has shape"),
        ({"R": np.zeros((2, 2))}, "eigenvalue"),
        ({"Q": -Q}, "eigenvalue"),
        ({"cov": np.triu(np.ones((4, 4)))}, "not symmetric"),
        ({"mean": np.full(4, np.nan)}, "not finite"),
        ({"mean": np.zeros((3, 4))}, "mean has shape"),
    ],
)
def test_what_does_not_fit_is_refused(z, change, says):
    with pytest.raises(HinomiError, match=says):
        filter_linear(z, **({"F": F, "Q": Q, "H": H, "R": R} | START | change))


def test_half_a_measurement_is_refused(z):
    holed = z.copy()
    holed[0, 3, 1] = np.nan
    with pytest.raises(HinomiError, match="NaN throughout"):
        filter_linear(holed, F=F, Q=Q, H=H, R=R, **START)


@pytest.mark.parametrize(
    "change", [{"weight": [0.5, 0.5, 0.5]}, {"transition": np.eye(2)}, {"weight": [1.5, -0.5, 0.0]}]
)
def test_what_is_no_probability_is_refused(z, change):
    given = MODELS | {"transition": TRANSITION, "weight": WEIGHT} | START | change
    with pytest.raises(HinomiError, match="transition"):
        interact_linear(z, H=H, R=R, **given)

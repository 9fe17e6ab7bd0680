"""Single-model filters of many runs."""

import numpy as np
import pytest

from hinomi.errors import HinomiError
from hinomi.estimate.cartesian import fall
from hinomi.estimate.single import METHODS, MODELS, estimate_many

T = np.arange(1.0, 81.0)
SIGMA = np.array([20.0, 5e-4, 5e-4])
SITE = np.array([6.378e6, 0.0, 0.0])
AXES = np.array([[0.0, 0.0, 1.0], [0.0, 1.0, 0.0], [1.0, 0.0, 0.0]])  # north, east, up
OTHER = np.array([6.378e6, 5e4, 1e4])
P0 = np.diag([1e8] * 3 + [1e5] * 3)
STARTS = {
    "constant velocity": np.array([6.5e6, -9e4, 2e5, 50.0, 900.0, -300.0]),
    "free fall": np.array([6.5e6, -9e4, 2e5, 500.0, 2000.0, -300.0]),
}


def path(model):
    """(81, 6) truth of a model without noise."""
    y, rows = STARTS[model], [STARTS[model]]
    for _ in T:
        y = np.array(fall(*y, 1.0)) if model == "free fall" else y + np.r_[y[3:], np.zeros(3)]
        rows.append(y)
    return np.array(rows)


def look_at(places, site=SITE):
    d = (places - site) @ AXES.T
    return np.stack(
        [
            np.linalg.norm(d, axis=-1),
            np.arctan2(d[..., 1], d[..., 0]),
            np.arctan2(d[..., 2], np.hypot(d[..., 0], d[..., 1])),
        ],
        axis=-1,
    )


def options(model, method="extended", **other):
    mean = STARTS[model] + np.r_[3e3, -4e3, 5e3, 90.0, -50.0, 70.0]
    return {
        "t_s": T, "site_m": SITE, "axes": AXES, "sigma": SIGMA, "mean": mean, "cov": P0,
        "start_s": 0.0, "acceleration_psd_m2_s3": 0.0, "model": model, "method": method,
    } | other  # fmt: skip


@pytest.fixture(scope="module")
def noisy():
    rng = np.random.default_rng(9)
    return {m: look_at(path(m)[1:, :3]) + SIGMA * rng.normal(size=(4, 80, 3)) for m in MODELS}


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("model", MODELS)
def test_without_noise_the_error_goes_to_nothing(model, method):
    """Exact measurements, told to be good to 1 m and 1 microradian; old errors fade away."""
    truth = path(model)
    found = estimate_many(
        look_at(truth[1:, :3]),
        **options(model, method, sigma=[1.0, 1e-6, 1e-6], acceleration_psd_m2_s3=1.0),
    )
    error = np.abs(found.mean[0] - truth[1:])
    assert error[-1, :3].max() < 0.02
    assert error[-1, 3:].max() < 2e-3


@pytest.mark.parametrize("method", METHODS)
def test_a_batch_equals_its_runs_and_one_worker_equals_two(noisy, method):
    given = options("free fall", method)
    every = estimate_many(noisy["free fall"], **given, workers=2)
    for i, z in enumerate(noisy["free fall"]):
        one = estimate_many(z, **given, workers=1)
        assert np.array_equal(one.mean[0], every.mean[i])
        assert np.array_equal(one.cov[0], every.cov[i])


@pytest.mark.parametrize("model", MODELS)
def test_the_methods_agree_where_the_problem_is_nearly_linear(noisy, model):
    """Far below one sigma apart once the track is settled."""
    near = {"mean": STARTS[model] + 30.0, "cov": np.diag([3e3] * 3 + [1e3] * 3)}
    found = [estimate_many(noisy[model], **(options(model, m) | near)) for m in METHODS]
    sigma = np.sqrt(np.diagonal(found[0].cov[:, -1], axis1=1, axis2=2))
    for other in found[1:]:
        assert (np.abs(other.mean[:, -1] - found[0].mean[:, -1]) < 0.05 * sigma).all()
        assert np.allclose(other.cov[:, -1], found[0].cov[:, -1], rtol=0.05, atol=0.05)


@pytest.mark.parametrize("method", METHODS)
def test_any_order_of_measurements_gives_the_same_estimates(noisy, method):
    """Two sensors, some looks of the same second: bit for bit, with the row of each told."""
    site = np.where(np.arange(80)[:, None] % 2, SITE, OTHER)
    t = np.repeat(T[::2], 2)
    z = noisy["free fall"].copy()
    z[:, 1::2] = look_at(path("free fall")[1::2, :3])
    z[:, ::2] = look_at(path("free fall")[1::2, :3], OTHER)
    given = options("free fall", method)
    straight = estimate_many(z, **(given | {"t_s": t, "site_m": site}))
    mixed = np.random.default_rng(1).permutation(80)
    turned = estimate_many(z[:, mixed], **(given | {"t_s": t[mixed], "site_m": site[mixed]}))
    assert np.array_equal(straight.mean, turned.mean)
    assert np.array_equal(straight.cov, turned.cov)
    assert np.array_equal(mixed[turned.order], straight.order)


@pytest.mark.parametrize("method", METHODS)
def test_azimuth_is_one_circle(noisy, method):
    """A target crossing the line behind the site, where azimuth jumps by a whole turn."""
    given = options("constant velocity", method) | {"axes": np.diag([-1.0, -1.0, 1.0]) @ AXES}
    truth = path("constant velocity")
    d = (truth[1:, :3] - SITE) @ given["axes"].T
    z = np.stack(
        [np.linalg.norm(d, axis=1), np.arctan2(d[:, 1], d[:, 0]),
         np.arctan2(d[:, 2], np.hypot(d[:, 0], d[:, 1]))], axis=1,
    )  # fmt: skip
    turned = np.arctan2(d[:, 1], d[:, 0])
    assert np.ptp(turned) > 6.0 or (turned > 0).any()
    found = estimate_many(z, **given)
    assert np.abs(found.mean[0, -1, :3] - truth[-1, :3]).max() < 1.0
    assert (found.innovation2[0] < 20.0).all()


@pytest.mark.parametrize("method", METHODS)
def test_two_moving_infrared_sensors_fix_a_falling_body(method):
    truth = path("free fall")
    site = np.where(np.arange(80)[:, None] % 2, [7.4e6, -1.2e6, 0.0], [7.2e6, 1e6, -8e5]) + T[
        :, None
    ] * [0.0, 100.0, 7e3]
    z = look_at(truth[1:, :3], site)
    z[:, 0] = np.nan
    found = estimate_many(
        z, **options("free fall", method, site_m=site, sigma=[np.nan, 1e-5, 1e-5])
    )
    assert np.abs(found.mean[0, -1, :3] - truth[-1, :3]).max() < 5.0
    assert (found.innovation_size == 2).all()
    deep = np.sqrt(np.trace(found.cov[0, -1, :3, :3]))
    assert 1.0 < deep < 50.0


def test_nothing_measured_is_predicted_over(noisy):
    z = noisy["free fall"].copy()
    z[:, 40:] = np.nan
    found = estimate_many(z, **options("free fall"))
    y = tuple(found.mean[2, 39])
    for _ in range(40):
        y = fall(*y, 1.0)
    assert np.allclose(found.mean[2, -1], y, rtol=1e-13)
    assert (found.innovation_size[:, 40:] == 0).all()
    assert np.isnan(found.innovation2[:, 40:]).all()


@pytest.mark.parametrize("method", METHODS)
def test_the_last_estimate_alone_is_the_last_of_all(noisy, method):
    given = options("free fall", method)
    all_rows = estimate_many(noisy["free fall"], **given)
    last = estimate_many(noisy["free fall"], **given, keep="last")
    assert last.mean.shape == (4, 1, 6)
    assert np.array_equal(last.mean[:, 0], all_rows.mean[:, -1])
    assert last.t_s[0] == T[-1]


@pytest.mark.parametrize("method", METHODS)
def test_a_state_that_leaves_the_numbers_is_told_by_nan(method):
    """A measurement 1e200 m away: NaN from there on, in that run only."""
    z = np.tile(look_at(path("free fall")[1:, :3]), (2, 1, 1))
    z[0, 30, 0] = 1e200
    found = estimate_many(z, **options("free fall", method))
    bad = np.isnan(found.mean).any(axis=-1)
    assert bad[0, -1]
    assert not bad[0, :29].any()
    assert not bad[1].any()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"model": "glide"}, "choose one of 'constant velocity'"),
        ({"method": "ukf"}, "choose one of 'extended'"),
        ({"keep": "some"}, "choose one of 'all'"),
        ({"acceleration_psd_m2_s3": -1.0}, "at or above 0"),
        ({"t_s": T[:-1]}, "t_s has shape"),
        ({"sigma": [20.0, 0.0, 1e-3]}, "sigma must be above 0"),
        ({"sigma": [np.nan, 1e-3, 1e-3]}, "sigma must be above 0"),
        ({"cov": np.diag([1.0, 1, 1, 1, 1, -1])}, "eigenvalue"),
        ({"cov": np.triu(np.ones((6, 6)))}, "not symmetric"),
        ({"axes": np.ones((3, 3))}, "right angles"),
        ({"start_s": 5.0}, "start_s is 5.0"),
        ({"mean": np.full(6, np.inf)}, "not finite"),
    ],
)
def test_what_no_filter_can_use_is_refused(noisy, change, says):
    with pytest.raises(HinomiError, match=says):
        estimate_many(noisy["free fall"], **(options("free fall") | change))


def test_half_a_direction_is_refused(noisy):
    z = noisy["free fall"].copy()
    z[0, 3, 2] = np.nan
    with pytest.raises(HinomiError, match="without an elevation"):
        estimate_many(z, **options("free fall"))

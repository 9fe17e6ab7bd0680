"""The kernels of the filter against closed forms written out in numpy and scipy."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.linalg import expm

from hinomi.earth.gravity import acceleration_in_rotating_frame
from hinomi.track.gate import across
from hinomi.track.grade import ahead_rms
from hinomi.track.modes import combine, mix, transition, update_axis, weigh
from hinomi.track.motion import predict, predict_covariance, velocity_frame
from hinomi.track.start import start_stereo

R0 = np.array([-3.9e6, 3.4e6, 4.0e6])
V0 = np.array([-900.0, -1700.0, 1200.0])


def spd(rng, n=9, scale=None):
    a = rng.normal(size=(n, n))
    p = a @ a.T + n * np.eye(n)
    s = np.ones(n) if scale is None else scale
    return p * np.outer(s, s)


def frame():
    f = velocity_frame(*R0, *V0)
    return np.array(f[:9]).reshape(3, 3).T, f


def test_velocity_frame_is_right_handed_and_lift_points_up():
    axes, _ = frame()
    assert np.allclose(axes.T @ axes, np.eye(3), atol=1e-14)
    assert np.linalg.det(axes) == pytest.approx(1.0)
    assert axes[:, 0] @ V0 == pytest.approx(np.linalg.norm(V0))
    assert axes[:, 1] @ R0 > 0.0
    # Level flight to the north on the equator: right is east.
    north = np.array(velocity_frame(7e6, 0.0, 0.0, 0.0, 0.0, 3e3)[:9]).reshape(3, 3)
    assert np.allclose(north, [[0, 0, 1], [1, 0, 0], [0, 1, 0]])


def test_prediction_of_a_free_body_follows_true_gravity():
    def rate(_, y):
        return np.r_[y[3:], acceleration_in_rotating_frame(*y[:5])]

    exact = solve_ivp(
        rate, (0, 60), np.r_[R0 * 1.05, V0], method="DOP853", rtol=1e-12, atol=1e-9
    ).y[:, -1]
    x = np.r_[R0 * 1.05, V0, 0.0, 0.0, 0.0]
    zero = np.zeros(3)
    for _ in range(60):
        p = np.eye(9)
        predict(x, p, zero, zero, zero, 60.0, 1.0, np.empty((6, 9)), np.empty((6, 9)))
    assert np.linalg.norm(x[:3] - exact[:3]) < 0.5
    assert np.linalg.norm(x[3:6] - exact[3:]) < 0.01


def test_prediction_with_a_force_follows_the_turning_velocity():
    force = np.array([20.0, 15.0, -10.0])

    def rate(_, y):
        f = np.array(velocity_frame(*y)[:9]).reshape(3, 3)
        return np.r_[y[3:], np.array(acceleration_in_rotating_frame(*y[:5])) + force @ f]

    exact = solve_ivp(rate, (0, 10), np.r_[R0, V0], method="DOP853", rtol=1e-12, atol=1e-9).y[:, -1]
    x = np.r_[R0, V0, force]
    for _ in range(10):
        predict(x, np.eye(9), force, force, force, 60.0, 1.0, np.empty((6, 9)), np.empty((6, 9)))
    assert np.linalg.norm(x[:3] - exact[:3]) < 0.5
    assert np.linalg.norm(x[3:6] - exact[3:]) < 0.05


def test_covariance_prediction_equals_the_matrix_form():
    rng = np.random.default_rng(1)
    p = spd(rng, scale=np.r_[np.full(3, 300.0), np.full(3, 20.0), np.full(3, 2.0)])
    f = rng.normal(size=(6, 9))
    f[:3, :3] = np.eye(3)
    axes, fr = frame()
    sigma, dt = np.array([5.0, 15.0, 12.0]), 1.5
    phi = np.exp(-dt / 20.0)
    full = np.zeros((9, 9))
    full[:6] = f
    full[6:, 6:] = phi * np.eye(3)
    # White jerk through the chain of integrators: Bar-Shalom, Li & Kirubarajan (2001), 6.2.3.
    m = np.array(
        [
            [dt**5 / 20, dt**4 / 8, dt**3 / 6],
            [dt**4 / 8, dt**3 / 3, dt**2 / 2],
            [dt**3 / 6, dt**2 / 2, dt],
        ]
    )
    g = np.zeros((9, 9))
    turn = np.kron(np.diag([1, 1, 0]), axes) + np.kron(np.diag([0, 0, 1]), np.eye(3))
    q = sigma**2 * (1 - phi**2) / dt
    g = turn @ np.kron(m, np.diag(q)) @ turn.T
    want = full @ p @ full.T + g
    got = p.copy()
    predict_covariance(got, f, np.empty((6, 9)), fr, sigma, phi, dt)
    assert np.allclose(got, want, rtol=1e-10, atol=1e-10 * np.abs(want).max())


def test_transition_jacobian_equals_finite_differences():
    mean = np.array([20.0, 15.0, -10.0])
    x0 = np.r_[R0, V0, mean]

    def move(x):
        x = x.copy()
        predict(
            x, np.eye(9), mean, mean, np.zeros(3), 20.0, 1.0, np.empty((6, 9)), np.empty((6, 9))
        )
        return x

    f, p = np.empty((6, 9)), np.zeros((9, 9))
    predict(x0.copy(), p, mean, mean, np.zeros(3), 20.0, 1.0, f, np.empty((6, 9)))
    steps = np.r_[np.full(3, 50.0), np.full(3, 1.0), np.full(3, 0.1)]
    numeric = np.array(
        [
            (move(x0 + s * e) - move(x0 - s * e))[:6] / (2 * s)
            for s, e in zip(steps, np.eye(9), strict=True)
        ]
    ).T
    assert np.allclose(f[:, 3:6], numeric[:, 3:6], rtol=0, atol=1e-4)
    # The turn of the frame within the step, force * dt / (2 speed), is left out.
    assert np.allclose(f[:, 6:], numeric[:, 6:], rtol=0, atol=0.5 * 27.0 / np.linalg.norm(V0))
    assert np.allclose(f[:, :3], numeric[:, :3], rtol=0, atol=1e-5)


def test_axis_by_axis_update_equals_the_joint_kalman_update():
    rng = np.random.default_rng(2)
    p0 = spd(rng, scale=np.r_[np.full(3, 300.0), np.full(3, 20.0), np.full(3, 2.0)])
    x0 = np.r_[R0, V0, 1.0, 2.0, 3.0]
    los = V0 / np.linalg.norm(V0)
    axes = np.empty((2, 3))
    across(los, axes)
    assert np.allclose(axes @ axes.T, np.eye(2), atol=1e-14)
    assert np.allclose(axes @ los, 0.0, atol=1e-14)
    h = np.zeros((3, 9))
    h[:, :3] = np.vstack([axes, los])
    r = np.diag([250.0**2, 250.0**2, 15.0**2])
    z = R0 + np.array([400.0, -300.0, 100.0])
    s = h @ p0 @ h.T + r
    k = p0 @ h.T @ np.linalg.inv(s)
    nu = h[:, :3] @ (z - R0)
    want_x, want_p = x0 + k @ nu, p0 - k @ s @ k.T
    x, p, cost = x0.copy(), p0.copy(), 0.0
    for row, variance in zip(h[:, :3], np.diag(r), strict=True):
        d2, size = update_axis(x, p, *row, *z, variance, np.empty(9))
        cost += d2 + size
    assert np.allclose(x, want_x, rtol=1e-12, atol=1e-8)
    assert np.allclose(p, want_p, rtol=1e-8, atol=1e-8 * np.abs(want_p).max())
    assert cost == pytest.approx(nu @ np.linalg.solve(s, nu) + np.linalg.slogdet(s)[1], rel=1e-10)


def test_mixture_moments_equal_the_definition():
    rng = np.random.default_rng(3)
    xs, ps = rng.normal(size=(4, 9)), np.array([spd(rng) for _ in range(4)])
    mu = np.array([0.1, 0.2, 0.3, 0.4])
    x, p = np.empty(9), np.empty((9, 9))
    combine(xs, ps, mu, x, p)
    mean = mu @ xs
    want = sum(m * (c + np.outer(s - mean, s - mean)) for m, c, s in zip(mu, ps, xs, strict=True))
    assert np.allclose(x, mean, atol=1e-14)
    assert np.allclose(p, want, atol=1e-12)


def test_mixing_keeps_the_kinematic_mixture_and_redraws_the_force():
    rng = np.random.default_rng(4)
    xs, ps = rng.normal(size=(4, 9)), np.array([spd(rng) for _ in range(4)])
    mu = np.array([0.1, 0.2, 0.3, 0.4])
    means, sigmas = rng.normal(size=(4, 3)), rng.uniform(1, 2, size=(4, 3))
    change, work = np.empty((4, 4)), np.empty((2, 4, 4))
    transition(1.0, 30.0, change, work)
    before = np.empty(9), np.empty((9, 9))
    combine(xs, ps, mu, *before)
    x0, mu0 = xs.copy(), mu.copy()
    mix(xs, ps, mu, change, means, sigmas, np.empty((4, 9)), np.empty((4, 9, 9)))
    after = np.empty(9), np.empty((9, 9))
    combine(xs, ps, mu, *after)
    assert np.allclose(mu, mu0 @ change, atol=1e-14)
    assert np.allclose(before[0][:6], after[0][:6], atol=1e-12)
    assert np.allclose(before[1][:6, :6], after[1][:6, :6], atol=1e-10)
    stay = mu0[0] * change[0, 0] / mu[0]
    assert np.allclose(xs[0, 6:], stay * x0[0, 6:] + (1 - stay) * means[0], atol=1e-12)
    assert all(np.linalg.eigvalsh(p)[0] > 0 for p in ps)


def test_without_any_change_of_mode_mixing_leaves_everything():
    rng = np.random.default_rng(5)
    xs, ps, mu = rng.normal(size=(4, 9)), np.array([spd(rng) for _ in range(4)]), np.full(4, 0.25)
    x0, p0 = xs.copy(), ps.copy()
    mix(
        xs,
        ps,
        mu,
        np.eye(4),
        np.zeros((4, 3)),
        np.ones((4, 3)),
        np.empty((4, 9)),
        np.empty((4, 9, 9)),
    )
    assert np.array_equal(xs, x0)
    assert np.allclose(ps, p0, rtol=1e-14)


def test_transition_equals_the_matrix_exponential():
    work, one = np.empty((2, 4, 4)), np.empty((4, 4))
    transition(0.6, 1e-4, one, work)
    rate = (one - np.eye(4)) / 1e-4  # generator, by its definition
    for dt in (1.0, 7.0, 60.0):
        got = np.empty((4, 4))
        transition(0.6, dt, got, work)
        assert np.allclose(got, expm(rate * dt), atol=1e-4)
    transition(0.0, 1.0, one, work)
    assert one[0, 2] == pytest.approx(0.0, abs=1e-12), "no glide without air"
    assert one[1, 3] == pytest.approx(0.0, abs=1e-12)


def test_weights_follow_the_likelihood_and_keep_a_floor():
    mu = np.array([0.25, 0.25, 0.25, 0.25])
    weigh(mu, np.array([2.0, 4.0, 1e4, 1e5]))
    assert mu.sum() == pytest.approx(1.0)
    assert mu[0] / mu[1] == pytest.approx(np.e, rel=1e-9)
    assert mu[2] == pytest.approx(1e-4, rel=1e-3)


def test_look_ahead_equals_a_fine_numerical_propagation():
    rng = np.random.default_rng(6)
    p = spd(rng, scale=np.r_[np.full(3, 30.0), np.full(3, 5.0), np.full(3, 1.0)])
    x = np.r_[R0, V0, 0.0, 0.0, 0.0]
    sigmas = np.tile([[5.0, 15.0, 15.0]], (4, 1))
    axes, _ = frame()
    tau, dt, n = 20.0, 0.005, 2000
    f = np.eye(9)
    f[:3, 3:6] = dt * np.eye(3)
    f[3:6, 6:] = dt * axes
    f[6:, 6:] *= np.exp(-dt / tau)
    q = np.zeros((9, 9))
    q[6:, 6:] = np.diag(sigmas[3] ** 2 * (1 - np.exp(-2 * dt / tau)))
    c = p.copy()
    for _ in range(n):
        c = f @ c @ f.T + q
    got = ahead_rms(x, p, np.array([0.0, 0.0, 0.0, 1.0]), sigmas, dt * n)
    assert got == pytest.approx(np.sqrt(np.trace(c[:3, :3])), rel=2e-3)


def test_two_lines_of_sight_give_the_least_squares_point_and_covariance():
    # Closed form: x = [sum w (I - u u')]^-1 sum w (I - u u') s, covariance that inverse.
    target = np.array([-3.2e6, 4.2e6, 4.1e6])
    sites = [target + 2.5e6 * np.array(d) for d in ([0.6, 0.0, 0.8], [0.0, 0.8, 0.6])]
    los = [(target - s) / np.linalg.norm(target - s) for s in sites]
    axes = [np.empty((2, 3)) for _ in los]
    for u, a in zip(los, axes, strict=True):
        across(u, a)
    cx, cp = np.empty(9), np.empty((9, 9))
    args = [(s, u, a, 5e-5) for s, u, a in zip(sites, los, axes, strict=True)]
    misfit = start_stereo(cx, cp, *args[0], *args[1], 0.0, np.empty(9))
    info = sum((np.eye(3) - np.outer(u, u)) / 125.0**2 for u in los)
    assert misfit < 1e-6
    assert np.linalg.norm(cx[:3] - target) < 1.0
    assert np.allclose(cp[:3, :3], np.linalg.inv(info), rtol=1e-3, atol=5.0)


@pytest.mark.parametrize(
    ("degrees", "rms"), [(10, 1022), (20, 524), (30, 364), (60, 222), (90, 198)]
)
def test_stereo_error_by_crossing_angle(degrees, rms):
    """Values of the same closed form for 50 urad at 2,500 km, rounded to the metre."""
    half = np.radians(degrees) / 2
    sites = [
        2.5e6 * np.array([np.sin(a), 0.0, np.cos(a)]) + [6.5e6, 0.0, 0.0] for a in (half, -half)
    ]
    los = [(np.array([6.5e6, 0.0, 0.0]) - s) / 2.5e6 for s in sites]
    axes = [np.empty((2, 3)) for _ in los]
    for u, a in zip(los, axes, strict=True):
        across(u, a)
    cx, cp = np.empty(9), np.empty((9, 9))
    start_stereo(
        cx, cp, sites[0], los[0], axes[0], 5e-5, sites[1], los[1], axes[1], 5e-5, 0.0, np.empty(9)
    )
    assert np.sqrt(np.trace(cp[:3, :3])) == pytest.approx(rms, rel=0.005)


def test_nearly_parallel_lines_start_nothing():
    a = np.array([7e6, 0.0, 0.0])
    u = np.array([0.0, 1.0, 0.0])
    w = np.array([np.sin(0.05), np.cos(0.05), 0.0])
    axes = np.empty((2, 3))
    across(u, axes)
    got = start_stereo(
        np.empty(9),
        np.empty((9, 9)),
        a,
        u,
        axes,
        5e-5,
        a - 1e5 * w,
        w,
        axes,
        5e-5,
        0.0,
        np.empty(9),
    )
    assert np.isinf(got)

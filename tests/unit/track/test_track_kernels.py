"""The kernels of the filter against closed forms written out in numpy and scipy."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.linalg import expm

from hinomi.earth.gravity import acceleration_in_rotating_frame
from hinomi.records.tracks import ALWAYS, MODE_BOOST, MODE_COAST, MODE_GLIDE, MODE_MANOEUVRE, MODES
from hinomi.track.filter import make_work, seed_modes
from hinomi.track.gate import across
from hinomi.track.grade import ahead_rms
from hinomi.track.modes import combine, make_model, mix, transition, update_axis, weigh
from hinomi.track.motion import (
    COAST_BETA_KG_M2,
    add_noise,
    air,
    drive_sigmas,
    force,
    move,
    next_drives,
    predict,
    spread,
    velocity_frame,
)
from hinomi.track.start import start_stereo

R0 = np.array([-3.9e6, 3.4e6, 4.0e6])
LOW = R0 / np.linalg.norm(R0) * 6.385e6  # in the stratosphere
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


NO_AIR = (0.0, 0.0, 8.0)


def test_prediction_of_a_free_body_follows_true_gravity():
    def rate(_, y):
        return np.r_[y[3:], acceleration_in_rotating_frame(*y[:5])]

    exact = solve_ivp(
        rate, (0, 60), np.r_[R0 * 1.05, V0], method="DOP853", rtol=1e-12, atol=1e-9
    ).y[:, -1]
    for kind in (MODE_COAST, MODE_GLIDE):
        x = np.r_[R0 * 1.05, V0, 0.0, 0.0, 0.0]
        for _ in range(60):
            predict(kind, x, np.eye(9), NO_AIR, NO_AIR, 1.0, np.empty((6, 9)), np.empty((6, 9)))
        assert np.linalg.norm(x[:3] - exact[:3]) < 0.5
        assert np.linalg.norm(x[3:6] - exact[3:]) < 0.01


def test_prediction_with_a_force_follows_the_turning_velocity():
    """A manoeuvring body whose force decays towards that of equilibrium in its air."""
    drives, tau = np.array([20.0, 15.0, -10.0]), 20.0
    here = (1.0, 3.0, 8.0)
    mean = np.array([-8.0 / 2.6, 8.0, 0.0])

    def rate(t, y):
        f = np.array(velocity_frame(*y)[:9]).reshape(3, 3)
        push = mean + (drives - mean) * np.exp(-t / tau)
        return np.r_[y[3:], np.array(acceleration_in_rotating_frame(*y[:5])) + push @ f]

    exact = solve_ivp(rate, (0, 10), np.r_[R0, V0], method="DOP853", rtol=1e-12, atol=1e-9).y[:, -1]
    x = np.r_[R0, V0, drives]
    for _ in range(10):
        move(MODE_MANOEUVRE, x, here, here, 1.0)
    assert np.linalg.norm(x[:3] - exact[:3]) < 0.5
    assert np.linalg.norm(x[3:6] - exact[3:]) < 0.05
    assert np.allclose(x[6:], mean + (drives - mean) * np.exp(-10 / tau), atol=1e-12)


def test_thrust_grows_as_the_mass_burns_away():
    """Constant mass flow: thrust over what is left of the mass, w = 1 / (T - t)."""
    x = np.r_[R0, V0, 20.0, 1.0 / 80.0, 0.0]
    for k in range(1, 41):
        move(MODE_BOOST, x, NO_AIR, NO_AIR, 1.0)
        assert x[6] == pytest.approx(20.0 / (1.0 - k / 80.0), rel=1e-12)
        assert x[7] == pytest.approx(1.0 / (80.0 - k), rel=1e-12)
    # The same as an integral of velocity: without gravity dv = 20 * 80 * ln(80 / 40).
    still = np.r_[R0, V0, 0.0, 0.0, 0.0]
    y = np.r_[R0, V0, 20.0, 1.0 / 80.0, 0.0]
    for _ in range(40):
        move(MODE_BOOST, y, NO_AIR, NO_AIR, 1.0)
        move(MODE_COAST, still, NO_AIR, NO_AIR, 1.0)
    gained = np.linalg.norm(y[3:6]) - np.linalg.norm(still[3:6])
    assert gained == pytest.approx(20.0 * 80.0 * np.log(2.0), rel=0.02)


def test_the_drag_of_a_coasting_body_follows_its_coefficient():
    here = air(*LOW, *V0)
    assert here[1] > 1.0
    light = force(MODE_COAST, np.log(COAST_BETA_KG_M2 / 2000.0), 0.0, 0.0, here[1])
    assert light[0] == pytest.approx(-4.0 * here[1])
    assert light[3] == pytest.approx(light[0]), "slope with the logarithm"


def matrix_of(f, slopes):
    full = np.zeros((9, 9))
    full[:6] = f
    full[6, 6], full[7, 7], full[8, 8], full[6, 7] = slopes
    return full


def test_covariance_prediction_equals_the_matrix_form():
    rng = np.random.default_rng(1)
    p = spd(rng, scale=np.r_[np.full(3, 300.0), np.full(3, 20.0), np.full(3, 2.0)])
    f = rng.normal(size=(6, 9))
    f[:3, :3] = np.eye(3)
    axes, fr = frame()
    dt = 1.5
    slopes = (1.1, 1.3, 0.9, 2.0)
    full = matrix_of(f, slopes)
    # White jerk through the chain of integrators: Bar-Shalom, Li & Kirubarajan (2001), 6.2.3.
    m = np.array(
        [
            [dt**5 / 20, dt**4 / 8, dt**3 / 6],
            [dt**4 / 8, dt**3 / 3, dt**2 / 2],
            [dt**3 / 6, dt**2 / 2, dt],
        ]
    )
    own, gains, white = np.array([5.0, 15.0, 12.0]), np.array([1.0, 0.5, 2.0]), 0.7
    to_force = np.kron(np.diag([1, 1, 0]), axes * gains) + np.kron(np.diag([0, 0, 1]), np.eye(3))
    noise = to_force @ np.kron(m, np.diag(own / dt)) @ to_force.T
    w = np.array([[dt**3 / 3, dt**2 / 2], [dt**2 / 2, dt]])
    noise[:6, :6] += white * np.kron(w, np.eye(3))
    want = full @ p @ full.T + noise
    got = p.copy()
    spread(got, f, slopes, np.empty((6, 9)))
    add_noise(got, fr, tuple(gains), tuple(own), white, dt)
    assert np.allclose(got, want, rtol=1e-10, atol=1e-10 * np.abs(want).max())


@pytest.mark.parametrize(
    ("kind", "drives"),
    [
        (MODE_MANOEUVRE, [20.0, 15.0, -10.0]),
        (MODE_BOOST, [40.0, 0.02, 0.0]),
        (MODE_COAST, [0.5, 2.0, -1.0]),
    ],
)
def test_transition_jacobian_equals_finite_differences(kind, drives):
    here = (0.8, 6.0, 8.0)
    x0 = np.r_[R0, V0, drives]

    def step(x):
        x = x.copy()
        move(kind, x, here, here, 1.0)
        return x

    f = np.empty((6, 9))
    predict(kind, x0.copy(), np.zeros((9, 9)), here, here, 1.0, f, np.empty((6, 9)))
    steps = np.r_[np.full(3, 50.0), np.full(3, 1.0), np.full(3, 1e-3)]
    numeric = np.array(
        [
            (step(x0 + s * e) - step(x0 - s * e)) / (2 * s)
            for s, e in zip(steps, np.eye(9), strict=True)
        ]
    ).T
    assert np.allclose(
        f[:, 3:6], numeric[:6, 3:6], rtol=0, atol=1e-4 if kind == MODE_MANOEUVRE else 1e-3
    )
    # The turn of the frame within the step, force * dt / (2 speed), is left out.
    turn = 0.5 * 40.0 / np.linalg.norm(V0)
    scale = np.maximum(np.abs(numeric[:6, 6:]).max(axis=0), 1.0)
    assert (np.abs(f[:, 6:] - numeric[:6, 6:]) < turn * scale).all()
    assert np.allclose(f[:, :3], numeric[:6, :3], rtol=0, atol=1e-5)
    slopes = next_drives(kind, *drives, (0.0, 0.0, 0.0), (0.0, 0.0, 0.0), 1.0)[3:]
    lower = matrix_of(f, slopes)[6:, 6:]
    assert np.allclose(lower, numeric[6:, 6:], rtol=1e-5, atol=1e-6)


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


FORCES = np.array([MODE_GLIDE, MODE_MANOEUVRE, MODE_GLIDE, MODE_MANOEUVRE])  # drives are the force


def states(rng):
    return np.c_[
        R0 + rng.normal(size=(4, 3)), V0 + rng.normal(size=(4, 3)), rng.normal(size=(4, 3))
    ]


def test_mixture_moments_equal_the_definition():
    rng = np.random.default_rng(3)
    xs, ps = states(rng), np.array([spd(rng) for _ in range(4)])
    mu = np.array([0.1, 0.2, 0.3, 0.4])
    x, p = np.empty(9), np.empty((9, 9))
    combine(FORCES, xs, ps, mu, x, p)
    mean = mu @ xs
    want = sum(m * (c + np.outer(s - mean, s - mean)) for m, c, s in zip(mu, ps, xs, strict=True))
    assert np.allclose(x, mean, rtol=1e-14)
    assert np.allclose(p, want, atol=1e-7)


def test_a_mixture_of_unlike_modes_is_one_of_their_forces():
    """Moments by sampling each mode and turning its drives into forces."""
    rng = np.random.default_rng(8)
    here = LOW
    _, drag, _ = air(*here, *V0)
    kinds = np.array([MODE_BOOST, MODE_COAST, MODE_GLIDE])
    xs = np.array(
        [np.r_[here, V0, d] for d in ([40.0, 0.02, 0.0], [0.3, 1.0, 0.0], [-3.0, 6.0, 2.0])]
    )
    xs[:, 3] += [5.0, -5.0, 0.0]
    ps = np.array(
        [
            np.diag(np.r_[np.full(6, 1.0), s]) ** 2
            for s in ([4.0, 0.004, 0.0], [0.05, 0.5, 0.5], [1.0, 2.0, 2.0])
        ]
    )
    ps[0, 3, 6] = ps[0, 6, 3] = 2.0
    mu = np.array([0.5, 0.2, 0.3])
    x, p = np.empty(9), np.empty((9, 9))
    combine(kinds, xs, ps, mu, x, p)
    parts = []
    for kind, m, c, share in zip(kinds, xs, ps, mu, strict=True):
        y = rng.multivariate_normal(m, c, size=int(400_000 * share), method="eigh")
        along = y[:, 6] if kind != MODE_COAST else -drag * np.exp(y[:, 6])
        side = rng.normal(scale=4.0, size=(2, len(y))) if kind == MODE_BOOST else y[:, 7:].T
        parts.append(np.c_[y[:, :6], along, side[0], side[1]])
    cloud = np.concatenate(parts)
    assert np.allclose(x, cloud.mean(axis=0), rtol=0, atol=0.05)
    want = np.cov(cloud.T)
    assert np.allclose(p[3:, 3:], want[3:, 3:], rtol=0.02, atol=0.02 * want[6, 6])


def test_mixing_keeps_the_kinematic_mixture_and_redraws_the_drives():
    rng = np.random.default_rng(4)
    xs, ps = states(rng), np.array([spd(rng) for _ in range(4)])
    mu = np.array([0.1, 0.2, 0.3, 0.4])
    means, sigmas = rng.normal(size=(4, 3)), rng.uniform(1, 2, size=(4, 3))
    change, work = np.empty((4, 4)), np.empty((2, 4, 4))
    transition(make_model(ALWAYS), 1.0, 30.0, change, work)
    before = np.empty(9), np.empty((9, 9))
    combine(FORCES, xs, ps, mu, *before)
    x0, p0, mu0 = xs.copy(), ps.copy(), mu.copy()
    mix(xs, ps, mu, change, means, sigmas, np.empty((4, 9)), np.empty((4, 9, 9)), np.empty(4))
    after = np.empty(9), np.empty((9, 9))
    combine(FORCES, xs, ps, mu, *after)
    assert np.allclose(mu, mu0 @ change, atol=1e-14)
    assert np.allclose(before[0][:6], after[0][:6], rtol=1e-13)
    assert np.allclose(before[1][:6, :6], after[1][:6, :6], atol=1e-6)
    for j in range(4):
        # By the definition: a mixture of the mode's own state and, from the others, place and
        # velocity with drives drawn anew.
        weight = mu0 * change[:, j] / mu[j]
        rows, blocks = x0.copy(), p0.copy()
        for i in range(4):
            if i != j:
                rows[i, 6:] = means[j]
                blocks[i, 6:, :], blocks[i, :, 6:] = 0.0, 0.0
                blocks[i, 6:, 6:] = np.diag(sigmas[j] ** 2)
        mean = weight @ rows
        want = sum(
            w * (c + np.outer(r - mean, r - mean))
            for w, c, r in zip(weight, blocks, rows, strict=True)
        )
        assert np.allclose(xs[j], mean, rtol=1e-12, atol=1e-12)
        assert np.allclose(ps[j], want, atol=1e-6)
    assert all(np.linalg.eigvalsh(p)[0] > 0 for p in ps)


def test_without_any_change_of_mode_mixing_leaves_everything():
    rng = np.random.default_rng(5)
    xs, ps, mu = states(rng), np.array([spd(rng) for _ in range(4)]), np.full(4, 0.25)
    x0, p0 = xs.copy(), ps.copy()
    zero, one = np.zeros((4, 3)), np.ones((4, 3))
    mix(xs, ps, mu, np.eye(4), zero, one, np.empty((4, 9)), np.empty((4, 9, 9)), np.empty(4))
    assert np.allclose(xs, x0, rtol=1e-15)
    assert np.allclose(ps, p0, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("modes", [ALWAYS, MODES, ("coast", "glide")])
def test_transition_equals_the_matrix_exponential(modes):
    model = make_model(modes)
    n = len(modes)
    work, one = np.empty((2, n, n)), np.empty((n, n))
    rate = model.rates[0] + 0.6 * model.rates[1] + 0.36 * model.rates[2]
    rate = rate - np.diag(rate.sum(axis=1))
    for dt in (0.01, 1.0, 7.0, 60.0):
        transition(model, 0.6, dt, one, work)
        assert np.allclose(one, expm(rate * dt), atol=1e-8)
        assert one.min() >= 0.0
    transition(model, 0.0, 1.0, one, work)
    names = list(modes)
    assert one[names.index("coast"), names.index("glide")] == pytest.approx(0.0, abs=1e-12)


def test_new_tracks_take_their_odds_from_how_they_were_found():
    for modes in (ALWAYS, MODES):
        m = len(modes)
        x, p, mu = np.empty((m, 9)), np.empty((m, 9, 9)), np.empty(m)
        cx, cp = np.r_[R0 * 1.05, V0, 0.0, 0.0, 0.0], np.diag(np.r_[np.full(6, 1e4), 0, 0, 0])
        seed_modes(x, p, mu, cx, cp, 1, 2e4, make_work(modes))
        assert mu.sum() == pytest.approx(1.0)
        assert mu[0] > 0.8, "first seen low by infrared: burning"
        seed_modes(x, p, mu, cx, cp, 0, 3e5, make_work(modes))
        assert mu[1] > 0.85, "first seen high by a radar: coasting"
        assert np.linalg.eigvalsh(cp)[0] >= 0.0


def test_weights_follow_the_likelihood_and_keep_a_floor():
    mu = np.array([0.25, 0.25, 0.25, 0.25])
    weigh(mu, np.array([2.0, 4.0, 1e4, 1e5]))
    assert mu.sum() == pytest.approx(1.0)
    assert mu[0] / mu[1] == pytest.approx(np.e, rel=1e-9)
    assert mu[2] == pytest.approx(1e-9, rel=1e-3)


def test_look_ahead_equals_a_fine_numerical_propagation():
    rng = np.random.default_rng(6)
    p = spd(rng, scale=np.r_[np.full(3, 30.0), np.full(3, 5.0), np.full(3, 1.0)])
    x = np.r_[R0, V0, 0.0, 0.0, 0.0]
    share, drag = 1.0, 3.0
    sigma = np.array(drive_sigmas(MODE_MANOEUVRE, share, drag))
    axes, _ = frame()
    tau, dt, n = 20.0, 0.005, 2000
    f = np.eye(9)
    f[:3, 3:6] = dt * np.eye(3)
    f[3:6, 6:] = dt * axes
    f[6:, 6:] *= np.exp(-dt / tau)
    q = np.zeros((9, 9))
    q[6:, 6:] = np.diag(sigma**2 * (1 - np.exp(-2 * dt / tau)))
    c = p.copy()
    for _ in range(n):
        c = f @ c @ f.T + q
    got = ahead_rms(
        np.array([MODE_COAST, MODE_MANOEUVRE]), x, p, np.array([0.0, 1.0]), share, drag, dt * n
    )
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

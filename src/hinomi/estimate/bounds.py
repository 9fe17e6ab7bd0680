"""Posterior Cramer-Rao bounds: the smallest error that any estimator can have.

A yardstick for trackers, of this project and of others: an error below the bound means a mistake in
the evaluation, one far above it a filter with room to improve.

Source: Tichavsky, Muravchik & Nehorai, IEEE Trans. Signal Processing 46 (1998), 1386-1396.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from hinomi.errors import HinomiError
from hinomi.estimate.cartesian import LONGEST_STEP_S, N, add_noise, fall, fall_slopes, look, slopes
from hinomi.estimate.single import MODELS
from hinomi.records.columns import Floats


def posterior_bound(F: ArrayLike, Q: ArrayLike, information: ArrayLike, cov: ArrayLike) -> Floats:
    """Bound of the covariance after each of N measurements, linear or linearised at the truth.

    Parameters
    ----------
    F, Q
        (N, n, n), or (S, N, n, n) for S samples of the truth: transition from the measurement
        before (or the start), and covariance of its noise. Noise may be zero with one sample.
    information
        (N, n, n) or (S, N, n, n): H' R^-1 H of each measurement; zero where nothing is measured.
    cov
        (n, n) of the estimate at the start.

    Returns
    -------
    Floats
        (N, n, n).

    Raises
    ------
    HinomiError
        when shapes do not fit, or several samples come with noise that cannot be inverted.
    """
    f, q, seen = (np.asarray(a, float) for a in (F, Q, information))
    f, q, seen = (a[None] if a.ndim == 3 else a for a in (f, q, seen))
    start = np.asarray(cov, float)
    n = len(start)
    if f.ndim != 4 or f.shape[2:] != (n, n) or not f.shape[1] == q.shape[1] == seen.shape[1]:
        raise HinomiError(
            f"F {f.shape}, Q {q.shape}, information {seen.shape} and cov {start.shape} do not fit: "
            "pass (N, n, n) or (S, N, n, n) and (n, n)"
        )
    out, p = np.empty((f.shape[1], n, n)), start
    for k in range(len(out)):
        ahead = _ahead(f[:, k], q[:, k], p)
        # (ahead^-1 + D)^-1 without inverting `ahead`, which may be nearly singular.
        root = _root(seen[:, k].mean(axis=0))
        s = np.eye(n) + root.T @ ahead @ root
        after = ahead - ahead @ root @ np.linalg.solve(s, root.T @ ahead)
        p = 0.5 * (after + after.T)
        out[k] = p
    return out


def cramer_rao(
    truth: ArrayLike, *, t_s: ArrayLike, site_m: ArrayLike, sigma: ArrayLike, cov: ArrayLike,
    acceleration_psd_m2_s3: float, model: str = "constant velocity", axes: ArrayLike | None = None,
    ranged: ArrayLike = True, start_s: float | None = None,
) -> Floats:  # fmt: skip
    """Bound of the error of `single.estimate_many` and of any other filter of the same problem.

    Parameters
    ----------
    truth
        (N + 1, 6) or (S, N + 1, 6): true states at `start_s` and at each measurement; S samples
        where the truth is random.
    t_s
        (N,), sorted.
    site_m, sigma, axes, cov, acceleration_psd_m2_s3, model
        as `single.estimate_many`; one sensor, still or moving.
    ranged
        whether each measurement has a range, () or (N,).
    start_s
        by default the first of `t_s`.

    Returns
    -------
    Floats
        (N, 6, 6) bound of the covariance [m, m/s]; the root of the trace of its position block
        bounds the position error.

    Raises
    ------
    HinomiError
        when the model is unknown or shapes do not fit.
    """
    if model not in MODELS:
        raise HinomiError(f"model is {model!r}; choose one of {', '.join(map(repr, MODELS))}")
    states = np.asarray(truth, float)
    states = states[None] if states.ndim == 2 else states
    t = np.asarray(t_s, float)
    n = len(t)
    if states.shape[1:] != (n + 1, N):
        raise HinomiError(
            f"truth has shape {states.shape[1:]}; pass the start and {n} measurements, ({n + 1}, 6)"
        )
    site, sig = np.broadcast_to(site_m, (n, 3)), np.broadcast_to(sigma, (n, 3))
    way = np.broadcast_to(np.eye(3) if axes is None else axes, (n, 3, 3))
    far = np.broadcast_to(ranged, (n,))
    dt = np.diff(t, prepend=t[0] if start_s is None else start_s)
    if (dt < 0.0).any():
        raise HinomiError("t_s must be sorted and not begin before start_s")
    f, q = np.empty((len(states), n, N, N)), np.empty((len(states), n, N, N))
    seen = np.zeros((len(states), n, N, N))
    for s in range(len(states)):
        for k in range(n):
            f[s, k], q[s, k] = _motion(states[s, k], dt[k], model, acceleration_psd_m2_s3)
            h = np.empty((3, 3))
            place = look(*states[s, k + 1, :3], site[k], np.ascontiguousarray(way[k]))
            slopes(*place[3:], np.ascontiguousarray(way[k]), h)
            h = (h / sig[k, :, None])[0 if far[k] else 1 :]
            seen[s, k, :3, :3] = h.T @ h
    return posterior_bound(f, q, seen, np.asarray(cov, float))


def _motion(state: Floats, dt: float, model: str, psd: float) -> tuple[Floats, Floats]:
    """Transition along the truth and the noise of one interval."""
    f, q = np.eye(N), np.zeros((N, N))
    if dt <= 0.0:
        return f, q
    if model == MODELS[0]:
        f[:3, 3:] = dt * np.eye(3)
        add_noise(q, psd, dt)
        return f, q
    x, part = tuple(state), np.empty((N, N))
    steps = math.ceil(dt / LONGEST_STEP_S - 1e-9)
    h = dt / steps
    for _ in range(steps):
        middle = [x[i] + 0.5 * h * x[3 + i] for i in range(3)]
        fall_slopes(*middle, h, part)
        x = fall(*x, h)
        f, q = part @ f, part @ q @ part.T
        add_noise(q, psd, h)
    return f, q


def _ahead(f: Floats, q: Floats, p: Floats) -> Floats:
    """Predicted bound over S samples of the truth: (D22 - D21 (J + D11)^-1 D12)^-1."""
    if len(f) == 1:
        return np.asarray(f[0] @ p @ f[0].T + q[0])
    try:
        weight = np.linalg.inv(np.broadcast_to(q, f.shape))
    except np.linalg.LinAlgError:
        raise HinomiError(
            "several samples of the truth need process noise that can be inverted: "
            "give noise to every state, or one sample"
        ) from None
    d11 = (f.transpose(0, 2, 1) @ weight @ f).mean(axis=0)
    d12 = -(f.transpose(0, 2, 1) @ weight).mean(axis=0)
    inner = np.linalg.solve(np.linalg.inv(p) + d11, d12)
    return np.asarray(np.linalg.inv(weight.mean(axis=0) - d12.T @ inner))


def _root(a: Floats) -> Floats:
    """(n, n) B with B B' = a, for a positive semi-definite."""
    values, vectors = np.linalg.eigh(0.5 * (a + a.T))
    return np.asarray(vectors * np.sqrt(np.maximum(values, 0.0)))

"""Linear filters of one object, for many sequences in one call: Kalman and interacting models.

For models that are linear with Gaussian noise both are textbook estimators, usable on any problem of
that kind: `x[k+1] = F x[k] + w`, `z[k] = H x[k] + v`, `w ~ N(0, Q)`, `v ~ N(0, R)`. Units are those
of the caller. The filter of `follow`, with its motion in true gravity, is in `filter`.

Sources: Kalman, J. Basic Eng. 82 (1960); Joseph's form: Bucy & Joseph, Filtering for Stochastic
Processes (1968); interacting models: Blom & Bar-Shalom, IEEE T-AC 33 (1988).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numba import get_num_threads, njit, prange, set_num_threads

from hinomi.errors import HinomiError
from hinomi.estimate.linear_steps import combine, interact, predict, update
from hinomi.records.columns import Floats, freeze


class Work(NamedTuple):
    """Scratch space of one update."""

    ph: Floats
    s: Floats
    nu: Floats
    root: Floats
    white: Floats
    gain: Floats
    left: Floats
    square: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class LinearEstimates:
    """Estimates after each of N measurements of S sequences.

    Everything is NaN from the step on where a covariance ceased to be positive definite; where a
    measurement is missing `innovation2` and `log_likelihood` are NaN and the estimate is predicted.
    """

    mean: Floats  # (S, N, n)
    cov: Floats  # (S, N, n, n)
    innovation2: Floats  # (S, N) squared normalised innovation; of interacting models the mean
    log_likelihood: Floats  # (S, N) of each measurement, given those before
    weight: Floats  # (S, N, M) probability of each model; M = 1 for one model

    def __post_init__(self) -> None:
        s, k, n = self.mean.shape
        f = np.float64
        freeze(
            self,
            {"mean": (f, (s, k, n)), "cov": (f, (s, k, n, n)), "innovation2": (f, (s, k))}
            | {"log_likelihood": (f, (s, k)), "weight": (f, (s, k, -1))},
        )


def filter_linear(
    z: Floats, *, F: Floats, Q: Floats, H: Floats, R: Floats, mean: Floats, cov: Floats,
    workers: int | None = None,
) -> LinearEstimates:  # fmt: skip
    """Kalman filter over S sequences of N measurements: predict, then update, N times.

    Parameters
    ----------
    z
        (S, N, m), or (N, m) for one sequence. A row that is NaN throughout is a missing measurement.
    F, Q
        (n, n) transition and covariance of the process noise of one step, or (N, n, n): the step to
        each measurement.
    H, R
        (m, n) and (m, m) measurement matrix and covariance of its noise.
    mean, cov
        (n,) and (n, n), or (S, n) and (S, n, n): the estimate one step before the first
        measurement.
    workers
        cores; all by default. The numbers do not depend on it.

    Returns
    -------
    LinearEstimates
        after each measurement.

    Raises
    ------
    HinomiError
        when shapes do not fit, a covariance is not symmetric and positive, or a row of `z` is NaN
        in part.
    """
    p = _problem(z, [F], [Q], [H], [R], mean, cov)
    return _run(p, np.ones((1, 1)), np.ones(1), workers)


def interact_linear(
    z: Floats, *, F: Floats, Q: Floats, H: Floats, R: Floats, transition: Floats, weight: Floats,
    mean: Floats, cov: Floats, workers: int | None = None,
) -> LinearEstimates:  # fmt: skip
    """Interacting multiple-model filter over S sequences of N measurements.

    Each step mixes the models' estimates, predicts and updates each model, and weighs the models by
    the likelihood of the measurement. All models share one state of n numbers.

    Parameters
    ----------
    z
        (S, N, m), or (N, m) for one sequence. A row that is NaN throughout is a missing measurement.
    F, Q
        (M, n, n) transition and covariance of the process noise of each model, or (M, N, n, n): the
        step to each measurement.
    H, R
        (m, n) and (m, m), or (M, m, n) and (M, m, m): per model.
    transition
        (M, M) probability of going from the model of the row to that of the column in one step.
    weight
        (M,) probabilities of the models one step before the first measurement.
    mean, cov
        (n,) and (n, n), or (S, n) and (S, n, n): the estimate then, the same in all models.
    workers
        cores; all by default. The numbers do not depend on it.

    Returns
    -------
    LinearEstimates
        mean and covariance of the mixture, and the weights.

    Raises
    ------
    HinomiError
        as `filter_linear`; also when rows of `transition`, or `weight`, are no probabilities.
    """
    models = len(np.asarray(F))
    change, share = np.asarray(transition, float), np.asarray(weight, float)
    if change.shape != (models, models) or share.shape != (models,):
        raise HinomiError(
            f"transition has shape {change.shape} and weight {share.shape}; F gives {models} models:"
            f" pass ({models}, {models}) and ({models},)"
        )
    rows = np.vstack([change, share[None]])
    if not (rows.min() >= 0.0 and np.allclose(rows.sum(axis=1), 1.0, rtol=0.0, atol=1e-9)):
        raise HinomiError(
            "the rows of transition and weight must be probabilities: at or above 0 and of sum 1; "
            f"their sums are {np.array2string(rows.sum(axis=1), precision=9)}"
        )
    hs, rs = _per_model(H, models, 2), _per_model(R, models, 2)
    p = _problem(z, list(F), list(Q), hs, rs, mean, cov)
    return _run(p, np.array(change, order="C"), share.copy(), workers)


class _Problem(NamedTuple):
    z: Floats  # (S, N, m)
    f: Floats  # (M, N or 1, n, n)
    q: Floats
    h: Floats  # (M, m, n)
    r: Floats  # (M, m, m)
    mean: Floats  # (S, n)
    cov: Floats  # (S, n, n)


def _per_model(given: Any, models: int, ndim: int) -> list[Any]:
    given = np.asarray(given, float)
    return [given] * models if given.ndim == ndim else list(given)


def _problem(  # type: ignore[no-untyped-def]
    z, fs, qs, hs, rs, mean, cov
) -> _Problem:
    """Bring everything to full shape and refuse what does not fit."""
    z = np.array(z, float, order="C")  # every argument fresh and contiguous: one compiled variant
    z = z[None] if z.ndim == 2 else z
    mean, cov = np.asarray(mean, float), np.asarray(cov, float)
    if z.ndim != 3:
        raise HinomiError(f"z has {z.ndim} dimensions; pass (S, N, m), or (N, m) for one sequence")
    (s, steps, m), n = z.shape, mean.shape[-1] if mean.ndim else 0
    f, q = _steps("F", fs, steps, n), _steps("Q", qs, steps, n)
    h = np.array([_shaped("H", a, (m, n)) for a in hs])
    r = np.array([_shaped("R", a, (m, m)) for a in rs])
    if not len(f) == len(q) == len(h) == len(r):
        raise HinomiError(
            f"F, Q, H, R are for {len(f)}, {len(q)}, {len(h)}, {len(r)} models: pass equally many"
        )
    for name, a, positive in (("Q", q, False), ("R", r, True), ("cov", cov, False)):
        _refuse_covariance(name, a, positive)
    holes = np.isnan(z)
    if not (np.isfinite(z) | holes).all() or (holes.any(-1) != holes.all(-1)).any():
        raise HinomiError(
            "a row of z must be finite, or NaN throughout for a missing measurement: "
            "give each part its own step, or drop the row"
        )
    return _Problem(
        z, f, q, h, r,
        np.array(np.broadcast_to(_shaped("mean", mean, (s, n)), (s, n)), order="C"),
        np.array(np.broadcast_to(_shaped("cov", cov, (s, n, n)), (s, n, n)), order="C"),
    )  # fmt: skip


def _steps(name: str, given: Any, steps: int, n: int) -> Floats:
    """(M, N or 1, n, n), the same number of steps for all models."""
    out = [np.asarray(a, float) for a in given]
    out = [_shaped(name, a, (steps, n, n) if a.ndim == 3 else (n, n)) for a in out]
    if all(a.ndim == 2 for a in out):
        return np.ascontiguousarray(np.array(out)[:, None])
    return np.ascontiguousarray([np.broadcast_to(a, (steps, n, n)) for a in out])


def _shaped(name: str, given: Any, shape: tuple[int, ...]) -> Floats:
    given = np.asarray(given, float)
    if given.shape not in (shape, shape[1:] if name in ("mean", "cov") else shape):
        raise HinomiError(f"{name} has shape {given.shape}; the other arguments ask for {shape}")
    if not np.isfinite(given).all():
        raise HinomiError(f"{name} has numbers that are not finite: pass finite numbers")
    return np.ascontiguousarray(given)


def _refuse_covariance(name: str, given: Floats, positive: bool) -> None:
    flat = given.reshape(-1, *given.shape[-2:])
    size = np.abs(flat).max(axis=(1, 2), initial=0.0)
    if (np.abs(flat - flat.transpose(0, 2, 1)).max(axis=(1, 2)) > 1e-9 * size).any():
        raise HinomiError(f"{name} is not symmetric: pass a covariance")
    least = np.linalg.eigvalsh(flat)[:, 0]
    if (least < -1e-9 * size).any() or (positive and (least <= 0.0).any()):
        raise HinomiError(
            f"{name} has the eigenvalue {least.min():.3g}; a covariance has none below 0"
            + (", and the noise of a measurement none at 0" if positive else "")
        )


def _run(p: _Problem, change: Floats, share: Floats, workers: int | None) -> LinearEstimates:
    (s, steps, _), n, models = p.z.shape, p.mean.shape[1], len(share)
    shapes = ((s, steps, n), (s, steps, n, n), (s, steps), (s, steps), (s, steps, models))
    out = tuple(np.full(shape, np.nan) for shape in shapes)
    threads = get_num_threads()
    set_num_threads(max(1, min(workers or threads, threads)))
    try:
        sizes = (0,) * models, (0,) * n, (0,) * p.z.shape[2]
        _filter_all(*p, change, share, *out, *sizes)
    finally:
        set_num_threads(threads)
    return LinearEstimates(
        mean=out[0], cov=out[1], innovation2=out[2], log_likelihood=out[3], weight=out[4]
    )


@njit(cache=True, nogil=True, error_model="numpy", parallel=True)
def _filter_all(  # type: ignore[no-untyped-def]
    z, f, q, h, r, mean, cov, change, share, means, covs, d2, like, weight, count, state, seen
):
    for i in prange(len(z)):
        _filter_one(
            z[i], f, q, h, r, mean[i], cov[i], change, share, means[i], covs[i], d2[i], like[i],
            weight[i], count, state, seen,
        )  # fmt: skip


@njit(cache=True, nogil=True, error_model="numpy")
def _filter_one(  # type: ignore[no-untyped-def]
    z, f, q, h, r, mean, cov, change, share, means, covs, d2, like, weight, count, state, seen
):
    steps, m, n, models = len(z), len(seen), len(state), len(count)
    xs, ps = np.empty((models, n)), np.empty((models, n, n))
    mix_x, mix_p = np.empty((models, n)), np.empty((models, n, n))
    mu, ahead, each, logs = share.copy(), share.copy(), np.empty(models), np.empty(models)
    wx, wp = np.empty(n), np.empty((n, n))
    w = Work(
        np.empty((n, m)), np.empty((m, m)), np.empty(m), np.empty((m, m)), np.empty(m),
        np.empty((n, m)), np.empty((n, n)), np.empty((n, n)),
    )  # fmt: skip
    for j in range(models):
        for a in range(n):
            xs[j, a] = mean[a]
            for b in range(n):
                ps[j, a, b] = cov[a, b]
    for k in range(steps):
        if models > 1:
            interact(xs, ps, mu, change, ahead, mix_x, mix_p, count, state)
        for j in range(models):
            at = k if f.shape[1] > 1 else 0
            predict(xs[j], ps[j], f[j, at], q[j, k if q.shape[1] > 1 else 0], wx, wp, state)
        if np.isnan(z[k, 0]):
            for j in range(models):
                mu[j] = ahead[j]
            d2[k] = np.nan
            like[k] = np.nan
        else:
            for j in range(models):
                each[j], logs[j] = update(xs[j], ps[j], z[k], h[j], r[j], w, state, seen)
            like[k] = _weigh(mu, ahead, logs)
            d2[k] = 0.0
            for j in range(models):
                d2[k] += mu[j] * each[j]
            if np.isnan(like[k]):
                return  # the rest stays NaN
        for j in range(models):
            weight[k, j] = mu[j]
        combine(xs, ps, mu, means[k], covs[k], count, state)


@njit(cache=True, nogil=True, error_model="numpy")
def _weigh(mu, ahead, logs):  # type: ignore[no-untyped-def]
    """Write the weights after a measurement; return the logarithm of its likelihood."""
    best = -np.inf
    for j in range(len(mu)):
        if np.isnan(logs[j]):
            return np.nan
        if ahead[j] > 0.0:
            best = max(best, logs[j])
    total = 0.0
    for j in range(len(mu)):
        mu[j] = ahead[j] * np.exp(logs[j] - best) if ahead[j] > 0.0 else 0.0
        total += mu[j]
    for j in range(len(mu)):
        mu[j] /= total
    return best + np.log(total)

"""Single-model filters of one object seen by radars and infrared sensors, many runs in one call.

For comparing trackers and for Monte Carlo: no association, no change of model. The filter of
`follow`, with several models and many objects, is in `filter`.

    from hinomi.estimate.single import estimate_many

    found = estimate_many(
        z, t_s=t_s, site_m=site, axes=axes, sigma=(20.0, 5e-4, 5e-4), mean=mean, cov=cov,
        model="free fall", method="extended", acceleration_psd_m2_s3=0.0,
    )
    found.mean[:, -1]  # last estimate of every run

Models: `constant velocity` in any axes that do not turn, `free fall` Earth-fixed in true gravity with
the Coriolis force; both with white acceleration. Methods: `extended` (derivatives), `cubature` and
`unscented` (sigma points; alpha 1, kappa 0, beta 2). The motion at constant velocity is linear, and all
three predict it exactly; they differ in the measurement.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numba import get_num_threads, njit, prange, set_num_threads
from numpy.typing import ArrayLike

from hinomi.errors import HinomiError
from hinomi.estimate.cartesian import N, move_falling, move_straight, update_extended
from hinomi.estimate.sigma_points import spread_falling, update_points
from hinomi.records.columns import Floats, Ints, freeze

MODELS: Final = ("constant velocity", "free fall")
METHODS: Final = ("extended", "cubature", "unscented")
BETA: Final = 2.0  # weight of the centre in covariances, unscented: Julier & Uhlmann (2004)


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimates:
    """Estimates of S runs after each of N measurements, in order of time; or after the last, N = 1.

    Everything is NaN from the measurement on at which a covariance ceased to be positive definite,
    or the state was no longer finite.
    """

    t_s: Floats  # (N,)
    order: Ints  # (N,) index of each into the measurements given
    mean: Floats  # (S, N, 6) position [m], velocity [m/s]
    cov: Floats  # (S, N, 6, 6)
    innovation2: Floats  # (S, N) squared normalised innovation; NaN where nothing was measured
    innovation_size: Ints  # (S, N) its degrees of freedom: 3, 2 without a range, or 0

    def __post_init__(self) -> None:
        s, k, _ = self.mean.shape
        f, i = np.float64, np.int32
        freeze(
            self,
            {"t_s": (f, (k,)), "order": (i, (k,)), "mean": (f, (s, k, N))}
            | {
                "cov": (f, (s, k, N, N)),
                "innovation2": (f, (s, k)),
                "innovation_size": (i, (s, k)),
            },
        )


def estimate_many(
    z: ArrayLike, *, t_s: ArrayLike, site_m: ArrayLike, sigma: ArrayLike, mean: ArrayLike,
    cov: ArrayLike, acceleration_psd_m2_s3: float, model: str = "constant velocity",
    method: str = "extended", axes: ArrayLike | None = None, start_s: float | None = None,
    keep: str = "all", workers: int | None = None,
) -> Estimates:  # fmt: skip
    """Filter S runs of N measurements of one object each.

    Parameters
    ----------
    z
        (S, N, 3), or (N, 3) for one run: range [m], azimuth, elevation [rad]. NaN range: angles
        only (infrared). NaN azimuth: nothing was measured, the estimate is predicted.
    t_s
        (N,) in any order. Measurements of one time are used in an order of their own (site, sigma,
        then the first run's numbers), so that results do not depend on how they are listed.
    site_m
        (3,), or (N, 3) where the sensor differs or moves.
    sigma
        (3,) or (N, 3): one sigma of range [m], azimuth and elevation [rad]; range may be NaN where
        none is measured.
    mean, cov
        (6,) and (6, 6), or (S, 6) and (S, 6, 6): the estimate at `start_s`.
    acceleration_psd_m2_s3
        spectral density of the white acceleration, per axis.
    model, method
        of MODELS and METHODS.
    axes
        (3, 3) or (N, 3, 3): rows are the unit vectors from which azimuth and elevation are measured,
        azimuth from the first towards the second, elevation towards the third; by default the
        coordinate axes. Rows north, east, up at a site give compass azimuths.
    start_s
        by default the earliest of `t_s`.
    keep
        "all", or "last" for the estimate after the last measurement only.
    workers
        cores; all by default. The numbers do not depend on it.

    Returns
    -------
    Estimates
        as the caller's axes and units; N = 1 with "last".

    Raises
    ------
    HinomiError
        when a shape, a name, a sigma, a covariance or an axis does not fit.

    Notes
    -----
    A measurement straight above the site has no azimuth; near there the extended method is poor.
    """
    _choice("model", model, MODELS)
    _choice("method", method, METHODS)
    _choice("keep", keep, ("all", "last"))
    psd = float(acceleration_psd_m2_s3)
    if not 0.0 <= psd < math.inf:
        raise HinomiError(f"acceleration_psd_m2_s3 is {psd}; it must be finite and at or above 0")
    numbers = np.asarray(z, float)
    numbers = numbers[None] if numbers.ndim == 2 else numbers
    if numbers.ndim != 3 or numbers.shape[2] != 3 or not numbers.size:
        raise HinomiError(f"z has shape {numbers.shape}; pass (S, N, 3) or (N, 3), not empty")
    s, n, _ = numbers.shape
    t = _full("t_s", t_s, (n,))
    site, sig = _full("site_m", site_m, (n, 3)), _full("sigma", sigma, (n, 3), holes=True)
    way = _full("axes", np.eye(3) if axes is None else axes, (n, 3, 3))
    x, p = _full("mean", mean, (s, N)), _full("cov", cov, (s, N, N))
    begin = float(t.min()) if start_s is None else float(start_s)
    _refuse(numbers, t, sig, way, p, begin)
    order = np.lexsort((*numbers[0].T, *sig.T, *site.T, t))
    rows = n if keep == "all" else 1
    out = np.empty((s, rows, N)), np.empty((s, rows, N, N)), np.empty((s, rows))
    size = np.empty((s, rows), np.int32)
    centre = BETA if method == "unscented" else 0.0
    threads = get_num_threads()
    set_num_threads(max(1, min(workers or threads, threads)))
    try:
        _run_all(
            np.array(numbers[:, order], order="C"), t[order], site[order],
            sig[order] ** 2, way[order], x, p, begin, psd,
            MODELS.index(model), method != "extended", centre, *out, size,
        )  # fmt: skip
    finally:
        set_num_threads(threads)
    kept = order if keep == "all" else order[-1:]
    return Estimates(
        t_s=t[kept], order=kept.astype(np.int32), mean=out[0], cov=out[1], innovation2=out[2],
        innovation_size=size,
    )  # fmt: skip


def _choice(name: str, given: str, known: tuple[str, ...]) -> None:
    if given not in known:
        raise HinomiError(f"{name} is {given!r}; choose one of {', '.join(map(repr, known))}")


def _full(name: str, given: ArrayLike, shape: tuple[int, ...], *, holes: bool = False) -> Floats:
    """Bring an argument to full shape: as it is, or one row for all."""
    out = np.asarray(given, float)
    if out.shape not in (shape, shape[1:]) or not out.ndim:
        raise HinomiError(
            f"{name} has shape {out.shape}; pass {shape}"
            + (f" or {shape[1:]}" if shape[1:] else "")
        )
    if not holes and not np.isfinite(out).all():
        raise HinomiError(f"{name} has numbers that are not finite: pass finite numbers")
    return np.array(np.broadcast_to(out, shape), order="C")


def _refuse(z: Floats, t: Floats, sigma: Floats, axes: Floats, cov: Floats, begin: float) -> None:
    """Refuse numbers that no filter can use."""
    if not begin <= t.min():
        raise HinomiError(f"start_s is {begin}; the first measurement is at {t.min()} s, before it")
    seen = ~np.isnan(z[..., 1])
    if np.isinf(z).any() or np.isnan(z[seen][:, 2]).any():
        raise HinomiError(
            "z has infinite numbers, or an azimuth without an elevation: both or neither"
        )
    ranged = (seen & ~np.isnan(z[..., 0])).any(axis=0)
    used = seen.any(axis=0)
    if not (sigma[used, 1:] > 0.0).all() or not (sigma[ranged, 0] > 0.0).all():
        raise HinomiError("sigma must be above 0 for every number that is measured")
    if not np.allclose(axes @ axes.transpose(0, 2, 1), np.eye(3), rtol=0.0, atol=1e-9):
        raise HinomiError("the rows of axes must be unit vectors at right angles")
    size = np.abs(cov).max(axis=(1, 2))
    if (np.abs(cov - cov.transpose(0, 2, 1)).max(axis=(1, 2)) > 1e-9 * size).any():
        raise HinomiError("cov is not symmetric: pass a covariance")
    try:
        np.linalg.cholesky(cov)
    except np.linalg.LinAlgError:
        raise HinomiError(
            f"cov has the eigenvalue {np.linalg.eigvalsh(cov).min():.3g}; all must be above 0"
        ) from None


@njit(cache=True, nogil=True, error_model="numpy", parallel=True)
def _run_all(  # type: ignore[no-untyped-def]
    z, t, site, variance, axes, x, p, begin, psd, model, points, centre, mean, cov, d2, size
):
    for i in prange(len(z)):
        run_one(
            z[i], t, site, variance, axes, x[i], p[i], begin, psd, model, points, centre, mean[i],
            cov[i], d2[i], size[i],
        )  # fmt: skip


@njit(cache=True, nogil=True, error_model="numpy")
def run_one(  # type: ignore[no-untyped-def]
    z, t, site, variance, axes, x, p, begin, psd, model, points, centre, mean, cov, d2, size
):
    """Filter one run; `x` and `p` end as the last estimate. `mean`, ... hold all rows or one."""
    f, w, s, h = np.empty((N, N)), np.empty((N, N)), np.empty((2 * N + 1, N)), np.empty((3, 3))
    c, k = np.empty(N), np.empty(N)
    now, good = begin, True
    for i in range(len(t)):
        dt = t[i] - now
        now = t[i]
        row = i if len(d2) > 1 else 0
        d2[row], size[row] = math.nan, 0
        if good and dt > 0.0:
            if model == 0:
                move_straight(x, p, psd, dt)
            elif points:
                good = spread_falling(x, p, psd, dt, centre, f, s)
            else:
                move_falling(x, p, psd, dt, f, w)
        if good and not math.isnan(z[i, 1]):
            if points:
                d2[row] = update_points(x, p, z[i], variance[i], site[i], axes[i], centre, f, s)
            else:
                d2[row] = update_extended(x, p, z[i], variance[i], site[i], axes[i], h, c, k, w)
            good = d2[row] >= 0.0  # False for NaN
            size[row] = 2 if math.isnan(z[i, 0]) else 3
        if not good:
            for a in range(N):
                x[a] = math.nan
                for b in range(N):
                    p[a, b] = math.nan
        if row == i or i + 1 == len(t):
            for a in range(N):
                mean[row, a] = x[a]
                for b in range(N):
                    cov[row, a, b] = p[a, b]

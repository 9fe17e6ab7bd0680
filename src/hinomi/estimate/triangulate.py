"""Where lines of sight meet, and how well: closed-form least squares."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from hinomi.errors import HinomiError
from hinomi.records.columns import Floats, freeze

REWEIGHTINGS: Final = 2  # distances are known well enough after two
LEAST_CROSSING_RAD: Final = math.radians(0.1)  # below, the lines are taken as parallel (assumed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """A place from lines of sight."""

    r_m: Floats  # (3,)
    cov_m2: Floats  # (3, 3)
    misfit: float  # sum of squared normalised distances from the lines
    freedom: int  # its degrees of freedom, 2 K - 3
    crossing_rad: float  # greatest angle at which two of the lines cross, at most a right angle
    in_front: bool  # whether the place lies in front of every sensor

    def __post_init__(self) -> None:
        freeze(self, {"r_m": (np.float64, (3,)), "cov_m2": (np.float64, (3, 3))})


def triangulate(site_m: ArrayLike, los: ArrayLike, sigma_rad: ArrayLike) -> Fix:
    """Place closest to K lines of sight of one moment, weighted by their errors there.

    Least squares over the distances from the lines; each weighs with its angular error times the
    distance of the place, found anew twice.

    Parameters
    ----------
    site_m, los
        (K, 3) sensors and unit vectors from them, K at least 2, any common axes.
    sigma_rad
        (K,) or one number: error on each of the two axes across a line.

    Returns
    -------
    Fix
        biases of the sensors are not in its covariance.

    Raises
    ------
    HinomiError
        when shapes do not fit, a direction is not a unit vector, an error is not above 0, or all
        lines are parallel.
    """
    site, u = np.asarray(site_m, float), np.asarray(los, float)
    if site.shape != u.shape or u.ndim != 2 or u.shape[1] != 3 or len(u) < 2:
        raise HinomiError(
            f"site_m has shape {site.shape} and los {u.shape}; pass (K, 3) of both, K at least 2"
        )
    sigma = np.broadcast_to(np.asarray(sigma_rad, float), (len(u),))
    if not (np.isfinite(site).all() and np.isfinite(u).all() and (sigma > 0.0).all()):
        raise HinomiError("site_m and los must be finite and sigma_rad above 0")
    if not np.allclose((u * u).sum(axis=1), 1.0, rtol=0.0, atol=1e-6):
        raise HinomiError("los must be unit vectors: divide each by its length")
    crossing = max(
        math.atan2(float(np.linalg.norm(np.cross(a, b))), abs(float(a @ b)))
        for i, a in enumerate(u)
        for b in u[:i]
    )
    if crossing < LEAST_CROSSING_RAD:
        raise HinomiError(
            f"the lines of sight cross at {math.degrees(crossing):.3f} degrees at most; "
            f"below {math.degrees(LEAST_CROSSING_RAD):.1f} they fix no place"
        )
    across = np.eye(3) - u[:, :, None] * u[:, None, :]  # (K, 3, 3)
    weight = 1.0 / sigma**2
    for _ in range(1 + REWEIGHTINGS):
        information = np.einsum("k,kij->ij", weight, across)
        r = np.linalg.solve(information, np.einsum("k,kij,kj->i", weight, across, site))
        reach = np.einsum("ki,ki->k", r - site, u)
        weight = 1.0 / (sigma * np.maximum(np.abs(reach), 1.0)) ** 2
    cov = np.linalg.inv(np.einsum("k,kij->ij", weight, across))
    off = np.einsum("kij,kj->ki", across, r - site)
    return Fix(
        r_m=r, cov_m2=0.5 * (cov + cov.T), misfit=float(weight @ (off * off).sum(axis=1)),
        freedom=2 * len(u) - 3, crossing_rad=crossing, in_front=bool((reach > 0.0).all()),
    )  # fmt: skip

"""Radiant intensity of a body in two infrared bands: plume, hot glider, coasting grey body.

Sources: stagnation heating of Sutton and Graves, NASA TR R-376 (1971), with the wall's own
temperature taken off and radiative equilibrium assumed; Planck's law. The plume's share of the jet
power and its profile over height are assumed; the trough at 70-90 km follows public accounts of
infrared warning data. A ballistic body that re-enters stays grey: its heating is too short for
equilibrium, and leaving it out makes the body dimmer than it may be.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numba import njit

from hinomi.earth.atmosphere import GAS_J_KG_K, state
from hinomi.kernels import LEAN
from hinomi.records.columns import Floats
from hinomi.records.flights import BOOST, CRUISE_KIND, LIFTING_KINDS, ThreatClass

# Limits of the bands of records.flights.BANDS [m].
BAND_LIMITS_M: Final = ((2.6e-6, 2.9e-6), (3.0e-6, 5.0e-6))
STEFAN_BOLTZMANN: Final = 5.670374419e-8  # W/(m2 K4), from the exact constants of the SI
SECOND_RADIATION_M_K: Final = 1.438776877e-2  # h c / k, m K
FIRST_RADIATION: Final = 1.191042972e-16  # 2 h c^2, W m2/sr
SUTTON_GRAVES: Final = 1.7415e-4  # kg^0.5/m, air
HEAT_CAPACITY: Final = 3.5 * GAS_J_KG_K  # of air that is not yet excited, J/(kg K)
SURROUNDINGS_K: Final = 255.0  # what the surface receives back, assumed: mean radiating Earth
COLDEST_K, HOTTEST_K, STEP_K = 150.0, 5000.0, 5.0
# Share of the plume's greatest brightness over height; the first knot is the class's cloud height.
_PLUME_M = np.array([15e3, 20e3, 60e3, 70e3, 90e3, 100e3])
_PLUME = np.array([0.5, 1.0, 1.0, 0.3, 0.3, 0.6])

# Kinds that stay in the air long enough for their skin to reach equilibrium.
HOT_KINDS: Final = (*LIFTING_KINDS, CRUISE_KIND)

# Places in a packed signature.
(
    PLUME_0,
    PLUME_1,
    CLOUD,
    NOSE,
    SHARE,
    ACREAGE,
    STAGNATION,
    VIEW,
    EMISSIVITY,
    COAST_AREA,
    COAST_EMISSIVITY,
    COAST_K,
    HOT,
) = range(13)


def band_radiance(temperature_k: float, low_m: float, high_m: float) -> float:
    """Radiance [W/(m2 sr)] of a black body between two wavelengths: series of Planck's integral."""

    def below(wavelength_m: float) -> float:
        x = SECOND_RADIATION_M_K / (wavelength_m * temperature_k)
        total = 0.0
        for n in range(1, max(4, math.ceil(40.0 / x) + 1)):
            nx = n * x
            if nx > 700.0:
                break
            total += math.exp(-nx) * (x**3 / n + 3.0 * x * x / n**2 + 6.0 * x / n**3 + 6.0 / n**4)
        return total * FIRST_RADIATION * (temperature_k / SECOND_RADIATION_M_K) ** 4

    return below(high_m) - below(low_m)


def _radiance_table() -> Floats:
    temperatures = np.arange(COLDEST_K, HOTTEST_K + STEP_K, STEP_K)
    return np.array(
        [
            [math.log(band_radiance(float(t), lo, hi)) for t in temperatures]
            for lo, hi in BAND_LIMITS_M
        ]
    )


_LOG_RADIANCE = _radiance_table()


def pack_signature(threat_class: ThreatClass, *, hot: bool = True) -> Floats:
    """(13,) vector of what the class radiates; hot = False: grey even where its kind heats up."""
    c = threat_class
    return np.array(
        [
            *c.plume_efficiency,
            c.cloud_height_m,
            c.nose_radius_m,
            c.acreage_share,
            c.acreage_m2,
            c.stagnation_m2,
            c.view_factor,
            c.emissivity,
            c.coast_area_m2,
            c.coast_emissivity,
            c.coast_temperature_k,
            float(hot and c.kind in HOT_KINDS),
        ]
    )


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def radiance(band, temperature_k):  # type: ignore[no-untyped-def]
    """Radiance [W/(m2 sr)] of a black body in one of the bands, from the table (0.1 %)."""
    at = (min(max(temperature_k, COLDEST_K), HOTTEST_K - STEP_K) - COLDEST_K) / STEP_K
    i = int(at)
    a, b = _LOG_RADIANCE[band, i], _LOG_RADIANCE[band, i + 1]
    return math.exp(a + (at - i) * (b - a))


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def wall_temperature_k(speed_mps, height_m, nose_radius_m, share, emissivity):  # type: ignore[no-untyped-def]
    """Temperature [K] of a surface that radiates its share of the stagnation heating."""
    rho, _, sound = state(height_m)
    cold = SUTTON_GRAVES * math.sqrt(rho / nose_radius_m) * speed_mps**3
    gas_k = sound * sound / (1.4 * GAS_J_KG_K)
    total_k = gas_k + 0.5 * speed_mps * speed_mps / HEAT_CAPACITY
    out = emissivity * STEFAN_BOLTZMANN
    t = (share * cold / out + SURROUNDINGS_K**4) ** 0.25
    # Convex and rising: Newton from above comes down to the root.
    for _ in range(30):
        f = out * (t**4 - SURROUNDINGS_K**4) - share * cold * (1.0 - t / total_k)
        step = f / (4.0 * out * t**3 + share * cold / total_k)
        t -= step
        if abs(step) < 1e-6 * t:
            break
    return t


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def plume_profile(height_m, cloud_height_m):  # type: ignore[no-untyped-def]
    """Share of the plume's brightness seen from above: 0 in cloud, 1 at 20-60 km, then a trough."""
    if height_m <= cloud_height_m:
        return 0.0
    if height_m >= _PLUME_M[5]:
        return _PLUME[5]
    below_m, below = cloud_height_m, 0.0
    for i in range(6):
        if height_m < _PLUME_M[i]:
            return below + (_PLUME[i] - below) * (height_m - below_m) / (_PLUME_M[i] - below_m)
        below_m, below = _PLUME_M[i], _PLUME[i]
    return below


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def fill_intensity(  # type: ignore[no-untyped-def]
    velocity, height, jet_power, phase, signature, out
):
    """Radiant intensity [W/sr] per band (N, 2) of a path: velocity (N, 3), the others (N,)."""
    for i in range(height.size):
        if phase[i] == BOOST:
            seen = plume_profile(height[i], signature[CLOUD]) * jet_power[i] / (4.0 * math.pi)
            out[i, 0] = signature[PLUME_0] * seen
            out[i, 1] = signature[PLUME_1] * seen
            continue
        for band in range(2):
            out[i, band] = (
                signature[COAST_EMISSIVITY]
                * signature[COAST_AREA]
                * radiance(band, signature[COAST_K])
            )
        if signature[HOT] == 0.0:
            continue
        speed = math.sqrt(velocity[i, 0] ** 2 + velocity[i, 1] ** 2 + velocity[i, 2] ** 2)
        nose, emissivity = signature[NOSE], signature[EMISSIVITY]
        broad = wall_temperature_k(speed, height[i], nose, signature[SHARE], emissivity)
        tip = wall_temperature_k(speed, height[i], nose, 1.0, emissivity)
        for band in range(2):
            hot = signature[ACREAGE] * radiance(band, broad)
            hot += signature[STAGNATION] * radiance(band, tip)
            out[i, band] = max(out[i, band], signature[VIEW] * emissivity * hot)

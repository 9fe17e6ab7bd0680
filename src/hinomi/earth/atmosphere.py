"""U.S. Standard Atmosphere 1976 up to 86 km, log-linear in height above.

Source: U.S. Standard Atmosphere, 1976 (NOAA-S/T 76-1562): defining layers, constants and, above
86 km, its tabulated densities. A mean for middle latitudes: real density differs by 10-30 % at
40-80 km.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numba import njit

GAS_J_KG_K: Final = 8.31432 / 0.0289644  # the standard's own gas constant and molar mass
RADIUS_M: Final = 6_356_766.0  # effective Earth radius, only for geopotential height
G0: Final = 9.80665
TOP_M: Final = 86_000.0
FROZEN_SOUND_MPS: Final = 274.1  # speed of sound at 86 km, kept above

# Geopotential base height [m], lapse rate [K/m], temperature [K] and pressure [Pa] at the base.
_BASE_M = np.array([0.0, 11e3, 20e3, 32e3, 47e3, 51e3, 71e3])
_LAPSE_K_M = np.array([-6.5e-3, 0.0, 1e-3, 2.8e-3, 0.0, -2.8e-3, -2e-3])
_BASE_K = np.array([288.15, 216.65, 216.65, 228.65, 270.65, 270.65, 214.65])
_BASE_PA = np.empty(7)
_BASE_PA[0] = 101325.0
for _i in range(6):
    _dh = _BASE_M[_i + 1] - _BASE_M[_i]
    if _LAPSE_K_M[_i] == 0.0:
        _BASE_PA[_i + 1] = _BASE_PA[_i] * math.exp(-G0 * _dh / (GAS_J_KG_K * _BASE_K[_i]))
    else:
        _BASE_PA[_i + 1] = _BASE_PA[_i] * (_BASE_K[_i] / _BASE_K[_i + 1]) ** (
            G0 / (GAS_J_KG_K * _LAPSE_K_M[_i])
        )

# Geometric height [m] and log of density [kg/m3] above 86 km (table of the standard).
_HIGH_M = np.array([86e3, 90e3, 100e3, 110e3, 120e3, 150e3, 200e3, 300e3, 500e3, 1000e3])
_HIGH_LOG = np.log(
    np.array(
        [
            6.958e-6,
            3.416e-6,
            5.604e-7,
            9.708e-8,
            2.222e-8,
            2.076e-9,
            2.541e-10,
            1.916e-11,
            5.215e-13,
            3.561e-15,
        ]
    )
)


@njit(cache=True, nogil=True)
def state(height_m):  # type: ignore[no-untyped-def]
    """Density [kg/m3], pressure [Pa] and speed of sound [m/s] at a geometric height [m].

    Below the ground the lowest layer goes on; above 1,000 km density is 0.
    """
    if height_m >= TOP_M:
        if height_m >= 1000e3:
            return 0.0, 0.0, FROZEN_SOUND_MPS
        i = 0
        while height_m >= _HIGH_M[i + 1]:
            i += 1
        share = (height_m - _HIGH_M[i]) / (_HIGH_M[i + 1] - _HIGH_M[i])
        rho = math.exp(_HIGH_LOG[i] + share * (_HIGH_LOG[i + 1] - _HIGH_LOG[i]))
        return rho, rho * FROZEN_SOUND_MPS * FROZEN_SOUND_MPS / 1.4, FROZEN_SOUND_MPS
    h = RADIUS_M * height_m / (RADIUS_M + height_m)
    i = 0
    while i < 6 and h >= _BASE_M[i + 1]:
        i += 1
    dh = h - _BASE_M[i]
    lapse = _LAPSE_K_M[i]
    t = _BASE_K[i] + lapse * dh
    if lapse == 0.0:
        p = _BASE_PA[i] * math.exp(-G0 * dh / (GAS_J_KG_K * t))
    else:
        p = _BASE_PA[i] * math.exp(-G0 / (GAS_J_KG_K * lapse) * math.log(t / _BASE_K[i]))
    return p / (GAS_J_KG_K * t), p, math.sqrt(1.4 * GAS_J_KG_K * t)

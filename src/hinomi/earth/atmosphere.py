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
from numpy.typing import NDArray

from hinomi.kernels import LEAN

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


# Cells of equal geopotential height; every layer begins at a knot, so no kink falls inside a cell.
CELL_M: Final = 250.0
_LOWEST_M: Final = -5_000.0
_CELLS: Final = 360


def _cells() -> NDArray[np.float64]:
    """Per cell: cubic of the density in the share of the cell, then temperature and its rise."""
    out = np.empty((_CELLS, 6))
    for n in range(_CELLS):
        at = _LOWEST_M + n * CELL_M
        layer = max(0, int(np.searchsorted(_BASE_M, at, side="right")) - 1)
        lapse, base = float(_LAPSE_K_M[layer]), float(_BASE_K[layer])
        ends = []
        for h in (at, at + CELL_M):
            t = base + lapse * (h - _BASE_M[layer])
            if lapse == 0.0:
                share = math.exp(-G0 * (h - _BASE_M[layer]) / (GAS_J_KG_K * t))
            else:
                share = (t / base) ** (-G0 / (GAS_J_KG_K * lapse))
            rho = _BASE_PA[layer] * share / (GAS_J_KG_K * t)
            ends.append((rho, -rho * (G0 / GAS_J_KG_K + lapse) / t * CELL_M))
        (r0, d0), (r1, d1) = ends
        cubic = (r0, d0, 3.0 * (r1 - r0) - 2.0 * d0 - d1, 2.0 * (r0 - r1) + d0 + d1)
        out[n] = (*cubic, base + lapse * (at - _BASE_M[layer]), lapse * CELL_M)
    return out


_CELL = _cells()


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def state(height_m):  # type: ignore[no-untyped-def]
    """Density [kg/m3], pressure [Pa] and speed of sound [m/s] at a geometric height [m].

    Up to 86 km from cubics in cells of 250 m, 1e-8 off the standard's formulas, with its kinks
    where they belong. Below the ground the lowest layer goes on, down to 5 km; above 1,000 km
    density is 0.
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
    x = (h - _LOWEST_M) * (1.0 / CELL_M)
    x = x if x > 0.0 else 0.0  # noqa: FURB136 - also for a height that is no number
    n = int(x) if x < _CELLS - 1 else _CELLS - 1
    x -= n
    rho = _CELL[n, 0] + x * (_CELL[n, 1] + x * (_CELL[n, 2] + x * _CELL[n, 3]))
    gas = GAS_J_KG_K * (_CELL[n, 4] + x * _CELL[n, 5])
    return rho, rho * gas, math.sqrt(1.4 * gas)

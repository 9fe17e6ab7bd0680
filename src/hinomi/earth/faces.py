"""Flat faces of a fixed antenna, side by side over its sector: how many, and what is lost off them.

One rule for the look, for maps of coverage and for what a tracker expects of a look.
"""

from __future__ import annotations

import math
from typing import Final

from numba import njit

FACE_RAD: Final = 2.0 * math.pi / 3.0  # widest sector that one antenna face covers; assumed
SCAN_POWER: Final = 3.0  # two-way scan loss cos^3 of a phased array off its face


def faces_of(sector_rad: float) -> int:
    """Count the faces that cover a sector [rad]; 0 for a full circle, which turns and loses nothing."""
    if sector_rad >= 2.0 * math.pi:
        return 0
    return max(1, math.ceil(sector_rad / FACE_RAD - 1e-9))


@njit(cache=True, nogil=True, error_model="numpy")
def scan_share(ahead, right, cos_half, half_sector, faces):  # type: ignore[no-untyped-def]
    """Share of the power that is left in a direction; -1 outside the sector.

    `ahead`, `right`: parts of a level vector along the middle of the sector and across it, of any
    length; half of the sector [rad] and its cosine. The angle is the azimuth off the nearest face;
    the tilt of the faces is not known and left out.
    """
    if faces == 0:
        return 1.0
    if ahead < cos_half * math.sqrt(ahead * ahead + right * right):
        return -1.0
    width = 2.0 * half_sector / faces
    off = math.atan2(right, ahead) + half_sector
    face = min(max(math.floor(off / width), 0.0), faces - 1.0)
    return max(math.cos(off - (face + 0.5) * width), 0.0) ** SCAN_POWER

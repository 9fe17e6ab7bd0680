"""Factors between the units of files and pictures and the SI units used inside."""

from __future__ import annotations

import math
from typing import Final

KM_M: Final = 1000.0
MINUTE_S: Final = 60.0
DAY_S: Final = 86400.0
DEG_RAD: Final = math.pi / 180.0
MILLIRADIAN_RAD: Final = 1e-3
MICRORADIAN_RAD: Final = 1e-6
KILOWATT_W: Final = 1000.0
MEGAHERTZ_HZ: Final = 1e6
MONTHS_A_YEAR: Final = 12.0

"""Rows of a flight as CSV: one line a second and body, the end as the last line of each."""

from __future__ import annotations

from typing import Final

import numpy as np

from hinomi.export.flight_tracks import Track, phase_name
from hinomi.export.one_flight import OneFlight
from hinomi.units import DEG_RAD

COLUMNS: Final = (
    "body", "t_s", "phase", "lat_deg", "lon_deg", "height_m", "range_m", "speed_mps", "angle_deg",
    "mass_kg", "x_m", "y_m", "z_m", "vx_mps", "vy_mps", "vz_mps",
)  # fmt: skip
_DIGITS: Final = (3, 7, 7, 2, 1, 4, 5, 2, 3, 3, 3, 5, 5, 5)


def csv_text(flight: OneFlight) -> str:
    """Write the body and the stages that fell off; positions and velocities are Earth-fixed."""
    tracks = (flight.track, *flight.stages)
    return (
        "\n".join([",".join(COLUMNS), *(line for t in tracks for line in _lines(flight, t))]) + "\n"
    )


def _lines(flight: OneFlight, track: Track) -> list[str]:
    numbers = np.column_stack(
        [
            track.t_s,
            track.lat_rad / DEG_RAD,
            track.lon_rad / DEG_RAD,
            track.height_m,
            track.ground_m,
            track.speed_mps,
            track.angle_rad / DEG_RAD,
            track.mass_kg,
            track.r_m,
            track.v_mps,
        ]
    )
    out = []
    for row, phase in zip(numbers, track.phase, strict=True):
        texts = [f"{x:.{d}f}" for x, d in zip(row, _DIGITS, strict=True)]
        out.append(",".join([track.name, texts[0], phase_name(flight.asked, phase), *texts[1:]]))
    return out

"""One glide alone through the code that follows many together."""

import math

import numpy as np

from hinomi.flight.glides import SIZE, glide_all, place


def glide_end(
    lat, lon, height, speed, climb, heading, lift_to_drag, beta, scale_height, damping, end_speed,
    early_s, banks, switches, omega, path,
):  # fmt: skip
    """Latitude and longitude [rad] of the end, seconds, nodes of the path written.

    Angles in radians, heading clockwise from north; bank i holds until switch i, positive turns
    right; `path` (N, 2) takes the way, N = 0 when it is not wanted.
    """
    sin_lat, cos_lat = math.sin(lat), math.cos(lat)
    sin_lon, cos_lon = math.sin(lon), math.cos(lon)
    sin_h, cos_h = math.sin(heading), math.cos(heading)
    bodies = np.zeros(SIZE)
    place(
        bodies, 0, 0, cos_lat * cos_lon, cos_lat * sin_lon, sin_lat,
        -sin_h * sin_lon - cos_h * sin_lat * cos_lon, sin_h * cos_lon - cos_h * sin_lat * sin_lon,
        cos_h * cos_lat, speed, climb, height, lift_to_drag, beta, scale_height, damping, end_speed,
        early_s,
    )  # fmt: skip
    plan, changes = np.zeros((1, banks.size)), np.zeros((1, max(1, switches.size)))
    plan[0] = banks
    changes[0, : switches.size] = switches
    slot = np.zeros(1, np.int64) if len(path) > 0 else np.full(1, -1, np.int64)
    counts, nodes = np.full(1, switches.size, np.int64), np.zeros(1, np.int64)
    end, paths = np.zeros((1, 3)), np.zeros((1, len(path), 2))
    glide_all(bodies, 1, scale_height, omega, plan, changes, counts, slot, 0, end, paths, nodes)
    path[: nodes[0]] = paths[0, : nodes[0]]
    return end[0, 0], end[0, 1], end[0, 2], nodes[0]

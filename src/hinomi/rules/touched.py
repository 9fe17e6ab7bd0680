"""Launches that touch no place: an alert for one of them is false, whatever was known."""

from __future__ import annotations

import numpy as np

from hinomi.earth.places import place_at, places_within
from hinomi.earth.wgs84 import geodetic_from_ecef
from hinomi.records.columns import Ints
from hinomi.records.flights import ENDED, WAITING, Flights
from hinomi.records.places import Places


def threats_of(flights: Flights) -> Ints:
    """(T,) bodies that were launched; stages that fall off belong to theirs."""
    return np.flatnonzero(np.asarray(flights.parent) < 0).astype(np.int32)


def harmless(flights: Flights, places: Places, *, buffer_m: float) -> list[int]:
    """Launched bodies that with all their stages hit nothing and pass over nothing, at any height."""
    parent = np.asarray(flights.parent)
    return [
        int(own)
        for own in threats_of(flights)
        if not any(
            _touches(flights, int(body), places, buffer_m)
            for body in (own, *np.flatnonzero(parent == own))
        )
    ]


def _touches(flights: Flights, body: int, places: Places, buffer_m: float) -> bool:
    flying = (flights.phase[body] > WAITING) & (flights.phase[body] < ENDED)
    flying &= np.isfinite(flights.r_m[body, :, 0])
    ground = np.array([geodetic_from_ecef(*r)[:2] for r in flights.r_m[body, flying]])
    if ground.size:
        lat, lon = np.degrees(ground).T
        if (place_at(places.mesh, lat, lon) >= 0).any():
            return True
    end = float(flights.end_lat_deg[body]), float(flights.end_lon_deg[body])
    return len(places_within(places.mesh, *end, buffer_m)) > 0

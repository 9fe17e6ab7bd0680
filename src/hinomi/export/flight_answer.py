"""One flight as one JSON-ready object: degrees and kilometres, nothing that is not a number or null."""

from __future__ import annotations

import dataclasses
import math
from typing import Any, Final

from hinomi.export.flight_events import Event
from hinomi.export.flight_tracks import Track
from hinomi.export.one_flight import OneFlight
from hinomi.units import DEG_RAD, KM_M

GENERIC: Final = "Classes are generic: rounded public estimates, never a named system's data."


def _r(value: float, digits: int) -> float | None:
    return round(value, digits) if math.isfinite(value) else None


def answer(flight: OneFlight) -> dict[str, Any]:
    """Give the whole flight but its rows; null where the flight has no such thing.

    `impact_*` and `flight_time_s` are null unless it landed. Speeds are over the ground.
    """
    asked, end = flight.asked, flight.events[-1]
    landed = flight.status == "landed"
    nan, burnout = math.nan, flight.burnout
    return {
        "form": asked.form,
        "class": asked.threat_class.name if asked.of_catalogue else None,
        "title": asked.title,
        "kind": asked.threat_class.kind,
        "note": GENERIC if asked.of_catalogue else "Not a class: numbers of the command line.",
        "earth": asked.ground.earth,
        "atmosphere": asked.air,
        "density_factor": asked.density_factor,
        "start": {
            "lat_deg": _r(asked.lat_rad / DEG_RAD, 6),
            "lon_deg": _r(asked.lon_rad / DEG_RAD, 6),
            "azimuth_deg": _r(flight.azimuth_rad / DEG_RAD, 6),
            "height_km": _r(flight.track.height_m[0] / KM_M, 6),
            "kick_deg": _r(flight.kick_rad / DEG_RAD, 6),
            "cutoff_s": _r(flight.cutoff_s, 4),
        },
        "aim": None if math.isnan(asked.to_rad[0]) else _aim(flight),
        "status": flight.status,
        "burnout_t_s": _r(burnout.t_s if burnout else nan, 4),
        "burnout_speed_mps": _r(burnout.speed_mps if burnout else nan, 3),
        "flight_path_angle_deg": _r(burnout.angle_rad / DEG_RAD if burnout else nan, 6),
        "apogee_km": _r(nan if flight.status == "escaping" else flight.apogee_m / KM_M, 4),
        "flight_time_s": _r(end.t_s if landed else nan, 4),
        "impact_lat_deg": _r(end.lat_rad / DEG_RAD if landed else nan, 6),
        "impact_lon_deg": _r(end.lon_rad / DEG_RAD if landed else nan, 6),
        "range_km": _r(end.ground_m / KM_M if landed else nan, 4),
        "asked_range_km": _r(flight.asked_range_m / KM_M, 4),
        "used_lift_to_drag": _r(flight.used_lift_to_drag, 3),
        "events": [_event(e) for e in flight.events],
        "spent_stages": [_fall(s) for s in flight.stages],
        "notes": list(flight.notes),
        "inputs": [dataclasses.asdict(i) for i in asked.inputs],
    }


def _aim(flight: OneFlight) -> dict[str, float | None]:
    lat, lon = flight.asked.to_rad
    return {
        "lat_deg": _r(lat / DEG_RAD, 1),
        "lon_deg": _r(lon / DEG_RAD, 1),
        "apogee_km": _r(flight.asked.apogee_m / KM_M, 4),
        "miss_km": _r(flight.miss_m / KM_M, 2),
    }


def _event(event: Event) -> dict[str, Any]:
    return {
        "name": event.name,
        "t_s": _r(event.t_s, 3),
        "height_km": _r(event.height_m / KM_M, 4),
        "range_km": _r(event.ground_m / KM_M, 4),
        "speed_mps": _r(event.speed_mps, 2),
        "flight_path_angle_deg": _r(event.angle_rad / DEG_RAD, 4),
        "lat_deg": _r(event.lat_rad / DEG_RAD, 5),
        "lon_deg": _r(event.lon_rad / DEG_RAD, 5),
    }


def _fall(stage: Track) -> dict[str, Any]:
    return {
        "name": stage.name,
        "separation_t_s": _r(stage.start_s, 2),
        "end_t_s": _r(float(stage.t_s[-1]), 2),
        "end_height_km": _r(float(stage.height_m[-1]) / KM_M, 3),
        "range_km": _r(float(stage.ground_m[-1]) / KM_M, 3),
        "lat_deg": _r(float(stage.lat_rad[-1]) / DEG_RAD, 4),
        "lon_deg": _r(float(stage.lon_rad[-1]) / DEG_RAD, 4),
    }

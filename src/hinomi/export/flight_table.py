"""One flight in plain text: what flies, its events, its stages, its end."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator

from hinomi.export.flight_answer import GENERIC
from hinomi.export.flight_events import Event
from hinomi.export.flight_ground import WORDS
from hinomi.export.one_flight import OneFlight
from hinomi.scenario.quantity import GRADES
from hinomi.units import DEG_RAD, KM_M

ENDS = {
    "landed": "",
    "airborne": "It is still in the air when the computation stops.",
    "orbiting": "It stays in orbit: it does not come back to the ground within the computed time.",
    "escaping": "It escapes: faster than the speed at which it would ever come back.",
    "invalid": "The computation left what can be computed; do not use this flight.",
}


def lines(flight: OneFlight) -> Iterator[str]:
    """Write the flight, one text a line."""
    asked = flight.asked
    name = f"{asked.threat_class.name}: " if asked.of_catalogue else ""
    yield f"{name}{asked.title}"
    yield GENERIC if asked.of_catalogue else "Numbers of the command line, not a class."
    air = "without air" if not asked.air else "air of the 1976 standard"
    if asked.density_factor != 1.0:
        air += f", density times {asked.density_factor:g} above 30 km"
    yield f"Earth: {WORDS[asked.ground.earth]}; {air}"
    yield _start(flight)
    yield ""
    yield from _events(flight)
    if flight.stages:
        yield ""
        yield f"{'falls off':<18}{'ends at s':>9}{'km off':>9}  where"
        for s in flight.stages:
            yield (
                f"{s.name:<18}{s.t_s[-1]:>9.0f}{s.ground_m[-1] / KM_M:>9.0f}"
                f"  {where(float(s.lat_rad[-1]), float(s.lon_rad[-1]))}"
            )
    yield ""
    yield from _end(flight)
    if asked.inputs:
        counts = Counter(i.grade for i in asked.inputs)
        told = ", ".join(f"{counts[g]} {g}" for g in GRADES if counts[g])
        count = len(asked.inputs)
        went = "1 number went in" if count == 1 else f"{count} numbers went in"
        yield f"{went}: {told}; --json lists each with its source."


def where(lat_rad: float, lon_rad: float) -> str:
    """Write a place as `35.02 N 139.77 E`."""
    lat, lon = lat_rad / DEG_RAD, lon_rad / DEG_RAD
    return f"{abs(lat):5.2f} {'N' if lat >= 0 else 'S'} {abs(lon):6.2f} {'E' if lon >= 0 else 'W'}"


def _start(flight: OneFlight) -> str:
    asked, track = flight.asked, flight.track
    words = f"From {where(asked.lat_rad, asked.lon_rad)}"
    if track.height_m[0] > 1.0:
        words += f" at {track.height_m[0] / KM_M:.1f} km"
    if math.isfinite(flight.azimuth_rad):
        words += f", azimuth {flight.azimuth_rad / DEG_RAD:.2f} deg"
    if math.isfinite(flight.kick_rad):
        words += f", kick {flight.kick_rad / DEG_RAD:.3f} deg, thrust for {flight.cutoff_s:.1f} s"
    else:
        speed, angle = (
            track.speed_mps[0] / KM_M,
            round(float(track.angle_rad[0]) / DEG_RAD, 2) + 0.0,
        )
        words += f", {speed:.3f} km/s at {angle:.2f} deg"
    return words


def _events(flight: OneFlight) -> Iterator[str]:
    heads = ("time s", "height km", "range km", "km/s")
    yield f"{'event':<18}" + "".join(f"{h:>10}" for h in heads) + "  over"
    for e in flight.events:
        yield _row(e)


def _row(e: Event) -> str:
    height = 0.0 if abs(e.height_m) < 50.0 else e.height_m / KM_M
    return (
        f"{e.name:<18}{e.t_s:>10.1f}{height:>10.1f}{e.ground_m / KM_M:>10.1f}"
        f"{e.speed_mps / KM_M:>10.3f}  {where(e.lat_rad, e.lon_rad)}"
    )


def _end(flight: OneFlight) -> Iterator[str]:
    end = flight.events[-1]
    if flight.status != "landed":
        yield f"{flight.status}: {ENDS[flight.status]}"
    else:
        yield (
            f"Ends after {end.t_s:.0f} s ({end.t_s / 60:.1f} min), {end.ground_m / KM_M:.0f} km "
            f"away, at {where(end.lat_rad, end.lon_rad)}"
        )
    if math.isfinite(flight.miss_m):
        yield f"The aim is met to {flight.miss_m / KM_M:.1f} km; no flight is asked to be closer than 1 km."
    if math.isfinite(flight.asked_range_m):
        reached = f"{end.ground_m / KM_M:.1f} km" if flight.status == "landed" else "nothing"
        asked = flight.asked_range_m / KM_M
        yield f"Asked range {asked:.1f} km, reached range {reached}." + (
            ""
            if flight.status == "landed" and abs(end.ground_m / KM_M - asked) < 0.05 + 1e-4 * asked
            else " Speed and angle are those of the sphere without rotation and air."
        )
    if math.isfinite(flight.used_lift_to_drag):
        most = flight.asked.threat_class.lift_to_drag
        yield f"Lift over drag used in the glide: {flight.used_lift_to_drag:.2f} of {most:.2f}."
    yield from flight.notes

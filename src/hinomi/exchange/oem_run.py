"""Bodies of a replicate as Orbit Ephemeris Messages, text form: CCSDS 502.0-B-2, version 2.0."""

from __future__ import annotations

from hinomi.exchange.scene import Show, Way
from hinomi.export.flight_oem import message, stamp


def oem_text(show: Show, way: Way, *, created: str) -> str:
    """Write one body's Earth-fixed states, in km and km/s, a row a second.

    The last row is the last whole second before the end.
    """
    times = [stamp(show.epoch, float(t)) for t in way.t_s]
    comments = [
        f"{show.word}: computed from notional data, not an observation.",
        f"Scenario {show.scenario} ({show.content_hash[:12]}), replicate "
        f"{show.replicate}, seed {show.seed}, hinomi {show.version}.",
        "Rows at whole seconds; the last is the last before the end of the flight.",
    ]
    return message(way.name, times, way.r_m, way.v_mps, comments=comments, created=created)

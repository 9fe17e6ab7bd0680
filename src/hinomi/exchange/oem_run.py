"""Bodies of a replicate as Orbit Ephemeris Messages, text form: CCSDS 502.0-B-2, version 2.0."""

from __future__ import annotations

from hinomi.exchange.scene import Show, Way
from hinomi.export.oem import stamp
from hinomi.units import KM_M


def oem_text(show: Show, way: Way, *, created: str) -> str:
    """Write one body's Earth-fixed states, in km and km/s, a row a second.

    The last row is the last whole second before the end.
    """
    times = [stamp(show.epoch, float(t)) for t in way.t_s]
    head = [
        "CCSDS_OEM_VERS = 2.0",
        f"COMMENT {show.word}: computed from notional data, not an observation.",
        f"COMMENT Scenario {show.scenario} ({show.content_hash[:12]}), replicate "
        f"{show.replicate}, seed {show.seed}, hinomi {show.version}.",
        "COMMENT Rows at whole seconds; the last is the last before the end of the flight.",
        f"CREATION_DATE = {created}",
        "ORIGINATOR = HINOMI",
        "",
        "META_START",
        f"OBJECT_NAME = {way.name.upper()}",
        "OBJECT_ID = NOTIONAL",
        "CENTER_NAME = EARTH",
        "REF_FRAME = ITRF2000",
        "TIME_SYSTEM = UTC",
        f"START_TIME = {times[0]}",
        f"STOP_TIME = {times[-1]}",
        "INTERPOLATION = HERMITE",
        "INTERPOLATION_DEGREE = 3",
        "META_STOP",
        "",
    ]
    rows = [
        " ".join([t, *(f"{x / KM_M:.6f}" for x in r), *(f"{x / KM_M:.9f}" for x in v)])
        for t, r, v in zip(times, way.r_m, way.v_mps, strict=True)
    ]
    return "\n".join([*head, *rows]) + "\n"

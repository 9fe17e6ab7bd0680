"""A flight as an Orbit Ephemeris Message in text form: CCSDS 502.0-B-2, version 2.0, KVN."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from hinomi.export.flight_ground import WORDS
from hinomi.export.one_flight import OneFlight
from hinomi.records.columns import Floats
from hinomi.units import KM_M


def oem_text(flight: OneFlight, *, epoch: datetime, epoch_given: bool, created: str) -> str:
    """Write the body's Earth-fixed states, in km and km/s, from its start to its end.

    Parameters
    ----------
    epoch
        UTC of the start.
    epoch_given
        False: the epoch is arbitrary, and the file says so.
    created
        UTC of the writing, ISO 8601 without a zone.
    """
    track = flight.track
    times = [stamp(epoch, float(t)) for t in track.t_s]
    comments = [
        "Study: computed from notional data, not an observation.",
        f"{flight.asked.title}.",
        f"Earth: {WORDS[flight.asked.ground.earth]}.",
        *([] if epoch_given else ["The epoch is arbitrary: the start of a notional flight."]),
    ]
    return message(track.name, times, track.r_m, track.v_mps, comments=comments, created=created)


def message(
    name: str,
    times: Sequence[str],
    r_m: Floats,
    v_mps: Floats,
    *,
    comments: Sequence[str],
    created: str,
) -> str:
    """One body's message: its comments, what its states are, and a row of states a time.

    `times` are instants as of `stamp`; `r_m` and `v_mps` are (T, 3), Earth-fixed.
    """
    head = [
        "CCSDS_OEM_VERS = 2.0",
        *(f"COMMENT {words}" for words in comments),
        f"CREATION_DATE = {created}",
        "ORIGINATOR = HINOMI",
        "",
        "META_START",
        f"OBJECT_NAME = {name.upper()}",
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
        for t, r, v in zip(times, r_m, v_mps, strict=True)
    ]
    return "\n".join([*head, *rows]) + "\n"


def stamp(epoch: datetime, t_s: float) -> str:
    """Write an instant as the message wants it: UTC, to the microsecond, without a zone."""
    return (epoch + timedelta(seconds=t_s)).replace(tzinfo=None).isoformat(timespec="microseconds")

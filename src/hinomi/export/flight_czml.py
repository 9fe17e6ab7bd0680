"""A flight as CZML: the body and its fallen stages as moving points with their trails."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any, Final

import numpy as np

from hinomi.export.flight_tracks import Track
from hinomi.export.one_flight import OneFlight
from hinomi.records.flights import BALLISTIC_KIND, CRUISE_KIND, LAUNCHER_KIND

RED: Final = [213, 94, 0, 255]
ORANGE: Final = [230, 159, 0, 255]
BLUE: Final = [0, 114, 178, 255]
GREY: Final = [140, 140, 140, 255]
BLACK: Final = [0, 0, 0, 255]
COLOURS: Final = {BALLISTIC_KIND: RED, LAUNCHER_KIND: BLUE, CRUISE_KIND: BLUE}


def czml_text(flight: OneFlight, *, epoch: datetime, status: str) -> str:
    """Write a document packet and one packet for each body.

    Parameters
    ----------
    epoch
        UTC of the start.
    status
        word that the document's name begins with, such as `STUDY`.
    """
    colour = COLOURS.get(flight.asked.threat_class.kind, ORANGE)
    stop_s = max(float(t.t_s[-1]) for t in (flight.track, *flight.stages))
    start, stop = _stamp(epoch, 0.0), _stamp(epoch, stop_s)
    head = {
        "id": "document",
        "name": f"{status} - {flight.asked.title}",
        "version": "1.0",
        "clock": {
            "interval": f"{start}/{stop}",
            "currentTime": start,
            "multiplier": 10,
            "range": "LOOP_STOP",
        },
    }
    packets = [_packet(flight.track, epoch, colour)]
    packets += [_packet(stage, epoch, GREY) for stage in flight.stages]
    return json.dumps([head, *packets], ensure_ascii=False, allow_nan=False) + "\n"


def _packet(track: Track, epoch: datetime, rgba: list[int]) -> dict[str, Any]:
    """One moving point; a tenth of a metre is enough for any picture."""
    samples = np.column_stack([np.round(track.t_s, 3), np.round(track.r_m, 1)]).ravel().tolist()
    colour = {"color": {"rgba": rgba}}
    return {
        "id": track.name.replace(" ", "-"),
        "name": track.name,
        "availability": f"{_stamp(epoch, float(track.t_s[0]))}/{_stamp(epoch, float(track.t_s[-1]))}",
        "position": {
            "epoch": _stamp(epoch, 0.0),
            "referenceFrame": "FIXED",
            "cartesian": samples,
            "interpolationAlgorithm": "LAGRANGE",
            "interpolationDegree": 5,
        },
        "point": {"pixelSize": 8, **colour, "outlineColor": {"rgba": BLACK}, "outlineWidth": 1},
        "path": {
            "width": 3,
            "leadTime": 0,
            "trailTime": 7200,
            "resolution": 5,
            "material": {"solidColor": colour},
        },
        "label": {
            "text": track.name,
            "font": "600 15px sans-serif",
            "style": "FILL_AND_OUTLINE",
            "outlineWidth": 4,
            "outlineColor": {"rgba": BLACK},
            "horizontalOrigin": "LEFT",
            "pixelOffset": {"cartesian2": [14, -12]},
        },
    }


def _stamp(epoch: datetime, t_s: float) -> str:
    at = (epoch + timedelta(milliseconds=round(1e3 * t_s))).replace(tzinfo=None)
    return at.isoformat(timespec="milliseconds") + "Z"

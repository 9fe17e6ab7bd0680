"""A replicate as CZML: what moves as sampled positions, areas and alerts shown while they hold."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from hinomi.exchange import styles
from hinomi.exchange.rings import ring_parts
from hinomi.exchange.scene import Alerted, Area, Ring, Shot, Show, Site, Way
from hinomi.exchange.styles import Colour

SPEED_UP: Final = 10  # of the clock
SHOT_SHOWN_S: Final = 30.0  # after the predicted time, so that it can be seen
Packet = dict[str, Any]


def czml_text(show: Show) -> str:
    """Write a document packet, one packet a moving thing, sensor, alert, salvo and track's areas."""
    start, stop = show.stamp(0.0), show.stamp(show.end_s)
    head: Packet = {
        "id": "document",
        "name": show.heading,
        "description": show.words,
        "version": "1.0",
        "clock": {
            "interval": f"{start}/{stop}",
            "currentTime": start,
            "multiplier": SPEED_UP,
            "range": "LOOP_STOP",
        },
    }
    packets = [head]
    for alert in show.alerts:
        packets += _alert(show, alert)
    packets += _areas(show)
    for site in show.sites:
        packets += _site(site)
    packets += [_way(show, w, f"satellite/{w.name}", styles.SENSOR) for w in show.satellites]
    packets += [_way(show, w, f"flight/{w.name}", styles.of_body(w.kind)) for w in show.flights]
    packets += [_track(show, w) for w in show.tracks]
    packets += [_shot(show, s, i) for i, s in enumerate(show.shots, start=1)]
    return json.dumps(packets, ensure_ascii=False, allow_nan=False, separators=(",", ":")) + "\n"


def _rgba(colour: Colour, alpha: int = 255) -> Packet:
    return {"rgba": [*colour, alpha]}


def _fill(colour: Colour, alpha: int) -> Packet:
    return {"solidColor": {"color": _rgba(colour, alpha)}}


def _interval(show: Show, low: float, high: float) -> str:
    return f"{show.stamp(low)}/{show.stamp(high)}"


def _position(show: Show, way: Way) -> Packet:
    """Samples to a tenth of a metre: enough for any picture."""
    samples = np.column_stack([np.round(way.t_s, 3), np.round(way.r_m, 1)]).ravel().tolist()
    noisy = way.sigma_m is not None
    return {
        "epoch": show.stamp(0.0),
        "referenceFrame": "FIXED",
        "interpolationAlgorithm": "LINEAR" if noisy else "LAGRANGE",
        "interpolationDegree": 1 if noisy else min(5, len(way.t_s) - 1),
        "cartesian": samples,
    }


def _way(show: Show, way: Way, name: str, colour: Colour) -> Packet:
    moving = way.kind == "satellite"
    packet: Packet = {
        "id": name,
        "name": way.name,
        "description": _table(
            {"kind": way.kind, "owner": way.owner, "marking": f"{show.word}, notional"}
        ),
        "availability": _interval(show, float(way.t_s[0]), float(way.t_s[-1])),
        "position": _position(show, way),
        "point": {
            "pixelSize": 6 if moving else 9,
            "color": _rgba(colour),
            "outlineColor": _rgba((0, 0, 0)),
            "outlineWidth": 1,
        },
    }
    if not moving:
        packet["path"] = {
            "width": 3,
            "leadTime": 0,
            "trailTime": 7200,
            "resolution": 5,
            "material": _fill(colour, 255),
        }
        packet["label"] = _label(way.name)
    return packet


def _track(show: Show, way: Way) -> Packet:
    """A track with a ball of the size of its stated error."""
    packet = _way(show, way, f"track/{way.owner}/{way.name}", styles.TRACK)
    packet["path"] |= {"width": 1.5, "material": {"polylineDash": {"color": _rgba(styles.TRACK)}}}
    packet["description"] = _table(
        {"picture": way.owner, "track": way.name, "marking": f"{show.word}, notional"}
    )
    packet.pop("label")
    packet["point"]["pixelSize"] = 5
    if way.sigma_m is not None:
        sigma = np.round(np.maximum(way.sigma_m, 1.0), 1)
        radii = np.column_stack([np.round(way.t_s, 3), sigma, sigma, sigma]).ravel().tolist()
        packet["ellipsoid"] = {
            "radii": {"epoch": show.stamp(0.0), "cartesian": radii},
            "material": _fill(styles.TRACK, 70),
        }
    return packet


def _site(site: Site) -> list[Packet]:
    place = [round(site.lon_deg, 6), round(site.lat_deg, 6), round(site.height_m, 1)]
    out: list[Packet] = [
        {
            "id": f"sensor/{site.name}",
            "name": site.name,
            "description": _table({"sensor": site.name, "owner": site.owner}),
            "position": {"cartographicDegrees": place},
            "point": {"pixelSize": 8, "color": _rgba(styles.SENSOR), "outlineWidth": 1},
            "label": _label(site.name),
        }
    ]
    for i, rings in enumerate(ring_parts(site.edge), start=1):
        out.append(
            {
                "id": f"sensor/{site.name}/edge/{i}",
                "name": f"{site.name}: sees {site.edge_height_m / 1e3:g} km high",
                "polygon": _polygon(rings, styles.SENSOR, 25),
            }
        )
    return out


def _alert(show: Show, alert: Alerted) -> list[Packet]:
    """Polygons of a unit, shown only while it is under alert."""
    whole = _interval(show, 0.0, max(show.end_s, alert.spans_s[-1][1]))
    shown: list[Packet] = [{"interval": whole, "boolean": False}]
    shown += [{"interval": _interval(show, a, b), "boolean": True} for a, b in alert.spans_s]
    told = _table(
        {
            "unit": alert.unit,
            "status": alert.status,
            "cleared": alert.cleared,
            "marking": f"{show.word}, notional",
        }
    )
    return [
        {
            "id": f"alert/{alert.unit}/{i}",
            "name": f"{alert.status}: {alert.unit}",
            "description": told,
            "availability": whole,
            "polygon": {"show": shown, **_polygon(rings, styles.ALERT, 110)},
        }
        for i, rings in enumerate(alert.parts, start=1)
    ]


def _areas(show: Show) -> list[Packet]:
    """One packet a track: each predicted area for as long as it was the latest."""
    out = []
    by_track: dict[tuple[str, int], list[Area]] = {}
    for area in show.areas:
        by_track.setdefault((area.picture, area.track), []).append(area)
    for (picture, track), areas in by_track.items():
        rings = [
            {
                "interval": _interval(show, a.from_s, a.to_s),
                "cartographicDegrees": _degrees(a.edge),
            }
            for a in areas
        ]
        out.append(
            {
                "id": f"area/{picture}/{track}",
                "name": f"predicted end of track {track} ({picture}), 90 %",
                "availability": _interval(show, areas[0].from_s, areas[-1].to_s),
                "polygon": {
                    "positions": rings,
                    "height": 0,
                    "material": _fill(styles.AREA, 35),
                    "outline": True,
                    "outlineColor": _rgba((0, 0, 0)),
                },
            }
        )
    return out


def _shot(show: Show, shot: Shot, number: int) -> Packet:
    place = [round(shot.lon_deg, 6), round(shot.lat_deg, 6), round(shot.height_m, 1)]
    told = {
        "battery": shot.battery,
        "owner": shot.owner,
        "weapon": shot.weapon,
        "rounds": shot.rounds,
        "kill probability": round(shot.probability, 3),
        "killed": shot.killed,
        "marking": f"{show.word}, notional",
    }
    return {
        "id": f"engagement/{number}",
        "name": f"{shot.rounds} x {shot.weapon} from {shot.battery}",
        "description": _table(told),
        "availability": _interval(show, shot.launch_s, shot.intercept_s + SHOT_SHOWN_S),
        "position": {"cartographicDegrees": place},
        "point": {
            "pixelSize": 10,
            "color": _rgba(styles.SHOT),
            "outlineColor": _rgba((0, 0, 0)),
            "outlineWidth": 2 if shot.killed else 0,
        },
    }


def _polygon(rings: Sequence[Ring], colour: Colour, alpha: int) -> Packet:
    out: Packet = {
        "positions": {"cartographicDegrees": _degrees(rings[0])},
        "height": 0,
        "material": _fill(colour, alpha),
        "outline": True,
        "outlineColor": _rgba(colour, 255),
    }
    if len(rings) > 1:
        out["holes"] = {"cartographicDegrees": [_degrees(r) for r in rings[1:]]}
    return out


def _degrees(ring: Ring) -> list[float]:
    """Flat longitude, latitude, height; an open ring, as globes want it."""
    return [x for lon, lat in ring[:-1] for x in (round(lon, 5), round(lat, 5), 0.0)]


def _label(text: str) -> Packet:
    return {
        "text": text,
        "font": "600 14px sans-serif",
        "style": "FILL_AND_OUTLINE",
        "outlineWidth": 4,
        "outlineColor": _rgba((0, 0, 0)),
        "horizontalOrigin": "LEFT",
        "pixelOffset": {"cartesian2": [12, -10]},
    }


def _table(told: dict[str, Any]) -> str:
    """Plain lines that a globe shows as the description; no markup comes from names."""
    from html import escape

    return "<br>".join(f"{escape(str(k))}: {escape(str(v))}" for k, v in told.items() if v != "")

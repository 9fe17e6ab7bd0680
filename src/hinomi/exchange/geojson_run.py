"""A replicate as GeoJSON (RFC 7946): longitude, latitude, height above the WGS 84 ellipsoid."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np

from hinomi.exchange import scene
from hinomi.exchange.rings import cut_line, ring_parts
from hinomi.exchange.scene import Ring, Show, Way

Feature = dict[str, Any]


def geojson_text(show: Show) -> str:
    """Write a feature each for ways, sensors, areas, alerts and salvos; times count from the epoch."""
    features: list[Feature] = []
    for way in show.flights:
        told: Feature = {"body": way.name, "kind": way.kind}
        features.append(_way(way, scene.FLIGHTS, told, phase=way.phase))
    for way in show.tracks:
        sigma = [] if way.sigma_m is None else [round(float(x), 1) for x in way.sigma_m]
        told = {"picture": way.owner, "track": int(way.name.split()[-1])}
        features.append(
            _way(way, scene.TRACKS, told, position_sigma_m=sigma, track_grade=way.grade)
        )
    features += _sensors(show)
    features += _areas(show)
    features += _alerts(show)
    features += _shots(show)
    for feature in features:
        feature["properties"]["marking"] = f"{show.word}, notional"
    whole = {
        "type": "FeatureCollection",
        "status": show.word,
        "notice": show.notice,
        "title": show.heading,
        "description": show.words,
        "epoch": show.stamp(0.0),
        "scenario": show.scenario,
        "replicate": show.replicate,
        "architecture": show.architecture,
        "features": features,
    }
    return json.dumps(whole, ensure_ascii=False, allow_nan=False, separators=(",", ":")) + "\n"


def _feature(layer: str, geometry: Feature, properties: Feature) -> Feature:
    return {
        "type": "Feature",
        "geometry": geometry,
        "properties": {"layer": layer, **properties},
    }


def _way(way: Way, layer: str, told: Feature, **by_row: Sequence[Any]) -> Feature:
    """A line, cut at the 180th meridian; `t_s` has a time for each of its points.

    What is known by row has one entry a row, so one a point where nothing was cut.
    """
    parts = [p for p in cut_line(way.t_s, way.lon_deg, way.lat_deg, way.height_m) if len(p) > 1]
    lines = [[[round(x, 6), round(y, 6), round(h, 1)] for _, x, y, h in p] for p in parts]
    times = [[round(t, 3) for t, *_ in p] for p in parts]
    rows = {name: list(values) for name, values in by_row.items()}
    if len(lines) == 1:
        geometry: Feature = {"type": "LineString", "coordinates": lines[0]}
        return _feature(layer, geometry, {**told, "t_s": times[0], **rows})
    cut = {"type": "MultiLineString", "coordinates": lines}
    return _feature(layer, cut, {**told, "t_s": times, "row_t_s": way.t_s.tolist(), **rows})


def _point(lon_deg: float, lat_deg: float, height_m: float) -> Feature:
    return {
        "type": "Point",
        "coordinates": [round(lon_deg, 6), round(lat_deg, 6), round(height_m, 1)],
    }


def _polygon(parts: Sequence[Sequence[Ring]]) -> Feature:
    written = [[[[round(x, 6), round(y, 6)] for x, y in ring] for ring in rings] for rings in parts]
    if len(written) == 1:
        return {"type": "Polygon", "coordinates": written[0]}
    return {"type": "MultiPolygon", "coordinates": written}


def _sensors(show: Show) -> list[Feature]:
    out = []
    for site in show.sites:
        told = {"sensor": site.name, "owner": site.owner}
        out.append(_feature(scene.SENSORS, _point(site.lon_deg, site.lat_deg, site.height_m), told))
        if parts := ring_parts(site.edge):
            edge = {**told, "sees_target_height_m": site.edge_height_m}
            out.append(_feature(scene.SENSORS, _polygon(parts), edge))
    for way in show.satellites:
        told = {"sensor": way.name, "owner": way.owner}
        still = float(np.ptp(way.lon_deg)) < 1e-6 and float(np.ptp(way.lat_deg)) < 1e-6
        if still:
            place = _point(float(way.lon_deg[0]), float(way.lat_deg[0]), float(way.height_m[0]))
            out.append(_feature(scene.SENSORS, place, told))
        else:
            out.append(_way(way, scene.SENSORS, told))
    return out


def _areas(show: Show) -> list[Feature]:
    return [
        _feature(
            scene.AREAS,
            _polygon(parts),
            {
                "picture": area.picture,
                "track": area.track,
                "from_s": round(area.from_s, 3),
                "to_s": round(area.to_s, 3),
                "end_lat_deg": round(area.end_lat_deg, 6),
                "end_lon_deg": round(area.end_lon_deg, 6),
                "end_t_s": round(area.end_t_s, 2),
                "spread_km": round(area.spread_km, 3),
                "holds_share": 0.9,
            },
        )
        for area in show.areas
        if (parts := ring_parts(area.edge))
    ]


def _alerts(show: Show) -> list[Feature]:
    return [
        _feature(
            scene.ALERTS,
            _polygon(alert.parts),
            {
                "unit": alert.unit,
                "status": alert.status,
                "from_s": round(low, 3),
                "to_s": round(high, 3),
                "cleared": alert.cleared,
            },
        )
        for alert in show.alerts
        for low, high in alert.spans_s
    ]


def _shots(show: Show) -> list[Feature]:
    return [
        _feature(
            scene.SHOTS,
            _point(s.lon_deg, s.lat_deg, s.height_m),
            {
                "battery": s.battery,
                "owner": s.owner,
                "weapon": s.weapon,
                "body": s.body,
                "rounds": s.rounds,
                "t_launch_s": round(s.launch_s, 3),
                "t_intercept_s": round(s.intercept_s, 3),
                "kill_probability": round(s.probability, 4),
                "killed": s.killed,
            },
        )
        for s in show.shots
    ]

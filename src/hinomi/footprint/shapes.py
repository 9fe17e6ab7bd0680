"""Footprints as GeoJSON (RFC 7946): one shape for each battery, track and measure."""

from __future__ import annotations

import json
from typing import Any, Final

import numpy as np

from hinomi.footprint.answer import KM2_M2, Map
from hinomi.footprint.cells import Cells
from hinomi.footprint.defended import BOUND, MEASURES
from hinomi.footprint.delays import VIEWS
from hinomi.study.banner import banner

# Shares of the launch set that are drawn as shapes of their own.
LEVELS: Final = {"any launch": 0.0, "half of the launches": 0.5, "every launch": 1.0}
CLOSE: Final = 1e-9


def geojson_text(found: Map) -> str:
    """Write the union of defended cells; empty shapes are left out."""
    cells = found.found.cells
    features = []
    for view in VIEWS:
        for battery in found.found.batteries:
            for measure, words in MEASURES.items():
                share = found.found.share(measure, view, battery)
                for level, least in LEVELS.items():
                    inside = share > CLOSE if least == 0.0 else share >= least - CLOSE
                    if inside.any():
                        facts = {
                            "battery": battery, "track": view, "measure": measure, "measure_words": words,
                            "defended_against": level, "area_km2": round(float(cells.area_m2[inside].sum()) / KM2_M2),
                            "people": round(float(cells.people[inside].sum())), "bound": BOUND,
                        }  # fmt: skip
                        features.append(
                            {"type": "Feature", "geometry": shape_of(cells, inside), "properties": facts}
                        )  # fmt: skip
    shown = banner("study")
    whole = {
        "type": "FeatureCollection", "status": shown.word, "notice": shown.text, "title": found.title,
        "description": found.words, "features": features,
    }  # fmt: skip
    return json.dumps(whole, ensure_ascii=False, allow_nan=False, separators=(",", ":")) + "\n"


def shape_of(cells: Cells, inside: np.ndarray) -> dict[str, Any]:
    """Outline of the cells inside as a MultiPolygon, outer rings anticlockwise."""
    import shapely

    edges = np.array([cells.edges_deg(int(c)) for c in np.flatnonzero(inside)])
    # Shared corners must be the same numbers for cells to melt into one shape.
    whole = shapely.union_all(shapely.box(*np.round(edges, 6).T))
    parts = [shapely.geometry.polygon.orient(p) for p in shapely.get_parts(shapely.simplify(whole, 0.0))]  # fmt: skip
    return {
        "type": "MultiPolygon",
        "coordinates": [
            [[[round(x, 6), round(y, 6)] for x, y in ring.coords] for ring in (p.exterior, *p.interiors)]
            for p in parts
        ],
    }  # fmt: skip

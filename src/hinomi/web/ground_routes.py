"""Routes of what is drawn under everything: version, outlines, the world, places."""

from __future__ import annotations

import gzip
from typing import Any, Literal

from fastapi import APIRouter, Request
from fastapi.responses import Response

import hinomi
from hinomi.scenario.places import data_file, load_places, read_table
from hinomi.web import provenance
from hinomi.web.route_tools import desk_of

router = APIRouter(prefix="/api")
OUTLINES = {
    "municipality": "outlines_municipality.json.gz",
    "prefecture": "outlines_prefecture.json.gz",
}
API = 1  # raised when an answer changes its shape


@router.get("/version", summary="What this server is")
async def version(request: Request) -> Response:
    """Version, workspace, whether the pages are built, the banner of studies."""
    desk = desk_of(request)
    settings = desk.settings
    told = {
        "name": "hinomi",
        "version": hinomi.__version__,
        "api": API,
        "workspace": settings.workspace.name or str(settings.workspace),
        "static_built": settings.built,
        "token": settings.token is not None,
        "banner": provenance.banner_object(),
    }
    return await desk.answers.give(request, ("version",), settings.built, lambda: told)


@router.get("/outlines", summary="Outlines of municipalities or prefectures")
async def outlines(
    request: Request, kind: Literal["municipality", "prefecture"] = "municipality"
) -> Response:
    """GeoJSON with outer rings clockwise, as maps on a sphere want them."""
    name = OUTLINES[kind]
    return await desk_of(request).answers.give(request, ("outlines", kind), 0, lambda: _file(name))


@router.get("/world", summary="Outlines of countries")
async def world(request: Request) -> Response:
    """TopoJSON of Natural Earth 1:50 million."""
    name = "world_50m.json.gz"
    return await desk_of(request).answers.give(request, ("world",), 0, lambda: _file(name))


@router.get("/places", summary="Municipalities of Japan")
async def places(request: Request) -> Response:
    """Codes, names, people and points of 1,741 municipalities."""
    return await desk_of(request).answers.give(request, ("places",), 0, _places)


def _file(name: str) -> bytes:
    return gzip.decompress(data_file(name).read_bytes())


def _places() -> dict[str, Any]:
    rows = [
        {
            "code": row["code"],
            "ja": row["name_ja"],
            "kana": row["name_kana"],
            "en": row["name_en"],
            "prefecture_ja": row["prefecture_ja"],
            "prefecture_en": row["prefecture_en"],
            "population": int(row["population"] or 0),
            "lat_deg": round(float(row["lat_deg"]), 2),
            "lon_deg": round(float(row["lon_deg"]), 2),
            "island_group": row["island_group"] or None,
        }
        for row in read_table()
    ]
    return {"vintage": load_places().vintage, "places": rows}

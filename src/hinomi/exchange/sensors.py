"""Sensors of a run: radars with the edge of what they see at one height, satellites with their ways."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from pydantic import ValidationError

from hinomi.errors import ScenarioError
from hinomi.exchange.rings import wound
from hinomi.exchange.scene import Site, Way
from hinomi.export.coverage_asked import Target, target_of
from hinomi.export.coverage_fan import fans
from hinomi.export.coverage_target import PD, seen_of
from hinomi.records.plots import Sensors
from hinomi.scenario import build, elements
from hinomi.scenario.build_sensors import sensors
from hinomi.scenario.schema import ScenarioText
from hinomi.watch.ephemeris import positions

if TYPE_CHECKING:
    from hinomi.exchange.gather import Asked

EDGE_HEIGHT_KM: Final = 50.0  # assumed: between the heights of gliders and of warheads' descent
SATELLITE_EVERY_S: Final = 60.0
DEFAULT_CLASS: Final = "mrbm_liquid"  # of the catalogue, where nothing flies


def sensors_of(asked: Asked) -> dict[str, Any]:
    """Sites and satellites of a run's scenario.

    Raises
    ------
    ScenarioError
        when this version cannot read the scenario that the plan resolved.
    """
    from hinomi.exchange.gather import end_of, epoch_of

    # What the plan resolved, not what today's catalogues would give.
    try:
        plain = {"epoch": epoch_of(asked.study), "facts": [], "variants": []}
        text = ScenarioText.model_validate({**asked.study.plan.document, **plain})
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        key = ".".join(str(x) for x in first["loc"])
        raise ScenarioError(
            f"sensors are read from the plan of {asked.study.folder}, which another version wrote: "
            f"{key}: {first['msg']}. Leave them out with --what"
        ) from None
    found, _ = sensors(text, elements.orbits(text)[0])
    return {
        "sites": _sites(found, text),
        "satellites": _satellites(found, end_of(asked.study)),
    }


def _sites(found: Sensors, text: ScenarioText) -> tuple[Site, ...]:
    radars = found.radars
    if not radars:
        return ()
    given: dict[str, str | None] = {"--target-altitude-km": f"{EDGE_HEIGHT_KM:g}"}
    target: Target = target_of(given, default_pd=PD)
    classes = build.classes(text)
    first = text.threats[0].threat_class if text.threats else DEFAULT_CLASS
    seen = seen_of(given, classes, first, target)
    out = []
    for radar, fan in zip(radars, fans(radars, [target.height_m], target, seen), strict=True):
        lat, lon = fan.outline
        edge = [(float(x), float(y)) for x, y in zip(lon, lat, strict=True)]
        out.append(
            Site(
                name=radar.name,
                owner=radar.owner,
                lat_deg=radar.lat_deg,
                lon_deg=radar.lon_deg,
                height_m=radar.height_m,
                edge=wound(edge) if float(fan.range_m.max()) > 0.0 else [],
                edge_height_m=target.height_m,
            )
        )
    return tuple(out)


def _satellites(found: Sensors, end_s: float) -> tuple[Way, ...]:
    from hinomi.study.tables import geodetic

    infrared = found.infrared
    if not infrared:
        return ()
    t = np.arange(0.0, end_s + SATELLITE_EVERY_S, SATELLITE_EVERY_S)
    places = positions(infrared, t, greenwich_rad=found.greenwich_rad)
    out = []
    for satellite, r in zip(infrared, places, strict=True):
        lat, lon, height = geodetic(r)
        out.append(
            Way(
                name=satellite.name,
                kind="satellite",
                owner=satellite.owner,
                t_s=t,
                r_m=r,
                v_mps=np.gradient(r, t, axis=0),
                lat_deg=lat,
                lon_deg=lon,
                height_m=height,
            )
        )
    return tuple(out)

"""Whether a battery stands on land or at sea, as it says: outlines of the package, a margin at coasts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from hinomi.earth.places import place_at, places_within
from hinomi.earth.wgs84 import MEAN_RADIUS_M
from hinomi.scenario.mistakes import Mistake
from hinomi.scenario.places import load_places
from hinomi.scenario.places_outlines import world_land
from hinomi.units import DEG_RAD, KM_M

# Assumed: sites are rounded to 0.1 degree (up to 8 km off), the world's outlines to a few km.
MARGIN_KM: Final = 20.0
ROUND_ABOUT: Final = 16  # directions in which the sea is looked for


def site_mistakes(document: Mapping[str, Any]) -> list[Mistake]:
    """Batteries at sea that do not say `at_sea`, and batteries far inland that do."""
    out = []
    units = document.get("batteries")
    for i, unit in enumerate(units if isinstance(units, list) else []):
        place = _place(unit) if isinstance(unit, Mapping) else None
        if place is None:
            continue
        at_sea = unit.get("at_sea", False)
        if at_sea is False and not land_near(*place):
            what = (
                f"is missing: no land lies within {MARGIN_KM:g} km of {place[0]:g} N {place[1]:g} E; "
                "a ship says at_sea = true, otherwise correct lat_deg and lon_deg"
            )
            out.append(Mistake(("batteries", i, "at_sea"), what))
        elif at_sea is True and not sea_near(*place):
            what = (
                f"is wrong: no sea lies within {MARGIN_KM:g} km of {place[0]:g} N {place[1]:g} E; "
                "leave it out, or correct lat_deg and lon_deg"
            )
            out.append(Mistake(("batteries", i, "at_sea"), what, at_sea, True))
    return out


def land_near(lat_deg: float, lon_deg: float) -> bool:
    """Whether some land lies within MARGIN_KM."""
    if len(places_within(load_places().mesh, lat_deg, lon_deg, MARGIN_KM * KM_M)):
        return True
    import shapely

    degree_km = MEAN_RADIUS_M * DEG_RAD / KM_M
    squeeze = max(float(np.cos(lat_deg * DEG_RAD)), 0.05)  # of a degree of longitude
    reach = MARGIN_KM / degree_km
    box = shapely.box(
        lon_deg - reach / squeeze, lat_deg - reach, lon_deg + reach / squeeze, lat_deg + reach
    )
    near = shapely.intersection(world_land()[shapely.intersects(world_land(), box)], box)

    def flat(points: np.ndarray) -> np.ndarray:
        return np.asarray((points - (lon_deg, lat_deg)) * (squeeze, 1.0))

    distances = shapely.distance(shapely.transform(near, flat), shapely.Point(0.0, 0.0))
    return bool((distances <= reach).any())


def sea_near(lat_deg: float, lon_deg: float) -> bool:
    """Whether some point within MARGIN_KM, looked for on two circles, is no land."""
    import shapely

    turn = np.arange(ROUND_ABOUT) * 2.0 * np.pi / ROUND_ABOUT
    away = np.concatenate([[0.0], np.full(ROUND_ABOUT, 0.5), np.ones(ROUND_ABOUT)]) * MARGIN_KM
    turn = np.concatenate([[0.0], turn, turn])
    degree_km = MEAN_RADIUS_M * DEG_RAD / KM_M
    lat = np.clip(lat_deg + away * np.cos(turn) / degree_km, -90.0, 90.0)
    lon = lon_deg + away * np.sin(turn) / degree_km / max(np.cos(lat_deg * DEG_RAD), 0.05)
    land = place_at(load_places().mesh, lat, lon) >= 0
    if land.all():
        return False
    box = shapely.box(lon.min(), lat.min(), lon.max(), lat.max())
    for shape in world_land()[shapely.intersects(world_land(), box)]:
        land |= shapely.contains_xy(shape, lon, lat)
    return not bool(land.all())


def _place(unit: Mapping[str, Any]) -> tuple[float, float] | None:
    """Latitude and longitude [deg] where both can be read; others are told elsewhere."""
    found = []
    for key, most in (("lat_deg", 90.0), ("lon_deg", 180.0)):
        given = unit.get(key)
        given = given.get("value") if isinstance(given, Mapping) else given
        if isinstance(given, bool) or not isinstance(given, int | float) or not abs(given) <= most:
            return None
        found.append(float(given))
    return found[0], found[1]

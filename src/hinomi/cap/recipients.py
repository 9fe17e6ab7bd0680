"""Who a message is for: by the municipality codes it names, and by the polygons it draws."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from hinomi.cap.message import Message
from hinomi.earth.places import all_cells
from hinomi.earth.wgs84 import MEAN_RADIUS_M
from hinomi.records.columns import Ints
from hinomi.records.places import Places
from hinomi.units import KM_M

CIRCLE_CORNERS = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipients:
    """Places of a message, twice; the two should agree.

    `named`: by municipality code. `inside`: every cell of the place lies in the polygons and
    circles. `touched`: a part of it does. `unknown`: codes that no place has.
    """

    named: tuple[str, ...]
    inside: tuple[str, ...]
    touched: tuple[str, ...]
    unknown: tuple[str, ...]

    @property
    def places(self) -> tuple[str, ...]:
        """Codes of the places that are meant: those named, else those inside the polygons."""
        return self.named or self.inside

    @property
    def uncovered(self) -> tuple[str, ...]:
        """Named, but not wholly inside the polygons: some phones there would stay silent."""
        return tuple(sorted(set(self.named) - set(self.inside)))

    @property
    def bystanders(self) -> tuple[str, ...]:
        """Wholly inside the polygons, but not named: phones there would sound all the same."""
        return tuple(sorted(set(self.inside) - set(self.named))) if self.named else ()


def recipients(message: Message, places: Places) -> Recipients:
    """Places that a message is for.

    Codes may have five or six digits. Polygons are held against the half-mesh cells of the places,
    so a place counts as inside when the centres of all its cells are.

    Parameters
    ----------
    message
        read from a checked message; the areas of all its languages count.
    places
        municipalities and their cells.
    """
    known = set(places.code)
    codes = {code[:5] for code in message.codes_of_areas}
    areas = [area for info in message.infos for area in info.areas]
    rings = {ring for area in areas for ring in area.polygons if len(ring) >= 4}
    circles = {circle for area in areas for circle in area.circles}
    shapes = [shapely.Polygon([(lon, lat) for lat, lon in ring]) for ring in sorted(rings)]
    shapes += [_circle(*circle) for circle in sorted(circles)]
    inside, touched = _held(shapes, places)
    return Recipients(
        named=tuple(sorted(codes & known)),
        inside=tuple(places.code[i] for i in inside),
        touched=tuple(places.code[i] for i in touched),
        unknown=tuple(sorted(codes - known)),
    )


def _held(shapes: list[shapely.Polygon], places: Places) -> tuple[Ints, Ints]:
    """Indices of the places whose cells lie all, and at least one, in one of the shapes."""
    nobody: Ints = np.zeros(0, np.int32)
    if not shapes:
        return nobody, nobody
    area = shapely.union_all(shapely.make_valid(np.array(shapes)))
    west, south, east, north = area.bounds
    lat, lon, place = all_cells(places.mesh)
    total = np.bincount(place, minlength=len(places.code))
    near = np.flatnonzero((lat >= south) & (lat <= north) & (lon >= west) & (lon <= east))
    shapely.prepare(area)
    held = near[shapely.contains_xy(area, lon[near], lat[near])]
    count = np.bincount(place[held], minlength=len(places.code))
    inside: Ints = np.flatnonzero((count == total) & (total > 0)).astype(np.int32)
    touched: Ints = np.flatnonzero(count > 0).astype(np.int32)
    return inside, touched


def _circle(lat_deg: float, lon_deg: float, radius_km: float) -> shapely.Polygon:
    """Polygon in degrees around a circle [km] on the mean sphere; good for up to some hundred km."""
    reach_deg = float(np.degrees(radius_km * KM_M / MEAN_RADIUS_M))
    turn = np.linspace(0.0, 2.0 * np.pi, CIRCLE_CORNERS, endpoint=False)
    wide = reach_deg / max(float(np.cos(np.radians(lat_deg))), 0.01)
    return shapely.Polygon(
        np.column_stack([lon_deg + wide * np.sin(turn), lat_deg + reach_deg * np.cos(turn)])
    )

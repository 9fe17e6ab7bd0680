"""Which units were under alert and when, with their polygons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from hinomi.exchange.rings import parts_of, spans
from hinomi.exchange.scene import Alerted
from hinomi.records.alerts import ALERT_MESSAGE, ALL_CLEAR_MESSAGE, MESSAGES, UPDATE_MESSAGE
from hinomi.scenario import places_region
from hinomi.scenario.places import load_places, unit_names
from hinomi.scenario.places_outlines import municipality_outlines, prefecture_outlines

if TYPE_CHECKING:
    from hinomi.exchange.gather import Asked
    from hinomi.study.plan import Plan

COARSE_DEG: Final = 0.005  # outlines are approximate to 0.5 km; no finer corner is written
BEGINS: Final = (MESSAGES[ALERT_MESSAGE], MESSAGES[UPDATE_MESSAGE])
ENDS: Final = MESSAGES[ALL_CLEAR_MESSAGE]


def alerts_of(asked: Asked) -> tuple[Alerted, ...]:
    """Units under alert; a unit is free when every track that alerted it is cleared for it."""
    from hinomi.exchange.gather import end_of, rows_of

    picture, track, kind, issued, units, status = rows_of(
        asked, "alerts", "picture", "track", "kind", "t_issue_s", "units", "status"
    )
    last = max(end_of(asked.study), float(np.max(issued, initial=0.0)))
    since: dict[tuple[str, str, int], float] = {}
    found: dict[str, list[tuple[float, float]]] = {}
    for row in np.argsort(issued, kind="stable"):
        for unit in filter(None, str(units[row]).split("; ")):
            key = (unit, str(picture[row]), int(track[row]))
            if kind[row] in BEGINS:
                since.setdefault(key, float(issued[row]))
                found.setdefault(unit, [])
            elif kind[row] == ENDS and key in since:
                found[unit].append((since.pop(key), float(issued[row])))
    open_units = {unit for unit, _, _ in since}
    for (unit, _, _), start in since.items():
        found[unit].append((start, last))
    shapes = unit_shapes(asked.study.plan, list(found))
    word = str(status[0]) if len(status) else "Exercise"
    return tuple(
        Alerted(
            unit=unit,
            status=word,
            spans_s=spans(times),
            cleared=unit not in open_units,
            parts=parts_of(shapes[unit]),
        )
        for unit, times in found.items()
        if unit in shapes
    )


def unit_shapes(plan: Plan, wanted: Sequence[str]) -> Mapping[str, Any]:
    """Unit -> shape in degrees, of the shipped outlines or of the run's own places."""
    import shapely

    if not wanted:
        return {}
    warning = plan.document["warning"]
    unit, blocks = str(warning["unit"]), warning.get("blocks") or {}
    region = places_region.given_before(dict(plan.changes))
    if region is None and unit == "prefecture":
        names = dict(_prefectures())
        codes, outlines = prefecture_outlines()
        shapes = {
            names[c]: s for c, s in zip(codes, outlines, strict=True) if names[c] in set(wanted)
        }
    else:
        places = places_region.places_of(region)
        of_place = (
            dict(zip(*municipality_outlines(), strict=True))
            if region is None
            else dict(zip(places.code, places_region.read_region(region).shapes, strict=True))
        )
        labels, index = unit_names(places, unit, blocks)
        members: dict[str, list[Any]] = {}
        for code, i in zip(places.code, index, strict=True):
            if i >= 0 and labels[i] in wanted and code in of_place:
                members.setdefault(labels[i], []).append(of_place[code])
        shapes = {name: shapely.union_all(shapely.make_valid(m)) for name, m in members.items()}
    return {
        name: shapely.make_valid(shapely.simplify(shapely.make_valid(s), COARSE_DEG))
        for name, s in shapes.items()
    }


def _prefectures() -> dict[str, str]:
    places = load_places()
    return {c[:2]: e for c, e in zip(places.code, places.prefecture_en, strict=True)}

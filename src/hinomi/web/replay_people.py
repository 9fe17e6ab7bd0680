"""Who is warned in one raid: probabilities of units, alerts, places, in time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from hinomi.exchange.gather import Asked, rows_of
from hinomi.exchange.scene import Alerted
from hinomi.records.alerts import MESSAGES, UPDATE_MESSAGE
from hinomi.records.places import Places
from hinomi.scenario.places import unit_names

LEAST: Final = 0.001  # probability below which a unit is not listed, and a change not told
DIGITS: Final = 4
Told = dict[str, Any]


def codes_of_units(asked: Asked, places: Places) -> dict[str, list[str]]:
    """Unit -> codes of its municipalities."""
    warning = asked.study.plan.document["warning"]
    names, index = unit_names(places, str(warning["unit"]), warning.get("blocks") or {})
    out: dict[str, list[str]] = {name: [] for name in names}
    for code, i in zip(places.code, index, strict=True):
        if i >= 0:
            out[names[i]].append(code)
    return out


def forecasts(asked: Asked, codes: dict[str, list[str]]) -> Told:
    """Probability that each unit is hit or passed over by any track, when it changed.

    Each track counts with its latest forecast until its predicted end; tracks count as independent.
    """
    names = ("picture", "track", "t_available_s", "unit", "p_hit", "p_over", "end_t_high_s")
    rows = zip(*(c.tolist() for c in rows_of(asked, "forecasts", *names)), strict=True)
    steps: dict[tuple[float, str, int], dict[str, tuple[float, float]]] = {}
    ends: dict[tuple[str, int], float] = {}
    for picture, track, t, unit, hit, over, end in rows:
        steps.setdefault((t, picture, track), {})[unit] = (hit, over)
        ends[picture, track] = max(end if np.isfinite(end) else t, t + 1.0)
    for (picture, track), end in ends.items():
        steps.setdefault((end, picture, track), {})
    now: dict[tuple[str, int], dict[str, tuple[float, float]]] = {}
    found: dict[str, list[tuple[float, float, float]]] = {}
    for (t, picture, track), here in sorted(steps.items(), key=lambda s: s[0]):
        touched = {*now.get((picture, track), {}), *here} - {""}
        now[picture, track] = here
        for unit in touched:
            both = [every[unit] for every in now.values() if unit in every]
            hit, over = (1.0 - float(np.prod([1.0 - p[k] for p in both])) for k in (0, 1))
            line = found.setdefault(unit, [])
            before = line[-1][1:] if line else (0.0, 0.0)
            if max(abs(hit - before[0]), abs(over - before[1])) >= LEAST:
                line.append((t, hit, over))
    units = {
        unit: {
            "codes": codes.get(unit, []),
            "t_s": [round(t, 1) for t, _, _ in line],
            "p_hit": [round(h, DIGITS) for _, h, _ in line],
            "p_over": [round(o, DIGITS) for _, _, o in line],
        }
        for unit, line in sorted(found.items())
        if line
    }
    return {"unit": str(asked.study.plan.document["warning"]["unit"]), "units": units}


def alerts(shown: Sequence[Alerted], codes: dict[str, list[str]]) -> list[Told]:
    """Units under alert, one row a stretch of time."""
    return [
        {
            "unit": a.unit,
            "codes": codes.get(a.unit, []),
            "from_s": round(low, 1),
            "until_s": round(high, 1),
            "cleared": a.cleared or (low, high) != a.spans_s[-1],
            "status": a.status,
        }
        for a in shown
        for low, high in a.spans_s
    ]


def places_of_raid(
    asked: Asked, shown: Sequence[Alerted], places: Places, codes: dict[str, list[str]]
) -> list[Told]:
    """Places that needed a warning, each with the first body that came: when warned, arrived, cleared."""
    names = ("body", "place_code", "hit", "overflown", "t_arrive_s", "t_received_s", "lead_s",
             "population", "sheltered", "knew")  # fmt: skip
    rows = list(zip(*(c.tolist() for c in rows_of(asked, "warned", *names)), strict=True))
    unit_of = {code: unit for unit, mine in codes.items() for code in mine}
    until = {a.unit: (a.spans_s[-1][1] if a.cleared else None) for a in shown}
    updates = _updates(asked)
    at = {code: i for i, code in enumerate(places.code)}
    out: dict[str, Told] = {}
    for row in sorted(rows, key=lambda r: r[4]):
        given = dict(zip(names, row, strict=True))
        code = str(given["place_code"])
        if code in out:
            continue
        i, unit = at.get(code), unit_of.get(code, "")
        out[code] = {
            "code": code,
            "ja": places.name_ja[i] if i is not None else code,
            "en": places.name_en[i] if i is not None else code,
            "population": given["population"],
            "lon_deg": round(float(places.lon_deg[i]), 2) if i is not None else None,
            "lat_deg": round(float(places.lat_deg[i]), 2) if i is not None else None,
            "unit": unit,
            "body": given["body"],
            "warned_t_s": _second(given["t_received_s"]),
            "updates": updates.get(unit, []),
            "arrived_t_s": _second(given["t_arrive_s"]),
            "clear_t_s": _second(until.get(unit)),
            "lead_s": _second(given["lead_s"]),
            "hit": bool(given["hit"]),
            "overflown": bool(given["overflown"]),
            "knew_people": round(given["knew"]),
            "sheltered_people": round(given["sheltered"]),
        }
    return sorted(out.values(), key=lambda r: (-r["population"], r["code"]))


def _updates(asked: Asked) -> dict[str, list[float]]:
    kind, issued, units = rows_of(asked, "alerts", "kind", "t_issue_s", "units")
    out: dict[str, list[float]] = {}
    for row in np.flatnonzero(kind == MESSAGES[UPDATE_MESSAGE]):
        for unit in filter(None, str(units[row]).split("; ")):
            out.setdefault(unit, []).append(round(float(issued[row]), 1))
    return {unit: sorted(times) for unit, times in out.items()}


def _second(value: Any) -> float | None:
    return None if value is None or not np.isfinite(value) else round(float(value), 1)

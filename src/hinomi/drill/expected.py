"""What the scenario will do in an exercise: messages, who is in danger, what was predicted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely

from hinomi.drill.plan import Plan
from hinomi.exchange.rings import ellipse
from hinomi.export.cap_run import codes_of_units
from hinomi.records.places import Places
from hinomi.study.chain import begin, judge, prepare
from hinomi.study.store import read_json, write_json

FORMAT: Final = "hinomi/drill-expected/1"
FILE: Final = "expected.json"
# Kinds of the table of alerts, and the kinds of message they become.
KINDS: Final = {
    "launch": "launch",
    "alert": "shelter",
    "update": "shelter",
    "all-clear": "all-clear",
}
STAGES: Final = {
    "launch": "launch", "first detection": "detected", "firm track": "tracked",
    "forecast used": "predicted", "arrival": "arrival",
}  # fmt: skip

Told = dict[str, Any]


def expect(plan: Plan) -> Told:
    """Run the plan's replicate once, JSON-ready.

    messages
        kind, times [s], body, codes of the municipalities of its units.
    bodies
        times [s] of each body's stages, by name of `STAGES`.
    needs
        a row for each body and municipality that it hits or passes over: arrival [s], people.
    areas
        90 % of the predicted end when an alert was decided, centre rounded to 0.1 degree.
    """
    scenario = plan.scenario
    context = prepare(scenario)
    number = int(plan.text.replicate.value)
    raid = begin(scenario, context, seed=plan.seed, number=number)
    outcome = judge(raid, scenario.architectures[plan.architecture])
    warning = scenario.document["warning"]
    alerts = outcome["alerts"]()
    messages = _messages(alerts, warning)
    return {
        "format": FORMAT,
        "scenario": scenario.name,
        "scenario_hash": scenario.content_hash,
        "architecture": plan.architecture,
        "seed": plan.seed,
        "replicate": number,
        "t_end_s": scenario.t_end_s,
        "messages": messages,
        "bodies": _bodies(outcome["events"](), raid.flights.bodies),
        "needs": _needs(outcome["warned"]()),
        "areas": _areas(alerts, outcome["forecasts"](), context.places),
    }


def write_expected(told: Told, folder: Path) -> None:
    """Keep what is expected beside the plan."""
    write_json(folder / FILE, told)


def read_expected(folder: Path) -> Told:
    """Read what was expected; FolderError where the folder has none."""
    return read_json(folder / FILE)


def _messages(alerts: Mapping[str, Any], warning: Mapping[str, Any]) -> list[Told]:
    found = []
    for i, units in enumerate(alerts["units"]):
        codes = codes_of_units(units.split("; "), warning) if units else ()
        found.append({
            "kind": KINDS.get(alerts["kind"][i], "shelter"),
            "picture": alerts["picture"][i],
            "track": int(alerts["track"][i]),
            "body": alerts["body"][i],
            "t_ready_s": float(alerts["t_ready_s"][i]),
            "t_issue_s": float(alerts["t_issue_s"][i]),
            "units": units,
            "codes": list(codes),
        })  # fmt: skip
    return sorted(found, key=lambda m: m["t_issue_s"])


def _bodies(events: Mapping[str, Any], bodies: Sequence[str]) -> list[Told]:
    found: dict[str, Told] = {name: {"body": name} for name in bodies}
    for t, kind, subject in zip(events["t_s"], events["kind"], events["subject"], strict=True):
        if kind in STAGES and subject in found:
            found[subject].setdefault(STAGES[kind], float(t))
    return list(found.values())


def _needs(warned: Mapping[str, Any]) -> list[Told]:
    return [
        {
            "body": warned["body"][i],
            "code": warned["place_code"][i],
            "hit": bool(warned["hit"][i]),
            "t_arrive_s": float(warned["t_arrive_s"][i]),
            "population": float(warned["population"][i]),
        }
        for i in range(len(warned["body"]))
    ]


def _areas(alerts: Mapping[str, Any], forecasts: Mapping[str, Any], places: Places) -> list[Told]:
    """Ellipse of the forecast behind each alert that names places."""
    pictures = np.array(forecasts["picture"], dtype=object)
    found = []
    for i, units in enumerate(alerts["units"]):
        if not units or KINDS.get(alerts["kind"][i]) != "shelter":
            continue
        mine = (pictures == alerts["picture"][i]) & (forecasts["track"] == alerts["track"][i])
        ready = np.where(mine, forecasts["t_available_s"], np.inf)
        rows = np.flatnonzero(ready <= alerts["t_ready_s"][i] + 1e-6)
        if not len(rows):
            continue
        k = rows[np.argmax(ready[rows])]
        ring = ellipse(
            float(forecasts["end_lat_deg"][k]), float(forecasts["end_lon_deg"][k]),
            ee_km2=float(forecasts["end_cov_ee_km2"][k]),
            nn_km2=float(forecasts["end_cov_nn_km2"][k]),
            en_km2=float(forecasts["end_cov_en_km2"][k]),
        )  # fmt: skip
        inside = shapely.contains_xy(shapely.Polygon(ring), places.lon_deg, places.lat_deg)
        found.append({
            "body": alerts["body"][i],
            "t_ready_s": float(alerts["t_ready_s"][i]),
            "lat_deg": round(float(forecasts["end_lat_deg"][k]), 1),
            "lon_deg": round(float(forecasts["end_lon_deg"][k]), 1),
            "spread_km": round(float(forecasts["spread_km"][k]), 1),
            "inside": [places.code[p] for p in np.flatnonzero(inside)],
        })  # fmt: skip
    return found

"""What a run really uses: the classes in use, every number with its source, and a hash of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from hinomi.scenario.catalogue_schema import SUPPLY_KINDS
from hinomi.scenario.model import Parameter
from hinomi.scenario.quantity import Quantity, Within, unit_of
from hinomi.scenario.schema import ScenarioText


def only_used(scenario: ScenarioText) -> ScenarioText:
    """Leave out catalogue entries that nothing in the scenario names."""
    weapons = {n for b in scenario.batteries for n in b.magazines}  # empty ones too
    catalogue, industry = scenario.catalogue, scenario.industry
    products = {catalogue.interceptor[n].product for n in weapons}
    lines = [n for n in industry.lines if catalogue.line[n].product in products]
    prices = [n for n in industry.prices if catalogue.price[n].product in products]
    bodies = {g.threat_class for g in scenario.threats}
    if not scenario.warning.class_known:
        bodies = set(catalogue.threat)
    radars = {r.radar_class for r in scenario.radars} | {b.radar for b in scenario.batteries}
    infrared = {i.infrared_class for i in scenario.infrared}
    used = catalogue.model_copy(
        update={
            "threat": {n: c for n, c in catalogue.threat.items() if n in bodies},
            "radar": {n: c for n, c in catalogue.radar.items() if n in radars},
            "infrared": {n: c for n, c in catalogue.infrared.items() if n in infrared},
            "interceptor": {n: c for n, c in catalogue.interceptor.items() if n in weapons},
            "line": {n: catalogue.line[n].for_a_run() for n in lines},
            "price": {n: catalogue.price[n] for n in prices},
            **{kind: {} for kind in SUPPLY_KINDS},
        }
    )
    return scenario.model_copy(
        update={
            "catalogue": used,
            "industry": industry.model_copy(update={"lines": lines, "prices": prices}),
            "supply": None,
            "money": scenario.money.for_a_run() if scenario.money else None,
        }
    )


def content(scenario: ScenarioText) -> tuple[dict[str, Any], str]:
    """Give the resolved scenario as a JSON-ready document, and its SHA-256 in canonical form."""
    document = scenario.model_dump(mode="json", by_alias=True)
    canonical = json.dumps(
        document, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False
    )
    return document, hashlib.sha256(canonical.encode()).hexdigest()


def parameters(scenario: ScenarioText) -> tuple[Parameter, ...]:
    """Every number of a scenario with its source and grade, in the order of the format."""
    return tuple(_walk(scenario, "", drawn=False))


def _walk(node: object, key: str, *, drawn: bool) -> Iterator[Parameter]:
    if isinstance(node, Quantity):
        yield Parameter(
            key=key,
            value=node.value,
            low=node.low,
            high=node.high,
            unit=unit_of(key),
            source=node.source or "given in the scenario without a source",
            grade=node.grade,
            note=node.note,
            drawn=drawn,
        )
    elif isinstance(node, BaseModel):
        for name, field in type(node).model_fields.items():
            spread = any(isinstance(m, Within) and m.drawn for m in field.metadata)
            word = field.alias or name
            yield from _walk(getattr(node, name), f"{key}.{word}" if key else word, drawn=spread)
    elif isinstance(node, dict):
        for word, item in node.items():
            yield from _walk(item, f"{key}.{word}", drawn=False)
    elif isinstance(node, list):
        for i, item in enumerate(node):
            yield from _walk(item, f"{key}[{getattr(item, 'name', i)}]", drawn=False)

"""Every number a run uses, with its range, unit, source and grade; assumptions are marked."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from hinomi.scenario.model import Parameter, Scenario
from hinomi.scenario.quantity import GRADES

NO_CLAIMS: Mapping[str, Sequence[str]] = {}
MARK = {"published": " ", "computed": " ", "literature": "~", "assumed": "*"}


def explain_lines(
    scenario: Scenario, *, only: str = "", claims: Mapping[str, Sequence[str]] = NO_CLAIMS
) -> Iterator[str]:
    """Write a table in plain text, one line a number; `only` keeps keys that contain it.

    `claims`: key -> ids of the claims of the public record that stand behind it.
    """
    rows = [p for p in scenario.assumptions if only in p.key]
    counts = Counter(p.grade for p in rows)
    yield f"{scenario.title}"
    if scenario.variant or scenario.changes:
        keys = ", ".join(scenario.changes) or "-"
        yield f"variant: {scenario.variant or '-'}; changed keys: {keys}"
    yield f"{len(rows)} numbers: " + ", ".join(f"{counts[g]} {g}" for g in GRADES)
    yield "* assumed   ~ literature, not checked against it   d drawn anew in every replicate"
    for words in scenario.findings:
        yield f"note: {words}"
    section = ""
    width = max((len(p.key) for p in rows), default=0)
    for p in rows:
        head = p.key.split(".", 1)[0].split("[", 1)[0]
        if head != section:
            section = head
            yield ""
            yield f"[{section}]"
        behind = claims.get(p.key, ())
        yield _line(p, width) + (f"  <- {', '.join(behind)}" if behind else "")
    if scenario.facts and not only:
        yield ""
        yield "[facts]"
        for f in scenario.facts:
            what = (
                f"{f.value:g} {f.unit}"
                if f.value is not None
                else f"{f.at:%Y-%m-%d %H:%M} ({f.t_s:g} s)"
            )
            tolerance = f" +-{f.tolerance:g}" if f.tolerance is not None else ""
            yield f"  {f.name} = {what}{tolerance}, {f.role}, {f.grade}: {f.source}{_note(f.note)}"


def _line(p: Parameter, width: int) -> str:
    spread = ""
    if p.low is not None or p.high is not None:
        low = p.value if p.low is None else p.low
        high = p.value if p.high is None else p.high
        spread = f" ({low:g} to {high:g})"
    unit = "" if p.unit == "1" else f" {p.unit}"
    drawn = "d" if p.drawn and spread else " "
    number = f"{p.value:.10g}{unit}{spread}"
    words = f"{p.grade}: {p.source}{_note(p.note)}"
    return f"{MARK[p.grade]}{drawn}{p.key:<{width}}  {number:<32}  {words}"


def _note(note: str) -> str:
    return f" [{note}]" if note else ""


def explain_object(
    scenario: Scenario, *, claims: Mapping[str, Sequence[str]] = NO_CLAIMS
) -> dict[str, Any]:
    """Give the same as one JSON-ready object."""
    facts = [
        dataclasses.asdict(f) | {"at": f.at.isoformat() if f.at else None} for f in scenario.facts
    ]
    return {
        "scenario": scenario.name,
        "variant": scenario.variant,
        "content_hash": scenario.content_hash,
        "grades": grade_counts(scenario.assumptions),
        "parameters": [
            dataclasses.asdict(p) | {"claims": list(claims.get(p.key, ()))}
            for p in scenario.assumptions
        ],
        "facts": facts,
    }


def grade_counts(parameters: Iterable[Parameter]) -> dict[str, int]:
    """How many numbers have each grade."""
    counts = Counter(p.grade for p in parameters)
    return {g: counts[g] for g in GRADES}


def json_schema() -> dict[str, Any]:
    """JSON Schema of a scenario file.

    The catalogue and the sections that it fills are optional in a file.
    """
    from hinomi.scenario.schema import ScenarioText

    schema = ScenarioText.model_json_schema(by_alias=True)
    filled = ("catalogue", "tracking", "warning", "engagement", "industry", "architectures")
    schema["required"] = [k for k in schema["required"] if k not in filled]
    for name in (
        "Tracking",
        "Warning_",
        "Engagement",
        "IndustrySection",
        "SupplySection",
        "MoneySection",
        "ArchitectureSection",
        "Catalogue",
    ):
        schema["$defs"][name].pop("required", None)
    schema["$defs"]["ArchitectureSection"]["required"] = ["name"]
    for entry in schema["$defs"]:
        if entry.endswith("Class") and entry != "StageClass":
            schema["$defs"][entry].pop("required", None)
    # A file that is like another says only what differs.
    schema["properties"] |= {
        "like": {"type": "string"},
        "without": {"type": "array", "items": {"type": "string"}},
    }
    schema["anyOf"] = [{"required": ["like"]}, {"required": schema["required"]}]
    schema["required"] = ["format", "name"]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}

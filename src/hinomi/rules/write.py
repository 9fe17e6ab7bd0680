"""What a comparison of rules leaves behind: `rules.json`, and its tables as CSV and Parquet."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow.compute as pc

from hinomi.records.columns import Floats
from hinomi.rules.compare import Compared
from hinomi.rules.ladder import LINES
from hinomi.rules.measures import MEASURES
from hinomi.rules.reading import Comparison, cost_loss, differences, figures, pooled_false
from hinomi.scenario.build_rules import OWN
from hinomi.study.answer_files import finite, write_answer
from hinomi.study.answer_files import told as plain
from hinomi.study.statistics import Interval
from hinomi.warn.leadtime import weighted_quantile

FORMAT: Final = "hinomi/rules-compared/1"
JSON: Final = "rules.json"
REFORM: Final = ("since-2023", "before-2023")
SHARES: Final = tuple(round(0.01 * i, 2) for i in range(1, 100))
UNITS: Final = {**MEASURES, "unserved_people": "people", "false_per_100": "per 100 launches"}


def leads_of(compared: Compared, rule: str) -> tuple[Floats, Floats]:
    """Lead times [s] and people of all raids under a named rule; minus infinity = never warned."""
    warned = compared.study.table("warned")
    rows = warned.filter(pc.equal(warned["rule"], rule))
    return rows["lead_s"].to_numpy(), rows["population"].to_numpy()


def write_all(parts: Sequence[Compared], folder: Path) -> dict[str, Any]:
    """Write `rules.json`, `measures` and `leads` (CSV and Parquet); return the content of the first."""
    content = summary(parts)
    rows = {"measures": measure_rows(content), "leads": lead_rows(parts)}
    write_answer(folder, JSON, content, rows, key=FORMAT)
    return content


def summary(parts: Sequence[Compared]) -> dict[str, Any]:
    """Content of `rules.json`: strict JSON, null where a figure is not defined or infinite."""
    named = [p.key for p in parts[0].run.named]
    return {
        "format": FORMAT,
        "confidence": 0.95,
        "scenarios": [_scenario(part) for part in parts],
        "false_per_100_pooled": {
            key: told(pooled_false([p.run for p in parts], key), "false_per_100") for key in named
        },
    }


def _scenario(part: Compared) -> dict[str, Any]:
    run, scenario = part.run, part.scenario
    reading = cost_loss(run)
    return {
        "scenario": scenario.name,
        "variant": scenario.variant,
        "content_hash": scenario.content_hash,
        "architecture": run.architecture,
        "replicates": run.replicates,
        "seed": part.study.plan.seed,
        "needed_s": scenario.policy.needed_s,
        "rules": {p.key: _point(run, p) for p in run.named},
        "differences": _differences(run),
        "curves": {
            line: [_point(run, p) for p in run.points if p.line == line]
            for line in LINES
            if any(p.line == line for p in run.points)
        },
        "cost_loss": {
            "best": [{**b, "price_high": finite(b["price_high"])} for b in reading.best],
            "table": [dict(row) for row in reading.table],
        },
    }


def _differences(run: Comparison) -> dict[str, Any]:
    """Each named rule minus the scenario's own, and the rule of 2023 minus the one before it."""
    names = [p.key for p in run.named]
    pairs = [(name, OWN) for name in names if name != OWN]
    if set(REFORM) <= set(names):
        pairs.append(REFORM)
    return {
        f"{a} minus {b}": {n: told(x, n) for n, x in differences(run, a, b).items()}
        for a, b in pairs
    }


def _point(run: Comparison, point: Any) -> dict[str, Any]:
    rule = point.rule
    return {
        "key": point.key,
        "label": rule.label if not point.line else LINES[point.line],
        "line": point.line,
        "unit": rule.unit,
        "hit_threshold": rule.hit_threshold,
        "over_threshold": rule.over_threshold,
        "persistence": rule.persistence,
        "neighbours": rule.neighbours,
        "drop_share": rule.drop_share,
        "figures": {name: told(x, name) for name, x in figures(run, point.key).items()},
    }


def told(interval: Interval, name: str) -> dict[str, Any]:
    """One figure as JSON; a time that never came is null, and `never` says so."""
    out = plain(interval) | {"unit": UNITS.get(name, "1"), "statistic": interval.statistic}
    return {**out, "never": True} if math.isinf(interval.value) else out


def measure_rows(content: Mapping[str, Any]) -> list[dict[str, Any]]:
    """One row for each scenario, rule or step of a ladder, and measure."""
    rows = []
    for scenario in content["scenarios"]:
        points = [*scenario["rules"].values(), *(p for c in scenario["curves"].values() for p in c)]
        for point in points:
            head = {
                "scenario": scenario["scenario"],
                "architecture": scenario["architecture"],
                **{k: point[k] for k in ("key", "line", "unit", "hit_threshold", "over_threshold")},
            }
            rows += [
                {**head, "measure": name, **{k: x[k] for k in ("value", "low", "high", "n")},
                 "measure_unit": x["unit"], "method": x["method"]}
                for name, x in point["figures"].items()
            ]  # fmt: skip
    return rows


def lead_rows(parts: Sequence[Compared]) -> list[dict[str, Any]]:
    """Lead time that a share of the people in need does not exceed, by named rule."""
    rows = []
    for part in parts:
        for point in part.run.named:
            lead, people = leads_of(part, point.key)
            head = {"scenario": part.scenario.name, "key": point.key}
            if float(np.sum(people)) > 0.0:
                rows += [
                    {**head, "people_share": s, "lead_s": weighted_quantile(lead, people, s)}
                    for s in SHARES
                ]
    return rows

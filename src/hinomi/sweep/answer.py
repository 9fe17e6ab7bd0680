"""Everything that was found, as one strict JSON object: null where a figure is not defined."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from hinomi.records.columns import Floats
from hinomi.settings import measures
from hinomi.settings.target import Target
from hinomi.study.answer_files import finite, told
from hinomi.sweep.ask import Answered
from hinomi.sweep.axis import Axis
from hinomi.sweep.reading import (
    SMOOTHED,
    Indices,
    curve,
    difference,
    indices_of,
    interval,
    main_effects,
    outcome,
)

FORMAT: Final = "hinomi/sweep/1"
Told = dict[str, Any]


def answer(found: Answered) -> Told:
    """Content of `sweep.json`."""
    asked = found.question
    design = asked.design
    outcomes = {
        (t.name, name): (t, outcome(found, t, name))
        for t in asked.targets
        for name in asked.figures
    }
    results = {
        t.name: {name: _figure(found, *outcomes[t.name, name], name) for name in asked.figures}
        for t in asked.targets
    }
    return {
        "format": FORMAT,
        "scenario": asked.scenario.name,
        "title": asked.scenario.title,
        "variant": asked.scenario.variant,
        "content_hash": asked.scenario.content_hash,
        "replicates": len(found.found.replicates),
        "seed": asked.seed,
        "confidence": 0.95,
        "design": {"name": design.name, "points": len(design.settings), "size": design.size},
        "architectures": list(asked.architectures),
        "targets": [t.name for t in asked.targets],
        "figures": {
            name: {"unit": measures.unit_of(name), "words": measures.words_of(name),
                   "better": measures.better_of(name)}
            for name in asked.figures
        },
        "keys": [_key(a) for a in design.axes],
        "points": [
            {
                "name": point.name,
                "settings": dict(point.changes),
                "failed": _failed(found, point.name),
                "results": {
                    t: {name: _value(found, *outcomes[t, name], name, i) for name in asked.figures}
                    for t in results
                },
            }
            for i, point in enumerate(asked.scene.points)
        ],
        "results": results,
    }  # fmt: skip


def _key(axis: Axis) -> Told:
    return {
        "key": axis.key,
        "values": list(axis.values) or None,
        "low": finite(axis.low),
        "high": finite(axis.high),
        "numbers": axis.numbers,
        "as_it_is": axis.as_it_is,
        "unit": axis.unit,
        "grade": axis.grade,
        "source": axis.source,
        "touches": axis.touches,
        "threat": axis.threat,
    }


def _failed(found: Answered, point: str) -> Told | None:
    if point not in found.failed:
        return None
    raids, why = found.failed[point]
    return {"raids": raids, "why": why}


def _value(found: Answered, target: Target, y: Floats, name: str, i: int) -> Told:
    """Value at a point, and what it changes against the scenario as it is."""
    base = target.of(found.found, name)
    return {**told(interval(y[i], target, name)), "change": told(difference(y[i], base))}


def _figure(found: Answered, target: Target, y: Floats, name: str) -> Told:
    design = found.question.design
    curves = {
        axis.key: [
            {"setting": s.setting, **told(s.value), "change": told(s.change), "points": s.points}
            for s in curve(design, k, y, target, name)
        ]
        for k, axis in enumerate(design.axes)
    }
    return {
        "base": told(interval(target.of(found.found, name), target, name)),
        "curves": curves,
        "order": main_effects(curves, design.axes),
        "indices": _indices(indices_of(found, target, name), design.axes, name),
    }


def _indices(of: Indices | None, axes: tuple[Axis, ...], name: str) -> Told | None:
    if of is None:
        return None
    return {
        "rows": of.rows,
        "raids": of.raids,
        "smoothed": name in SMOOTHED,
        "why": of.why or None,
        "keys": {
            axis.key: {
                index: {
                    "value": finite(i.value[k]), "low": finite(i.low[k]), "high": finite(i.high[k]),
                }
                for index, i in of.of.items()
            }
            for k, axis in enumerate(axes)
        },
    }  # fmt: skip


def rows(content: Mapping[str, Any]) -> dict[str, list[Told]]:
    """Tables: `points` with a column for each key, `curves`, and `indices` where there are any."""
    points = [
        {"point": p["name"], **p["settings"], "of": target, "figure": name, **_flat(v)}
        for p in content["points"]
        for target, by_name in p["results"].items()
        for name, v in by_name.items()
    ]
    curves = [
        {"of": target, "figure": name, "key": key, "setting": str(s["setting"]),
         "value": s["value"], "low": s["low"], "high": s["high"], "points": s["points"]}
        for target, by_name in content["results"].items()
        for name, f in by_name.items()
        for key, steps in f["curves"].items()
        for s in steps
    ]  # fmt: skip
    indices = [
        {"of": target, "figure": name, "key": key, "index": index, **i}
        for target, by_name in content["results"].items()
        for name, f in by_name.items()
        if f["indices"]
        for key, by_index in f["indices"]["keys"].items()
        for index, i in by_index.items()
    ]
    found = {"points": points, "curves": curves, "indices": indices}
    return {name: table for name, table in found.items() if table}


def _flat(v: Mapping[str, Any]) -> Told:
    c = v["change"]
    return {"value": v["value"], "low": v["low"], "high": v["high"], "n": v["n"],
            "change": c["value"], "change_low": c["low"], "change_high": c["high"]}  # fmt: skip

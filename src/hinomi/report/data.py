"""What the report shows, gathered from a run's folder: one query or small loop for each picture or table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import pyarrow as pa

from hinomi.records.places import Places
from hinomi.scenario.model import Scenario
from hinomi.study.checks import kill_words
from hinomi.units import MINUTE_S

WHOLE: Final = 10.0  # people; a mean of fewer says more with a decimal


def columns(table: pa.Table, *names: str) -> list[Any]:
    """Columns of a table as arrays: numbers as they are, texts as objects."""
    return [np.asarray(table[name].to_pylist(), dtype=object) if pa.types.is_string(table.schema.field(name).type)
            or pa.types.is_dictionary(table.schema.field(name).type) else table[name].to_numpy() for name in names]  # fmt: skip


def first_arrivals(warned: pa.Table) -> dict[str, Any]:
    """The first arrival at each place in each replicate and architecture: nobody counts twice."""
    replicate, arch, code, arrive, lead, people = columns(
        warned, "replicate", "architecture", "place_code", "t_arrive_s", "lead_s", "population"
    )
    order = np.lexsort((arrive, code.astype(str), arch.astype(str), replicate))
    key = [replicate[order], arch[order].astype(str), code[order].astype(str)]
    new = np.ones(len(order), bool)
    if len(order) > 1:
        new[1:] = (
            (key[0][1:] != key[0][:-1]) | (key[1][1:] != key[1][:-1]) | (key[2][1:] != key[2][:-1])
        )
    rows = order[new]
    return {
        "architecture": arch[rows],
        "code": code[rows],
        "lead_s": lead[rows],
        "people": people[rows],
    }


def group_names(places: Places) -> dict[str, str]:
    """Place code -> island group, or prefecture where it belongs to none."""
    return {
        code: (group or prefecture)
        for code, group, prefecture in zip(
            places.code, places.island_group, places.prefecture_en, strict=True
        )
    }


def leads_by_group(
    warned: pa.Table, places: Places, architectures: Sequence[str]
) -> tuple[dict[tuple[str, str], tuple[Any, Any]], list[str]]:
    """(group, architecture) -> (lead_s, people) over all replicates, and the groups by people in need."""
    first = first_arrivals(warned)
    name_of = group_names(places)
    group = np.array([name_of[c] for c in first["code"]], dtype=object)
    leads = {}
    weight: dict[str, float] = {}
    for name in sorted(set(group.tolist())):
        for architecture in architectures:
            rows = (group == name) & (first["architecture"] == architecture)
            leads[name, architecture] = (first["lead_s"][rows], first["people"][rows])
        weight[name] = float(leads[name, architectures[0]][1].sum())
    return leads, sorted(weight, key=lambda n: -weight[n])


def step_times(events: pa.Table, architectures: Sequence[str]) -> dict[tuple[str, str], Any]:
    """(architecture, event kind) -> seconds after the body's own ignition, over bodies and replicates."""
    replicate, arch, t_s, kind, subject = columns(
        events, "replicate", "architecture", "t_s", "kind", "subject"
    )
    launch = {
        (r, a, s): t
        for r, a, s, t, k in zip(replicate, arch, subject, t_s, kind, strict=True)
        if k == "launch"
    }
    out: dict[tuple[str, str], list[float]] = {}
    for r, a, s, t, k in zip(replicate, arch, subject, t_s, kind, strict=True):
        if (r, a, s) in launch:
            out.setdefault((a, k), []).append(t - launch[r, a, s])
    return {key: np.array(values) for key, values in out.items() if key[0] in architectures}


def metric_values(metrics: pa.Table, metric: str, architecture: str) -> Any:
    """(N,) values of a metric over replicates, in order of replicate."""
    replicate, arch, name, value = columns(metrics, "replicate", "architecture", "metric", "value")
    rows = (arch == architecture) & (name == metric)
    return value[rows][np.argsort(replicate[rows], kind="stable")]


def reasons(engagements: pa.Table, architectures: Sequence[str], replicates: int) -> dict[str, Any]:
    """Mean number of tracks per raid that got no salvo, by reason and architecture."""
    arch, reason = columns(engagements, "architecture", "reason")
    names = [r for r in sorted(set(reason.tolist())) if r != "engaged"]
    rows = [
        {
            "name": a.replace("_", " "),
            "cells": [
                f"{((arch == a) & (reason == r)).sum() / max(replicates, 1):.1f}" for r in names
            ],
        }
        for a in architectures
    ]
    return {"names": names, "rows": rows}


def alerted_share(alerts: pa.Table, architecture: str, replicates: int) -> dict[str, float]:
    """Share of replicates in which each unit was alerted."""
    replicate, arch, kind, units = columns(alerts, "replicate", "architecture", "kind", "units")
    seen: dict[str, set[int]] = {}
    for r, a, k, text in zip(replicate, arch, kind, units, strict=True):
        if a == architecture and k in ("alert", "update"):
            for unit in filter(None, text.split("; ")):
                seen.setdefault(unit, set()).add(int(r))
    return {unit: len(found) / max(replicates, 1) for unit, found in seen.items()}


def replay_rows(
    scenario: Scenario, events: pa.Table, overflights: Sequence[tuple[float, float]]
) -> list[dict[str, str]]:
    """Published against modelled times of a replay, seconds after ignition.

    The overflight is one window: published from minute to minute, inside when the model's first and last
    second over land lie in it, widened by the tolerance.
    """
    architecture = scenario.study.architectures[0]
    steps = step_times(events, (architecture,))
    rows = []
    for fact in scenario.facts:
        kind = {"impact": "arrival", "alert": "alert"}.get(fact.name)
        values = steps.get((architecture, kind), np.zeros(0)) if kind else np.zeros(0)
        if fact.t_s is None or not len(values):
            continue
        low, middle, high = np.quantile(values, (0.05, 0.5, 0.95))
        gap = middle - fact.t_s
        inside = abs(gap) <= float(fact.tolerance or 0.0)
        rows.append(
            _replay_row(
                "flight time (impact)" if fact.name == "impact" else fact.name,
                f"{fact.t_s:.0f} s ({fact.t_s / MINUTE_S:.0f} min)",
                f"{middle:.0f} s ({low:.0f}-{high:.0f})",
                f"{gap:+.0f} s",
                fact.tolerance,
                inside if fact.role == "tested" else None,
            )
        )
    window = {
        f.name: f
        for f in scenario.facts
        if f.name in ("overflight_from", "overflight_to") and f.t_s is not None
    }
    if len(window) == 2 and len(overflights):
        start, end = (float(window[n].t_s or 0.0) for n in ("overflight_from", "overflight_to"))
        slack = float(window["overflight_from"].tolerance or 0.0)
        first, last = (float(v) for v in np.median(np.array(overflights), axis=0))
        rows.insert(
            0,
            _replay_row(
                "over land, first to last second: inside the published window, widened",
                f"{start:.0f}-{end:.0f} s",
                f"{first:.0f}-{last:.0f} s",
                f"{first - start:+.0f} s, {last - end:+.0f} s",
                slack,
                first >= start - slack and last <= end + slack,
            ),
        )
    return rows


def _replay_row(
    name: str,
    published: str,
    model: str,
    difference: str,
    tolerance: float | None,
    inside: bool | None,
) -> dict[str, str]:
    verdict = "an input, not tested" if inside is None else "inside" if inside else "outside"
    return {
        "name": name,
        "published": published,
        "model": model,
        "difference": difference,
        "tolerance": f"±{tolerance:.0f} s" if tolerance else "",
        "verdict": verdict,
    }


def check_rows(summary: Mapping[str, Any], labels: Mapping[str, str]) -> list[dict[str, str]]:
    """Kills against what was asked for, and the textbook form, one row an architecture."""
    rows = []
    for name, told in summary.get("checks", {}).items():
        kills, leaks = told["kills"], told["no_leakers"]
        span = f" ({number(leaks['low'])} to {number(leaks['high'])})" if leaks["raids"] else ""
        rows.append(
            {
                "name": labels.get(name, name),
                "kills": kill_words(kills),
                "verdict": "within 3" if kills["within"] else "OUTSIDE 3: do not quote leakers",
                "observed": f"{number(leaks['observed'])}{span}",
                "textbook": f"{number(leaks['textbook'])} (K {number(leaks['mean_salvo_kill'])}, "
                f"W {number(leaks['threats'])})",
                "why": leaks["why"],
            }
        )
    return rows


def grades_of(scenario: Scenario) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Assumption blocks by section of the scenario, and how many numbers have each grade."""
    blocks: dict[str, list[dict[str, str]]] = {}
    for p in scenario.assumptions:
        span = (
            f"{number(p.low)} – {number(p.high)}"
            if p.low is not None and p.high is not None
            else ""
        )
        blocks.setdefault(p.key.split(".")[0].split("[")[0], []).append(
            {
                "key": p.key,
                "value": number(p.value),
                "range": span,
                "unit": p.unit,
                "grade": p.grade,
                "source": "; ".join(filter(None, (p.source, p.note))),
            }
        )
    counts: dict[str, int] = {}
    for p in scenario.assumptions:
        counts[p.grade] = counts.get(p.grade, 0) + 1
    order = ("published", "computed", "literature", "assumed")
    return (
        [{"name": name, "rows": rows, "open": False} for name, rows in blocks.items()],
        [{"name": g, "count": counts[g]} for g in order if g in counts],
    )


def number_of(value: float | None, unit: str) -> str:
    """A number of a unit: people are whole from ten on."""
    people = value is not None and unit == "people" and np.isfinite(value)
    return number(round(value) if people and value is not None and abs(value) >= WHOLE else value)


def number(value: float | None) -> str:
    """A number as people write it: at most four figures, thousands apart, a true minus, a dash for none."""
    if value is None:
        return "–"
    v = float(value)
    if not np.isfinite(v):
        return "never" if v != v or v > 0 else "never warned"
    if v == 0:
        return "0"
    size = abs(v)
    if size >= 1000:
        keep = 10.0 ** max(0, int(np.floor(np.log10(size))) - 3)
        text = f"{round(size / keep) * keep:,.0f}"
    elif size >= 100:
        text = f"{size:.0f}"
    elif size >= 10:
        text = f"{size:.1f}".removesuffix(".0")
    else:
        text = f"{size:.3g}"
    return f"−{text}" if v < 0 and text != "0" else text

"""`report.html`: one file that opens offline, with the answer first and every assumption last."""

from __future__ import annotations

import base64
import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from hinomi import __version__
from hinomi.records.alerts import WarningPolicy
from hinomi.report import data as report_data
from hinomi.report import figures
from hinomi.report.basemap import svg
from hinomi.report.calibration import calibration_section, reliability_figure
from hinomi.report.data import number
from hinomi.report.map import area_map
from hinomi.report.people import people_section
from hinomi.report.tracking import tracking_section
from hinomi.report.tracking_figure import errors_by_phase
from hinomi.report.words import (
    CAPTIONS,
    HEADLINE_NAMES,
    LIMITS,
    WORDS,
    answer,
    group_title,
    meaning,
    pair_title,
    reads,
)
from hinomi.scenario.load import load_text
from hinomi.scenario.model import Scenario
from hinomi.scenario.places_region import places_of
from hinomi.study.banner import banner, vintage_lines
from hinomi.study.companions import beside, pair_of
from hinomi.study.results import Study
from hinomi.study.store import REPORT, write_atomically
from hinomi.study.template import rendered
from hinomi.units import KM_M
from hinomi.warn.leadtime import share_with, weighted_median

LEAST_PEOPLE_SHARE = (
    0.0005  # groups with fewer of the people in need are left to the table of places
)


def write_report(folder: str | Path) -> Path:
    """Write `report.html` into a run's folder from its own tables; return its path."""
    path = Path(folder)
    text = render(Study(path))
    out = path / REPORT
    write_atomically(out, lambda part: part.write_text(text, encoding="utf-8"))
    return out


def render(study: Study) -> str:
    """The report as one HTML text."""
    return rendered("report.html.j2", _content(study))


def _content(study: Study) -> dict[str, Any]:
    """Everything that the template shows."""
    plan, summary = study.plan, study.summary()
    scenario = load_text(plan.text, plan.scenario, changes=plan.changes, variant=plan.variant)
    architectures = list(plan.architectures)
    labels = {name: name.replace("_", " ") for name in architectures}
    shown = banner("study", reconstruction=bool(scenario.facts))
    sentences, cards = answer(scenario, summary, architectures, labels)
    content = {
        "version": __version__,
        "banner": {"status": "study", "text": shown.text, "colour": shown.ground},
        "scenario": scenario,
        "n": int(summary["replicates"]),
        "stopped": summary.get("stopped", {}).get("words", ""),
        "seed": summary["seed"],
        "epoch": f"{scenario.epoch:%Y-%m-%d %H:%M} UTC",
        "architectures": architectures,
        "labels": labels,
        "meanings": [(labels[a], meaning(scenario.architectures[a])) for a in architectures],
        "sentences": sentences,
        "cards": cards,
        "captions": CAPTIONS,
        "words": WORDS,
        "limits": LIMITS,
        "buffer_km": number(scenario.buffer_m / KM_M),
        "replay": _replay(study, scenario) if scenario.facts else None,
        "companions": _companions(study, scenario),
        "headlines": [_headline_row(name, summary, architectures) for name in HEADLINE_NAMES],
        "pairs": [
            _pair(key, pair, summary, scenario, labels)
            for key, pair in _pairs(summary, architectures)
        ],
        "csv": {"headlines": _csv_figures(summary["architectures"])},
        "tracking": tracking_section(summary, architectures, labels),
        "checks": report_data.check_rows(summary, labels),
        "people": _people(study, scenario, labels, shown.text),
        "calibration": _calibration(scenario, shown.text),
    }
    content["csv"]["tracking"] = _csv_figures(content["tracking"].get("figures", {}))
    content |= _shown(study, scenario, labels, shown.text)
    content["csv"] |= _assumptions(content, scenario)
    content["sections"] = _sections(content)
    return content


def _shown(
    study: Study, scenario: Scenario, labels: Mapping[str, str], words: str
) -> dict[str, Any]:
    """Pictures and what belongs to them: groups of places, reasons, footer."""
    architectures = list(labels)
    n = study.plan.replicates
    places = places_of(scenario.places)
    leads, groups = report_data.leads_by_group(study.table("warned"), places, architectures)
    people = {g: float(leads[g, architectures[0]][1].sum()) for g in groups}
    wide = [g for g in groups if people[g] >= LEAST_PEOPLE_SHARE * sum(people.values())]
    told = report_data.reasons(study.table("engagements"), architectures, n)
    return {
        "figures": _figures(study, scenario, leads, wide, labels, words),
        "groups": [_group_row(g, leads, architectures, scenario.policy, n) for g in groups],
        "reasons": told if scenario.batteries else None,
        "vintage": vintage_lines(
            places.vintage,
            scenario=scenario.name,
            scenario_hash=scenario.content_hash[:12],
            version=__version__,
        ),
    }


def _assumptions(content: dict[str, Any], scenario: Scenario) -> dict[str, str]:
    """Put every number with its grade into the content; files of it and of the groups to download."""
    content["assumptions"], content["grades"] = report_data.grades_of(scenario)
    head = ("key", "value", "low", "high", "unit", "grade", "source", "note")
    rows = [[getattr(p, name) for name in head] for p in scenario.assumptions]
    return {
        "assumptions": _csv_rows(head, rows),
        "groups": _csv_groups(content["groups"], content["architectures"]),
    }


def _sections(content: Mapping[str, Any]) -> list[tuple[str, str]]:
    every = [
        ("answer", "Answer", True),
        ("replay", "Public record", content["replay"]),
        ("map", "Map", True),
        ("timeline", "Timeline", True),
        ("lead", "Lead times", True),
        ("people", "People", True),
        ("defence", "Defence", content["figures"]["leakage"]),
        ("tracking", "Tracking", True),
        ("calibration", "Forecasts", True),
        ("headlines", "Figures", True),
        ("checks", "Check", content["checks"]),
        ("differences", "Integration", content["pairs"]),
        ("companions", "Other assumptions", content["companions"]),
        ("assumptions", "Assumptions", True),
        ("limits", "Limits", True),
    ]
    return [(key, name) for key, name, there in every if there]


def _figures(
    study: Study,
    scenario: Scenario,
    leads: Mapping[tuple[str, str], tuple[Any, Any]],
    groups: Sequence[str],
    labels: Mapping[str, str],
    words: str,
) -> dict[str, str]:
    import matplotlib as mpl

    mpl.use("Agg")
    plan = study.plan
    architectures = list(plan.architectures)
    with mpl.rc_context(figures.THEME):
        drawn = {
            "map": (
                area_map(study, scenario),
                "Map of the area with flights, sensors and alerted prefectures",
            ),
            "timeline": (
                figures.timeline(
                    report_data.step_times(study.table("events"), architectures),
                    architectures,
                    labels,
                ),
                "Timeline from ignition to arrival by architecture",
            ),
        }
        if groups:
            drawn["lead"] = (
                figures.lead_times(leads, groups, architectures, labels, scenario.policy.needed_s),
                "Lead time by island group and architecture",
            )
        tracking = study.summary().get("tracking")
        if tracking:
            drawn["tracking"] = (
                errors_by_phase(tracking["architectures"], architectures, labels),
                "Errors made and errors stated, by phase of flight and architecture",
            )
        if scenario.batteries:
            metrics = study.table("metrics")
            counts = [
                {a: report_data.metric_values(metrics, m, a) for a in architectures}
                for m in ("leakers", "shots")
            ]
            drawn["leakage"] = (
                figures.leakage(counts[0], counts[1], architectures, labels, len(scenario.threats)),
                "Leakers and interceptors fired, by architecture",
            )
        out = {
            name: svg(figure, name, title=title, desc=f"{words} {title}.")
            for name, (figure, title) in drawn.items()
        }
    return {"leakage": "", "lead": "", "tracking": "", **out}


def _people(
    study: Study, scenario: Scenario, labels: Mapping[str, str], words: str
) -> dict[str, Any]:
    """The section on people, its picture as SVG."""
    import matplotlib as mpl

    mpl.use("Agg")
    with mpl.rc_context(figures.THEME):
        places = places_of(scenario.places)
        told = people_section(study, places, scenario.policy, list(labels), labels)
        title = "From ignition to shelter, stage by stage"
        drawn = told["figure"]
        picture = svg(drawn, "people", title=title, desc=f"{words} {title}.") if drawn else ""
    return told | {"figure": picture}


def _calibration(scenario: Scenario, words: str) -> dict[str, Any]:
    """The section on how far forecasts can be trusted, its picture as SVG."""
    import matplotlib as mpl

    mpl.use("Agg")
    with mpl.rc_context(figures.THEME):
        title = "Probability stated against the share that was hit"
        drawn = reliability_figure(threshold=scenario.policy.hit_threshold)
        picture = svg(drawn, "calibration", title=title, desc=f"{words} {title}.")
    return calibration_section() | {"figure": picture}


def _group_row(
    name: str,
    leads: Mapping[tuple[str, str], tuple[Any, Any]],
    architectures: Sequence[str],
    policy: WarningPolicy,
    replicates: int,
) -> dict[str, Any]:
    cells = []
    for architecture in architectures:
        lead, people = leads[name, architecture]
        middle, share = weighted_median(lead, people), share_with(lead, people, policy.needed_s)
        text = f"{middle:,.0f} s" if np.isfinite(middle) else "never warned"
        cells.append({"lead": text, "share": "–" if np.isnan(share) else f"{share:.0%}"})
    people = float(leads[name, architectures[0]][1].sum()) / max(replicates, 1)
    return {"name": group_title(name), "people": number(people), "cells": cells}


def _cell(figure: Mapping[str, Any]) -> dict[str, str]:
    """Value and interval as text; null has its reason."""
    if figure.get("value") is None:
        return {"value": "–", "interval": str(figure.get("note") or "not defined")}
    low, high = figure.get("low"), figure.get("high")
    interval = f"{number(low)} to {number(high)}" if low is not None and high is not None else ""
    if low == high == 0:
        interval = ""
    return {"value": number(figure["value"]), "interval": interval}


def _headline_row(
    name: str, summary: Mapping[str, Any], architectures: Sequence[str]
) -> dict[str, Any]:
    entries = [summary["architectures"][a][name] for a in architectures]
    return {
        "name": HEADLINE_NAMES[name],
        "unit": entries[0]["unit"] if entries[0]["unit"] != "1" else "share",
        "cells": [_cell(e) for e in entries],
    }


def _pairs(
    summary: Mapping[str, Any], architectures: Sequence[str]
) -> list[tuple[str, tuple[str, str]]]:
    known = {f"{a}-{b}": (a, b) for a in architectures for b in architectures}
    return [(key, known[key]) for key in summary["differences"] if key in known]


def _pair(
    key: str,
    pair: tuple[str, str],
    summary: Mapping[str, Any],
    scenario: Scenario,
    labels: Mapping[str, str],
) -> dict[str, Any]:
    rows = []
    for name, title in HEADLINE_NAMES.items():
        entry = summary["differences"][key].get(name)
        if entry is None:
            continue
        cell = _cell(entry)
        rows.append(
            {
                "name": title,
                "unit": entry["unit"] if entry["unit"] != "1" else "share",
                "value": cell["value"]
                if cell["value"].startswith(("−", "–")) or cell["value"] == "0"
                else f"+{cell['value']}",
                "interval": cell["interval"],
                "reads": reads(name, entry),
            }
        )
    title, note = pair_title(pair, labels, scenario)
    return {
        "title": title,
        "note": note,
        "rows": rows,
        "file": key,
        "csv": _csv_figures({key: summary["differences"][key]}),
    }


_BESIDE = ("first_alert_s", "lead_s", "warned_in_time_share", "missed_people", "leakers", "shots")


def _companions(study: Study, scenario: Scenario) -> dict[str, Any] | None:
    """The headline pair under the scenario's other assumptions, on the same replicates."""
    tables = beside(study, scenario)
    pair = pair_of(scenario, study.plan.architectures)
    if not tables or pair is None:
        return None
    groups = []
    for title, summary in tables:
        told = [(name.replace("_", " "), summary["architectures"][name]) for name in pair]
        told.append(("difference", summary["differences"][f"{pair[0]}-{pair[1]}"]))
        rows = [
            {"name": name, "cells": [_cell(entries[m]) for m in _BESIDE]} for name, entries in told
        ]
        groups.append({"variant": title, "rows": rows})
    n = tables[1][1]["replicates"]
    return {
        "words": f"The headline pair again on the first {n} replicates, so on the same draws: as it is, and with one "
        "assumption changed. Decision times are equal in both architectures here; a faster single authority is a "
        "variant of its own (--variant single_authority).",
        "columns": [HEADLINE_NAMES[m] for m in _BESIDE],
        "groups": groups,
    }


def _replay(study: Study, scenario: Scenario) -> dict[str, Any]:
    from hinomi.report.map import overflights

    return {
        "words": "Apogee and range are inputs of a reconstruction and are never counted as agreement; what is tested is "
        "time. The latencies of the alert were frozen on this event, so its alert minute is shown, not counted. "
        "The alerted area is an input from the public record.",
        "rows": report_data.replay_rows(
            scenario, study.table("events"), overflights(study, places_of(scenario.places))
        ),
        "source": " ".join(sorted({f"{f.source}." for f in scenario.facts if f.source})),
    }


def _csv_rows(head: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(head)
    writer.writerows(rows)
    return (
        "data:text/csv;base64," + base64.b64encode(buffer.getvalue().encode("utf-8-sig")).decode()
    )


def _csv_figures(figures_by_name: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> str:
    keys = ("value", "low", "high", "n", "unit")
    rows = [
        (owner, name, *(entry.get(k) for k in keys))
        for owner, entries in figures_by_name.items()
        for name, entry in entries.items()
    ]
    return _csv_rows(("of", "figure", *keys), rows)


def _csv_groups(rows: Sequence[Mapping[str, Any]], architectures: Sequence[str]) -> str:
    head = [
        "group",
        "people_in_need",
        *(f"{a} {what}" for a in architectures for what in ("lead", "in_time")),
    ]
    return _csv_rows(
        head,
        [
            [r["name"], r["people"], *(c[k] for c in r["cells"] for k in ("lead", "share"))]
            for r in rows
        ],
    )

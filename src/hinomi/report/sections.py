"""Tables of the evidence: lead times, figures, differences, other assumptions, public record, checks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from markupsafe import Markup

from hinomi.report import data as report_data
from hinomi.report.answer import half_open, japanese, missing_words, span_words, value_words
from hinomi.report.brief import difference_span, difference_words, few_mark, verdict
from hinomi.report.data import number_of
from hinomi.report.downloads import csv_link, figures_link
from hinomi.report.named import grade_mark
from hinomi.report.table import cell, grouped, table
from hinomi.report.tongue import Tongue
from hinomi.report.words import HEADLINE_NAMES, group_title, pair_title
from hinomi.scenario.model import Scenario
from hinomi.study.answer_files import told as interval_told
from hinomi.study.companions import beside, pair_of
from hinomi.study.figure_words import same_words
from hinomi.study.results import Results
from hinomi.study.summary import interval_of

BESIDE: Final = (
    "first_alert_s",
    "lead_s",
    "warned_in_time_share",
    "missed_people",
    "leakers",
    "shots",
)
ENDS: Final = ("value", "low", "high", "n")
GROUPS: Final = (
    "Median over raids of the people-weighted median lead, and mean share warned in time, each with its 95 % interval "
    "below; raids: those in which anybody there needed a warning. The picture has the people of all raids together."
)


def unit_word(unit: str) -> str:
    """A unit as tables say it."""
    return "share" if unit == "1" else unit


def figure_cell(figure: Mapping[str, Any], say: Tongue) -> Markup:
    """Value and interval; null has its reason."""
    if figure.get("value") is None:
        return cell("–", say.cell(missing_words(figure).replace("–", "not defined")))
    low, high = figure.get("low"), figure.get("high")
    open_ended = low is None or high is None or same_words(figure)
    unit = figure["unit"]
    span = f"{number_of(low, unit)} to {number_of(high, unit)}"
    interval = half_open(figure, scale=1.0) if open_ended else span
    if low == high == 0 and not same_words(figure):
        interval = ""
    shown = cell(number_of(figure["value"], unit), say.cell(interval) if interval else "")
    return shown + few_mark(figure, say)


def group_table(
    groups: Sequence[str], study: Results, labels: Mapping[str, str], say: Tongue
) -> Markup:
    """Lead time and share in time of each island group or prefecture, with intervals over raids."""
    more, n = study.summary()["more"], int(study.summary()["replicates"])
    metrics, first = study.table("metrics"), next(iter(labels))
    rows, lines = [], []
    for group in groups:
        name = f"people_in_need.{group}"
        need = np.zeros(n)
        some = report_data.metric_values(metrics, name, first)
        need[: len(some)] = np.nan_to_num(some)
        people = interval_told(interval_of(name, need)) | {"unit": "people"}
        lead = more[first].get(f"lead_s.{group}", {})
        row: list[object] = [say(group_title(group)), lead.get("n", "–")]
        row.append(cell(number_of(people["value"], "people"), say.cell(span_words(people))))
        lines.append((group, "", "people_in_need", *(people[k] for k in ENDS)))
        for a in labels:
            told = {m: more[a].get(f"{m}.{group}") for m in ("lead_s", "warned_in_time_share")}
            row.append(_group_cell(told["lead_s"], told["warned_in_time_share"], say))
            lines += [(group, a, m, *(e[k] for k in ENDS)) for m, e in told.items() if e]
        rows.append(row)
    names = ("group", "architecture", "figure", *ENDS)
    link = csv_link("lead-by-group", names, lines, say)
    caption = say(GROUPS)
    head = [say("island group or prefecture"), say("raids"), say("people in need")]
    return table(
        [*head, *map(say, labels.values())], rows, label=say.plain("Lead times"), wide="wide",
        caption=caption + " " + link,
    )  # fmt: skip


def _group_cell(
    lead: Mapping[str, Any] | None, share: Mapping[str, Any] | None, say: Tongue
) -> Markup:
    """Median lead and share in time of one group, each with its interval below."""
    if lead is None or share is None:
        return Markup("–")
    in_time = f"{value_words(share)} in time"
    return Markup("{}{}").format(
        cell(say.cell(value_words(lead)), say.cell(span_words(lead))),
        Markup('<span class="second">{}</span>').format(
            cell(say.cell(in_time), say.cell(span_words(share)))
        ),
    )


def headline_table(summary: Mapping[str, Any], labels: Mapping[str, str], say: Tongue) -> Markup:
    """Every headline figure of every architecture."""
    told = summary["architectures"]
    rows = [
        [
            say(HEADLINE_NAMES[name]),
            say(unit_word(told[next(iter(labels))][name]["unit"])),
            *(figure_cell(told[a][name], say) for a in labels),
        ]
        for name in HEADLINE_NAMES
    ]
    head = [say("figure"), say("unit"), *(say(label) for label in labels.values())]
    caption = say("95 % intervals in grey.") + " " + figures_link("headlines", told, say)
    return table(head, rows, label=say.plain("Figures"), caption=caption, text=(1,), wide="wide")


def pair_tables(
    summary: Mapping[str, Any], scenario: Scenario, labels: Mapping[str, str], say: Tongue
) -> list[dict[str, Any]]:
    """Title, note and table of each pair compared."""
    known = {f"{a}-{b}": (a, b) for a in labels for b in labels}
    out = []
    for key in summary["differences"]:
        if key not in known:
            continue
        told = summary["differences"][key]
        title, note = pair_title(known[key], labels, scenario)
        rows = [
            [
                say(name),
                say("points" if told[m]["unit"] == "1" else told[m]["unit"]),
                *_difference(m, told[m], say),
                _saved(told[m]),
            ]
            for m, name in HEADLINE_NAMES.items()
            if m in told
        ]
        caption = say("Paired by replicate: same raid, same looks, same human delays.")
        caption += " " + say("Saved: the share of replicates that the same draws spare.")
        heads = ("figure", "unit", "difference", "95 % interval", "reads", "saved")
        first, second = (labels[a] for a in known[key])
        out.append(
            {
                "title": _minus(say, first, second),
                "note": say(note) if note else "",
                "table": table(
                    [say(h) for h in heads], rows, label=title, text=(1, 4),
                    caption=caption + " " + figures_link(key, {key: told}, say),
                ),
            }
        )  # fmt: skip
    return out


def _minus(say: Tongue, first: str, second: str) -> Markup:
    return say.pair(
        f"{first[:1].upper()}{first[1:]} minus {second}",
        f"{japanese(first)}と{japanese(second)}の差",
    )


def _difference(name: str, entry: Mapping[str, Any], say: Tongue) -> list[object]:
    if entry.get("value") is None:
        return ["–", say.cell(half_open(entry)), verdict(name, entry, say)]
    none = entry.get("low") == entry.get("high") == 0 and not same_words(entry)
    span = "" if none else difference_span(entry)
    reading = verdict(name, entry, say) + few_mark(entry, say)
    return [difference_words(entry), say.cell(span), reading]


def _saved(entry: Mapping[str, Any]) -> str:
    """Share of replicates that common draws saved; below 0 they cost some."""
    ratio = entry.get("variance_ratio")
    return "–" if ratio is None else f"{100.0 * (1.0 - ratio):.0f} %"


def companion_table(study: Results, scenario: Scenario, say: Tongue) -> dict[str, Any] | None:
    """The headline pair under the scenario's other assumptions, on the same replicates."""
    tables = beside(study, scenario)
    pair = pair_of(scenario, study.plan.architectures)
    if not tables or pair is None:
        return None
    groups, lines = [], []
    for title, summary in tables:
        told = [(name, summary["architectures"][name]) for name in pair]
        told.append(("difference", summary["differences"][f"{pair[0]}-{pair[1]}"]))
        rows = [
            [say(name.replace("_", " ")), *(figure_cell(e[m], say) for m in BESIDE)]
            for name, e in told
        ]
        groups.append((say(title), rows))
        lines += [
            (title, name, m, *(e[m].get(k) for k in ("value", "low", "high", "n")))
            for name, e in told
            for m in BESIDE
        ]
    link = csv_link("other-assumptions", ("variant", "of", "figure", "value", "low", "high", "n"), lines, say)  # fmt: skip
    head = [say("variant"), say("architecture"), *(say(HEADLINE_NAMES[m]) for m in BESIDE)]
    return {
        "n": tables[1][1]["replicates"],
        "table": grouped(
            head, groups, label=say.plain("Other assumptions"), text=(1,), wide="wider",
            caption=say("95 % intervals in grey.") + " " + link,
        ),
    }  # fmt: skip


def replay_table(study: Results, scenario: Scenario, say: Tongue) -> Markup:
    """Published against modelled times of a replay."""
    from hinomi.report.map import overflights
    from hinomi.scenario.places_region import places_of

    found = report_data.replay_rows(
        scenario, study.table("events"), overflights(study, places_of(scenario.places))
    )
    names = ("name", "published", "model", "difference", "tolerance", "verdict")
    if not found:
        return Markup("<p>{}</p>").format(
            say(
                "No published time of this event can be held against a time of the model: its facts are inputs, or never came."
            )
        )
    rows = [
        [say(r["name"]), *(r[k].replace("-", "−") for k in names[1:-1]), say(r["verdict"])]
        for r in found
    ]
    link = csv_link("public-record", ("event", *names[1:]), [[r[k] for k in names] for r in found], say)  # fmt: skip
    heads = ("event", "published value", "model, median (5-95 %)", "difference", "tolerance", "verdict")  # fmt: skip
    return table(
        [say(h) for h in heads], rows, label=say.plain("Public record"), caption=link, text=(5,),
        wide="wide",
    )  # fmt: skip


def reason_table(told: Mapping[str, Any], say: Tongue) -> Markup:
    """Tracks that got no salvo, by reason."""
    caption = say(
        "Tracks that got no salvo, mean per raid over all pictures, by reason (policy: another unit or nation "
        "had it, or the rules did not allow it)."
    )
    rows = [[say(r["name"]), *r["cells"]] for r in told["rows"]]
    lines = [[r["name"], *r["cells"]] for r in told["rows"]]
    link = csv_link("no-salvo", ("architecture", *told["names"]), lines, say)
    head = [say("architecture"), *(say(r) for r in told["names"])]
    return table(head, rows, label=say.plain("Defence"), caption=caption + " " + link)


def check_table(rows: Sequence[Mapping[str, str]], say: Tongue) -> Markup:
    """Kills against what was asked for."""
    keys = ("name", "kills", "verdict", "observed", "textbook")
    shown = [
        [say(r["name"]), r["kills"], say(r["verdict"]), say.cell(r["observed"]), r["textbook"]]
        for r in rows
    ]
    heads = ("architecture", "kills", "verdict", "raids without leakers", "textbook K^W")
    link = csv_link("check", ("architecture", *keys[1:]), [[r[k] for k in keys] for r in rows], say)
    return table(
        [say(h) for h in heads],
        shown,
        label=say.plain("Check"),
        text=(1, 2),
        caption=link,
        wide="wide",
    )


def assumption_blocks(scenario: Scenario, say: Tongue) -> dict[str, Any]:
    """Every number with its grade: blocks by section of the scenario, counts, the file of all."""
    blocks, grades = report_data.grades_of(scenario)
    heads = [say(h) for h in ("number", "value", "range", "unit", "grade", "source")]
    head = ("key", "value", "low", "high", "unit", "grade", "source", "note")
    lines = [[getattr(p, name) for name in head] for p in scenario.assumptions]
    return {
        "blocks": [
            {
                "name": b["name"],
                "count": len(b["rows"]),
                "table": table(
                    heads,
                    [
                        [r["key"], r["value"], r["range"], r["unit"], grade_mark(r["grade"], say), r["source"]]
                        for r in b["rows"]
                    ],
                    label=b["name"], text=(3, 4, 5), wide="wide",
                ),
            }
            for b in blocks
        ],
        "grades": [{"mark": grade_mark(g["name"], say), "count": g["count"]} for g in grades],
        "total": len(scenario.assumptions),
        "link": csv_link("assumptions", head, lines, say),
    }  # fmt: skip

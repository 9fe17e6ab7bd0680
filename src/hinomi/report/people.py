"""The report's section on people: the clock from launch to shelter, and who had how much warning."""

from __future__ import annotations

import base64
import csv
import io
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, Final

import numpy as np

from hinomi.records.alerts import WarningPolicy
from hinomi.records.places import Places
from hinomi.report.data import columns, metric_values, number
from hinomi.report.people_figure import clock_figure, middle_of
from hinomi.study.results import Study
from hinomi.study.statistics import t_interval
from hinomi.units import MINUTE_S
from hinomi.warn.clock import STAGES
from hinomi.warn.respond import compliance_of, window_share_of

ABSENT: Final = (
    "Not computed in this run: it was made by a version of the program without the clock. "
    "A new run has it."
)
MOST_ROWS: Final = 30  # municipalities shown; the file has all
STAGE_WORDS: Final = {
    "seen": "first plot is there",
    "firm track": "track good enough to warn",
    "relayed": "known to the nation that alerts, relay included",
    "launch message": "classified, launch message",
    "issued": "decided, alert leaves the issue centre",
    "received": "received, where the middle person in need lives",
    "heard": "heard by half of those who ever hear",
    "acted": "half of those who act have acted",
    "in shelter": "half of those who go are in shelter",
    "arrival": "arrival",
}
PEOPLE: Final = (  # metric, name, factor, unit
    ("people_in_need", "people who needed a warning", 1.0, "people"),
    ("visitors_in_need", "of them visitors", 1.0, "people"),
    ("knew_people", "knew by the arrival", 1.0, "people"),
    ("with_needed_people", "knew at least {needed} before", 1.0, "people"),
    ("people_seconds", "warning, all people together", 1.0 / MINUTE_S, "person-minutes"),
    ("moved_people", "moved away from windows ({window} of those who know)", 1.0, "people"),
    ("sheltered_people", "in shelter ({compliance} of those who know)", 1.0, "people"),
)
PLACE_COLUMNS: Final = ("population", "knew", "with_needed", "person_seconds", "moved", "sheltered")


def people_section(
    study: Study,
    places: Places,
    policy: WarningPolicy,
    architectures: Sequence[str],
    labels: Mapping[str, str],
    *,
    shown: str | None = None,
) -> dict[str, Any]:
    """What the report shows about people.

    Parameters
    ----------
    shown
        architecture of the table of municipalities; the last one otherwise.

    Returns
    -------
    dict
        `absent` (a sentence where the run has no clock), `html` (tables and words, safe to insert),
        `figure` (a Matplotlib figure, drawn under the report's theme) and `caption`.
    """
    if "clock" not in study.tables:
        return {"absent": ABSENT, "html": "", "figure": None, "caption": ""}
    times = clock_times(study)
    which = shown or architectures[-1]
    rows = place_rows(study, places, architectures)
    html = [
        _words(policy),
        _clock_table(times, architectures, labels),
        _people_table(study, policy, architectures, labels),
        _place_table(rows, policy, which, labels),
    ]
    return {
        "absent": "",
        "html": "\n".join(html),
        "figure": clock_figure(times, architectures, labels),
        "caption": (
            "Each piece of a bar ends at the median time of its stage over bodies and replicates and "
            "is as long as the seconds written in it. From received on: the place where the middle "
            "person in need of a warning lives. Diamond and line: arrival there, median and 5 to 95 %."
        ),
    }


def percent(share: float) -> str:
    """A share in percent, for sentences."""
    return f"{100.0 * share:.3g}\u00a0%"


def clock_times(study: Study) -> dict[tuple[str, str], Any]:
    """(architecture, stage) -> seconds after ignition over bodies and replicates; inf = never."""
    architecture, stage, after = columns(
        study.table("clock"), "architecture", "stage", "after_ignition_s"
    )
    return {
        (a, s): after[(architecture == a) & (stage == s)]
        for a in sorted(set(architecture.tolist()))
        for s in STAGES
    }


def place_rows(study: Study, places: Places, architectures: Sequence[str]) -> list[dict[str, Any]]:
    """One row per municipality and architecture: means over the raids in which it needed a warning.

    Only the first arrival at a place counts, so nobody is counted twice.
    """
    table = study.table("warned")
    if "person_seconds" not in table.column_names:
        return []
    head = ("replicate", "architecture", "place_code", "t_arrive_s", "lead_s")
    replicate, arch, code, arrive, lead, *values = columns(table, *head, *PLACE_COLUMNS)
    arch, code = arch.astype(str), code.astype(str)
    order = np.lexsort((arrive, code, arch, replicate))
    key = np.char.add(np.char.add(replicate[order].astype(str), arch[order]), code[order])
    first = order[np.r_[True, key[1:] != key[:-1]]] if len(order) else order
    name_of = dict(zip(places.code, places.name_en, strict=True))
    out = []
    for a in architectures:
        mine = first[arch[first] == a]
        for c in np.unique(code[mine]):
            rows = mine[code[mine] == c]
            row = {"architecture": a, "code": c, "name": name_of.get(c, c), "raids": len(rows)}
            row["lead_s"] = middle_of(lead[rows])
            row |= {k: float(v[rows].mean()) for k, v in zip(PLACE_COLUMNS, values, strict=True)}
            out.append(row)
    return sorted(out, key=lambda r: (r["architecture"], -r["population"], r["code"]))


def _words(policy: WarningPolicy) -> str:
    drilled = (
        f" {percent(policy.drilled_share)} of the people have drilled and count with "
        f"{percent(policy.drilled_compliance)}."
        if policy.drilled_share > 0.0
        else ""
    )
    return (
        f"<p>Of those who know, {percent(compliance_of(policy))} are taken to go to a shelter and "
        f"{percent(window_share_of(policy))} to move away from windows and no further. After the "
        "alerts of 2017 and 2022 in Japan 5 to 6\u00a0% said that they took shelter."
        f"{escape(drilled)} Every number of people in shelter stands and falls with this share; the "
        "numbers of people who know do not use it.</p>"
    )


def _table(caption: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table of the report; the first column names the row."""
    heads = "".join(f"<th>{h}</th>" for h in head)
    body = "".join(
        f'<tr><th scope="row" class="text">{r[0]}</th>'
        + "".join(f"<td>{cell}</td>" for cell in r[1:])
        + "</tr>"
        for r in rows
    )
    return (
        f'<div class="scroll"><table class="wide"><caption>{caption}</caption>'
        f"<thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _clock_table(
    times: Mapping[tuple[str, str], Any], architectures: Sequence[str], labels: Mapping[str, str]
) -> str:
    rows = []
    for stage in STAGES:
        cells = [_time(times.get((a, stage))) for a in architectures]
        rows.append([escape(STAGE_WORDS[stage]), *cells])
    rows_csv = [
        [a, stage, *_quantiles(times.get((a, stage)))] for a in architectures for stage in STAGES
    ]
    link = _download(
        "clock", ("architecture", "stage", "low_s", "median_s", "high_s", "never_share"), rows_csv
    )
    return _table(
        f"Seconds after ignition: median, 5 to 95 % in grey, share that never came. {link}",
        ["stage", *(escape(labels[a]) for a in architectures)],
        rows,
    )


def _quantiles(values: Any) -> tuple[Any, ...]:
    if values is None or not len(values):
        return ("", "", "", "")
    ordered = np.sort(np.asarray(values, float))
    at = [float(ordered[int(q * (len(ordered) - 1))]) for q in (0.05, 0.5, 0.95)]
    return (
        *(round(v, 1) if np.isfinite(v) else "never" for v in at),
        round(float(np.mean(~np.isfinite(ordered))), 4),
    )


def _time(values: Any) -> str:
    low, middle, high, never = _quantiles(values)
    if middle == "":
        return "–"
    told = f"{middle:.0f}" if middle != "never" else "never"
    span = " to ".join(f"{v:.0f}" if v != "never" else "never" for v in (low, high))
    tail = f" · {never:.0%} never" if never else ""
    return f'{told}<span class="interval">{span}{tail}</span>'


def _people_table(
    study: Study, policy: WarningPolicy, architectures: Sequence[str], labels: Mapping[str, str]
) -> str:
    metrics = study.table("metrics")
    needed = f"{policy.needed_s:.0f}\u00a0s"
    words = {
        "needed": needed,
        "compliance": percent(compliance_of(policy)),
        "window": percent(window_share_of(policy)),
    }
    rows = []
    for metric, name, factor, unit in PEOPLE:
        cells = []
        for a in architectures:
            values = metric_values(metrics, metric, a) * factor
            if not len(values):
                cells.append("–")
                continue
            span = t_interval(values)
            told = f"{number(span.low)} to {number(span.high)}" if len(values) > 1 else ""
            cells.append(f'{number(float(values.mean()))}<span class="interval">{told}</span>')
        rows.append([f"{escape(name.format(**words))}, {unit}", *cells])
    return _table(
        "Mean of a raid, 95 % interval in grey. First arrival at each place only.",
        ["figure", *(escape(labels[a]) for a in architectures)],
        rows,
    )


def _place_table(
    rows: Sequence[Mapping[str, Any]], policy: WarningPolicy, which: str, labels: Mapping[str, str]
) -> str:
    if not rows:
        return ""
    compliance = percent(compliance_of(policy))
    link = _download("places", tuple(rows[0]), [list(r.values()) for r in rows])
    mine = [r for r in rows if r["architecture"] == which]
    cells = [
        [
            escape(r["name"]),
            number(r["raids"]),
            "never" if r["lead_s"] is None else f"{r['lead_s']:.0f}",
            *(number(r[k]) for k in ("population", "knew", "with_needed")),
            number(r["person_seconds"] / MINUTE_S),
            *(number(r[k]) for k in ("moved", "sheltered")),
        ]
        for r in mine[:MOST_ROWS]
    ]
    rest = (
        f" The {MOST_ROWS} with most people; {link} has all {len(mine)}."
        if len(mine) > MOST_ROWS
        else f" {link}"
    )
    return _table(
        f"By municipality, {escape(labels[which])}: means over the raids in which it needed a "
        f"warning. In shelter at a compliance of {compliance}.{rest}",
        [
            "municipality", "raids", "median lead, s", "people", "knew",
            f"knew {policy.needed_s:.0f}\u00a0s before", "person-minutes", "away from windows",
            f"in shelter ({compliance})",
        ],
        cells,
    )  # fmt: skip


def _download(name: str, head: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(rows)
    data = base64.b64encode(out.getvalue().encode()).decode()
    return (
        f'<a download="study-{name}.csv" href="data:text/csv;charset=utf-8;base64,{data}">'
        "Download CSV</a>"
    )

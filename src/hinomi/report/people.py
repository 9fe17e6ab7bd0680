"""The report's section on people: the clock from launch to shelter, and who had how much warning."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from markupsafe import Markup

from hinomi.records.alerts import WarningPolicy
from hinomi.records.places import Places
from hinomi.report.answer import span_words
from hinomi.report.data import columns, metric_values, number, number_of
from hinomi.report.downloads import csv_link
from hinomi.report.people_figure import clock_figure, middle_of
from hinomi.report.section_words import CLOCK_CAPTION, PEOPLE_ROWS, STAGE_WORDS, TWO_COUNTS
from hinomi.report.section_words import PEOPLE_ABSENT as ABSENT
from hinomi.report.table import cell, table
from hinomi.report.tongue import ENGLISH, Tongue
from hinomi.study.answer_files import told as interval_told
from hinomi.study.results import Results
from hinomi.study.statistics import SAME
from hinomi.study.summary import interval_of
from hinomi.units import MINUTE_S
from hinomi.warn.clock import STAGES
from hinomi.warn.respond import compliance_of, window_share_of

MOST_ROWS: Final = 30  # municipalities shown; the file has all
PLACE_COLUMNS: Final = {  # column -> the figure whose interval it has
    "population": "people_in_need",
    "knew": "knew_people",
    "with_needed": "with_needed_people",
    "person_seconds": "people_seconds",
    "moved": "moved_people",
    "sheltered": "sheltered_people",
}


def people_section(
    study: Results,
    places: Places,
    policy: WarningPolicy,
    architectures: Sequence[str],
    labels: Mapping[str, str],
    *,
    shown: str | None = None,
    say: Tongue = ENGLISH,
) -> dict[str, Any]:
    """What the report shows about people.

    Parameters
    ----------
    shown
        architecture of the table of municipalities; the last one otherwise.

    Returns
    -------
    dict
        `absent` (a sentence where the run has no clock), `html` (tables and words as markup),
        `figure` (a Matplotlib figure, drawn under the report's theme) and `caption`.
    """
    if "clock" not in study.tables:
        return {"absent": say(ABSENT), "html": Markup(""), "figure": None, "caption": ""}
    times = clock_times(study)
    which = shown or architectures[-1]
    rows = place_rows(study, places, architectures)
    if not any(np.isfinite(v).any() for v in times.values()):
        nothing = say(
            "Nobody needed a warning in any replicate, so there is no clock from ignition to shelter."
        )
        html = [Markup("<p>{}</p>").format(nothing), _people_table(study, policy, labels, say)]
        return {"absent": "", "html": Markup("\n").join(html), "figure": None, "caption": ""}
    html = [
        Markup("<p>{}</p>").format(say.made(lambda t: _words(policy, t))),
        _clock_table(times, labels, say),
        _people_table(study, policy, labels, say),
        _place_table(rows, policy, which, labels, say),
    ]
    return {
        "absent": "",
        "html": Markup("\n").join(html),
        "figure": clock_figure(times, architectures, labels),
        "caption": say(CLOCK_CAPTION),
    }


def percent(share: float) -> str:
    """A share in percent, for sentences."""
    return f"{100.0 * share:.3g}\u00a0%"


def clock_times(study: Results) -> dict[tuple[str, str], Any]:
    """(architecture, stage) -> seconds after ignition over bodies and replicates; inf = never."""
    architecture, stage, after = columns(
        study.table("clock"), "architecture", "stage", "after_ignition_s"
    )
    return {
        (a, s): after[(architecture == a) & (stage == s)]
        for a in sorted(set(architecture.tolist()))
        for s in STAGES
    }


def place_rows(
    study: Results, places: Places, architectures: Sequence[str]
) -> list[dict[str, Any]]:
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
    ja_of = dict(zip(places.code, places.name_ja, strict=True))
    out = []
    for a in architectures:
        mine = first[arch[first] == a]
        for c in np.unique(code[mine]):
            rows = mine[code[mine] == c]
            row = {
                "architecture": a,
                "code": c,
                "name": name_of.get(c, c),
                "name_ja": ja_of.get(c, c),
                "raids": len(rows),
            }
            row |= _ends("lead_s", "lead_s", lead[rows]) | {"lead_s": middle_of(lead[rows])}
            for (k, metric), v in zip(PLACE_COLUMNS.items(), values, strict=True):
                row |= _ends(k, metric, v[rows])
            out.append(row)
    return sorted(out, key=lambda r: (r["architecture"], -r["population"], r["code"]))


def _ends(name: str, metric: str, values: Any) -> dict[str, Any]:
    """Mean or median of a column with its interval; None where a bound is none."""
    found = interval_told(interval_of(metric, np.asarray(values, np.float64)))
    return {
        name: found["value"],
        f"{name}_low": found["low"],
        f"{name}_high": found["high"],
        f"{name}_method": found["method"],
    }


def _words(policy: WarningPolicy, say: Tongue) -> str:
    go, window = percent(compliance_of(policy)), percent(window_share_of(policy))
    share, drilled = percent(policy.drilled_share), percent(policy.drilled_compliance)
    if say.language == "ja":
        more = (
            f"{share}の人は訓練を受けており、{drilled}とする。"
            if policy.drilled_share > 0.0
            else ""
        )
        return (
            f"知った人のうち{go}が避難し、{window}が窓から離れるにとどまるとする。2017年と2022年の日本での警報の後、"
            f"避難したと答えた人は5～6％だった。{more}避難した人の数はすべてこの割合次第であり、知った人の数には使わない。"
        )
    more = f" {share} of the people have drilled and count with {drilled}." if policy.drilled_share > 0.0 else ""  # fmt: skip
    return (
        f"Of those who know, {go} are taken to go to a shelter and {window} to move away from windows and "
        "no further. After the alerts of 2017 and 2022 in Japan 5 to 6\u00a0% said that they took "
        f"shelter.{more} Every number of people in shelter stands and falls with this share; the "
        "numbers of people who know do not use it."
    )


def _clock_table(
    times: Mapping[tuple[str, str], Any], labels: Mapping[str, str], say: Tongue
) -> Markup:
    rows = [
        [say(STAGE_WORDS[stage]), *(_time(times.get((a, stage)), say) for a in labels)]
        for stage in STAGES
    ]
    lines = [[a, stage, *_quantiles(times.get((a, stage)))] for a in labels for stage in STAGES]
    head = ("architecture", "stage", "low_s", "median_s", "high_s", "never_share")
    caption = say("Seconds after ignition: median, 5 to 95 % in grey, share that never came.")
    return table(
        [say("stage"), *map(say, labels.values())], rows, label=say.plain("Timeline"), wide="wide",
        caption=caption + " " + csv_link("clock", head, lines, say),
    )  # fmt: skip


def _quantiles(values: Any) -> tuple[Any, ...]:
    if values is None or not len(values):
        return ("", "", "", "")
    ordered = np.sort(np.asarray(values, float))
    at = [float(ordered[int(q * (len(ordered) - 1))]) for q in (0.05, 0.5, 0.95)]
    return (
        *(round(v, 1) if np.isfinite(v) else "never" for v in at),
        round(float(np.mean(~np.isfinite(ordered))), 4),
    )


def _time(values: Any, say: Tongue) -> Markup:
    low, middle, high, never = _quantiles(values)
    if middle == "":
        return Markup("–")
    told = f"{middle:.0f}" if middle != "never" else "never"
    span = " to ".join(f"{v:.0f}" if v != "never" else "never" for v in (low, high))
    tail = f" · {100 * never:.0f}\u00a0% never" if never else ""
    return cell(say.cell(told), say.cell(f"{span}{tail}"))


def _people_table(
    study: Results, policy: WarningPolicy, labels: Mapping[str, str], say: Tongue
) -> Markup:
    metrics = study.table("metrics")
    words = {
        "needed": f"{policy.needed_s:.0f}\u00a0s",
        "compliance": percent(compliance_of(policy)),
        "window": percent(window_share_of(policy)),
    }
    rows, lines = [], []
    for metric, name, factor, unit in PEOPLE_ROWS:
        cells = []
        for a in labels:
            values = metric_values(metrics, metric, a) * factor
            if not len(values):
                cells.append(Markup("–"))
                continue
            span = interval_of(metric, values)
            ends = (span.low, span.high) if len(values) > 1 else (None, None)
            ends_told = " to ".join(number_of(x, unit) for x in (span.low, span.high))
            told = ends_told if len(values) > 1 else ""
            if span.method == SAME:
                told = f"the same in all {span.n} raids"
            mean = number_of(float(values.mean()), unit)
            cells.append(cell(mean, say.cell(told) if told else ""))
            lines.append((a, metric, float(values.mean()), *ends, len(values), unit))
        rows.append([say(f"{name}, {unit}", **words), *cells])
    caption = say("Mean of a raid, 95 % interval in grey. First arrival at each place only.")
    caption += " " + say(TWO_COUNTS)
    link = csv_link("people", ("architecture", "figure", "mean", "low", "high", "n", "unit"), lines, say)  # fmt: skip
    return table(
        [say("figure"), *map(say, labels.values())], rows, label=say.plain("People"), wide="wide",
        caption=caption + " " + link,
    )  # fmt: skip


def _place_table(
    rows: Sequence[Mapping[str, Any]],
    policy: WarningPolicy,
    which: str,
    labels: Mapping[str, str],
    say: Tongue,
) -> Markup:
    if not rows:
        return Markup("")
    compliance = percent(compliance_of(policy))
    mine = [r for r in rows if r["architecture"] == which]
    cells = [
        [
            say.pair(r["name"], r["name_ja"]),
            number(r["raids"]),
            say("never")
            if r["lead_s"] is None
            else _place_cell(r, "lead_s", say, value=round(r["lead_s"])),
            number_of(r["population"], "people"),
            *(_place_cell(r, k, say) for k in ("knew", "with_needed")),
            _place_cell(r, "person_seconds", say, factor=1.0 / MINUTE_S),
            *(_place_cell(r, k, say) for k in ("moved", "sheltered")),
        ]
        for r in mine[:MOST_ROWS]
    ]
    caption = say.made(lambda t: _place_caption(labels[which], compliance, len(mine), t))
    link = csv_link("places", tuple(rows[0]), [_plain(r) for r in rows], say)
    heads = ("municipality", "raids", "median lead, s", "people", "knew", "knew {needed} before",
             "person-minutes", "away from windows", "in shelter ({compliance})")  # fmt: skip
    values = {"needed": f"{policy.needed_s:.0f}\u00a0s", "compliance": compliance}
    return table(
        [say(h, **values) if "{" in h else say(h) for h in heads], cells, wide="wide",
        label=say.plain("municipality"), caption=caption + " " + link,
    )  # fmt: skip


def _place_cell(
    row: Mapping[str, Any],
    name: str,
    say: Tongue,
    *,
    factor: float = 1.0,
    value: float | None = None,
) -> Markup:
    """A figure of a place with its interval below."""
    ends = {k: row[f"{name}_{k}"] for k in ("low", "high")}
    figure = {k: None if v is None else factor * v for k, v in ends.items()} | {
        "value": row[name], "n": row["raids"], "unit": "people", "method": row[f"{name}_method"],
    }  # fmt: skip
    shown = factor * row[name] if value is None else value
    return cell(number_of(shown, "people"), say.cell(span_words(figure)))


def _place_caption(label: str, compliance: str, count: int, say: Tongue) -> str:
    more = count > MOST_ROWS
    if say.language == "ja":
        rest = f"人の多い{MOST_ROWS}。ファイルには全{count}がある。" if more else ""
        return (
            f"市町村別（{say(label)}）：警報が必要だった襲来の平均、灰色は95％区間（襲来1回ではなく、"
            f"中央値では6回から）。避難は{compliance}とする。{rest}"
        )
    rest = f" The {MOST_ROWS} with most people; the file has all {count}." if more else ""
    return (
        f"By municipality, {label}: means over the raids in which it needed a warning, 95 % interval in "
        f"grey (a median has one from six raids on). In shelter at a compliance of {compliance}.{rest}"
    )


def _plain(row: Mapping[str, Any]) -> list[Any]:
    """Values of a row for the file, without digits that mean nothing."""
    return [round(v, 2) if isinstance(v, float) else v for v in row.values()]

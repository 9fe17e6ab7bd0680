"""What stands under the first sentences: gain beside price, and the key figures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from markupsafe import Markup

from hinomi.report.answer import (
    defends,
    half_open,
    missing_words,
    nobody,
    span_words,
    value_words,
)
from hinomi.report.data import number, number_of
from hinomi.report.downloads import csv_link
from hinomi.report.table import cell, table
from hinomi.report.tongue import Tongue
from hinomi.report.words import HEADLINE_NAMES, MIDDLE, NO_DIFFERENCE, reads
from hinomi.scenario.model import Scenario
from hinomi.study.figure_words import count_words, few_words, same_words

Entry = Mapping[str, Any]
IN_NEED: Final = ("missed_people", "sheltered_people")  # say nothing where nobody is in need ...
WITHOUT_NEED: Final = (
    "first_detection_s",
    "firm_track_s",
    "over_warned_people",
)  # ... and these do
GAIN: Final = (
    "first_detection_s", "firm_track_s", "first_alert_s", "lead_s", "warned_in_time_share",
    "missed_people", "sheltered_people", "over_warned_people", "leakers",
)  # fmt: skip
PRICE: Final = ("network_cost_musd", "shots", "cost_musd", "refill_months")
DEFENCE: Final = ("leakers", "shots", "cost_musd", "refill_months")
FIELDS: Final = ("value", "low", "high", "n", "unit", "holds", "method", "note")
WHERE: Final = {  # section with the evidence of a figure
    "first_alert_s": "timeline", "lead_s": "lead", "warned_in_time_share": "lead",
    "missed_people": "people", "sheltered_people": "people", "leakers": "defence",
    "shots": "defence",
}  # fmt: skip


def key_names(scenario: Scenario, figures: Mapping[str, Entry]) -> list[str]:
    """Headline figures that the first screen shows, where somebody is concerned by them."""
    idle, fired = nobody(figures["lead_s"]), defends(scenario, figures)
    return [
        name
        for name in (*GAIN, *PRICE)
        if name in figures
        and not nobody(figures[name])
        and not (name in DEFENCE and not fired)
        and not (name in IN_NEED and idle)
        and not (name in WITHOUT_NEED and not idle)
    ]


def cards(
    scenario: Scenario, summary: Mapping[str, Any], pair: tuple[str, str], say: Tongue
) -> list[dict[str, Any]]:
    """Two lists of figures: what it buys, what it takes; differences where two are compared."""
    best, base = pair
    own = summary["architectures"][best]
    told = summary["differences"].get(f"{best}-{base}")
    out = []
    for title, names in (
        ("What it buys" if told else "What it does", GAIN),
        ("What it takes", PRICE),
    ):
        shown = [n for n in key_names(scenario, own) if n in names]
        entries = [(n, (told or own).get(n) or own[n]) for n in shown]
        rows = [_card(n, entry, say, signed=told is not None) for n, entry in entries]
        if rows:
            out.append({"title": say(title), "rows": rows})
    return out


def _card(name: str, entry: Entry, say: Tongue, *, signed: bool) -> dict[str, Any]:
    text = difference_words(entry) if signed else value_words(entry)
    return {
        "name": say(HEADLINE_NAMES[name]),
        "value": with_unit(entry, text, say, signed=signed),
        "interval": say.cell(difference_span(entry) if signed else span_words(entry)),
        "n": count_words(entry),
        "few": say.cell(few_words(entry)),
        "holds": say(str(entry.get("holds") or "chance only")),
        "reads": verdict(name, entry, say) if signed else "",
    }


def with_unit(entry: Entry, text: str, say: Tongue, *, signed: bool) -> Markup:
    """A figure whose unit is said in the page's languages."""
    unit = "points" if signed and entry["unit"] == "1" else entry["unit"]
    if entry.get("value") is None or unit in ("1", "bodies"):
        return say.cell(text)
    plain = text.removesuffix(f"\u00a0{unit}")
    return Markup("{} <small>{}</small>").format(plain, say(unit))


def difference_words(entry: Entry) -> str:
    """A difference with its sign; shares in percentage points."""
    if entry.get("value") is None:
        return missing_words(entry)
    if entry["unit"] == "1":
        return _plus(number(100 * entry["value"]))
    return _plus(number_of(entry["value"], entry["unit"]))


def difference_span(entry: Entry) -> str:
    """Interval of a difference; shares in percentage points."""
    low, high = entry.get("low"), entry.get("high")
    if low is None or high is None or same_words(entry):
        return half_open(entry)
    scale = 100.0 if entry["unit"] == "1" else 1.0
    return " to ".join(number_of(scale * end, entry["unit"]) for end in (low, high))


def verdict(name: str, entry: Entry, say: Tongue) -> Markup:
    """How a difference reads, in the languages of the page."""
    text = reads(name, entry)
    if text == NO_DIFFERENCE and same_words(entry):
        return say.cell(f"{text} in {entry['n']} raids")
    return say(text)


def _plus(text: str) -> str:
    return text if text.startswith(("−", "–")) or text == "0" else f"+{text}"


def key_table(
    scenario: Scenario,
    summary: Mapping[str, Any],
    pair: tuple[str, str],
    labels: Mapping[str, str],
    say: Tongue,
) -> Markup:
    """Every figure of the first screen with its interval, n, what the interval holds, and its section."""
    best, base = pair
    shown = list(dict.fromkeys((base, best)))
    own = [summary["architectures"][a] for a in shown]
    told = summary["differences"].get(f"{best}-{base}", {})
    rows: list[list[object]] = []
    lines: list[tuple[object, ...]] = []
    for name in key_names(scenario, own[-1]):
        row: list[object] = [_named(name, say)]
        row += [
            cell(
                with_unit(e[name], value_words(e[name], beside=told.get(name)), say, signed=False),
                say.cell(span_words(e[name], beside=told.get(name))),
            )
            + few_mark(e[name], say)
            for e in own
        ]
        entry = told.get(name)
        if told:
            row.append(_difference_cell(name, entry, say))
        row += [count_words(entry or own[-1][name]), say(own[-1][name]["holds"])]
        rows.append(row)
        told_of = [*zip(shown, (e[name] for e in own), strict=True)]
        told_of += [(f"{best} minus {base}", entry)] if entry else []
        lines += [(of, name, *(e.get(k) for k in FIELDS)) for of, e in told_of]
    head: list[object] = [say("figure"), *(say(labels[a]) for a in shown)]
    head += [say("difference, 95 % interval")] if told else []
    head += ["n", say("holds")]
    link = csv_link("key-figures", ("of", "figure", *FIELDS), lines, say)
    caption = say("Value, 95 % interval in grey, replicates n, and what the interval holds.")
    if told:
        caption += " " + say(MIDDLE)
    return table(
        head, rows, label=say.plain("The key figures"), caption=caption + " " + link,
        text=(len(head) - 1,), wide="wide",
    )  # fmt: skip


def _named(name: str, say: Tongue) -> Markup:
    where = WHERE.get(name, "headlines")
    return Markup('<a href="#{}">{}</a>').format(where, say(HEADLINE_NAMES[name]))


def _difference_cell(name: str, entry: Entry | None, say: Tongue) -> Markup:
    if entry is None:
        return Markup("–")
    small = say.cell(difference_span(entry))
    return Markup('{}<span class="interval">{}</span><span class="reads">{}</span>{}').format(
        with_unit(entry, difference_words(entry), say, signed=True),
        small,
        verdict(name, entry, say),
        few_mark(entry, say),
    )


def few_mark(entry: Entry, say: Tongue) -> Markup:
    """How many raids carry a figure, below it, where they are few."""
    few = few_words(entry)
    return Markup('<span class="interval">{}</span>').format(say.cell(few)) if few else Markup("")

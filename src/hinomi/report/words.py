"""Sentences of the report: the answer first, in words that a reader can quote."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from hinomi.records.engagements import REFUSED_TRACK, REFUSED_WARNING, Architecture
from hinomi.report.data import number
from hinomi.scenario.model import Scenario

HEADLINE_NAMES: Final = {
    "first_detection_s": "first detection after ignition",
    "firm_track_s": "firm track after ignition",
    "first_alert_s": "alert issued after ignition",
    "lead_s": "lead time, people-weighted median",
    "warned_in_time_share": "warned in time, of those who needed it",
    "missed_people": "people not warned before arrival",
    "sheltered_people": "people who reached shelter",
    "over_warned_people": "people alerted without need",
    "false_alert_share": "alerted without need, of those alerted",
    "leakers": "leakers",
    "shots": "interceptors fired",
    "unengaged": "bodies nobody shot at",
    "cost_musd": "interceptors fired, at catalogue price",
    "network_cost_musd": "yearly price of the shared network",
    "refill_months": "months to refill, production only",
    "refill_months_with_lead": "months to refill, with lead time",
}
# More of these is better (+1) or worse (-1) for the defended side; 0: neither by itself.
DIRECTION: Final = {
    "first_detection_s": -1, "firm_track_s": -1, "first_alert_s": -1, "lead_s": 1, "warned_in_time_share": 1,
    "missed_people": -1, "sheltered_people": 1, "over_warned_people": -1, "false_alert_share": -1, "leakers": -1,
    "shots": 0, "unengaged": -1, "cost_musd": 0, "network_cost_musd": -1, "refill_months": -1,
    "refill_months_with_lead": -1,
}  # fmt: skip
CAPTIONS: Final = {
    "map": "Flights of the first replicate with their true paths, coloured by kind and dashed for gliders; sensors and "
    "batteries where the scenario puts them, rounded to 0.1 degree and notional unless the catalogue names a source. "
    "Shaded: share of replicates in which the prefecture was alerted, in the architecture named in the drawing. Dotted "
    "ellipses: area that held 90 % of the predicted end points when the alert was decided. Right: whole flights, and "
    "height over time.",
    "timeline": "Each mark is the median over bodies and replicates of a step after that body's ignition; the line "
    "spans 5 to 95 %. Steps that never came are left out here and counted in the tables.",
    "lead": "Mark: people-weighted median; bar: middle half; line: 5 to 95 %. The figure at the left is the share of "
    "people who needed a warning and never had one. First arrival at each place only.",
    "leakage": "Bars: share of replicates with that count; mark: mean. Kill probabilities and reach are assumptions; "
    "there are no decoys.",
}
WORDS: Final = {
    "holds": "Intervals are 95 % and hold chance only: the draws of the raid, the looks and the people's delays, with "
    "every assumption at its catalogue value. What the assumptions do is not in them: "
    "hinomi sensitivity SCENARIO moves each to the ends of its range and gives their band.",
    "pairs": "The difference follows from the ownership table and the latencies of the scenario; both can be changed. "
    "Decision times are equal in every architecture unless the scenario says otherwise, so no part of it comes from "
    "faster people.",
    "grades": "A plain number in a scenario file counts as assumed. Results that hang on assumed numbers are "
    "differences under these assumptions, not forecasts.",
}
LIMITS: Final = (
    "No decoys, countermeasures, jamming or cyber; no spent stages or debris as extra objects; no telling them apart.",
    "Interceptors are time-to-reach tables with a given kill probability; reach is a kinematic upper bound.",
    "Radars have no load limit and no real terrain mask; one cross section per class and phase.",
    "People: one pace of decision per body in every architecture; no night, no people at sea, no readiness of shelters.",
    "A body that was shot down still counts as an arrival for warning.",
    "Classes are generic, tuned to public aggregate figures; they are not data of named systems.",
)  # fmt: skip


KEPT: Final = {REFUSED_WARNING: "launch events", REFUSED_TRACK: "tracks and plots"}
GROUP_TITLES: Final = {
    "okinawa_main": "Okinawa main island", "kerama": "Kerama and Aguni", "kume": "Kume", "daito": "Daito",
    "miyako": "Miyako", "yaeyama": "Yaeyama", "amami": "Amami", "tokara": "Tokara", "osumi": "Osumi",
    "mishima": "Mishima",
}  # fmt: skip


def group_title(name: str) -> str:
    """Name of an island group or prefecture as a reader knows it."""
    return GROUP_TITLES.get(name, name)


def reads(name: str, entry: Mapping[str, Any]) -> str:
    """One word on a difference: better, worse, more, fewer or not told apart from zero."""
    low, high, value = entry.get("low"), entry.get("high"), entry.get("value")
    if value is None:
        return str(entry.get("note") or "not defined")
    if low is None or high is None:
        return ""
    if low == high == 0:
        return "no difference"
    if low <= 0 <= high:
        return "not told apart from zero"
    direction = DIRECTION.get(name, 0)
    if direction == 0:
        return "more" if value > 0 else "fewer"
    return "better" if value * direction > 0 else "worse"


def pair_title(
    pair: tuple[str, str], labels: Mapping[str, str], scenario: Scenario
) -> tuple[str, str]:
    """Heading and note of a paired difference."""
    first, second = pair
    note = ""
    if scenario.study.headline == pair:
        note = "Headline pair: against about today's practice, because early-warning data have long been passed on."
    elif second == "national":
        note = "Counterfactual without any sharing: nobody proposes it; it bounds what sharing is worth."
    return f"{labels[first]} minus {labels[second]}", note


def meaning(architecture: Architecture) -> str:
    """What an architecture is, and what its nations keep from each other."""
    kept = [
        f"{r.sender} keeps its {KEPT[r.category]} from {r.receiver}"
        + ("" if r.probability >= 1.0 else f" in {100.0 * r.probability:.0f} % of the raids")
        for r in architecture.refusals
    ]
    return "; ".join([architecture.label, *kept])


def answer(
    scenario: Scenario,
    summary: Mapping[str, Any],
    architectures: Sequence[str],
    labels: Mapping[str, str],
) -> tuple[list[str], list[dict[str, str]]]:
    """Sentences and cards of the first screen, made from the summary alone."""
    pair = scenario.study.headline
    if pair is None or not set(pair) <= set(architectures):
        pair = (architectures[-1], architectures[0])
    best, base = pair
    a, b = summary["architectures"][best], summary["architectures"][base]
    same = best == base
    cards = [
        _card(name, a[name], None if same else b[name], labels[base])
        for name in _CARDS
        if name in a
        and not _nobody(a[name])
        and not (name == "sheltered_people" and _nobody(a["lead_s"]))
    ]
    if not scenario.batteries:
        cards = [c for c in cards if c["name"] not in _DEFENCE_NAMES]
    sentences = [_warning_sentence(labels[best], a)]
    if not same:
        sentences.append(_warning_sentence(labels[base], b))
        difference = summary["differences"].get(f"{best}-{base}")
        if difference:
            sentences.append(_difference_sentence(labels[best], labels[base], difference, scenario))
    if scenario.batteries:
        sentences.append(_defence_sentence(labels[best], a, len(scenario.threats)))
    return sentences, cards


_CARDS: Final = (
    "first_alert_s", "lead_s", "warned_in_time_share", "sheltered_people", "leakers", "shots", "cost_musd",
    "refill_months",
)  # fmt: skip
_DEFENCE_NAMES: Final = tuple(
    HEADLINE_NAMES[n] for n in ("leakers", "shots", "cost_musd", "refill_months")
)


def _card(
    name: str, entry: Mapping[str, Any], other: Mapping[str, Any] | None, label: str
) -> dict[str, str]:
    note = _span(entry)
    if other is not None:
        note += f" · {label}: {_value(other)}"
    return {"name": HEADLINE_NAMES[name], "value": _value(entry), "note": note}


def _value(entry: Mapping[str, Any]) -> str:
    if entry.get("value") is None:
        return str(entry.get("note") or "–")
    if entry["unit"] == "1":
        return f"{100 * entry['value']:.0f}\u00a0%"
    unit = {"bodies": "", "rounds": "rounds", "people": "people"}.get(entry["unit"], entry["unit"])
    return f"{number(entry['value'])}\u00a0{unit}".strip()


def _span(entry: Mapping[str, Any]) -> str:
    low, high = entry.get("low"), entry.get("high")
    if low is None or high is None:
        return ""
    if entry["unit"] == "1":
        return f"{100 * low:.0f} to {100 * high:.0f} %"
    return f"{number(low)} to {number(high)}"


def _nobody(entry: Mapping[str, Any]) -> bool:
    """True for a figure that no replicate defines, because nobody was concerned."""
    return entry.get("value") is None and "not defined" in str(entry.get("note"))


def _warning_sentence(label: str, figures: Mapping[str, Any]) -> str:
    alert, lead, share = (
        figures["first_alert_s"],
        figures["lead_s"],
        figures["warned_in_time_share"],
    )
    issued = (
        f"{_value(alert)} ({_span(alert)}) after ignition"
        if alert.get("value") is not None
        else "never"
    )
    start = f"{_capital(label)}: the alert is issued {issued}"
    if _nobody(lead):
        return f"{start}; nobody needed a warning by the rule (hit, or passed over below 150 km)."
    had = f"a median lead of {_value(lead)} ({_span(lead)})" if lead.get("value") is not None else (
        f"no median lead ({lead.get('note') or 'never warned'})"
    )  # fmt: skip
    return f"{start}; people who need it have {had}, and {_value(share)} ({_span(share)}) of them are warned in time."


def _difference_sentence(
    first: str, second: str, entries: Mapping[str, Any], scenario: Scenario
) -> str:
    alert, lead = entries["first_alert_s"], entries["lead_s"]
    parts = []
    if alert.get("value") is not None:
        parts.append(f"the alert {_change(alert, 'later', 'earlier')}")
    if lead.get("value") is not None:
        parts.append(f"the median lead {_change(lead, 'longer', 'shorter')}")
    if scenario.batteries and entries["leakers"].get("value") is not None:
        leakers = entries["leakers"]
        parts.append(f"leakers {number(leakers['value'])} a raid ({_span(leakers)})")
    return f"{_capital(first)} minus {second}, on the same draws: {', '.join(parts) or 'nothing defined'}."


def _change(entry: Mapping[str, Any], more: str, less: str) -> str:
    """A difference in seconds, in words; the word carries the sign of value and interval."""
    value, low, high = entry["value"], entry.get("low"), entry.get("high")
    if not value:
        return f"unchanged ({_span(entry)})"
    text = f"{number(abs(value))} s {more if value > 0 else less}"
    if low is None or high is None:
        return text
    if low * high >= 0:
        near, far = sorted((abs(low), abs(high)))
        return f"{text} ({number(near)} to {number(far)})"
    return f"{text} ({number(abs(low))} {less} to {number(high)} {more})"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _defence_sentence(label: str, figures: Mapping[str, Any], raid: int) -> str:
    return (
        f"{_capital(label)}: of a raid of {raid}, {_value(figures['leakers'])} ({_span(figures['leakers'])}) are not shot down; "
        f"{_value(figures['shots'])} are fired, {_value(figures['cost_musd'])} at catalogue price, and production alone "
        f"needs {_value(figures['refill_months'])} to replace them."
    )

"""Sentences of the report: the answer first, in words that a reader can quote."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from hinomi.records.engagements import REFUSED_TRACK, REFUSED_WARNING, Architecture
from hinomi.scenario.model import Scenario
from hinomi.study.figure_words import same_words
from hinomi.study.statistics import order_of_bound

HEADLINE_NAMES: Final = {
    "first_detection_s": "first detection at the deciding centre, after ignition",
    "firm_track_s": "firm track at the deciding centre, after ignition",
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
    "map": "Flights of the first replicate with their true paths, each kind with its colour and dash; sensors and "
    "batteries where the scenario puts them, rounded to 0.1 degree and notional unless the catalogue names a source. "
    "Shaded: share of replicates in which the prefecture was alerted, in the architecture named in the drawing. Dotted "
    "ellipses: area that held 90 % of the predicted end points when the alert was decided; those as long as the map are "
    "only counted. Right: whole flights, and "
    "height over time.",
    "timeline": "Each mark is the median over bodies and replicates of a step after that body's ignition; the line "
    "spans 5 to 95 %. Steps that never came are left out here and counted in the tables. First seen and firm track: at any "
    "nation that tells the one that alerts; the tables of figures count the deciding centre alone, so theirs may be later.",
    "lead": "Mark: people-weighted median; bar: middle half; line: 5 to 95 %. The figure at the left is the share of "
    "people who needed a warning and never had one. First arrival at each place only.",
    "leakage": "Bars: share of replicates with that count; mark: mean. Kill probabilities and reach are assumptions; "
    "there are no decoys.",
    "panels": "Mark: the value; line: its 95 % interval, which holds chance only. A line that reaches the left edge has no "
    "lower end. Figures without a value are not drawn.",
    "bands": "Upper line with a disc: 95 % interval of chance alone. Lower thick band: 5 to 95 % when assumptions move "
    "together. The two are never mixed.",
}
MIDDLE: Final = (
    "A difference of times is the middle of the raid-by-raid differences, which is not the difference "
    "of the two middles."
)
WORDS: Final = {
    "holds": "Intervals are 95 % and hold chance only: the draws of the raid, the looks and the people's delays, with "
    "every assumption at its catalogue value. What the assumptions do is not in them: "
    "hinomi sensitivity SCENARIO moves each to the ends of its range and gives their band.",
    "pairs": "The difference follows from the ownership table and the latencies of the scenario; both can be changed. "
    "Decision times are equal in every architecture unless the scenario says otherwise, so no part of it comes from "
    "faster people.",
    "middle": MIDDLE,
    "grades": "A plain number in a scenario file counts as assumed. Results that hang on assumed numbers are "
    "differences under these assumptions, not forecasts.",
    "quote": "Quote a figure with its interval, its number of replicates n and what the interval holds. What can be quoted is "
    "a difference under these assumptions, not a forecast.",
    "bill": "Price: the catalogue's price of a round; what licensed production adds is not in it. Months: median over raids "
    "of the last stock to be full again, whole rounds by the lines' stated output, without a limit of suppliers. "
    "hinomi sustain SCENARIO --from-run DIR tells both by stock, with suppliers, licences and the ranges of prices, and "
    "repeats these two figures beside its own.",
    "bands": "Chance and assumptions are two bands and are never mixed: more replicates shorten the first, only better "
    "knowledge the second. Values here are means over raids, also of times, so they differ from the medians above.",
}
LIMITS: Final = (
    "No decoys, countermeasures, jamming or cyber; no spent stages or debris as extra objects; no telling them apart.",
    "Interceptors are time-to-reach tables with a given kill probability; reach is a kinematic upper bound.",
    "Radars have no load limit and no real terrain mask; one cross section per class and phase.",
    "People: one pace of decision per body in every architecture; no people at sea, no readiness of shelters.",
    "A body that was shot down still counts as an arrival for warning.",
    "It goes on being seen, and only those who share tracks are told: without sharing, some rounds and their cost "
    "go to bodies that are already gone.",
    "Classes are generic, tuned to public aggregate figures; they are not data of named systems.",
)  # fmt: skip


NO_DIFFERENCE: Final = "no difference"
CHANCE: Final = "chance only"  # what an interval of a summary holds, but for prices
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
        return NO_DIFFERENCE
    if same_words(entry) and order_of_bound(int(entry["n"])) == 0:
        return ""  # so few raids never tell a sign from chance, even where all agree
    if entry.get("holds", CHANCE) != CHANCE:  # a range that is assumed: nothing to do with chance
        return _priced(value, low, high)
    if low <= 0 <= high:
        return "not told apart from zero"
    direction = DIRECTION.get(name, 0)
    if direction == 0:
        return "more" if value > 0 else "fewer"
    return "better" if value * direction > 0 else "worse"


def _priced(value: float, low: float, high: float) -> str:
    """A difference whose range is assumed: a range that touches zero allows none."""
    if low < 0 < high:
        return "more or fewer"
    none = ", or none" if 0 in (low, high) else ""
    return f"{'more' if value > 0 else 'fewer'}{none}"


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

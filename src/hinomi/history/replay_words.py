"""Replays of public launches in words: labels, clock times, lines of text and JSON objects."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta, timezone
from typing import Any, Final

from hinomi.history.replay_report import BANNER
from hinomi.history.replayed import Event, Replayed
from hinomi.history.scores import FROZEN_ON, UNREPORTED, Row, alert_score, naive_score
from hinomi.scenario.model import Scenario
from hinomi.study.figure_words import counted

JAPAN: Final = timezone(timedelta(hours=9))
# English for drawings and text, Japanese for pages.
LABELS: Final = {
    "launch": ("launch", "発射"),
    "first_detection": ("first detection", "初探知"),
    "firm_track": ("firm track", "航跡確立"),
    "launch_message": ("launch message", "発射情報"),
    "alert": ("alert", "警報"),
    "alert_update": ("second message", "続報"),
    "overflight_from": ("over land from", "陸地上空 開始"),
    "overflight_to": ("over land until", "陸地上空 終了"),
    "passage": ("passes the area", "上空通過"),
    "lost": ("lost", "消失"),
    "impact": ("end of the flight", "落下"),
    "passed_message": ("passed, lifted", "通過・解除"),
    "alert_lifted": ("alert lifted", "解除"),
    "flight_time_s": ("flight time", "飛翔時間"),
    "alert_to_lift_s": ("alert to lift", "警報から解除まで"),
}
FROZEN: Final = (
    f"latencies settled on {FROZEN_ON} and untouched; range, apogee, place of the end, time of a "
    "failure and alerted area are inputs"
)
READING: Final = (
    "simulated: median and 90 % of the replicates; off: median minus reported; MISS: further off "
    "than 60 s on a published minute or 120 s on a difference of two; the launch minute from which "
    "the simulation starts is itself good to 60 s"
)


def label(name: str) -> str:
    """English name of a time."""
    return LABELS.get(name, (name.replace("_", " "), ""))[0]


def clock(scenario: Scenario, t_s: float, *, seconds: bool = True) -> str:
    """Time of day in Japan of a second since the launch; `never` where it did not come."""
    if math.isnan(t_s):
        return "-"
    if math.isinf(t_s):
        return "never"
    at = scenario.epoch.astimezone(JAPAN) + timedelta(seconds=round(t_s))
    return at.strftime("%H:%M:%S" if seconds else "%H:%M")


def reported_words(row: Row, scenario: Scenario) -> str:
    """What was published, as a minute of the clock or a span."""
    if math.isnan(row.reported_s):
        return "-"
    if row.is_difference:
        return f"{row.reported_s / 60.0:g} min"
    return clock(scenario, row.reported_s, seconds=False)


def simulated_words(row: Row, scenario: Scenario) -> tuple[str, str]:
    """Median, and interval with the share that never came."""

    def one(value: float) -> str:
        if row.is_difference:
            return "never" if math.isinf(value) else f"{value / 60.0:.1f} min"
        return clock(scenario, value)

    never = f", never in {100.0 * row.share_never:.0f} %" if row.share_never > 0.0 else ""
    if row.share_never == 1.0:
        return "never", "in no replicate"
    return one(row.median_s), f"{one(row.low_s)} to {one(row.high_s)}{never}"


def off_words(row: Row) -> str:
    """Difference of the median from what was published."""
    if math.isnan(row.reported_s):
        return ""
    return "never" if math.isinf(row.difference_s) else f"{row.difference_s:+.0f} s"


def crps_words(value: float) -> str:
    """A score in seconds, empty where there is none."""
    return "" if math.isnan(value) else f"{value:.0f} s"


def routes_of(one: Replayed) -> str:
    """How the all-clear came about, counted over the replicates."""
    found = Counter(r.route or "no alert to lift" for r in one.replicates)
    return ", ".join(f"{name} {n}" for name, n in found.most_common())


def event_lines(event: Event) -> list[str]:
    """One launch as text: every time, every miss with its likely cause, the variants beside."""
    one = event.main
    lines = [
        BANNER,
        f"{event.name}  {one.scenario.title}; {counted(len(one.replicates), 'replicate')}, seed {one.seed}",
        "",
        f"{'':<22} {'reported':<9} {'simulated':<10} {'90 %':<34} {'off':>8}  verdict       CRPS",
    ]
    lines += [_line(row, one.scenario) for row in one.rows]
    lines += ["", f"all-clear by route: {routes_of(one)}", *miss_lines(event), *_beside(event)]
    if event.frozen_here:
        lines.append("the latencies were settled on this event: its alert proves nothing")
    elif not math.isnan(score := alert_score(one.rows)):
        lines.append(
            f"alert CRPS {score:.0f} s; the forecast '4 min after launch, as on {FROZEN_ON}' has "
            f"{naive_score(one.rows):.0f} s"
        )
    return [*lines, FROZEN, READING]


def miss_lines(event: Event) -> list[str]:
    """Every miss with its likely cause; a line saying so where there is none."""
    one = event.main
    if not one.misses:
        return ["no misses among the tested times"]
    return [
        f"MISS {label(row.name)}: {off_words(row)}; likely cause: {one.cause(row)}"
        for row in one.misses
    ]


def _line(row: Row, scenario: Scenario) -> str:
    middle, interval = simulated_words(row, scenario)
    verdict = "" if row.verdict == UNREPORTED else row.verdict
    return (
        f"{label(row.name):<22} {reported_words(row, scenario):<9} {middle:<10} {interval:<34} "
        f"{off_words(row):>8}  {verdict:<11} {crps_words(row.crps_s):>6}"
    ).rstrip()


def _beside(event: Event) -> list[str]:
    lines = []
    for one in event.beside:
        row = one.row("alert")
        if row is not None:
            middle, interval = simulated_words(row, one.scenario)
            lines.append(
                f"beside, {one.variant} ({one.title}): alert {middle} ({interval}), "
                f"{off_words(row)}, {row.verdict}, CRPS {crps_words(row.crps_s)}"
            )
    return lines


def all_lines(events: Sequence[Event]) -> list[str]:
    """Every launch in one table, then every miss, then the total."""
    lines = [
        BANNER,
        "",
        f"{'launch':<12} {'':<18} {'reported':<9} {'simulated':<10} {'off':>8}  verdict       CRPS",
    ]
    for event in events:
        for row in event.main.rows:
            if row.verdict == UNREPORTED:
                continue
            middle, _ = simulated_words(row, event.main.scenario)
            lines.append(
                f"{event.name:<12} {label(row.name):<18} "
                f"{reported_words(row, event.main.scenario):<9} {middle:<10} "
                f"{off_words(row):>8}  {row.verdict:<11} {crps_words(row.crps_s):>6}".rstrip()
            )
    lines.append("")
    for event in events:
        lines += [f"{event.name}  {line}" for line in (*miss_lines(event), *_beside(event))]
    return [*lines, "", *total_lines(events), FROZEN, READING]


def total_lines(events: Sequence[Event]) -> list[str]:
    """The alert's score over the launches that were predicted, beside that without any model."""
    told = totals(events)
    if not told["predicted"] or told["alert_crps_s"] is None:
        return []
    silent = told["mostly_unalerted"]
    return [
        f"predicted launches: {told['predicted']}; tested times: {told['tested']}, within tolerance "
        f"{told['within']}, misses {told['misses']}",
        f"alert minute: mean CRPS {told['alert_crps_s']:.0f} s; the forecast '4 min after launch, as "
        f"on {FROZEN_ON}' has {told['naive_crps_s']:.0f} s",
        *(
            [f"alerted by the simulation in less than half of the replicates: {', '.join(silent)}"]
            if silent
            else []
        ),
    ]


def totals(events: Sequence[Event]) -> dict[str, Any]:
    """Counts and mean alert scores over the launches on which nothing was settled."""
    predicted = [e for e in events if not e.frozen_here]
    tested = [r for e in predicted for r in _measured(e.main.rows)]
    scores = [(alert_score(e.main.rows), naive_score(e.main.rows)) for e in predicted]
    scored = [pair for pair in scores if not math.isnan(pair[0])]
    n = max(1, len(scored))
    return {
        "predicted": len(predicted),
        "tested": len(tested),
        "within": sum(r.verdict == "within" for r in tested),
        "misses": sum(r.verdict == "MISS" for r in tested),
        "mostly_unalerted": [e.name for e in predicted if e.main.alerted_share < 0.5],
        "alert_crps_s": sum(a for a, _ in scored) / n if scored else None,
        "naive_crps_s": sum(b for _, b in scored) / n if scored else None,
    }


def _measured(rows: Sequence[Row]) -> list[Row]:
    """Rows that are a test, each measurement once: a flight time is the end minus the launch."""
    tested = [r for r in rows if r.verdict in ("within", "MISS")]
    ends = any(r.name == "impact" for r in tested)
    return [r for r in tested if not (ends and r.name == "flight_time_s")]


def event_object(event: Event) -> dict[str, Any]:
    """One launch for JSON; null for what never came or was not published."""
    return {
        "id": event.name,
        "status": BANNER,
        "title": event.main.scenario.title,
        "frozen_on_this_event": event.frozen_here,
        **_replayed_object(event.main),
        "beside": [
            {"variant": one.variant, "title": one.title, **_replayed_object(one)}
            for one in event.beside
        ],
    }


def all_object(events: Sequence[Event]) -> dict[str, Any]:
    """Every launch and the total for JSON."""
    return {
        "status": BANNER,
        "frozen_on": FROZEN_ON,
        "launches": [event_object(event) for event in events],
        "total": totals(events),
    }


def _replayed_object(one: Replayed) -> dict[str, Any]:
    return {
        "scenario": one.scenario.name,
        "scenario_hash": one.scenario.content_hash,
        "replicates": len(one.replicates),
        "seed": one.seed,
        "alerted_share": one.alerted_share,
        "all_clear_routes": dict(Counter(r.route for r in one.replicates)),
        "times": [_row_object(row, one) for row in one.rows],
    }


def _row_object(row: Row, one: Replayed) -> dict[str, Any]:
    def or_none(value: float) -> float | None:
        return round(value, 3) if math.isfinite(value) else None

    return {
        "name": row.name,
        "is_difference": row.is_difference,
        "reported_s": or_none(row.reported_s),
        "reported": reported_words(row, one.scenario),
        "median_s": or_none(row.median_s),
        "low_s": or_none(row.low_s),
        "high_s": or_none(row.high_s),
        "simulated": simulated_words(row, one.scenario)[0],
        "share_never": or_none(row.share_never),
        "difference_s": or_none(row.difference_s),
        "tolerance_s": or_none(row.tolerance_s),
        "verdict": row.verdict,
        "inside_90": row.inside,
        "crps_s": or_none(row.crps_s),
        "likely_cause": one.cause(row),
        "grade": row.grade,
        "source": row.source,
        "note": row.note,
    }

"""The report's section on tracking: tables in words for a reader who tracks nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from hinomi.report.data import number
from hinomi.units import KM_M

ABSENT: Final = (
    "Not computed in this run: it was made by a version of the program without these scores. "
    "A new run has them."
)
WORDS: Final = (
    "How the tracks of the picture on which the alert is decided compare with the true flights, looked at every "
    "10 s. A tracker states an error beside every position; here it is held against the error it made. Consistent "
    "means as large as stated; optimistic by a factor 2 means twice as large as stated, so whatever rests on the "
    "stated error (a predicted area, the moment a track is called good enough) is too sure of itself; pessimistic "
    "means smaller than stated."
)
COUNTS: Final = (
    "Tracks: one for each threat and replicate, so rows of one track, which share their errors, are not counted as "
    "evidence. A verdict asks for at least ten; it is consistent inside the two-sided 95 % chi-square bounds for "
    "that many, or within a tenth of what is stated. Squared error: mean squared normalised error for each of six "
    "numbers, 1 when honest. Inside: share of errors in the region stated to hold 95 % of them. Just after a change of "
    "phase a tracker has yet to find out what the body does; those rows are also part of their phase. "
    "Spent stages are not threats: tracks on them are counted apart."
)
CAPTION: Final = (
    "Full mark: the error made, root mean square over three axes; hollow mark: the error stated. Verdicts are in "
    "the table: they weigh each track's errors by the error it stated in that direction at that moment, so one large "
    "error that was stated as large counts for little there and for much here."
)
PHASE_NAMES: Final = {
    "boost": "burning", "coast": "coasting", "glide": "gliding", "fall": "falling",
    "change": "20 s after a change", "all": "whole flight",
}  # fmt: skip
ROWS: Final = (  # measure, name, unit
    ("to_w_s", "track good enough to warn (grade W), after ignition", "s"),
    ("to_q_s", "good enough to point a sensor (grade Q)", "s"),
    ("to_e_s", "good enough to support an engagement (grade E)", "s"),
    ("completeness", "threats' flight time with a track", "share"),
    ("continuity", "longest time under one track number, of the flight", "share"),
    ("number_changes", "changes of a threat's track number", "per hour"),
    ("ambiguity", "tracks for each threat that has one", "tracks"),
    ("spuriousness", "tracks that stand for nothing", "share"),
    ("gospa_m", "distance of picture from truth (GOSPA)", "km"),
    ("gospa_localisation_m", "of it: tracks beside their threats", "km"),
    ("gospa_missed_m", "of it: threats without a track", "km"),
    ("gospa_false_m", "of it: tracks without a threat", "km"),
    ("class_right", "glider and ballistic body told apart in the air (half by chance)", "share"),
    ("nis", "squared surprise of a report, 1 when honest", "1"),
    ("stage_tracks", "tracks on spent stages, a raid", "tracks"),
)


def tracking_section(
    summary: Mapping[str, Any], architectures: Sequence[str], labels: Mapping[str, str]
) -> dict[str, Any]:
    """What the template shows; `absent` holds a sentence where the run has no scores."""
    told = summary.get("tracking")
    if not told:
        return {"absent": ABSENT}
    found = told["architectures"]
    known = [a for a in architectures if a in found]
    whole = {a: found[a]["phases"].get("all", {}) for a in known}
    return {
        "absent": "",
        "words": WORDS,
        "counts": COUNTS,
        "caption": CAPTION,
        "sentence": _sentence(found, known, labels),
        "columns": [labels[a] for a in known],
        "rows": [
            {"name": name, "unit": unit, "cells": [_cell(whole[a].get(m), unit) for a in known]}
            for m, name, unit in ROWS
            if any(whole[a].get(m) for a in known)
        ],
        "phases": [{"name": labels[a], "rows": _phase_rows(found[a]["phases"])} for a in known],
        "figures": {
            f"{a} {phase}": dict(entries)
            for a in known
            for phase, entries in found[a]["phases"].items()
        },
    }


def _cell(figure: Mapping[str, Any] | None, unit: str) -> dict[str, str]:
    """Value and interval as text; a median that never came says so."""
    if figure is None:
        return {"value": "–", "interval": ""}
    scale = KM_M if unit == "km" else 1.0
    never = figure.get("never_share") or 0.0
    if figure["value"] is None:
        return {"value": "never", "interval": f"{never:.0%} never"}
    low, high = figure["low"], figure["high"]
    span = "" if low is None or high is None else f"{_text(low / scale, unit)} to {_text(high / scale, unit)}"  # fmt: skip
    if never > 0.0:
        span += f" · {never:.0%} never"
    return {"value": _text(figure["value"] / scale, unit), "interval": span.removeprefix(" · ")}


def _text(value: float, unit: str) -> str:
    return f"{100 * value:.0f}\u00a0%" if unit == "share" else number(value)


def _phase_rows(phases: Mapping[str, Mapping[str, Any]]) -> list[dict[str, str]]:
    """One row a phase in the order of a flight."""
    rows = []
    for phase, name in PHASE_NAMES.items():
        f = phases.get(phase, {})
        complete = _text(f["completeness"]["value"], "share") if "completeness" in f else "–"
        if "nees" not in f:
            if "completeness" in f:
                rows.append(
                    {"name": name, "runs": "0", "complete": complete, "verdict": "no track"}
                )
            continue
        nees = f["nees"]
        rows.append(
            {
                "name": name,
                "runs": number(nees["count"]),
                "complete": complete,
                "position": number(_value(f, "position_rmse_m")),
                "position_stated": number(_value(f, "claimed_position_m")),
                "velocity": number(_value(f, "velocity_rmse_mps")),
                "velocity_stated": number(_value(f, "claimed_velocity_mps")),
                "squared": _ratio(nees["value"], nees["size"]),
                "squared_span": _span(nees),
                "inside": _percent(_value(f, "inside_share")),
                "verdict": nees["verdict"],
            }
        )
    return rows


def _value(figures: Mapping[str, Any], measure: str) -> float | None:
    value: float | None = figures[measure]["value"]
    return value


def _percent(value: float | None) -> str:
    return "–" if value is None else _text(value, "share")


def _ratio(value: float | None, size: int) -> str:
    return "–" if value is None else f"{value / size:.2f}"


def _span(nees: Mapping[str, Any]) -> str:
    if nees["low"] is None or nees["high"] is None:
        return ""
    return f"{_ratio(nees['low'], nees['size'])} to {_ratio(nees['high'], nees['size'])}"


def _sentence(
    found: Mapping[str, Any], architectures: Sequence[str], labels: Mapping[str, str]
) -> str:
    """Where the stated error is off by most, in the phases of a flight."""
    off = []
    for a in architectures:
        for phase, f in found[a]["phases"].items():
            nees = f.get("nees", {})
            said, value = str(nees.get("verdict", "")), nees.get("value")
            if phase != "all" and said.startswith("optimistic") and value is not None:
                off.append((value, labels[a], PHASE_NAMES[phase], said))
    if not off:
        return "In no phase are errors larger than stated, as far as these replicates can tell."
    _, label, phase, said = max(off)
    return f"Least to be trusted: {label}, {phase}: {said}."

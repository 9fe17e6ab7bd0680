"""The report's section on tracking: tables in words for a reader who tracks nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from markupsafe import Markup

from hinomi.report.data import number
from hinomi.report.japanese import BOOK
from hinomi.report.section_words import (
    PHASE_NAMES,
    TRACKING_CAPTION,
    TRACKING_COUNTS,
    TRACKING_ROWS,
    TRACKING_WORDS,
)
from hinomi.report.section_words import TRACKING_ABSENT as ABSENT
from hinomi.report.tongue import ENGLISH, Tongue
from hinomi.units import KM_M

__all__ = ["ABSENT", "tracking_section"]
OPTIMISTIC: Final = "optimistic by a factor "


def tracking_section(
    summary: Mapping[str, Any],
    architectures: Sequence[str],
    labels: Mapping[str, str],
    say: Tongue = ENGLISH,
) -> dict[str, Any]:
    """What the template shows; `absent` holds a sentence where the run has no scores."""
    told = summary.get("tracking")
    if not told:
        return {"absent": say(ABSENT)}
    found = told["architectures"]
    known = [a for a in architectures if a in found]
    whole = {a: found[a]["phases"].get("all", {}) for a in known}
    return {
        "absent": "",
        "words": say(TRACKING_WORDS),
        "counts": say(TRACKING_COUNTS),
        "caption": say(TRACKING_CAPTION),
        "sentence": _sentence(found, known, labels, say),
        "columns": [labels[a] for a in known],
        "rows": [
            {"name": name, "unit": unit, "cells": [_cell(whole[a].get(m), unit) for a in known]}
            for m, name, unit in TRACKING_ROWS
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
        return {"value": "never", "interval": f"{100 * never:.0f}\u00a0% never"}
    low, high = figure["low"], figure["high"]
    span = "" if low is None or high is None else f"{_text(low / scale, unit)} to {_text(high / scale, unit)}"  # fmt: skip
    if never > 0.0:
        span += f" · {100 * never:.0f}\u00a0% never"
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
    found: Mapping[str, Any], architectures: Sequence[str], labels: Mapping[str, str], say: Tongue
) -> Markup:
    """Where the stated error is off by most, in the phases of a flight."""
    off = []
    for a in architectures:
        for phase, f in found[a]["phases"].items():
            nees = f.get("nees", {})
            said, value = str(nees.get("verdict", "")), nees.get("value")
            if phase != "all" and said.startswith(OPTIMISTIC) and value is not None:
                off.append((value, labels[a], PHASE_NAMES[phase], said))
    if not off:
        return say(
            "In no phase are errors larger than stated, as far as these replicates can tell."
        )
    _, label, phase, said = max(off)
    factor = said.removeprefix(OPTIMISTIC)
    return say.pair(
        f"Least to be trusted: {label}, {phase}: {said}.",
        f"最も信頼できないもの：{BOOK.get(label, label)}、{BOOK[phase]}で{factor}倍楽観。",
    )

"""Names in both languages: headline figures with their kind, titles of scenarios."""

from __future__ import annotations

from typing import Any, Final

from hinomi.report.japanese import BOOK
from hinomi.report.japanese import HEADLINES as JAPANESE
from hinomi.report.words import DIRECTION, HEADLINE_NAMES
from hinomi.study.summary import HEADLINES

KINDS: Final = {
    "first_detection_s": "warning",
    "firm_track_s": "warning",
    "first_alert_s": "warning",
    "lead_s": "people",
    "warned_in_time_share": "people",
    "missed_people": "people",
    "sheltered_people": "people",
    "over_warned_people": "people",
    "false_alert_share": "people",
    "leakers": "defence",
    "shots": "defence",
    "unengaged": "defence",
    "cost_musd": "cost",
    "network_cost_musd": "cost",
    "refill_months": "cost",
    "refill_months_with_lead": "cost",
}


def title_ja(title: str) -> str:
    """Japanese title of a bundled scenario; another's stays as its author wrote it."""
    return BOOK.get(title, title)


def headline_rows() -> list[dict[str, Any]]:
    """Every headline with its names, unit, direction (1: more is better) and kind."""
    return [told(name) for name in HEADLINES]


def told(name: str) -> dict[str, Any]:
    """One headline."""
    return {
        "name": name,
        "en": HEADLINE_NAMES[name],
        "ja": JAPANESE[name],
        "unit": HEADLINES[name][1],
        "direction": DIRECTION[name],
        "kind": KINDS[name],
    }

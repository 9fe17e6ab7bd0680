"""Numbers of the model: their keys, the claims behind them, the links that read them."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from hinomi.errors import ScenarioError
from hinomi.evidence.claim import Evidence
from hinomi.evidence.rule import Linked, by_key
from hinomi.scenario.catalogue import KINDS, catalogue
from hinomi.scenario.load import load
from hinomi.scenario.mistakes import nearest
from hinomi.scenario.model import Parameter, Scenario

BUNDLED: Final = "okinawa-2025"  # its own numbers may be supported beside the catalogues'
# Catalogue files whose published numbers are to stand on claims.
WATCHED: Final = (
    "line", "price", "industry", "supplier", "supply", "transfer", "network", "budget", "money",
    "architecture", "warning", "threat",
)  # fmt: skip
_FACTS: Final = ("fact",)  # shown beside the model, read by nothing of it

_WARNED = ("warned_in_time_share", "missed_people", "sheltered_people")
_ALERTED = ("first_alert_s", "lead_s", *_WARNED, "over_warned_people", "false_alert_share")
_FOUGHT = ("leakers", "shots", "unengaged", "cost_musd", "refill_months", "refill_months_with_lead")
_SEEN = ("first_detection_s", "firm_track_s", *_ALERTED, *_FOUGHT)
# First pattern that a key matches -> links that read it, headline figures that it can move.
READERS: Final[tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...]] = (
    (r"evacuation\.", ("hinomi evacuate",), ()),
    (r"money\.inflation", ("sustain",), ("cost_musd",)),
    (r"(catalogue\.)?(supplier|supply|transfer|budget|money|network|threat_cost)\.", ("hinomi sustain",), ()),
    (r"(catalogue\.)?price\..*\.price_year", ("sustain",), ()),
    (r"(catalogue\.)?price\.", ("sustain",), ("cost_musd",)),
    (r"(catalogue\.)?line\..*\.lead_months", ("sustain",), ("refill_months_with_lead",)),
    (r"(catalogue\.)?line\.|industry\.", ("sustain",), ("refill_months", "refill_months_with_lead")),
    (r"architectures?.*network_cost", ("sustain",), ("network_cost_musd",)),
    (r"architectures?", ("track", "warn", "defend", "sustain"), (*_ALERTED, *_FOUGHT)),
    (r"warning\.(compliance|indoor|outdoor|vehicle|walk|window|drilled|false_alert|foreign)",
     ("warn: people",), ("sheltered_people",)),
    (r"warning\.(needed_s)", ("warn: people",), ("warned_in_time_share",)),
    (r"warning\.(relay_failure|channels|issue_s|deliver_s|common_cause|repair|channel_cor)",
     ("warn: receipt", "warn: people"), ("lead_s", *_WARNED)),
    (r"warning\.", ("warn",), _ALERTED),
    (r"(catalogue\.)?interceptor\.|engagement\.|batteries", ("defend", "sustain"), _FOUGHT),
    (r"tracking\.", ("track", "warn", "defend", "sustain"), ("firm_track_s", *_ALERTED, *_FOUGHT)),
    (r"(catalogue\.)?(infrared|radar)s?", ("watch", "track", "warn", "defend", "sustain"), _SEEN),
    (r"(catalogue\.)?threats?", ("threat", "watch", "track", "warn", "defend", "sustain"), _SEEN),
)  # fmt: skip


def readers_of(key: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Links that read a number, and headline figures that it can move; none known gives two empty."""
    for pattern, links, headlines in READERS:
        if re.match(pattern, key):
            return links, headlines
    return (), ()


def scenario_key(key: str) -> str:
    """How a scenario names a number that a claim names by its catalogue."""
    return f"catalogue.{key}" if key.split(".", 1)[0] in KINDS else key


def claim_key(key: str) -> str:
    """How a claim names a number of a scenario."""
    return key.removeprefix("catalogue.")


@functools.cache
def catalogue_numbers() -> Mapping[str, Mapping[str, Any]]:
    """Key -> value, low, high, grade of every number of the catalogues."""
    return dict(_walk({k: v for k, v in catalogue().items() if k not in _FACTS}, ""))


def _walk(node: Any, key: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if isinstance(node, dict) and "value" in node and "grade" in node:
        yield key, node
    elif isinstance(node, dict):
        for name, item in node.items():
            yield from _walk(item, f"{key}.{name}" if key else str(name))
    elif isinstance(node, list):
        for i, item in enumerate(node):
            name = item.get("name", item.get("at", i)) if isinstance(item, dict) else i
            yield from _walk(item, f"{key}[{name}]")


@functools.cache
def known_numbers() -> Mapping[str, tuple[float, float, float, str]]:
    """Key -> value, low, high and grade, of the catalogues and of the bundled study."""
    out = {
        p.key: _four(p.value, p.low, p.high, p.grade)
        for p in load(BUNDLED).assumptions
        if not p.key.startswith("catalogue.")
    }
    out |= {
        key: _four(n["value"], n.get("low"), n.get("high"), n["grade"])
        for key, n in catalogue_numbers().items()
    }
    return out


def _four(
    value: float, low: float | None, high: float | None, grade: str
) -> tuple[float, float, float, str]:
    return (
        float(value),
        float(value if low is None else low),
        float(value if high is None else high),
        grade,
    )


def linked(evidence: Evidence) -> tuple[Linked, ...]:
    """Every number of the model that stands on claims."""
    known = known_numbers()
    return tuple(
        Linked(
            key=key, value=known[key][0], low=known[key][1], high=known[key][2], grade=known[key][3],
            claims=tuple(claims),
        )
        for key, claims in by_key(evidence).items()
        if key in known
    )  # fmt: skip


def leads_nowhere(evidence: Evidence) -> list[tuple[str, str]]:
    """(claim, key) of supports that name no number of a catalogue or of the bundled study."""
    known = known_numbers()
    return [(c.id, s.key) for c in evidence.claims for s in c.supports if s.key not in known]


def refuse_loose_ends(evidence: Evidence, name: str) -> None:
    """Refuse supports that name no number.

    Raises
    ------
    ScenarioError
        with the nearest key for each.
    """
    loose = leads_nowhere(evidence)
    if loose:
        known = list(known_numbers())
        raise ScenarioError(
            "\n".join(
                f"{name}: claims[{claim}].supports: {key!r} is no number of a catalogue or scenario; did "
                f"you mean {nearest(key, known)!r}?"
                for claim, key in loose
            )
        )


def not_yet_linked(evidence: Evidence) -> list[str]:
    """Published numbers of the watched catalogue sections that no claim stands behind."""
    there = by_key(evidence)
    return [
        key
        for key, number in catalogue_numbers().items()
        if number["grade"] == "published" and key.split(".", 1)[0] in WATCHED and key not in there
    ]


def claims_of(scenario: Scenario, evidence: Evidence) -> dict[str, tuple[str, ...]]:
    """Key of a scenario's number -> ids of the claims behind it; a changed number has none."""
    there = by_key(evidence)
    return {
        p.key: tuple(c.id for c, _ in there[claim_key(p.key)])
        for p in scenario.assumptions
        if claim_key(p.key) in there and not was_set(p)
    }


def was_set(parameter: Parameter) -> bool:
    """Whether a number was changed for this run, so that no claim stands behind it."""
    return parameter.source.startswith("set by ")

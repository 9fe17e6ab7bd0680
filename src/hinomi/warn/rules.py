"""A rule read against forecasts: which units reach it, and which have fallen well below it.

Every set made here grows, or shrinks, with the thresholds alone: a lower threshold reaches at
least the same units in every forecast and counts at most the same as low. With that, and with
`hinomi.warn.issue` taking messages from these sets only, a lower threshold never alerts fewer
places on the same run.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from hinomi.records.alerts import WarningPolicy
from hinomi.records.rules import WarningRule
from hinomi.records.tracks import WARNING_GRADE, Forecasts
from hinomi.warn.neighbours import Adjacency, Flags, narrowed, widened

HIGHEST: Final = 0.95


def rule_of(policy: WarningPolicy, *, name: str = "scenario") -> WarningRule:
    """Make the rule that a policy states."""
    return WarningRule(
        name=name,
        label="the scenario's own rule",
        unit=policy.unit,
        hit_threshold=policy.hit_threshold,
        over_threshold=policy.over_threshold,
        consecutive=policy.consecutive,
        clear_share=policy.clear_share,
        clear_hold_s=policy.clear_hold_s,
        clear_margin_s=policy.clear_margin_s,
    )


def at_threshold(rule: WarningRule, hit_threshold: float) -> WarningRule:
    """The same rule with its thresholds moved together: their ratio stays, as far as 0.95 allows."""
    over = rule.over_threshold * hit_threshold / rule.hit_threshold
    return replace(
        rule,
        hit_threshold=hit_threshold,
        over_threshold=1.0 if rule.over_threshold == 1.0 else min(HIGHEST, over),
    )


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What each forecast says about each unit: (F, U), and (F,) whether its track is good enough."""

    good: Flags
    reached: Flags  # a threshold is reached by a good forecast, long enough, or beside such a unit
    low: Flags  # below the share that allows the all-clear, all around
    dropped: Flags  # below the share that lets an update drop the unit, all around


def verdicts(forecasts: Forecasts, rule: WarningRule, around: Adjacency | None = None) -> Verdicts:
    """Read the rule against all forecasts of a picture, in the order of the record.

    Parameters
    ----------
    around
        the units within the rule's rings of neighbours; None adds none.
    """
    good: Flags = np.asarray(forecasts.grade >= WARNING_GRADE)
    hit, over = rule.hit_threshold, rule.over_threshold
    # A share of samples never proves certainty, so a threshold of 1 is never reached.
    reached: Flags = ((forecasts.p_hit >= hit) & (hit < 1.0)) | (
        (forecasts.p_over >= over) & (over < 1.0)
    )
    reached &= good[:, None]
    if rule.persistence > 1:
        reached = _persisting(reached, good, forecasts, rule.persistence)
    return Verdicts(
        good=good,
        reached=widened(reached, around),
        low=narrowed(_below(forecasts, rule, rule.clear_share), around),
        dropped=narrowed(_below(forecasts, rule, rule.drop_share), around),
    )


def _below(forecasts: Forecasts, rule: WarningRule, share: float) -> Flags:
    low: Flags = (forecasts.p_hit < share * rule.hit_threshold) & (
        forecasts.p_over < share * rule.over_threshold
    )
    return low


def _persisting(reached: Flags, good: Flags, forecasts: Forecasts, needed: int) -> Flags:
    """Reached in `needed` good forecasts of the track running; poor ones in between do no harm."""
    out = np.zeros_like(reached)
    for track in np.unique(forecasts.track):
        rows = np.flatnonzero((forecasts.track == track) & good)
        rows = rows[np.argsort(forecasts.t_available_s[rows], kind="stable")]
        if rows.size < needed:
            continue
        held = reached[rows[needed - 1 :]].copy()
        for back in range(1, needed):
            held &= reached[rows[needed - 1 - back : rows.size - back]]
        out[rows[needed - 1 :]] = held
    return out

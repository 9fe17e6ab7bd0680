"""The parts of integration as flags, and what a coalition of them is as an architecture.

A flag presupposes others: nobody passes tracks who does not pass launch events, and who sees no
foreign track can neither pool plots, nor shoot on it, nor share an assignment over it. A flag whose
presupposition is not met has no effect. What the model itself makes of a combination (engagement on
remote needs one assignment, and is nothing new where there is one picture) is left to the model.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Final

from hinomi.errors import ScenarioError
from hinomi.records.engagements import Architecture
from hinomi.records.plots import Triangle

SHARING: Final = (
    "share_warning",
    "share_track",
    "one_picture",
    "engage_on_remote",
    "one_assignment",
)
AUTHORITY: Final = "single_authority"
FLAGS: Final = (*SHARING, AUTHORITY)
NEEDS: Final = {
    "share_track": "share_warning",
    "one_picture": "share_track",
    "engage_on_remote": "share_track",
    "one_assignment": "share_track",
}
WORDS: Final = {
    "share_warning": "launch events passed on",
    "share_track": "tracks passed on",
    "one_picture": "all plots in one place",
    "engage_on_remote": "shooting on the other's track",
    "one_assignment": "one assignment over all batteries",
    AUTHORITY: "one authority that decides faster",
}
NOTHING: Final = "nothing"  # name of the coalition of no flag
# Commit decision of a single authority, low, mode, high [s]: assumed, half of two nations' 10, 30, 60.
SINGLE_AUTHORITY_S: Final[Triangle] = (5.0, 15.0, 40.0)

Coalition = frozenset[str]


def flags_of(architecture: Architecture) -> Coalition:
    """The sharing flags that an architecture sets."""
    return frozenset(f for f in SHARING if getattr(architecture, f))


def effective(flags: Iterable[str]) -> Coalition:
    """What is left of a set of flags when those with an unmet presupposition are taken out."""
    given = set(flags)
    out: set[str] = set()
    for flag in FLAGS:  # in this order a flag comes after what it presupposes
        if flag in given and NEEDS.get(flag, flag) in out | {flag}:
            out.add(flag)
    return frozenset(out)


def coalitions(players: Sequence[str]) -> list[Coalition]:
    """All 2^k sets of k players, smaller ones first."""
    return [frozenset(c) for size in range(len(players) + 1) for c in combinations(players, size)]


def name_of(flags: Coalition) -> str:
    """Name of a coalition in tables: its flags in their order, joined by a plus."""
    return "+".join(f for f in FLAGS if f in flags) or NOTHING


def players_of(bottom: Architecture, top: Architecture) -> tuple[str, ...]:
    """The sharing flags that `top` adds to `bottom`, in their order.

    Raises
    ------
    ScenarioError
        when `bottom` shares what `top` does not, when neither a flag nor its terms differ, or when
        one of the two sets a flag without what it presupposes.
    """
    low, high = flags_of(bottom), flags_of(top)
    for architecture, flags in ((bottom, low), (top, high)):
        unmet = sorted(flags - effective(flags))
        if unmet:
            raise ScenarioError(
                f"architecture {architecture.name!r} sets {', '.join(unmet)} without "
                f"{', '.join(sorted({NEEDS[f] for f in unmet} - flags))}, which it presupposes; "
                "set that too, or compare other architectures"
            )
    if low - high:
        raise ScenarioError(
            f"{bottom.name!r} sets {', '.join(sorted(low - high))} and {top.name!r} does not; "
            "the first architecture must share less than the second: swap or change them"
        )
    added = tuple(f for f in SHARING if f in high - low)
    if not added and not terms_of(bottom, top):
        raise ScenarioError(
            f"{top.name!r} sets no flag that {bottom.name!r} does not set, on the same link and "
            "with the same refusals: there is nothing to split; name two architectures that differ"
        )
    return added


def terms_of(bottom: Architecture, top: Architecture) -> str:
    """What differs between two architectures beside their flags, in words; empty where nothing does."""
    parts = []
    if (bottom.relay_s, bottom.warning_relay_s) != (top.relay_s, top.warning_relay_s):
        parts.append("other link")
    if bottom.refusals != top.refusals:
        parts.append("other refusals")
    return ", ".join(parts)


def architecture_of(flags: Coalition, *, bottom: Architecture, top: Architecture) -> Architecture:
    """A coalition as an architecture: its effective flags on the terms of `top`, equal decision times.

    Terms are links and refusals. The commit decision takes as long as in `bottom`; with `single_authority` it takes as long as in
    `top` where that one is faster by itself, else SINGLE_AUTHORITY_S.
    """
    real = effective(flags)
    faster = top.decide_s if top.decide_s != bottom.decide_s else SINGLE_AUTHORITY_S
    return replace(
        top,
        name=name_of(real),
        label=name_of(real),
        decide_s=faster if AUTHORITY in real else bottom.decide_s,
        share_warning="share_warning" in real,
        share_track="share_track" in real,
        one_picture="one_picture" in real,
        engage_on_remote="engage_on_remote" in real,
        one_assignment="one_assignment" in real,
    )


def wanted(bottom: Architecture, top: Architecture) -> dict[str, Architecture]:
    """Every architecture that the split of `top` minus `bottom` needs, by name; equal ones once."""
    players = (*players_of(bottom, top), AUTHORITY)
    fixed = flags_of(bottom)
    real = {effective(fixed | c) for c in coalitions(players)}
    found = (architecture_of(c, bottom=bottom, top=top) for c in sorted(real, key=name_of))
    return {a.name: a for a in found}

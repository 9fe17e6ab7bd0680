"""The rule that picks one claim of several, and whether the model uses what it picks."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from hinomi.evidence.claim import Claim, Evidence, Support
from hinomi.evidence.stated import half_digit
from hinomi.scenario.quantity import GRADES

RULE: Final = (
    "An amount in the currency in which it was decided before a conversion; then the better grade "
    "(published, computed, literature, assumed), then the speaker who decides or counts the thing before "
    "one who reports it, then the later date. Values are never averaged."
)
PICKED: Final = "the value that the rule picks, within rounding"
RANGE: Final = "another claim's value, or between them"
OTHER: Final = "a value that no claim states"
_CLOSE: Final = 1e-6


def picked(claims: Sequence[Claim], *, native: str = "") -> Claim:
    """The claim that the rule picks; the earlier listed one where nothing decides.

    Parameters
    ----------
    native
        the currency in which the amount was decided, where it is one.
    """
    return min(
        claims,
        key=lambda c: (
            bool(native and c.currency and c.currency != native),
            GRADES.index(c.grade),
            not c.primary,
            -c.as_of.first.toordinal(),
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """A number of the model and the claims that it stands on."""

    key: str
    value: float
    low: float
    high: float
    grade: str
    claims: tuple[tuple[Claim, Support], ...]

    @property
    def pick(self) -> tuple[Claim, Support]:
        """The claim that the rule picks, with its way to this number."""
        best = picked([c for c, _ in self.claims])
        return next((c, s) for c, s in self.claims if c is best)

    @property
    def verdict(self) -> str:
        """How the number in use relates to the claims."""
        if _covers(*self.pick, self.value):
            return PICKED
        lows, highs = zip(*(limits(c, s) for c, s in self.claims), strict=True)
        return (
            RANGE if min(lows) * (1 - _CLOSE) <= self.value <= max(highs) * (1 + _CLOSE) else OTHER
        )


def limits(claim: Claim, support: Support) -> tuple[float, float]:
    """What a claim says of a key, in the key's unit; a bound is closed by its own value."""
    if support.year:
        return float(claim.as_of.first.year), float(claim.as_of.last.year)
    x = claim.plain
    if x is None:
        return math.nan, math.nan
    x = x.scaled(support.times)
    return (x.value if math.isinf(x.low) else x.low), (x.value if math.isinf(x.high) else x.high)


def value_for(claim: Claim, support: Support) -> float:
    """What a claim gives a key, in the key's unit."""
    if support.year:
        return float(claim.as_of.last.year)
    x = claim.plain
    return math.nan if x is None else x.value * support.times


def _covers(claim: Claim, support: Support, value: float) -> bool:
    """Whether the model's digits and the claim's leave one value open to both."""
    low, high = limits(claim, support)
    half = half_digit(repr(value).removesuffix(".0"))
    return low - half <= value <= high + half


def by_key(evidence: Evidence) -> dict[str, list[tuple[Claim, Support]]]:
    """Key of a catalogue or scenario -> claims behind it."""
    out: dict[str, list[tuple[Claim, Support]]] = {}
    for claim in evidence.claims:
        for support in claim.supports:
            out.setdefault(support.key, []).append((claim, support))
    return out

"""Which claims agree, which do not, and why: same quantity, same basis, same time."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from hinomi.errors import ScenarioError
from hinomi.evidence.claim import Claim, Evidence
from hinomi.evidence.exchange import CURRENCIES, rate_of
from hinomi.evidence.stated import Stated

AGREE: Final = "agree"
ROUNDING: Final = "agree within rounding"
EXCHANGE: Final = "agree within exchange rate"
BASIS: Final = "differ by basis"
TIME: Final = "differ by time"
CONFLICT: Final = "conflict"
VERDICTS: Final = (CONFLICT, EXCHANGE, ROUNDING, BASIS, TIME, AGREE)
_SAME: Final = 1e-9  # relative: equal as printed


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two claims of one quantity, and what comparing them gives."""

    first: Claim
    second: Claim
    verdict: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Every claim of one quantity, and every pair of them."""

    quantity: str
    title: str
    native: str  # currency in which the amount was decided
    claims: tuple[Claim, ...]
    pairs: tuple[Pair, ...]

    @property
    def worst(self) -> str:
        """The gravest verdict of its pairs; `agree` where there is none."""
        found = {p.verdict for p in self.pairs}
        return next((v for v in VERDICTS if v in found), AGREE)

    @property
    def conflicts(self) -> tuple[Pair, ...]:
        """The pairs that contradict each other."""
        return tuple(p for p in self.pairs if p.verdict == CONFLICT)


def groups(evidence: Evidence, *, topic: str | None = None) -> tuple[Group, ...]:
    """Every quantity of a topic with its claims compared, in the order of the files.

    Raises
    ------
    ScenarioError
        listing what cannot be compared: units that differ, prices of different years, money in a
        currency or of a date without a known rate.
    """
    by_quantity: dict[str, list[Claim]] = {}
    for claim in evidence.claims:
        by_quantity.setdefault(claim.quantity, []).append(claim)
    mistakes: list[str] = []
    out = []
    for quantity, claims in by_quantity.items():
        if topic is not None and all(c.topic != topic for c in claims):
            continue
        native = evidence.quantities[quantity].currency if quantity in evidence.quantities else ""
        pairs = []
        for a, b in itertools.combinations(claims, 2):
            try:
                pairs.append(compare(a, b, native=native))
            except ScenarioError as error:
                mistakes.append(str(error))
        out.append(
            Group(
                quantity=quantity,
                title=evidence.title_of(quantity),
                native=native,
                claims=tuple(claims),
                pairs=tuple(pairs),
            )
        )
    if mistakes:
        raise ScenarioError("\n".join(dict.fromkeys(mistakes)))
    return tuple(out)


def compare(a: Claim, b: Claim, *, native: str = "") -> Pair:
    """Compare two claims of one quantity.

    Parameters
    ----------
    native
        the currency in which the amount was decided; amounts in another one are conversions.
    """
    verdict, why = _verdict(a, b, native)
    return Pair(first=a, second=b, verdict=verdict, why=why)


def _verdict(a: Claim, b: Claim, native: str) -> tuple[str, str]:
    if a.kind != b.kind and (a.stated is None) != (b.stated is None):
        raise ScenarioError(_cannot(a, b, f"their kinds differ ({a.kind}, {b.kind})"))
    if {a.kind, b.kind} == {"amount", "rate"}:  # a total and so much a year, even in one unit
        return BASIS, f"{a.kind} / {b.kind}"
    if a.basis != b.basis:
        return BASIS, f"{a.basis or 'no basis given'} / {b.basis or 'no basis given'}"
    if a.period and b.period and not a.period.meets(b.period):
        return TIME, "about different times"
    if a.stated is None or b.stated is None:
        same = _plain_text(a.printed) == _plain_text(b.printed)
        return (AGREE, "same words") if same else (CONFLICT, "the sources say different things")
    _refuse_price_years(a, b)
    x, y = a.plain, b.plain
    assert x is not None  # noqa: S101 - `stated` is there
    assert y is not None  # noqa: S101
    if a.plain_unit == b.plain_unit and a.kind == b.kind:
        found = _intervals(x, y)
        if found is not None:
            return found
        if not (a.currency and native and a.currency != native):
            return CONFLICT, f"no value lies in both: {span(a)} / {span(b)}"
    elif not (a.currency and b.currency):
        raise ScenarioError(
            _cannot(
                a, b, f"their units differ ({a.plain_unit or 'none'}, {b.plain_unit or 'none'})"
            )
        )
    return _converted(a, b, x, y)


def _intervals(x: Stated, y: Stated) -> tuple[str, str] | None:
    if math.isclose(x.value, y.value, rel_tol=_SAME) and x.word == y.word:
        return AGREE, "same value"
    if not x.low <= y.high or not y.low <= x.high:
        return None
    open_ended = [s for s in (x, y) if math.isinf(s.low) or math.isinf(s.high)]
    return (
        (AGREE, "inside the bound that the other states")
        if open_ended
        else (ROUNDING, "their digits leave both open")
    )


def _converted(a: Claim, b: Claim, x: Stated, y: Stated) -> tuple[str, str]:
    """Both in yen, each with the rates of its own date; a rate that the source names wins."""
    one, two = _in_yen(a, x), _in_yen(b, y)
    if one.low <= two.high and two.low <= one.high:
        return EXCHANGE, f"in yen {_yen(one)} / {_yen(two)}"
    return CONFLICT, f"in yen no value lies in both: {_yen(one)} / {_yen(two)}"


def _in_yen(claim: Claim, x: Stated) -> Stated:
    if claim.currency not in CURRENCIES:
        raise ScenarioError(
            f"claim {claim.id}: {claim.words} is in {claim.currency}; exchange rates are known of "
            f"{' and '.join(CURRENCIES)} only: give the amount in one of them and say so in its note"
        )
    if claim.currency == "JPY":
        return x
    if claim.fx_jpy_per_usd is not None:
        low = high = claim.fx_jpy_per_usd
    else:
        try:
            rate = rate_of(claim.as_of)
        except ScenarioError as error:
            raise ScenarioError(f"claim {claim.id}: {error}") from None
        low, high = rate.low, rate.high
    return Stated(
        value=x.value * 0.5 * (low + high), low=x.low * low, high=x.high * high, word=x.word
    )


def _refuse_price_years(a: Claim, b: Claim) -> None:
    if a.price_year and b.price_year and a.price_year != b.price_year:
        raise ScenarioError(
            _cannot(
                a, b,
                f"they are in prices of {a.price_year} and {b.price_year}, and no deflator is given; "
                "write the year into `basis` and they stand beside each other",
            )
        )  # fmt: skip


def _cannot(a: Claim, b: Claim, why: str) -> str:
    return f"claims {a.id} and {b.id} (both {a.quantity}) cannot be compared: {why}"


def span(claim: Claim) -> str:
    """The interval of a claim in its own unit, in words."""
    s = claim.stated
    if s is None:
        return claim.printed
    if claim.kind == "date":
        return claim.printed
    low, high = (f"{x:.6g}" for x in (s.low, s.high))
    if math.isinf(s.low):
        return f"at most {high} {claim.unit}"
    if math.isinf(s.high):
        return f"at least {low} {claim.unit}"
    return f"{low} to {high} {claim.unit}"


def _yen(x: Stated) -> str:
    return " to ".join(
        "no bound" if math.isinf(v) else f"{v / 1e12:.4g} trillion" for v in (x.low, x.high)
    )


def _plain_text(text: str) -> str:
    return " ".join(text.lower().replace("-", " ").split())


def conflicting(found: Iterable[Group]) -> list[Group]:
    """Groups with a contradiction first, the others in their order."""
    return sorted(found, key=lambda g: VERDICTS.index(g.worst))


def counts(found: Sequence[Group]) -> dict[str, int]:
    """How many quantities have which gravest verdict; single claims are not counted."""
    out = dict.fromkeys(VERDICTS, 0)
    for group in found:
        if group.pairs:
            out[group.worst] += 1
    return out

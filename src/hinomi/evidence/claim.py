"""The record of one claim, and of what it supports."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from hinomi.evidence.period import Period
from hinomi.evidence.stated import Stated, unit_parts

KINDS: Final = ("amount", "rate", "date", "name", "reading")
WORDED: Final = ("name", "reading")  # compared as texts
GIVES: Final = "gives"  # last part of a quantity whose texts say "NATION to NATION"


@dataclass(frozen=True, slots=True, kw_only=True)
class Support:
    """A number of a catalogue or scenario that a claim stands behind: its value times `times`."""

    key: str  # such as line.pac3_us.rate_per_year
    times: float = 1.0  # from the claim's plain unit to the key's
    year: bool = False  # the key holds the year of the claim's date instead


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One statement of one speaker about one quantity."""

    id: str
    topic: str
    quantity: str  # what it is about; claims of one quantity are compared
    kind: str  # one of KINDS
    basis: str  # what the value holds: unit cost, contract with support, ceiling ...
    printed: str  # the value as printed
    stated: Stated | None  # None: a text
    unit: str
    as_of: Period
    as_of_text: str
    period: Period | None  # what it is about, where it says so; without one, of no particular time
    who: str
    primary: bool  # whether the speaker is the one who decides or counts it
    where: str
    address: str
    grade: str
    note: str
    fx_jpy_per_usd: float | None
    price_year: int | None
    supports: tuple[Support, ...]

    @property
    def currency(self) -> str:
        """JPY, USD or another code where the value is money, else nothing."""
        plain = unit_parts(self.unit)[1]
        return plain if len(plain) == 3 and plain.isupper() and plain.isalpha() else ""

    @property
    def plain(self) -> Stated | None:
        """The statement in the plain unit, without thousands or millions."""
        return None if self.stated is None else self.stated.scaled(unit_parts(self.unit)[0])

    @property
    def plain_unit(self) -> str:
        """The unit of `plain`."""
        return unit_parts(self.unit)[1]

    @property
    def words(self) -> str:
        """The value with its unit."""
        bare = self.unit == "1" or self.kind == "date"
        return self.printed if bare else f"{self.printed} {self.unit}".strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """What a key of claims means; `currency` is the one in which the amount was decided."""

    key: str
    title: str
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """A step between the two nations, at its place in time."""

    id: str
    title: str
    kind: str
    date: Period
    date_text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Every claim that is known, with what its keys mean."""

    claims: tuple[Claim, ...]
    quantities: dict[str, Quantity]
    instruments: tuple[Instrument, ...]
    topics: dict[str, str]  # topic -> title

    def title_of(self, quantity: str) -> str:
        """What a quantity means, its key where nothing says so."""
        found = self.quantities.get(quantity)
        return found.title if found else quantity.replace("_", " ").replace(".", ", ")

"""The trust store: which key speaks for which sender, in which status, where and when."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any, Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes

from hinomi.cap.times import asked_time
from hinomi.errors import FenceError, ScenarioError
from hinomi.records.alerts import EXERCISE, TEST

FORMAT: Final = "hinomi/trust/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustEntry:
    """One pinned certificate and what it may say."""

    fingerprint: str  # SHA-256 of the certificate, hexadecimal
    sender: str
    statuses: tuple[str, ...]  # Exercise, Test
    areas: tuple[str, ...]  # prefixes of municipality codes; empty = anywhere
    not_before: str  # CAP times
    not_after: str
    certificate: str  # PEM

    def __post_init__(self) -> None:
        odd = [s for s in self.statuses if s not in (EXERCISE, TEST)]
        if odd or not self.statuses:
            raise FenceError(
                f"a key for status {', '.join(odd) or 'none'} cannot be trusted here; keys are for "
                f"{EXERCISE} and {TEST} alone"
            )
        bad = [a for a in self.areas if not (a.isdigit() and a.isascii() and 2 <= len(a) <= 5)]
        if bad:
            raise ScenarioError(
                f"area {bad[0]!r} is no beginning of a municipality code; write two digits for a "
                "prefecture (47 is Okinawa) or up to five"
            )
        if fingerprint_of(self.certificate) != self.fingerprint:
            raise ScenarioError(
                f"the certificate of {self.sender} has not the fingerprint {self.fingerprint}; "
                "was it exchanged?"
            )
        if asked_time(self.not_before, "not_before") >= asked_time(self.not_after, "not_after"):
            raise ScenarioError(
                f"the entry of {self.sender} ends ({self.not_after}) before it begins "
                f"({self.not_before})"
            )

    def holds_at(self, time: datetime) -> bool:
        """Whether the entry is valid at a time."""
        begin, end = (asked_time(getattr(self, n), n) for n in ("not_before", "not_after"))
        return begin <= time <= end

    def reaches(self, code: str) -> bool:
        """Whether a municipality code lies in its areas."""
        return not self.areas or code.startswith(self.areas)


def fingerprint_of(certificate: str) -> str:
    """SHA-256 of a certificate (PEM), hexadecimal; ScenarioError where it is none."""
    try:
        return (
            x509.load_pem_x509_certificate(certificate.encode()).fingerprint(hashes.SHA256()).hex()
        )
    except ValueError as error:
        raise ScenarioError(f"no certificate in PEM: {error}") from None


def parse_trust(text: str, where: str = "trust store") -> tuple[TrustEntry, ...]:
    """Entries of a trust store in JSON.

    Raises
    ------
    ScenarioError
        where the text is no store, or an entry no entry.
    FenceError
        for an entry with a status other than Exercise and Test.
    """
    try:
        found = json.loads(text)
    except ValueError as error:
        raise ScenarioError(f"{where}: no JSON: {error}") from None
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise ScenarioError(f'{where}: no trust store; "format" must be "{FORMAT}"')
    keys = found.get("keys")
    if not isinstance(keys, list):
        raise ScenarioError(f'{where}: "keys" must be a list of entries')
    return tuple(_entry(each, f"{where}, key {n + 1}") for n, each in enumerate(keys))


def _entry(found: Any, where: str) -> TrustEntry:
    names = {field.name for field in fields(TrustEntry)}
    if not isinstance(found, dict) or set(found) != names:
        odd = sorted(names ^ set(found)) if isinstance(found, dict) else sorted(names)
        raise ScenarioError(f"{where}: missing or unknown: {', '.join(map(str, odd))}")
    for name in names - {"statuses", "areas"}:
        if not isinstance(found[name], str):
            raise ScenarioError(f"{where}: {name} must be a text")
    for name in ("statuses", "areas"):
        if not isinstance(found[name], list) or not all(isinstance(v, str) for v in found[name]):
            raise ScenarioError(f"{where}: {name} must be a list of texts")
    values = found | {name: tuple(found[name]) for name in ("statuses", "areas")}
    return TrustEntry(**values)


def trust_text(entries: tuple[TrustEntry, ...]) -> str:
    """JSON of a trust store."""
    told = {"format": FORMAT, "keys": [asdict(entry) for entry in entries]}
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"

"""Sign a message, and verify one against keys pinned beforehand."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Final

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from lxml import etree
from signxml import (
    DigestAlgorithm,
    SignatureConfiguration,
    SignatureMethod,
    XMLSigner,
    XMLVerifier,
)
from signxml.exceptions import SignXMLException

from hinomi.cap.finding import ACCEPTED, ERROR, REFUSED, SIGNATURE, WARNING, Finding, RefusedError
from hinomi.cap.gate import NAMESPACES, SIGNATURES, gate
from hinomi.cap.message import Message, read
from hinomi.cap.recipients import Recipients, recipients
from hinomi.cap.rules import value
from hinomi.cap.times import time_of
from hinomi.cap.trust import TrustEntry
from hinomi.errors import FenceError, ScenarioError
from hinomi.records.alerts import EXERCISE, TEST
from hinomi.records.places import Places

METHODS: Final = {
    "RSA_SHA256", "RSA_SHA384", "RSA_SHA512", "ECDSA_SHA256", "ECDSA_SHA384", "ECDSA_SHA512"
}  # fmt: skip
# What the library raises for signatures of every make; anything of these refuses the message.
_NOT_VERIFIED: Final = (
    SignXMLException, UnsupportedAlgorithm, etree.LxmlError, ValueError, TypeError, LookupError,
    AttributeError, AssertionError, NotImplementedError,
)  # fmt: skip
FUTURE_S: Final = 60.0  # clocks of senders may be ahead by this much (assumed)
_CONFIGURATION = SignatureConfiguration(
    location="./",
    expect_references=1,
    signature_methods=frozenset(m for m in SignatureMethod if m.name in METHODS),
    digest_algorithms=frozenset(
        d for d in DigestAlgorithm if d.name in ("SHA256", "SHA384", "SHA512")
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """A private key and its certificate, read once: reading an RSA key takes longer than signing."""

    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey = field(repr=False)
    certificate: x509.Certificate


def load_signer(key: bytes, certificate: bytes) -> Signer:
    """Read a pair of PEM texts, the key without a password.

    Raises
    ------
    ScenarioError
        where one cannot be read, the two are no pair, or the key is neither RSA nor ECDSA.
    """
    try:
        private = serialization.load_pem_private_key(key, password=None)
        public = x509.load_pem_x509_certificate(certificate)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise ScenarioError(
            "the key or the certificate cannot be read; both are PEM, the key without a "
            "password, as `hinomi alert keys` writes them"
        ) from None
    if not isinstance(private, (rsa.RSAPrivateKey, ec.EllipticCurvePrivateKey)):
        raise ScenarioError("the key is neither RSA nor ECDSA; make one with `hinomi alert keys`")
    if private.public_key() != public.public_key():
        raise ScenarioError("the certificate is not of this key; name the two of one pair")
    return Signer(key=private, certificate=public)


def sign(message: bytes, *, signer: Signer, at: datetime) -> bytes:
    """Sign the bytes of an Exercise or Test message; the signature encloses the whole alert.

    Parameters
    ----------
    message
        a CAP 1.2 alert without a signature.
    at
        time of signing: the certificate must be valid then.

    Returns
    -------
    bytes
        To store and send exactly so: any change afterwards breaks the signature.

    Raises
    ------
    FenceError
        for a status other than Exercise and Test.
    RefusedError
        where the bytes are no CAP 1.2 alert.
    ScenarioError
        for a certificate that is not valid, or a message that is signed already.
    """
    root = gate(message)
    status = value(root, "status")
    if status not in (EXERCISE, TEST):
        raise FenceError(
            f"a message of status {status!r} is not signed here; only {EXERCISE} and {TEST}"
        )
    if root.find("ds:Signature", NAMESPACES) is not None:
        raise ScenarioError("the message is signed already; sign the message as it was composed")
    public = signer.certificate
    if not public.not_valid_before_utc <= at <= public.not_valid_after_utc:
        raise ScenarioError(
            f"the certificate is valid from {public.not_valid_before_utc} to "
            f"{public.not_valid_after_utc}, not at {at}; make a new pair with `hinomi alert keys`"
        )
    method = "ecdsa-sha256" if isinstance(signer.key, ec.EllipticCurvePrivateKey) else "rsa-sha256"
    maker = XMLSigner(signature_algorithm=method, digest_algorithm="sha256")
    signed = maker.sign(root, key=signer.key, cert=[public])
    out: bytes = etree.tostring(signed, xml_declaration=True, encoding="UTF-8")
    return out + b"\n"


# --- verification --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """Whether a message is to be believed, and why not."""

    findings: tuple[Finding, ...]
    entry: TrustEntry | None = None  # whose key signed it
    message: Message | None = None  # read from the signed bytes, nothing else

    @property
    def verdict(self) -> str:
        """`accepted` where no finding is an error."""
        return REFUSED if any(f.severity == ERROR for f in self.findings) else ACCEPTED


def verify(
    message: bytes, *, trust: tuple[TrustEntry, ...], at: datetime, places: Places | None = None
) -> Verification:
    """Verify a signature with the keys pinned to the sender, then what that key may say.

    The certificate inside the message is never believed: it only has to be one of those pinned.

    Parameters
    ----------
    message
        exact bytes as received.
    trust
        entries of the trust store.
    at
        time at which the message is judged.
    places
        municipalities against which polygons are held: they may not reach beyond the key's areas.

    Returns
    -------
    Verification
        never raises for what a message holds.
    """
    try:
        root = gate(message)
    except RefusedError as error:
        return Verification(findings=(error.finding,))
    if (fault := _placed_wrongly(root)) is not None:
        return Verification(findings=(fault,))
    entry, signed, faults = _signer(message, value(root, "sender"), trust, at)
    if entry is None or signed is None:
        return Verification(findings=tuple(faults))
    try:
        told = read(gate(signed))
    except RefusedError as error:
        return Verification(findings=(error.finding,))
    if not _same(root, signed, told):
        return Verification(
            findings=(_fault("sig-other", "what is signed is not what the message says"),)
        )
    found = _authority(told, entry, at)
    if places is not None and entry.areas:
        found += _reach(recipients(told, places), entry)
    return Verification(findings=tuple(found), entry=entry, message=told)


def _same(root: Any, signed: bytes, told: Message) -> bool:
    """Whether a message, from which the signature is taken out, says what was signed."""
    _without_signature(root)
    # The same canonical bytes are the same message; read and compared where another form was signed.
    if etree.tostring(root, method="c14n") == signed:
        return True
    return _content(read(root)) == _content(told)


def _without_signature(root: Any) -> None:
    """Take the signature out of a tree; the white space behind it stays."""
    signature = root.find("ds:Signature", NAMESPACES)
    before = signature.getprevious()
    if before is None:
        root.text = (root.text or "") + (signature.tail or "")
    else:
        before.tail = (before.tail or "") + (signature.tail or "")
    root.remove(signature)


def _content(message: Message) -> tuple[object, ...]:
    """Everything that a message says, its signature left out."""
    names = [n for n in Message.__dataclass_fields__ if n != "signed"]
    return tuple(getattr(message, name) for name in names)


def _fault(code: str, message: str, path: str = "/cap:alert/ds:Signature", severity: str = ERROR) -> Finding:  # fmt: skip
    return Finding(code=code, level=SIGNATURE, severity=severity, path=path, message=message)


def _placed_wrongly(root: Any) -> Finding | None:
    """One signature, directly in the alert, over the whole alert."""
    everywhere = len(list(root.iter(f"{{{SIGNATURES}}}Signature")))
    direct = root.findall("ds:Signature", NAMESPACES)
    if not everywhere:
        return _fault("sig-missing", "the message is not signed", "/cap:alert")
    if everywhere != 1 or len(direct) != 1:
        return _fault(
            "sig-place", f"{everywhere} signatures, {len(direct)} of them directly in the alert; "
            "exactly one, there, is verified", "/cap:alert"
        )  # fmt: skip
    covered = [each.get("URI") for each in root.iter(f"{{{SIGNATURES}}}Reference")]
    if covered != [""]:
        return _fault("sig-part", f"the signature covers {covered[:3]}, not the whole alert")
    return None


def _signer(
    message: bytes, sender: str, trust: tuple[TrustEntry, ...], at: datetime
) -> tuple[TrustEntry | None, bytes | None, list[Finding]]:
    """Entry whose pinned key signed the bytes, and what exactly was signed."""
    pinned = [entry for entry in trust if entry.sender == sender]
    if not pinned:
        told = f"no key is pinned to the sender {sender[:80]!r}"
        return None, None, [_fault("trust-sender", told, "/cap:alert/cap:sender")]
    timely = [entry for entry in pinned if entry.holds_at(at)]
    if not timely:
        return None, None, [_fault("trust-time", f"no key of {sender[:80]} is valid at {at}")]
    faults = []
    for entry in timely:
        try:
            signed = _verified(message, entry, at)
        except _NOT_VERIFIED as error:
            first = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
            faults.append(
                _fault("sig-invalid", f"not signed by key {entry.fingerprint[:16]}: {first}")
            )
        else:
            return entry, signed, []
    return None, None, faults


@lru_cache(maxsize=64)
def _certificate(text: str) -> x509.Certificate:
    return x509.load_pem_x509_certificate(text.encode())


def _verified(message: bytes, entry: TrustEntry, at: datetime) -> bytes:
    configuration = SignatureConfiguration(
        **{
            name: getattr(_CONFIGURATION, name)
            for name in ("location", "expect_references", "signature_methods", "digest_algorithms")
        },
        verification_time=at,
    )
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    found: Any = XMLVerifier().verify(
        etree.fromstring(message, parser),
        x509_cert=_certificate(entry.certificate),
        expect_config=configuration,
    )
    signed: bytes = found.signed_data
    return signed


def _authority(message: Message, entry: TrustEntry, at: datetime) -> list[Finding]:
    """What the key may not say, and what is odd about the time."""
    found = []
    if message.status not in entry.statuses:
        known = message.status in (EXERCISE, TEST)
        told = (
            f"the key of {entry.sender} may not send {message.status}" if known
            else f"claims {message.status}, not trusted"
        )  # fmt: skip
        found.append(_fault("trust-status", told, "/cap:alert/cap:status"))
    beyond = [code for code in message.codes_of_areas if not entry.reaches(code)]
    if beyond:
        found.append(
            _fault(
                "trust-area", f"{len(beyond)} municipalities outside the key's areas "
                f"({', '.join(entry.areas)}): {', '.join(beyond[:5])}", "//cap:geocode"
            )
        )  # fmt: skip
    areas = [area for info in message.infos for area in info.areas]
    if entry.areas and any(not area.codes for area in areas):
        found.append(
            _fault("trust-area-codes", "an area without codes cannot be held against the key's areas",
                   "//cap:area")
        )  # fmt: skip
    found += _timing(message, at)
    return found


def _reach(found: Recipients, entry: TrustEntry) -> list[Finding]:
    """Places that the polygons hold and no code names, where the key may not speak."""
    beyond = [code for code in found.bystanders if not entry.reaches(code)]
    if not beyond:
        return []
    told = (
        f"the polygons hold {len(beyond)} municipalities outside the key's areas "
        f"({', '.join(entry.areas)}): {', '.join(beyond[:5])}"
    )
    return [_fault("trust-polygon", told, "//cap:polygon")]


def _timing(message: Message, at: datetime) -> list[Finding]:
    try:
        sent = time_of(message.sent)
        ends = [time_of(info.expires) for info in message.infos if info.expires]
    except ValueError:
        return [_fault("time", "a time of the message cannot be read", "/cap:alert/cap:sent")]
    found = []
    if sent - at > timedelta(seconds=FUTURE_S):
        ahead = (sent - at).total_seconds()
        told = f"sent {ahead:.0f} s in the future: one of the clocks is wrong"
        found.append(_fault("time-future", told, "/cap:alert/cap:sent", WARNING))
    if ends and max(ends) <= at:
        told = f"expired at {max(ends).isoformat()}: show it as history, not as an alert"
        found.append(_fault("time-expired", told, "//cap:expires", WARNING))
    return found

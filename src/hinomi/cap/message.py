"""A CAP 1.2 message as a record, and its way to and from XML."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from lxml import etree

from hinomi.cap.gate import MAX_BYTES, MAX_ELEMENTS, NAMESPACE, SIGNATURES
from hinomi.errors import FenceError, ScenarioError
from hinomi.records.alerts import EXERCISE, TEST

Pairs = tuple[tuple[str, str], ...]
Ring = tuple[tuple[float, float], ...]  # (latitude, longitude) in degrees, first = last
MOST_KEPT: Final = 8_192  # characters of a polygon's text that is remembered: 400 pairs
# What a list of plain numbers is made of: no exponents, no words such as nan.
_PLAIN = re.compile(r"[-+0-9.,\s]*", re.ASCII)
JIS: Final = "JIS-X0402"  # valueName of municipality codes; no standard sets one, so it is ours


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """One area: words, polygons in WGS 84 degrees, circles, codes."""

    description: str
    polygons: tuple[Ring, ...] = ()
    circles: tuple[tuple[float, float, float], ...] = ()  # latitude, longitude [deg], radius [km]
    geocodes: Pairs = ()

    @property
    def codes(self) -> tuple[str, ...]:
        """Municipality codes of the area."""
        return tuple(value for name, value in self.geocodes if name == JIS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Info:
    """One language of a message."""

    language: str = "en-US"
    categories: tuple[str, ...]
    event: str
    responses: tuple[str, ...] = ()
    urgency: str
    severity: str
    certainty: str
    event_codes: Pairs = ()
    effective: str = ""
    onset: str = ""
    expires: str = ""
    sender_name: str = ""
    headline: str = ""
    description: str = ""
    instruction: str = ""
    web: str = ""
    contact: str = ""
    parameters: Pairs = ()
    areas: tuple[Area, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A CAP 1.2 alert. Times are texts as the standard writes them."""

    identifier: str
    sender: str
    sent: str
    status: str
    kind: str  # msgType: Alert, Update, Cancel, Ack, Error
    scope: str
    source: str = ""
    restriction: str = ""
    addresses: str = ""
    codes: tuple[str, ...] = ()
    note: str = ""
    references: tuple[tuple[str, str, str], ...] = ()  # (sender, identifier, sent)
    incidents: str = ""
    infos: tuple[Info, ...] = ()
    signed: bool = False  # holds a signature; says nothing about whose

    @property
    def triple(self) -> tuple[str, str, str]:
        """(sender, identifier, sent): what names this message and nothing else."""
        return self.sender, self.identifier, self.sent

    @property
    def codes_of_areas(self) -> tuple[str, ...]:
        """Municipality codes of all areas of all languages, sorted, each once."""
        return tuple(sorted({c for i in self.infos for a in i.areas for c in a.codes}))


# --- reading -------------------------------------------------------------------------------------


def read(root: Any) -> Message:
    """Read a tree that passed the gate; what the schema would refuse is left out or empty."""
    top = _children(root)
    return Message(
        identifier=_text(top, "identifier"), sender=_text(top, "sender"),
        sent=_text(top, "sent"), status=_text(top, "status"), kind=_text(top, "msgType"),
        scope=_text(top, "scope"), source=_text(top, "source"),
        restriction=_text(top, "restriction"), addresses=_text(top, "addresses"),
        codes=_texts(top, "code"), note=_text(top, "note"),
        references=references_of(_text(top, "references")), incidents=_text(top, "incidents"),
        infos=tuple(_read_info(_children(each)) for each in top.get(_tag("info"), ())),
        signed=f"{{{SIGNATURES}}}Signature" in top,
    )  # fmt: skip


def references_of(text: str) -> tuple[tuple[str, str, str], ...]:
    """Triples of a `references` element; what is no triple is left out."""
    parts = (tuple(each.split(",")) for each in text.split())
    return tuple((p[0], p[1], p[2]) for p in parts if len(p) == 3)


def ring_of(text: str) -> Ring:
    """Pairs of a `polygon` element, white space as it may be.

    Raises
    ------
    ValueError
        where a pair is no pair of numbers.
    """
    # Every language of a message repeats its polygons; long ones are hostile and not worth keeping.
    return _ring_of(text) if len(text) > MOST_KEPT else _kept_ring_of(text)


def _ring_of(text: str) -> Ring:
    if not _PLAIN.fullmatch(text):
        raise ValueError("pairs are plain decimal numbers, such as 26.2,127.7")
    ring = []
    for pair in text.split():
        lat, comma, lon = pair.partition(",")
        if not comma or "," in lon:
            raise ValueError(f"{pair[:40]!r} is no 'latitude,longitude'")
        ring.append((float(lat), float(lon)))
    return tuple(ring)


_kept_ring_of = lru_cache(maxsize=64)(_ring_of)


def circle_of(text: str) -> tuple[float, float, float]:
    """Latitude, longitude [deg] and radius [km] of a `circle` element; ValueError if it is none."""
    words = text.split()
    if len(words) != 2:
        raise ValueError(f"{text[:40]!r} is no 'latitude,longitude radius'")
    lat, lon = ring_of(words[0])[0]
    if not _PLAIN.fullmatch(words[1]):
        raise ValueError(f"the radius {words[1][:40]!r} is no plain decimal number")
    return lat, lon, float(words[1])


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _children(parent: Any) -> dict[str, list[Any]]:
    """Children by tag, in one pass: looking up each name by itself takes three times as long."""
    found: dict[str, list[Any]] = {}
    for child in parent:
        found.setdefault(child.tag, []).append(child)
    return found


def _text(parent: dict[str, list[Any]], name: str) -> str:
    found = parent.get(_tag(name))
    return "" if found is None else (found[0].text or "").strip()


def _texts(parent: dict[str, list[Any]], name: str) -> tuple[str, ...]:
    return tuple([(each.text or "").strip() for each in parent.get(_tag(name), ())])


def name_and_value(element: Any) -> tuple[str, str]:
    """Texts of `valueName` and `value` of an element that is such a pair; empty where missing."""
    name = value = None
    for child in element:
        if child.tag == _VALUE_NAME and name is None:
            name = child.text or ""
        elif child.tag == _VALUE and value is None:
            value = child.text or ""
    return (name or "").strip(), (value or "").strip()


_VALUE_NAME, _VALUE = _tag("valueName"), _tag("value")


def _pairs(parent: dict[str, list[Any]], name: str) -> Pairs:
    return tuple([name_and_value(each) for each in parent.get(_tag(name), ())])


def _read_info(info: dict[str, list[Any]]) -> Info:
    return Info(
        language=_text(info, "language") or "en-US", categories=_texts(info, "category"),
        event=_text(info, "event"), responses=_texts(info, "responseType"),
        urgency=_text(info, "urgency"), severity=_text(info, "severity"),
        certainty=_text(info, "certainty"), event_codes=_pairs(info, "eventCode"),
        effective=_text(info, "effective"), onset=_text(info, "onset"),
        expires=_text(info, "expires"), sender_name=_text(info, "senderName"),
        headline=_text(info, "headline"), description=_text(info, "description"),
        instruction=_text(info, "instruction"), web=_text(info, "web"),
        contact=_text(info, "contact"), parameters=_pairs(info, "parameter"),
        areas=tuple(_read_area(_children(each)) for each in info.get(_tag("area"), ())),
    )  # fmt: skip


def _read_area(area: dict[str, list[Any]]) -> Area:
    polygons, circles = [], []
    for text in _texts(area, "polygon"):
        try:
            polygons.append(ring_of(text))
        except ValueError:
            continue
    for text in _texts(area, "circle"):
        try:
            circles.append(circle_of(text))
        except ValueError:
            continue
    return Area(
        description=_text(area, "areaDesc"), polygons=tuple(polygons), circles=tuple(circles),
        geocodes=_pairs(area, "geocode"),
    )  # fmt: skip


# --- writing -------------------------------------------------------------------------------------


def write(message: Message) -> bytes:
    """XML of a message in UTF-8, elements in the order of the schema, empty ones left out.

    Raises
    ------
    FenceError
        for a status other than Exercise and Test.
    ScenarioError
        for a character that XML cannot hold, or more than the gate of a receiver lets pass.
    """
    if message.status not in (EXERCISE, TEST):
        raise FenceError(
            f"a message of status {message.status!r} is not written here; only {EXERCISE} and {TEST}"
        )
    try:
        found = _written(message)
    except ValueError as error:
        raise ScenarioError(
            f"a text of the message cannot stand in XML: {error}; leave control characters out"
        ) from None
    if len(found) > MAX_BYTES or found.count(b"</") > MAX_ELEMENTS:
        raise ScenarioError(
            f"the message takes {len(found):,} bytes and {found.count(b'</'):,} elements; receivers "
            f"take {MAX_BYTES:,} and {MAX_ELEMENTS:,}: ask for fewer languages or fewer places"
        )
    return found


def _written(message: Message) -> bytes:
    root = etree.Element(_tag("alert"), nsmap={None: NAMESPACE})
    _add(root, "identifier", message.identifier)
    _add(root, "sender", message.sender)
    _add(root, "sent", message.sent)
    _add(root, "status", message.status)
    _add(root, "msgType", message.kind)
    for name in ("source", "scope", "restriction", "addresses"):
        _add(root, name, getattr(message, name))
    for code in message.codes:
        _add(root, "code", code)
    _add(root, "note", message.note)
    _add(root, "references", " ".join(",".join(triple) for triple in message.references))
    _add(root, "incidents", message.incidents)
    for info in message.infos:
        _write_info(etree.SubElement(root, _tag("info")), info)
    etree.indent(root)
    found: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return found + b"\n"


def _write_info(parent: Any, info: Info) -> None:
    _add(parent, "language", info.language)
    for category in info.categories:
        _add(parent, "category", category)
    _add(parent, "event", info.event)
    for response in info.responses:
        _add(parent, "responseType", response)
    for name in ("urgency", "severity", "certainty"):
        _add(parent, name, getattr(info, name))
    _add_pairs(parent, "eventCode", info.event_codes)
    for name in ("effective", "onset", "expires"):
        _add(parent, name, getattr(info, name))
    _add(parent, "senderName", info.sender_name)
    for name in ("headline", "description", "instruction", "web", "contact"):
        _add(parent, name, getattr(info, name))
    _add_pairs(parent, "parameter", info.parameters)
    for area in info.areas:
        inner = etree.SubElement(parent, _tag("area"))
        _add(inner, "areaDesc", area.description)
        for ring in area.polygons:
            _add(inner, "polygon", _ring_text(ring))
        for lat, lon, radius in area.circles:
            _add(inner, "circle", f"{lat:.4f},{lon:.4f} {radius:.3f}")
        _add_pairs(inner, "geocode", area.geocodes)


@lru_cache(maxsize=64)  # every language of a message repeats its polygons
def _ring_text(ring: Ring) -> str:
    return " ".join([f"{lat:.4f},{lon:.4f}" for lat, lon in ring])


def _add(parent: Any, name: str, text: str) -> None:
    if text:
        etree.SubElement(parent, _tag(name)).text = text


def _add_pairs(parent: Any, name: str, pairs: Pairs) -> None:
    for key, value in pairs:
        inner = etree.SubElement(parent, _tag(name))
        _add(inner, "valueName", key)
        _add(inner, "value", value)

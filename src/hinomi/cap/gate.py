"""From bytes to a tree, safely: bounded, without document types, entities, files or network."""

from __future__ import annotations

import re
from typing import Any, Final
from xml.parsers import expat

from lxml import etree

from hinomi.cap.finding import RefusedError, refuse

NAMESPACE: Final = "urn:oasis:names:tc:emergency:cap:1.2"
SIGNATURES: Final = "http://www.w3.org/2000/09/xmldsig#"
NAMESPACES: Final = {"cap": NAMESPACE, "ds": SIGNATURES}
# Older versions, refused by name.
OLDER: Final = {
    "urn:oasis:names:tc:emergency:cap:1.1": "CAP 1.1",
    "urn:oasis:names:tc:emergency:cap:1.0": "CAP 1.0",
    "http://www.incident.com/cap/1.0": "CAP 1.0",
}

# Limits, assumed: all 1,741 municipalities of Japan in two languages, or 400 in five, still pass.
MAX_BYTES: Final = 1 << 19
MAX_LEVELS: Final = 32
MAX_ELEMENTS: Final = 12_000
MAX_ATTRIBUTES: Final = 64
MAX_TAG_BYTES: Final = 1 << 14
MAX_POINTS: Final = 10_000  # pairs in all polygons: more are refused before any geometry
MAX_POLYGONS: Final = 500  # the United Kingdom's service refuses above 1,000
_LONG_TAG = re.compile(rb"<[^!?<>][^<>]{%d}" % MAX_TAG_BYTES)
_DEEPER = etree.XPath(f"boolean({'/*' * (MAX_LEVELS + 1)})")
ENCODINGS: Final = ("utf-8", "utf-16", "us-ascii", "iso-8859-1")  # those that expat itself knows


def gate(message: bytes) -> Any:
    """Bytes to the tree of a CAP 1.2 alert.

    A first pass by expat ends at the first document type declaration, before any entity exists; it
    counts elements, levels and attributes where a count of `<` and `=` does not show that they are
    few. Only then a tree is built. A schema is never given to the parser: a document type
    with one entity then ends the whole process (lxml 6.1.3).

    Parameters
    ----------
    message
        exact bytes as received.

    Returns
    -------
    lxml element
        `alert` in the namespace of CAP 1.2.

    Raises
    ------
    RefusedError
        for what is too large or too deep, no well-formed XML, holds a document type declaration,
        or is no CAP 1.2 alert.
    """
    if len(message) > MAX_BYTES:
        raise refuse("xml-size", f"{len(message):,} bytes; the limit is {MAX_BYTES:,}")
    # Thousands of attributes cost the parser more than anything else: looked for beforehand.
    if _LONG_TAG.search(message):
        raise refuse("xml-limits", f"a tag of more than {MAX_TAG_BYTES:,} bytes; that is the limit")
    few = message.count(b"<") <= MAX_ELEMENTS and message.count(b"=") <= MAX_ATTRIBUTES
    _first_pass(message, counted=not few)
    # Without comments and instructions no text is cut in two: what is read is what is signed.
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(message, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        _first_pass(message, counted=True)  # too deep for the parser is told as such
        raise refuse("xml-not-well-formed", f"not well-formed XML: {error}") from None
    if root.getroottree().docinfo.doctype:
        raise refuse("xml-doctype", "a document type declaration is not allowed in a CAP message")
    if _DEEPER(root):
        raise _beyond_limits()
    _refuse_many_points(root)
    return root


def _refuse_many_points(root: Any) -> None:
    """Count polygons and their pairs, before any geometry."""
    commas = [(p.text or "").count(",") for p in root.iter(f"{{{NAMESPACE}}}polygon")]
    points, polygons = sum(commas), len(commas)
    if polygons > MAX_POLYGONS:
        raise refuse(
            "xml-points", f"{polygons:,} polygons; the limit is {MAX_POLYGONS:,}", "//cap:polygon"
        )
    if points > MAX_POINTS:
        raise refuse(
            "xml-points", f"{points:,} points in polygons; the limit is {MAX_POINTS:,}",
            "//cap:polygon",
        )  # fmt: skip


def _beyond_limits() -> RefusedError:
    return refuse(
        "xml-limits", f"more than {MAX_LEVELS} levels, {MAX_ELEMENTS:,} elements or "
        f"{MAX_ATTRIBUTES} attributes in one tag"
    )  # fmt: skip


def _first_pass(message: bytes, *, counted: bool) -> None:
    """Well-formed, of one of four encodings, an alert, without a DOCTYPE; in the limits if counted.

    Counting calls back for every element and takes four times as long as the pass without it.
    """
    level = count = 0

    def declaration(_version: str, encoding: str | None, _standalone: int) -> None:
        if encoding is not None and encoding.lower() not in ENCODINGS:
            raise refuse(
                "xml-encoding", f"encoding {encoding!r}; write the message in UTF-8 "
                f"({', '.join(ENCODINGS)} are read)"
            )  # fmt: skip

    def doctype(*_: object) -> None:
        raise refuse("xml-doctype", "a document type declaration is not allowed in a CAP message")

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal level, count
        level, count = level + 1, count + 1
        if count == 1:
            _refuse_other_roots(name)
            if not counted:
                first.StartElementHandler = None
        if level > MAX_LEVELS or count > MAX_ELEMENTS or len(attributes) > MAX_ATTRIBUTES:
            raise _beyond_limits()

    def end(_: str) -> None:
        nonlocal level
        level -= 1

    first = expat.ParserCreate(namespace_separator=" ")
    first.XmlDeclHandler, first.StartDoctypeDeclHandler = declaration, doctype
    first.StartElementHandler = start
    if counted:
        first.EndElementHandler = end
    try:
        first.Parse(message, True)
    except RefusedError:
        raise
    except (expat.ExpatError, ValueError, LookupError) as error:
        if not counted:  # beyond a limit before the fault: told as that
            _first_pass(message, counted=True)
        raise refuse("xml-not-well-formed", f"not well-formed XML: {error}") from None


def _refuse_other_roots(name: str) -> None:
    """Tell what the outermost element is, where it is no alert of CAP 1.2."""
    namespace, _, tag = name.rpartition(" ")
    if namespace in OLDER:
        raise refuse(
            "xml-older-cap", f"this is {OLDER[namespace]}; only CAP 1.2 is read: ask the sender for "
            f"namespace {NAMESPACE}", "/*"
        )  # fmt: skip
    if (namespace, tag) != (NAMESPACE, "alert"):
        told = f"<{tag}> in namespace {namespace!r}" if namespace else f"<{tag}> in no namespace"
        raise refuse(
            "xml-not-cap", f"the outermost element is {told[:200]}; a CAP message is <alert> in "
            f"{NAMESPACE}", "/*"
        )  # fmt: skip

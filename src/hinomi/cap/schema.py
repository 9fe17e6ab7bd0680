"""First level of the check: the OASIS schema of CAP 1.2."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from lxml import etree

from hinomi.cap.finding import ERROR, SCHEMA, Finding

# Kinds of schema error, by their name in libxml2, and plain words before its own.
WORDS: Final = {
    "SCHEMAV_ELEMENT_CONTENT": ("order", "an element is missing, unknown or out of order"),
    "SCHEMAV_CVC_COMPLEX_TYPE_2_4": ("order", "an element is missing, unknown or out of order"),
    "SCHEMAV_CVC_ENUMERATION_VALID": ("value", "the value is none of those the standard lists"),
    "SCHEMAV_CVC_PATTERN_VALID": ("pattern", "the text has not the form of the standard"),
    "SCHEMAV_CVC_DATATYPE_VALID_1_2_1": ("type", "the text is no value of its type"),
    "SCHEMAV_CVC_TYPE_3_1_1": ("attribute", "the standard knows no such attribute"),
    "SCHEMAV_CVC_COMPLEX_TYPE_3_2_1": ("attribute", "the standard knows no such attribute"),
}
MOST: Final = 50  # findings of one message
_BRACES = re.compile(r"\{[^{}]*\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """The compiled schema; one for each thread."""

    compiled: Any


def parse_schema(xsd: bytes) -> Schema:
    """Compile the text of the schema, carried with the package as `data/cap/CAP-v1.2.xsd`."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    return Schema(compiled=etree.XMLSchema(etree.fromstring(xsd, parser)))


def check_schema(root: Any, schema: Schema) -> list[Finding]:
    """Findings of the schema on a tree that passed the gate, at most 50."""
    try:
        if schema.compiled.validate(root):
            return []
    except etree.XMLSchemaValidateError as error:
        return [
            Finding(
                code="schema-failed", level=SCHEMA, severity=ERROR, path="/cap:alert",
                message=f"the schema could not be applied: {error}",
            )
        ]  # fmt: skip
    return [_finding(entry, root) for entry in list(schema.compiled.error_log)[:MOST]]


def _finding(entry: Any, root: Any) -> Finding:
    kind, words = WORDS.get(entry.type_name, ("other", "the message breaks the schema"))
    told = _BRACES.sub("", entry.message).replace("\n", " ")[:400]
    return Finding(
        code=f"schema-{kind}", level=SCHEMA, severity=ERROR, path=_path(entry.path, root),
        message=f"{words}: {told} (line {entry.line})",
    )  # fmt: skip


def _path(found: str | None, root: Any) -> str:
    """Path with names of elements instead of the stars that libxml2 writes for a default namespace."""
    if not found:
        return "/cap:alert"
    try:
        (element,) = root.getroottree().xpath(found)
    except (etree.XPathError, ValueError):
        return found
    return path_of(element)


def path_of(element: Any) -> str:
    """XPath of an element, such as `/cap:alert/cap:info[2]/cap:language`."""
    steps: list[str] = []
    while element is not None:
        name = etree.QName(element)
        step = (
            "ds:" if name.namespace and "xmldsig" in name.namespace else "cap:"
        ) + name.localname
        before = sum(1 for _ in element.itersiblings(element.tag, preceding=True))
        if before or next(element.itersiblings(element.tag), None) is not None:
            step += f"[{before + 1}]"
        steps.append(step)
        element = element.getparent()
    return "/" + "/".join(reversed(steps))

"""Second level of the check: what the text of CAP 1.2 asks and its schema cannot say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from hinomi.cap.finding import ADVICE, ERROR, WARNING, Finding
from hinomi.cap.gate import NAMESPACE, NAMESPACES
from hinomi.cap.shapes import check_area, finding
from hinomi.cap.times import time_of
from hinomi.records.alerts import EXERCISE

TEXTS = ("event", "audience", "senderName", "headline", "description", "instruction", "contact")
MOST_REFERENCES = 500  # of one message (assumed; a chain has a handful)
_HTML = re.compile(r"</?[a-zA-Z][^<>]*>|&(#\d+|#x[0-9a-fA-F]+|[a-zA-Z]{2,8});")
_FORBIDDEN = re.compile(r"[\s,<&]")
_MIME = re.compile(r"[\w!#$&^.+-]+/[\w!#$&^.+-]+(\s*;.*)?")
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+")


def check_rules(root: Any) -> Iterator[Finding]:
    """Findings of the rules on a tree that passed the schema, one at a time."""
    for part in (_names, _empty, _times, _references, _scope, _infos, _texts, _resources):
        yield from part(root)
    for area in _all(root, "cap:info/cap:area"):
        yield from check_area(area)


def _all(root: Any, path: str) -> list[Any]:
    return list(root.iterfind(path, NAMESPACES))


def _one(root: Any, name: str) -> Any:
    return next(root.iterchildren(f"{{{NAMESPACE}}}{name}"), None)


def value(root: Any, name: str) -> str:
    """Text of a child, empty where there is none."""
    found = _one(root, name)
    return "" if found is None else (found.text or "").strip()


def _names(root: Any) -> Iterator[Finding]:
    for name in ("identifier", "sender"):
        element = _one(root, name)
        text = element.text or ""
        if bad := _FORBIDDEN.search(text):
            yield finding(
                name, ERROR, element,
                f"{name} holds {bad[0]!r}: white space, commas, '<' and '&' are not allowed, "
                "because references could not name this message",
            )  # fmt: skip


def _empty(root: Any) -> Iterator[Finding]:
    for path in ("cap:identifier", "cap:sender", "cap:info/cap:event", "cap:info/cap:area/cap:areaDesc"):  # fmt: skip
        for element in _all(root, path):
            if not (element.text or "").strip():
                yield finding("empty", ERROR, element, "the element is empty; it is required")


def _times(root: Any) -> Iterator[Finding]:
    read: dict[tuple[Any, str], datetime] = {}
    places = [(root, "sent")] + [
        (info, n) for info in _all(root, "cap:info") for n in ("effective", "onset", "expires")
    ]
    for parent, name in places:
        element = _one(parent, name)
        if element is None:
            continue
        text = (element.text or "").strip()
        try:
            read[parent, name] = time_of(text)
        except ValueError as error:
            yield finding("time", ERROR, element, f"{name}: {error}")
            continue
        if text.endswith("+00:00"):
            yield finding("time-utc", WARNING, element, f"{name} is UTC: write -00:00, not +00:00")
    sent = read.get((root, "sent"))
    for info in _all(root, "cap:info"):
        ends = read.get((info, "expires"))
        if ends is None:
            continue
        for name, start in (("sent", sent), ("effective", read.get((info, "effective")))):
            if start is not None and ends <= start:
                yield finding(
                    "expires", ERROR, _one(info, "expires"),
                    f"expires ({ends.isoformat()}) is not after {name} ({start.isoformat()}): "
                    "nobody would ever be shown this message",
                )  # fmt: skip


def _references(root: Any) -> Iterator[Finding]:
    element, kind = _one(root, "references"), value(root, "msgType")
    if element is None or not (element.text or "").strip():
        if kind in ("Update", "Cancel", "Ack", "Error"):
            yield finding(
                "references-missing", ERROR, root,
                f"{kind} without references: name each message it is about as sender,identifier,sent",
            )  # fmt: skip
        return
    if kind == "Alert":
        yield finding(
            "references-on-alert", WARNING, element,
            "an Alert begins a chain and refers to nothing; write Update to follow another message",
        )  # fmt: skip
    own = (value(root, "sender"), value(root, "identifier"))
    seen: set[str] = set()
    triples = (element.text or "").split()
    if len(triples) > MOST_REFERENCES:
        yield finding(
            "references-many", ERROR, element,
            f"{len(triples):,} references; the limit is {MOST_REFERENCES}",
        )  # fmt: skip
        return
    for each in triples:
        parts = each.split(",")
        if each in seen:
            yield finding("references-twice", WARNING, element, f"{each[:120]!r} is named twice")
        seen.add(each)
        try:
            sent = time_of(parts[2]) if len(parts) == 3 and all(parts) else None
        except ValueError:
            sent = None
        if sent is None:
            yield finding(
                "references-form", ERROR, element,
                f"{each[:120]!r} is no triple sender,identifier,sent; triples stand apart by spaces",
            )  # fmt: skip
        elif (parts[0], parts[1]) == own:
            yield finding("references-self", ERROR, element, "the message refers to itself")
        elif (now := _known(value(root, "sent"))) is not None and sent > now:
            yield finding(
                "references-later", ERROR, element,
                f"{each[:120]!r} was sent after this message; nothing can follow what is not there",
            )  # fmt: skip


def _known(text: str) -> datetime | None:
    try:
        return time_of(text)
    except ValueError:
        return None


def _scope(root: Any) -> Iterator[Finding]:
    scope, told = value(root, "scope"), value(root, "restriction")
    if scope == "Restricted" and not told:
        yield finding(
            "restriction-missing", ERROR, root, "scope Restricted needs restriction: say for whom"
        )
    if told and scope != "Restricted":
        yield finding(
            "restriction-unused", WARNING, _one(root, "restriction"),
            f"restriction has no effect with scope {scope}",
        )  # fmt: skip
    if scope == "Private" and not value(root, "addresses"):
        yield finding("addresses-missing", ERROR, root, "scope Private needs addresses")
    if value(root, "status") == EXERCISE and not value(root, "note"):
        yield finding(
            "exercise-note",
            ADVICE,
            root,
            "an exercise should be named in note, so that it is known",
        )
    if value(root, "msgType") == "Error" and not value(root, "note"):
        yield finding("error-note", ADVICE, root, "Error should say in note what was wrong")


def _infos(root: Any) -> Iterator[Finding]:
    infos = _all(root, "cap:info")
    if not infos and value(root, "msgType") in ("Alert", "Update"):
        yield finding(
            "info-missing", WARNING, root, "no info block: receivers have nothing to show"
        )
    first: dict[tuple[str, str, str], tuple[Any, str]] = {}
    for info in infos:
        text = (value(info, "headline"), value(info, "description"), value(info, "instruction"))
        language = value(info, "language") or "en-US"
        other = first.setdefault(text, (info, language)) if any(text) else (info, language)
        if other[1].lower() != language.lower():
            yield finding(
                "language-same-text", WARNING, info,
                f"the text is the same in {other[1]} and {language}: is one of them untranslated?",
            )  # fmt: skip
        if not _all(info, "cap:area") and value(root, "msgType") in ("Alert", "Update"):
            yield finding(
                "area-missing", WARNING, info, "no area: receivers cannot tell who is meant"
            )


def _texts(root: Any) -> Iterator[Finding]:
    places = [(root, "note")]
    for info in _all(root, "cap:info"):
        places += [(info, name) for name in TEXTS]
        places += [(area, "areaDesc") for area in _all(info, "cap:area")]
    for parent, name in places:
        if bad := _HTML.search(value(parent, name)):
            yield finding(
                "html", WARNING, _one(parent, name),
                f"{name} holds {bad[0][:40]!r}: receivers show it as it stands; write plain text",
            )  # fmt: skip


def _resources(root: Any) -> Iterator[Finding]:
    for info in _all(root, "cap:info"):
        web = value(info, "web")
        if web and not _ABSOLUTE.fullmatch(web):
            yield finding(
                "web", ERROR, _one(info, "web"), f"web is {web[:80]!r}; write a full address"
            )
        for resource in _all(info, "cap:resource"):
            kind, uri = value(resource, "mimeType"), value(resource, "uri")
            if not _MIME.fullmatch(kind):
                yield finding(
                    "mime", ERROR, _one(resource, "mimeType"),
                    f"mimeType is {kind[:80]!r}; write it like image/png",
                )  # fmt: skip
            if uri and not _ABSOLUTE.fullmatch(uri) and not value(resource, "derefUri"):
                yield finding(
                    "uri", ERROR, _one(resource, "uri"),
                    f"uri is {uri[:80]!r}: relative, and no derefUri carries the content",
                )  # fmt: skip

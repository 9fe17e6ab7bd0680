"""Third level of the check: what a profile asks beyond the standard."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from hinomi.cap.finding import ADVICE, ERROR, PROFILE, WARNING, Finding
from hinomi.cap.gate import NAMESPACES
from hinomi.cap.kinds import EVENT_CODE, KINDS, PHASE
from hinomi.cap.lengths import CELL_TEXT, WIRELESS, is_gsm, places
from hinomi.cap.message import JIS, name_and_value
from hinomi.cap.rules import value
from hinomi.cap.schema import path_of
from hinomi.cap.times import time_of
from hinomi.cap.words import denial_in, is_marked, mark_of
from hinomi.records.alerts import EXERCISE, TEST

CAP, HINOMI_JP, CELL_BROADCAST = "cap", "hinomi-jp", "cell-broadcast"
PROFILES: Final = (CAP, HINOMI_JP, CELL_BROADCAST)
MAX_VERTICES: Final = 100  # of one polygon, the last point not counted
MAX_POLYGONS: Final = 12  # the United Kingdom's service simplifies above; and above 250 points
MAX_POINTS: Final = 250
LONGEST_S: Final = 3600.0  # a missile alert still standing after an hour was forgotten (assumed)
MARKED: Final = ("event", "headline", "description", "instruction")
UNSPOKEN: Final = {f"{{{NAMESPACES['cap']}}}{name}" for name in ("polygon", "circle", "geocode")}
_CODE = re.compile(r"(0[1-9]|[1-3][0-9]|4[0-7])[0-9]{3}([0-9])?")


def check_profile(root: Any, profile: str) -> Iterator[Finding]:
    """Findings of a profile on a tree that passed the schema."""
    if profile == HINOMI_JP:
        yield from _japan(root)
    if profile in (HINOMI_JP, CELL_BROADCAST):
        yield from _phones(root, needed=profile == CELL_BROADCAST)


def _finding(code: str, severity: str, element: Any, message: str) -> Finding:
    return Finding(
        code=code, level=PROFILE, severity=severity, path=path_of(element), message=message
    )


def _all(root: Any, path: str) -> list[Any]:
    return list(root.iterfind(path, NAMESPACES))


def _pairs(parent: Any, name: str) -> dict[str, Any]:
    return {value(each, "valueName"): each for each in _all(parent, f"cap:{name}")}


# --- hinomi-jp -----------------------------------------------------------------------------------


def _japan(root: Any) -> Iterator[Finding]:
    status, kind = value(root, "status"), value(root, "msgType")
    encoding = (root.getroottree().docinfo.encoding or "UTF-8").upper()
    if encoding != "UTF-8":
        yield _finding("jp-encoding", ERROR, root, f"the encoding is {encoding}; write UTF-8")
    if status not in (EXERCISE, TEST):
        yield _finding(
            "jp-status", ERROR, root.find("cap:status", NAMESPACES),
            f"claims {status}, not trusted: this profile is for {EXERCISE} and {TEST} alone",
        )  # fmt: skip
    elif value(root, "scope") == "Public":
        yield _finding(
            "jp-scope", WARNING, root.find("cap:scope", NAMESPACES),
            f"{status} with scope Public: a relay may pass it on to residents; write Restricted",
        )  # fmt: skip
    if not value(root, "incidents"):
        yield _finding("jp-incidents", WARNING, root, "no incidents: name the incident or raid")
    infos = _all(root, "cap:info")
    if kind in ("Alert", "Update", "Cancel"):
        languages = [(value(info, "language") or "en-US").lower() for info in infos]
        if "ja-jp" not in languages:
            yield _finding("jp-language", ERROR, root, "no info block in ja-JP")
        elif not any(tag.startswith("en") for tag in languages):
            yield _finding("jp-language-en", WARNING, root, "no English info block: visitors")
    for info in infos:
        yield from _japan_info(info, status, kind)
    yield from _same_codes(infos)


def _japan_info(info: Any, status: str, kind: str) -> Iterator[Finding]:
    categories = {c.text for c in _all(info, "cap:category")}
    if not {"Security", "Safety"} <= categories:
        yield _finding("jp-category", ERROR, info, "category must hold Security and Safety")
    code = _pairs(info, "eventCode").get(EVENT_CODE)
    if code is None or value(code, "value") not in KINDS:
        yield _finding(
            "jp-event-code", ERROR, info,
            f"eventCode {EVENT_CODE!r} must be one of {', '.join(KINDS)}",
        )  # fmt: skip
    else:
        told = _pairs(info, "parameter").get(PHASE)
        wanted = KINDS[value(code, "value")].phase
        if wanted and (told is None or value(told, "value") != wanted):
            yield _finding(
                "jp-phase", ERROR, info,
                f"parameter {PHASE!r} must be {wanted} for {value(code, 'value')}",
            )  # fmt: skip
    responses = {r.text for r in _all(info, "cap:responseType")}
    if "AllClear" in responses and kind == "Alert":
        yield _finding("jp-all-clear", ERROR, info, "an all-clear is an Update or a Cancel")
    yield from _expiry(info, kind)
    if status in (EXERCISE, TEST):
        yield from _wording(info, status)
    areas = _all(info, "cap:area")
    if kind in ("Alert", "Update") and not areas:
        yield _finding("jp-geocode", ERROR, info, "no area: name the municipalities")
    for area in areas:
        yield from _japan_area(area)


def _expiry(info: Any, kind: str) -> Iterator[Finding]:
    element = info.find("cap:expires", NAMESPACES)
    if element is None:
        if kind in ("Alert", "Update"):
            yield _finding("jp-expires", ERROR, info, "no expires: an alert must end by itself")
        return
    try:
        long_s = (time_of(element.text) - time_of(value(info.getparent(), "sent"))).total_seconds()
    except ValueError:
        return
    if long_s > LONGEST_S:
        yield _finding(
            "jp-expires-late", WARNING, element,
            f"expires {long_s / 60.0:.0f} minutes after sent; at most 60 for a missile",
        )  # fmt: skip


def _wording(info: Any, status: str) -> Iterator[Finding]:
    """The status said first and last in every text, and denied in none."""
    language = value(info, "language") or "en-US"
    texts = [(info.find(f"cap:{name}", NAMESPACES), name) for name in MARKED]
    cell = _pairs(info, "parameter").get(CELL_TEXT)
    if cell is not None:
        texts.append((cell.find("cap:value", NAMESPACES), CELL_TEXT))
    for element, name in texts:
        text = "" if element is None else (element.text or "")
        if not text.strip():
            if name in ("headline", "instruction"):
                yield _finding("jp-text", ERROR, info, f"no {name}")
        elif not is_marked(text, status, language):
            yield _finding(
                "jp-wording", ERROR, element,
                f"{name} must begin and end with {mark_of(status, language)!r} ({status})",
            )  # fmt: skip
    spoken = [e for e in info.iter() if e.text and e.tag not in UNSPOKEN and not e.text.isspace()]
    if not denial_in("\n".join(e.text for e in spoken)):
        return  # one look at all of them is enough as a rule
    for element in spoken:
        if phrase := denial_in(element.text):
            yield _finding(
                "jp-denial", ERROR, element,
                f"{phrase!r} in a message of status {status}: nobody could tell which is true",
            )  # fmt: skip


def _japan_area(area: Any) -> Iterator[Finding]:
    told = [(each, *name_and_value(each)) for each in _all(area, "cap:geocode")]
    codes = [(each, code) for each, name, code in told if name == JIS]
    if not codes:
        yield _finding("jp-geocode", ERROR, area, f"no geocode {JIS!r}: name the municipalities")
    for geocode, code in codes:
        found = _CODE.fullmatch(code)
        if found is None or (found[2] and found[2] != check_digit(found[0][:5])):
            yield _finding(
                "jp-code", ERROR, geocode,
                f"{code[:20]!r} is no municipality code: five digits, or six "
                "with the right check digit",
            )  # fmt: skip
    polygons = _all(area, "cap:polygon")
    if not polygons:
        yield _finding("jp-polygon", WARNING, area, "no polygon: phones are addressed by area")
    if len(polygons) > MAX_POLYGONS:
        yield _finding(
            "jp-polygons", ERROR, area, f"{len(polygons)} polygons; at most {MAX_POLYGONS}"
        )
    for polygon in polygons:
        points = (polygon.text or "").count(",") - 1
        if points > MAX_VERTICES:
            yield _finding(
                "jp-vertices", ERROR, polygon, f"{points} vertices; at most {MAX_VERTICES}"
            )


def check_digit(code: str) -> str:
    """Sixth digit of a five-digit municipality code (JIS X 0402)."""
    total = sum(int(d) * w for d, w in zip(code, (6, 5, 4, 3, 2), strict=True))
    return str((11 - total % 11) % 10)


def _same_codes(infos: list[Any]) -> Iterator[Finding]:
    """Every language must name the same municipalities for the same instruction."""
    by_language: dict[str, set[tuple[str, str]]] = {}
    for info in infos:
        event = _pairs(info, "eventCode").get(EVENT_CODE)
        kind = "" if event is None else value(event, "value")
        codes = by_language.setdefault((value(info, "language") or "en-US").lower(), set())
        for geocode in _all(info, "cap:area/cap:geocode"):
            name, code = name_and_value(geocode)
            if name == JIS:
                codes.add((kind, code[:5]))
    first = next(iter(by_language.values()), set())
    for info in infos:
        language = (value(info, "language") or "en-US").lower()
        if by_language[language] != first:
            odd = sorted({code for _, code in by_language[language] ^ first})
            yield _finding(
                "jp-areas-differ", ERROR, info,
                f"{language} names other municipalities than the first language: {odd[:5]}",
            )  # fmt: skip


# --- cell-broadcast ------------------------------------------------------------------------------


def _phones(root: Any, *, needed: bool) -> Iterator[Finding]:
    for info in _all(root, "cap:info"):
        given = _pairs(info, "parameter")
        texts = [name for name in (CELL_TEXT, *WIRELESS) if name in given]
        if needed and not texts:
            if not value(info, "headline"):
                yield _finding("cb-text", ERROR, info, "no text for phones and no headline")
            else:
                yield _finding(
                    "cb-text-headline", ADVICE, info,
                    f"no parameter {CELL_TEXT!r}: phones show headline and instruction",
                )  # fmt: skip
                joined = f"{value(info, 'headline')}\n{value(info, 'instruction')}"
                yield from _too_long(info, joined)
        for name in texts:
            element = given[name].find("cap:value", NAMESPACES)
            text = element.text or ""
            yield from _too_long(element, text)
            if name in WIRELESS and (len(text) > WIRELESS[name] or not is_gsm(text)):
                yield _finding(
                    "cb-wireless", ERROR, element,
                    f"{name}: {len(text)} characters; at most {WIRELESS[name]}, all of GSM 7-bit",
                )  # fmt: skip
        polygons = _all(info, "cap:area/cap:polygon")
        points = sum((p.text or "").count(",") for p in polygons)
        if needed and not polygons and not _all(info, "cap:area/cap:circle"):
            yield _finding("cb-area", ERROR, info, "no polygon or circle: no cell can be chosen")
        if len(polygons) > MAX_POLYGONS or points > MAX_POINTS:
            yield _finding(
                "cb-points", WARNING, info,
                f"{len(polygons)} polygons of {points} points in all; services simplify above "
                f"{MAX_POLYGONS} or {MAX_POINTS}",
            )  # fmt: skip


def _too_long(element: Any, text: str) -> Iterator[Finding]:
    taken, limit, alphabet = places(text)
    if taken > limit:
        yield _finding(
            "cb-length", ERROR, element,
            f"{taken} places in {alphabet}; phones show at most {limit}"
            + ("" if alphabet == "GSM-7" else " (one character outside GSM 7-bit is enough)"),
        )  # fmt: skip

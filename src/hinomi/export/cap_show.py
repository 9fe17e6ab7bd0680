"""A message in words that a person reads: what it claims, for whom, until when."""

from __future__ import annotations

from typing import Any

from hinomi.cap.message import Info, Message
from hinomi.cap.recipients import Recipients
from hinomi.cap.times import JST, time_of
from hinomi.cap.words import mark_of
from hinomi.records.alerts import EXERCISE, TEST
from hinomi.records.places import Places

MOST_NAMES = 12


def banner(message: Message) -> str:
    """First line: the status, or that it is not trusted."""
    if message.status in (EXERCISE, TEST):
        english, japanese = (mark_of(message.status, tag) for tag in ("en", "ja"))
        return f"{english} - {english} - {english}  {japanese} {japanese} {japanese}"
    return f"claims {message.status}, not trusted"


def show_lines(message: Message, found: Recipients, places: Places) -> list[str]:
    """Tell a message in lines, the banner first and last."""
    signed = "signed (whose key: hinomi alert verify)" if message.signed else "not signed"
    out = [
        banner(message), "",
        f"{message.kind} {message.identifier}",
        f"from        {message.sender}, {signed}",
        f"sent        {_time(message.sent)}",
        f"scope       {message.scope}" + (f": {message.restriction}" if message.restriction else ""),
    ]  # fmt: skip
    if message.incidents:
        out.append(f"incident    {message.incidents}")
    out += [f"follows     {identifier} ({sender}, {_time(sent)})"
            for sender, identifier, sent in message.references]  # fmt: skip
    for info in message.infos:
        out += ["", *_info_lines(info)]
    out += ["", *_recipient_lines(found, places), "", banner(message)]
    return [clean(line) for line in out]


def clean(line: str) -> str:
    """Leave out what would steer a terminal: a message comes from outside."""
    return "".join(c for c in line if c.isprintable() or c == "\t")


def show_object(message: Message, found: Recipients) -> dict[str, Any]:
    """Tell the same for JSON."""
    return {
        "banner": banner(message), "identifier": message.identifier, "sender": message.sender,
        "sent": message.sent, "status": message.status, "kind": message.kind,
        "scope": message.scope, "incidents": message.incidents, "signed": message.signed,
        "references": [list(triple) for triple in message.references],
        "infos": [
            {
                "language": i.language, "event": i.event, "responses": list(i.responses),
                "urgency": i.urgency, "severity": i.severity, "certainty": i.certainty,
                "expires": i.expires, "headline": i.headline, "description": i.description,
                "instruction": i.instruction, "parameters": [list(p) for p in i.parameters],
                "areas": [
                    {"words": a.description, "polygons": len(a.polygons), "codes": list(a.codes)}
                    for a in i.areas
                ],
            }
            for i in message.infos
        ],
        "recipients": list(found.places), "uncovered": list(found.uncovered),
        "bystanders": list(found.bystanders), "unknown_codes": list(found.unknown),
    }  # fmt: skip


def _time(text: str) -> str:
    try:
        return f"{text} ({time_of(text).astimezone(JST):%Y-%m-%d %H:%M:%S} JST)"
    except (ValueError, OverflowError):
        return f"{text} (no time of CAP)"


def _info_lines(info: Info) -> list[str]:
    out = [
        f"[{info.language}] {info.event}",
        f"  {', '.join(info.responses) or 'no response'}; {info.urgency}, {info.severity}, "
        f"{info.certainty}" + (f"; until {_time(info.expires)}" if info.expires else ""),
    ]
    out += [f"  {text}" for text in (info.headline, info.description, info.instruction) if text]
    out += [f"  area: {a.description} ({len(a.codes)} codes, {len(a.polygons)} polygons, "
            f"{len(a.circles)} circles)" for a in info.areas]  # fmt: skip
    return out


def _recipient_lines(found: Recipients, places: Places) -> list[str]:
    people = dict(zip(places.code, places.population, strict=True))
    total = sum(float(people[c]) for c in found.places)
    how = "by code" if found.named else "inside the polygons"
    out = [f"recipients  {len(found.places)} municipalities {how}, {total:,.0f} people: "
           f"{_names(found.places, places)}"]  # fmt: skip
    for label, codes in (
        ("named, but not wholly inside the polygons", found.uncovered),
        ("inside the polygons, but not named", found.bystanders),
    ):
        if codes:
            out.append(f"  {label}: {_names(codes, places)}")
    if found.unknown:
        out.append(f"  codes of no municipality: {', '.join(found.unknown[:MOST_NAMES])}")
    return out


def _names(codes: tuple[str, ...], places: Places) -> str:
    name = dict(zip(places.code, places.name_en, strict=True))
    told = ", ".join(f"{name[c]} {c}" for c in codes[:MOST_NAMES])
    return told + (f" and {len(codes) - MOST_NAMES} more" if len(codes) > MOST_NAMES else "")

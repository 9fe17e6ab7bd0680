"""Changed messages: bytes flipped, cut and doubled, and trees rebuilt from their own pieces."""

from __future__ import annotations

import random
from copy import deepcopy

from lxml import etree

CAP = "{urn:oasis:names:tc:emergency:cap:1.2}"
PARSER = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
MARKUP = (
    b"<!DOCTYPE alert>", b'<!DOCTYPE a SYSTEM "file:///etc/hostname">', b"<!--", b"-->",
    b"<![CDATA[", b"]]>", b"&#0;", b"&#55296;", b"&lt;", b"&x;", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf",
    b"<alert>", b"</info>", b'xmlns:x="y"', b' xmlns="urn:x"', b"<?xml version='1.0'?>",
    b" encoding='utf-16'", b"nan,inf ", b"1e9,1 ", "訓練".encode(), b"-", b",",
    b"</polygon><polygon>", b" URI='#x'", b" Id='x'",
)  # fmt: skip
# Texts at the edges of what the standard, the rules and Python's own readers take.
TEXTS = (
    "", " ", "0", "-0", "+1", "nan", "inf", "1e400", "1_0", "٣", "9" * 400, "Exercise", "Test", "Actual",
    "System", "Draft", "Alert", "Update", "Cancel", "Ack", "Error", "Public", "Restricted", "Private",
    "2025-09-15T19:30:00+09:00", "2025-09-15T10:30:00-00:00", "0000-01-01T00:00:00+00:00",
    "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2025-02-30T24:60:60+99:99",
    "2025-09-15T19:30:00.5+09:00", "２０２５-09-15T19:30:00+09:00",
    "a,b,2025-09-15T19:30:00+09:00", "a,b,c d,e,f", ",,", "x" * 3_000, "this is not a drill",
    "訓練ではありません", "\u200b", "【訓練】x【訓練】", "EXERCISE", "<b>&amp;</b>", "\U0001f600",
    "26.1,127.6 26.1,127.8 26.3,127.8 26.1,127.6", "0,0 0,0 0,0 0,0", "91,181 1,1 1,1 91,181",
    "26.1,127.6 26.3,127.8 26.1,127.8 26.3,127.6 26.1,127.6", "0,-180 0,180 1,180 0,-180",
    "1,1", "1,1 5", "90,0 99999999", "26,127 -1", "26,127 0", "1,2 3 4", "1,2,3 4", "47201", "47000",
    "472018", "472010", "JIS-X0402", "hinomi:event", "hinomi:cell", "ja-JP", "en-US", "x-klingon", "zh",
    "AllClear", "Shelter", "-INF", "1000000000000000000000000", "urn:x", "http://x/y", "image/png",
    "drill@town.example", "other@town.example",
)  # fmt: skip
NAMES = (
    "identifier", "sender", "sent", "status", "msgType", "scope", "restriction", "addresses", "code",
    "note", "references", "incidents", "info", "language", "category", "event", "responseType",
    "urgency", "severity", "certainty", "eventCode", "valueName", "value", "expires", "headline",
    "description", "instruction", "web", "parameter", "resource", "mimeType", "uri", "derefUri", "area",
    "areaDesc", "polygon", "circle", "geocode", "altitude", "ceiling", "size", "digest", "foo",
)  # fmt: skip


def mutant(content: bytes, chance: random.Random, most: int) -> bytes:
    """One changed message of at most `most` bytes, by bytes or by its tree."""
    found = tree_mutant(content, chance) if chance.random() < 0.7 else None
    if found is None:
        found = byte_mutant(content, chance)
    return found[:most]


def byte_mutant(content: bytes, chance: random.Random) -> bytes:
    found = bytearray(content or b"<")
    for _ in range(chance.randint(1, 6)):
        at, long = chance.randrange(len(found)), chance.randint(1, 200)
        how = chance.randrange(6)
        if how == 0:
            found[at] ^= 1 << chance.randrange(8)
        elif how == 1:
            del found[at : at + long]
        elif how == 2:
            found[at:at] = found[at : at + long] * chance.choice((1, 1, 2, 200))
        elif how == 3:
            found[at:at] = chance.choice(MARKUP)
        elif how == 4:
            found[at : at + 1] = chance.choice(TEXTS).encode()
        else:
            other = chance.randrange(len(found))
            found[at : at + long] = found[other : other + long]
        if not found:
            found = bytearray(b"<")
    return bytes(found)


def readable(content: bytes) -> bool:
    """Whether the bytes are a tree that can be changed as one."""
    return b"<info" in content and _tree(content) is not None


def _tree(content: bytes):
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        return None
    try:
        return etree.fromstring(content, PARSER)
    except (etree.XMLSyntaxError, ValueError):
        return None


def tree_mutant(content: bytes, chance: random.Random) -> bytes | None:
    """None where the bytes are no tree."""
    root = _tree(content)
    if root is None:
        return None
    for _ in range(chance.choice((1, 1, 1, 2, 3, 5))):
        every = [e for e in root.iter() if isinstance(e.tag, str)]
        try:
            chance.choice(CHANGES)(root, every, chance.choice(every), chance)
        except (ValueError, TypeError, AssertionError):
            continue  # what lxml will not build, bytes can still say
    encoding = chance.choice(("UTF-8",) * 8 + ("UTF-16", "ISO-8859-1", "us-ascii"))
    found: bytes = etree.tostring(root, xml_declaration=True, encoding=encoding)
    return found


def _copy(element):
    found = deepcopy(element)
    found.tail = None
    return found


def _text(_root, _every, element, chance):
    element.text = chance.choice(TEXTS)


def _join(_root, _every, element, chance):
    element.text = (element.text or "") + chance.choice((" ", "\n", ",", "")) + chance.choice(TEXTS)


def _drop(root, _every, element, _chance):
    if element is not root:
        element.getparent().remove(element)


def _double(root, _every, element, chance):
    if element is not root:
        for _ in range(chance.choice((1, 1, 1, 3, 60))):
            element.addnext(_copy(element))


def _move(root, every, element, chance):
    goal = chance.choice(every)
    if element is not root and goal is not element and element not in goal.iterancestors():
        goal.insert(chance.randrange(len(goal) + 1), _copy(element))


def _rename(_root, _every, element, chance):
    element.tag = CAP + chance.choice(NAMES)


def _add(_root, _every, element, chance):
    etree.SubElement(element, CAP + chance.choice(NAMES)).text = chance.choice(TEXTS)


def _attribute(_root, _every, element, chance):
    name = chance.choice(("a", "Id", "ID", "URI", "Algorithm", "{urn:x}y", "id"))
    element.set(name, chance.choice(TEXTS))


def _note(_root, _every, element, chance):
    part = etree.Comment("x") if chance.random() < 0.5 else etree.ProcessingInstruction("x", "y")
    element.insert(0, part)
    part.tail = chance.choice(TEXTS)


def _deepen(_root, _every, element, chance):
    for _ in range(chance.choice((2, 20, 40, 300))):
        element = etree.SubElement(element, CAP + "info")


def _wrap(root, _every, _element, _chance):
    """The whole message, signature and all, inside another one: as in wrapping attacks."""
    whole = _copy(root)
    inner = etree.SubElement(root, CAP + "info")
    inner.append(whole)


def _resize(_root, _every, element, chance):
    element.text = (element.text or "1,1 ") * chance.choice((2, 50, 2_000))


CHANGES = (
    _text, _text, _text, _join, _drop, _drop, _double, _move, _rename, _add, _add, _attribute, _note,
    _deepen, _wrap, _resize,
)  # fmt: skip

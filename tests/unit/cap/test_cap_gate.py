"""Hostile bytes are refused before anything is built from them, in bounded time and memory."""

import signal
import subprocess
import sys
import tracemalloc

import pytest
from lxml import etree

from hinomi.cap.check import check
from hinomi.cap.finding import RefusedError
from hinomi.cap.gate import MAX_BYTES, gate

ALERT = b'<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">'
POINTS = b"26.1,127.6 26.1,127.8 26.3,127.8 26.3,127.6 26.1,127.6"


def attributes(good, form, count):
    """Thousands of attributes in one tag."""
    return good.replace(b"<note>", b"<note " + b" ".join(form % i for i in range(count)) + b">")


def bomb(good):
    """Entities in entities: a million characters in a line."""
    entities = b'<!ENTITY a "' + b"x" * 9 + b'"><!ENTITY b "' + b"&a;" * 999 + b'">'
    return b"<!DOCTYPE a [" + entities + b"]>" + good.partition(b"?>")[2].strip()


def hostile(good):
    """Name -> bytes, and the code they are refused with."""
    alone = ALERT.decode().replace(">", "/>")
    return {
        "deep": (ALERT * 9_000, "xml-limits"),
        "wide": (good.replace(b"<note>", b"<foo/>" * 13_000 + b"<note>"), "xml-limits"),
        "attributes": (attributes(good, b'a%d="1"', 40_000), "xml-limits"),
        "attributes hidden": (attributes(good, b'a%d=">"', 36_000), "xml-limits"),
        "megabyte polygon": (good.replace(POINTS, b"26.1,127.6 " * 100_000), "xml-size"),
        "million vertices": (good.replace(POINTS, b"1,1 " * 1_000_000), "xml-size"),
        "many vertices": (good.replace(POINTS, b"1,1 " * 60_000), "xml-points"),
        "many polygons": (good.replace(b"<geocode>", b"<polygon>1,1</polygon>" * 600 + b"<geocode>"), "xml-points"),
        "bomb": (bomb(good), "xml-doctype"),
        "utf-16 doctype": (f"<!DOCTYPE alert>{alone}".encode("utf-16"), "xml-doctype"),
        "zeros": (b"\0" * 100_000, "xml-not-well-formed"),
        "nothing": (b"", "xml-not-well-formed"),
        "brackets": (b"<" * 400_000, "xml-not-well-formed"),
        "unknown entity": (good.replace(b"drill-1<", b"&x;<"), "xml-not-well-formed"),
        "unknown encoding": (good.replace(b"UTF-8", b"EBCDIC"), "xml-encoding"),
    }  # fmt: skip


NAMES = list(hostile(b"<note><geocode>" + POINTS))


@pytest.mark.parametrize("name", NAMES)
def test_hostile_bytes_are_refused_by_code(name, desk, schema):
    message, code = hostile(desk.good)[name]
    report = check(message, schema=schema, profile="hinomi-jp")
    assert (report.verdict, report.findings[0].code) == ("refused", code)


@pytest.mark.parametrize("name", NAMES)
def test_hostile_bytes_take_little_memory(name, desk, schema):
    """Python's own memory; at most 24 MB for at most half a megabyte that is looked at."""
    message, _ = hostile(desk.good)[name]
    tracemalloc.start()
    check(message, schema=schema)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 24e6


def test_the_limit_of_size_is_exact(desk):
    fill = MAX_BYTES - len(desk.good)
    just = desk.good + b" " * fill
    assert gate(just).tag.endswith("alert")
    with pytest.raises(RefusedError, match="524,288"):
        gate(just + b" ")


@pytest.mark.parametrize("attributes", [0, 70])
def test_the_limit_of_levels_is_exact_whether_elements_are_counted_or_not(attributes):
    """Seventy attributes in all make the first pass count; none let the tree be looked at alone."""
    spread = b"".join(b'<foo a="%d"/>' % n for n in range(attributes))
    head = ALERT + spread + b"<foo>" * 30

    def deep(more):
        return head + b"<foo>" * more + b"</foo>" * (30 + more) + b"</alert>"

    assert gate(deep(1)).tag.endswith("alert")
    with pytest.raises(RefusedError, match="32 levels"):
        gate(deep(2))


def test_the_limit_of_attributes_is_exact():
    def wide(count):
        return ALERT + b"<foo " + b" ".join(b'a%d=""' % n for n in range(count)) + b"/></alert>"

    assert gate(wide(64)).tag.endswith("alert")
    with pytest.raises(RefusedError, match="64 attributes"):
        gate(wide(65))


@pytest.mark.parametrize("form", ["<![CDATA[<!DOCTYPE alert>]]>", "&lt;!DOCTYPE alert&gt;"])
def test_a_doctype_inside_text_is_text(desk, form):
    root = gate(desk.edited("<note>EXERCISE", f"<note>{form}"))
    assert "<!DOCTYPE alert>" in "".join(root.itertext())


def test_nothing_is_read_from_files_or_the_network(tmp_path, desk):
    """An external entity that would show a file is refused, and no part of the file is told."""
    secret = tmp_path / "secret.txt"
    secret.write_text("swordfish")
    text = desk.good.replace(
        b"<alert ", f'<!DOCTYPE alert [<!ENTITY x SYSTEM "{secret.as_uri()}">]><alert '.encode()
    ).replace(b"drill-1<", b"&x;<")
    with pytest.raises(RefusedError) as caught:
        gate(text)
    assert "swordfish" not in str(caught.value)


CRASH = """
from lxml import etree
xsd = b'''<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:x"
  elementFormDefault="qualified"><xs:element name="alert"><xs:complexType><xs:sequence>
  <xs:element name="identifier" type="xs:string"/></xs:sequence></xs:complexType></xs:element>
  </xs:schema>'''
schema = etree.XMLSchema(etree.fromstring(xsd))
message = b'<!DOCTYPE alert [<!ENTITY a "x">]><alert xmlns="urn:x"><identifier>&a;</identifier></alert>'
"""


def child(code):
    return subprocess.run(
        [sys.executable, "-c", CRASH + code], capture_output=True, text=True, check=False
    )


def test_a_parser_with_a_schema_may_end_the_process_and_the_gate_does_not():
    """One entity ends the process with a signal in lxml 6.1.3; a later lxml may raise or parse.

    The gate refuses the same bytes, in the same process, whatever lxml does.
    """
    unsafe = child("etree.fromstring(message, etree.XMLParser(schema=schema))")
    if etree.LXML_VERSION[:3] == (6, 1, 3) and sys.platform == "linux":
        assert unsafe.returncode == -signal.SIGSEGV
    safe = child(
        "from hinomi.cap.gate import gate\n"
        "from hinomi.cap.finding import RefusedError\n"
        "try:\n    gate(message)\nexcept RefusedError as error:\n    print(error.finding.code)\n"
    )
    assert (safe.returncode, safe.stdout.strip()) == (0, "xml-doctype"), safe.stderr


def test_no_parser_of_the_package_is_given_a_schema():
    """The one way into that crash stays closed."""
    import ast
    from pathlib import Path

    import hinomi

    calls = [
        ast.unparse(node)
        for path in Path(hinomi.__path__[0]).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("XMLParser")
    ]
    assert len(calls) >= 3
    assert [call for call in calls if "schema" in call] == []
    assert [call for call in calls if "resolve_entities=False" not in call] == []

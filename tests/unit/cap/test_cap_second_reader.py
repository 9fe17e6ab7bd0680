"""A second XSD library and a small reader of the standard library's parser agree with ours."""

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import xmlschema

from hinomi.cap.gate import gate
from hinomi.cap.message import read
from hinomi.export.cap_places import EXAMPLES, SCHEMA_FILE, examples
from hinomi.scenario.places import data_file

CAP = "{urn:oasis:names:tc:emergency:cap:1.2}"
BAD = sorted((Path(__file__).parent / "bad").glob("*.xml"))


@pytest.fixture(scope="module")
def second():
    text = data_file(SCHEMA_FILE).read_text(encoding="utf-8")
    return xmlschema.XMLSchema(text, allow="none", defuse="never")


@pytest.mark.parametrize("name", examples())
def test_every_bundled_message_is_valid_for_a_second_library(name, second):
    text = data_file(f"{EXAMPLES}/{name}").read_text(encoding="utf-8")
    assert list(second.iter_errors(text)) == []


@pytest.mark.parametrize(
    "path", [p for p in BAD if p.stem.startswith(("schema", "rules"))], ids=lambda p: p.stem
)
def test_both_libraries_give_the_same_verdict_on_the_schema(path, second, schema):
    from hinomi.cap.schema import check_schema

    ours = check_schema(gate(path.read_bytes()), schema)
    theirs = list(second.iter_errors(path.read_text(encoding="utf-8")))
    assert bool(ours) == bool(theirs)
    assert bool(ours) == path.stem.startswith("schema")


@pytest.mark.parametrize("name", examples())
def test_a_reader_of_the_standard_library_sees_the_same_message(name):
    """Its own walk over the tree, nothing of the package's reader."""
    content = data_file(f"{EXAMPLES}/{name}").read_bytes()
    theirs, ours = ET.fromstring(content), read(gate(content))
    assert theirs.findtext(f"{CAP}identifier") == ours.identifier
    assert theirs.findtext(f"{CAP}status") == ours.status
    assert (theirs.findtext(f"{CAP}references") or "").split() == [
        ",".join(triple) for triple in ours.references
    ]
    infos = theirs.findall(f"{CAP}info")
    assert [i.findtext(f"{CAP}headline") for i in infos] == [i.headline for i in ours.infos]
    assert [i.findtext(f"{CAP}expires") for i in infos] == [i.expires for i in ours.infos]
    for info, mine in zip(infos, ours.infos, strict=True):
        codes = [g.findtext(f"{CAP}value") for g in info.iter(f"{CAP}geocode")]
        assert codes == [code for area in mine.areas for code in area.codes]
        points = [
            tuple(float(n) for n in pair.split(","))
            for polygon in info.iter(f"{CAP}polygon")
            for pair in polygon.text.split()
        ]
        assert points == [point for area in mine.areas for ring in area.polygons for point in ring]

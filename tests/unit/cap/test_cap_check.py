"""Every rule finds its fault, in the right place, and nothing else is refused."""

import re
from pathlib import Path

import pytest

import hinomi.cap
from hinomi.cap.check import check
from hinomi.errors import ScenarioError
from hinomi.export.cap_places import EXAMPLES, examples
from hinomi.scenario.places import data_file

BAD = sorted((Path(__file__).parent / "bad").glob("*.xml"))
ONLY_BYTES = {"xml-size", "xml-points", "schema-failed", "schema-other"}


def profile_of(path):
    return {"jp": "hinomi-jp", "cb": "cell-broadcast"}.get(path.stem.split("-")[0], "cap")


def code_of(path, codes):
    """The code that a file is named after; what follows the code says which case of it."""
    return max((c for c in codes if path.stem.startswith(c)), key=len, default=None)


@pytest.mark.parametrize("profile", ["cap", "hinomi-jp", "cell-broadcast"])
def test_a_good_message_has_no_finding_at_all(desk, schema, profile):
    assert check(desk.good, schema=schema, profile=profile).findings == ()


@pytest.mark.parametrize("path", BAD, ids=lambda p: p.stem)
def test_each_fault_is_found_and_named(path, schema):
    report = check(path.read_bytes(), schema=schema, profile=profile_of(path))
    codes = {f.code for f in report.findings}
    assert code_of(path, codes), codes
    for finding in report.findings:
        assert finding.level in ("xml", "schema", "rules", "profile", "signature")
        assert finding.path.startswith("/")
        assert len(finding.message) > 10


def test_the_faulty_messages_cover_every_code_of_the_package():
    """Codes are read off the source, so that a new rule needs a message of its own."""
    severity = r"(?:ERROR|WARNING|ADVICE)"
    source = {
        p.name: p.read_text(encoding="utf-8") for p in Path(hinomi.cap.__path__[0]).glob("*.py")
    }

    def told(name, pattern):
        return set(re.findall(pattern, source[name]))

    codes = told("gate.py", r'refuse\(\s*"([a-z0-9-]+)"') | {"rules-many"}
    codes |= told("profile.py", r'"((?:jp|cb)-[a-z-]+)"')
    kinds = told("schema.py", r'\("(order|value|pattern|type|attribute)",')
    codes |= {f"schema-{kind}" for kind in kinds}
    rules = told("rules.py", rf'finding\(\s*"([a-z-]+)", {severity}')
    rules |= told("shapes.py", rf'"((?:polygon|circle|area|ceiling)-?[a-z-]*)", {severity}')
    codes |= {f"rules-{rule}" for rule in rules}
    assert len(codes) > 65
    covered = {code_of(path, codes) for path in BAD}
    assert codes - covered - ONLY_BYTES == set()


@pytest.mark.parametrize(
    ("stem", "path"),
    [
        ("rules-polygon-open", "/cap:alert/cap:info[1]/cap:area/cap:polygon"),
        ("rules-references-form", "/cap:alert/cap:references"),
        ("schema-pattern", "/cap:alert/cap:sent"),
        ("jp-wording", "/cap:alert/cap:info[2]/cap:headline"),
        ("jp-denial", "/cap:alert/cap:info[2]/cap:headline"),
        ("jp-status", "/cap:alert/cap:status"),
    ],
)
def test_the_path_leads_to_the_fault(desk, schema, stem, path):
    (file,) = [p for p in BAD if p.stem == stem]
    assert path in [
        f.path for f in check(file.read_bytes(), schema=schema, profile=profile_of(file)).findings
    ]


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_older_versions_are_refused_by_name(schema, version):
    (file,) = [p for p in BAD if p.stem == f"xml-older-cap-{version}"]
    (finding,) = check(file.read_bytes(), schema=schema).findings
    assert f"CAP {version}" in finding.message
    assert "CAP 1.2" in finding.message


@pytest.mark.parametrize("name", examples())
@pytest.mark.parametrize("profile", ["cap", "hinomi-jp", "cell-broadcast"])
def test_every_bundled_message_passes_every_profile(name, profile, schema):
    found = check(data_file(f"{EXAMPLES}/{name}").read_bytes(), schema=schema, profile=profile)
    assert found.findings == ()


def test_an_unknown_profile_is_told_with_those_there_are(desk, schema):
    with pytest.raises(ScenarioError, match="cap, hinomi-jp, cell-broadcast"):
        check(desk.good, schema=schema, profile="ipaws")


@pytest.mark.parametrize("space", ["\n", "  ", "\t"])
def test_any_white_space_between_points_is_accepted(desk, schema, space):
    text = desk.edited("127.6 26.1,127.8", f"127.6{space}26.1,127.8")
    assert check(text, schema=schema).verdict == "accepted"


def test_a_cancel_without_info_is_accepted_by_the_standard(desk, schema):
    text = desk.good.decode().replace("Update", "Cancel")
    text = re.sub(r"<info>.*</info>", "", text, flags=re.DOTALL)
    assert check(text.encode(), schema=schema).verdict == "accepted"


def test_a_status_for_real_is_accepted_by_the_standard_and_refused_by_the_profile(desk, schema):
    text = desk.edited("<status>Exercise<", "<status>Actual<")
    assert check(text, schema=schema).verdict == "accepted"
    report = check(text, schema=schema, profile="hinomi-jp")
    assert report.verdict == "refused"
    assert any("claims Actual, not trusted" in f.message for f in report.findings)


def test_a_text_split_by_a_comment_is_read_whole(desk, schema):
    """Else what is shown could differ from what is signed."""
    text = desk.edited("<status>Exercise<", "<status>Exer<!-- x -->cise<")
    assert check(text, schema=schema, profile="hinomi-jp").findings == ()

"""Files of claims as spreadsheets leave them: bad rows say why, good rows are judged."""

import pytest

from hinomi.errors import ScenarioError
from hinomi.history.answers import FINDING_COLUMNS, findings_table, row_line, table_object
from hinomi.history.claim_table import audit_file, audit_text, decode

HEADER = "id,range_km,apogee_km,time_s,time_min,site_lat_deg,bearing_deg,class,kind\n"


def judged(text, **defaults):
    return audit_text(text, "utf-8", name="claims.csv", defaults=defaults)


def row(line, header=HEADER):
    return judged(header + line + "\n").rows[0]


def test_a_good_row_has_the_same_finding_as_the_claim_typed():
    found = row("a,4600,1000,,22,40.61,,irbm_liquid,").finding
    assert found.verdict == "consistent"
    assert found.bound_s == pytest.approx(1217.7, abs=0.1)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("a,,1000,,22,,,,", "range_km is missing"),
        ("a,far,1000,,22,,,,", "no number"),
        ("a,4600,-3,,22,,,,", "below the surface"),
        ("a,44982,1000,,22,,,,", "half the circumference"),
        ("a,2017/8/29,1000,,22,,,,", "a date"),
        ("a,4600,1000,,,,,,", "no flight time"),
        ("a,4600,1000,1320,22,,,,", "keep one"),
        ("a,4600,1000,,1:22,,,,", "hours and minutes"),
        ("a,4600,1000,,22,north,,,", "site_lat_deg is 'north'"),
        ("a,4600,1000,,22,,,warp,", "no ballistic class"),
        ("a,4600,1000,,22,,,,magic", "the kinds are"),
        ("a,4,600,1000,,22,,,,", "comma inside a number"),
        ("a,nan,1000,,22,,,,", "no number"),
    ],
)
def test_a_bad_row_says_what_is_wrong_and_the_next_is_judged(line, says):
    found = judged(HEADER + line + "\nb,4600,1000,,22,,,,\n")
    assert says in found.rows[0].problem
    assert says in row_line(found.rows[0])
    assert found.rows[1].finding is not None
    assert not found.complete


@pytest.mark.parametrize(
    "cell", ["14", "14 min", "840 s", "14:00", "0:14:00", "05:58-06:12", "１４"]
)
def test_times_in_any_usual_form_are_14_minutes(cell):
    assert row(f"a,2700,550,,{cell},,,,").finding.time_s.value == 840.0


@pytest.mark.parametrize("cell", ["2017/8/29", "42976"])
def test_an_id_that_a_spreadsheet_turned_into_a_date_is_told(cell):
    found = row(f"{cell},2700,550,840,,,,,")
    assert found.name == "2017-08-29"
    assert any("read as the date" in note for note in found.notes)


def test_thousands_in_quotes_are_read():
    assert row('a,"2,700",550,840,,,,,').finding.bound_s == pytest.approx(806.4, abs=0.1)


def test_semicolons_bring_decimal_commas_and_doubt_is_told():
    text = "id;range_km;apogee_km;time_min\na;998,5;3724,9;47,2\nb;2,700;550;14\n"
    found = judged(text)
    assert found.rows[0].finding.time_s.value == pytest.approx(47.2 * 60.0)
    assert "may be 2700 or 2.700" in found.rows[1].problem
    assert any("semicolons" in note for note in found.notes)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le-bom", "cp932"])
def test_every_usual_encoding_is_read(encoding, tmp_path):
    text = "id,range_km,apogee_km,time_s,備考\r\n発射,2700,550,840,弾道\r\n"
    data = (
        b"\xff\xfe" + text.encode("utf-16-le")
        if encoding == "utf-16-le-bom"
        else text.encode(encoding)
    )
    path = tmp_path / "claims.csv"
    path.write_bytes(data)
    found = audit_file(path, defaults={})
    assert found.complete
    assert found.rows[0].name == "発射"
    assert any("備考" in note for note in found.notes)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b"\n \n", "empty"),
        (b"PK\x03\x04\x00\x00\xff\xfe\xfa", "no text"),
        (b"id,range_km\n1,2\n", "no column apogee_km and no column time_s"),
        (b"id,range_km,apogee_km,time_s\n", "no row below"),
        (b"id,range_km,range_km,apogee_km,time_s\n1,2,3,4,5\n", "twice"),
    ],
)
def test_a_file_that_is_no_table_of_claims_is_refused(data, says, tmp_path):
    path = tmp_path / "claims.csv"
    path.write_bytes(data)
    with pytest.raises(ScenarioError, match=says):
        audit_file(path, defaults={})


def test_a_folder_and_a_missing_file_are_refused(tmp_path):
    with pytest.raises(ScenarioError, match="is a folder"):
        audit_file(tmp_path, defaults={})
    with pytest.raises(ScenarioError, match="cannot be read"):
        audit_file(tmp_path / "none.csv", defaults={})


def test_defaults_fill_empty_cells_only():
    text = HEADER + "a,1000,60,,9,,,,\nb,1000,240,,9,,,,ballistic\n"
    found = judged(text, kind="glide").rows
    assert [each.finding.verdict == "not_applicable" for each in found] == [True, False]


def test_columns_in_any_order_case_and_with_blanks_are_found():
    found = judged("Time min , Apogee-km,RANGE_KM\n14,550,2700\n\n,,\n").rows
    assert [each.finding.time_s.value for each in found] == [840.0]
    assert found[0].name == "line 2"


def test_written_findings_have_a_row_for_every_claim():
    found = judged(HEADER + "a,far,1000,,22,,,,\nb,4600,1000,,22,,,,\n")
    table = findings_table(found)
    assert table[0] == list(FINDING_COLUMNS)
    assert [each[2] for each in table[1:]] == ["not judged", found.rows[1].finding.verdict]
    told = table_object(found)["rows"]
    assert told[0]["verdict"] is None
    assert told[1]["verdict"] == found.rows[1].finding.verdict


def test_shift_jis_is_only_taken_when_it_is_not_utf_8():
    assert decode("高度".encode(), "x") == ("高度", "utf-8")
    assert decode("高度".encode("cp932"), "x") == ("高度", "cp932")


def test_blank_cells_at_the_end_of_every_row_are_no_mistake():
    text = "id,range_km,apogee_km,time_min\na,2700,550,14,,\nb,4600,1000,22,,\n"
    assert judged(text).complete

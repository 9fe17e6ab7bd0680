"""`hinomi launches`, `audit`, `replay` as a user calls them."""

import csv
import json
import subprocess
import sys

import pytest

CLAIM = ("--range-km", "2700", "--apogee-km", "550")


def test_launches_lists_all_and_prints_one_with_who_said_what(program):
    code, out, _ = program("launches")
    assert code == 0
    head, *rows = out.splitlines()
    assert len(rows) == 22
    assert head.index("range") < head.index("apogee"), "two columns of km, told apart"
    assert rows[0][head.index("vehicle") :].startswith("Hwasong-12")
    code, out, _ = program("launches", "2022-11-18")
    assert code == 0
    for words in ("KCNA says", "6,040.9 km", "Japan says", "6,000 km", "6,100 km", "published"):
        assert words in out
    listed = json.loads(program("launches", "--json")[1])["launches"]
    assert json.loads(program("launches", "2022-11-18", "--json")[1]) in listed


def test_a_typed_claim_is_judged_and_as_json_has_the_promised_keys(program):
    code, out, _ = program("audit", *CLAIM, "--time-s", "700")
    assert code == 0  # whatever the verdict
    assert out.startswith("verdict: inconsistent")
    assert "shorter than any unpowered flight of that range and apogee" in " ".join(out.split())
    told = json.loads(program("audit", *CLAIM, "--time-min", "14", "--json")[1])
    assert {"verdict", "bound_s", "bound_rotating_s", "margin_s", "reason"} <= set(told)
    assert told["bound_s"] == pytest.approx(806.4, abs=0.1)
    assert told["margin_s"] == pytest.approx(840.0 - told["bound_rotating_s"], abs=0.11)
    assert {"excess_low_s", "excess_high_s", "verdict_with_measurement_error"} <= set(told)


def test_site_bearing_class_and_detection_reach_the_audit(program):
    words = ("audit", *CLAIM, "--clock", "05:58-06:12", "--json")
    free = json.loads(program(*words)[1])
    east = json.loads(
        program(*words, "--from", "40,130", "--bearing-deg", "90", "--class", "irbm_liquid",
                "--detected")[1]
    )  # fmt: skip
    assert east["bound_rotating_s"] == pytest.approx(825.5, abs=0.6)
    assert free["bound_rotating_s"] < 790.0
    assert east["classes"] == ["irbm_liquid"]
    assert east["claim"]["launch_minute_may_be_detection"] is True


def test_a_launch_with_conflicting_sources_has_a_finding_for_each(program):
    code, out, _ = program("audit", "2022-11-18")
    assert code == 0
    assert out.count("verdict:") == 3
    assert "fits best:" in out
    told = json.loads(program("audit", "2022/11/18", "--json")[1])
    assert [each["by"] for each in told["sets"]] == ["KCNA", "Japan", "South Korea"]
    assert told["verdict"] == told["sets"][0]["verdict"]


@pytest.mark.parametrize("launch", ["2022-01-05", "2024-04-02", "2023-05-31"])
def test_launches_that_are_not_ballistic_are_not_applicable(program, launch):
    code, out, _ = program("audit", launch, "--json")
    assert code == 0
    assert json.loads(out)["verdict"] == "not_applicable"


def test_a_file_of_claims_is_judged_row_by_row(program, tmp_path):
    (tmp_path / "claims.csv").write_bytes(
        "id;range_km;apogee_km;time_min;メモ\na;2700;550;14;x\nb;;550;14;x\n".encode("cp932")
    )
    code, out, err = program("audit", "claims.csv", "--csv", "findings.csv")
    assert code == 1  # one row could not be judged
    assert "line 2  a: consistent" in out
    assert "line 3  b: not judged: range_km is missing" in out
    assert "1 of 2 rows" in err
    with (tmp_path / "findings.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["verdict"] for row in rows] == ["consistent", "not judged"]
    code, out, _ = program("audit", "claims.csv", "--json")
    assert code == 1
    assert len(json.loads(out)["rows"]) == 2


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("audit",), "a claim needs"),
        (("audit", *CLAIM), "0 times are given"),
        (("audit", *CLAIM, "--time-s", "1", "--time-min", "1"), "2 times are given"),
        (("audit", "2017-08-29", "--time-s", "1"), "both given"),
        (("audit", "2017-08-29", "--kind", "glide"), "its own kind"),
        (("audit", "2017-08-30"), "nearest: 2017-08-29"),
        (("audit", "none.csv"), "cannot be read"),
        (("audit", *CLAIM, "--time-s", "x"), "--time-s is 'x'"),
        (("audit", *CLAIM, "--time-s", "840", "--from", "39"), "write LAT,LON"),
        (("audit", *CLAIM, "--time-s", "840", "--from", "39,999"), "longitude"),
        (("audit", *CLAIM, "--time-s", "840", "--bearing-deg", "-1"), "between 0 and 360"),
        (("audit", *CLAIM, "--time-s", "840", "--picture", "a.pdf"), ".png or .svg"),
        (("audit", *CLAIM, "--time-s", "840", "--csv", "a.csv"), "file of claims"),
        (("launches", "yesterday"), "nearest"),
        (("replay", "2022-01-05"), "no class"),
        (("replay", "2017"), "nearest: 2017-05-14"),
    ],
)
def test_wrong_use_is_told_and_ends_with_2(program, words, says):
    code, out, err = program(*words)
    assert (code, out) == (2, "")
    assert says in err


def test_pictures_are_drawn_and_repeat_themselves(program, tmp_path):
    for name in ("a.svg", "b.svg", "c.png"):
        assert program("audit", "2017-08-29", "--picture", name)[0] == 0
    drawn = (tmp_path / "a.svg").read_text(encoding="utf-8")
    assert drawn == (tmp_path / "b.svg").read_text(encoding="utf-8")
    for words in ("STUDY", "not a warning", "apogee, km", "2022-10-04", "Japan", "consistent"):
        assert words in drawn
    assert (tmp_path / "c.png").read_bytes().startswith(b"\x89PNG")


def test_a_list_of_launches_needs_no_numerical_library():
    code = (
        "import sys, contextlib, io, hinomi.cli as c\n"
        "sys.argv = ['hinomi', 'launches']\n"
        "with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):\n"
        "    c.main()\n"
        "print(sorted({'numpy', 'numba', 'scipy', 'matplotlib'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"

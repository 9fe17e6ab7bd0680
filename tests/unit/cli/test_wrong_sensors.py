"""What a user may get wrong about sensors, and a sensor that is lost: told, or done, never guessed."""

import json
from pathlib import Path

import pytest

QUICK = "replay-2017-08-29"
ORBIT = """SAT A
1 00001U 24001A   17241.00000000  .00000012  00000-0  10000-4 0    15
2 00001  80.0000  40.0000 0010000  90.0000 270.0000 13.71000000    17
"""


@pytest.fixture
def scenario(program, tmp_path):
    """Write the quick scenario with something put behind its `[[radars]]` of that day."""
    _, text, _ = program("scenarios", QUICK)

    def write(more="", old="", new=""):
        assert not old or text.count(old) >= 1, old
        path = tmp_path / "mine.toml"
        path.write_text(text.replace(old, new, 1) + more, encoding="utf-8")
        return path

    return write


def section(extra, name="LOW"):
    return f'\n[[infrared]]\nname = "{name}"\nclass = "leo_wide"\nowner = "US"\n{extra}\n'


WALKER = (
    'orbit = "walker"\nsatellites = {n}\nplanes = 3\nphasing = {f}\ninclination_deg = 80\n'
    "altitude_km = {h}"
)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["run", QUICK, "--without", "Sharki"], "did you mean 'Shariki'?"),
        (["run", QUICK, "--without", "Shariki,Shariki"], "--without names 'Shariki' twice"),
        (["run", QUICK, "--without", ","], "--without is ','; name one or more, apart by commas"),
        (["compare", "okinawa-2025", "--without", "LEO 1-1"], "satellites are lost by group"),
    ],
)
def test_a_lost_sensor_must_be_one_of_the_scenario(program, words, told):
    code, out, err = program(*words)
    assert code == 2
    assert out == ""
    assert told in err


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (section(WALKER.format(n=8, f=1, h=1000)), "8 satellites in 3 planes; they must divide"),
        (section(WALKER.format(n=9, f=3, h=1000)), "phasing 3 with 3 planes; it must lie in 0..2"),
        (section(WALKER.format(n=9, f=1, h=-10)), "given: -10; limit: more than 100"),
        (section(WALKER.format(n=9, f=1, h=100)), "given: 100; limit: more than 100"),
        (section('orbit = "file"'), "has neither file nor elements"),
        (section('orbit = "file"\nfile = "no.tle"'), "no.tle: no such file"),
        (section('orbit = "fiel"\nfile = "no.tle"'), "did you mean 'file'?"),
        (section('orbit = "geo"\nlongitude_deg = 70', name="Shariki"), "is used twice"),
        (
            section('orbit = "geo"\nlongitude_deg = 70', name="LOW 1-1")
            + section(WALKER.format(n=9, f=1, h=1000)),
            "two sensors are called 'LOW 1-1'",
        ),
        ("\n[catalogue.radar.xband_forward]\nreference_range_km = 0\n", "limit: at least 1"),
    ],
)  # fmt: skip
def test_check_tells_what_is_wrong_with_a_sensor_and_its_limit(program, scenario, more, told):
    code, out, _ = program("check", scenario(more))
    assert code == 1
    assert told in out


def test_check_warns_of_lines_that_were_left_out_and_of_old_elements(program, scenario, tmp_path):
    good = ORBIT.splitlines()
    bad = good[1][:-1] + "0"
    text = "\n".join([*good, "SAT B", bad, good[2], "SAT C"]) + "\n"
    (tmp_path / "orbits.txt").write_text(text, encoding="utf-8")
    path = scenario(section('orbit = "file"\nfile = "orbits.txt"'))
    code, out, _ = program("check", path)
    assert code == 0
    where = "warning: infrared[LOW].file: orbits.txt: "
    assert f"{where}line 5: its checksum is 5, the line says 0; left out" in out
    assert f"{where}line 7: no elements follow this line; left out" in out
    assert "no mistakes" in out
    dated = text.replace("17241.00000000", "17221.00000000").replace("0    15", "0    13")
    (tmp_path / "orbits.txt").write_text(dated, encoding="utf-8")
    code, out, _ = program("check", path)
    assert code == 0
    assert "the elements of 1 of 1 satellites are more than 7 days" in out
    assert "expect errors of about 21 to 61 km" in out


def test_a_run_without_a_sensor_says_so_in_its_plan_and_has_a_folder_of_its_own(program):
    words = ("run", QUICK, "-n", "2", "--companions", "0", "--workers", "1", "--quiet", "--json")
    code, out, _ = program(*words, "--without", "Shariki,GEO 150E")
    assert code == 0
    lost = json.loads(out)
    plan = json.loads((Path(lost["folder"]) / "plan.json").read_text(encoding="utf-8"))
    assert set(plan["changes"]) == {
        "radars[Shariki].availability",
        "infrared[GEO 150E].availability",
    }
    assert {c["value"] for c in plan["changes"].values()} == {0.0}
    found = {r["name"]: r["availability"]["value"] for r in plan["document"]["radars"]}
    assert found["Shariki"] == 0.0
    assert all(value > 0.0 for name, value in found.items() if name != "Shariki")
    code, out, _ = program("run", QUICK, *words[2:], "--dry-run")
    assert code == 0
    assert plan["content_hash"] not in out


def test_a_run_on_satellites_of_a_file_can_be_checked_when_the_file_is_gone(
    program, scenario, tmp_path
):
    (tmp_path / "orbits.txt").write_text(ORBIT, encoding="utf-8")
    path = scenario(section('orbit = "file"\nfile = "orbits.txt"'))
    options = ("-n", "1", "--companions", "0", "--workers", "1", "--quiet", "-o", "out")
    code, _, err = program("run", path, *options)
    assert code == 0, err
    (tmp_path / "orbits.txt").unlink()
    code, out, err = program("verify", "out")
    assert code == 0, out + err

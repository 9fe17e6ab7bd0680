"""`hinomi evacuate`: the answer, its files, and mistakes in words."""

import csv

import pytest

OWN = """
format = "hinomi/evacuation/1"
name = "isle"
title = "One isle"
season = "calm"

[[seasons]]
name = "calm"
storm_per_day = 0
storm_days = 1

[[islands]]
name = "Isle"
weather = "here"
residents = 1000

[[exits]]
name = "Quay"
island = "Isle"
kind = "port"
people_per_day = 300
open_share = 1
"""


@pytest.fixture
def own(tmp_path):
    def write(old="", new=""):
        assert old in OWN
        (tmp_path / "isle.toml").write_text(OWN.replace(old, new), encoding="utf-8")
        return "isle.toml"

    return write


def test_a_plan_of_ones_own_has_its_closed_form(program, strict, own):
    code, out, err = program("evacuate", own(), "-n", "3", "--json")
    assert (code, err) == (0, "")
    told = strict(out)
    assert told["planned_days"] == pytest.approx(1000 / 300, abs=1e-3)
    assert told["days"] == {"low": 3.333, "value": 3.333, "high": 3.333}
    assert told["bottleneck"] == "Quay"
    assert told["doubled"][0]["days_saved"] == pytest.approx(1000 / 600, abs=2e-3)
    assert told["beds_short"] is None
    assert told["as_good"] == []


def test_days_saved_have_an_interval_and_two_exits_alike_are_not_told_apart(program, strict, own):
    """A quay and a pier of the same size and weather: doubling either saves the same in the mean."""
    pier = OWN[OWN.index("[[exits]]") :].replace("Quay", "Pier").replace("open_share = 1", "open_share = 0.5")  # fmt: skip
    both = own("open_share = 1\n", f"open_share = 0.5\n\n{pier}")
    told = strict(program("evacuate", both, "-n", "100", "--json")[1])
    assert told["as_good"] == [told["doubled"][1]["exit"]]
    for row in told["doubled"]:
        assert row["days_saved_low"] < row["days_saved"] < row["days_saved_high"]
    out = " ".join(program("evacuate", both, "-n", "100")[1].split())  # however it is wrapped
    assert f"{told['bottleneck']} saves most, not told apart from {told['as_good'][0]}" in out


def test_the_bundled_plan_with_its_files(program, tmp_path):
    code, out, err = program(
        "evacuate", "-n", "20", "--csv", "left.csv", "--picture", "p.svg", "--page", "p.html"
    )
    assert (code, err) == (0, "")
    assert "as planned, calm weather, every capacity achieved: 6.0 days" in out
    rows = list(csv.DictReader((tmp_path / "left.csv").read_text().splitlines()))
    assert float(rows[0]["planned"]) == 122_800
    assert float(rows[-1]["high"]) == 0
    assert (tmp_path / "p.svg").read_text(encoding="utf-8").startswith("<svg")
    page = (tmp_path / "p.html").read_text(encoding="utf-8")
    assert "Miyako Shimpo, 31 January 2024" in page
    assert "研究" in page


def test_every_number_is_printed_with_its_source(program):
    code, out, _ = program("evacuate", "--sources")
    assert code == 0
    assert "exits[Ishigaki airport].people_per_day = 10485 (8500 to 10485)  published" in out
    assert all(": " in line and line.split(": ", 1)[1] for line in out.splitlines())


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("sakishma",), "did you mean 'sakishima'"),
        (("nowhere.toml",), "no such file"),
        (("-n", "0"), "1 to 100,000"),
        (("--season", "typhon"), "did you mean 'typhoon'"),
        (("--picture", "p.gif"), "must end in"),
    ],
)
def test_wrong_use_says_the_way_out(program, words, said):
    code, _, err = program("evacuate", *words)
    assert code == 2
    assert said in err


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('format = "hinomi/evacuation/1"', 'format = "hinomi/scenario/1"', "hinomi/evacuation/1"),
        ('island = "Isle"', 'island = "Atoll"', "Atoll"),
        ("people_per_day = 300", "people_per_day = -1", "isle.toml:21"),
        ("open_share = 1", "open_shar = 1", "did you mean 'open_share'"),
        ('kind = "port"', 'kind = "leg"', "a leg names where it leads"),
        ('season = "calm"', 'season = "storm"', "'storm'"),
        ("residents = 1000", "residents = nobody", "isle.toml"),
    ],
)
def test_a_mistake_in_a_plan_is_named(program, own, old, new, said):
    code, _, err = program("evacuate", own(old, new))
    assert code == 2
    assert said in err


def test_numbers_of_a_plan_are_told_in_words_and_the_way_to_their_sources_is_named(program):
    code, out, _ = program("evacuate", "-n", "20")
    assert code == 0
    assert "Hirara port: people a day" in out
    assert "people_per_day" not in out
    assert out.splitlines()[-1].startswith("hinomi evacuate --sources")


def test_an_empty_plan_is_told_how_a_plan_begins(program, tmp_path):
    (tmp_path / "empty.toml").write_text("")
    code, _, err = program("evacuate", "empty.toml")
    assert code == 2
    assert 'empty.toml: is empty; its first line is format = "hinomi/evacuation/1"' in err
    assert "scenario" not in err

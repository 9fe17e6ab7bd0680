"""`hinomi replay` as a user calls it: one launch, all of them, a file of one's own."""

import json
from html.parser import HTMLParser

import pytest

from hinomi.history.launches import load_launches
from hinomi.history.replayed import replay_names

FEW = ("-n", "2", "--quiet")
OWN = """
format = "hinomi/launch/1"

[[launches]]
id = "2026-05-01"
vehicle = "an intermediate-range body, invented"
kind = "ballistic"
area = "Sunan"
site = { lat_deg = 39.2, lon_deg = 125.7, grade = "literature", source = "maps" }
class = { name = "irbm_liquid", grade = "assumed", source = "as described" }
end = { lat_deg = 41.1, lon_deg = 157.3, grade = "published", source = "NHK, 1 May 2026" }
sensors = "replay-2017-08-29"

[[launches.sets]]
by = "Japan"
alerted_prefectures = ["Hokkaido", "Aomori"]
apogee_km = { value = 550, grade = "published", source = "NHK, 1 May 2026" }
launch_jst = { value = "05:58", grade = "published", source = "NHK, 1 May 2026" }
alert_jst = { value = "06:02", grade = "published", source = "NHK, 1 May 2026" }
"""


class Page(HTMLParser):
    """Addresses that a page would fetch, and whether its tags close."""

    def __init__(self):
        super().__init__()
        self.fetched, self.open = [], []

    def handle_starttag(self, tag, attrs):
        self.fetched += [v for k, v in attrs if k == "src" or (k == "href" and tag == "link")]
        if tag not in ("meta", "link", "line", "rect", "circle", "br"):
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        """A tag that closes itself holds nothing open."""

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_a_launch_prints_its_flight_and_both_minutes_with_a_verdict(program):
    code, out, _ = program("replay", "2017-08-29", *FEW)
    assert code == 0
    for words in ("RECONSTRUCTION", "burnout", "apogee", "over land", "inside 120 s"):
        assert words in out
    for words in ("reported", "simulated", "CRPS", "06:02", "its alert proves nothing", "MISS"):
        assert words in out
    assert "hinomi run replay-2017-08-29" in out


def test_as_json_it_keeps_the_flight_and_adds_the_times(program):
    told = json.loads(program("replay", "2017-08-29", *FEW, "--json")[1])
    first = told["sets"][0]
    assert first["miss_s"] == pytest.approx(first["time_s"] - 840.0, abs=0.1)
    assert first["inside_120_s"] is (abs(first["miss_s"]) <= 120.0)
    assert first["overland"]["inside_60_s"] is True
    times = {each["name"]: each for each in told["times"]}
    assert times["alert"]["reported_s"] == 240.0
    assert times["alert"]["verdict"] == "not counted"
    assert times["flight_time_s"]["difference_s"] == pytest.approx(
        times["flight_time_s"]["median_s"] - 840.0, abs=0.01
    )
    assert told["replicates"] == 2


def test_a_launcher_without_a_class_of_its_own_is_replayed_too(program):
    code, out, _ = program("replay", "2024-05-27", *FEW)
    assert code == 0
    assert "22:46" in out
    assert "announced_window" in out
    assert "likely cause" in out


def test_all_launches_have_pages_that_fetch_nothing_and_one_table(program, tmp_path):
    code, out, err = program("replay", "--all", "-n", "1", "--quiet", "-o", "pages")
    assert code == 0
    assert "index.html" in err
    names = replay_names()
    assert len(names) == 5
    for page in ("index", *names):
        text = (tmp_path / "pages" / f"{page}.html").read_text(encoding="utf-8")
        read = Page()
        read.feed(text)
        assert read.open == []
        assert read.fetched == ["data:,"]
        assert "RECONSTRUCTION" in text
        assert "再現" in text
    told = json.loads((tmp_path / "pages" / "replays.json").read_text(encoding="utf-8"))
    assert [each["scenario"] for each in told["launches"]] == list(names)
    tested = [
        t for e in told["launches"][1:] for t in e["times"] if t["verdict"] in ("within", "MISS")
    ]
    # The end of a flight and its flight time are one measurement.
    ends = sum({"impact", "flight_time_s"} <= {t["name"] for t in e["times"] if t["verdict"] in ("within", "MISS")}
               for e in told["launches"][1:])  # fmt: skip
    assert told["total"]["tested"] == len(tested) - ends
    for each in tested:
        assert bool(each["likely_cause"]) == (each["verdict"] == "MISS")
        assert each["source"]
    assert out.count("MISS") >= told["total"]["misses"]


def test_a_second_call_goes_on_where_the_first_one_stood(program, tmp_path):
    program("replay", "2022-10-04", "-n", "1", "--quiet", "-o", "pages")
    kept = tmp_path / "pages" / "kept" / "replay-2022-10-04.json"
    before = json.loads(kept.read_text(encoding="utf-8"))["replicates"]
    code, out, _ = program("replay", "2022-10-04", "-n", "3", "--quiet", "-o", "pages")
    assert code == 0
    after = json.loads(kept.read_text(encoding="utf-8"))["replicates"]
    assert after[:1] == before
    assert len(after) == 3
    assert program("replay", "2022-10-04", "-n", "3", "--quiet")[1] == out


def test_a_stop_tells_how_to_go_on_and_ends_with_130(program, monkeypatch):
    def stop(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("hinomi.history.replayed.simulate", stop)
    code, _, err = program("replay", "2022-10-04", *FEW, "-o", "pages")
    assert code == 130
    assert "Go on with: hinomi replay 2022-10-04 -n 2 -o pages" in err
    code, _, err = program("replay", "--all", *FEW)
    assert code == 130
    assert "nothing is kept" in err


def test_a_file_of_ones_own_is_replayed(program, tmp_path):
    (tmp_path / "mine.toml").write_text(OWN, encoding="utf-8")
    code, out, _ = program("replay", "mine.toml", *FEW, "-o", "pages")
    assert code == 0
    assert "06:02" in out
    assert (tmp_path / "pages" / "replay-own-2026-05-01.html").exists()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ((), "name one launch or file, or give --all"),
        (("2022-10-04", "--all"), "name one launch or file"),
        (("2022-11-18", "-n", "3"), "has no scenario"),
        (("2022-10-04", "-n", "0"), "1 to 100,000"),
        (("2022-10-04", "-n", "x"), "no whole number"),
        (("2022-10-04", "-o", "a-file"), "name a folder"),
        (("none.toml",), "no such file"),
        (("empty.toml",), "format is None"),
        (("no-facts.toml",), "no fact 'launch'"),
    ],
)
def test_wrong_use_is_told_and_ends_with_2(program, tmp_path, words, says):
    from hinomi.scenario.load import scenario_text

    (tmp_path / "a-file").touch()
    (tmp_path / "empty.toml").write_text("x = 1\n", encoding="utf-8")
    (tmp_path / "no-facts.toml").write_text(scenario_text("okinawa-2025")[0], encoding="utf-8")
    code, out, err = program("replay", *words)
    assert (code, out) == (2, "")
    assert says in err


def test_every_launch_with_a_scenario_names_a_bundled_replay():
    named = {one.scenario for one in load_launches() if one.scenario}
    assert named == set(replay_names())

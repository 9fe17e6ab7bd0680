"""A notebook shows results as small escaped tables in the page's own colours, and never an error."""

import json
import pickle
import re
from html.parser import HTMLParser

import pytest

from hinomi.notebook import tables
from hinomi.notebook.run import run
from hinomi.notebook.scenarios import scenarios
from hinomi.notebook.study import Study
from hinomi.notebook.tables import Shown
from hinomi.study import warm
from hinomi.study.summary import HEADLINES

NASTY = "<script>alert('x')</script> & \"quotes\""


@pytest.fixture(autouse=True)
def warmed(monkeypatch):
    monkeypatch.setattr(warm, "is_warm", lambda chain: True)


def go(out, text='{"replicates": 12}', **settings):
    return run(text, out=out, chain="fake_chain", quiet=True, workers=1, **settings)


class Reader(HTMLParser):
    """Tags opened and closed, their attributes, and the cells of every table."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.closed, self.attributes, self.rows, self.words = [], [], {}, [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes.setdefault(tag, []).append(dict(attrs))
        if tag == "tr":
            self.rows.append([])
        if tag in ("th", "td"):
            self.rows[-1].append("")

    def handle_endtag(self, tag):
        self.closed.append(tag)

    def handle_data(self, data):
        self.words.append(data)
        if self.rows and len(self.tags) and self.tags[-1] in ("th", "td"):
            self.rows[-1][-1] += data


def test_every_headline_of_every_architecture_is_in_the_table(tmp_path):
    study = go(tmp_path / "run")
    found = Reader(study._repr_html_())
    head = next(row for row in found.rows if row[:2] == ["headline", "unit"])
    assert head == ["headline", "unit", "national", "shared_warning", "integrated"]
    told = study.summary()["architectures"]
    by_name = {row[0]: row for row in found.rows}
    assert set(HEADLINES) <= set(by_name)
    first = next(row for row in found.rows if row[0] == "first_detection_s")
    value = told["integrated"]["first_detection_s"]["value"]
    assert float(first[4].split(" [")[0]) == pytest.approx(value, rel=1e-3)
    assert "integrated-shared_warning" in str(found.rows)


def test_tags_are_balanced_and_nothing_is_fetched_or_run(tmp_path):
    study = go(tmp_path / "run")
    shown = (study, study.summary(), study.difference("lead_s"), scenarios())
    for html in (each._repr_html_() for each in shown):
        found = Reader(html)
        assert sorted(found.tags) == sorted(found.closed)
        assert not {"script", "img", "link", "style", "iframe"} & set(found.tags)
        told = {name for all_of in found.attributes.values() for one in all_of for name in one}
        assert told <= {"style"}
        assert len(html) < 40_000


def test_no_colour_but_the_pages_own(tmp_path):
    """Dark or light: text inherits, lines are drawn in the colour of the text, ground is clear."""
    html = go(tmp_path / "run")._repr_html_()
    colours = set(re.findall(r"(?<![\w-])color:([^;\"]+)", html))
    assert colours == {"inherit"}
    assert set(re.findall(r"background:([^;\"]+)", html)) == {"transparent"}
    assert not re.search(r":\s*(#|white|black|rgb|hsl)", html)


def test_text_of_others_is_escaped(tmp_path):
    """Names come from files that may be anybody's."""
    study = go(tmp_path / "run")
    told = dict(study.summary())
    told["scenario"] = NASTY
    told["architectures"] = {NASTY: told["architectures"]["national"]}
    told["differences"] = {NASTY: next(iter(told["differences"].values()))}
    for html in (
        tables.summary_html(told),
        tables.difference_html({NASTY: study.difference("lead_s")["integrated-national"]}),
        tables.scenarios_html({NASTY: NASTY}),
        tables.note(NASTY),
    ):
        assert "<script" not in html
        assert "&lt;script&gt;" in html


def test_a_run_that_is_not_there_yet_says_so_and_raises_nothing(tmp_path):
    study = go(tmp_path / "run")
    for path in (study.folder / "metrics").glob("*.parquet"):
        path.unlink()
    (study.folder / "summary.json").unlink()
    assert "nothing computed yet" in Study(study.folder)._repr_html_()


def test_a_damaged_summary_is_told_and_not_raised(tmp_path):
    study = go(tmp_path / "run")
    (study.folder / "summary.json").write_text("{", encoding="utf-8")
    assert "damaged" in Study(study.folder)._repr_html_()


def test_a_run_that_is_not_complete_says_how_many_are_there(tmp_path):
    study = go(tmp_path / "run")
    first = min((study.folder / "metrics").glob("*.parquet"))
    first.unlink()
    for table in ("alerts", "flights"):
        (study.folder / table / first.name).unlink()
    for name in ("run.json", "summary.json"):
        (study.folder / name).unlink()
    html = Study(study.folder)._repr_html_()
    assert "9 of 12 replicates are there" in html
    assert "hinomi resume" in html


def test_what_is_shown_is_a_plain_dictionary_all_the_same(tmp_path):
    """It equals the file, goes through JSON, pickle and copies, and prints as a dictionary."""
    study = go(tmp_path / "run")
    told = study.summary()
    on_disk = json.loads((study.folder / "summary.json").read_text(encoding="utf-8"))
    assert told == on_disk
    assert json.loads(json.dumps(told)) == on_disk
    again = pickle.loads(pickle.dumps(told))
    assert again == told
    assert again._repr_html_() == told._repr_html_()
    assert repr(Shown({"a": 1}, tables.scenarios_html)) == "{'a': 1}"


def test_the_bundled_scenarios_are_named_with_their_titles():
    from hinomi.scenario.load import scenario_names

    found = scenarios()
    assert tuple(found) == scenario_names()
    assert found["okinawa-2025"].startswith("Okinawa and Kyushu")
    assert all(len(title) > 10 for title in found.values())

"""What pages say in Japanese: titles, the footer, the words of the sliders."""

import re

import pytest

from hinomi.scenario.load import load, scenario_names
from hinomi.study.plan import make_plan
from hinomi.web.headlines import title_ja
from hinomi.web.provenance import vintage_object
from hinomi.web.sliders import sliders_of

KANA = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")


@pytest.mark.parametrize("name", scenario_names())
def test_every_bundled_scenario_has_a_japanese_title(name):
    title = load(name).title
    assert KANA.search(title_ja(title))


def test_another_title_stays_as_its_author_wrote_it():
    assert title_ja("my own study") == "my own study"


def test_the_footer_says_the_same_lines_in_japanese():
    told = vintage_object(make_plan(load("okinawa-2025"), replicates=2))
    assert len(told["lines_ja"]) == len(told["lines"])
    assert all(KANA.search(line) for line in told["lines_ja"])
    text = "".join(told["lines_ja"])
    for part in ("2020", "Natural Earth", "okinawa-2025", told["hash"], told["version"]):
        assert part in text


def test_sliders_say_in_both_languages_what_they_do_and_name_no_key():
    scenario = load("okinawa-2025")
    found = [s.told() for s in sliders_of(scenario, ("shared_warning", "integrated"))]
    assert len(found) == 6
    for slider in found:
        assert KANA.search(slider["ja"] + slider["effect_ja"])
        assert not re.search(r"\w_\w|\w\.\w+_", slider["effect"] + slider["effect_ja"])

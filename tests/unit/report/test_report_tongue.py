"""Both languages: nothing untranslated, the same places for values, everything escaped."""

import re
from importlib import resources
from string import Formatter

import pytest
from markupsafe import Markup

from hinomi.errors import ScenarioError
from hinomi.report import japanese, named, section_words, words
from hinomi.report.tongue import ENGLISH, JAPANESE, Tongue, tongue
from hinomi.scenario.places import load_places

BOTH = Tongue("both")
TEMPLATES = ("report.html.j2", "report_evidence.html.j2")


def places(text):
    return sorted(name for _, name, _, _ in Formatter().parse(text) if name)


@pytest.mark.parametrize("template", TEMPLATES)
def test_every_phrase_of_the_templates_has_japanese(template):
    text = (resources.files("hinomi") / "data" / "templates" / template).read_text("utf-8")
    said = re.findall(r"""\bt(?:\.plain)?\((?:"([^"]*)"|'([^']*)')""", text)
    said += re.findall(r"""head\("\w+", ("([^"]*)")\)""", text)
    phrases = {a or b for a, b in said} | {m[1] for m in re.findall(r'head\("(\w+)", "([^"]*)"', text)}  # fmt: skip
    phrases = {p.strip('"') for p in phrases}
    assert len(phrases) > 10
    assert sorted(p for p in phrases if p not in japanese.BOOK) == []


def test_every_text_of_the_words_has_japanese():
    texts = [
        *words.HEADLINE_NAMES.values(), *words.CAPTIONS.values(), *words.WORDS.values(),
        *words.LIMITS, *section_words.STAGE_WORDS.values(), *section_words.PHASE_NAMES.values(),
        *(name for _, name in named.NAMED), *(name for _, name, _ in section_words.TRACKING_ROWS),
        *(unit for _, _, unit in section_words.TRACKING_ROWS),
    ]  # fmt: skip
    assert [t for t in texts if t not in japanese.BOOK] == []


def test_every_place_of_the_tables_has_japanese():
    places = load_places()
    names = {*places.prefecture_en, *map(words.group_title, filter(None, places.island_group))}
    assert len(names) == 57
    assert [n for n in names if n not in japanese.BOOK] == []


def test_both_versions_of_a_phrase_take_the_same_values():
    odd = [e for e, j in japanese.BOOK.items() if "{" in e and places(e) != places(j)]
    assert odd == []


def test_each_language_says_its_own_and_both_mark_theirs():
    assert ENGLISH("Limits") == "Limits"
    assert JAPANESE("Limits") == "限界"
    assert BOTH("{n} replicates", n=3) == Markup(
        '<span class="en">3 replicates</span><span class="ja" lang="ja">繰り返し3回</span>'
    )
    assert BOTH.plain("Limits") == "Limits / 限界"


@pytest.mark.parametrize("say", [ENGLISH, JAPANESE, BOTH])
def test_what_has_no_japanese_is_said_as_it_is_and_never_as_markup(say):
    told = say("<b>my own title {x}</b>")
    assert "<b>" not in told
    assert "&lt;b&gt;my own title {x}&lt;/b&gt;" in told
    assert say.cell("<i>") == "&lt;i&gt;"


def test_numbers_of_a_cell_are_the_same_in_both_languages():
    assert JAPANESE.cell("−1.2 to 3,400") == "−1.2～3,400"
    assert JAPANESE.cell("97\u00a0% in time") == "97\u00a0% 間に合う"
    assert JAPANESE.cell("12 to never") == "12～なし"
    assert BOTH.cell("12.5") == "12.5"


def test_an_unknown_language_is_refused_with_the_known_ones():
    with pytest.raises(ScenarioError, match=r"'fr' is not one of en, ja, both"):
        tongue("fr")

"""Texts of the pages: both languages say the same things, and every text that a view asks for is there."""

import json
import re
from pathlib import Path

import pytest

from hinomi.report.japanese import BOOK
from hinomi.report.named import NAMED
from hinomi.scenario.load import load, scenario_names

SOURCES = Path(__file__).parents[2] / "frontend/src"
NAMES = sorted(p.stem for p in (SOURCES / "words/en").glob("*.json"))
PLACE = re.compile(r"\{(\w+)\}")
KANA = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")
SAY = re.compile(r"\b(?:say|words)\(\"([\w.-]+)\"")


def words(lang, name):
    return json.loads((SOURCES / "words" / lang / f"{name}.json").read_text("utf-8"))


def test_every_view_has_its_words():
    assert {"people", "study", "whatif", "editor", "evidence", "launches", "widgets"} <= set(NAMES)
    assert sorted(p.stem for p in (SOURCES / "words/ja").glob("*.json")) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_both_languages_have_the_same_keys_and_places(name):
    english, japanese = words("en", name), words("ja", name)
    assert list(english) == list(japanese)
    for key, text in english.items():
        assert text.strip(), key
        assert set(PLACE.findall(text)) == set(PLACE.findall(japanese[key])), key


@pytest.mark.parametrize(
    "name", ["people", "study", "whatif", "editor", "evidence", "launches", "keys"]
)
def test_japanese_sentences_are_japanese(name):
    """What has five English words has kana or kanji in Japanese, except the banner's fixed lines."""
    english, japanese = words("en", name), words("ja", name)
    for key, text in english.items():
        if len(text.split()) >= 5 and not key.startswith("banner"):
            assert KANA.search(japanese[key]), key


def test_every_text_that_is_asked_for_by_name_exists():
    common = set(words("en", "shell")) | set(words("en", "widgets"))
    asked = 0
    for path in (SOURCES / "views").glob("*.ts"):
        own = set(words("en", path.stem)) if path.stem in NAMES else set()
        for key in SAY.findall(path.read_text("utf-8")):
            asked += 1
            assert key in own | common, f"{path.name}: {key}"
    views = set().union(*(words("en", n) for n in NAMES))
    for path in (SOURCES / "widgets").glob("*.ts"):
        for key in SAY.findall(path.read_text("utf-8")):
            asked += 1
            assert key in views, f"{path.name}: {key}"
    assert asked > 200


def path_of(key):
    """A key without its names: `catalogue.price.pac3_unit.unit_musd` is `price.unit_musd`."""
    parts = re.sub(r"\[[^\]]*\]", "", key).split(".")
    parts = parts[1:2] + parts[3:] if parts[0] == "catalogue" else parts
    if "magazines" in parts:
        at = parts.index("magazines")
        parts = parts[:at] + parts[at + 2 :]
    return parts


def said(key, lang):
    """Words of a key, looked up as the pages do."""
    parts, known = path_of(key), words(lang, "keys")
    tried = (".".join(parts[-2:]), parts[-1], f"{parts[0]}.{parts[-1]}")
    return next((known[t] for t in tried if t in known), None)


@pytest.mark.parametrize("scenario", scenario_names())
def test_every_number_of_a_bundled_scenario_has_words_in_both_languages(scenario):
    keys = {p.key for p in load(scenario).assumptions}
    assert len(keys) > 100
    assert {k for k in keys if not said(k, "en") or not said(k, "ja")} == set()


@pytest.mark.parametrize(("pattern", "name"), NAMED)
def test_a_number_has_the_name_that_the_report_gives_it(pattern, name):
    key = pattern.replace("*", "x")
    assert said(key, "en") == name
    assert said(key, "ja") == BOOK[name]


def test_words_for_one_and_for_more_are_complete():
    """`{n|raid|raids}` names a value that the text is given anyway."""
    seen = 0
    for lang in ("en", "ja"):
        for name in NAMES:
            for key, text in words(lang, name).items():
                for value, one, more in re.findall(r"\{(\w+)\|([^|{}]+)\|([^|{}]+)\}", text):
                    seen += 1
                    assert f"{{{value}}}" in text, key
                    assert one != more, key
    assert seen > 10

"""The page of changes holds every fragment, and what points to it finds it."""

import re
import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FRAGMENTS = sorted((ROOT / "changelog.d").glob("*.md"))
C = runpy.run_path(str(ROOT / "docs" / "changelog.py"))


@pytest.fixture(scope="module")
def site():
    return C["for_site"]()


def plain(text):
    return " ".join(text.split())


@pytest.mark.parametrize("path", FRAGMENTS, ids=lambda path: path.stem)
def test_a_fragment_is_on_the_page(path, site):
    first = plain(path.read_text(encoding="utf-8"))[:80]
    assert first in plain(site)


def test_the_page_has_one_title_and_each_kind_once(site):
    heads = re.findall(r"^(#+) (.+)$", site, re.MULTILINE)
    assert [head for head in heads if head[0] == "#"] == [("#", "Changelog")]
    assert heads[0] == ("#", "Changelog")
    under = [words for level, words in heads if level == "###"]
    assert set(under) <= {"Breaking", "Results that changed", "New", "Fixed"}


def test_the_file_in_the_repository_begins_alike_and_keeps_the_place_for_releases():
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert text.startswith(C["HEAD"])
    assert text.count(C["RELEASED"]) == 1
    assert "\n- " in text


def test_errata_lead_to_the_page():
    assert "(changelog.md)" in (ROOT / "docs/errata.md").read_text(encoding="utf-8")
    assert (ROOT / "docs/changelog.md").is_file()

"""Catalogues: every number has its source and an honest grade."""

from __future__ import annotations

import re
import tomllib
from importlib import resources

import pytest

from hinomi.scenario.catalogue import KINDS, catalogue, overlay
from hinomi.scenario.catalogue_schema import Catalogue
from hinomi.scenario.quantity import GRADES
from hinomi.scenario.resolve import _walk

FILES = [
    f
    for f in (resources.files("hinomi") / "data" / "catalogue").iterdir()
    if f.name.endswith(".toml")
]


def numbers(node, path=""):
    """(path, table or number) of every leaf number of a parsed file."""
    if isinstance(node, dict) and "value" in node:
        yield path, node
    elif isinstance(node, dict):
        for key, item in node.items():
            yield from numbers(item, f"{path}.{key}")
    elif isinstance(node, list):
        for i, item in enumerate(node):
            yield from numbers(item, f"{path}[{i}]")
    elif isinstance(node, int | float) and not isinstance(node, bool):
        yield path, node


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.name)
def test_every_number_is_a_table_with_range_source_and_grade(file):
    found = list(numbers(tomllib.loads(file.read_text(encoding="utf-8"))))
    assert found
    for path, number in found:
        assert isinstance(number, dict), f"{file.name}{path} is a bare number"
        assert number["grade"] in GRADES, path
        assert len(number["source"]) > 5, path


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.name)
def test_what_is_not_assumed_names_a_document_with_a_year(file):
    for path, number in numbers(tomllib.loads(file.read_text(encoding="utf-8"))):
        if number["grade"] == "published":
            assert re.search(r"(19|20)\d\d", number["source"]), (path, number["source"])


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.name)
def test_sources_are_documents_not_notes_to_self(file):
    assert not re.search(
        r"\bseed \d|models\.md|decisions\.md|five reports|shared[/]",
        file.read_text(encoding="utf-8"),
    )


def test_the_catalogue_passes_its_own_schema_and_every_class_is_seen():
    checked = Catalogue.model_validate({k: v for k, v in catalogue().items() if k in KINDS})
    assert set(checked.threat) >= {"srbm_liquid", "mrbm_liquid", "irbm_liquid", "glider_regional"}
    assert set(checked.interceptor) >= {
        "terminal_low", "area_endo", "terminal_high", "midcourse_A", "midcourse_B", "glide_phase",
    }  # fmt: skip
    assert set(checked.infrared) >= {"geo_scan", "geo_stare", "leo_wide"}
    assert len(list(_walk(checked, "catalogue", drawn=False))) > 300


def test_published_figures_are_the_published_ones():
    """Surveys and relay failures of 2012-2022, Reuters of 20 July 2024, maker's figures of 2026."""
    c = catalogue()
    assert c["warning"]["compliance"]["value"] == 0.055
    failure = c["warning"]["relay_failure"]
    for failed, alerted in ((24, 617), (6, 219), (249, 1725)):
        assert failure["low"] <= failed / alerted <= failure["high"]
    assert c["line"]["pac3_japan"]["rate_per_year"]["value"] == 30
    assert c["line"]["pac3_japan"]["target_per_year"]["value"] == 60
    sm6 = [c["line"][n] for n in ("sm6_us", "sm6_japan")]  # one line for all customers
    assert sum(x["rate_per_year"]["value"] for x in sm6) == 125
    assert sum(x["target_per_year"]["value"] for x in sm6) == 500
    assert c["price"]["sm6_contract"]["unit_musd"]["value"] == pytest.approx(1000 / 625)
    assert c["price"]["sm6_sale"]["unit_musd"]["value"] == pytest.approx(900 / 150)
    assert c["price"]["sm3_iia_sale"]["unit_musd"]["value"] == pytest.approx(3295 / 73, abs=0.2)
    assert c["price"]["pac3_contract"]["unit_musd"]["value"] == pytest.approx(9800 / 2000)


def test_laying_over_replaces_numbers_whole_and_keeps_the_rest():
    base = {"a": {"x": {"value": 1, "source": "s"}, "y": 2}, "b": [1, 2]}
    assert overlay(base, {"a": {"x": {"value": 3}}, "b": [9]}) == {
        "a": {"x": {"value": 3}, "y": 2},
        "b": [9],
    }
    assert base["a"]["x"]["value"] == 1


def test_the_catalogue_is_given_out_as_a_copy():
    catalogue()["warning"]["compliance"]["value"] = 9
    assert catalogue()["warning"]["compliance"]["value"] == 0.055

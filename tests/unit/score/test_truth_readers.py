"""No tracker may know the truth: only what scores them does."""

import ast
from pathlib import Path

import pytest

import hinomi.score
import hinomi.track

FOLDER = Path(hinomi.track.__file__).parent
SCORES = Path(hinomi.score.__file__).parent


def reads(text):
    """Which truths a module touches: the body of plots, the record of flights."""
    tree = ast.parse(text)
    found = set()
    for node in ast.walk(tree):
        body = isinstance(node, ast.Attribute) and node.attr == "body"
        if body and ast.unparse(node.value).endswith("plots"):
            found.add("plots")
        if isinstance(node, ast.ImportFrom) and node.module == "hinomi.records.flights":
            found.add("flights")
    return found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("x = plots.body", {"plots"}),
        ("x = self.plots.body[3]", {"plots"}),
        ("from hinomi.records.flights import Flights", {"flights"}),
        ("x = errors.body", set()),
    ],
)
def test_the_search_finds_what_it_should(text, found):
    assert reads(text) == found


def seen(folder):
    return set().union(*(reads(path.read_text(encoding="utf-8")) for path in folder.glob("*.py")))


def test_only_scores_read_the_truth():
    assert seen(FOLDER) == set()
    assert seen(SCORES) == {"plots", "flights"}

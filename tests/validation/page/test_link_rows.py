"""Every row behind the pictures of the link pages is inside its tolerance, and the pages show them."""

import re
import runpy
from pathlib import Path

import pytest

HERE = Path(__file__).parent
C = runpy.run_path(str(HERE / "cases_links.py"))
DOCS = HERE.parents[2] / "docs"


@pytest.mark.parametrize("link", list(C["LINKS"]))
def test_every_row_of_a_link_is_inside_its_tolerance(link):
    for title, rows in C["rows_of"](link).items():
        assert rows, title
        for row in rows:
            assert row.tolerance > 0.0
            assert row.holds, row


def test_a_row_that_is_wrong_would_show():
    """Straight rays instead of the mixed rule fall short of the trace by more than the tolerance."""
    horizon = C["tests_of"]("horizon", "test_radar_horizon")
    row = next(iter(C["traced"]()))
    height = 1e3 * float(re.search(r"target (\d+)", row.case)[1])
    straight = horizon.tangents_m(30.0, height, C["STRAIGHT_RULE"]) / 1e3
    assert abs(straight - row.theirs) > row.tolerance


@pytest.mark.parametrize("link", ["threat", *C["LINKS"]])
def test_every_link_page_shows_its_picture(link):
    page = (DOCS / "links" / f"{link}.md").read_text(encoding="utf-8")
    for heading in ("## Assumed", "## Formulas", "## Sources", "## Limits", "## Beside"):
        assert heading in page
    picture = (DOCS / "images" / f"link-{link}.svg").read_text(encoding="utf-8")
    assert f"link-{link}.svg" in page
    groups = C["LINKS"].get(link, {})
    for title in groups:
        assert title in picture

"""Tables say what they head; files to download hold the same, bounded, and compute nothing."""

import base64
import csv
import io
import re
from html.parser import HTMLParser

from hypothesis import given, settings
from hypothesis import strategies as st

from hinomi.report.downloads import MOST_BYTES, csv_link, csv_url, figures_link
from hinomi.report.table import cell, grouped, table


def rows_of(url):
    head, data = url.split(",", 1)
    assert head == "data:text/csv;charset=utf-8;base64"
    return list(csv.reader(io.StringIO(base64.b64decode(data).decode("utf-8-sig"))))


class Tags(HTMLParser):
    """Start tags with attributes, and the text."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.text = [], []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text.append(data)


def test_a_table_has_a_named_box_a_caption_and_scopes():
    html = table(["figure", "value"], [["lead", cell("3", "1 to 5")]], label="Lead", caption="grey")
    tags = Tags(html).tags
    box = dict(tags)["div"]
    assert (box["role"], box["tabindex"], box["aria-label"]) == ("region", "0", "Lead")
    assert [a["scope"] for t, a in tags if t == "th"] == ["col", "col", "row"]
    assert "<caption>grey</caption>" in html


def test_rows_of_a_group_share_its_name():
    html = grouped(["of", "figure"], [("a", [["x"], ["y"]]), ("b", [["z"]])], label="l")
    spans = [a.get("rowspan") for t, a in Tags(html).tags if a.get("scope") == "rowgroup"]
    assert spans == ["2", "1"]


PLAIN = st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=30)


@given(PLAIN, PLAIN)
@settings(max_examples=60, derandomize=True, deadline=None)
def test_any_text_of_a_file_is_shown_as_text(first, second):
    html = table([first], [[second, first]], label=second, caption=first, text=(1,))
    found = Tags(html)
    allowed = {"div", "table", "caption", "thead", "tbody", "tr", "th", "td"}
    assert {t for t, _ in found.tags} <= allowed
    assert dict(found.tags)["div"]["aria-label"] == second
    assert "".join(found.text) == f"{first}{first}{second}{first}\n"


def test_a_file_reads_back_and_a_spreadsheet_computes_nothing_of_it():
    url, left = csv_url(("name", "value"), [("=1+1", -3.5), ("沖縄", None), ("-4.5", "+x")])
    assert left == 0
    assert rows_of(url) == [["name", "value"], ["'=1+1", "-3.5"], ["沖縄", ""], ["-4.5", "'+x"]]


def test_a_file_is_bounded_and_says_what_it_left_out():
    rows = [(i, "x" * 100) for i in range(5000)]
    url, left = csv_url(("i", "text"), rows)
    kept = rows_of(url)[1:]
    assert len(base64.b64decode(url.split(",", 1)[1])) <= MOST_BYTES + 3
    assert len(kept) + left == 5000
    assert 0 < left < 5000
    link = csv_link("big", ("i", "text"), rows)
    assert 'download="study-big.csv"' in link
    assert f"without the last {left} rows" in link


def test_figures_go_into_the_file_with_interval_n_and_what_it_holds():
    told = {"a": {"lead_s": {"value": 1.0, "low": None, "high": 2.0, "n": 3, "unit": "s", "holds": "chance only"}}}  # fmt: skip
    url = re.search(r'href="([^"]+)"', figures_link("headlines", told))[1]
    head, row = rows_of(url)
    assert dict(zip(head, row, strict=True)) == {
        "of": "a", "figure": "lead_s", "value": "1.0", "low": "", "high": "2.0", "n": "3",
        "unit": "s", "holds": "chance only", "method": "", "note": "",
    }  # fmt: skip

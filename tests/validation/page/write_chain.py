"""Write docs/validation.md: rows that tests compute, and the cases that tests hold in words.

Run with `make validation`. A test compares the page with the rows, number by number.
"""

import functools
import runpy
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
PAGE = ROOT / "docs" / "validation.md"
MANY = 25  # rows; a longer table is folded
TITLES = {
    "earth": "Earth", "watch": "Watch", "track": "Track", "warn": "Warn", "defend": "Defend",
    "sustain": "Sustain",
}  # fmt: skip
number = runpy.run_path(str(HERE / "write_page.py"))["number"]
HELD = runpy.run_path(str(HERE / "rows.py"))["table"]("page", "held.csv")

# Link, case, source, theirs, ours, difference, tolerance; the test that holds it.
END = """\
Apogee and range of a replay are inputs and prove nothing; only times are tested.
The published 840 s of 29 August 2017 exceed an unpowered flight of that range and apogee by only
34 s (15 s with rotation), less than any plausible boost of the class; the model flight is therefore
about 90 s longer, inside the tolerance of two published minutes.

## Weak spots

The tracker is optimistic for some seconds at burnout and in the pull-up and last part of a glide;
the forecast of a burning body is as wide as its neutral prior (cut-off at any time); nothing here
validates the assumed sensitivities, delays and kill probabilities.
"""


@functools.cache
def groups():
    """Link -> title -> its rows."""
    links = runpy.run_path(str(HERE / "cases_links.py"))["LINKS"]
    more = runpy.run_path(str(HERE / "cases_page.py"))["GROUPS"]
    return {
        link: {
            title: list(rows())
            for title, rows in {**links.get(link, {}), **more.get(link, {})}.items()
        }
        for link in TITLES
    }


def table_of(rows):
    """Case, source, theirs, ours, difference, and how far apart they may be."""
    yield "| case | source | theirs | ours | difference | tolerance |"
    yield "|---|---|---:|---:|---:|---:|"
    for row in rows:
        case = f"{row.case}: {row.quantity}" + ("" if row.unit == "1" else f", {row.unit}")
        numbers = (number(x, row.decimals) for x in (row.theirs, row.ours, row.difference))
        far = f"{row.tolerance:.0f}" if row.tolerance >= 10.0 else f"{row.tolerance:.2g}"
        cells = (case, row.source, *numbers, far)
        yield f"| {' | '.join(cells)} |"


def _page():
    found = groups()
    every = [row for link in found.values() for rows in link.values() for row in rows]
    yield "# Validation"
    yield ""
    yield (
        "Each row compares with something hinomi did not produce. The rows of the links are those that "
        "the tests assert on, written here by `make validation`; a test fails when a number is not what "
        f"the code gives. {sum(row.holds for row in every)} of {len(every)} are inside their tolerance. "
        "Where theirs is printed with few digits, half of the last one is the tolerance."
    )
    yield ""
    yield (
        "The flight has a page of its own: [theirs, ours, difference](flight_validation.md). What no "
        "row can show as two numbers stands [at the end](#cases-held-by-a-test-of-their-own)."
    )
    for link, titles in found.items():
        yield from ("", f"## {TITLES[link]}")
        for title, rows in titles.items():
            yield from ("", f"### {title[0].upper()}{title[1:]}", "")
            folded = len(rows) > MANY
            if folded:
                yield from ("```{raw} html", f"<details><summary>{len(rows)} rows</summary>", "```")
                yield ""
            yield from table_of(rows)
            if folded:
                yield from ("", "```{raw} html", "</details>", "```")
    yield from ("", "## Cases held by a test of their own", "")
    yield "| link | case | source | theirs | ours | difference | tolerance | test |"
    yield "|---|---|---|---|---|---|---|---|"
    for row in HELD:
        *cells, test = row.values()
        yield f"| {' | '.join(cells)} | `{test}` |"
    yield from ("", *END.splitlines())


def page():
    """The whole page as text."""
    return "\n".join(_page()) + "\n"


def main():
    PAGE.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()

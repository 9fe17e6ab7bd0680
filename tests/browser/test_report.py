"""The report in a headless Chromium: offline, whole, readable on a wide and on a narrow screen."""

import json
import os
import re
from pathlib import Path

import pytest

import hinomi
from hinomi.report.data import number
from hinomi.report.words import HEADLINE_NAMES

CHROMIUM = Path("/usr/bin/chromium")
WIDTHS = (1280, 390)
SECTIONS = {
    "okinawa-2025": "answer map timeline lead people defence tracking calibration headlines checks differences companions "
    "assumptions limits",
    "replay-2017-08-29": "answer replay map timeline lead people tracking calibration headlines assumptions limits",
}
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def chromium():
    """A headless Chromium; missing is a failure where CI=true, and otherwise no test."""
    missing = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
    if not CHROMIUM.is_file():
        missing(f"no {CHROMIUM}")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        missing("no playwright")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="module", params=SECTIONS)
def study(request, tmp_path_factory):
    """A small run with its report."""
    from hinomi.study.companions import begin_companions
    from hinomi.study.engine import Local
    from hinomi.study.montecarlo import Begun, execute

    folder = tmp_path_factory.mktemp("report") / "run"
    done = hinomi.run(request.param, replicates=2, out=folder, workers=1, quiet=True)
    begun = Begun(folder=done.folder, plan=done.plan, engine=Local(workers=1))
    for other in begin_companions(begun, replicates=2):
        execute(other)
    done.report()
    return done


@pytest.fixture(scope="module")
def page(chromium, study):
    """The report, opened from its file with every other request refused and written down."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, offline=True)
    opened = context.new_page()
    own = (study.folder / "report.html").resolve().as_uri()
    refused, said = [], []

    def answer(route):
        if route.request.url.split("#")[0] == own or route.request.url.startswith("data:"):
            route.continue_()
        else:
            refused.append(route.request.url)
            route.abort()

    context.route("**/*", answer)
    opened.on("console", lambda message: said.append(message.text))
    opened.on("pageerror", lambda error: said.append(str(error)))
    opened.goto(own)
    opened.refused, opened.said = refused, said
    yield opened
    context.close()


def test_nothing_is_asked_of_the_network_and_nothing_is_said(page):
    for anchor in page.locator("nav a").all():
        anchor.click()
    assert page.refused == []
    assert page.said == []
    others = page.eval_on_selector_all(
        "[src], link[href], use", "all => all.map(e => e.src || e.href.baseVal || e.href)"
    )
    assert all(re.match(r"(data:|#)", url) for url in others), others


def test_the_banner_stays_in_sight(page):
    banner = page.locator(".banner")
    for y in (0, 1500, 10**6):
        page.evaluate(f"window.scrollTo(0, {y})")
        assert "STUDY" in banner.inner_text()
        assert "not a warning" in banner.inner_text()
        box = banner.bounding_box()
        assert box["y"] == 0
        assert box["height"] >= 20
        seen = page.evaluate("document.elementFromPoint(innerWidth / 2, 10).className")
        assert seen == "banner"
    page.evaluate("window.scrollTo(0, 0)")


def test_every_section_has_its_text_and_the_menu_leads_to_it(page, study):
    wanted = SECTIONS[study.plan.scenario].split()
    assert page.eval_on_selector_all("section", "all => all.map(e => e.id)") == wanted
    for name in wanted:
        text = page.locator(f"section#{name}").inner_text()
        assert len(text) > 60, name
        assert not re.search(r"\b(nan|None|undefined|inf)\b|\{\{|\}\}", text), name
    links = page.eval_on_selector_all("nav a", "all => all.map(e => e.getAttribute('href'))")
    assert links == [f"#{name}" for name in wanted]


def test_every_drawing_has_paths_and_a_title(page, study):
    drawings = page.locator("section svg")
    found = drawings.evaluate_all(
        "all => all.map(e => [e.querySelectorAll('path').length,"
        " (e.querySelector('title')?.textContent || '').trim().length,"
        " e.getBoundingClientRect().width])"
    )
    assert len(found) == (7 if study.plan.scenario == "okinawa-2025" else 5)
    for paths, title, width in found:
        assert paths > 5
        assert title > 10
        assert width > 600


def test_the_footer_says_how_old_everything_is(page, study):
    footer = page.locator("footer").inner_text()
    for words in (
        "Boundaries are not authoritative",
        "2020 census (1 October 2020)",
        "Natural Earth",
        study.plan.content_hash[:12],
        f"hinomi {hinomi.__version__}",
        "STUDY",
    ):
        assert words in footer, words


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_runs_out_of_the_page(page, width):
    """Wide tables scroll inside their own box; the page itself never scrolls sideways."""
    page.set_viewport_size({"width": width, "height": 900})
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    out = page.evaluate(
        "() => [...document.querySelectorAll('body *')]"
        ".filter(e => !e.closest('.scroll') && !e.closest('svg')"
        " && e.getBoundingClientRect().right > document.documentElement.clientWidth + 1)"
        ".map(e => e.tagName + ' ' + e.textContent.slice(0, 40))"
    )
    scroll = page.evaluate("document.documentElement.scrollWidth")
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = false)")
    page.set_viewport_size({"width": WIDTHS[0], "height": 900})
    assert out == []
    assert scroll == width


def test_the_headline_table_shows_what_the_summary_holds(page, study):
    """Every row, every architecture: the figure as people write it, to three figures."""
    summary = json.loads((study.folder / "summary.json").read_text())["architectures"]
    names = list(summary)
    rows = page.eval_on_selector_all(
        "section#headlines tbody tr",
        "rows => rows.map(r => [r.querySelector('th').textContent,"
        " [...r.querySelectorAll('td')].slice(1).map(c => c.firstChild.textContent.trim())])",
    )
    shown = dict(rows)
    assert len(rows) == len(summary[names[0]])
    for metric in summary[names[0]]:
        written = [number(summary[a][metric]["value"]) for a in names]
        if all(summary[a][metric]["value"] is not None for a in names):
            assert shown[HEADLINE_NAMES[metric]] == written, metric


def test_every_number_of_the_scenario_is_listed_with_its_grade(page, study):
    scenario = hinomi.load(study.plan.scenario)
    keys = page.eval_on_selector_all(
        "section#assumptions tbody th", "all => all.map(e => e.textContent)"
    )
    assert sorted(keys) == sorted(p.key for p in scenario.assumptions)
    grades = page.eval_on_selector_all(
        "section#assumptions td .grade", "all => all.map(e => e.textContent)"
    )
    assert len(grades) == len(keys)
    assert set(grades) <= {"published", "computed", "literature", "assumed"}


def test_files_to_download_are_inside_the_page(page):
    links = page.eval_on_selector_all(
        "a[download]", "all => all.map(e => [e.download, e.href.slice(0, 13)])"
    )
    assert len(links) >= 2
    for name, href in links:
        assert name.startswith("study-")
        assert name.endswith(".csv")
        assert href.startswith("data:text/csv"), href

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
    "okinawa-2025": "answer named map timeline lead people defence tracking calibration headlines checks differences companions "
    "assumptions limits",
    "replay-2017-08-29": "answer named replay map timeline lead people tracking calibration headlines assumptions limits",
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
    assert len(found) >= (8 if study.plan.scenario == "okinawa-2025" else 5)
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
        "rows => rows.map(r => [(r.querySelector('th .en') ?? r.querySelector('th')).textContent,"
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
        "section#assumptions td .grade", "all => all.map(e => e.firstChild.textContent)"
    )
    assert len(grades) == len(keys)
    assert set(grades) <= {"published", "computed", "literature", "assumed"}


def test_files_to_download_are_inside_the_page(page):
    links = page.eval_on_selector_all(
        "a[download]", "all => all.map(e => [e.download, e.href.slice(0, 13)])"
    )
    assert len({name for name, _ in links}) == len(links) >= 9
    for name, href in links:
        assert name.startswith("study-")
        assert name.endswith(".csv")
        assert href.startswith("data:text/csv"), href


def test_the_switch_chooses_the_language_by_keyboard_and_nothing_stays_behind(page):
    """English first; one arrow key further Japanese; the third choice shows both."""
    head = page.locator("h2#answer-head")
    assert head.inner_text() == "The answer in short"
    page.locator("#show-en").focus()
    page.keyboard.press("ArrowRight")
    assert head.inner_text() == "要点"
    words = page.locator("section#answer .first").inner_text()
    assert "警報は" in words
    assert "alert" not in words
    assert page.locator("section#answer .first .ja").first.get_attribute("lang") == "ja"
    page.keyboard.press("ArrowRight")
    assert head.inner_text().splitlines() == ["The answer in short", "要点"]
    page.locator("#show-en").check()


def test_a_reader_without_eyes_or_mouse_finds_the_way(page):
    """Landmarks once each, a way past the menu, names for all that scrolls, heads that say what they head."""
    for selector in ("body > header", "body > main", "body > footer", "h1"):
        assert page.locator(selector).count() == 1, selector
    page.evaluate("document.activeElement.blur(); window.scrollTo(0, 0)")
    page.locator("a.skip").focus()
    assert page.locator("a.skip").bounding_box()["x"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#answer"
    nameless = page.eval_on_selector_all(
        ".scroll, .drawing", "all => all.filter(e => !e.ariaLabel || e.tabIndex !== 0).length"
    )
    assert nameless == 0
    assert page.locator("table th:not([scope])").count() == 0
    sections = page.eval_on_selector_all(
        "section",
        "all => all.filter(e => !document.getElementById(e.getAttribute('aria-labelledby'))).length",
    )
    assert sections == 0
    twice = page.evaluate(
        "() => { const seen = new Set(); return [...document.querySelectorAll('[id]')]"
        ".filter(e => seen.has(e.id) || !seen.add(e.id)).map(e => e.id) }"
    )
    assert twice == []
    for desc in page.locator("svg[role=img] > desc").all_text_contents():
        assert desc.startswith("STUDY")


def test_every_link_inside_the_page_leads_somewhere(page):
    gone = page.eval_on_selector_all(
        "a[href^='#']",
        "all => all.map(e => e.hash.slice(1)).filter(id => !document.getElementById(id))",
    )
    assert gone == []


def test_no_script_can_run_and_nothing_can_be_fetched(page):
    """The page's own policy, tried with an inline script and a picture from elsewhere."""
    policy = page.locator("meta[http-equiv='Content-Security-Policy']").get_attribute("content")
    assert "default-src 'none'" in policy
    assert page.locator("script").count() == 0
    before = len(page.said)
    page.evaluate(
        "() => { const s = document.createElement('script'); s.textContent = 'window.ran = 1';"
        " document.body.append(s); s.remove() }"
    )
    assert page.evaluate("window.ran") is None
    del page.said[before:]  # the browser says that it refused


def test_every_key_figure_has_an_interval_n_and_what_it_holds(page, study):
    """Two replicates: a median has no interval then, and says so."""
    rows = page.eval_on_selector_all(
        "section#answer tbody tr", "rows => rows.map(r => [...r.cells].map(c => c.innerText))"
    )
    assert len(rows) >= 3
    for row in rows:
        assert row[-1] in ("chance only", "assumed range of the price"), row
        raids = str(study.plan.replicates) if row[-1] == "chance only" else "–"
        assert row[-2] == raids, row
        for cell in row[1:-2]:
            assert re.search(r"\bto\b|no interval|the same in all|never|not defined", cell), row


def test_paper_has_no_menu_and_nothing_is_cut_off(page):
    """At the width of A4 between its margins, 182 mm."""
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 688, "height": 987})
    hidden = page.eval_on_selector_all(
        "nav, .tongue, .back, .file", "all => all.filter(e => e.getClientRects().length).length"
    )
    cut = page.evaluate(
        "() => [...document.querySelectorAll('main *')].filter(e => !e.closest('svg')"
        " && e.getBoundingClientRect().right > 689).map(e => e.tagName + e.textContent.slice(0, 40))"
    )
    banner = page.locator(".banner").is_visible()
    page.emulate_media(media="screen")
    page.set_viewport_size({"width": WIDTHS[0], "height": 900})
    assert hidden == 0
    assert cut == []
    assert banner


def test_a_dark_screen_has_light_words_and_drawings_on_paper(page):
    page.emulate_media(color_scheme="dark")
    ground, ink, paper = page.evaluate(
        "() => [getComputedStyle(document.documentElement).backgroundColor,"
        " getComputedStyle(document.body).color,"
        " getComputedStyle(document.querySelector('.drawing')).backgroundColor]"
    )
    page.emulate_media(color_scheme="light")
    level = {k: sum(map(int, re.findall(r"\d+", v)[:3])) for k, v in
             (("ground", ground), ("ink", ink), ("paper", paper))}  # fmt: skip
    assert level["ground"] < 120
    assert level["ink"] > 600
    assert level["paper"] == 765

"""The map in a headless Chromium: opens, scrubs, two sides by each other, a restart of the server; asks nobody else."""

import contextlib
import os
import re
import struct
import zlib
from pathlib import Path

import pytest

from hinomi.notebook.study import open_run

ROOT = Path(__file__).parents[2]
CHROMIUM = Path("/usr/bin/chromium")
COMMON = ["--no-sandbox", "--disable-dev-shm-usage"]
FLAT = [*COMMON, "--disable-gpu"]
GLOBE = [
    *COMMON,
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist",
]
pytestmark = pytest.mark.browser


def absent(why):
    (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(why)


@pytest.fixture(scope="module")
def driver():
    if not CHROMIUM.is_file():
        absent(f"no {CHROMIUM}")
    if not (ROOT / "src/hinomi/web/static/index.html").is_file():
        absent("the pages are not built (make web)")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        absent("no playwright")
    with sync_playwright() as found:
        yield found


@pytest.fixture
def server(driver, served):
    return served


@pytest.fixture(scope="module")
def chromium(driver):
    browser = driver.chromium.launch(executable_path=str(CHROMIUM), args=FLAT)
    yield browser
    browser.close()


@contextlib.contextmanager
def opened(browser, server, where, *, width=1280, height=720, faults_allowed=False):
    """A page; what it says on the console and asks of others makes the test fail."""
    context = browser.new_context(
        viewport={"width": width, "height": height}, locale="en-GB", color_scheme="dark",
        reduced_motion="reduce", accept_downloads=True,
    )  # fmt: skip
    page = context.new_page()
    faults, elsewhere = [], []
    page.on("console", lambda m: faults.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("response", lambda r: faults.append(f"{r.status} {r.url}") if r.status >= 400 else None)
    near = (server.address, "data:", "blob:")
    page.on("request", lambda r: None if r.url.startswith(near) else elsewhere.append(r.url))
    page.goto(server.address + where)
    page.wait_for_selector("html[data-ready=map]", state="attached", timeout=60_000)
    yield page
    context.close()
    assert not elsewhere, elsewhere
    assert faults_allowed or not faults, faults


@pytest.fixture(scope="module")
def page(chromium, served):
    where = "#/map?a=shared_warning&b=integrated&t=420"
    with opened(chromium, served, where) as found:
        yield found


def at(page, seconds):
    """Wait until the page shows a second."""
    page.locator(".clock-moment").filter(has_text=re.compile(rf"T\+{seconds} s$")).wait_for()


def test_it_says_what_it_is_and_where_its_data_come_from(page):
    banner = page.locator(".banner").inner_text()
    assert "STUDY" in banner
    assert "not a warning" in banner
    assert "警報ではありません" in banner
    assert page.locator(".banner").bounding_box()["y"] == 0
    assert page.locator(".banner button").count() == 0
    footer = page.locator("footer").inner_text()
    for part in ("census", "Natural Earth", "okinawa-2025 (", "hinomi 20", "not authoritative"):
        assert part in footer, part


def test_side_by_side_on_one_clock(page, workspace):
    figures = page.locator(".map-figure")
    assert figures.count() == 2
    assert figures.locator("figcaption").all_inner_texts() == ["Shared warning", "Integrated"]
    at(page, 420)
    labels = [c.get_attribute("aria-label") for c in page.locator(".map-canvas").all()]
    assert labels[0].startswith("Shared warning, T+420 s: ")
    assert labels[1].startswith("Integrated, T+420 s: ")
    hit = {
        (row["body"], row["place_code"])
        for row in open_run(workspace / "small").table("warned").to_pylist()
        if row["hit"] and row["replicate"] == 0
    }
    assert page.locator("table.places tbody tr").count() == len(hit)
    text = page.locator(".map-side").inner_text()
    assert not re.search(r"\b(NaN|undefined|null|Infinity)\b", text)


def test_clock_slider_picture_and_words_move_together(page):
    before = shot(page)
    page.locator(".clock-slider").focus()
    for key, second in (("ArrowRight", 421), ("Shift+ArrowRight", 431), ("ArrowLeft", 430)):
        page.keyboard.press(key)
        at(page, second)
        assert page.locator(".clock-slider").input_value() == str(second)
        label = page.locator(".map-canvas").first.get_attribute("aria-label")
        assert f"T+{second} s" in label or settled(page, second)
    jst = page.locator(".clock-times").inner_text()
    assert "10:37:10 UTC" in jst
    assert "19:37:10 JST" in jst
    assert shot(page) != before
    page.keyboard.press("]")
    assert int(page.locator(".clock-slider").input_value()) > 430
    page.keyboard.press("Home")
    at(page, 0)
    assert page.locator(".clock-said").inner_text()
    page.wait_for_url(re.compile(r"[?&]t=0(&|$)"))  # it follows a little later


def settled(page, second):
    page.locator(f".map-canvas[aria-label*='T+{second} s']").first.wait_for()
    return True


def shot(page):
    return page.locator(".map-canvas").first.screenshot()


def test_every_municipality_that_is_reached_was_calm_before(page):
    page.keyboard.press("Home")
    at(page, 0)
    settled(page, 0)
    states = page.locator("table.places .state-cell")
    assert set(states.all_inner_texts()) == {"calm"}
    page.keyboard.press("End")
    page.locator("table.places .state-cell[data-state=arrived]").first.wait_for()
    assert set(states.all_inner_texts()) == {"reached"}


def test_names_of_sites_and_flights_say_that_they_are_notional(page):
    page.goto(f"{page.url.split('#')[0]}#/map?a=shared_warning&t=420&sel=flight/glider-1")
    heading = page.locator(".picked h3")
    heading.filter(has_text="glider-1 (notional)").wait_for()
    assert page.locator(".map-figure").count() == 1


def test_a_shared_address_shows_the_same_and_the_language_changes_in_place(chromium, server):
    where = (
        "#/map?a=integrated&t=500&z=127.70,26.20,9000&sel=place/47201&off=plots&lang=ja&theme=light"
    )
    with opened(chromium, server, where) as page:
        at(page, 500)
        page.locator(".picked h3").filter(has_text="那覇市 47201").wait_for()
        assert page.evaluate("document.documentElement.lang") == "ja"
        assert page.evaluate("document.documentElement.dataset.theme") == "light"
        assert not page.locator(".legend label", has_text="観測点").locator("input").is_checked()
        assert page.locator(".legend label", has_text="警報").first.locator("input").is_checked()
        page.get_by_role("button", name="Switch to English").click()
        page.locator(".picked h3").filter(has_text="Naha-shi 47201").wait_for()
        at(page, 500)
        assert "z=127.70" in page.url


def test_pictures_that_leave_the_page_say_what_they_are(chromium, server, tmp_path):
    with opened(chromium, server, "#/map?a=integrated&t=420") as page:
        with page.expect_download() as got:
            page.locator("[data-deed=png]").click()
        assert got.value.suggested_filename.startswith("study-")
        path = tmp_path / "map.png"
        got.value.save_as(path)
        width, rows, texts = read_png(path.read_bytes())
        assert any("STUDY" in text and "警報ではありません" in text for text in texts)
        blue = bytes((0x56, 0xB4, 0xE9))
        assert rows[4][: 3 * width].count(blue) > 0.9 * width  # the banner spans the top
        with page.expect_download() as got:
            page.locator("[data-deed=json]").click()
        assert got.value.suggested_filename.startswith("study-")


def read_png(data):
    """Width, first rows as RGB bytes, and the texts of the iTXt chunks; each chunk's checksum is checked."""
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    place, texts, packed = 8, [], b""
    while place < len(data):
        size, kind = struct.unpack(">I4s", data[place : place + 8])
        body = data[place + 8 : place + 8 + size]
        (check,) = struct.unpack(">I", data[place + 8 + size : place + 12 + size])
        assert check == zlib.crc32(kind + body)
        if kind == b"IHDR":
            width, _, depth, colour = struct.unpack(">IIBB", body[:10])
            assert (depth, colour in (2, 6)) == (8, True)
            step = 3 if colour == 2 else 4
        if kind == b"iTXt":
            texts.append(body.rsplit(b"\0", 1)[1].decode())
        if kind == b"IDAT":
            packed += body
        place += 12 + size
    raw, rows, above = zlib.decompress(packed), [], bytes(width * step)
    for i in range(6):
        line = raw[i * (width * step + 1) : (i + 1) * (width * step + 1)]
        above = unfiltered(line[0], line[1:], above, step)
        rows.append(b"".join(above[x : x + 3] for x in range(0, len(above), step)))
    return width, rows, texts


def unfiltered(kind, line, above, step):
    out = bytearray(line)
    for i in range(len(out)):
        a = out[i - step] if i >= step else 0
        b, c = above[i], above[i - step] if i >= step else 0
        p = a + b - c
        paeth = min((abs(p - a), 0, a), (abs(p - b), 1, b), (abs(p - c), 2, c))[2]
        out[i] = (out[i] + (0, a, b, (a + b) // 2, paeth)[kind]) & 255
    return bytes(out)


def test_a_phone_scrolls_in_one_direction_only(chromium, server):
    with opened(
        chromium, server, "#/map?a=integrated&t=420&lang=ja", width=390, height=844
    ) as page:
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        small = page.evaluate(
            "[...document.querySelectorAll('button:not(.clock-tick), select')].filter(e => e.offsetParent)"
            ".filter(e => e.getBoundingClientRect().height < 43.5).map(e => e.outerHTML)"
        )
        assert small == []


def test_a_run_that_is_not_there_says_so(chromium, server):
    context = chromium.new_context(locale="en-GB")
    page = context.new_page()
    page.goto(f"{server.address}#/map?run=nowhere")
    page.locator(".state").filter(has_text="no run called nowhere").wait_for()
    context.close()


def test_it_survives_a_restart_of_the_server(chromium, server):
    where = "#/map?a=shared_warning&t=300"
    with opened(chromium, server, where, faults_allowed=True) as page:
        server.stop()
        try:
            page.locator(".clock-slider").focus()
            page.keyboard.press("ArrowRight")
            at(page, 301)  # what is there stays usable
            page.locator("select[data-key=a]").select_option("integrated")
            page.locator(".state.error").filter(has_text="does not answer").wait_for()
            assert page.locator(".lost").is_visible()
        finally:
            server.start()
        integrated = page.locator(".map-figure figcaption").filter(has_text="Integrated")
        integrated.wait_for(timeout=60_000)
        assert not page.locator(".lost").is_visible()


@pytest.mark.globe
def test_the_globe_opens_beside_the_map(driver, server):
    browser = driver.chromium.launch(executable_path=str(CHROMIUM), args=GLOBE)
    try:
        # The flat map is drawn slowly under these flags: it shows only its ground.
        where = (
            "#/map?a=integrated&t=420&off=flights,tracks,areas,alerts,sites,coverage,plots,labels"
        )
        with opened(browser, server, where, width=420, height=560) as page:
            page.locator("[data-deed=globe]").click()
            note = page.locator(".globe-note").filter(has_text=re.compile("SwiftShader|llvmpipe"))
            note.wait_for(timeout=90_000)
            assert page.locator(".globe-canvas canvas").bounding_box()["width"] > 120
            assert page.locator(".map-canvas").first.is_visible()
            page.locator("[data-deed=globe]").click()
            page.locator(".globe-canvas").wait_for(state="detached")
    finally:
        browser.close()

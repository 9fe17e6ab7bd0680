"""One small run, one server and one browser for the tests of the views."""

import contextlib
import fcntl
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import hinomi

ROOT = Path(__file__).parents[2]
CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
SIDES = ("shared_warning", "integrated")
READY_MS = 60_000
RUN = "small"


def absent(why):
    """Without browser or pages there is nothing to test; where CI=true that is a mistake."""
    (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(why)


@pytest.fixture(scope="session")
def workspace(tmp_path_factory):
    """Folder with one run of four raids in two architectures, made once for all workers."""
    if not Path(CHROMIUM).is_file():
        absent(f"no {CHROMIUM}")
    if not (ROOT / "src/hinomi/web/static/index.html").is_file():
        absent("the pages are not built (make web)")
    base = tmp_path_factory.getbasetemp()
    base = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    folder = base / "views-results"
    with (base / "views.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / RUN / "summary.json").is_file():
            hinomi.run(
                "okinawa-2025",
                replicates=4,
                out=folder / RUN,
                architectures=SIDES,
                workers=1,
                quiet=True,
            )
    return folder


class Served:
    """`hinomi serve` as a child process, ended by its own id."""

    def __init__(self, workspace):
        self.workspace = workspace
        self.run = RUN
        self.sides = SIDES
        self.port = 0
        self.address = ""
        self.process = None

    def start(self):
        """Start on a free port, later on the same one again."""
        command = [sys.executable, "-m", "hinomi", "serve", "--workspace", str(self.workspace)]
        self.process = subprocess.Popen(
            [*command, "--port", str(self.port)],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        for line in self.process.stdout:  # the address stands on one of its lines
            found = re.search(r"(http://127\.0\.0\.1:(\d+)/?)", line)
            if found:
                self.port, self.address = int(found[2]), found[1].rstrip("/") + "/"
                return
        self.stop()
        raise AssertionError("the server ended without an address")

    def stop(self):
        """End it as Ctrl-C would."""
        if self.process is None:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()
        self.process = None


@pytest.fixture(scope="session")
def served(workspace):
    """One server for all views; who stops it starts it again."""
    found = Served(workspace)
    found.start()
    yield found
    found.stop()


@pytest.fixture(scope="module")
def views(served):
    """Opens views in a headless Chromium: `with views("people", lang="ja") as page`."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        absent("no playwright")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield Views(browser, served)
        browser.close()


class Views:
    """A page at a view; whatever it says on the console or asks of others fails the test."""

    def __init__(self, browser, served):
        self.browser = browser
        self.served = served

    @contextlib.contextmanager
    def __call__(
        self, where, *, lang="en", theme="dark", width=1280, height=720, allowed=r"(?!)", **options
    ):
        context = self.browser.new_context(
            viewport={"width": width, "height": height}, locale="en-GB", reduced_motion="reduce",
            accept_downloads=True, **options,
        )  # fmt: skip
        page = context.new_page()
        page.faults, page.elsewhere = [], []
        near = (self.served.address, "data:", "blob:")
        page.on("console", lambda m: m.type in ("error", "warning") and page.faults.append(m.text))
        page.on("pageerror", lambda error: page.faults.append(str(error)))
        page.on("response", lambda r: r.status >= 400 and page.faults.append(f"{r.status} {r.url}"))
        page.on("request", lambda r: r.url.startswith(near) or page.elsewhere.append(r.url))
        try:
            self.go(page, where, lang=lang, theme=theme)
            yield page
            assert page.elsewhere == []
            assert [f for f in page.faults if not re.search(allowed, f)] == []
        finally:
            context.close()

    def go(self, page, where, *, lang="en", theme="dark"):
        """Open another view in the same page and wait until it can be used."""
        page.goto("about:blank")
        more = "&" if "?" in where else "?"
        page.goto(f"{self.served.address}#/{where}{more}lang={lang}&theme={theme}")
        self.ready(page, where.partition("?")[0])

    def ready(self, page, name):
        try:
            page.wait_for_selector(f"html[data-ready={name}]", state="attached", timeout=READY_MS)
        except Exception as error:
            seen = page.evaluate(
                "() => location.hash + ' ' + document.body.innerText.slice(0, 600)"
            )
            raise AssertionError(f"{name} is not ready; the page shows: {seen}") from error


@pytest.fixture(scope="session")
def axe():
    """Text of axe-core, which checks a page from inside."""
    found = ROOT / "frontend/node_modules/axe-core/axe.min.js"
    if not found.is_file():
        absent("axe-core is not installed (npm ci in frontend/)")
    return found.read_text("utf-8")

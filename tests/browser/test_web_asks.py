"""What a person asks of the pages: what-if, a scenario with mistakes, a run, a claim; and a restart of the server."""

import json
import re
import urllib.request

import pytest

pytestmark = pytest.mark.browser


def asked(served, path):
    with urllib.request.urlopen(f"{served.address}api/{path}", timeout=30) as answer:
        return json.load(answer)


def figure(page, name, architecture):
    """(base, changed) of a figure in the table behind the answer."""
    row = page.locator("main table tbody tr").filter(
        has=page.locator("th", has_text=name)
    ).filter(has=page.locator("td", has_text=re.compile(f"^{architecture}$")))  # fmt: skip
    cells = row.locator("td").all_inner_texts()
    return [float(re.match(r"[−\d,.]+", c)[0].replace(",", "")) for c in cells[1:3]]


def test_what_if_answers_with_base_change_and_paired_difference(views, served):
    """Twice as many of those who know go to a shelter: twice as many people are in it, closed form."""
    with views("whatif?s=okinawa-2025&n=2") as page:
        ask = page.get_by_role("button", name="Ask", exact=True)
        assert ask.is_disabled()
        slider = page.locator("#slider-compliance")
        told = asked(served, "whatif/okinawa-2025")["sliders"]
        base = next(s["value"] for s in told if s["name"] == "compliance")
        page.evaluate(
            "([id, v]) => { const e = document.getElementById(id); e.value = v; e.dispatchEvent(new Event('input')) }",
            ["slider-compliance", str(2 * base)],
        )
        moved = float(slider.input_value())
        assert moved == pytest.approx(2 * base)
        assert f"w=compliance%3A{moved:g}" in page.url
        ask.click()
        page.locator(".job[data-status=done]").wait_for(timeout=120_000)
        answer = page.locator(".whatif-two > div.stack")
        page.locator("main details.behind summary").click()
        was, now = figure(page, "people who reached shelter", "integrated")
        assert now / was == pytest.approx(moved / base, rel=2e-3)
        was, now = figure(page, "leakers", "integrated")
        assert now == was
        assert re.search(r"\d+ people \([\d,]+ to [\d,]+\)", answer.inner_text())
        assert "2 raids" in answer.locator("[data-raids]").inner_text()
        # A slider put back is no question any more.
        page.get_by_role("button", name="Reset").click()
        assert ask.is_disabled()
        assert "w=" not in page.url


def write(page, text):
    """Put a text into the sheet as typing would end."""
    page.evaluate(
        "text => { const e = document.getElementById('scenario-text'); e.value = text; e.dispatchEvent(new Event('input')) }",
        text,
    )


def test_mistakes_stand_at_their_line_and_nothing_wrong_is_saved(views, served):
    with views(
        "editor?s=okinawa-2025", allowed=r"^400 .*/api/scenarios/|400 \(Bad Request\)"
    ) as page:
        page.locator(".check-state.fine").wait_for()
        text = page.locator("#scenario-text").input_value()
        wrong = text.replace("nations =", "nationz =").replace(
            "centre_lat_deg = { value = 26.5", "centre_lat_deg = { value = 126.5"
        )
        line = 1 + wrong[: wrong.index("nationz")].count("\n")
        write(page, wrong)
        page.locator(".check-state.not", has_text="3 mistakes").wait_for()
        first = page.locator(".problem-list li", has_text="nationz")
        assert f"Line {line}" in first.inner_text()
        assert "nearest: nations" in first.inner_text()
        limits = page.locator(".problem-list li", has_text="area.centre_lat_deg").inner_text()
        assert "given: 126.5" in limits
        assert "at least -90, at most 90" in limits
        assert page.locator(".sheet-behind .wrong").count() == 2
        assert "← unknown key" in page.locator(".sheet-behind .wrong").first.inner_text()
        assert page.locator("#scenario-text").get_attribute("aria-invalid") == "true"
        first.get_by_role("button").click()
        chosen = page.evaluate(
            "(() => { const e = document.getElementById('scenario-text');"
            " return e.value.slice(e.selectionStart, e.selectionEnd) })()"
        )
        assert chosen.startswith("nationz")
        page.get_by_role("button", name="Save", exact=True).click()
        page.locator(".problem-word", has_text="Not saved").wait_for()
        assert not list(served.workspace.glob("scenarios/*.toml"))


def test_help_follows_the_cursor(views):
    with views("editor?s=okinawa-2025") as page:
        page.evaluate(
            "(() => { const e = document.getElementById('scenario-text');"
            " const at = e.value.indexOf('satellites = '); e.focus(); e.setSelectionRange(at, at);"
            " e.dispatchEvent(new Event('select')) })()"
        )
        help_ = page.locator(".field-help")
        help_.locator("code", has_text="infrared.satellites").wait_for()
        page.locator(".field-help", has_text="As saved: 28 (8 to 54)").wait_for()
        assert "published" in help_.inner_text()


def test_a_run_shows_progress_and_can_be_cancelled(views):
    with views("editor?s=okinawa-2025") as page:
        page.locator("#run-n").fill("500")
        page.get_by_role("button", name="Run", exact=True).click()
        job = page.locator(".job")
        job.wait_for()
        assert (
            "hinomi run okinawa-2025" in page.locator("main code", has_text="-n 500").inner_text()
        )
        assert job.locator("progress").count() == 1
        job.get_by_role("button", name="Cancel").click()
        page.locator(".job[data-status=cancelled]").wait_for(timeout=30_000)
        assert "can be resumed" in page.locator("main").inner_text()


def test_a_claim_is_held_against_physics(views):
    with views("launches") as page:
        for name, value in (("range_km", "4600"), ("apogee_km", "970"), ("time_s", "1320")):
            page.locator(f"#audit-{name}").fill(value)
        page.get_by_role("button", name="Check", exact=True).click()
        page.locator(".verdict-box.fine", has_text="Consistent").wait_for()
        # 4,600 km in eight minutes: no unpowered flight is that short.
        page.locator("#audit-time_s").fill("480")
        page.get_by_role("button", name="Check", exact=True).click()
        page.locator(".verdict-box.not", has_text="Not consistent").wait_for()
        assert "range_km=4600" in page.url


def test_a_claim_that_is_no_number_is_refused_in_words(views):
    with views("launches", allowed=r"^4\d\d .*/api/audit|status of 4\d\d") as page:
        page.locator("#audit-range_km").fill("far")
        page.get_by_role("button", name="Check", exact=True).click()
        page.locator("main .state.error").wait_for()
        assert len(page.locator("main .error-what").inner_text()) > 10


def test_what_was_typed_survives_a_restart_of_the_server(views, served):
    """The editor says that nobody answers, keeps the text, and checks again when the server is back."""
    with views("editor?s=okinawa-2025", allowed="ERR_CONNECTION_REFUSED|Failed to fetch") as page:
        page.locator(".check-state.fine").wait_for()
        text = page.locator("#scenario-text").input_value()
        served.stop()
        write(page, "# mine\n" + text)
        page.locator("main .state.error", has_text="does not answer").wait_for()
        page.locator(".lost").wait_for()
        served.start()
        page.locator(".lost").wait_for(state="hidden", timeout=30_000)
        views.ready(page, "editor")
        page.locator(".check-state.fine").wait_for()
        assert page.locator("#scenario-text").input_value().startswith("# mine\n")


def test_what_was_typed_survives_another_view_and_another_language(views):
    with views("editor?s=okinawa-2025") as page:
        page.locator(".check-state.fine").wait_for()
        text = page.locator("#scenario-text").input_value()
        write(page, "# mine\n" + text)
        page.get_by_role("link", name="What if").click()
        page.wait_for_function("location.hash.startsWith('#/whatif')")
        views.ready(page, "whatif")
        page.get_by_role("link", name="Scenario", exact=True).click()
        views.ready(page, "editor")
        page.get_by_role("button", name="日本語に切り替える").click()
        page.locator("h2", has_text="シナリオの本文").wait_for()
        assert page.locator("#scenario-text").input_value().startswith("# mine\n")
        page.get_by_role("button", name="保存した内容に戻す").click()
        assert page.locator("#scenario-text").input_value() == text


def test_a_link_is_followed_though_the_view_that_is_left_writes_its_address(views):
    """The old view's choice comes between the click and the browser's word of it."""
    with views("evidence?s=okinawa-2025") as page:
        page.evaluate(
            "const list = document.getElementById('choice-s');"
            "document.querySelector('a[data-view=launches]').click();"
            "list.selectedIndex = 1; list.dispatchEvent(new Event('change'))"
        )
        views.ready(page, "launches")
        assert page.evaluate("location.hash").startswith("#/launches")
        assert page.locator("a[data-view=launches]").get_attribute("aria-current") == "page"


def test_a_view_whose_program_was_replaced_is_read_anew_with_what_was_typed(views):
    """Pages that were built again no longer hold the files that an open page knows."""
    with views("editor?s=okinawa-2025", allowed=r"^404 .*whatif-|404 \(Not Found\)") as page:
        page.locator(".check-state.fine").wait_for()
        write(page, "# mine\n" + page.locator("#scenario-text").input_value())
        page.route("**/assets/whatif-*.js", lambda r: r.fulfill(status=404), times=1)
        page.get_by_role("link", name="What if").click()
        views.ready(page, "whatif")
        page.get_by_role("link", name="Scenario", exact=True).click()
        views.ready(page, "editor")
        assert page.locator("#scenario-text").input_value().startswith("# mine\n")

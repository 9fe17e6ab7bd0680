"""`hinomi evidence` and `hinomi explain --trace`, run as a user runs them."""

import json
import re
import sys

import pytest

from hinomi.cli import main

HOSTILE = """
format = "hinomi/evidence/1"
topic = "mine"
title = "<b>Mine</b>"
[[claims]]
id = "mine-1"
quantity = "mine.one"
value = "3"
unit = "<i>rounds</i>"
who = "<script>alert(1)</script>"
where = "Paper & <img src=x onerror=alert(2)>"
address = "javascript:alert(3)"
as_of = "2025"
grade = "assumed"
note = "{{ 7 * 7 }}"
"""


@pytest.fixture
def hinomi(monkeypatch, capsys):
    """Run the program in this process: exit code, stdout, stderr."""

    def run(*words):
        monkeypatch.setattr(sys, "argv", ["hinomi", *words])
        code = 0
        try:
            main()
        except SystemExit as end:
            code = int(end.code or 0)
        out, err = capsys.readouterr()
        return code, out, err

    return run


def test_topics_are_listed_with_counts_and_the_rule(hinomi):
    code, out, err = hinomi("evidence")
    assert (code, err) == (0, "")
    for topic in ("budgets", "instruments", "launches", "prices", "production", "response"):
        assert re.search(rf"^  {topic} +\d+ claims? +\d+ contradictions?", out, re.MULTILINE)
    assert "never averaged" in out


def test_a_topic_shows_who_says_what_and_marks_the_pick(hinomi):
    code, out, _ = hinomi("evidence", "budgets")
    assert code == 0
    assert " > 8.7005 trillion JPY [with realignment]" in out
    assert "60.1 billion USD" in out
    assert out.index("[conflict]") < out.index("[agree within exchange rate]")


def test_the_beginning_of_a_key_is_a_topic_too(hinomi):
    code, out, _ = hinomi("evidence", "gpi.in_service", "--json")
    told = json.loads(out)
    assert code == 0
    assert [q["quantity"] for q in told["quantities"]] == ["gpi.in_service"]
    assert told["counts"]["conflict"] == 1


def test_contradictions_alone(hinomi):
    code, out, _ = hinomi("evidence", "--conflicts")
    assert code == 0
    assert "Glide Sphere Interceptor" in out
    assert "SM-6: one round" not in out  # other bases are no contradiction
    whole = hinomi("evidence", "--json")[1]
    assert out.startswith(f"{json.loads(whole)['counts']['conflict']} quantities")


def test_an_unknown_topic_is_told(hinomi):
    code, _, err = hinomi("evidence", "budget")
    assert code == 2
    assert "did you mean 'budgets'" in err


def test_a_page_opens_alone_and_shows_the_steps(hinomi, tmp_path):
    page = tmp_path / "steps.html"
    code, out, _ = hinomi("evidence", "instruments", "-o", str(page))
    text = page.read_text(encoding="utf-8")
    assert (code, f"page: {page}" in out) == (0, True)
    assert text.index("<svg") < text.index("<h2>Contradictions</h2>")
    assert text.index("<h2>Contradictions</h2>") < text.index("<h2>Without contradiction</h2>")
    assert text.index('id="steps"') < text.index('<section id="conflict-0">')
    assert "…" not in text[text.index("<svg") : text.index("</svg>")]  # nothing is cut short
    linked = set(re.findall(r'<a[^>]* href="#([^"]+)"', text))
    assert {"steps", "conflict-0", "topic-0", "limits"} <= linked
    assert linked <= set(re.findall(r'\bid="([^"]+)"', text))
    assert not re.search(r'(?:src|xlink:href)="(?!#)', text)
    for words in (
        "Project arrangement",
        "Japan to United States",
        "Glide Sphere Interceptor",
        "研究",
    ):
        assert words in text


def test_texts_of_a_file_are_shown_as_text(hinomi, tmp_path):
    own, page = tmp_path / "mine.toml", tmp_path / "mine.html"
    own.write_text(HOSTILE, encoding="utf-8")
    assert hinomi("evidence", "mine", "--file", str(own), "-o", str(page))[0] == 0
    text = page.read_text(encoding="utf-8")
    for bad in ("<script", "<img", "<i>", "<b>Mine", "javascript:", ">49<"):
        assert bad not in text
    assert "&lt;script&gt;alert(1)" in text
    assert "{{ 7 * 7 }}" in text


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("-o", "nowhere/x.html"), "there is no folder"),
        (("-o", "x.pdf"), "must end in .html"),
        (("--file", "none.toml"), "none.toml"),
    ],
)
def test_wrong_files_are_refused(hinomi, words, told, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, out, err = hinomi("evidence", *words)
    assert (code, out) == (2, "")
    assert told in err
    assert "Traceback" not in err


def test_a_claim_without_source_is_an_error_of_the_file(hinomi, tmp_path):
    own = tmp_path / "mine.toml"
    own.write_text(re.sub("^where.*$", "", HOSTILE, flags=re.MULTILINE), encoding="utf-8")
    code, _, err = hinomi("evidence", "--file", str(own))
    assert code == 2
    assert "claims[mine-1]: has no source" in err


def test_explain_names_the_claims_of_each_number(hinomi):
    told = json.loads(hinomi("explain", "okinawa-2025", "--json")[1])
    behind = {p["key"]: p["claims"] for p in told["parameters"]}
    assert "pac3-us-capacity-2026" in behind["catalogue.line.pac3_us.rate_per_year"]
    assert behind["warning.hit_threshold"] == []
    _, out, _ = hinomi("explain", "okinawa-2025", "--only", "pac3_us.rate")
    assert "<- " in out


def test_explain_follows_a_claim(hinomi):
    code, out, _ = hinomi("explain", "okinawa-2025", "--trace", "response-took-shelter-2022")
    assert code == 0
    assert "-> warning.compliance = 0.055" in out
    assert "can move: sheltered_people" in out
    told = json.loads(
        hinomi("explain", "okinawa-2025", "--trace", "pac3-japan-reachable", "--json")[1]
    )
    assert told["numbers"][0]["headlines"] == ["refill_months", "refill_months_with_lead"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--trace", "pac3-japan-reachables"), "did you mean 'pac3-japan-reachable'"),
        (("--trace", "pac3-japan-reachable", "-n", "3"), "add --set pac3-japan-reachable=VALUE"),
        (("-n", "3"), "belong to --trace"),
        (("--trace", "pac3-japan-reachable", "--set", "pac3-japan-reachable=lots"), "is no number"),
        (("--trace", "thaad-loadout", "--set", "thaad-loadout=3"), "nothing can move"),
        (
            ("--trace", "pac3-japan-reachable", "--set", "pac3-japan-reachable=600", "-n", "1"),
            "-n is 1",
        ),
        (
            ("--trace", "pac3-japan-reachable", "--set", "pac3-japan-reachable=-5", "-n", "2"),
            "target_per_year",
        ),
        (("--trace", "threats", "--set", "threats[glider].bank.angle_deg=3"), "outside the scope"),
    ],
)
def test_wrong_questions_of_a_trace_are_refused(hinomi, words, told):
    code, _, err = hinomi("explain", "okinawa-2025", *words)
    assert code == 2
    assert told in err
    assert "Traceback" not in err

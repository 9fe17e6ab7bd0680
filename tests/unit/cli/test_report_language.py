"""`hinomi report --language`: one language or both, the same figures, clear words on another."""

import json
import re

import pytest


def page_of(folder):
    return (folder / "report.html").read_text(encoding="utf-8")


def figures(page, section):
    """Numbers that stand in the cells of a section's table."""
    part = page.split(f'<section id="{section}"', 1)[1].split("</section>", 1)[0]
    return re.findall(r"<td>(−?[\d,.]+)<", part)


def test_each_language_shows_the_same_figures(program, copied):
    found = {}
    for language in ("en", "ja", "both"):
        code, out, _ = program("report", copied.name, "--language", language)
        assert (code, out) == (0, f"{copied.name}/report.html\n")
        page = page_of(copied)
        found[language] = figures(page, "headlines")
        assert ("要点" in page) == (language != "en")
        assert ("The answer in short" in page) == (language != "ja")
        assert ('id="show-ja"' in page) == (language == "both")
    assert len(found["en"]) > 10
    assert found["en"] == found["ja"] == found["both"]


def test_an_unknown_language_is_refused_and_the_report_stays(program, copied):
    before = page_of(copied)
    code, out, err = program("report", copied.name, "--language", "fr")
    assert (code, out) == (2, "")
    assert "language 'fr' is not one of en, ja, both" in err
    assert page_of(copied) == before


def test_an_answer_beside_that_cannot_be_read_harms_nothing(program, copied):
    from hinomi.report.answer import compared
    from hinomi.report.beside import FORMAT
    from hinomi.scenario.load import load
    from hinomi.study.results import Results

    folder = copied / "sensitivity"
    folder.mkdir()
    plan = Results(copied).plan
    best, base = compared(load(plan.scenario), plan.architectures)
    broken = {"format": FORMAT, "content_hash": plan.content_hash, "code": plan.code, "keys": [{}],
              "targets": [f"{best} minus {base}"], "hangs_on": [3], "results": {}, "band": {"results": 5}}  # fmt: skip
    (folder / "sensitivity.json").write_text(json.dumps(broken), encoding="utf-8")
    code, _, err = program("report", copied.name)
    assert (code, err) == (0, "")
    assert "it could not be read" in page_of(copied)


@pytest.mark.parametrize("language", ["en", "ja", "both"])
def test_words_of_a_file_are_shown_as_words(program, copied, language, monkeypatch):
    """A scenario is anybody's file: its title and its summary are text in every language."""
    from hinomi.report import content
    from hinomi.scenario.load import load_text

    evil = "<script>alert(1)</script>\" onload='x'"

    def loaded(*args, **more):
        from dataclasses import replace

        return replace(load_text(*args, **more), title=evil, summary=evil)

    monkeypatch.setattr(content, "load_text", loaded)
    assert program("report", copied.name, "--language", language)[0] == 0
    page = page_of(copied)
    assert "<script" not in page
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 3

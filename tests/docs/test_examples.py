"""Every numbered example runs, answers and draws; the gallery shows what they gave."""

import ast
import re
import runpy
from pathlib import Path

import numpy as np
import pytest
from matplotlib import image

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
PICTURES = ROOT / "docs" / "images" / "gallery"
SCRIPTS = sorted(EXAMPLES.glob("[0-9][0-9]_*.py"))
FEW = "2"  # replicates; the gallery's own pictures have 20
INTERVAL = re.compile(r"\[-?[\d.,%]+|\[never")


def docstring(script):
    return ast.get_docstring(ast.parse(script.read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """One folder: examples that ask the same run share it, as they do at home."""
    return tmp_path_factory.mktemp("examples")


@pytest.fixture
def here(place, monkeypatch):
    """In that folder, with few replicates, in this process; colours and fonts stay as they were."""
    from hinomi.study import montecarlo, warm

    monkeypatch.chdir(place)
    monkeypatch.syspath_prepend(str(EXAMPLES))
    monkeypatch.setenv("HINOMI_EXAMPLE_N", FEW)
    monkeypatch.setattr(montecarlo, "default_workers", lambda: 1)
    monkeypatch.setattr(warm, "is_warm", lambda chain: True)
    return place


def test_there_are_ten_or_more_numbered_without_a_gap():
    assert len(SCRIPTS) >= 10
    assert [int(s.stem[:2]) for s in SCRIPTS] == list(range(1, len(SCRIPTS) + 1))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda s: s.stem)
def test_an_example_is_short_and_asks_a_question(script):
    assert len(script.read_text(encoding="utf-8").splitlines()) <= 60
    question, _, rest = docstring(script).partition("\n\n")
    assert question.endswith("?")
    assert f"Draws {script.stem}.png" in " ".join(rest.split())


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda s: s.stem)
def test_an_example_prints_an_answer_and_draws_one_picture(script, here, capsys):
    pictures = set(here.glob("*.png"))
    (here / f"{script.stem}.png").unlink(missing_ok=True)
    runpy.run_path(str(script), run_name="__main__")
    assert re.search(r"\d", capsys.readouterr().out)
    assert set(here.glob("*.png")) - pictures <= {here / f"{script.stem}.png"}
    drawn = image.imread(here / f"{script.stem}.png")
    assert 200 < drawn.shape[0] < 1500
    assert 500 < drawn.shape[1] < 1500
    assert np.std(drawn[..., :3]) > 0.02  # not one colour only


@pytest.mark.parametrize("number", ["04", "08", "14"])
def test_an_example_says_the_same_twice(number, here, capsys):
    (script,) = EXAMPLES.glob(f"{number}_*.py")
    runpy.run_path(str(script), run_name="__main__")
    first = capsys.readouterr().out
    runpy.run_path(str(script), run_name="__main__")
    assert capsys.readouterr().out == first


def test_the_curve_of_the_first_example_goes_through_the_headline(here):
    """Share of people with 60 s, asked in SQL, is the mean of `warned_in_time_share`."""
    import hinomi as hm

    asked = runpy.run_path(str(EXAMPLES / "01_minute_of_warning.py"), run_name="only read")[
        "SHARES"
    ]
    study = hm.run("okinawa-2025", replicates=int(FEW), seed=1, quiet=True)
    for row in study.sql(asked).to_pylist():
        if row["lead"] == 60:
            told = study.summary()["architectures"][row["architecture"]]["warned_in_time_share"]
            assert row["mean"] == pytest.approx(told["value"], abs=1e-9)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda s: s.stem)
def test_the_gallery_shows_question_answer_with_interval_picture_and_program(script):
    page = (ROOT / "docs" / "gallery.md").read_text(encoding="utf-8")
    assert f"## {int(script.stem[:2])}. {docstring(script).splitlines()[0]}" in page
    for part in (f"images/gallery/{script.stem}.png", f"images/gallery/{script.stem}.txt",
                 f"../examples/{script.name}"):  # fmt: skip
        assert part in page
    assert INTERVAL.search((PICTURES / f"{script.stem}.txt").read_text(encoding="utf-8"))
    assert 5_000 < (PICTURES / f"{script.stem}.png").stat().st_size < 200_000


def test_the_page_is_what_its_program_writes():
    made = runpy.run_path(str(EXAMPLES / "make_gallery.py"), run_name="only read")
    assert (ROOT / "docs" / "gallery.md").read_text(encoding="utf-8") == made["page"]()


def test_no_picture_is_left_of_an_example_that_is_gone():
    stems = {s.stem for s in SCRIPTS}
    assert {p.stem for p in PICTURES.iterdir()} == stems

"""A run whose plan, or whose companion, was altered is not verified."""

import json
import shutil

import pyarrow as pa
import pytest

from hinomi.notebook.run import run
from hinomi.study import warm
from hinomi.study.verify import _same, verify

TEXT = '{"replicates": 6}'


@pytest.fixture
def folder(tmp_path, monkeypatch, chains):
    monkeypatch.setattr(warm, "is_warm", lambda chain: True)
    made = run(TEXT, out=tmp_path / "run", workers=1, chain="fake_chain", quiet=True)
    assert verify(made.folder).mistakes == ()
    return made.folder


def altered(folder, name="plan.json", **values):
    path = folder / name
    path.write_text(json.dumps(json.loads(path.read_text()) | values))


def test_fewer_replicates_in_the_plan_are_told(folder):
    """The batches of a shorter plan are other files, so without this nothing would be missed."""
    altered(folder, replicates=3)
    (first, *_) = verify(folder).mistakes
    assert first == "plan.json has replicates 3, run.json has 6"


def test_a_document_that_is_not_that_of_the_text_is_told(folder):
    altered(folder, document={"replicates": 7})
    assert verify(folder).mistakes == ("plan.json: its document is not what its text gives",)


def test_a_title_that_is_not_that_of_the_text_is_told(folder):
    altered(folder, title="another")
    assert verify(folder).mistakes == ("plan.json: its title is not what its text gives",)


def companion_of(folder, text=TEXT):
    beside = folder / "companions" / "late"
    run(text, out=beside, workers=1, chain="fake_chain", quiet=True, variant="late")
    return beside


def test_companions_are_checked_too(folder):
    beside = companion_of(folder)
    verdict = verify(folder)
    assert verdict.mistakes == ()
    assert verdict.companions == ("late",)
    altered(beside, "summary.json", replicates=999)
    assert verify(folder).mistakes == (
        "companions/late: summary.json is not the file that run.json describes",
    )


def test_a_companion_of_another_run_is_told(folder):
    companion_of(folder, '{"replicates": 3}')
    (only,) = verify(folder).mistakes
    assert "is no companion of this run; these differ: text" in only
    shutil.move(folder / "companions" / "late", folder / "companions" / "early")
    (only,) = verify(folder).mistakes
    assert "variant" in only


@pytest.mark.parametrize("bitwise", [True, False])
def test_lists_that_end_elsewhere_differ(bitwise):
    """The values in a row are the same; which list they belong to is not."""
    a, b = pa.array([[1.0, 2.0], [3.0]]), pa.array([[1.0], [2.0, 3.0]])
    assert _same(a, a, bitwise=bitwise)
    assert not _same(a, b, bitwise=bitwise)
    assert not _same(pa.array([[], None]), pa.array([None, []]), bitwise=bitwise)

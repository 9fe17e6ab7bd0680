"""Folders whose plans hold the names of before: read, gone on with, or refused with the reason."""

from dataclasses import replace

import pytest

from hinomi.errors import FolderError
from hinomi.report.write import write_report
from hinomi.scenario.load import load
from hinomi.settings import chain
from hinomi.settings.points import Point
from hinomi.settings.run import wanted
from hinomi.settings.scene import Scene
from hinomi.study import batch, store, warm
from hinomi.study.companions import begin_companions
from hinomi.study.montecarlo import Begun, engine_for
from hinomi.study.plan import MOVED, today
from hinomi.study.resume import resume
from hinomi.study.verify import verify

BEFORE = {
    "hinomi.settings.chain": "hinomi.sensitivity.chain",
    "settings.points": "sensitivity.points",
}


@pytest.fixture(autouse=True)
def compiled(monkeypatch):
    monkeypatch.setattr(warm, "is_warm", lambda chain: True)


@pytest.fixture(scope="module")
def asked():
    """One raid of one architecture as it is and at one setting."""
    point = Point(name="later", changes={"engagement.assess_s": 12.0}, anew=False)
    scene = Scene(scenario=load("okinawa-2025"), points=(point,))
    return wanted(scene, replicates=1, seed=1, architectures=["integrated"])


@pytest.fixture(scope="module")
def before(asked):
    """The plan of this question as an earlier version wrote it."""
    plan = asked.plan
    changes = {BEFORE.get(key, key): value for key, value in plan.changes.items()}
    assert "sensitivity.points" in changes
    return replace(plan, chain=BEFORE[plan.chain], changes=changes)


def test_a_plan_keeps_the_names_that_its_files_are_found_by(before, asked, tmp_path):
    store.begin(tmp_path, before)
    found = store.read_plan(tmp_path)
    assert found.chain == "hinomi.sensitivity.chain"
    assert [b.key for b in found.batches()] == [b.key for b in before.batches()]
    assert found.identity != asked.plan.identity


def test_its_chain_and_its_points_are_found_where_they_are_now(before, asked):
    assert batch.chain_of(before) is chain
    assert batch.scenario_of(before).points == asked.scene.points


def test_a_run_begun_under_old_names_is_finished_and_gives_the_same_bits(before, asked, tmp_path):
    own = asked.computed(tmp_path / "now", engine=engine_for(workers=1), quiet=True)
    store.begin(tmp_path / "before", before)
    done = resume(tmp_path / "before", workers=1, quiet=True)
    assert done.complete
    assert done.table("metrics").equals(own.table("metrics"))
    assert verify(tmp_path / "before").mistakes == ()


def test_a_folder_of_another_version_is_refused_for_its_version_and_not_for_the_names(
    before, asked, tmp_path
):
    store.begin(tmp_path, replace(before, code={**before.code, "source": "another"}))
    with pytest.raises(FolderError, match="these differ: source of the program") as told:
        store.begin(tmp_path, asked.plan)
    assert "changes" not in str(told.value)
    with pytest.raises(FolderError, match="begun with another version of the program"):
        resume(tmp_path, workers=1, quiet=True)


def test_every_name_of_before_leads_to_one_that_is_not_moved_again():
    assert {today(name) for name in MOVED.values()} == set(MOVED.values())
    assert today("hinomi.study.chain") == "hinomi.study.chain"


def test_a_part_of_an_answer_has_neither_companions_nor_a_report_and_says_where_its_page_is(
    before, tmp_path
):
    folder = tmp_path / "answer" / "points"
    plan = store.begin(folder, before)
    assert plan.many_settings
    begun = Begun(folder=folder, plan=plan, engine=engine_for(workers=1))
    assert begin_companions(begun) == []
    with pytest.raises(FolderError, match=r"many settings .* its page lies in .*answer,"):
        write_report(folder)

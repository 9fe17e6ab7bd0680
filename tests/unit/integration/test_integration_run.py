"""One real raid: what the chain of coalitions must be true to."""

import math

import numpy as np
import pytest

from hinomi.integration import chain, ladder
from hinomi.integration.answer import answer
from hinomi.integration.compare import execute, question
from hinomi.integration.flags import NOTHING, SHARING
from hinomi.integration.words import sentences
from hinomi.scenario.load import load
from hinomi.study import chain as study_chain
from hinomi.study.engine import Local

TOP, BOTTOM, NATIONAL = "integrated", "shared_warning", "national"


@pytest.fixture(scope="module")
def scenario():
    return load("okinawa-2025")


@pytest.fixture(scope="module")
def context(scenario):
    return chain.prepare(scenario)


def values(found):
    table = found["metrics"]
    out = {}
    for a, m, v in zip(table["architecture"], table["metric"], table["value"], strict=True):
        out.setdefault(a, {})[m] = v
    return out


@pytest.fixture(scope="module")
def raid(scenario, context):
    return values(
        chain.replicate(
            scenario, context, seed=1, number=2, architectures=[TOP, BOTTOM, NATIONAL], keep=False
        )
    )


def test_what_is_written_is_what_the_studys_own_chain_gives(scenario, context, raid):
    own = study_chain.replicate(
        scenario, context, seed=1, number=2, architectures=[BOTTOM], keep=False
    )
    theirs = values(own)[BOTTOM]
    for name, value in raid[BOTTOM].items():
        np.testing.assert_equal(value, theirs[name])


def test_all_flags_are_the_integrated_architecture_and_none_the_national_one(raid):
    """Nothing is passed on without flags, so links that differ on paper differ in nothing."""
    np.testing.assert_equal(raid["+".join(SHARING)], raid[TOP])
    np.testing.assert_equal(raid[NOTHING], raid[NATIONAL])


def test_engagement_on_remote_is_nothing_new_in_one_picture(raid):
    """A fact of the model, not put in: one picture is everybody's."""
    base = "share_warning+share_track+one_picture"
    np.testing.assert_equal(raid[base], raid[f"{base}+engage_on_remote"])
    joint = f"{base}+one_assignment"
    np.testing.assert_equal(raid[joint], raid[f"{base}+engage_on_remote+one_assignment"])


def test_under_one_picture_and_one_assignment_nobody_shoots_at_once_with_another(raid):
    for name, figures in raid.items():
        if "one_picture" in name and "one_assignment" in name:
            assert figures["double_engaged"] == 0.0


def test_who_decides_faster_changes_no_warning(raid):
    for name in (NOTHING, "+".join(SHARING)):
        faster = f"{name}+single_authority" if name != NOTHING else "single_authority"
        assert raid[faster]["lead_s"] == raid[name]["lead_s"]


def test_the_first_rung_is_the_integrated_architecture_and_slower_decisions_change_no_warning(
    scenario, context, raid
):
    found = values(
        ladder.replicate(
            scenario, context, seed=1, number=2, architectures=[TOP, BOTTOM], keep=False
        )
    )
    np.testing.assert_equal(found["link x1"], raid[TOP])
    np.testing.assert_equal(found["decision x1"], raid[TOP])
    assert found["decision x10"]["lead_s"] == found["decision x1"]["lead_s"]
    assert found["link x60"]["lead_s"] <= found["link x1"]["lead_s"]


def test_a_run_is_answered_and_its_shares_sum(tmp_path):
    asked = question("okinawa-2025", bottom=BOTTOM, top=TOP, replicates=2, seed=1)
    found = execute(asked, tmp_path, engine=Local(workers=1))
    content = answer(found, ("leakers", "shots", "lead_s"))
    for x in content["pairs"][0]["figures"].values():
        parts = [x["link"]["value"], *(s["value"] for s in x["equal_times"]["shares"].values())]
        assert math.fsum(parts) == pytest.approx(x["change"]["value"], abs=1e-9)
    for found_worse in content["pairs"][0]["worse"].values():
        assert found_worse["unexplained_share"] == 0.0
    assert content["ladder"] == {}
    assert any("get through" in line for line in sentences(content))

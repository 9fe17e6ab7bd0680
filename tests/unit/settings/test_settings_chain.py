"""One real raid: what is reused must give what a run from the start gives, bit for bit."""

import numpy as np
import pytest

from hinomi.scenario.load import load
from hinomi.sensitivity.keys import chosen_keys
from hinomi.sensitivity.points import one_at_a_time
from hinomi.settings import chain
from hinomi.settings.chain import told_name
from hinomi.settings.scene import Scene, load_text
from hinomi.study import chain as study_chain
from hinomi.study.plan import make_plan

PAIR = ("integrated", "shared_warning")
# One of each kind: engagement, industry, price, people, receipts, links, decisions, pictures.
SAMPLE = (
    "catalogue.interceptor.midcourse_B.kill_ballistic",
    "engagement.assess_s",
    "catalogue.line.sm3_japan.rate_per_year",
    "catalogue.price.sm3_iia_unit.unit_musd",
    "warning.decide_s",
    "warning.compliance",
    "architectures[integrated].relay_s",
    "architectures[*].decide_s",
    "tracking.engage_position_km",
    "warning.buffer_km",
)


@pytest.fixture(scope="module")
def scenario():
    return load("okinawa-2025")


@pytest.fixture(scope="module")
def scene(scenario):
    keys = chosen_keys(scenario, PAIR, SAMPLE)
    points = [p for p in one_at_a_time(keys) if p.name.endswith("=high")]
    assert len(points) == len(SAMPLE)
    return Scene(scenario=scenario, points=tuple(points))


@pytest.fixture(scope="module")
def found(scene):
    """Architecture at a point -> figures, of one raid."""
    context = chain.prepare(scene)
    table = chain.replicate(
        scene, context, seed=1, number=1, architectures=PAIR, keep=False
    )["metrics"]  # fmt: skip
    out = {}
    for a, m, v in zip(table["architecture"], table["metric"], table["value"], strict=True):
        out.setdefault(a, {})[m] = v
    return out


def fresh(scenario, changes):
    """The same raid from the start, by the study's own chain."""
    changed = load(scenario.name, changes=changes)
    context = study_chain.prepare(changed)
    raid = study_chain.begin(changed, context, seed=1, number=1)
    out = {}
    for name in PAIR:
        columns = study_chain.judge(raid, changed.architectures[name])["metrics"]()
        out[name] = dict(zip(columns["metric"], columns["value"], strict=True))
    return out


def test_as_it_is_is_what_the_studys_own_chain_gives(scenario, found):
    own = fresh(scenario, {})
    for name in PAIR:
        for metric, value in found[name].items():
            np.testing.assert_array_equal(value, own[name][metric], err_msg=metric)


def test_reuse_gives_bit_for_bit_what_a_full_run_gives(scenario, scene, found):
    moved = 0
    for point in scene.points:
        own = fresh(scenario, dict(point.changes))
        for name in PAIR:
            told = found[told_name(name, point.name)]
            for metric, value in told.items():
                np.testing.assert_array_equal(
                    value, own[name][metric], err_msg=f"{point.name} {metric}"
                )
            same = (np.array_equal(told[m], found[name][m], equal_nan=True) for m in told)
            moved += not all(same)
    assert moved >= len(SAMPLE)  # keys that change nothing would prove nothing


def test_a_plan_holds_the_points_and_gives_them_back(scene):
    plan = make_plan(scene, replicates=1, architectures=PAIR, pairs=[], chain=chain.CHAIN)
    again = load_text(plan.text, plan.scenario, changes=plan.changes)
    assert again.points == scene.points
    assert again.content_hash == scene.content_hash == plan.content_hash
    fewer = Scene(scenario=scene.scenario, points=scene.points[1:])
    assert fewer.content_hash != scene.content_hash

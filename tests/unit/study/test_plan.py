"""A plan decides the numbers, and says no to what cannot be."""

import dataclasses
import json

import numpy as np
import pytest

from hinomi.errors import ScenarioError
from hinomi.study.plan import against_first, from_json, make_plan


@pytest.fixture
def scenario(chains):
    import fake_chain

    return fake_chain.load('{"batch_size": 4}')


def test_batches_cover_every_replicate_once(scenario):
    plan = dataclasses.replace(make_plan(scenario, replicates=10), ends=(10, 17))
    ranges = [(b.first, b.stop) for b in plan.batches()]
    assert ranges == [(0, 4), (4, 8), (8, 10), (10, 14), (14, 17)]
    assert [b.index for b in plan.batches()] == list(range(5))


def test_an_extension_keeps_every_earlier_batch(scenario):
    plan = make_plan(scenario, replicates=10)
    longer = dataclasses.replace(plan, ends=(10, 17))
    assert longer.identity == plan.identity
    assert longer.batches()[:3] == plan.batches()


def test_identity_leaves_out_n_and_holds_the_rest(scenario):
    plan = make_plan(scenario, replicates=10)
    assert make_plan(scenario, replicates=99).identity == plan.identity
    for other in (
        make_plan(scenario, seed=2),
        make_plan(scenario, keep=0),
        make_plan(scenario, architectures=["national", "integrated"]),
        dataclasses.replace(plan, code={**plan.code, "numpy": "0.1"}),
        dataclasses.replace(plan, data={**plan.data, "places.csv": "x"}),
        dataclasses.replace(plan, content_hash="x"),
    ):
        assert other.identity != plan.identity


def test_a_plan_comes_back_from_its_file(scenario):
    plan = make_plan(scenario, replicates=10)
    told = json.loads(json.dumps(plan.to_json(), allow_nan=False))
    assert from_json(told) == plan
    assert from_json(told, [{"replicates": 30}, {"replicates": 20}]).ends == (10, 20, 30)
    with pytest.raises(ValueError, match="format"):
        from_json({**told, "format": "other/1"})


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"replicates": 0}, "number of replicates is 0"),
        ({"replicates": -3}, "number of replicates is -3"),
        ({"replicates": "3"}, "number of replicates is '3'; it must be a whole number in 1"),
        ({"replicates": 2.5}, r"number of replicates is 2\.5; it must be a whole number"),
        ({"replicates": True}, "number of replicates is True; it must be a whole number"),
        ({"keep": 1.5}, r"full tables is 1\.5; it must be a whole number"),
        ({"seed": "1"}, "seed is '1'; it must be a whole number"),
        ({"seed": -1}, "seed is -1"),
        ({"architectures": ["nations"]}, "'nations' is no architecture"),
        ({"architectures": ["national", "national"]}, "named twice"),
    ],
)
def test_what_cannot_be_is_refused(scenario, settings, words):
    with pytest.raises(ScenarioError, match=words):
        make_plan(scenario, **settings)


def test_whole_numbers_of_other_libraries_are_taken(scenario):
    assert make_plan(scenario, replicates=np.int32(3), seed=np.uint64(4)).to_json() == (
        make_plan(scenario, replicates=3, seed=4).to_json()
    )


def test_pairs_are_the_scenarios_own_or_against_the_first(scenario):
    assert make_plan(scenario).pairs == (
        ("integrated", "shared_warning"),
        ("integrated", "national"),
    )
    assert make_plan(scenario, architectures=["national", "shared_warning"]).pairs == (
        ("shared_warning", "national"),
    )


@pytest.mark.parametrize(
    "named", [["integrated", "shared_warning"], ["shared_warning", "integrated"]]
)
def test_a_difference_has_the_scenarios_direction_whichever_is_named_first(scenario, named):
    assert against_first(scenario, named) == (("integrated", "shared_warning"),)
    assert make_plan(scenario, architectures=named).pairs == (("integrated", "shared_warning"),)


def test_a_pair_of_no_scenario_is_the_other_minus_the_first(scenario):
    assert against_first(scenario, ["national", "shared_warning"]) == (
        ("shared_warning", "national"),
    )
    both = against_first(scenario, ["integrated", "shared_warning", "national"])
    assert both == (("integrated", "shared_warning"), ("integrated", "national"))

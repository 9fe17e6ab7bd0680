"""Draws are addressed, and are those of NumPy's Philox."""

import numpy as np
import pytest

from hinomi.errors import ScenarioError
from hinomi.records.draws import KINDS, fill_uniforms
from hinomi.scenario.identity import entity_id
from hinomi.study.seeds import AddressedDraws, auxiliary

HALF_STEP = 2.0**-53  # our uniforms lie half a step of the generator higher, so that 0 never comes


@pytest.mark.parametrize(
    ("replicate", "golden"),
    [(0, [0.60096316, 0.03183368, 0.11432034]), (1, [0.27946064, 0.89203151, 0.91663786])],
)
def test_golden_numbers(replicate, golden):
    """Seed 20250915, kind 3, entity 7: figures of NumPy 2.4.6 written down beforehand."""
    out = np.empty(3)
    fill_uniforms(np.uint64(20250915), np.uint64((3 << 32) | 7), np.uint64(replicate), 0, out)
    assert out == pytest.approx(golden, abs=5e-9)


@pytest.mark.parametrize("replicate", [0, 1, 12_345])
@pytest.mark.parametrize(("kind", "entity"), [("radar", "Shariki|body 3"), ("shot", "那覇|1")])
def test_draws_are_those_of_numpy(replicate, kind, entity):
    draws = AddressedDraws(77, replicate)
    key = [77, (KINDS[kind] << 32) | entity_id(entity)]
    theirs = np.random.Generator(np.random.Philox(key=key, counter=[0, 0, 0, replicate])).random(11)
    assert draws.uniforms(kind, entity, 11) == pytest.approx(theirs, abs=1.01 * HALF_STEP)
    assert draws.uniforms(kind, entity, 4, slot=6) == pytest.approx(
        theirs[6:10], abs=1.01 * HALF_STEP
    )


def test_keys_are_the_streams_of_uniforms():
    draws = AddressedDraws(5, 2)
    names = ["a|b", "b|a", ""]
    keys = draws.keys("infrared", names)
    assert keys.dtype == np.uint64
    assert keys.shape == (3, 2)
    for name, key in zip(names, keys, strict=True):
        out = np.empty(3)
        fill_uniforms(key[0], key[1], np.uint64(2), 0, out)
        assert (out == draws.uniforms("infrared", name, 3)).all()


def test_order_of_calls_does_not_matter():
    one, other = AddressedDraws(1, 0), AddressedDraws(1, 0)
    first = [one.uniforms("radar", "x", 3), one.uniforms("shot", "y", 3)]
    second = [other.uniforms("shot", "y", 3), other.uniforms("radar", "x", 3)]
    assert (first[0] == second[1]).all()
    assert (first[1] == second[0]).all()
    assert (first[0] != first[1]).all()


def test_wrong_addresses_are_refused():
    with pytest.raises(ScenarioError, match="seed is -1"):
        AddressedDraws(-1, 0)
    with pytest.raises(KeyError, match="no kind of draw"):
        AddressedDraws(1, 0).uniforms("weather", "x", 1)


def test_auxiliary_numbers_are_the_same_every_time():
    assert (auxiliary("a").random(3) == auxiliary("a").random(3)).all()
    assert (auxiliary("a").random(3) != auxiliary("b").random(3)).all()

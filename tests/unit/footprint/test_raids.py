"""Raids of growing size: larger ones hold smaller ones, counts add up, magazines run empty."""

import numpy as np
import pytest

from hinomi.errors import ScenarioError
from hinomi.footprint.asked import asked
from hinomi.footprint.raid_answer import sizes_of
from hinomi.footprint.raid_bodies import bodies_of_arcs, perfect_picture
from hinomi.footprint.raid_sweep import closed_form, sweep
from hinomi.footprint.raids import Setting, fight, raid_order
from hinomi.records.engagements import REASONS
from hinomi.study.seeds import AddressedDraws


@pytest.fixture(scope="module")
def setting(okinawa):
    picked = asked(okinawa)
    return Setting(
        bodies=bodies_of_arcs(okinawa, count=8, seed=1),
        batteries=picked.batteries,
        weapons=okinawa.weapons,
        architecture=picked.architecture,
        settings=okinawa.engagement,
        decide_s=30.0,
    )


def draws_of(number):
    return AddressedDraws(1, number)


def test_a_larger_raid_of_a_replicate_holds_the_smaller_one(setting):
    order, starts = raid_order(setting.bodies, draws_of(3), within_s=300.0)
    again, same = raid_order(setting.bodies, draws_of(3), within_s=300.0)
    assert order.tolist() == again.tolist()
    assert sorted(order) == list(range(8))
    assert np.array_equal(starts, same)
    assert ((starts > 0.0) & (starts < 300.0)).all()


def test_what_leaks_was_not_engaged_or_was_missed(setting):
    order, starts = raid_order(setting.bodies, draws_of(0), within_s=300.0)
    found = fight(setting, order, starts, draws_of(0))
    assert found.unengaged.sum() <= found.leakers <= 8
    assert len(found.unengaged) == len(REASONS)
    assert 2 <= found.rounds <= 156


def test_without_kills_everybody_leaks_and_more_is_fired(okinawa, setting):
    from dataclasses import replace

    harmless = replace(
        setting,
        weapons={
            n: replace(w, kill_ballistic=1e-12, kill_glide=1e-12)
            for n, w in okinawa.weapons.items()
        },
    )
    order, starts = raid_order(setting.bodies, draws_of(0), within_s=300.0)
    none = fight(harmless, order, starts, draws_of(0))
    some = fight(setting, order, starts, draws_of(0))
    assert none.leakers == 8 > some.leakers
    assert none.rounds > some.rounds


def test_a_sweep_gives_one_point_a_size_with_the_closed_form_beside_it(setting):
    found = sweep(setting, (1, 4, 8), replicates=3, draws_of=draws_of, within_s=300.0)
    assert [p.size for p in found.points] == [1, 4, 8]
    for p in found.points:
        assert 0.0 <= p.leakers.value <= p.size
        assert 0.0 <= p.closed_leakers <= p.size
        assert p.closed_rounds == pytest.approx(found.closed.rounds * p.size)  # stock lasts
    assert found.depletion_size is None
    assert found.ready == 156


def test_a_small_magazine_is_empty_from_the_size_that_its_rounds_serve(okinawa, setting):
    from dataclasses import replace

    naha = next(b for b in setting.batteries if b.name == "terminal Naha")
    four = replace(naha, magazines=(replace(naha.magazines[0], ready=4),), channels=8)
    aimed = [b for b in setting.bodies if b.name.startswith("okinawa-1")]
    same = tuple(replace(aimed[0], name=f"twin {i}") for i in range(6))
    small = replace(setting, batteries=(four,), bodies=same)
    found = sweep(small, (1, 2, 3, 4, 5, 6), replicates=4, draws_of=draws_of, within_s=300.0)
    assert found.depletion_size == found.first_empty_size == 2  # salvos of two out of four
    assert found.points[-1].rounds.value == 4.0
    assert found.points[-1].leakers.value >= 4.0
    assert found.points[-1].unengaged[REASONS.index("no rounds")] == 4.0
    assert found.empty_s.n == 4
    assert found.empty_s.value > 0.0


def test_the_closed_form_of_a_body_alone_is_its_sequence_of_salvos(setting):
    from dataclasses import replace

    able, closed = closed_form(replace(setting, bodies=setting.bodies[4:5]))
    assert closed.kill == pytest.approx(1.0 - 0.09**4, abs=1e-3)  # four salvos of two at 0.7
    assert closed.rounds == pytest.approx(2.0 / 0.91, abs=0.01)
    assert closed.stock <= 156
    assert able.any()


def test_a_perfect_picture_is_the_truth_at_once(setting):
    picture = perfect_picture(setting.bodies[:2], np.array([10.0, 20.0]), picture="all")
    first = picture.track == 0
    assert np.array_equal(picture.t_available_s, picture.t_s)
    assert np.allclose(picture.t_s[first], setting.bodies[0].t_s + 10.0)
    assert np.array_equal(picture.mean[first], setting.bodies[0].mean)
    assert (np.diff(picture.t_s) >= 0.0).all()


def test_a_glider_counts_as_one_from_its_first_glide_to_its_end(setting):
    glider = setting.bodies[0]
    assert glider.gliding[-1]
    assert not glider.gliding[0]
    assert (np.diff(glider.gliding.astype(int)) >= 0).all()
    assert not setting.bodies[4].gliding.any()


@pytest.mark.parametrize(
    ("text", "sizes"),
    [("1..4", (1, 2, 3, 4)), ("2,1,8", (1, 2, 8)), ("1..10:4", (1, 5, 9)), ("7", (7,))],
)
def test_sizes_are_read(text, sizes):
    assert sizes_of(text) == sizes


@pytest.mark.parametrize("text", ["", "0..4", "4..1", "1..1000", "a", "1.5", "-3", "1..4:0", "3:2"])
def test_sizes_that_cannot_be_are_refused_with_an_example(text):
    with pytest.raises(ScenarioError, match=r"1\.\.40"):
        sizes_of(text)


@pytest.mark.parametrize(("replicates", "within_s"), [(1, 300.0), (5000, 300.0), (2, -1.0)])
def test_counts_out_of_range_are_refused(setting, replicates, within_s):
    with pytest.raises(ScenarioError, match="it must be"):
        sweep(setting, (1,), replicates=replicates, draws_of=draws_of, within_s=within_s)

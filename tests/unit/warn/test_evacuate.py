"""Weather and capacities are drawn by address; nobody is lost or counted twice."""

import dataclasses

import numpy as np
import pytest

from hinomi.errors import ScenarioError
from hinomi.scenario.evacuation import load_plan
from hinomi.study.seeds import AddressedDraws
from hinomi.warn import evacuate
from hinomi.warn.evacuate import clear, draw_chances, planned, with_capacity


@pytest.fixture(scope="module")
def plan():
    return load_plan("sakishima", season="typhoon").plan


def chances(plan, count=40, seed=1):
    return draw_chances(plan, [AddressedDraws(seed, r) for r in range(count)])


def test_everybody_is_either_still_there_or_has_left(plan):
    run = clear(plan, chances(plan))
    everybody = sum(i.residents + i.visitors for i in plan.islands)
    left = run.moved[:, :, [not e.to for e in plan.exits]].sum(axis=(1, 2))
    assert np.isfinite(run.days).all()
    assert left == pytest.approx(np.full(40, everybody))
    assert (run.remaining >= 0.0).all()
    stepped = np.cumsum(run.moved[:, :, [not e.to for e in plan.exits]].sum(axis=2), axis=1)
    last = int(np.ceil(run.days.max()))
    assert run.remaining[:, 1 : last + 1].sum(axis=2)[0, 0] == pytest.approx(
        everybody - stepped[0, 0]
    )


def test_a_replicate_is_the_same_alone_and_among_others(plan):
    many = chances(plan, 5)
    alone = draw_chances(plan, [AddressedDraws(1, 3)])
    assert np.array_equal(alone.capacity[0], many.capacity[3])
    assert np.array_equal(alone.open[0], many.open[3])
    assert not np.array_equal(many.open[3], chances(plan, 5, seed=2).open[3])


def test_a_doubled_exit_meets_the_same_weather_and_never_takes_longer(plan):
    """Where hosts have no limit: a shared limit can turn to another island's loss."""
    plan = dataclasses.replace(plan, reception_per_day=float("inf"))
    luck = chances(plan)
    base = clear(plan, luck).days
    for k, e in enumerate(plan.exits):
        if e.to:  # feeding an island faster can only help it from the next day on
            continue
        doubled = chances(with_capacity(plan, e.name, 2.0))
        assert np.array_equal(doubled.open, luck.open)
        assert doubled.capacity[:, k] == pytest.approx(2.0 * luck.capacity[:, k])
        assert (clear(plan, doubled).days <= base + 1e-9).all()


def test_a_storm_closes_every_exit_of_its_weather_and_the_legs_into_it(plan):
    stormy = dataclasses.replace(
        plan, season=dataclasses.replace(plan.season, storm_per_day=0.5),
        exits=tuple(dataclasses.replace(e, open_share=1.0) for e in plan.exits),
    )  # fmt: skip
    is_open = chances(stormy, 10).open
    names = [e.name for e in plan.exits]
    air, sea = names.index("Ishigaki airport"), names.index("Ishigaki port")
    assert np.array_equal(is_open[:, :, air], is_open[:, :, sea])
    other = names.index("Miyako airport")
    assert not np.array_equal(is_open[:, :, air], is_open[:, :, other])
    assert 0.05 < is_open[:, :, air].mean() < 0.6


def test_calm_seasons_clear_sooner(plan):
    calm = load_plan("sakishima", season="ordinary").plan
    assert clear(calm, chances(calm)).days.mean() < clear(plan, chances(plan)).days.mean()


def test_the_plan_itself_has_no_chance_in_it(plan):
    assert clear(plan, planned(plan)).days[0] < clear(plan, chances(plan)).days.min()


def test_an_exit_of_an_unknown_island_is_refused(plan):
    broken = dataclasses.replace(
        plan, exits=(dataclasses.replace(plan.exits[0], island="Atlantis"),)
    )
    with pytest.raises(ScenarioError, match="Atlantis"):
        clear(broken, planned(broken))


def test_hosts_take_no_more_than_they_can_and_leave_nothing_free(plan):
    tight = dataclasses.replace(plan, reception_per_day=9000.0)
    run = clear(tight, planned(tight))
    leaving = run.moved[0, :, [not e.to for e in plan.exits]].sum(axis=0)
    assert leaving[:10] == pytest.approx(np.full(10, 9000.0))
    assert leaving.max() <= 9000.0 + 1e-6


class Begins:
    """Draws of storms that begin on the days told and last five days."""

    def __init__(self, *days):
        self.days = days

    def uniforms(self, kind, entity, count):
        out = np.full(count, 0.5)
        if not entity.startswith("storm days"):
            out[:] = 0.9
            out[list(self.days)] = 0.1
        return out


def test_storms_that_overlap_close_every_day_that_one_of_them_blows(plan):
    """Five days from day 0 and five from day 3: eight days, not five and not ten."""
    season = dataclasses.replace(plan.season, storm_per_day=0.5, storm_days=(5.0, 5.0, 5.0))
    assert np.flatnonzero(evacuate._calm(Begins(0), "north", season, 12) == 0.0).tolist() == [
        *range(5)
    ]
    both = evacuate._calm(Begins(0, 3), "north", season, 12)
    assert np.flatnonzero(both == 0.0).tolist() == [*range(8)]

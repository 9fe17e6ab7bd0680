"""Days to clear against closed forms and against what was published about Sakishima."""

import csv
from pathlib import Path

import numpy as np
import pytest

from hinomi.records.evacuation import Chances, EvacuationPlan, Exit, Island, Season
from hinomi.scenario.evacuation import load_plan
from hinomi.warn.evacuate import clear, planned

CALM = Season(name="calm", storm_per_day=0.0, storm_days=(1.0, 1.0, 1.0))


def port(name, island, capacity, *, to="", from_day=0.0):
    return Exit(
        name=name, island=island, to=to, kind="leg" if to else "port",
        people_per_day=(capacity,) * 3, open_share=1.0, from_day=from_day,
    )  # fmt: skip


def plan_of(islands, exits, **fields):
    return EvacuationPlan(
        name="p", title="p",
        islands=tuple(Island(name=n, weather="w", residents=r, visitors=0.0) for n, r in islands),
        exits=tuple(exits), season=CALM, achieved_share=(1.0, 1.0, 1.0),
        reception_per_day=fields.pop("reception", float("inf")), beds=float("inf"),
        most_days=fields.pop("most_days", 60),
    )  # fmt: skip


def days_of(plan):
    return clear(plan, planned(plan)).days[0]


def _rows():
    text = (Path(__file__).parent / "public_plan.csv").read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader(line for line in text if not line.startswith("#")))


@pytest.mark.parametrize("row", _rows(), ids=lambda r: r["case"])
def test_one_port_takes_people_over_capacity_days_as_published(row):
    plan = plan_of(
        [("all", float(row["people"]))], [port("all", "all", float(row["people_per_day"]))]
    )
    assert days_of(plan) == pytest.approx(float(row["days"]), abs=float(row["tolerance_days"]))


@pytest.mark.parametrize(("people", "capacity"), [(1000.0, 300.0), (900.0, 300.0), (1.0, 300.0)])
def test_one_port_has_its_closed_form(people, capacity):
    plan = plan_of([("a", people)], [port("p", "a", capacity)])
    assert days_of(plan) == pytest.approx(people / capacity)


def test_nobody_is_gone_at_once():
    assert days_of(plan_of([("a", 0.0)], [port("p", "a", 10.0)])) == 0.0


def test_two_ports_add_and_islands_wait_for_the_slowest():
    two = plan_of([("a", 1000.0)], [port("p", "a", 150.0), port("q", "a", 100.0)])
    assert days_of(two) == pytest.approx(4.0)
    apart = plan_of([("a", 1000.0), ("b", 500.0)], [port("p", "a", 200.0), port("q", "b", 400.0)])
    assert days_of(apart) == pytest.approx(5.0)


def test_a_leg_feeds_the_next_island_a_day_later():
    """300 people by 100 a day to b on days 0 to 2, on from there on days 1 to 3."""
    plan = plan_of(
        [("a", 300.0), ("b", 0.0)], [port("leg", "a", 100.0, to="b"), port("p", "b", 1000.0)]
    )
    run = clear(plan, planned(plan))
    assert run.moved[0, :5, 1].tolist() == [0.0, 100.0, 100.0, 100.0, 0.0]
    assert run.days[0] == pytest.approx(3.1)


def test_hosts_that_take_in_half_double_the_time():
    plan = plan_of([("a", 1000.0)], [port("p", "a", 200.0)], reception=100.0)
    assert days_of(plan) == pytest.approx(10.0)


def test_a_port_that_opens_later_adds_its_days():
    plan = plan_of([("a", 1000.0)], [port("p", "a", 200.0, from_day=2.5)])
    assert days_of(plan) == pytest.approx(8.0, abs=0.5)  # half of day 2 is lost


def test_a_closed_day_adds_a_day():
    plan = plan_of([("a", 1000.0)], [port("p", "a", 300.0)])
    is_open = np.ones((1, 60, 1))
    is_open[0, 1] = 0.0
    run = clear(plan, Chances(capacity=np.array([[300.0]]), open=is_open))
    assert run.days[0] == pytest.approx(1.0 + 1000.0 / 300.0)


def test_where_nothing_leaves_it_is_never_done():
    plan = plan_of([("a", 10.0), ("b", 10.0)], [port("p", "a", 10.0)])
    assert np.isinf(days_of(plan))


def test_the_bundled_plan_takes_the_published_six_days():
    """110,000 residents and 10,000 visitors, 20,000 to 22,000 a day, about six days."""
    plan = load_plan("sakishima").plan
    residents = sum(i.residents for i in plan.islands)
    visitors = sum(i.visitors for i in plan.islands)
    leaving = sum(e.people_per_day[1] for e in plan.exits if not e.to)
    assert residents == pytest.approx(110_000, rel=0.03)
    assert visitors == pytest.approx(10_000, rel=0.01)
    assert 20_000 <= leaving <= 22_000
    assert days_of(plan) == pytest.approx(6.0, abs=0.3)
    assert plan.beds == 47400 + 13800 + 12800 + 12600 + 10500 + 9800 + 4200 + 1700

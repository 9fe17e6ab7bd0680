"""The monthly model against paper, the published reading, and a discrete-event twin of its own."""

import numpy as np
import pytest
import simpy

from hinomi.records.supply import Money, Plant, Ramp, Supplier, Supply
from hinomi.study.seeds import AddressedDraws
from hinomi.sustain.bottleneck import line_gain, relief_ladder
from hinomi.sustain.produce import produce
from hinomi.sustain.refill import months_until

MONEY = Money(
    currency="USD", price_year=2025, inflation_per_year=None, per_usd={}, outlay_profile=(1.0,),
    obligation_profile=(1.0,),
)  # fmt: skip


def point(x):
    return (x, x, x)


def ramp(rate, target=None, start=0.0, months=0.0):
    return Ramp(
        rate_per_year=point(rate), target_per_year=point(rate if target is None else target),
        from_month=point(start), months=point(months),
    )  # fmt: skip


def plant(name, capacity, *needs, owner="us"):
    return Plant(
        name=name, title=name, product="A", owner=owner, ramp=capacity, lead_months=point(0.0),
        needs=tuple((n, 1.0) for n in needs),
    )  # fmt: skip


def maker(name, capacity, *needs, halts=0.0, length=0.0):
    return Supplier(
        name=name, title=name, ramp=capacity, needs=tuple((n, 1.0) for n in needs),
        outages_per_year=point(halts), outage_months=point(length),
    )  # fmt: skip


def supply(plants, makers):
    return Supply(
        plants=tuple(plants), suppliers=tuple(makers), transfers=(), holdings=(), prices=(), network=(),
        budgets=(), money=MONEY, loss_per_year=point(0.0), raid_share=point(0.0),
    )  # fmt: skip


# --- paper -----------------------------------------------------------------------------------------


def test_a_thousand_rounds_on_500_to_650_take_22_months_in_the_monthly_model_too():
    """41.667 t + 0.20833 t^2 = 1000 at t = 21.65."""
    made = produce(supply([plant("x", ramp(500.0, 650.0, 0.0, 30.0))], []), months=40).made[0]
    assert months_until(made, np.array([1000.0]))[0] == 22.0
    assert made[0, :21].sum() < 1000.0 <= made[0, :22].sum()


# --- the published reading (Reuters, 20 July 2024) --------------------------------------------------
# US line 500 to 650 a year by 2027, Japan's licensed line 30, reachable 60; one maker of seekers for
# both, whose plant grows by 30 % and runs in 2027: month 30 from mid-2024. Its capacity is taken as
# what both lines delivered, which is what "limited by seekers" says.


def patriot(*, japan=30.0, seekers=530.0, larger=30.0):
    return supply(
        [
            plant("us", ramp(500.0, 650.0, 0.0, 30.0), "seekers"),
            plant("japan", ramp(japan), "seekers", owner="japan"),
        ],
        [maker("seekers", ramp(seekers, 1.3 * seekers, larger, 0.0))],
    )


def test_a_larger_japanese_line_adds_nothing_until_seekers_relax():
    now, doubled = (produce(patriot(japan=n), months=120) for n in (30.0, 60.0))
    before = slice(0, 30)
    more = doubled.made.sum(axis=0) - now.made.sum(axis=0)
    np.testing.assert_allclose(more[0, before], 0.0, atol=1e-6)
    assert now.suppliers[now.limit[1, 0, 29]] == "seekers"
    # From month 31 on there are 689 seekers for 650 + 30 rounds: the licensed line adds 9 a year of 30.
    np.testing.assert_allclose(more[0, 30:], (689.0 - 680.0) / 12.0, atol=1e-6)
    assert (now.limit[:, 0, 30:] == -1).all()


def test_what_the_japanese_line_adds_by_the_share_of_seekers():
    """Nothing below the need of both lines, 30 a year over ten years when there is plenty."""
    found = line_gain(
        patriot(), months=120, line="japan", factor=2.0, supplier="seekers",
        shares=(0.6, 0.8, 1.0, 2.0),
    )  # fmt: skip
    added = [x for _, _, x in found]
    assert added[:2] == pytest.approx([0.0, 0.0], abs=1e-6)
    assert added[2] == pytest.approx(9.0 * 7.5)
    assert added[3] == pytest.approx(300.0)
    assert [r for _, r, _ in found[:2]] == pytest.approx(
        [s * (530.0 * 2.5 + 689.0 * 7.5) for s in (0.6, 0.8)]
    )


def test_taking_seekers_away_lets_the_lines_bind():
    steps = relief_ladder(patriot(), months=120, product="A")
    assert [s.taken for s in steps] == ["seekers"]
    assert steps[0].following == ""
    free = produce(patriot(), months=120, without=["seekers"]).made.sum()
    bound = produce(patriot(), months=120).made.sum()
    assert steps[0].gained["A"] == pytest.approx(free - bound)
    assert free == pytest.approx((500 * 10 + 150 * 10 - 150 * 1.25) + 300)  # ramp of 30 months


# --- a twin of discrete events ----------------------------------------------------------------------


def twin(rates, *, months, halts=None, rng=None):
    """Rounds by month: each stage makes one part at a time from one of the stage before it."""
    world = simpy.Environment()
    stores = [simpy.Store(world, capacity=1) for _ in rates]
    done = np.zeros(months)
    works = [True] * len(rates)
    changed = [world.event() for _ in rates]

    def stage(i, a_month):
        while True:
            if i > 0:
                yield stores[i - 1].get()
            left = 1.0 / a_month
            while left > 1e-12:
                if not works[i]:
                    yield changed[i]
                    continue
                begin = world.now
                yield world.timeout(left) | changed[i]
                left -= world.now - begin
            if i + 1 < len(rates):
                yield stores[i].put(1)
            else:
                done[min(int(world.now), months - 1)] += 1

    def breaks(i, per_year, length):
        while True:
            for now, mean in ((True, 12.0 / per_year), (False, length)):
                works[i] = now
                event, changed[i] = changed[i], world.event()
                event.succeed()
                yield world.timeout(rng.exponential(mean))

    for i, rate in enumerate(rates):
        world.process(stage(i, rate))
        if halts and halts[i]:
            world.process(breaks(i, *halts[i]))
    world.run(until=months - 1e-9)
    return done


@pytest.mark.parametrize("rates", [(40.0, 50.0), (80.0, 50.0), (30.0, 45.0, 20.0, 60.0)])
def test_without_chance_the_twin_makes_what_the_rates_say(rates):
    """Long lead, parts, motor, assembly: the slowest stage sets the pace; work in hand aside."""
    chain = [
        maker(f"s{i}", ramp(12 * r), *([f"s{i - 1}"] if i else []))
        for i, r in enumerate(rates[:-1])
    ]
    line = plant("x", ramp(12 * rates[-1]), *([chain[-1].name] if chain else []))
    expected = produce(supply([line], chain), months=60).made[0, 0]
    found = twin(rates, months=60)
    np.testing.assert_allclose(expected, min(rates))
    assert found.sum() == pytest.approx(expected.sum(), abs=len(rates) + 1)
    assert found[5:].mean() == pytest.approx(min(rates), rel=0.01)


def test_with_halts_the_means_of_both_agree():
    """One maker that halts 1.5 times a year for 2 months: renewal theory says 20 of 25 a month."""
    months, n = 120, 60
    model = produce(
        supply([plant("x", ramp(12 * 60.0), "a")], [maker("a", ramp(300.0), halts=1.5, length=2.0)]),
        months=months, draws=[AddressedDraws(3, i) for i in range(400)], vary="outages",
    ).made[0]  # fmt: skip
    rng = np.random.default_rng(11)
    events = np.array(
        [twin((25.0, 60.0), months=months, halts=[(1.5, 2.0), None], rng=rng) for _ in range(n)]
    )
    a, b = model.sum(axis=1), events.sum(axis=1)
    error = np.hypot(a.std() / np.sqrt(len(a)), b.std() / np.sqrt(n))
    assert a.mean() == pytest.approx(b.mean(), abs=3.0 * error + 2.0)
    assert error < 0.02 * a.mean()
    assert model[:, 24:].mean() == pytest.approx(20.0, rel=0.02)
    # Not the mean alone: the spread of ten years' output agrees too.
    assert a.std() == pytest.approx(b.std(), rel=0.35)


def test_two_makers_that_halt_apart_lose_more_than_the_monthly_model_says():
    """A month knows no order inside it: without buffers the twin makes less, by the known few per cent."""
    months = 120
    model = produce(
        supply(
            [plant("x", ramp(12 * 60.0), "b")],
            [
                maker("a", ramp(300.0), halts=1.0, length=2.0),
                maker("b", ramp(300.0), "a", halts=1.0, length=2.0),
            ],
        ),
        months=months, draws=[AddressedDraws(5, i) for i in range(300)], vary="outages",
    ).made[0]  # fmt: skip
    rng = np.random.default_rng(2)
    events = np.array(
        [
            twin((25.0, 25.0, 60.0), months=months, halts=[(1.0, 2.0), (1.0, 2.0), None], rng=rng)
            for _ in range(40)
        ]
    )
    ratio = events.sum(axis=1).mean() / model.sum(axis=1).mean()
    assert 0.9 < ratio < 1.01

"""The graph, ramps, outages and sharing: by hand, and against the best split there is."""

import math

import numpy as np
import pytest

from hinomi.errors import ScenarioError
from hinomi.records.ledger import Line
from hinomi.study.seeds import AddressedDraws
from hinomi.sustain.capacity import pairs_needed, ramp_by_month, up_share
from hinomi.sustain.drawn import KIND, numbers, triangular
from hinomi.sustain.flow import Web, flow, web_of
from hinomi.sustain.graph import cycle_in, upstream_first
from hinomi.sustain.lines import produced
from hinomi.sustain.produce import produce
from hinomi.sustain.split import most_rounds


def draws(n, seed=1):
    return [AddressedDraws(seed, i) for i in range(n)]


def test_a_circle_is_found_and_named_and_a_tree_has_none():
    assert cycle_in({"a": ["b"], "b": ["c"], "c": ["a"]}) == ("a", "b", "c", "a")
    assert cycle_in({"a": ["a"]}) == ("a", "a")
    assert cycle_in({"x": ["a"], "a": ["b", "c"], "b": ["c"], "c": []}) == ()
    with pytest.raises(ScenarioError, match="circle: a -> b -> a"):
        upstream_first({"a": ["b"], "b": ["a"]})


def test_a_chain_of_two_thousand_is_no_trouble():
    chain = {str(i): [str(i + 1)] for i in range(2000)} | {"2000": []}
    assert cycle_in(chain) == ()


def test_everybody_stands_after_those_it_needs():
    needs = {"line": ["a", "b"], "a": ["c"], "b": ["a"], "c": []}
    order = upstream_first(needs)
    assert sorted(order) == sorted(needs)
    for name, others in needs.items():
        assert all(order.index(o) < order.index(name) for o in others)


def test_an_unknown_supplier_is_named(build):
    with pytest.raises(ScenarioError, match="line x needs 'motor'"):
        web_of([build.plant("x", "A", "us", build.ramp(12), needs=[("motor", 1)])], [])


def test_a_ramp_by_month_is_the_same_integral_as_a_line_of_the_ledger():
    cases = [(30.0, 60.0, 16.0, 24.0), (500.0, 650.0, 0.0, 30.0), (6.0, 18.0, 5.5, 0.0)]
    columns = np.array(cases).T
    found = ramp_by_month(
        rate_per_year=columns[0], target_per_year=columns[1], from_month=columns[2],
        months=columns[3], last=60,
    )  # fmt: skip
    for row, (rate, target, start, months) in zip(found, cases, strict=True):
        line = Line(
            product="A", owner="us", rate_per_year=rate, target_per_year=target,
            ramp_from_month=start, ramp_months=months, lead_months=0.0,
        )  # fmt: skip
        expected = [produced(line, month=m) for m in range(61)]
        np.testing.assert_allclose(np.cumsum(row), expected[1:], rtol=1e-12)


def test_triangular_draws_have_the_moments_of_the_textbook():
    """Mean (a + b + c) / 3, variance (a2 + b2 + c2 - ab - ac - bc) / 18."""
    u = (np.arange(200_000) + 0.5) / 200_000
    low, mode, high = 2.0, 3.0, 7.0
    x = triangular(u, (low, mode, high))
    assert x.mean() == pytest.approx(4.0, rel=1e-4)
    assert x.var() == pytest.approx((4 + 9 + 49 - 6 - 14 - 21) / 18, rel=1e-3)
    assert (np.diff(x) >= 0).all()
    assert triangular(np.array([0.3]), (5.0, 5.0, 5.0))[0] == 5.0


def test_an_input_is_drawn_by_its_own_name_whatever_else_is_there():
    many, few = draws(50), draws(5)
    all_of_them = numbers((0.0, 1.0, 3.0), "line.a.rate", many)
    np.testing.assert_array_equal(all_of_them[:5], numbers((0.0, 1.0, 3.0), "line.a.rate", few))
    u = np.array([d.uniforms(KIND, "line.a.rate", 1)[0] for d in many])
    np.testing.assert_array_equal(all_of_them, triangular(u, (0.0, 1.0, 3.0)))
    assert not np.allclose(all_of_them, numbers((0.0, 1.0, 3.0), "line.b.rate", many))


def test_outages_take_the_share_of_time_that_renewal_theory_says():
    """Long run: up / (up + down) = 6 / (6 + 2) for one outage every 6 months up, of 2 months."""
    last = 4800
    count = 2 * pairs_needed(2.0, last)
    share = np.mean(
        [
            up_share(d.uniforms(KIND, "x", count), per_year=2.0, mean_months=2.0, last=last).mean()
            for d in draws(40)
        ]
    )
    assert share == pytest.approx(0.75, abs=0.005)
    one = up_share(draws(1)[0].uniforms(KIND, "x", count), per_year=2.0, mean_months=2.0, last=last)
    assert one.min() >= -1e-9
    assert one.max() <= 1.0 + 1e-9
    assert up_share(np.empty(0), per_year=0.0, mean_months=2.0, last=3).tolist() == [1.0] * 3


def test_when_seekers_double_the_line_binds(build):
    """40 parts a month hold back a line of 50; with 80 parts the line holds itself back."""
    parts = build.supply(
        [build.plant("x", "A", "us", build.ramp(600), needs=[("seekers", 1)])],
        [build.supplier("seekers", build.ramp(480))],
    )
    before = produce(parts, months=12)
    after = produce(parts, months=12, scale={"seekers": 2.0})
    np.testing.assert_allclose(before.made[0, 0], 40.0)
    np.testing.assert_allclose(after.made[0, 0], 50.0)
    assert [before.suppliers[i] for i in before.limit[0, 0]] == ["seekers"] * 12
    assert (after.limit == -1).all()
    freed = produce(parts, months=12, without=["seekers"])
    np.testing.assert_array_equal(freed.made, after.made)


def test_the_binding_supplier_is_found_two_tiers_up(build):
    """A line of 10 needs 2 of a, a needs 3 of b; b makes 30: 5 rounds, b binds."""
    parts = build.supply(
        [build.plant("x", "A", "us", build.ramp(120), needs=[("a", 2)])],
        [
            build.supplier("a", build.ramp(12 * 100), needs=[("b", 3)]),
            build.supplier("b", build.ramp(12 * 30)),
        ],
    )
    found = produce(parts, months=2)
    np.testing.assert_allclose(found.made[0, 0], 5.0)
    assert found.suppliers[found.limit[0, 0, 0]] == "b"
    assert dict(zip(found.suppliers, found.used[:, 0, 0], strict=True)) == pytest.approx(
        {"a": 10.0, "b": 30.0}
    )


def test_a_short_part_is_shared_as_it_is_asked_for(build):
    """30 and 60 asked, 45 there: 15 and 30; a third line that needs nothing is not touched."""
    parts = build.supply(
        [
            build.plant("x", "A", "us", build.ramp(12 * 30), needs=[("part", 1)]),
            build.plant("y", "B", "us", build.ramp(12 * 60), needs=[("part", 1)]),
            build.plant("z", "C", "us", build.ramp(12 * 7)),
        ],
        [build.supplier("part", build.ramp(12 * 45))],
    )
    found = produce(parts, months=1)
    np.testing.assert_allclose(found.made[:, 0, 0], [15.0, 30.0, 7.0])


def test_what_one_line_cannot_use_goes_to_the_other(build):
    """x could take half of the shared part but has only 5 of its own: y gets the other 35."""
    parts = build.supply(
        [
            build.plant("x", "A", "us", build.ramp(12 * 60), needs=[("shared", 1), ("own", 1)]),
            build.plant("y", "B", "us", build.ramp(12 * 60), needs=[("shared", 1)]),
        ],
        [build.supplier("shared", build.ramp(12 * 40)), build.supplier("own", build.ramp(12 * 5))],
    )
    found = produce(parts, months=1)
    np.testing.assert_allclose(found.made[:, 0, 0], [5.0, 35.0], atol=1e-4)
    assert [found.suppliers[i] for i in found.limit[:, 0, 0]] == ["own", "shared"]


def test_a_buffer_bridges_a_halt_and_is_filled_again(build):
    """10 a month, 25 ready; the maker halts in months 2-4: 10 10 10 5, then 10, then refilling."""
    web = web_of(
        [build.plant("x", "A", "us", build.ramp(120), needs=[("part", 1)])],
        [build.supplier("part", build.ramp(144))],
    )
    wanted = np.full((1, 1, 20), 10.0)
    capacity = np.full((1, 1, 20), 12.0)
    capacity[0, 0, 1:4] = 0.0
    found = flow(web, wanted, capacity, np.full((1, 1), 25.0))
    np.testing.assert_allclose(found.made[0, 0, :5], [10, 10, 10, 5, 10])
    np.testing.assert_allclose(found.buffer[0, 0, :7], [25, 15, 5, 0, 2, 4, 6])
    assert found.buffer[0, 0].max() <= 25.0 + 1e-9
    made_parts = found.used[0, 0].cumsum() + 25.0
    np.testing.assert_allclose(made_parts - found.made[0, 0].cumsum(), found.buffer[0, 0])


def random_web(build, rng, lines=6, nodes=8):
    suppliers = [
        build.supplier(
            f"s{i}",
            build.ramp(12.0),
            needs=[(f"s{j}", float(rng.integers(1, 3))) for j in range(i) if rng.random() < 0.25],
        )
        for i in range(nodes)
    ]
    plants = [
        build.plant(
            f"l{k}", f"p{k}", "us", build.ramp(12.0),
            needs=[(f"s{i}", 1.0) for i in range(nodes) if rng.random() < 0.35],
        )
        for k in range(lines)
    ]  # fmt: skip
    return web_of(plants, suppliers)


def test_the_sharing_rule_is_feasible_and_never_better_than_the_linear_programme(build):
    """Parts in = parts out, nobody above capacity, and HiGHS makes at least as many rounds."""
    rng = np.random.default_rng(5)
    gaps = []
    for _ in range(25):
        web = random_web(build, rng)
        wanted = rng.uniform(0.0, 20.0, (6, 1, 1))
        capacity = rng.uniform(0.0, 60.0, (8, 1, 1))
        found = flow(web, wanted, capacity, np.zeros((8, 1)))
        made, used = found.made[:, 0, 0], found.used[:, 0, 0]
        assert (made <= wanted[:, 0, 0] + 1e-9).all()
        assert (used <= capacity[:, 0, 0] + 1e-6).all()
        taken = np.zeros(8)
        for k, parts in enumerate(web.of_line):
            for v, units in parts:
                taken[v] += units * made[k]
        for w, parts in enumerate(web.of_supplier):
            for v, units in parts:
                taken[v] += units * used[w]
        np.testing.assert_allclose(taken, used, atol=1e-5)
        best = most_rounds(web, wanted[:, :, 0], capacity[:, :, 0], np.zeros((8, 1)))
        assert made.sum() <= best.sum() + 1e-4
        gaps.append(best.sum() - made.sum())
        for k in range(6):  # whoever is short is told by whom
            if made[k] < wanted[k, 0, 0] - 1e-4:
                v = found.limit[k, 0, 0]
                assert v >= 0
                assert used[v] == pytest.approx(capacity[v, 0, 0], abs=1e-3)
    assert max(gaps) > 1.0  # sharing and the best split are really two things


def test_with_one_part_for_all_sharing_is_as_good_as_the_linear_programme(build):
    plants = [
        build.plant(f"l{k}", "A", "us", build.ramp(12), needs=[("part", 1)]) for k in range(4)
    ]
    web = web_of(plants, [build.supplier("part", build.ramp(12))])
    wanted = np.array([[3.0], [8.0], [1.0], [5.0]])
    for there in (2.0, 11.0, 40.0):
        capacity = np.array([[there]])
        best = most_rounds(web, wanted, capacity, np.zeros((1, 1)))
        found = flow(web, wanted[:, :, None], capacity[:, :, None], np.zeros((1, 1)))
        assert best.sum() == pytest.approx(min(17.0, there))
        assert found.made.sum() == pytest.approx(min(17.0, there))


def test_columns_that_are_alike_get_one_answer_and_ready_parts_count(build):
    web = web_of(
        [build.plant("x", "A", "us", build.ramp(12), needs=[("part", 2)])],
        [build.supplier("part", build.ramp(12))],
    )
    best = most_rounds(
        web, np.array([[9.0, 9.0, 9.0]]), np.array([[4.0, 4.0, 4.0]]), np.array([[0.0, 2.0, 0.0]])
    )
    np.testing.assert_allclose(best, [[2.0, 3.0, 2.0]])


def test_no_more_draws_change_the_first_ones_and_bands_do_not_mix(build):
    parts = build.supply(
        [build.plant("x", "A", "us", build.ramp((80, 100, 140)), needs=[("part", 1)])],
        [
            build.supplier(
                "part", build.ramp((80, 110, 120)), outages_per_year=(0.0, 1.0, 2.0),
                outage_months=(1.0, 2.0, 3.0),
            )
        ],
    )  # fmt: skip
    few = produce(parts, months=24, draws=draws(4), vary="ranges")
    many = produce(parts, months=24, draws=draws(40), vary="ranges")
    np.testing.assert_array_equal(few.made[:, :, :], many.made[:, :4, :])
    assert np.ptp(many.made, axis=2).max() < 1e-9  # no outage in the band of assumptions
    halts = produce(parts, months=24, draws=draws(40), vary="outages")
    np.testing.assert_allclose(halts.wanted, 100 / 12)  # inputs as stated in the band of chance
    assert np.ptp(halts.made) > 1.0
    assert produce(parts, months=24).made.shape == (1, 1, 24)


def test_a_supplier_that_is_not_there_cannot_be_taken_away(build):
    parts = build.supply([build.plant("x", "A", "us", build.ramp(12))])
    with pytest.raises(ScenarioError, match=r"no supplier or line 'y'; there are x"):
        produce(parts, months=1, without=["y"])
    assert math.isfinite(produce(parts, months=1).made.sum())


def test_a_line_that_is_alone_makes_all_that_its_parts_allow():
    """Against the linear programme, in graphs where a buffer stands between line and shortage.

    0 is bought ready only; 1 is made of it, so while 1 is ready the line takes 0 for itself alone.
    """
    rng = np.random.default_rng(3)
    for _ in range(60):
        units = rng.choice([0.5, 1.0, 2.0], 4)
        web = Web(
            suppliers=("0", "1", "2"),
            of_line=(((0, units[0]), (2, units[1])),),
            of_supplier=((), ((0, units[2]),), ((0, units[3]), (1, 2.0))),
        )
        wanted, capacity = rng.uniform(1.0, 10.0, (1, 1, 5)), rng.uniform(0.0, 9.0, (3, 1, 5))
        capacity[0, 0, rng.random(5) < 0.5] = 0.0
        full = rng.uniform(0.0, 8.0, (3, 1))
        found = flow(web, wanted, capacity, full)
        ready = np.concatenate([full[:, :, None], found.buffer[:, :, :-1]], axis=2)[:, 0]
        best = most_rounds(web, wanted[:, 0], capacity[:, 0], ready)
        np.testing.assert_allclose(found.made[:, 0], best, atol=1e-7)


def test_the_last_part_of_a_buffer_is_used_however_little_each_turn_takes():
    """By hand: 2.26 units need 1.13 of part 0 and 4.52 of part 2, of which 5.24 are ready."""
    web = Web(
        suppliers=("0", "1", "2"),
        of_line=(((0, 0.5), (2, 2.0)),),
        of_supplier=((), (), ((0, 2.0), (1, 2.0))),
    )
    capacity = np.array([0.0, 0.0, 7.0]).reshape(3, 1, 1)
    full = np.array([1.13, 2.62, 5.24]).reshape(3, 1)
    found = flow(web, np.full((1, 1, 1), 3.64), capacity, full)
    np.testing.assert_allclose(found.made[0, 0, 0], 2.26, rtol=1e-9)
    assert found.limit[0, 0, 0] == 0

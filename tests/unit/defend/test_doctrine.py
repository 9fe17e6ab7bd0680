"""How rounds follow each other at one track, and how reserve rounds come forward."""

from __future__ import annotations

import math

import pytest

from hinomi.defend.engage import engage
from hinomi.defend.leakage import shoot_look_shoot
from hinomi.records.engagements import ENGAGED, NO_ROUNDS, Battery, Magazine

CALLS = 600


@pytest.fixture(scope="module")
def arc(make):
    """One ballistic flight that passes a battery at 31 N 130 E well inside its envelope."""
    start = make.state(38.0, 127.0, 150e3, east=800.0, north=-2000.0, up=1500.0)
    return make.flight(start, t0=100.0)


@pytest.fixture(scope="module")
def shoot(make):
    def run(tracks, batteries, weapons, fate, **changes):
        return engage(
            {"Japan": tracks},
            batteries,
            {w.name: w for w in weapons},
            architecture=make.architecture(),
            settings=make.settings(**changes),
            delays=make.Delay(10.0),
            fate=fate,
        )

    return run


class Never:
    def killed(self, _):
        return False


class Always:
    def killed(self, _):
        return True


@pytest.mark.parametrize(
    ("doctrine", "salvo", "looks", "policy"),
    [
        ("salvo", 2, 64, (2,)),
        ("shoot_look_shoot", 1, 2, (1, 1)),
        ("shoot_look_shoot", 2, 2, (2, 2)),
        ("shoot_shoot_look", 2, 2, (2, 1)),
        ("shoot_shoot_look", 2, 3, (2, 1, 1)),
    ],
)
def test_each_doctrine_leaks_and_spends_as_its_closed_form(
    make, arc, shoot, doctrine, salvo, looks, policy
):
    """Leak (1 - p)^n and expected shots, n_i (1 - p)^(shots before look i), within 3 s.e."""
    p, tracks, fate = 0.6, make.tracks([arc]), make.Dice(3)
    w = make.weapon(salvo=salvo, kill_ballistic=p, doctrine=doctrine, looks=looks)
    leaks, shots = 0, []
    for _ in range(CALLS):
        found = shoot(tracks, [make.battery(holds=(("midcourse", 16),))], [w], fate)
        leaks += int(not found.killed.any())
        shots.append(int(found.rounds.sum()))
    leak, spent = shoot_look_shoot(p, policy)
    square, alive = 0.0, 1.0  # mean square of the shots, from the same law
    for i, n in enumerate(policy):
        ends = alive * (1.0 - (1.0 - p) ** n) if i + 1 < len(policy) else alive
        square += ends * sum(policy[: i + 1]) ** 2
        alive *= (1.0 - p) ** n
    error = math.sqrt(max(square - spent**2, 0.0) / CALLS)
    assert leaks / CALLS == pytest.approx(leak, abs=3 * math.sqrt(leak * (1 - leak) / CALLS))
    assert sum(shots) / CALLS == pytest.approx(spent, abs=3 * error + 1e-12)
    assert max(shots) <= sum(policy)


def test_the_published_example_of_two_and_one(make, arc, shoot):
    """p = 0.8, two rounds, then one: 2.04 shots and a kill probability of 0.992."""
    leak, spent = shoot_look_shoot(0.8, (2, 1))
    assert (1.0 - leak, spent) == (pytest.approx(0.992), pytest.approx(2.04))
    w = make.weapon(salvo=2, kill_ballistic=0.8, doctrine="shoot_shoot_look", looks=2)
    found = shoot(make.tracks([arc]), [make.battery()], [w], Never())
    assert found.rounds.tolist() == [2, 1]
    assert found.kill_probability == pytest.approx([0.96, 0.8])


def test_a_spent_doctrine_leaves_the_track_to_another_layer(make, arc, shoot):
    """One salvo of each class: the second class still shoots after the first has had its look."""
    weapons = [make.weapon(n, doctrine="salvo") for n in ("one", "two")]
    found = shoot(
        make.tracks([arc]), [make.battery(holds=(("one", 8), ("two", 8)))], weapons, Never()
    )
    assert sorted(found.weapons[w] for w in found.weapon) == ["one", "two"]
    assert found.reason.tolist() == [ENGAGED] * 2


def test_looks_are_counted_track_by_track_and_over_all_batteries_of_a_class(make, arc, shoot):
    pair = [make.battery("a"), make.battery("b", lat=30.5)]
    tracks = make.tracks([arc, (arc[0] + 7.0, arc[1])])
    found = shoot(tracks, pair, [make.weapon(looks=2)], Never(), same_object_m=1.0)
    assert [int((found.track == k).sum()) for k in (0, 1)] == [2, 2]


EVERY_S, BODIES = 400.0, 12


@pytest.mark.parametrize("reload_s", [math.inf, 1800.0, 900.0])
def test_reserve_rounds_stand_ready_a_reload_time_after_the_launch_they_replace(
    make, arc, shoot, reload_s
):
    """A body every 400 s for more than an hour, two rounds ready and three in reserve.

    Worked out by hand: each body takes one round of those ready, and a launch sends for one of the
    reserve.
    """
    tracks = make.tracks([(arc[0] + EVERY_S * k, arc[1]) for k in range(BODIES)])
    ship = Battery(
        name="b", owner="Japan", lat_deg=31.0, lon_deg=130.0, height_m=0.0, channels=8,
        magazines=(Magazine(weapon="midcourse", ready=2, reserve=3),),
    )  # fmt: skip
    found = shoot(tracks, [ship], [make.weapon(reload_s=reload_s, doctrine="salvo")], Always())
    one = shoot(make.tracks([arc]), [ship], [make.weapon(doctrine="salvo")], Always())
    first, decided = float(one.t_launch_s[0]), float(one.t_commit_s[0])
    # A look that finds nothing comes again every 5 s while the window is open: here for minutes.
    fired = found.t_launch_s[found.reason == ENGAGED]
    ready, reserve, coming = 2, 3, []
    for t in sorted(fired):
        ready += sum(1 for c in coming if c <= t)
        coming = [c for c in coming if c > t]
        assert ready > 0, "a round was fired that was not there yet"
        ready -= 1
        if reserve and reload_s < math.inf:
            reserve, coming = reserve - 1, [*coming, t + reload_s]
    assert fired[0] == pytest.approx(first)
    assert len(fired) == (2 if reload_s == math.inf else 5)  # the reserve is used up in the end
    left = found.reason[found.reason != ENGAGED]
    assert (left == NO_ROUNDS).all()
    assert len(left) == BODIES - len(fired)
    if reload_s == 900.0:  # rounds 3 and 4 come 900 s after 1 and 2: for the fourth and fifth body
        bodies = found.track[found.reason == ENGAGED].tolist()
        assert bodies[:2] == [0, 1]
        back = first + reload_s
        can = [k for k in range(2, BODIES) if decided + EVERY_S * k + 600.0 >= back]
        assert bodies[2] == can[0]

"""Shots in sequence: counts and probabilities that can be worked out by hand."""

import numpy as np
import pytest

from hinomi.errors import ScenarioError
from hinomi.footprint.defended import JOINT, footprint
from hinomi.footprint.shots import posts_of


def shot(made, batteries, weapons, launch=None, *, track_s=0.0, **changes):
    """Footprint of one cell under the batteries, one launch."""
    settings = made.settings(**changes)
    posts = posts_of(batteries, {w.name: w for w in weapons}, settings=settings)
    launch = launch or made.falling()
    waits = {(launch.threat_class, n): track_s for n in ("Japan", "US")}
    return footprint(
        made.cells([30.0], [130.0]), [launch], posts, settings=settings, wait_s=waits, decide_s=0.0
    )


def brute_force(made, *, earliest_s, again_s, speed=2000.0, top=300e3, low=10e3, high=100e3):
    """Intercept times straight above a battery, second by second."""
    times, ready = [], earliest_s
    for t in range(int(top / speed) + 1):
        height = top - speed * t
        flight = 5.0 + height / 1000.0  # half the burn, then the average speed
        if low <= height <= high and t - flight >= ready:
            times.append(t)
            ready = t + again_s
    return times


def test_salvos_straight_above_are_those_of_a_search_by_hand(made):
    found = shot(made, [made.battery()], [made.weapon()])
    times = brute_force(made, earliest_s=2.0, again_s=7.0)
    assert len(times) >= 2
    assert found.shots[0, 0, 0, 0] == len(times)
    assert found.kill[0, 0, 0, 0] == pytest.approx(1.0 - 0.09 ** len(times))


def test_expected_rounds_stop_with_the_kill(made):
    found = shot(made, [made.battery()], [made.weapon()])
    n = int(found.shots[0, 0, 0, 0])
    assert found.rounds[0, 0, 0, 0] == pytest.approx(2.0 * (1.0 - 0.09**n) / 0.91)


def test_a_magazine_limits_the_salvos(made):
    found = shot(made, [made.battery(holds=(("area", 2),))], [made.weapon()])
    assert found.shots[0, 0, 0, 0] == 1


def test_a_late_track_takes_salvos_away_and_one_too_late_all(made):
    counts = [
        int(shot(made, [made.battery()], [made.weapon()], track_s=t).shots[0, 0, 1, 0])
        for t in (0.0, 90.0, 130.0, np.inf)
    ]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] == len(brute_force(made, earliest_s=2.0, again_s=7.0))
    assert counts[1] == len(brute_force(made, earliest_s=92.0, again_s=7.0)) >= 1
    assert counts[2:] == [0, 0]


def test_nothing_is_launched_before_thrust_ends(made):
    from dataclasses import replace

    late = replace(made.falling(), burnout_s=90.0)
    found = shot(made, [made.battery()], [made.weapon()], late)
    assert found.shots[0, 0, 0, 0] == len(brute_force(made, earliest_s=92.0, again_s=7.0))


def test_together_is_never_worse_than_alone(made):
    pair = [made.battery("a"), made.battery("b", lat=30.5, holds=(("poor", 2),))]
    found = shot(made, pair, [made.weapon(), made.weapon("poor", kill_ballistic=0.1)])
    a, b, both = (found.batteries.index(x) for x in ("a", "b", JOINT))
    assert found.shots[0, 0, 0, both] >= max(found.shots[0, 0, 0, a], found.shots[0, 0, 0, b])
    assert found.kill[0, 0, 0, both] >= max(found.kill[0, 0, 0, a], found.kill[0, 0, 0, b])


def test_a_weapon_that_cannot_kill_a_glider_gives_no_opportunity_against_one(made):
    found = shot(made, [made.battery()], [made.weapon(kill_glide=0.0)], made.falling(gliding=True))
    assert (found.shots == 0).all()
    assert (found.kill == 0.0).all()


def test_a_battery_fires_on_its_owners_track(made):
    settings = made.settings()
    posts = posts_of([made.battery(owner="US")], {"area": made.weapon()}, settings=settings)
    for seconds, expected in ((0.0, True), (np.inf, False)):
        found = footprint(
            made.cells([30.0], [130.0]), [made.falling()], posts, settings=settings, decide_s=0.0,
            wait_s={("ballistic", "US"): seconds, ("ballistic", "Japan"): 0.0},
        )  # fmt: skip
        assert (found.shots[0, 0, 1, 0] > 0) == expected
        assert found.shots[0, 0, 0, 0] > 0  # known early: nobody's track is needed


def test_threads_change_nothing(made):
    settings = made.settings()
    posts = posts_of([made.battery()], {"area": made.weapon()}, settings=settings)
    launches = [made.falling(slope=s, bearing_rad=0.5) for s in (0.0, 0.5, 1.0)]
    one, three = (
        footprint(
            made.cells([29.0, 30.0, 31.0], [129.0, 130.0]), launches, posts, settings=settings,
            wait_s={("ballistic", "Japan"): 60.0}, decide_s=10.0, threads=n,
        )
        for n in (1, 3)
    )  # fmt: skip
    assert np.array_equal(one.shots, three.shots)
    assert np.array_equal(one.kill, three.kill)


def test_nothing_to_fire_is_refused(made):
    with pytest.raises(ScenarioError, match="no battery has a ready round"):
        posts_of(
            [made.battery(holds=(("area", 0),))], {"area": made.weapon()}, settings=made.settings()
        )


@pytest.mark.parametrize(
    ("doctrine", "looks", "salvos", "rounds", "leak"),
    [
        ("salvo", 64, 1, 2.0, 0.3**2),
        ("shoot_look_shoot", 2, 2, 2.0 + 2.0 * 0.3**2, 0.3**4),
        ("shoot_shoot_look", 2, 2, 2.0 + 0.3**2, 0.3**3),
    ],
)
def test_a_doctrine_limits_salvos_rounds_and_the_chance_of_a_kill(
    made, doctrine, looks, salvos, rounds, leak
):
    """Two rounds of 0.7 first; closed forms of one salvo, of two, and of two rounds and then one."""
    weapon = made.weapon(doctrine=doctrine, looks=looks)
    found = shot(made, [made.battery()], [weapon])
    assert found.shots[0, 0, 0, 0] == salvos
    assert found.kill[0, 0, 0, 0] == pytest.approx(1.0 - leak)
    assert found.rounds[0, 0, 0, 0] == pytest.approx(rounds)


def test_looks_of_a_class_are_shared_by_its_batteries(made):
    """Two batteries of one class with one look between them; two classes have one each."""
    one = made.weapon(doctrine="salvo")
    pair = [made.battery("a"), made.battery("b", lat=30.1)]
    assert shot(made, pair, [one]).shots[0, 0, 0, -1] == 1
    layers = [made.battery("a"), made.battery("b", lat=30.1, holds=(("other", 8),))]
    both = shot(made, layers, [one, made.weapon("other", doctrine="salvo")])
    assert both.shots[0, 0, 0, -1] == 2


def test_single_rounds_after_a_salvo_use_up_a_small_magazine_one_by_one(made):
    weapon = made.weapon(doctrine="shoot_shoot_look")
    found = shot(made, [made.battery(holds=(("area", 3),))], [weapon])
    assert found.shots[0, 0, 0, 0] == 2
    assert found.kill[0, 0, 0, 0] == pytest.approx(1.0 - 0.3**3)

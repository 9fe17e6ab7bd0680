"""The engagement loop on synthetic perfect tracks."""

from __future__ import annotations

import math
import os
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from hinomi.defend.engage import engage
from hinomi.defend.leakage import salvo_kill, shoot_look_shoot
from hinomi.earth.wgs84 import local_axes
from hinomi.errors import ScenarioError
from hinomi.records.engagements import (
    ENGAGED,
    NO_CHANNEL,
    NO_ROUNDS,
    NO_TRACK_GRADE,
    NO_WINDOW,
    NOT_ALLOWED,
)
from hinomi.records.tracks import MODE_BOOST, WARNING_GRADE, Tracks


@pytest.fixture(scope="module")
def arc(make):
    """One ballistic flight that passes a battery at 31 N 130 E well inside its envelope."""
    start = make.state(38.0, 127.0, 150e3, east=800.0, north=-2000.0, up=1500.0)
    return make.flight(start, t0=100.0)


@pytest.fixture(scope="module")
def shoot(make):
    """One call with defaults that a test overrides."""

    def run(
        pictures,
        batteries,
        weapons,
        *,
        joint=False,
        remote=False,
        fate=None,
        wait_s=10.0,
        present=None,
        **changes,
    ):
        return engage(
            pictures,
            batteries,
            {w.name: w for w in weapons},
            architecture=make.architecture(joint=joint, remote=remote),
            settings=make.settings(**changes),
            delays=make.Delay(wait_s),
            fate=fate or make.Dice(1),
            present=present,
        )

    return run


class Never:
    """Fate in which nothing is ever hit; remembers what was asked."""

    def __init__(self):
        self.asked = []

    def killed(self, met):
        self.asked.append(met)
        return False


class Always:
    """Fate in which everything is hit."""

    def killed(self, _):
        return True


def test_one_salvo_kills_as_often_as_the_closed_form(make, arc, shoot):
    """A perfect track, two rounds, no second chance: share killed = 1 - (1 - p)^2 within 4 s.e."""
    tracks, fate, calls = make.tracks([arc]), make.Dice(7), 800
    ship = make.battery(holds=(("midcourse", 2),))
    w = make.weapon(salvo=2, kill_ballistic=0.5)
    killed = sum(
        int(shoot({"Japan": tracks}, [ship], [w], fate=fate).killed.sum()) for _ in range(calls)
    )
    expected = salvo_kill(0.5, 2)
    assert killed / calls == pytest.approx(
        expected, abs=4 * math.sqrt(expected * (1 - expected) / calls)
    )
    assert {ask.kill_probability for ask in fate.asked} == {expected}


def test_shoot_look_shoot_leaks_and_spends_as_the_closed_form(make, arc, shoot):
    """Rounds for two looks of one: leak (1 - p)^2 and shots 2 - p, within 4 s.e."""
    tracks, fate, calls = make.tracks([arc]), make.Dice(11), 1000
    ship = make.battery(holds=(("midcourse", 2),))
    w = make.weapon(salvo=1, kill_ballistic=0.5)
    leaks, shots = 0, 0
    for _ in range(calls):
        result = shoot({"Japan": tracks}, [ship], [w], fate=fate)
        leaks += int(not result.killed.any())
        shots += int(result.rounds.sum())
    leak, expected = shoot_look_shoot(0.5, (1, 1))
    assert leaks / calls == pytest.approx(leak, abs=4 * math.sqrt(leak * (1 - leak) / calls))
    assert shots / calls == pytest.approx(expected, abs=4 * 0.5 / math.sqrt(calls))


def test_times_of_a_salvo_are_those_of_the_rules(make, arc, shoot):
    """First grade-E row there at 101 s, commit delay 25 s, weapon delay 2 s, result 5 s later."""
    fate = Never()
    result = shoot(
        {"Japan": make.tracks([arc])}, [make.battery()], [make.weapon()], fate=fate, wait_s=25.0
    )
    assert len(result.rounds) >= 2
    assert result.t_commit_s[0] == pytest.approx(126.0)
    assert result.t_launch_s[0] >= 128.0
    assert (result.t_commit_s[1:] >= result.t_intercept_s[:-1] + 5.0 - 1e-9).all()
    assert (result.t_launch_s < result.t_intercept_s).all()
    assert (result.height_m >= 100e3).all()
    # The world is asked in order of intercept, salvo numbers count up, at the place of the track.
    assert [ask.salvo for ask in fate.asked] == list(range(len(fate.asked)))
    times, means = arc
    for ask in fate.asked:
        k = int(np.searchsorted(times, ask.t_intercept_s))
        assert np.linalg.norm(np.array(ask.r_m) - means[k, :3]) < 10e3


def test_no_stock_means_no_shots_and_that_reason(make, arc, shoot):
    result = shoot(
        {"Japan": make.tracks([arc])}, [make.battery(holds=(("midcourse", 0),))], [make.weapon()]
    )
    assert result.rounds.sum() == 0
    assert result.reason.tolist() == [NO_ROUNDS]
    assert math.isnan(result.t_launch_s[0])


def test_each_reason_is_given_where_it_applies(make, arc, shoot):
    ship, w = make.battery(), make.weapon()
    poor = make.tracks([arc], grade=WARNING_GRADE)
    assert shoot({"Japan": poor}, [ship], [w]).reason.tolist() == [NO_TRACK_GRADE]
    far = make.battery(lat=-30.0, lon=-60.0)
    assert shoot({"Japan": make.tracks([arc])}, [far], [w]).reason.tolist() == [NO_WINDOW]
    assert shoot({"Korea": make.tracks([arc])}, [ship], [w]).reason.tolist() == [NOT_ALLOWED]
    closed = make.battery(channels=0)
    assert shoot({"Japan": make.tracks([arc])}, [closed], [w]).reason.tolist() == [NO_CHANNEL]
    absent = shoot({"Japan": make.tracks([arc])}, [ship], [w], present=[False])
    assert absent.reason.tolist() == [NOT_ALLOWED]


def test_a_boosting_track_is_not_engaged(make, arc, shoot):
    plain = make.tracks([arc])
    mode = np.zeros_like(plain.mode)
    mode[:, MODE_BOOST] = 1.0
    names = ("t_s", "t_available_s", "track", "mean", "cov", "status", "grade", "plot", "plots")
    boosting = Tracks(picture="Japan", mode=mode, **{n: getattr(plain, n) for n in names})
    result = shoot({"Japan": boosting}, [make.battery()], [make.weapon()])
    assert (result.reason != ENGAGED).all()


def test_rounds_fired_never_exceed_the_ready_rounds(make, arc, shoot):
    holds = (("midcourse", 3),)
    result = shoot(
        {"Japan": make.tracks([arc, arc])},
        [make.battery(holds=holds)],
        [make.weapon(salvo=2)],
        fate=Never(),
    )
    assert result.rounds.sum() == 3  # 2 and then what is left


def test_channels_limit_what_goes_on_at_the_same_time(make, arc, shoot):
    """Five bodies 6 s apart: with k channels no more than k engagements overlap."""
    flights = [(arc[0] + 6.0 * k, arc[1]) for k in range(5)]
    most = []
    for channels in (1, 2, 5):
        result = shoot(
            {"Japan": make.tracks(flights)},
            [make.battery(channels=channels)],
            [make.weapon()],
            fate=Always(),
            same_object_m=1.0,
        )
        shot = result.rounds > 0
        starts, ends = result.t_launch_s[shot], result.t_intercept_s[shot] + 5.0
        overlap = max(int(((starts <= t) & (ends > t)).sum()) for t in starts)
        assert overlap <= channels
        most.append(overlap)
    assert most == [1, 2, 5]


def test_two_nations_shoot_twice_and_one_assigner_once(make, arc, shoot):
    """The same body in two pictures: a double engagement, unless one assigner decides for both."""
    ships = [make.battery("a", owner="Japan"), make.battery("b", owner="United States", lat=30.0)]
    pictures = {
        n: make.tracks([arc], picture=n, offset_m=300.0 * k)
        for k, n in enumerate(("Japan", "United States"))
    }
    apart = shoot(pictures, ships, [make.weapon()], fate=Always())
    assert apart.rounds.tolist() == [1, 1]
    assert set(apart.picture.tolist()) == {0, 1}
    joint = shoot(pictures, ships, [make.weapon()], fate=Always(), joint=True, remote=True)
    assert joint.rounds.tolist() == [1, 0]
    assert joint.reason.tolist() == [ENGAGED, NOT_ALLOWED]
    everybody = shoot(
        {"all": make.tracks([arc], picture="all")},
        ships,
        [make.weapon()],
        fate=Always(),
        joint=True,
    )
    assert everybody.rounds.tolist() == [1]


def test_two_deciders_on_one_picture_still_shoot_twice(make, arc, shoot):
    """One picture without one assignment: both nations see the same track and both shoot."""
    ships = [make.battery(n, owner=n, lat=30.5) for n in ("Japan", "United States")]
    picture = {"all": make.tracks([arc], picture="all")}
    result = shoot(picture, ships, [make.weapon()], fate=Always())
    assert result.rounds.tolist() == [1, 1]
    assert sorted(result.battery.tolist()) == [0, 1]
    none = [make.battery(n, owner=n, holds=(("midcourse", 0),)) for n in ("Japan", "United States")]
    assert shoot(picture, none, [make.weapon()]).reason.tolist() == [NO_ROUNDS]


class Slow:
    """The second nation decides only after the first one's result."""

    def seconds(self, picture, track):
        return 10.0 if picture == "Japan" else 250.0


def test_a_kill_known_in_time_spares_the_other_nation_its_rounds(make, arc, shoot):
    """With shared tracks it hears of the kill and does not shoot."""
    ships = [make.battery("a", owner="Japan"), make.battery("b", owner="United States")]
    pictures = {n: make.tracks([arc], picture=n) for n in ("Japan", "United States")}
    w = make.weapon()
    kill, spare = [
        engage(
            pictures,
            ships,
            {w.name: w},
            architecture=replace(make.architecture(), share_track=True),
            settings=make.settings(),
            delays=Slow(),
            fate=fate,
        )
        for fate in (Always(), Never())
    ]
    assert kill.t_intercept_s[0] + 5.0 < 351.0
    assert kill.rounds.tolist() == [1, 0]
    assert kill.reason.tolist() == [ENGAGED, NOT_ALLOWED]
    assert (spare.picture[spare.rounds > 0] == 1).any()


@pytest.mark.parametrize(("shared", "rounds"), [(False, 1), (True, 0)])
def test_what_a_nation_judges_is_known_to_those_it_shares_tracks_with_alone(
    make, arc, shared, rounds
):
    """Japan takes a miss for a kill: who is told of it is spared the round, right or wrong."""

    class Judged:
        def killed(self, met):
            return met.picture == "Japan"

    ships = [
        make.battery(n, owner=n, holds=(("midcourse", 1),)) for n in ("Japan", "United States")
    ]
    found = engage(
        {n: make.tracks([arc], picture=n) for n in ("Japan", "United States")},
        ships,
        {"midcourse": make.weapon()},
        architecture=replace(make.architecture(), share_track=shared),
        settings=make.settings(),
        delays=Slow(),
        fate=Judged(),
    )
    assert found.rounds[found.picture == 1].sum() == rounds


def test_a_track_held_too_little_halves_the_chance(make, arc, shoot):
    """Rows of grade E only every 40 s: 7 of 40 seconds supported, below 0.8."""
    times, means = arc
    thin = make.tracks([(times[::20], means[::20])])
    fate = Never()
    result = shoot(
        {"Japan": thin}, [make.battery(holds=(("midcourse", 1),))], [make.weapon()], fate=fate
    )
    assert fate.asked[0].kill_probability == pytest.approx(0.35)
    assert result.kill_probability[0] == pytest.approx(0.7)
    full = Never()
    shoot(
        {"Japan": make.tracks([arc])},
        [make.battery(holds=(("midcourse", 1),))],
        [make.weapon()],
        fate=full,
    )
    assert full.asked[0].kill_probability == pytest.approx(0.7)


def test_a_glider_meets_the_weapon_for_gliders(make, shoot):
    """Kill probability by estimated kind; a weapon with no chance at gliders is not fired."""
    start = make.state(34.0, 129.5, 40e3, north=-2600.0)
    glide = make.flight(start, gliding=True)
    picture = {"Japan": make.tracks([glide], gliding=(0,))}
    wide = make.low_weapon(
        "wide",
        provider="parametric",
        average_speed_mps=1200.0,
        range_high_m=250e3,
        height_high_m=45e3,
        kill_glide=0.3,
    )
    ship = make.battery(lat=31.0, lon=129.5, holds=(("wide", 8), ("midcourse", 8)))
    fate = Never()
    result = shoot(picture, [ship], [wide, make.weapon(height_low_m=10e3)], fate=fate)
    assert result.rounds.sum() > 0
    assert {result.weapons[w] for w in result.weapon} == {"wide"}
    assert fate.asked[0].kill_probability == pytest.approx(salvo_kill(0.3, 2))


@pytest.mark.parametrize(("turn", "asked"), [(0.0, 0.51), (1.0, 0.0)])
def test_a_target_that_turned_out_of_the_windows_is_not_killed(make, shoot, turn, asked):
    """A glider predicted to fly on south turns east after the shot, and is far outside when it would be met."""
    start = make.state(34.0, 129.5, 40e3, north=-2600.0)
    times, means = make.flight(start, gliding=True, seconds=110)
    means = means.copy()
    after = np.clip(times - 10.0, 0.0, None)
    east = np.array(local_axes(np.radians(33.0), np.radians(129.5)))[:3]
    means[:, :3] += turn * (8.0 * 9.80665 * 0.5 * after**2)[:, None] * east
    means[:, 3:6] = np.gradient(means[:, :3], times, axis=0)
    near = make.low_weapon(
        "near",
        provider="parametric",
        average_speed_mps=1200.0,
        range_high_m=120e3,
        height_high_m=45e3,
        kill_glide=0.3,
    )
    ship = make.battery(lat=31.5, lon=129.5, holds=(("near", 2),))
    fate = Never()
    shoot(
        {"Japan": make.tracks([(times, means)], gliding=(0,))},
        [ship],
        [near],
        fate=fate,
        wait_s=0.0,
    )
    assert fate.asked[0].kill_probability == pytest.approx(asked)


def test_the_same_raid_twice_gives_the_same_rows(make, arc, shoot):
    flights = [(arc[0] + 11.0 * k, arc[1]) for k in range(4)]
    runs = [
        shoot(
            {"Japan": make.tracks(flights)},
            [make.battery(channels=2)],
            [make.weapon()],
            fate=make.Dice(5),
        )
        for _ in range(2)
    ]
    for name in ("track", "battery", "rounds", "t_commit_s", "t_intercept_s", "killed"):
        np.testing.assert_array_equal(getattr(runs[0], name), getattr(runs[1], name))


def test_an_unknown_weapon_is_named_with_the_way_out(make, arc, shoot):
    with pytest.raises(ScenarioError, match=r"'ship' holds weapon 'laser'.*midcourse"):
        shoot({"Japan": make.tracks([arc])}, [make.battery(holds=(("laser", 1),))], [make.weapon()])


def test_kernels_give_the_same_without_compilation():
    """Falls, glides and a time to reach: compiled here, interpreted in a fresh process."""
    code = (
        "import numpy as np\n"
        "from hinomi.flight.ahead import path_ahead\n"
        "from hinomi.defend.flyout import time_to_reach\n"
        "m = np.array([-3.6e6, 4.1e6, 3.9e6, 800., -900., -2500., 0., 0., 0.])\n"
        "k = dict(step_s=1., steps=20, beta_kg_m2=8e3, lift_to_drag=2.6)\n"
        "a = path_ahead(m, gliding=False, **k)[20].tolist()\n"
        "b = path_ahead(m, gliding=True, **k)[20].tolist()\n"
        "answer = (*a, *b, time_to_reach(3e5, 2e5, 4500., 686., 70., 0., False))\n"
    )
    compiled: dict[str, object] = {}
    exec(code, compiled)
    done = subprocess.run(
        [sys.executable, "-c", code + "print(repr(tuple(float(x) for x in answer)))"],
        env=os.environ | {"NUMBA_DISABLE_JIT": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    np.testing.assert_allclose(eval(done.stdout), compiled["answer"], rtol=1e-9)

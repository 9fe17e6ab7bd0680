"""First receipt per place."""

import numpy as np
import pytest

from hinomi.errors import ScenarioError
from hinomi.records.alerts import (
    ALERT_MESSAGE,
    ALL_CLEAR_MESSAGE,
    LAUNCH_MESSAGE,
    UPDATE_MESSAGE,
    Alerts,
)
from hinomi.warn.receive import issued_for, receipts, receive, stays_of


def _alerts(kinds, times, covers, units=("islands", "main"), track=None):
    n = len(kinds)
    return Alerts(
        status="Test",
        units=units,
        track=np.ones(n) if track is None else np.array(track),
        kind=np.array(kinds),
        route=np.zeros(n),
        t_ready_s=np.array(times),
        t_issue_s=np.array(times),
        covers=np.array(covers).reshape(n, len(units)),
    )


KINDS = [LAUNCH_MESSAGE, ALERT_MESSAGE, UPDATE_MESSAGE]


def test_first_covering_message_plus_fixed_delays(world):
    """Constant delays 3 + 10 s; the launch message warns nobody; a place in no unit never hears."""
    policy = world.changed(relay_failure=0.0, issue_s=(3, 3, 3), deliver_s=(10, 10, 10))
    a = _alerts(KINDS, [100.0, 170.0, 200.0], [[0, 0], [1, 0], [1, 1]])
    t = receive(a, world.units(), world.places(), policy=policy, draws=world.draws())
    assert t.tolist() == [183.0, 213.0, np.inf]


def test_no_alert_no_receipt(world):
    a = _alerts([], [], np.zeros((0, 2)))
    t = receive(a, world.units(), world.places(), policy=world.policy, draws=world.draws())
    assert np.isinf(t).all()


def test_delays_stay_in_their_triangles_and_have_their_mean(world):
    """Means of the triangles (1, 3, 10) and (2, 10, 30): 14/3 + 14 s; 20,000 places give 0.15 s."""
    n = 20_000
    units = world.units()
    object.__setattr__(units, "unit_of_place", np.zeros(n, dtype=np.int32))
    a = _alerts([ALERT_MESSAGE], [0.0], [[1, 0]])
    t = receive(a, units, world.places(n), policy=world.policy, draws=world.draws())
    got = t[np.isfinite(t)]
    assert got.min() >= 3.0
    assert got.max() <= 40.0
    assert got.mean() == pytest.approx(14 / 3 + 14.0, abs=0.15)
    # Relay failures: 600 expected, standard deviation 24.
    assert np.isinf(t).sum() == pytest.approx(600, abs=100)


def test_places_keep_their_luck_when_alerts_move(world):
    """Paired: an alert 60 s later is received 60 s later everywhere."""
    units, places = world.units(), world.places()
    one = _alerts([ALERT_MESSAGE], [100.0], [[1, 1]])
    two = _alerts([ALERT_MESSAGE], [160.0], [[1, 1]])
    policy = world.changed(relay_failure=0.0)
    a = receive(one, units, places, policy=policy, draws=world.draws())
    b = receive(two, units, places, policy=policy, draws=world.draws())
    assert b[:2] - a[:2] == pytest.approx([60.0, 60.0])


def test_other_units_are_refused(world):
    a = _alerts([ALERT_MESSAGE], [0.0], [[1]], units=("elsewhere",))
    with pytest.raises(ScenarioError, match="same alert units"):
        receive(a, world.units(), world.places(), policy=world.policy, draws=world.draws())


ALERT, UPDATE, CLEAR = ALERT_MESSAGE, UPDATE_MESSAGE, ALL_CLEAR_MESSAGE


def _stays(world, a):
    found = stays_of(a, world.units())
    rows = zip(found.unit.tolist(), found.begin_s.tolist(), found.end_s.tolist(), strict=True)
    return list(rows)


def test_an_alert_stands_until_it_is_lifted_and_a_unit_until_it_is_dropped(world):
    a = _alerts([ALERT, UPDATE, CLEAR], [100.0, 200.0, 900.0], [[1, 1], [1, 0], [1, 0]])
    assert _stays(world, a) == [(0, 100.0, 900.0), (1, 100.0, 200.0)]


def test_alerts_about_several_threats_stand_until_the_last_of_them_is_lifted(world):
    """Unit 0: from the first alert to the second all-clear, then a stay of its own, never lifted."""
    a = _alerts(
        [ALERT, ALERT, CLEAR, CLEAR, ALERT],
        [100.0, 150.0, 300.0, 500.0, 800.0],
        [[1, 0]] * 5,
        track=[1, 2, 1, 2, 3],
    )
    assert _stays(world, a) == [(0, 100.0, 500.0), (0, 800.0, np.inf)]


def test_nothing_stands_where_nothing_was_issued(world):
    assert _stays(world, _alerts([], [], np.zeros((0, 2)))) == []


def test_what_was_lifted_warns_nobody_of_what_comes_later(world):
    """Place 0: alert 100 s, all-clear 1000 s, another threat alerted at 5000 s."""
    a = _alerts(
        [ALERT, CLEAR, ALERT], [100.0, 1000.0, 5000.0], [[1, 0], [1, 0], [1, 0]], track=[1, 1, 2]
    )
    got = receipts(a, world.units(), world.places(), policy=world.policy, draws=world.draws())
    place = np.zeros(5, np.int32)
    at = np.array([50.0, 999.0, 1000.0, 9000.0, 4999.0])
    assert issued_for(got, place, at).tolist() == [100.0, 100.0, 5000.0, 5000.0, 5000.0]
    lifted = _alerts([ALERT, CLEAR], [100.0, 1000.0], [[1, 0], [1, 0]])
    got = receipts(lifted, world.units(), world.places(), policy=world.policy, draws=world.draws())
    assert issued_for(got, place[:2], np.array([999.0, 9000.0])).tolist() == [100.0, np.inf]
    elsewhere = np.array([1, 2], np.int32)  # under no alert, and in no unit
    assert np.isinf(issued_for(got, elsewhere, np.array([500.0, 500.0]))).all()

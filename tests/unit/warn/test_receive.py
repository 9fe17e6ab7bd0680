"""First receipt per place."""

import numpy as np
import pytest

from hinomi.errors import ScenarioError
from hinomi.records.alerts import ALERT_MESSAGE, LAUNCH_MESSAGE, UPDATE_MESSAGE, Alerts
from hinomi.warn.receive import receive


def _alerts(kinds, times, covers, units=("islands", "main")):
    n = len(kinds)
    return Alerts(
        status="Test",
        units=units,
        track=np.ones(n),
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

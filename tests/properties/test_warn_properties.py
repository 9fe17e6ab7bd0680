"""What holds of warning for any numbers."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from hinomi.flight.endpoint import kepler_to_radius
from hinomi.warn.diffusion import folded, heard_by_channel
from hinomi.warn.leadtime import share_with, weighted_quantile

R = 6_371_000.0
RATES = st.floats(1e-4, 0.2)
SMALL = settings(max_examples=40, deadline=None, derandomize=True)


@SMALL
@given(RATES, RATES, st.floats(0.0, 1.0))
def test_hearing_grows_and_stays_under_the_ceiling(a1, a2, ceiling):
    n = heard_by_channel(
        np.linspace(0.0, 1800.0, 200), broadcast_per_s=a1, contagion_per_s=a2, ceiling=ceiling
    )
    assert n[0] == 0.0
    assert np.all(np.diff(n) >= 0.0)
    assert n[-1] <= ceiling + 1e-12


@SMALL
@given(RATES, RATES)
def test_nobody_acts_before_hearing(a, m):
    t = np.arange(0.0, 300.0)
    known = heard_by_channel(t, broadcast_per_s=a, contagion_per_s=0.0, ceiling=1.0)
    acted = folded(known, 1.0 - np.exp(-m * (t[:-1] + 0.5)))
    assert np.all(acted <= known + 1e-12)
    assert np.all(np.diff(acted) >= -1e-12)


LEADS = st.lists(
    st.tuples(st.one_of(st.floats(-500, 1500), st.just(-np.inf)), st.floats(0.1, 1e6)),
    min_size=1,
    max_size=20,
)


@SMALL
@given(LEADS, st.floats(-500, 1500))
def test_quantiles_and_shares_say_the_same(rows, needed):
    """At least the share asked for lies at or below a quantile, and less than it strictly below."""
    lead, people = np.array([r[0] for r in rows]), np.array([r[1] for r in rows])
    q = weighted_quantile(lead, people, 0.3)
    total = people.sum()
    assert people[lead <= q].sum() >= 0.3 * total * (1 - 1e-9)
    assert people[lead < q].sum() < 0.3 * total * (1 + 1e-9)
    assert 0.0 <= share_with(lead, people, needed) <= 1.0


@SMALL
@given(st.floats(500.0, 7000.0), st.floats(5.0, 85.0))
def test_an_arc_from_the_ground_comes_back_as_it_left(speed, climb_deg):
    """Two bodies, no rotation: same speed and opposite climb angle at the same radius."""
    g = np.radians(climb_deg)
    s = (R, 0.0, 0.0, speed * np.sin(g), speed * np.cos(g), 0.0)
    ok, x, y, _, vx, vy, _, t = kepler_to_radius(*s, R, 0.0)
    assert ok
    assert t > 0.0
    assert abs(np.hypot(vx, vy) - speed) < 1e-6 * speed
    radial = (x * vx + y * vy) / R
    assert abs(radial + s[3]) < 1e-5 * speed

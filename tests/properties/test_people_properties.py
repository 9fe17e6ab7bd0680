"""Whatever the numbers: people are conserved, more time never hurts, worse luck never helps."""

import dataclasses

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from hinomi.warn.daytime import day_weights
from hinomi.warn.respond import respond_by_channel

FEW = settings(max_examples=40, deadline=None, derandomize=True)
shares = st.floats(0.0, 1.0)
times = st.floats(0.0, 400.0)


@FEW
@given(
    received=st.lists(times | st.just(np.inf), min_size=2, max_size=2), arrive=times,
    compliance=shares, windows=shares, foreign=shares, walk=st.sampled_from([0.0, 45.0]),
)  # fmt: skip
def test_parts_never_exceed_the_whole(world, received, arrive, compliance, windows, foreign, walk):
    policy = world.changed(
        compliance=compliance, window_share=windows, foreign_share=foreign, walk_median_s=walk,
        walk_sigma=0.5, foreign_delay_s=30.0,
    )  # fmt: skip
    got = respond_by_channel(
        np.array([arrive]), np.array(received)[:, None], np.array([80.0]), np.array([20.0]),
        policy=policy,
    )  # fmt: skip
    assert 0.0 <= got.sheltered[0] + got.moved[0] <= got.knew[0] + 1e-9
    assert got.with_needed[0] <= got.knew[0] + 1e-9 <= 100.0 + 1e-6
    lead = max(0.0, arrive - min(received))
    assert 0.0 <= got.person_seconds[0] <= got.knew[0] * lead + 1e-6


@FEW
@given(received=st.lists(times, min_size=2, max_size=2), arrive=times, later=st.floats(0.0, 300.0))
def test_a_later_receipt_never_helps(world, received, arrive, later):
    policy = dataclasses.replace(world.policy, window_share=0.2)

    def at(times_s):
        return respond_by_channel(
            np.array([arrive]), np.array(times_s)[:, None], np.ones(1), np.zeros(1), policy=policy
        )

    soon, late = at(received), at([received[0], received[1] + later])
    # The two folds have different steps: 1e-3 of a person's share.
    for name in ("knew", "sheltered", "moved", "with_needed"):
        assert getattr(late, name)[0] <= getattr(soon, name)[0] + 1e-3


@FEW
@given(hour=st.floats(-48.0, 72.0))
def test_the_day_repeats_itself(hour):
    assert np.allclose(day_weights(hour), day_weights(hour + 24.0), atol=1e-9)
    assert np.isclose(sum(day_weights(hour)), 1.0)

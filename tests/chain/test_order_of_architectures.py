"""What an architecture sees does not depend on which other one was looked at before."""

import numpy as np

import hinomi
from hinomi.study import chain

# With equal relays the plots of both are the same, but one fuses tracks and the other follows plots.
SAME = {"architectures[*].relay_s": 2.0, "architectures[*].warning_relay_s": 2.0}


def test_one_picture_is_never_taken_from_fused_tracks():
    scenario = hinomi.load("okinawa-2025", changes=SAME)
    context = chain.prepare(scenario)
    alone = chain.replicate(
        scenario, context, seed=1, number=0, architectures=("integrated",), keep=False
    )
    after = chain.replicate(
        scenario,
        context,
        seed=1,
        number=0,
        architectures=("shared_track", "integrated"),
        keep=False,
    )
    metric = np.asarray(after["metrics"]["architecture"]) == "integrated"
    for column in ("metric", "value"):
        expected = np.asarray(alone["metrics"][column])
        found = np.asarray(after["metrics"][column])[metric]
        if column == "value":
            np.testing.assert_array_equal(expected, found)
        else:
            assert expected.tolist() == found.tolist()

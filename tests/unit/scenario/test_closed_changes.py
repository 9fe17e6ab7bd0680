"""What only a stored plan may carry is refused as a change, and so is a whole that holds threats."""

import pytest

import hinomi
from hinomi.errors import FenceError

WAY = {"file": "way.csv", "sha256": "0" * 64, "rows": [[0, 26.2, 127.7, 100.0]]}


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("catalogue", {"threat": {}}),
        ("catalogue.threat", {}),
        ("catalogue.threat.glider_regional.stages", []),
        ("threats", []),
        ("threats[given].trajectory_rows", WAY),
        ("area.places", {"file": "names.geojson", "sha256": "0" * 64}),
    ],
)
def test_a_change_that_would_alter_what_is_flown_or_read_is_refused(key, value):
    with pytest.raises(FenceError, match="outside the scope"):
        hinomi.load("okinawa-2025", changes={key: value})


def test_other_catalogue_keys_stay_open():
    changed = hinomi.load("okinawa-2025", changes={"warning.compliance": 0.3})
    assert changed.content_hash != hinomi.load("okinawa-2025").content_hash

"""What setting a key leaves as it was."""

import pytest

from hinomi.settings.keys import LATER, touches


@pytest.mark.parametrize(
    ("name", "anew"),
    [
        ("catalogue.radar.xband_forward.min_el_deg", True),
        ("catalogue.infrared.leo_wide.latency_s", True),
        ("tracking.engage_position_km", True),
        ("warning.forecast_first_s", True),
        ("warning.buffer_km", True),
        ("warning.decide_s", False),
        ("engagement.assess_s", False),
        ("catalogue.interceptor.midcourse_B.kill_ballistic", False),
        ("catalogue.price.sm6_unit.unit_musd", False),
        ("architectures[integrated].relay_s", False),
        ("something.new", True),  # what nobody has thought of is made anew
    ],
)
def test_what_changes_pictures_or_forecasts_is_made_anew(name, anew):
    assert (touches(name) not in LATER) is anew

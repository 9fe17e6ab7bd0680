"""Keys of channels, visitors and habits: read, defaulted, refused in words."""

import pytest

from hinomi.errors import ScenarioError
from hinomi.scenario.load import load


@pytest.fixture(scope="module")
def policy():
    return load("okinawa-2025").policy


def test_phones_do_not_pass_the_municipality_and_sirens_do(policy):
    channels = {c.name: c for c in policy.channels}
    assert not channels["cell broadcast"].municipal
    assert channels["cell broadcast"].deliver_s == (1.0, 4.0, 30.0)
    assert channels["outdoor loudspeakers"].municipal
    assert channels["outdoor loudspeakers"].deliver_s is None  # the section's
    assert policy.deliver_s == (2.0, 10.0, 30.0)


def test_bundled_numbers_are_those_of_the_public_record(policy):
    assert policy.compliance == 0.055
    assert policy.relay_failure == 0.03
    sakishima = [v.weekday for v in policy.visitors if v.at in ("miyako", "yaeyama")]
    assert sum(sakishima) == 10_000.0


def test_levers_are_keys_that_a_study_may_change():
    changes = {
        "warning.drilled_share": 0.4, "warning.local_time_h": 3, "warning.multilingual": True,
        "warning.channels[*].failure": 0.02, "warning.repairs": ["47207"],
    }  # fmt: skip
    policy = load("okinawa-2025", changes=changes).policy
    assert policy.drilled_share == 0.4
    assert policy.local_time_h == 3.0
    assert policy.multilingual
    assert policy.repairs == ("47207",)
    assert {c.failure for c in policy.channels} == {0.02}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"warning.local_time_h": 25}, "at most 24"),
        ({"warning.vehicle_share": 0.5}, "more people indoors and in vehicles by day"),
        ({"warning.vehicle_share_night": 0.5}, "by night"),
        ({"warning.repairs": ["Naha"]}, "no municipality's code of five digits"),
        ({"warning.false_alert_factor": 1.5}, "at most 1"),
        ({"warning.repairs": ["99999"]}, "'99999' is not a municipality's code"),
        (
            {"warning.visitors": [{"at": "okinawa_man", "weekday": 1, "holiday": 1}]},
            "did you mean 'okinawa_main'",
        ),
    ],
)
def test_what_cannot_be_is_refused_with_its_limit(changes, said):
    with pytest.raises(ScenarioError, match=said):
        load("okinawa-2025", changes=changes)

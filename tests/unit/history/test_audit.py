"""Verdicts on claims: each on its side of its own limit, in words that never say impossible."""

import math
from dataclasses import replace

import pytest

from hinomi.errors import ScenarioError
from hinomi.history.audit import SLACK_S, VERDICTS, Claim, audit
from hinomi.history.compare import audit_launch
from hinomi.history.digits import Interval, read_distance, read_time
from hinomi.history.excess import AIR_S, LEAST_SHARE, boosters, excess_of
from hinomi.history.launches import find_launch, load_launches
from hinomi.history.reference_time import time_span_s, unpowered


def claim(range_km="2700~0", apogee_km="550~0", time="840~0", **more):
    return Claim(
        name="claim",
        range_m=read_distance(range_km, name="range"),
        apogee_m=read_distance(apogee_km, name="apogee"),
        time_s=read_time(time, name="time", unit="s"),
        **more,
    )


EAST = {"lat_rad": math.radians(40.0), "bearing_rad": math.pi / 2.0, "class_name": "irbm_liquid"}


def test_verdicts_change_where_the_definition_says():
    """Unpowered 825.5 s east at 40 N (a published figure); a boost of 135-165 s on top."""
    bound = audit(claim(**EAST)).bound_rotating_s
    assert bound == pytest.approx(825.5, abs=0.6)
    low, high = LEAST_SHARE * 135.0, 165.0 + AIR_S
    edges = [
        (bound, "inconsistent", "doubtful"),
        (bound + low, "doubtful", "consistent"),
        (bound + high, "consistent", "doubtful"),
        (bound + high + SLACK_S, "doubtful", "inconsistent"),
    ]
    for edge, below, above in edges:
        for off, verdict in ((-0.5, below), (0.5, above)):
            assert audit(claim(time=f"{edge + off:.3f}~0", **EAST)).verdict == verdict


def test_the_margin_is_signed_and_counts_from_the_rotating_bound():
    found = audit(claim(time="700", **EAST))
    assert found.margin_s == pytest.approx(700.0 - found.bound_rotating_s)
    assert found.margin_s < 0.0
    assert "shorter than any unpowered flight of that range and apogee" in found.reason


def test_no_reason_says_impossible():
    for time in ("100", "700", "840", "1000", "3000"):
        for kind in ("ballistic", "glide"):
            assert "impossible" not in audit(claim(time=time, kind=kind)).reason


def test_29_august_2017_is_doubtful_as_printed_and_consistent_with_its_intervals():
    """The published 840 s; both are in the reason."""
    found = audit_launch(find_launch("2017-08-29")).sets[0].finding
    assert found.verdict_as_printed == "doubtful"
    assert found.verdict == found.verdict_with_measurement_error == "consistent"
    assert "as printed doubtful" in found.reason
    assert "consistent with the intervals of the stated digits" in found.reason
    assert found.margin_s == pytest.approx(16.0, abs=2.0)


def test_no_public_ballistic_launch_is_inconsistent():
    for launch in load_launches():
        if launch.kind == "ballistic" and launch.name != "2022-05-04":
            first = audit_launch(launch).sets[0].finding
            assert first.verdict in ("consistent", "doubtful"), launch.name


@pytest.mark.parametrize("kind", ["glide", "quasi_ballistic", "cruise", "launcher"])
def test_what_lifts_or_is_driven_is_not_judged(kind):
    found = audit(claim(kind=kind, time="100"))
    assert {found.verdict, found.verdict_as_printed} == {"not_applicable"}


def test_a_launch_minute_that_is_a_detection_widens_the_time_by_a_minute():
    late = claim(time="790", **EAST)
    assert audit(late).verdict == "inconsistent"
    assert audit(replace(late, detected=True)).verdict == "doubtful"


def test_without_a_bearing_the_least_time_over_all_counts():
    known, free = audit(claim(**EAST)), audit(claim(lat_rad=EAST["lat_rad"]))
    west = audit(claim(lat_rad=EAST["lat_rad"], bearing_rad=1.5 * math.pi))
    anywhere = audit(claim())
    assert anywhere.bound_rotating_s < free.bound_rotating_s <= west.bound_rotating_s + 0.05
    assert west.bound_rotating_s < known.bound_s < known.bound_rotating_s


def test_north_and_south_are_mirrors():
    for bearing in (0.3, 2.0):
        north = time_span_s(
            range_m=(2.7e6,) * 2, apogee_m=(5.5e5,) * 2, lat_rad=0.7, bearing_rad=bearing
        )
        south = time_span_s(
            range_m=(2.7e6,) * 2, apogee_m=(5.5e5,) * 2, lat_rad=-0.7, bearing_rad=math.pi - bearing
        )
        assert north == pytest.approx(south, abs=1e-3)


def test_straight_up_is_the_free_fall_of_a_line():
    """Range to nothing: fall from the apogee on a radial orbit, a closed form of its own."""
    top, ground, mu = 6371e3 + 1e6, 6371e3, 3.986004418e14
    x = ground / top
    fall = math.sqrt(top**3 / (2.0 * mu)) * (math.acos(math.sqrt(x)) + math.sqrt(x * (1.0 - x)))
    assert unpowered(range_m=1.0, apogee_m=1e6).time_s == pytest.approx(2.0 * fall, rel=1e-6)


def test_a_class_gives_its_powered_time_and_no_class_the_widest_that_reach_the_speed():
    known = boosters()
    slow = excess_of("", speed_mps=4000.0)
    assert {"irbm_liquid", "icbm2_liquid"} <= set(slow.classes)
    assert "srbm_liquid" not in slow.classes
    assert slow.powered_low_s == min(known[n].powered_low_s for n in slow.classes)
    assert slow.powered_high_s == max(known[n].powered_high_s for n in slow.classes)
    assert not excess_of("", speed_mps=20e3).known
    one = excess_of("irbm_liquid", speed_mps=20e3)
    assert (one.powered_low_s, one.powered_high_s) == (135.0, 165.0)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"range_km": "-5"}, "range is -5 km"),
        ({"range_km": "20100"}, "half the circumference"),
        ({"apogee_km": "0"}, "apogee is 0 km, below the surface"),
        ({"apogee_km": "44982"}, "beyond 20000 km.*date"),
        ({"time": "0"}, "above 0"),
        ({"time": "500 min"}, "at most 21600"),
        ({"lat_rad": 2.0}, "between -90 and 90"),
        ({"bearing_rad": 7.0}, "between 0 and 360"),
        ({"kind": "rocket"}, "the kinds are ballistic"),
        ({"class_name": "glider_regional"}, "of kind glide"),
        ({"class_name": "saturn"}, "irbm_liquid"),
    ],
)
def test_absurd_claims_are_refused_with_value_limit_and_way_out(changes, says):
    with pytest.raises(ScenarioError, match=says):
        audit(claim(**changes))


def test_an_interval_that_touches_the_ground_is_cut_there():
    low = Interval(value=20e3, low=-30e3, high=70e3, how="")
    assert audit(replace(claim(range_km="100", time="200"), apogee_m=low)).verdict in VERDICTS

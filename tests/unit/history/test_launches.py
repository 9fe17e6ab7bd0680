"""The catalogue of public launches: complete, graded, and true to its own digits."""

import re

import pytest

from hinomi.errors import ScenarioError
from hinomi.history.answers import launch_lines, launch_object
from hinomi.history.compare import audit_launch
from hinomi.history.digits import half_unit
from hinomi.history.launches import (
    CLAIM_KINDS,
    QUANTITIES,
    completed_sets,
    find_launch,
    flight_time,
    launch_name,
    load_launches,
    source_address,
)
from hinomi.scenario.load import scenario_names
from hinomi.scenario.quantity import GRADES

LAUNCHES = load_launches()
VALUES = [(la, own, v) for la in LAUNCHES for own in la.sets for v in own.values.values()]


def test_there_are_22_launches_by_date_each_once():
    names = [launch.name for launch in LAUNCHES]
    assert len(names) == 22
    assert names == sorted(set(names))


def test_every_value_has_reporter_interval_source_and_grade():
    assert len(VALUES) > 90
    for launch, own, value in VALUES:
        assert value.by == own.by
        assert value.grade in GRADES
        assert value.source, launch.name
        assert value.quantity in QUANTITIES
        assert value.low <= value.value <= value.high
        # What is published names a page; what has none is graded lower.
        assert bool(source_address(value.source)) == (value.grade == "published"), launch.name


def test_intervals_are_those_of_the_digits_unless_a_note_says_otherwise():
    for launch, _, v in VALUES:
        if v.quantity in ("range_km", "apogee_km") and not v.note:
            half = half_unit(repr(v.value))
            assert (v.low, v.high) == pytest.approx((v.value - half, v.value + half)), launch.name
        if v.quantity.endswith("_jst"):
            assert re.fullmatch(r"\d\d:\d\d", v.value)


def test_kinds_classes_and_scenarios_exist():
    for launch in LAUNCHES:
        assert launch.kind in CLAIM_KINDS
        assert launch.scenario in ("", *scenario_names())
        assert (launch.threat_class is not None) == (launch.kind == "ballistic")


def test_conflicting_sources_stand_beside_each_other():
    """18 November 2022: 999.2/6040.9, 1000/6000 and 1000/6100 km."""
    found = {
        own.by: (own.values["range_km"].value, own.values["apogee_km"].value)
        for own in find_launch("2022-11-18").sets
    }
    assert found == {
        "KCNA": (999.2, 6040.9), "Japan": (1000, 6000), "South Korea": (1000, 6100)
    }  # fmt: skip


def test_a_set_is_completed_from_the_others_and_says_so():
    sets = {own.by: (own, added) for own, added in completed_sets(find_launch("2022-10-04"))}
    own, added = sets["South Korea"]
    assert added == ("impact minute of Japan",)
    assert flight_time(own.values).value == 21 * 60
    assert flight_time(sets["Japan"][0].values).value == 22 * 60


@pytest.mark.parametrize("text", ["2017-08-29", "2017/8/29", "2017.08.29", " 42976 "])
def test_a_launch_is_found_however_a_spreadsheet_wrote_its_date(text):
    assert find_launch(text).name == "2017-08-29"


def test_what_is_no_date_is_left_as_it_is():
    assert launch_name("2017-13-45") == "2017-13-45"
    assert launch_name("my claim") == "my claim"


def test_an_unknown_launch_names_the_nearest():
    with pytest.raises(ScenarioError, match="nearest: 2022-10-04"):
        find_launch("2022-10-05")


def test_each_source_set_is_judged_and_one_fits_better():
    found = audit_launch(find_launch("2017-07-04"))
    assert [each.by for each in found.sets] == ["KCNA", "US Pacific Command", "press reports"]
    assert found.best in [each.by for each in found.sets]
    assert found.best in found.why


def test_a_launch_without_a_time_says_what_is_missing():
    with pytest.raises(ScenarioError, match="nobody published a flight time"):
        audit_launch(find_launch("2022-05-04"))
    assert audit_launch(find_launch("2022-01-05")).sets == ()


def test_text_and_object_hold_every_value():
    launch = find_launch("2022-10-04")
    text = "\n".join(launch_lines(launch))
    assert len(launch_object(launch)["reported"]) == sum(len(own.values) for own in launch.sets)
    for words in ("4,600 km", "4,500 km", "07:23 JST", "Kazinform", "Hokkaido, Aomori"):
        assert words in text

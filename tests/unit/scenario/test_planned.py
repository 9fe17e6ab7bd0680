"""What a scenario has in the sky that was only planned is said in its title."""

import pytest

from hinomi.scenario.load import load
from hinomi.scenario.model import Parameter
from hinomi.scenario.planned import planned, titled


def number(key, value, note="", source="a plan"):
    return Parameter(
        key=key, value=value, low=None, high=None, unit="1", source=source, grade="published",
        note=note,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("note", "words", "source"),
    [
        ("planned", "28 planned low-orbit satellites", ""),
        ("planned; 8 in orbit", "28 planned low-orbit satellites (8 in orbit)", ""),
        ("planned; 8 in orbit: notices", "28 planned low-orbit satellites (8 in orbit)", "notices"),
    ],
)
def test_the_note_of_the_number_says_it(note, words, source):
    given = [number("infrared[LEO].satellites", 28, note), number("infrared[LEO].altitude_km", 1000.0)]  # fmt: skip
    (found,) = planned(given)
    assert (found.words, found.source, found.there_source) == (words, "a plan", source)


@pytest.mark.parametrize(
    "given",
    [
        [number("infrared[LEO].satellites", 8, "in orbit")],
        [number("infrared[LEO].satellites", 0, "planned")],
        [number("infrared[LEO].planes", 4, "planned")],
        [
            number("infrared[LEO].satellites", 28, "planned"),
            number("infrared[LEO].availability", 0.0),
        ],
    ],
)
def test_what_is_there_or_not_used_is_not_called_planned(given):
    assert planned(given) == ()
    assert titled("A raid", ()) == "A raid"


def test_only_a_low_orbit_is_called_low():
    (found,) = planned([number("infrared[GEO].satellites", 2, "planned")])
    assert found.words == "2 planned satellites"


def test_the_first_study_says_that_28_satellites_are_planned_and_8_in_orbit():
    """28 tracking satellites of the first tranche: announced; eight launched in 2023 and 2024."""
    assert load("okinawa-2025").title.endswith(
        "a notional raid of eight, with 28 planned low-orbit satellites (8 in orbit)"
    )


@pytest.mark.parametrize("variant", ["leo_8", "sensor_lost_leo"])
def test_a_variant_without_planned_satellites_does_not_say_so(variant):
    assert load("okinawa-2025", variant=variant).title.endswith("a notional raid of eight")


def test_a_number_of_ones_own_is_not_called_planned():
    changed = load("okinawa-2025", changes={"infrared[LEO].satellites": 20})
    assert "planned" not in changed.title

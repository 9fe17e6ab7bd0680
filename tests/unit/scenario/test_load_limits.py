"""What no run could use is refused when a scenario is loaded, with the reason and the way out."""

import pytest

from hinomi.errors import FenceError, ScenarioError
from hinomi.scenario.load import load, load_text, scenario_text
from hinomi.scenario.schema import PUBLIC_SITES


@pytest.mark.parametrize("key", ["warning.hit_threshold", "warning.over_threshold"])
def test_a_threshold_of_zero_is_refused_at_load(key):
    """At 0 everybody would be alerted for anything; the rules of `hinomi rules` say the same."""
    with pytest.raises(ScenarioError, match=r"more than 0, at most 1") as told:
        load("okinawa-2025", changes={key: 0.0})
    assert told.value.exit_code == 2
    load("okinawa-2025", changes={key: 1e-4})


def test_a_tracker_that_is_not_there_is_refused_at_load():
    with pytest.raises(ScenarioError, match=r"no tracker 'hinomy'.*did you mean 'hinomi'"):
        load("okinawa-2025", changes={"tracking.tracker": "hinomy"})


def test_a_plan_with_a_tracker_of_another_package_can_still_be_read():
    """Its results need no tracker; only to compute more of them does."""
    text, name = scenario_text("okinawa-2025")
    found = load_text(text, name, changes={"tracking.tracker": "theirs"})
    assert found.tracker == "theirs"


def launcher(lat="39.7", lon="124.7", azimuth="163"):
    text, _ = scenario_text("launch-november-2023")
    for old, new in (("39.66", lat), ("124.705", lon), ("163.0", azimuth)):
        assert text.count(f"value = {old},") == 1
        text = text.replace(f"value = {old},", f"value = {new},")
    return load_text(text, "mine.toml")


def test_a_place_of_launch_and_a_direction_in_tenths_are_taken():
    assert launcher(azimuth="163.4").threats[0].body


@pytest.mark.parametrize(
    ("finer", "where"),
    [
        ({"lat": "39.12345"}, "site"),
        ({"lon": "125.98"}, "site"),
        ({"lon": "124.7, low = 124.66, high = 124.8"}, "site"),
        ({"azimuth": "163.0007"}, "azimuth_deg"),
    ],
)
def test_a_finer_place_or_direction_is_refused_by_the_fence(finer, where):
    """With a fixed second of failure either one moves the end by metres: an aim of any fineness."""
    with pytest.raises(
        FenceError, match=rf"{where}: is finer than the scope .* rounded to 0.1 deg"
    ):
        launcher(**finer)


@pytest.mark.parametrize("site", PUBLIC_SITES)
def test_copies_of_bundled_scenarios_keep_the_published_place(site):
    """Each to the digit that the shipped files print, and only as a pair."""
    lat, lon = site
    assert launcher(lat=str(lat), lon=str(lon)).threats[0].body
    with pytest.raises(FenceError, match="finer than"):
        launcher(lat="39.66", lon="125.67")

"""Keys and their settings as written; what may not be varied, with the reason."""

import pytest

from hinomi.errors import FenceError, ScenarioError
from hinomi.scenario.load import load
from hinomi.sweep.ask import question
from hinomi.sweep.axis import Axis, axes_of, read_axes
from hinomi.sweep.design import design_of


@pytest.fixture(scope="module")
def scenario():
    return load("okinawa-2025")


def axis(scenario, asked, key="engagement.assess_s", design="grid"):
    return axes_of(scenario, {key: asked}, design=design)[0]


def test_steps_of_a_range_hold_both_ends_and_are_equal(scenario):
    assert axis(scenario, "2:5:4").values == (2.0, 3.0, 4.0, 5.0)
    assert axis(scenario, (0.4, 0.8, 5)).values[-1] == 0.8


def test_a_list_stays_in_its_order_with_flags_texts_and_numbers_as_they_are(scenario):
    key = "architectures[integrated].share_track"
    assert axis(scenario, "true,false", key).values == (True, False)
    assert axis(scenario, "7,3,5").values == (7.0, 3.0, 5.0)
    assert axis(scenario, "prefecture,island_group", "warning.unit").values[1] == "island_group"
    assert axis(scenario, [False, True], key).values == (False, True)


def test_a_key_alone_takes_its_own_range(scenario):
    known = {p.key: p for p in scenario.assumptions}["engagement.assess_s"]
    assert axis(scenario, "").values == tuple(sorted({known.low, known.value, known.high}))
    found = axis(scenario, "", design="lhs")
    assert (found.low, found.high, found.as_it_is) == (known.low, known.high, known.value)


def test_a_range_of_whole_numbers_is_drawn_whole_and_another_is_not(scenario):
    assert axis(scenario, "1:4", "tracking.confirm_hits", "lhs").at(0.4) == 2.0
    assert axis(scenario, "0.5:4", design="lhs").at(0.5) == 2.25


def test_every_part_of_a_list_has_its_share(scenario):
    found = axis(scenario, "3,1,2", design="lhs")
    assert [found.at(u) for u in (0.0, 0.33, 0.34, 0.66, 0.67, 1.0)] == [3, 3, 1, 1, 2, 2]


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("threats[*].distance_high_km", "never varied"),
        ("threats[*].bearing_low_deg", "never varied"),
        ("threats[*].aim", "never varied"),
        ("threats[0].count", "write threats\\[\\*\\].count"),
        ("catalogue.threat.mrbm_liquid.beta_kg_m2", "drawn anew in every raid"),
        ("catalogue.threat.mrbm_liquid.rcs_body_m2", "drawn anew in every raid"),
        ("catalogue[threat].mrbm_liquid.rcs_body_m2", "drawn anew in every raid"),
        ("catalogue[*].mrbm_liquid.rcs_body_m2", "drawn anew|never varied"),
        ("area.half_width_km", "arcs of threats"),
        ("area.centre_lat_deg", "arcs of threats"),
    ],
)
def test_what_is_flown_is_never_varied_and_the_reason_is_told(scenario, key, words):
    with pytest.raises(FenceError, match=words) as told:
        axis(scenario, "1:2:3", key)
    closed = ("rcs_body_m2", "view_factor", "half_width_km")  # to a sweep, open to a change
    offered = str(told.value).partition("Open are")[2]
    assert not any(name in offered for name in closed)


@pytest.mark.parametrize("name", ["count", "start_high_s", "mass_spread"])
def test_raid_size_timing_and_widths_vary_for_all_threats_alike(scenario, name):
    found = axis(scenario, "1:3:3", f"threats[*].{name}")
    assert found.threat
    assert found.touches == "threats"


@pytest.mark.parametrize("design", ["morris", "sobol"])
def test_designs_that_rank_keys_take_no_key_of_threats(scenario, design):
    with pytest.raises(FenceError, match="nothing here ranks what is flown"):
        axis(scenario, "1:3:3", "threats[*].count", design)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("1:2", "a grid needs STEPS"),
        ("2:1:3", "LO must be below HI"),
        ("1:2:1", "STEPS is 1"),
        ("1:2:2.5", "STEPS is 2.5"),
        ("1:x:3", "three numbers"),
        ("1:2:3:4", "three numbers"),
        ("nan:2:3", "three numbers"),
        ("1,,2", "an empty value"),
        ("1,1", "twice"),
        ("inf,1", "finite"),
        ({}, "give a text, a list"),
    ],
)
def test_settings_that_cannot_be_read_say_how_to_write_them(scenario, asked, words):
    with pytest.raises(ScenarioError, match=words):
        axis(scenario, asked)


def test_numbers_of_the_run_itself_have_their_own_options(scenario):
    with pytest.raises(ScenarioError, match="--seed"):
        axis(scenario, "1,2", "study.seed")


def test_texts_of_the_command_line_are_apart_at_the_first_equals_sign():
    assert read_axes(["a.b=1:2:3", "c[x=y].d"]) == {"a.b": "1:2:3", "c[x": "y].d"}
    assert read_axes(["a.b"]) == {"a.b": ""}
    with pytest.raises(ScenarioError, match="twice"):
        read_axes(["a=1", "a=2"])
    with pytest.raises(ScenarioError, match="write it as"):
        read_axes(["=1"])


def test_a_share_from_0_to_1_is_no_switch(scenario):
    found = Axis(key="radars[Shariki].availability", low=0.0, high=1.0, as_it_is=1.0)
    assert found.at(0.37) == 0.37


def test_whole_numbers_are_drawn_equally_often_the_ends_too():
    found = Axis(key="k", low=1.0, high=4.0, as_it_is=3.0)
    drawn = [found.at((i + 0.5) / 60) for i in range(60)]
    assert [drawn.count(v) for v in (1.0, 2.0, 3.0, 4.0)] == [15, 15, 15, 15]
    assert (found.at(0.0), found.at(1.0)) == (1.0, 4.0)


def test_a_key_that_takes_whole_numbers_only_is_drawn_whole_although_it_is_no_assumption():
    asked = question("okinawa-2025", {"threats[*].count": "1:4"}, design="lhs", points=8)
    assert [sorted(s[0] for s in asked.design.settings).count(v) for v in (1, 2, 3, 4)] == [2] * 4


def test_a_range_refused_between_its_ends_asks_for_single_values():
    with pytest.raises(ScenarioError, match="Write single values"):
        question("okinawa-2025", {"threats[*].count": "1:2.5"}, design="lhs")


def test_a_list_that_levels_of_morris_would_not_meet_equally_often_is_refused():
    for values in ((1.0, 2.0, 3.0), (1.0,)):
        with pytest.raises(ScenarioError, match="a list has 2 or 4 values"):
            design_of("morris", [Axis(key="k", values=values)], points=20, seed=1)
    design = design_of("morris", [Axis(key="k", values=(True, False))], points=20, seed=1)
    assert {s[0] for s in design.settings} == {True, False}

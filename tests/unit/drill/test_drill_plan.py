"""A plan is checked whole: every mistake at once, with the line and the nearest name."""

from pathlib import Path

import pytest

from hinomi.cap.lengths import places as room
from hinomi.drill import plan as plans
from hinomi.drill.before import before, findings
from hinomi.drill.plan import check_plan, load_plan, plan_names
from hinomi.drill.programs import Stage
from hinomi.drill.reach import reach
from hinomi.drill.start_scenario import staged_text
from hinomi.drill.texts import chain, texts_of
from hinomi.errors import FenceError, ScenarioError
from hinomi.scenario.load import load_text, scenario_text
from hinomi.scenario.places import load_places

GOOD = """
format = "hinomi/drill/1"
name = "small"
title = "Small exercise"
scenario = "replay-2023-05-31"
[exercise]
sender = "exercise@hinomi.example"
[[participants]]
name = "towns"
places = ["47201", "47214"]
"""


def mistakes(text):
    with pytest.raises(ScenarioError) as caught:
        check_plan(text, "p.toml")
    return str(caught.value).splitlines()


def test_names_of_places_in_three_ways_are_the_same_places(small_plan):
    assert small_plan.codes == ("47201", "47214", "47382")


def test_every_mistake_is_told_at_once_with_its_line_and_the_nearest_name():
    text = (
        GOOD
        + """
[[injects]]
name = "off"
at_s = 10
kind = "reciever-down"
[[injects]]
name = "cut"
at_s = -1
kind = "link-cut"
[[objectives]]
name = "x"
measure = "cancel_s"
target = 1
colour = "red"
[[shelter]]
place = "Nahaa-shi"
time_to_shelter_s = 60
"""
    )
    found = mistakes(text.replace('"47214"', '"99999"').replace("replay-2023", "replay-2032"))
    whole = "\n".join(found)
    assert "did you mean 'receiver-down'" in whole
    assert "did you mean 'Naha-shi'" in whole
    assert "did you mean 'replay-2023-05-31'" in whole
    assert "colour: unknown key" in whole
    assert "injects[cut].at_s" in whole
    assert "how long link-cut lasts" in whole
    assert "given: '99999'" in whole
    assert len(found) >= 8
    assert all(line.startswith("p.toml:") for line in found)


@pytest.mark.parametrize("text", [
    GOOD.replace('sender = "exercise', 'status = "Actual"\nsender = "exercise'),
    GOOD.replace('title = "Small exercise"', 'title = "This is not a drill"'),
    GOOD.replace('title = "Small exercise"', 'title = "これは訓練ではありません"'),
])  # fmt: skip
def test_a_plan_that_could_be_taken_for_the_real_thing_is_refused(text):
    with pytest.raises(FenceError):
        check_plan(text, "p.toml")


def test_a_name_that_several_municipalities_have_asks_for_the_code():
    (found,) = mistakes(GOOD.replace('"47214"', '"府中市"'))
    assert "write a code" in found


def test_an_architecture_that_the_scenario_has_not_is_told_with_those_that_it_has():
    (found,) = mistakes(GOOD.replace("[exercise]", 'architecture = "shared_warnin"\n[exercise]'))
    assert "did you mean 'shared_warning'" in found


def test_neither_plan_nor_scenario_is_told_with_the_nearest():
    with pytest.raises(ScenarioError, match="did you mean 'okinawa-raid'"):
        load_plan("okinawa-rade")


@pytest.mark.parametrize("name", plan_names())
def test_bundled_plans_hold(name):
    assert load_plan(name).codes


def test_every_scenario_has_a_default_plan():
    plan = load_plan("replay-2023-05-31")
    assert len(plan.codes) == 41  # municipalities of Okinawa
    assert plan.text.objectives


def test_a_speed_outside_its_limits_is_refused(small_plan):
    assert plans.with_speed(small_plan, 60.0).text.clock.speed.value == 60.0
    with pytest.raises(ScenarioError, match="between 1 and 60"):
        plans.with_speed(small_plan, 61.0)


def test_a_scenario_without_changes_from_the_start_is_played_as_written():
    text, name = scenario_text("replay-2023-05-31")
    assert staged_text(text, name, [{"kind": "duplicate", "at_s": 5}]) is text


def test_a_second_raid_is_the_same_groups_later_and_nothing_else():
    text, name = scenario_text("replay-2023-05-31")
    one = load_text(text, name)
    two = load_text(staged_text(text, name, [{"kind": "second-raid", "at_s": 300}]), name)
    assert len(two.threats) == 2 * len(one.threats)
    assert two.t_end_s == one.t_end_s + 300.0
    first, again = one.threats[0], two.threats[-1]
    assert again.start_low_s == first.start_low_s + 300.0
    for name in ("threat_class", "aim_lat_deg", "azimuth_rad", "kick_rad", "fails_at_low_s"):
        assert getattr(again, name) == pytest.approx(getattr(first, name), nan_ok=True)


def test_night_and_visitors_change_the_people_alone():
    text, name = scenario_text("replay-2023-05-31")
    rows = [{"kind": "night", "at_s": 0}, {"kind": "visitors", "at_s": 0}]
    dark = load_text(staged_text(text, name, rows), name)
    assert dark.policy.night
    assert dark.policy.holiday
    assert dark.threats == load_text(text, name).threats or len(dark.threats) == 1


def test_texts_are_counted_in_the_alphabet_that_they_need(small_plan):
    rows = texts_of(chain(small_plan, ("47201",), t_s=60.0))
    assert {r["kind"] for r in rows} == {"shelter", "all-clear", "cancel"}
    alphabets = {r["language"]: r["alphabet"] for r in rows}
    assert alphabets == {"ja-JP": "UCS-2", "en-US": "GSM-7"}
    for r in rows:
        assert (r["taken"], r["limit"], r["alphabet"]) == room(r["text"])
        mark = "訓練" if r["language"] == "ja-JP" else "EXERCISE"
        assert r["text"].strip("【】").startswith(mark)


def test_recipients_are_computed_from_the_areas_and_held_against_three_lists(small_plan):
    """Two towns are named; one of them takes part, another takes part and is not named."""
    message = chain(small_plan, ("47201", "47207"), t_s=60.0)[0]
    found = reach(
        message, places=load_places(), enrolled=("47201", "47214"), predicted=("47201", "47382")
    )
    assert found["named"] == ["47201", "47207"]
    assert found["recipients"] == ["47201"]
    assert found["not_enrolled"] == ["47207"]
    assert found["not_alerted"] == ["47214"]
    assert found["outside_predicted"] == ["47207"]
    assert found["predicted_only"] == ["47382"]


EXPECTED = {
    "scenario": "x", "scenario_hash": "h", "architecture": "shared_warning", "seed": 1, "replicate": 0,
    "messages": [
        {"kind": "shelter", "body": "b", "units": "Okinawa", "t_ready_s": 60.0, "t_issue_s": 90.0,
         "codes": ["47201", "47207"]},
    ],
    "bodies": [], "areas": [{"body": "b", "inside": ["47201"]}],
    "needs": [{"body": "b", "code": "47201", "hit": True, "t_arrive_s": 500.0, "population": 9.0}],
}  # fmt: skip


def test_the_page_before_tells_who_is_reached_and_what_is_to_be_mended(small_plan):
    told = before(small_plan, EXPECTED)
    assert told["recipients"]["recipients"] == ["47201"]
    rows = {p["code"]: p for p in told["places"]}
    assert rows["47201"]["arrival_s"] == 500.0
    assert rows["47207"]["gets_it"] is False
    assert [f["level"] for f in told["findings"]].count("mend") == 0


AWAY = (
    '[[injects]]\nname = "away"\nkind = "receiver-down"\nplaces = ["47201"]\n'
    "at_s = {at_s}\nfor_s = {for_s}\n"
)


@pytest.mark.parametrize(("change", "words"), [
    ('[[people]]\nname = "one"\nroles = ["composer", "releaser", "director"]\n', "two different persons"),
    ('[[people]]\nname = "one"\nroles = ["composer"]\n', "nobody is director"),
    ('[[gates]]\noutput = "mail"\nopen = true\n', "gate mail is open"),
    ('[[objectives]]\nname = "o"\nmeasure = "cancel_s"\ntarget = 1\n', "no inject of kind false-alarm"),
    ('[[injects]]\nname = "late"\nat_s = 9000\nkind = "duplicate"\n', "comes after the end"),
    # At ten times the pace, 80 s are the 8 s after which silence is listed; the alert goes out at 90 s.
    (AWAY.format(at_s=60, for_s=80), "inject away lasts 8.0 s of the wall"),
    (AWAY.format(at_s=60, for_s=100), "no message is expected from 60 to 80 s"),
    (AWAY.format(at_s=91, for_s=600), "no message is expected from 91 to 611 s"),
    ("[clock]\nend_s = 80\n", "nobody would hear anything"),
])  # fmt: skip
def test_what_a_planner_has_to_mend_is_found(change, words):
    plan = check_plan(GOOD + change, "p.toml")
    told = before(plan, EXPECTED)
    assert any(words in f["text"] for f in findings(plan, told) if f["level"] == "mend")


def test_a_receiver_that_is_away_long_enough_is_nothing_to_mend():
    plan = check_plan(GOOD + AWAY.format(at_s=60, for_s=120), "p.toml")
    assert not [f for f in before(plan, EXPECTED)["findings"] if "away" in f["text"]]


def test_messages_after_the_end_are_told_and_not_counted(small_plan):
    """The exercise ends at 1200 s; an all-clear at 1900 s never comes."""
    late = EXPECTED["messages"][0] | {"kind": "all-clear", "t_issue_s": 1900.0}
    told = before(small_plan, EXPECTED | {"messages": [*EXPECTED["messages"], late]})
    assert [m["comes"] for m in told["messages"]] == [True, False]
    (words,) = [f["text"] for f in told["findings"] if "never come" in f["text"]]
    assert words.startswith("1 of 2 messages are expected after the end at 1200 s")


def test_a_scenario_beside_the_plan_goes_along_so_that_the_folder_can_be_reviewed(tmp_path):
    """The plan in the exercise's folder reads again, with the injects that change the scenario."""
    (tmp_path / "own.toml").write_text(scenario_text("replay-2023-05-31")[0], encoding="utf-8")
    extra = '[[injects]]\nname = "dark"\nat_s = 0\nkind = "night"\n'
    text = GOOD.replace("replay-2023-05-31", "own.toml") + extra
    (tmp_path / "plan.toml").write_text(text, encoding="utf-8")
    plan = load_plan(tmp_path / "plan.toml")
    stage = Stage(plan=plan, folder=tmp_path / "drill")
    stage.set_up()
    again = load_plan(tmp_path / "drill" / "plan.toml")
    assert again.scenario.content_hash == plan.scenario.content_hash
    assert again.scenario.policy.night
    played = Path(stage.programs["live"].told["scenario"])
    assert (
        load_text(played.read_text(encoding="utf-8"), "x").content_hash
        == plan.scenario.content_hash
    )


@pytest.mark.parametrize("path", ["../own.toml", "/own.toml"])
def test_a_scenario_elsewhere_is_refused(tmp_path, path):
    (tmp_path / "plan.toml").write_text(GOOD.replace("replay-2023-05-31", path), encoding="utf-8")
    with pytest.raises(ScenarioError, match="beside or below the plan"):
        load_plan(tmp_path / "plan.toml")

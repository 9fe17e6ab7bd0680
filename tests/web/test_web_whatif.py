"""What-if questions: which keys a slider moves, and that both settings see the same draws."""

import json
import subprocess
import sys

import pytest

from hinomi.scenario.load import load, scenario_text
from hinomi.study import chain
from hinomi.web.sliders import changes_of, sliders_of
from hinomi.web.whatif import CHANGED, Question, answers, figures, open_room

NAMES = ("shared_warning", "integrated")


@pytest.fixture(scope="module")
def scenario():
    return load("okinawa-2025")


@pytest.fixture(scope="module")
def sliders(scenario):
    return {s.name: s for s in sliders_of(scenario, NAMES)}


def values(scenario):
    return {p.key: (p.value, p.low, p.high) for p in scenario.assumptions}


def test_the_first_study_has_all_six(sliders):
    assert list(sliders) == [
        "decision_s", "link_delay_s", "leo_count", "alert_threshold", "stock_share", "compliance",
    ]  # fmt: skip


def test_sliders_stand_at_the_scenarios_own_numbers(sliders, scenario):
    known = values(scenario)
    for slider in sliders.values():
        told = slider.told()
        assert told["low"] <= told["value"] <= told["high"]
        assert told["source"]
        assert set(told["keys"]) <= set(known)
        if slider.name not in ("stock_share", "link_delay_s"):
            assert told["value"] == known[told["keys"][0]][0]


def test_only_satellites_need_new_looks(sliders):
    assert {n for n, s in sliders.items() if s.cost == "slow"} == {"leo_count"}


@pytest.mark.parametrize("name", ["decision_s", "link_delay_s", "leo_count", "alert_threshold",
                                  "stock_share", "compliance"])  # fmt: skip
def test_both_ends_of_every_slider_are_scenarios(sliders, name):
    slider = sliders[name]
    for end in (slider.low, slider.high):
        changed = load("okinawa-2025", changes=slider.changes(end))
        moved = values(changed)
        for key in slider.told()["keys"]:
            low, high = moved[key][1:]
            assert low is None or low <= moved[key][0] <= high


def test_a_number_that_is_drawn_goes_on_being_drawn(sliders):
    change = sliders["decision_s"].changes(90.0)["warning.decide_s"]
    # Twice the median: twice the low of 10 s and the high of 180 s.
    assert (change["value"], change["low"], change["high"]) == (90.0, 20.0, 360.0)


def test_links_move_by_the_same_seconds(sliders, scenario):
    changes = sliders["link_delay_s"].changes(12.0)  # ten more than the 2 s of `integrated`
    known = values(scenario)
    for key, change in changes.items():
        assert change["value"] == known[key][0] + 10.0


def test_half_a_stock_is_half_of_every_magazine_in_whole_rounds(sliders, scenario):
    changes = sliders["stock_share"].changes(0.5)
    before = sum(values(scenario)[k][0] for k in changes)
    after = load("okinawa-2025", changes=changes)
    rounds = sum(m.ready + m.reserve for b in after.batteries for m in b.magazines)
    assert rounds == before / 2


def test_a_slider_at_its_value_changes_nothing(sliders):
    assert changes_of(list(sliders.values()), {"compliance": sliders["compliance"].value}) == {}


def test_what_is_asked_of_the_interface_is_checked(client):
    for sliders, words in (
        ({}, "no slider is moved"),
        ({"compliance": 5}, "out of its range"),
        ({"none": 1}, "no slider 'none'"),
    ):
        answer = client.post("/api/whatif", json={"sliders": sliders})
        assert answer.status_code == 400
        assert words in answer.json()["error"]
    many = {"sliders": {"compliance": 0.2}, "replicates": 61}
    assert client.post("/api/whatif", json=many).status_code == 422


@pytest.fixture(scope="module")
def room():
    text = scenario_text("okinawa-2025")[0]
    asked = Question(text=text, name="okinawa-2025", architectures=("integrated",), changes={},
                     seed=1, replicates=1)  # fmt: skip
    return open_room(asked), asked


def asked_of(question, **changes):
    from dataclasses import replace

    return replace(question, changes=changes)


def test_as_it_is_equals_the_study_itself(room):
    """The base of a question is what a run of the same seed gives, raid by raid."""
    here, question = room
    (raid,) = answers(here, asked_of(question, **{"warning.compliance": 0.3}))
    fresh = chain.begin(here.scenario, here.context, seed=1, number=0)
    metrics = chain.judge(fresh, here.scenario.architectures["integrated"])["metrics"]()
    own = dict(zip(metrics["metric"], metrics["value"], strict=True))
    assert raid["integrated"]["lead_s"] == own["lead_s"]
    assert raid["integrated"]["sheltered_people"] == own["sheltered_people"]


def test_compliance_moves_people_in_shelter_and_nothing_before_them(room):
    here, question = room
    asked = asked_of(question, **{"warning.compliance": 0.3})
    (raid,) = answers(here, asked)
    base, changed = raid["integrated"], raid["integrated" + CHANGED]
    for same in ("first_alert_s", "lead_s", "shots", "leakers"):
        assert changed[same] == base[same]
    assert changed["sheltered_people"] > 3.0 * base["sheltered_people"]  # 0.3 against 0.055
    told = {f["name"]: f for f in figures(here, asked, [raid])}
    assert told["first_alert_s"]["difference"]["value"] == 0.0
    assert told["sheltered_people"]["changed"]["value"] == changed["sheltered_people"]


def test_no_rounds_no_shots(room):
    here, question = room
    slider = next(s for s in sliders_of(here.scenario, NAMES) if s.name == "stock_share")
    (raid,) = answers(here, asked_of(question, **slider.changes(0.0)))
    assert raid["integrated"]["shots"] > 0.0
    assert raid["integrated" + CHANGED]["shots"] == 0.0


def test_a_question_leaves_the_kept_pictures_as_they_were(room):
    here, question = room
    before = len(here.raid(0).room._made)
    key = "architectures[integrated].relay_s"
    list(answers(here, asked_of(question, **{key: 25.0})))
    assert len(here.raid(0).room._made) == before


def test_the_process_answers_in_lines_and_ends_with_its_input():
    asked = {"id": "w1", "text": "x", "name": "x", "architectures": [], "changes": {}, "seed": 1,
             "replicates": 1}  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "hinomi.web.whatif_worker"],
        input=json.dumps(asked).encode() + b"\n", capture_output=True, check=True, timeout=60,
    )  # fmt: skip
    (line,) = done.stdout.splitlines()
    assert json.loads(line)["id"] == "w1"
    assert "error" in json.loads(line)

"""Replays in a folder: kept, gone on with, never mixed with another seed or a torn file."""

import json

import pytest

from hinomi.errors import ScenarioError
from hinomi.history import replayed
from hinomi.history.replayed import bundled, check_replayable, replay_event
from hinomi.scenario.load import load

NAME = "replay-2022-10-04"


def play(count, folder=None, seed=1):
    scenario = bundled(NAME)
    return replay_event(
        scenario, again=lambda v: bundled(NAME, v), count=count, seed=seed, folder=folder
    )


@pytest.fixture(scope="module")
def straight():
    return play(4)


def test_replicates_do_not_depend_on_how_often_the_run_was_stopped(straight, tmp_path, monkeypatch):
    real = replayed.simulate

    def stops(scenario, context, *, seed, numbers):
        for i, one in enumerate(real(scenario, context, seed=seed, numbers=numbers)):
            yield one
            if i == 1:
                raise KeyboardInterrupt

    monkeypatch.setattr(replayed, "simulate", stops)
    with pytest.raises(KeyboardInterrupt):
        play(4, tmp_path)
    kept = tmp_path / "kept" / f"{NAME}.json"
    assert len(json.loads(kept.read_text(encoding="utf-8"))["replicates"]) == 2
    assert not list(tmp_path.rglob("*.part"))
    monkeypatch.setattr(replayed, "simulate", real)
    assert play(4, tmp_path).main.replicates == straight.main.replicates


def test_another_seed_or_a_torn_file_is_computed_anew(straight, tmp_path):
    play(2, tmp_path)
    other = play(2, tmp_path, seed=2)
    assert other.main.replicates != straight.main.replicates[:2]
    path = tmp_path / "kept" / f"{NAME}.json"
    path.write_text(path.read_text(encoding="utf-8")[:-40], encoding="utf-8")
    assert play(2, tmp_path).main.replicates == straight.main.replicates[:2]


def test_variants_stand_beside_and_never_change_the_frozen_run(straight):
    assert [one.variant for one in straight.beside] == ["prefectures", "own_track"]
    assert straight.main.variant == ""
    assert straight.name == "2022-10-04"
    assert not straight.frozen_here


def test_a_scenario_without_a_published_launch_is_refused():
    with pytest.raises(ScenarioError, match="no fact 'launch'"):
        check_replayable(load("okinawa-2025"))


def test_a_launch_minute_that_is_not_the_epoch_is_refused(tmp_path):
    text = bundled(NAME).text.replace("2022-10-04T07:22:00+09:00", "2022-10-04T07:23:00+09:00")
    (tmp_path / "off.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError, match="make the two the same"):
        check_replayable(load(tmp_path / "off.toml"))


def test_no_replicates_are_refused():
    with pytest.raises(ScenarioError, match="1 to 100,000"):
        play(0)

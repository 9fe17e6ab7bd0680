"""What an exercise refuses before it begins, with the reason and the way out."""

from __future__ import annotations

import asyncio
import json
import math
from datetime import UTC, datetime

import pytest

from hinomi.errors import FenceError, FolderError, ScenarioError
from hinomi.live.clock import Clock
from hinomi.live.folder import open_home
from hinomi.live.settings import Settings, read_receivers


def asked(tmp_path, **told):
    return Settings(scenario="okinawa-2025", folder=tmp_path, **told)


@pytest.mark.parametrize("mode", ["actual", "Actual", "ACTUAL", "system", "real", "live"])
def test_actual_is_refused_with_the_reason(tmp_path, mode):
    with pytest.raises(FenceError, match=r"never released here.*no key.*--mode exercise"):
        asked(tmp_path, mode=mode)


@pytest.mark.parametrize("mode", ["drill", "", "Exercise "])
def test_other_modes_are_refused_too(tmp_path, mode):
    with pytest.raises(FenceError, match="exercise or test"):
        asked(tmp_path, mode=mode)


@pytest.mark.parametrize("speed", [0.0, -1.0, math.nan, 3601.0])
def test_a_speed_at_which_no_clock_runs_is_refused(tmp_path, speed):
    with pytest.raises(ScenarioError, match="--speed"):
        asked(tmp_path, speed=speed)


def test_another_host_needs_a_token(tmp_path):
    with pytest.raises(FenceError, match="--token"):
        asked(tmp_path, host="192.0.2.7")
    assert asked(tmp_path, host="192.0.2.7", token="x" * 16)


def book(tmp_path, **told):
    path = tmp_path / "book.json"
    text = {"format": "hinomi/receivers/1", "mode": "exercise", "receivers": []} | told
    path.write_text(json.dumps(text))
    return path


def test_the_address_book_of_another_mode_is_never_used(tmp_path):
    path = book(tmp_path, mode="test")

    with pytest.raises(FenceError, match="the two never mix"):
        read_receivers(path, mode="exercise")
    assert read_receivers(path, mode="test") == ()


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([{"name": "a", "code": "99999"}], "five digits of a municipality"),
        ([{"name": "a b", "code": "47201"}], "letters, digits"),
        ([{"name": "a", "code": "47201"}, {"name": "a", "code": "47207"}], "two receivers"),
        ([{"name": "a", "code": "47201", "url": "x"}], "name, code"),
        ("all", "is a list"),
    ],
)
def test_a_mistake_in_the_address_book_is_named(tmp_path, rows, words):
    with pytest.raises(ScenarioError, match=words):
        read_receivers(book(tmp_path, receivers=rows), mode="exercise")


FACTS = {"run": "r", "scenario": "s", "digest": "d", "seed": 1, "replicate": 0, "architecture": "a"}
EPOCH = datetime(2025, 9, 15, tzinfo=UTC)


def home(path, facts=None, **told):
    return open_home(
        Settings(scenario="s", folder=path, **told), facts or FACTS, text="x", epoch=EPOCH
    )


def test_a_folder_in_use_is_refused_and_free_afterwards(tmp_path):
    first = home(tmp_path / "e")
    with pytest.raises(FolderError, match="an exercise runs there"):
        home(tmp_path / "e")
    first.close()

    again = home(tmp_path / "e")
    assert not again.fresh
    again.close()


def test_a_folder_belongs_to_one_mode_and_one_exercise(tmp_path):
    home(tmp_path / "e").close()

    with pytest.raises(FolderError, match="mode 'exercise', asked is 'test'"):
        home(tmp_path / "e", mode="test")
    with pytest.raises(FolderError, match="seed '1', asked is '2'"):
        home(tmp_path / "e", FACTS | {"seed": 2})


def test_a_folder_with_other_things_is_left_alone(tmp_path):
    (tmp_path / "thesis.txt").write_text("dear")

    with pytest.raises(FolderError, match=r"other things \(thesis.txt"):
        home(tmp_path)
    assert (tmp_path / "thesis.txt").read_text() == "dear"


def test_keys_are_of_the_mode_alone_and_private(tmp_path):
    exercise, test = home(tmp_path / "e"), home(tmp_path / "t", mode="test")

    for found, status, mode in ((exercise, "Exercise", "exercise"), (test, "Test", "test")):
        assert [entry.statuses for entry in found.trust] == [(status,)]
        assert sorted(p.name for p in (found.path / "keys").iterdir()) == [mode]
        for name in (f"keys/{mode}/key.pem", "roles.json"):
            assert (found.path / name).stat().st_mode & 0o077 == 0
        found.close()
    assert exercise.trust[0].fingerprint != test.trust[0].fingerprint


def test_the_clock_is_paced_by_the_wall_and_never_ahead_of_the_work():
    wall = [0.0]
    clock = Clock(10.0, speed=60.0, steady_s=lambda: wall[0])
    assert clock.t_s == 10.0
    wall[0] = 5.0

    assert clock.t_s == 10.0
    assert clock.lag_s == pytest.approx(300.0)
    asyncio.run(clock.until(40.0))
    assert clock.t_s == pytest.approx(40.0)


def test_a_paused_clock_stands_and_goes_on_from_where_it_stood():
    wall = [0.0]
    clock = Clock(0.0, speed=2.0, steady_s=lambda: wall[0])
    clock._limit_s = 1e9
    wall[0] = 3.0
    clock.set(paused=True)
    wall[0] = 100.0
    assert clock.t_s == pytest.approx(6.0)
    clock.set(paused=False, speed=1.0)
    wall[0] = 104.0

    assert clock.t_s == pytest.approx(10.0)


def test_at_any_speed_the_clock_shows_the_step_at_once():
    clock = Clock(0.0, speed=math.inf)
    asyncio.run(asyncio.wait_for(clock.until(1e6), 5.0))

    assert clock.t_s == 1e6

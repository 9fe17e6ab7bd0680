"""Alerts of a run as messages: a chain for each threat, and nobody freed under another alert."""

from __future__ import annotations

import types
from pathlib import Path

import pytest

from hinomi.cap.ending import codes_asked
from hinomi.errors import FolderError, ScenarioError
from hinomi.export.cap_run import Wanted, chains_of

NAHA, ISHIGAKI = "Naha-shi", "Ishigaki-shi"


def row(kind, t_s, *units, picture="Japan", track=0):
    return {
        "replicate": 0, "architecture": "a", "picture": picture, "track": track, "kind": kind,
        "t_issue_s": t_s, "units": "; ".join(units), "status": "Exercise",
    }  # fmt: skip


@pytest.fixture
def messages(monkeypatch):
    """Function: messages of a run with these alerts."""

    def of(*rows, track=None):
        plan = types.SimpleNamespace(
            seed=1,
            architectures=("a",),
            document={"epoch": "2026-05-01T06:00:00+09:00", "warning": {"unit": "municipality"}},
        )
        run = types.SimpleNamespace(
            plan=plan, table=lambda _: types.SimpleNamespace(to_pylist=lambda: list(rows))
        )
        monkeypatch.setattr("hinomi.study.results.Results", lambda _: run)
        monkeypatch.setattr(
            "hinomi.export.cap_run.codes_of_units",
            lambda units, _: tuple({NAHA: "47201", ISHIGAKI: "47207"}[u] for u in units),
        )
        wanted = Wanted(
            folder=Path("run"), replicate=0, architecture=None, track=track, sender="a@b.example",
            sender_name="x", languages=("ja-JP", "en-US"), exercise="e", scope="Restricted",
            expires_s=1800.0,
        )  # fmt: skip
        return chains_of(wanted)[0]

    return of


TWO = (
    row("launch", 90.0),
    row("alert", 100.0, NAHA, ISHIGAKI, picture="Japan"),
    row("alert", 160.0, ISHIGAKI, picture="US events"),
    row("all-clear", 400.0, NAHA, ISHIGAKI, picture="Japan"),
    row("all-clear", 900.0, ISHIGAKI, picture="US events"),
)


def test_one_track_number_of_two_pictures_is_two_incidents(messages):
    found = messages(*TWO)
    chains = {m.incidents: [n for n in found if n.incidents == m.incidents] for m in found}
    assert len(chains) == 2
    for first, last in chains.values():
        assert (first.kind, last.kind) == ("Alert", "Update")
        assert last.references == (first.triple,)


def test_an_all_clear_of_a_run_frees_nobody_over_whom_another_alert_stands(messages):
    """Ishigaki is told to stay at 400 s, and freed at 900 s by the other threat's all-clear."""
    first, second = [m for m in messages(*TWO) if m.kind == "Update"]
    assert (codes_asked(first, "AllClear"), codes_asked(first, "Monitor")) == ({"47201"}, {"47207"})
    assert (codes_asked(second, "AllClear"), codes_asked(second, "Monitor")) == ({"47207"}, set())


def test_an_alert_holds_until_its_own_all_clear_though_its_message_expired(messages):
    late = (
        *TWO[:3],
        row("all-clear", 2000.0, NAHA, ISHIGAKI, picture="Japan"),
        row("all-clear", 2400.0, ISHIGAKI, picture="US events"),
    )
    first, second = [m for m in messages(*late) if m.kind == "Update"]
    assert codes_asked(first, "AllClear") == {"47201"}
    assert codes_asked(second, "AllClear") == {"47207"}
    assert len(second.references) == 1


def test_a_track_is_named_with_its_picture_where_two_have_the_number(messages):
    with pytest.raises(ScenarioError, match="--track 'Japan:0' or --track 'US events:0'"):
        messages(*TWO, track="0")
    chosen = messages(*TWO, track="US events:0")
    assert [sorted(m.codes_of_areas) for m in chosen] == [["47207"], ["47207"]]
    # What the other track's alert holds back is the same whether that one is written or not.
    assert messages(*TWO, track="Japan:0")[-1] in messages(*TWO)


@pytest.mark.parametrize("track", ["7", "Korea:0"])
def test_a_track_that_is_not_there_is_told(messages, track):
    with pytest.raises(FolderError, match=f"about track {track}"):
        messages(*TWO, track=track)


def test_a_track_without_a_number_is_told_with_the_form(messages):
    with pytest.raises(ScenarioError, match="'Japan:7'"):
        messages(*TWO, track="Japan")


def test_an_update_that_drops_places_lifts_them_by_name(messages):
    drop = (TWO[1], row("update", 200.0, NAHA, picture="Japan"))
    told = messages(*drop)[-1]
    assert (codes_asked(told, "AllClear"), codes_asked(told, "Shelter")) == ({"47207"}, {"47201"})

"""One office with keys of its own, three towns, and no scenario behind it."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from hinomi.cap.keys import make_pair
from hinomi.cap.sign import load_signer
from hinomi.live.decide import Proposal
from hinomi.live.drafts import Desk
from hinomi.live.folder import AFTER, BEFORE
from hinomi.live.journal import Journal
from hinomi.live.office import Office

EPOCH = datetime(2025, 9, 15, 10, 30, tzinfo=UTC)
NAHA, ISHIGAKI, MIYAKO, YONAGUNI = "47201", "47207", "47214", "47382"
KNOWN = frozenset({NAHA, ISHIGAKI, MIYAKO, YONAGUNI})


@pytest.fixture(scope="session")
def signer():
    return load_signer(
        *make_pair("exercise@town.example", not_before=EPOCH - BEFORE, not_after=EPOCH + AFTER)
    )


@pytest.fixture(scope="session")
def desk(signer):
    return Desk(
        sender="exercise@town.example", sender_name="Town", status="Exercise", name="autumn",
        languages=("ja-JP", "en-US"), seed="7", epoch=EPOCH, signer=signer,
    )  # fmt: skip


@pytest.fixture(scope="session")
def desk_of(desk):
    """Function: the office of a folder."""

    def make(folder):
        return Office(
            Journal(folder), desk, run="r", mode="exercise", replicate=0, architecture="a",
            known=KNOWN,
        )  # fmt: skip

    return make


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "exercise.json").write_text(json.dumps({"format": "hinomi/live/1"}))
    return tmp_path


@pytest.fixture
def make_office(folder, desk_of):
    """Function: the office of the folder, as after a restart each time."""
    opened = []

    def make():
        while opened:
            opened.pop().close()
        office = desk_of(folder)
        opened.append(office.journal)
        return office

    yield make
    while opened:
        opened.pop().close()


@pytest.fixture
def office(make_office):
    return make_office()


@pytest.fixture(scope="session")
def make_proposal():
    """Function: what the rule asks for."""

    def make(index=0, *, track=0, kind="alert", codes=(NAHA, ISHIGAKI), t_s=100.0, predicted=None):
        return Proposal(
            name=f"all|{track}|{index}", picture="all", track=track, kind=kind, route="",
            t_ready_s=t_s - 5.0, t_issue_s=t_s, codes=tuple(codes),
            predicted=tuple(codes if predicted is None else predicted),
        )  # fmt: skip

    return make


@pytest.fixture
def proposal(make_proposal):
    return make_proposal

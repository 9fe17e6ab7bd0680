"""An exercise written by hand in the agreed form of the journal, and small plans."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from hinomi.cap.message import write
from hinomi.drill.plan import check_plan
from hinomi.drill.texts import chain
from hinomi.live import journal as j
from hinomi.live.rows import sha256
from hinomi.transport.contract import Receipt
from hinomi.transport.subjects import key_of, subject_of

PLAN = """
format = "hinomi/drill/1"
name = "small"
title = "Small exercise"
scenario = "replay-2023-05-31"
time_to_shelter_s = 60
[exercise]
sender = "exercise@hinomi.example"
[[participants]]
name = "three towns"
places = ["47201", "Miyakojima-shi", "与那国町"]
[[people]]
name = "one"
roles = ["composer", "director"]
[[people]]
name = "two"
roles = ["releaser"]
[[objectives]]
name = "everybody has it"
measure = "received_share"
target = 1.0
accept = 0.6
"""
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
SPEED = 10.0
CODES = ("47201", "47214", "47382")


@pytest.fixture(scope="session")
def small_plan():
    return check_plan(PLAN, "small")


class ByHand:
    """A journal whose wall clock is told, at ten scenario seconds in a second."""

    def __init__(self, folder, plan, monkeypatch):
        self.folder, self.plan, self.t_s = folder, plan, 0.0
        live = folder / "live"
        live.mkdir(parents=True)
        facts = {
            "format": "hinomi/live/1",
            "run": "r",
            "mode": "exercise",
            "scenario": "x",
            "seed": 1,
        }
        (live / "exercise.json").write_text(json.dumps(facts | {"architecture": "shared_warning"}))
        rows = [{"name": f"r-{c}", "code": c, "group": "feed"} for c in CODES]
        book = {"format": "hinomi/receivers/1", "mode": "exercise", "receivers": rows}
        (live / "receivers.json").write_text(json.dumps(book))
        (folder / "plan.toml").write_text(plan.source)
        monkeypatch.setattr(j, "wall_utc", lambda: self.wall(0.0))
        self.journal = j.Journal(live)
        self.put("opened")

    def wall(self, after_s):
        at = BEGIN + timedelta(seconds=self.t_s / SPEED + after_s)
        return at.isoformat(timespec="milliseconds")

    def put(self, kind, **body):
        self.journal.append([j.Entry(kind=kind, t_s=self.t_s, who="x", body=body)])

    def send(self, t_s, *, incident="i-1", step=0, codes=CODES, kind="alert", named=None):
        """Release a message (step 0 alert, 2 cancel of a chain) to municipalities; its key."""
        self.t_s = t_s
        message = chain(self.plan, tuple(named or codes), t_s=t_s)[step]
        content, key = write(message), key_of(message.triple)
        entry = j.Entry(
            kind="cancelled" if kind == "cancel" else "released", t_s=t_s, who="x",
            incident=incident, revision=step, body={"key": key, "codes": list(codes), "sha256": sha256(content)},
        )  # fmt: skip
        out = j.Outgoing(
            entry=0, key=key, incident=incident, revision=step, kind=kind, after="", sent_utc=message.sent,
            expires_utc=message.infos[0].expires, content=content,
        )  # fmt: skip
        self.journal.append(
            [entry],
            messages=[out],
            deliveries=[(subject_of("r", "exercise", c), key) for c in codes],
        )
        return key

    def answer(self, key, code, stage="stored", *, after_s, reason=""):
        """A receipt so many seconds of the wall after the present time."""
        receipt = Receipt(f"r-{code}", key, stage, reason, self.wall(after_s))
        self.journal.append([], receipts=[receipt])

    def end(self, t_s):
        self.t_s = t_s
        self.put("ended", why="end")
        self.journal.close()


@pytest.fixture
def by_hand(tmp_path, small_plan, monkeypatch):
    return ByHand(tmp_path / "drill", small_plan, monkeypatch)

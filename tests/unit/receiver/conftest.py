"""A sender with a key, chains of signed messages, and desks of receivers on a frozen clock."""

import datetime as dt
from pathlib import Path

import pytest

from hinomi.cap.compose import Order, Target, compose
from hinomi.cap.gate import gate
from hinomi.cap.keys import make_pair
from hinomi.cap.message import read, write
from hinomi.cap.sign import load_signer, sign
from hinomi.cap.trust import TrustEntry, fingerprint_of
from hinomi.export.cap_places import load_schema
from hinomi.receiver.desk import Desk, Setup
from hinomi.receiver.gates import OUTPUTS, Gates
from hinomi.receiver.judge import Judge
from hinomi.receiver.outputs import Outputs, sounded
from hinomi.receiver.store import Store
from hinomi.transport.contract import Delivered, Envelope
from hinomi.transport.subjects import key_of, subject_of

NOW = dt.datetime(2025, 9, 15, 10, 30, tzinfo=dt.UTC)
SENDER = "drill@town.example"
RUN = "run-1"
BOX = ((26.1, 127.6), (26.1, 127.8), (26.3, 127.8), (26.3, 127.6), (26.1, 127.6))
NAHA = Target(codes=("47201",), polygons=(BOX,), words=(("ja-JP", "那覇市"), ("en-US", "Naha")))
ISHIGAKI = Target(codes=("47207",), polygons=(BOX,), words=(("en-US", "Ishigaki"),))


def make_signer(sender=SENDER):
    key, certificate = make_pair(
        sender, not_before=NOW - dt.timedelta(days=1), not_after=NOW + dt.timedelta(days=30)
    )
    return load_signer(key, certificate), certificate.decode()


def make_entry(certificate, **fields):
    values = {
        "fingerprint": fingerprint_of(certificate), "sender": SENDER, "statuses": ("Exercise",),
        "areas": ("47",), "not_before": "2025-09-01T00:00:00Z",
        "not_after": "2025-12-01T00:00:00Z", "certificate": certificate,
    }  # fmt: skip
    return TrustEntry(**(values | fields))


class Sender:
    """Signs messages and puts them into envelopes."""

    now, run, sender, naha, ishigaki = NOW, RUN, SENDER, NAHA, ISHIGAKI
    make_signer, make_entry = staticmethod(make_signer), staticmethod(make_entry)

    def __init__(self):
        self.signer, certificate = make_signer()
        self.trust = (make_entry(certificate),)

    def bytes_of(self, message):
        return sign(write(message), signer=self.signer, at=NOW)

    def message(self, kind="launch", *, after_s=0, follows=(), **fields):
        values = {
            "kind": kind, "status": "Exercise", "sender": SENDER, "sender_name": "town",
            "sent": NOW + dt.timedelta(seconds=after_s), "incident": "raid-1", "target": NAHA,
            "follows": tuple(follows),
        }  # fmt: skip
        return compose(Order(**(values | fields)))

    def wrap(self, content, *, sequence=1, after="", code="47201", kind="alert", mode="exercise",
             key=None, revision=0, run=RUN):  # fmt: skip
        told = read(gate(content)) if key is None else None
        envelope = Envelope(
            subject=subject_of(run, mode, code), key=key or key_of(told.triple), incident="raid-1",
            revision=revision, kind=kind, after=after, sent_utc="2025-09-15T10:30:00Z",
            expires_utc="2025-09-15T11:00:00Z", content=content,
        )  # fmt: skip
        return Delivered(sequence, envelope)

    def delivered(self, kind="launch", **fields):
        return self.wrap(self.bytes_of(self.message(kind, **fields)))

    def chain(self, kinds=("launch", "shelter", "shelter", "cancel"), code="47201", **fields):
        """Deliveries of one incident in order, each after the one before."""
        out, earlier, after = [], [], ""
        for n, kind in enumerate(kinds):
            message = self.message(kind, after_s=10 * n, follows=earlier, **fields)
            name = {"Alert": "alert", "Update": "update", "Cancel": "cancel"}[message.kind]
            out.append(
                self.wrap(
                    self.bytes_of(message), sequence=n + 1, after=after, kind=name, revision=n,
                    code=code,
                )
            )  # fmt: skip
            earlier.append(message)
            after = key_of(message.triple)
        return out


class Town:
    """A receiver's desk in a folder, its clocks in the hand of the test."""

    def __init__(self, folder, trust, *, places=("47201",), outputs=OUTPUTS, names=("naha",),
                 language="en", mode="exercise", posts=None):  # fmt: skip
        self.folder, self.said = Path(folder), []
        self.at = self.wall = NOW + dt.timedelta(seconds=60)
        self.names, self.store = names, Store(self.folder)
        setup = Setup(
            run=RUN, mode=mode, source="test", posts=posts or dict.fromkeys(names, places),
            gates=Gates(RUN, tuple(outputs)), language=language,
        )  # fmt: skip
        self.desk = Desk(
            setup, store=self.store, judge=Judge(trust, schema=load_schema()),
            outputs=Outputs(self.folder, tell=self.said.append), clock=lambda: self.at,
            now=lambda: self.wall,
        )  # fmt: skip

    def take(self, *delivered):
        return self.desk.take([(name, each) for each in delivered for name in self.names])

    def later(self, seconds):
        self.at += dt.timedelta(seconds=seconds)
        self.wall += dt.timedelta(seconds=seconds)
        self.desk.tick()

    def states(self, name="naha"):
        return {kept.key: kept.state for kept in self.store.messages(name)}

    def sounded(self):
        return [key for _, key in sounded(self.folder)]

    def stages(self, name="naha"):
        return [(r.stage, r.reason) for r in self.store.receipts(name)]


@pytest.fixture(scope="session")
def sender():
    return Sender()


@pytest.fixture
def town(tmp_path, sender):
    made = []

    def make(folder=None, **fields):
        made.append(Town(folder or tmp_path / "town", fields.pop("trust", sender.trust), **fields))
        return made[-1]

    yield make
    for each in made:
        each.store.close()


@pytest.fixture(scope="session")
def make_town(sender):
    """Function: a town in a folder, which the caller closes."""
    return lambda folder, **fields: Town(folder, sender.trust, **fields)

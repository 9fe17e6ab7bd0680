"""A good message, the schema, a small area, and a pair of keys."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from hinomi.cap.compose import Order, Target
from hinomi.cap.keys import make_pair
from hinomi.cap.sign import load_signer
from hinomi.cap.trust import TrustEntry, fingerprint_of
from hinomi.export.cap_places import load_schema

HERE = Path(__file__).parent
NOW = dt.datetime(2025, 9, 15, 10, 30, tzinfo=dt.UTC)
SENDER = "drill@town.example"
BOX = ((26.1, 127.6), (26.1, 127.8), (26.3, 127.8), (26.3, 127.6), (26.1, 127.6))


class Desk:
    """What the tests of this folder share."""

    now = NOW
    sender = SENDER
    bad = sorted((HERE / "bad").glob("*.xml"))
    good = (HERE / "good.xml").read_bytes()
    target = Target(
        codes=("47201",), polygons=(BOX,), words=(("ja-JP", "那覇市"), ("en-US", "Naha"))
    )
    order = Order(
        kind="launch", status="Exercise", sender=SENDER, sender_name="town", sent=NOW,
        incident="raid-1", target=target,
    )  # fmt: skip

    @staticmethod
    def edited(old, new):
        text = Desk.good.decode()
        assert old in text
        return text.replace(old, new).encode()

    @staticmethod
    def changed(**fields):
        return replace(Desk.order, **fields)

    @staticmethod
    def later(seconds):
        return NOW + dt.timedelta(seconds=seconds)

    @staticmethod
    def pair(sender=SENDER, *, days=30, rsa=False):
        """Signer and the certificate's text."""
        key, certificate = make_pair(
            sender, not_before=NOW - dt.timedelta(days=1), not_after=NOW + dt.timedelta(days=days),
            rsa_key=rsa,
        )  # fmt: skip
        return load_signer(key, certificate), certificate.decode()

    @staticmethod
    def entry(certificate, **fields):
        values = {
            "fingerprint": fingerprint_of(certificate), "sender": SENDER,
            "statuses": ("Exercise",), "areas": ("47",), "not_before": "2025-09-01T00:00:00Z",
            "not_after": "2025-12-01T00:00:00Z", "certificate": certificate,
        }  # fmt: skip
        return TrustEntry(**(values | fields))


@pytest.fixture(scope="session")
def desk():
    return Desk


@pytest.fixture(scope="session")
def schema():
    return load_schema()

"""Time compose, check, sign and verify of a message, and the refusal of hostile bytes.

Best and median of many repetitions in one process; limits of the project beside them. What is
remembered of a message (its polygons, the certificate) is forgotten before each repetition.
"""

from __future__ import annotations

import datetime as dt
import statistics
import time

from hinomi.cap import message, shapes
from hinomi.cap import sign as signing
from hinomi.cap.check import check
from hinomi.cap.compose import Order, compose
from hinomi.cap.keys import make_pair
from hinomi.cap.message import write
from hinomi.cap.sign import load_signer, sign, verify
from hinomi.cap.trust import TrustEntry, fingerprint_of
from hinomi.export.cap_places import codes_of, load_schema, target_of

NOW = dt.datetime(2025, 9, 15, 10, 30, tzinfo=dt.UTC)
SENDER = "drill@town.example"
ALERT = b'<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">'

REMEMBERED = [
    each for module in (message, shapes, signing)
    for each in vars(module).values() if hasattr(each, "cache_clear")
]  # fmt: skip


def timed(work, times=200):
    """Best and median [ms]."""
    spans = []
    for _ in range(times):
        for each in REMEMBERED:
            each.cache_clear()
        begin = time.perf_counter()
        work()
        spans.append(1e3 * (time.perf_counter() - begin))
    return min(spans), statistics.median(spans)


def tell(name, limit_ms, work, times=200):
    best, middle = timed(work, times)
    print(f"{name:<44} {best:8.2f} {middle:8.2f}   limit {limit_ms} ms")


def messages(title, target, languages):
    schema = load_schema()
    key, certificate = make_pair(SENDER, not_before=NOW, not_after=NOW + dt.timedelta(days=1))
    signer = load_signer(key, certificate)
    text = certificate.decode()
    entry = TrustEntry(
        fingerprint=fingerprint_of(text), sender=SENDER, statuses=("Exercise",), areas=("47",),
        not_before="2025-09-01T00:00:00Z", not_after="2025-10-01T00:00:00Z", certificate=text,
    )  # fmt: skip
    order = Order(
        kind="launch", status="Exercise", sender=SENDER, sender_name="town", sent=NOW,
        incident="raid-1", target=target, languages=languages,
    )  # fmt: skip

    def whole():
        content = write(compose(order))
        assert check(content, schema=schema, profile="hinomi-jp").verdict == "accepted"
        return sign(content, signer=signer, at=NOW)

    signed = whole()
    print(f"{title}: {len(signed):,} bytes")
    tell("  compose + check + sign", 10, whole)
    tell("  verify", 5, lambda: verify(signed, trust=(entry,), at=NOW))
    return signed


def hostile(good):
    points = b"26.1,127.6 26.1,127.8 26.3,127.8 26.3,127.6 26.1,127.6"
    polygon = good.index(b"<polygon>") + len(b"<polygon>")
    tag = good.index(b"<note>") + len(b"<note")

    def put(at, content):
        return good[:at] + content + good[at:]

    yield "nesting, 9,000 levels", ALERT * 9_000
    yield "entity bomb", b'<!DOCTYPE a [<!ENTITY a "' + b"x" * 99_999 + b'">]>' + ALERT
    yield "40,000 attributes", put(tag, b"".join(b' a%d="1"' % i for i in range(40_000)))
    yield "36,000 attributes, hidden", put(tag, b"".join(b' a%d=">"' % i for i in range(36_000)))
    yield "a polygon of a megabyte", put(polygon, points * 20_000)
    yield "a million vertices", put(polygon, b"1,1 " * 1_000_000)
    yield "60,000 vertices in half a megabyte", put(polygon, b"1,1 " * 60_000)
    yield "11,000 elements", put(tag - len(b"<note"), b"<foo/>" * 11_000)


def main():
    print(f"{'':<44} {'best':>8} {'median':>8}")
    languages = ("ja-JP", "en-US")
    town = target_of(codes_of(names=["47201"], prefectures=[]))
    okinawa = target_of(codes_of(names=[], prefectures=["Okinawa"]))
    good = messages("one town, two languages", town, languages)
    messages("41 municipalities, two languages", okinawa, languages)
    schema = load_schema()
    for name, content in hostile(good):
        assert check(content, schema=schema).verdict == "refused"
        tell(f"refuse: {name}", 50, lambda c=content: check(c, schema=schema), 20)


if __name__ == "__main__":
    main()

"""Messages of random areas and chains keep their promises; mutated bytes never do harm."""

import datetime as dt
import random
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hinomi.cap.area import contains, polygons_around
from hinomi.cap.check import check
from hinomi.cap.compose import Order, compose, live
from hinomi.cap.finding import RefusedError
from hinomi.cap.gate import gate
from hinomi.cap.kinds import KINDS
from hinomi.cap.message import read, write
from hinomi.cap.recipients import recipients
from hinomi.cap.sign import verify
from hinomi.errors import ScenarioError
from hinomi.export.cap_places import EXAMPLES, examples, load_schema, target_of
from hinomi.scenario.places import data_file, load_places

NOW = dt.datetime(2025, 9, 15, 10, 30, tzinfo=dt.UTC)
SETTINGS = settings(max_examples=15, derandomize=True, deadline=None)
OKINAWA = [code for code in load_places().code if code.startswith("47")]


def order(codes, **fields):
    values = {
        "kind": "launch", "status": "Exercise", "sender": "drill@town.example",
        "sender_name": "town", "sent": NOW, "incident": "raid-1", "target": target_of(codes),
    }  # fmt: skip
    return Order(**(values | fields))


@SETTINGS
@given(st.sets(st.sampled_from(OKINAWA), min_size=1, max_size=41))
def test_recipients_are_exactly_the_places_of_the_area(codes):
    """By code exactly; and every one of them lies inside the polygons, by an independent mesh."""
    wanted = tuple(sorted(codes))
    content = write(compose(order(wanted)))
    found = recipients(read(gate(content)), load_places())
    assert found.places == found.named == wanted
    assert found.uncovered == ()
    assert check(content, schema=load_schema(), profile="hinomi-jp").verdict == "accepted"


@SETTINGS
@given(
    st.lists(
        st.tuples(st.floats(123, 145), st.floats(24, 45), st.floats(0.01, 1.0)),
        min_size=1, max_size=30,
    )
)  # fmt: skip
def test_polygons_hold_random_squares_with_few_vertices(squares):
    rings = [
        np.array([[x, y], [x + w, y], [x + w, y + w], [x, y + w], [x, y]]) for x, y, w in squares
    ]
    found = polygons_around(rings)
    assert contains(found, rings)
    assert len(found) <= 12
    assert all(len(ring) <= 101 for ring in found)


@SETTINGS
@given(st.lists(st.sampled_from([k for k in KINDS if k != "launch"]), max_size=6))
def test_chains_of_any_order_refer_to_what_stands_and_never_to_the_future(kinds):
    chain = [compose(order(("47201",)))]
    for n, kind in enumerate(kinds, start=1):
        sent = NOW + dt.timedelta(seconds=60 * n)
        standing = live(tuple(chain), sent)
        try:
            made = compose(order(("47201",), kind=kind, sent=sent, follows=tuple(chain)))
        except ScenarioError:
            assert kind == "cancel" or chain[-1].kind == "Cancel"
            assert not standing
            continue
        assert set(made.references) == {m.triple for m in standing}
        report = check(write(made), schema=load_schema(), profile="hinomi-jp")
        assert report.verdict == "accepted"
        chain.append(made)


def mutated(content, chance):
    """Bytes changed in a few places: flipped, cut out, doubled, or exchanged with markup."""
    found = bytearray(content)
    for _ in range(chance.randint(1, 8)):
        at, long = chance.randrange(len(found)), chance.randint(1, 200)
        how = chance.randrange(5)
        if how == 0:
            found[at] ^= 1 << chance.randrange(8)
        elif how == 1:
            del found[at : at + long]
        elif how == 2:
            found[at:at] = found[at : at + long]
        elif how == 3:
            found[at:at] = chance.choice(MARKUP)
        else:
            other = chance.randrange(len(found))
            found[at : at + long] = found[other : other + long]
        if not found:
            found = bytearray(b"<")
    return bytes(found)


MARKUP = (
    b"<!DOCTYPE alert>", b"<!--", b"-->", b"<![CDATA[", b"]]>", b"&#0;", b"&lt;", b"\x00",
    b"\xff\xfe", b"<alert>", b"</info>", b'xmlns:x="y"', b"<?xml version='1.0'?>", b"nan,inf ",
    b"1e9,1 ", "訓練".encode(), b"-", b",", b"</polygon><polygon>",
)  # fmt: skip


def judge(content):
    """A verdict in words, always; what is accepted can be read and told."""
    for profile in ("cap", "hinomi-jp", "cell-broadcast"):
        report = check(content, schema=load_schema(), profile=profile)
        assert report.verdict in ("accepted", "refused")
        assert len(report.findings) <= 51
        assert all(f.path.startswith("/") and f.message for f in report.findings)
    found = verify(content, trust=(), at=NOW)
    assert found.verdict == "refused"
    try:
        read(gate(content))
    except RefusedError:
        assert report.verdict == "refused"


def fuzz(seed, count):
    chance = random.Random(seed)
    seeds = [data_file(f"{EXAMPLES}/{n}").read_bytes() for n in examples() if "north" in n]
    for _ in range(count):
        judge(mutated(chance.choice(seeds), chance))


def test_mutated_messages_always_get_a_verdict():
    fuzz(1, 150)


@pytest.mark.soak
def test_many_mutated_messages_always_get_a_verdict():
    for seed in range(100):
        fuzz(seed, 1_000)


SOAK = Path(__file__).parents[2] / "benchmarks" / "soak_cap.py"


@pytest.mark.parametrize("how", [["--blind"], []], ids=["blind", "guided"])
def test_a_small_sample_of_the_soak_finds_nothing(how, tmp_path):
    """Changed messages, signed anew or not, in a process of their own: `make soak` is the long form.

    Held against a second schema library and a second canonical XML; see `soak_cap_judge`.
    """
    if not how:
        pytest.importorskip("atheris", reason="coverage-guided inputs need atheris, on Linux")
    done = subprocess.run(
        [sys.executable, str(SOAK), "--runs", "200", "--folder", str(tmp_path), *how],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    assert ("no finding" if how else "| findings | 0 |") in done.stdout

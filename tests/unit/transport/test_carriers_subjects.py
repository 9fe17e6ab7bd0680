"""Subjects, keys and the form on the wire: round trips, and nothing but clear refusals."""

import asyncio
import hashlib
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hinomi.errors import FenceError, ScenarioError
from hinomi.transport.connect import connect
from hinomi.transport.contract import Delivered, Envelope, Receipt
from hinomi.transport.subjects import (
    key_of,
    matches,
    parse_pattern,
    parse_subject,
    subject_of,
    subjects_for,
)
from hinomi.transport.wire import (
    delivered_from,
    delivered_object,
    from_bytes,
    receipt_from,
    receipt_object,
    to_bytes,
)

RUNS = st.from_regex(r"[A-Za-z0-9_-]{1,64}", fullmatch=True)
CODES = st.from_regex(r"[0-9]{5}", fullmatch=True) | st.just("all")


@given(RUNS, st.sampled_from(["exercise", "test"]), CODES)
@settings(derandomize=True, max_examples=50)
def test_a_subject_taken_apart_gives_its_parts(run, mode, code):
    text = subject_of(run, mode, code)
    found = parse_subject(text)
    assert (found.run, found.mode, found.code, str(found)) == (run, mode, code, text)
    assert matches(f"hinomi.{run}.{mode}.>", text)
    other = "test" if mode == "exercise" else "exercise"
    assert not matches(f"hinomi.{run}.{other}.>", text)


@pytest.mark.parametrize("mode", ["actual", "Actual", "ACTUAL", "live", "", "exercise "])
def test_no_subject_exists_for_another_mode(mode):
    with pytest.raises(FenceError, match="exercise and test alone"):
        subject_of("run-1", mode)
    with pytest.raises(FenceError, match="exercise and test alone"):
        parse_subject(f"hinomi.run-1.{mode}.all")
    with pytest.raises(FenceError, match="exercise and test alone"):
        parse_pattern(f"hinomi.run-1.{mode}.>")


@pytest.mark.parametrize(
    "text",
    ["", "hinomi", "hinomi.r.exercise", "fire.r.exercise.all", "hinomi.r.exercise.13.47201",
     "hinomi.r.exercise.47.4720", "hinomi.r.exercise.47.*", "hinomi.r.exercise.>", "hinomi..exercise.all"],
)  # fmt: skip
def test_what_is_no_subject_is_refused(text):
    with pytest.raises((ScenarioError, FenceError)):
        parse_subject(text)


def test_the_key_is_the_hash_of_the_reference():
    # Computed with `printf 'a@b.example,id-1,2025-09-15T19:30:00+09:00' | sha256sum`.
    triple = ("a@b.example", "id-1", "2025-09-15T19:30:00+09:00")
    assert (
        key_of(triple) == hashlib.sha256(b"a@b.example,id-1,2025-09-15T19:30:00+09:00").hexdigest()
    )


def test_a_receiver_subscribes_to_its_own_and_to_everybodys():
    assert subjects_for("r", "test", ("47201",)) == ("hinomi.r.test.47.47201", "hinomi.r.test.all")


@given(st.binary(min_size=1, max_size=200), st.integers(1, 2**40), st.text(max_size=30))
@settings(derandomize=True, max_examples=50)
def test_content_travels_byte_for_byte(content, sequence, text):
    envelope = Envelope("s", "k", text, 3, "alert", "", "t", "e", content)
    told = to_bytes(delivered_object(Delivered(sequence, envelope)))
    assert delivered_from(from_bytes(told)) == Delivered(sequence, envelope)
    receipt = Receipt("naha", "k", "shown", text, "t", content)
    assert receipt_from(from_bytes(to_bytes(receipt_object(receipt)))) == receipt


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["subject", "key", "content", "sequence", "revision", "stage"]),
                inner,
            )
        ),
        max_leaves=8,
    )
)
@settings(derandomize=True, max_examples=100)
def test_anything_else_on_the_wire_is_refused_with_words(found):
    for read in (delivered_from, receipt_from):
        with pytest.raises(ScenarioError):
            read(json.loads(json.dumps(found)))


@pytest.mark.parametrize("text", [b"", b"{", b"\xff", b"[" * 100_000, b" " * (1 << 21)])
def test_bytes_that_are_no_json_are_refused(text):
    with pytest.raises(ScenarioError):
        from_bytes(text)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("gopher://x", "is no carrier"),
        ("mqtt://broker.example", "another host"),
        ("http://town.example/hook", "another host"),
        ("http://127.0.0.1:1/hook", "at least 16"),
    ],
)
def test_a_carrier_that_cannot_be_is_told(address, words):
    with pytest.raises((ScenarioError, FenceError), match=words):
        asyncio.run(connect(address, run="r", mode="exercise"))

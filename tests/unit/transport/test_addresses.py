"""An address that a person mistypes is refused in words, by every carrier alike."""

import asyncio

import pytest

from hinomi.errors import FenceError, ScenarioError
from hinomi.transport.address import is_loopback, parts_of, shown
from hinomi.transport.connect import connect
from hinomi.transport.http import parse_server

NO_ADDRESS = (
    "://[::1",
    "://127.0.0.1:99999",
    "://127.0.0.1:port",
    "://[x]:1",
    "://",
    "://127.0.0.1:0",
)


def asked(address):
    return asyncio.run(connect(address, run="r", mode="exercise", anywhere=False, secret=b"s" * 16))


@pytest.mark.parametrize("scheme", ["http", "https", "mqtt", "nats", "tls"])
@pytest.mark.parametrize("rest", NO_ADDRESS)
def test_what_is_no_address_is_refused_with_one_that_is(scheme, rest):
    with pytest.raises(
        ScenarioError, match=r"is no address; write it like [a-z]+://127\.0\.0\.1:[0-9]"
    ):
        asked(scheme + rest)


@pytest.mark.parametrize("scheme", ["http", "https", "mqtt", "nats", "tls"])
def test_another_host_is_outside_unless_that_is_allowed(scheme):
    with pytest.raises(
        FenceError, match=r"192\.0\.2\.1 is another host: exercises stay on this one"
    ):
        asked(f"{scheme}://192.0.2.1:4000")


def test_another_host_is_reached_by_tls_alone_even_where_it_is_allowed():
    assert parse_server("https://example.org/feed", anywhere=True).port == 443
    with pytest.raises(FenceError, match="only https:// goes there"):
        parse_server("http://example.org", anywhere=True)


@pytest.mark.parametrize("address", ["http://127.0.0.1:8700/?a=1", "http://me:word@127.0.0.1:8700"])
def test_a_server_has_no_question_and_no_password_in_its_address(address):
    with pytest.raises(ScenarioError, match="is no address") as refused:
        parse_server(address)
    assert "word" not in str(refused.value)


def test_a_password_is_not_told_with_an_address():
    assert shown("nats://me:a@b@127.0.0.1:4222/x") == "nats://127.0.0.1:4222/x"
    with pytest.raises(ScenarioError) as refused:
        parts_of(
            "mqtt://me:word@[", schemes=("mqtt",), like="mqtt://127.0.0.1:1883", anywhere=False
        )
    assert "word" not in str(refused.value)


def test_what_is_this_host():
    assert [is_loopback(h) for h in ("127.0.0.1", "127.9.9.9", "::1", "localhost")] == [True] * 4
    assert [is_loopback(h) for h in ("0.0.0.0", "10.0.0.1", "localhost.x", "")] == [False] * 4

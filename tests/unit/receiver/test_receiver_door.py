"""The door for confirmations answers whatever bytes come."""

import asyncio

import pytest

from hinomi.receiver.post import confirm_door


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (b"Authorization: Bearer \xe9\xb2", 401),
        (b"Authorization: Bearer token\r\nContent-Length: \xb2", 400),
        (b"Authorization: Bearer token\r\nContent-Length: " + b"1" * 5000, 400),
        (b"Authorization: Bearer token\r\nContent-Length: 2", 200),
    ],
)
def test_strange_letters_are_answered(headers, status):
    async def work():
        async with confirm_door(lambda *_: ("key",), port=0, token="token") as port:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"POST /confirm HTTP/1.1\r\n" + headers + b"\r\n\r\n{}")
            told = await asyncio.wait_for(reader.read(), 5)
            writer.close()
            return told

    assert asyncio.run(work()).startswith(b"HTTP/1.1 %d " % status)

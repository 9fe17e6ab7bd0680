"""Answers that are kept: what cannot be made leaves nothing behind."""

import asyncio
from types import SimpleNamespace

import pytest

pytest.importorskip("fastapi")


def test_a_request_that_cannot_be_answered_keeps_no_lock():
    """Many wrong requests, each with a key of its own: nothing grows."""
    from hinomi.web.answers import Answers

    answers, request = Answers(), SimpleNamespace(headers={})

    def refuse():
        raise ValueError("no")

    async def main():
        for n in range(5):
            with pytest.raises(ValueError, match="no"):
                await answers.give(request, ("x", n), None, refuse)
        found = await asyncio.gather(
            *(answers.give(request, ("y",), None, refuse) for _ in range(4)), return_exceptions=True
        )
        assert [type(each) for each in found] == [ValueError] * 4
        assert (await answers.give(request, ("y",), None, lambda: {"a": 1})).status_code == 200

    asyncio.run(main())
    assert not answers._making

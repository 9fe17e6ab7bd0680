"""An inject that fails is on record as failed, whatever it failed with."""

import asyncio
from types import SimpleNamespace

import pytest

from hinomi.drill.conduct import Conductor, _one
from hinomi.drill.log import acts
from hinomi.errors import StorageError


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (StorageError("journal.db: disk is full"), "journal.db: disk is full"),
        (ValueError("no number"), "no number"),
        (TypeError(), "TypeError"),
    ],
)
def test_an_inject_that_fails_is_on_record(small_plan, tmp_path, monkeypatch, error, told):
    async def ask(*_):
        return None

    said = []
    conductor = Conductor(plan=small_plan, stage=SimpleNamespace(folder=tmp_path), say=said.append)
    monkeypatch.setattr(Conductor, "ask", ask)
    inject = SimpleNamespace(name="a", kind="card", at_s=SimpleNamespace(value=0.0))

    async def fails(*_):
        raise error

    asyncio.run(_one(conductor, inject, fails))
    (act,) = acts(tmp_path)
    assert (act.step, act.told) == ("failed", told)
    assert conductor.done[-1]["step"] == "failed"
    assert told in said[-1]

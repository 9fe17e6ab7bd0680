"""The study's fake chain, so that a run takes no time."""

import sys
from pathlib import Path

import pytest

CHAINS = Path(__file__).parents[1] / "study" / "chains"


@pytest.fixture(autouse=True)
def chains(monkeypatch):
    """The folder on this process's path, with nothing remembered before or after."""
    monkeypatch.syspath_prepend(str(CHAINS))
    from hinomi.study import batch

    batch._ready.cache_clear()
    yield
    batch._ready.cache_clear()
    sys.modules.pop("fake_chain", None)

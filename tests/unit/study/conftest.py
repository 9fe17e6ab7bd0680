"""Where the fake chain is found, here and in workers."""

import hashlib
import sys
from pathlib import Path

import pytest

CHAINS = Path(__file__).parent / "chains"


@pytest.fixture(autouse=True)
def chains(monkeypatch):
    """Spawned workers take over this sys.path."""
    monkeypatch.syspath_prepend(str(CHAINS))
    from hinomi.study import batch

    batch._ready.cache_clear()
    yield CHAINS
    batch._ready.cache_clear()
    sys.modules.pop("fake_chain", None)


@pytest.fixture
def hashes():
    """SHA-256 of every Parquet file and the summary of a run, by path inside the folder."""

    def of(folder):
        files = [*Path(folder).glob("*/*.parquet"), Path(folder) / "summary.json"]
        return {
            str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files
        }

    return of

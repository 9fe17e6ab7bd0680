"""A cache of stages of each test's own."""

import pytest


@pytest.fixture(autouse=True)
def stages(tmp_path, monkeypatch):
    """Folder of the cache; nothing reaches the user's own."""
    folder = tmp_path / "stages"
    monkeypatch.setenv("HINOMI_STAGE_CACHE", str(folder))
    return folder

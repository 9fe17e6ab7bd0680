import runpy
from pathlib import Path
from types import SimpleNamespace

import pytest


@pytest.fixture(scope="session")
def cases():
    """Builders of small records."""
    return SimpleNamespace(**runpy.run_path(str(Path(__file__).with_name("watch_cases.py"))))

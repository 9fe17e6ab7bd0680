"""What a question about integration leaves behind: `integration.json`, tables as CSV and Parquet."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from hinomi.integration.answer import FORMAT
from hinomi.integration.rows import tables
from hinomi.study.answer_files import write_answer

JSON: Final = "integration.json"


def write_all(content: Mapping[str, Any], folder: Path) -> None:
    """Write the JSON and every table into the folder."""
    write_answer(folder, JSON, content, tables(content), key=FORMAT)

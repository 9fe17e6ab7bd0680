"""One row of the page: what somebody else found, what hinomi finds, and how far apart they may be."""

import csv
import runpy
from pathlib import Path
from typing import NamedTuple

VALIDATION = Path(__file__).parents[1]
CLASSES = runpy.run_path(str(VALIDATION.parent / "unit" / "flight" / "flight_classes.py"))


class Row(NamedTuple):
    """Numbers in `unit`; `decimals` are those of the page."""

    case: str
    quantity: str
    theirs: float
    ours: float
    tolerance: float
    unit: str
    decimals: int
    source: str

    @property
    def difference(self) -> float:
        return self.ours - self.theirs

    @property
    def holds(self) -> bool:
        return abs(self.difference) <= self.tolerance


def table(folder, name):
    """Rows of a reference table as dictionaries; lines that begin with # are its notes."""
    with (VALIDATION / folder / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))

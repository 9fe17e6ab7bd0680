"""A finished sweep in Python: tables, indices, the page; what a notebook shows of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, final

import pyarrow as pa

from hinomi.notebook.tables import grid, note
from hinomi.settings.measures import unit_of, words_of
from hinomi.study import parquet
from hinomi.sweep.answer import rows
from hinomi.sweep.words import sentences, span

SHOWN = 12  # settings in a notebook


@final
class Swept:
    """Results of a sweep.

    Parameters
    ----------
    content
        what `sweep.json` holds.
    folder
        where it lies.
    """

    def __init__(self, content: dict[str, Any], folder: Path) -> None:
        self.content = content
        self.folder = folder

    def __repr__(self) -> str:
        told = self.content
        return f"Swept({told['design']['points']} settings of {told['scenario']}, {self.folder})"

    @property
    def page(self) -> Path:
        """The page, which opens offline."""
        return self.folder / "sweep.html"

    @property
    def indices(self) -> dict[str, Any]:
        """Target -> figure -> key -> index -> value, low, high; empty for grid and lhs."""
        return {
            target: {name: f["indices"]["keys"] for name, f in by_name.items() if f["indices"]}
            for target, by_name in self.content["results"].items()
            if any(f["indices"] for f in by_name.values())
        }

    @property
    def failed(self) -> dict[str, str]:
        """Settings that could not be computed in some raid, and why."""
        return {p["name"]: p["failed"]["why"] for p in self.content["points"] if p["failed"]}

    def table(self, name: str = "points") -> pa.Table:
        """`points` (one row a setting, target and figure), `curves` or `indices`, as Arrow."""
        found = rows(self.content)
        if name not in found:
            from hinomi.errors import ScenarioError

            raise ScenarioError(f"this sweep has no table {name!r}; it has {', '.join(found)}")
        return parquet.to_table({c: [r[c] for r in found[name]] for c in found[name][0]})

    def _repr_html_(self) -> str:
        told = self.content
        target = told["targets"][0]
        names = list(told["figures"])
        head = [*(k["key"] for k in told["keys"]), *(f"{words_of(n)}, {unit_of(n)}" for n in names)]
        lines = [
            [
                *(_text(v) for v in p["settings"].values()),
                *(span(p["results"][target][n], n, unit=False) for n in names),
            ]
            for p in told["points"][:SHOWN]
        ]
        n, seed = told["replicates"], told["seed"]
        title = f"STUDY 研究 - {told['scenario']}: {target}, n = {n}, seed {seed}"
        left = len(told["points"]) - SHOWN
        more = note(f"and {left} more settings, in table()") if left > 0 else ""
        return grid(title, head, lines) + more + "".join(note(s) for s in sentences(told))


def _text(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value).lower()

"""A run at hand in Python: its figures and tables, shown in a notebook, and its report."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, final

import pyarrow as pa

from hinomi.errors import FolderError, HinomiError, ScenarioError
from hinomi.notebook.between import between
from hinomi.notebook.headline_table import headline_table
from hinomi.notebook.tables import Shown, difference_html, note, summary_html
from hinomi.study import store
from hinomi.study.results import Results
from hinomi.study.summary import HEADLINES

RUNS_SHOWN = 5  # of a folder that holds several runs


@final
class Study:
    """Results of a run: headline figures, tables, and questions in SQL.

    Parameters
    ----------
    folder
        the run's folder; only files that its plan names are read.
    """

    def __init__(self, folder: str | Path) -> None:
        self._results = Results(folder)
        self.folder = self._results.folder
        self.plan = self._results.plan

    def __repr__(self) -> str:
        return f"Study({str(self.folder)!r})"

    @property
    def complete(self) -> bool:
        """Whether every batch of the plan is there."""
        return self._results.complete

    @property
    def finished(self) -> int:
        """How many replicates are there; all of the plan's when the run is complete."""
        return self._results.finished

    @property
    def tables(self) -> tuple[str, ...]:
        """Names of the tables that this run has."""
        return self._results.tables

    @property
    def manifest(self) -> dict[str, Any]:
        """Content of `run.json`: versions, files with hashes, times, failed batches."""
        return self._results.manifest

    def summary(self, *, pairs: Sequence[tuple[str, str]] | None = None) -> Shown:
        """Headline figures with intervals; `pairs` asks for other differences than planned."""
        return Shown(self._results.summary(pairs=pairs), summary_html)

    def table(self, name: str) -> pa.Table:
        """One table of all replicates as an Arrow table (`.to_pandas()` where pandas is installed).

        Raises
        ------
        ScenarioError
            This run has no such table.
        FolderError
            Nothing is finished yet, or files of it are gone or damaged.
        """
        return self._results.table(name)

    def sql(self, question: str) -> pa.Table:
        """Answer a question in SQL (DuckDB), in which the tables have their names.

        Raises
        ------
        ScenarioError
            The question cannot be answered; DuckDB says why, and the tables are named.
        """
        return self._results.sql(question)

    query = sql

    def headlines(self) -> pa.Table:
        """Headline figures and differences as an Arrow table, one row a figure.

        Columns: `of` (an architecture, or a pair A-B), `difference` (whether it is a pair),
        `headline`, `value`, `low`, `high` (null where not finite or not defined), `n`, `unit`,
        `statistic`, `method`, `note`.
        """
        return headline_table(self.summary())

    def difference(self, headline: str, *, against: Study | None = None) -> Shown:
        """Paired differences of one headline: pair -> value, low, high, n, unit, method, p.

        With `against`, this run minus the other, replicate by replicate, for each architecture
        that both have: what a variant or a change of a scenario does.

        Raises
        ------
        ScenarioError
            No such headline, or the two runs share no draws, replicates or architectures.
        """
        if headline not in HEADLINES:
            near = difflib.get_close_matches(headline, HEADLINES, n=1)
            tail = f"; did you mean {near[0]!r}?" if near else ""
            raise ScenarioError(
                f"{headline!r} is no headline; they are {', '.join(HEADLINES)}{tail}"
            )
        pairs = self.summary()["differences"] if against is None else between(self, against)
        if not pairs:
            raise ScenarioError(
                f"this run compares nothing ({', '.join(self.plan.architectures)} alone); "
                "name another run: difference(..., against=OTHER)"
            )
        return Shown({pair: dict(told[headline]) for pair, told in pairs.items()}, difference_html)

    def report(self) -> Path:
        """Draw the report anew; returns its path."""
        from hinomi.report.write import write_report

        with store.disk(self.folder):
            return write_report(self.folder)

    def _repr_html_(self) -> str:
        """Headlines and differences for notebooks; what cannot be read is said, never raised."""
        try:
            body = summary_html(self.summary())
        except HinomiError as error:
            why = str(error) if self.finished else "nothing computed yet"
            return note(f"{self!r}: {why}")
        if not self.complete:
            body += note(
                f"{self.finished} of {self.plan.replicates} replicates are there; the rest: "
                f"hinomi resume {self.folder}"
            )
        return body + note(f"{self.plan.title} - {self.folder}; tables: {', '.join(self.tables)}")


def open_run(folder: str | Path) -> Study:
    """Open the folder of a run that is finished or begun; nothing is computed.

    Raises
    ------
    FolderError
        It is no folder of a run; runs inside it are named.
    """
    path = Path(folder)
    if path.is_dir() and not (path / store.PLAN).is_file():
        inside = sorted(p.parent for p in path.glob(f"*/{store.PLAN}"))
        if inside:
            shown = ", ".join(str(p) for p in inside[:RUNS_SHOWN])
            more = len(inside) - RUNS_SHOWN
            tail = f" and {more} more" if more > 0 else ""
            raise FolderError(f"{path} holds {len(inside)} runs; open one of {shown}{tail}")
    return Study(path)

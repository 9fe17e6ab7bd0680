"""A finished (or begun) run, read from its folder."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, final

import pyarrow as pa
import pyarrow.dataset as ds

from hinomi.errors import FolderError, HinomiError, ScenarioError
from hinomi.study import parquet, store
from hinomi.study.between import between
from hinomi.study.headline_table import headline_table
from hinomi.study.notebook import Shown, difference_html, note, short, summary_html, words
from hinomi.study.plan import Plan
from hinomi.study.summary import HEADLINES, measured, summarise
from hinomi.study.tracking_summary import SCORES, summarise_tracking

__all__ = ["Study", "open_run", "short", "words"]
RUNS_SHOWN = 5  # of a folder that holds several runs


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


@final
class Study:
    """Results of a run: headline figures, tables, and questions in SQL.

    Parameters
    ----------
    folder
        the run's folder; only files that its plan names are read.
    """

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)
        self.plan: Plan = store.read_plan(self.folder)

    def __repr__(self) -> str:
        return f"Study({str(self.folder)!r})"

    @property
    def complete(self) -> bool:
        """Whether every batch of the plan is there."""
        return not store.missing(self.folder, self.plan)

    @property
    def finished(self) -> int:
        """How many replicates are there; all of the plan's when the run is complete."""
        batches = self.plan.batches()
        return sum(b.stop - b.first for b in batches if store.is_done(self.folder, b))

    @property
    def tables(self) -> tuple[str, ...]:
        """Names of the tables that this run has."""
        return tuple(store.tables(self.folder))

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """Content of `run.json`: versions, files with hashes, times, failed batches."""
        return store.read_json(self.folder / store.MANIFEST)

    def summary(self, *, pairs: Sequence[tuple[str, str]] | None = None) -> Shown:
        """Headline figures with intervals; `pairs` asks for other differences than planned."""
        path = self.folder / store.SUMMARY
        if pairs is None and path.is_file():
            told = store.read_json(path)
            if told.get("replicates") == self.finished:
                return Shown(told, summary_html)
        found = measured(self.table(store.LAST))
        return Shown(
            summarise(self.plan, found, pairs=pairs, tracking=self._tracking()), summary_html
        )

    def table(self, name: str) -> pa.Table:
        """One table of all replicates as an Arrow table (`.to_pandas()` where pandas is installed).

        Raises
        ------
        ScenarioError
            This run has no such table.
        FolderError
            Nothing is finished yet, or files of it are gone or damaged.
        """
        return parquet.read_files(self._files(name))

    def sql(self, question: str) -> pa.Table:
        """Answer a question in SQL (DuckDB), in which the tables have their names.

        Raises
        ------
        ScenarioError
            The question cannot be answered; DuckDB says why, and the tables are named.
        """
        import duckdb

        with duckdb.connect() as connection:
            for name in self._named(question):
                connection.register(name, self._dataset(name))
            try:
                answer = connection.sql(question)
                found = None if answer is None else answer.to_arrow_table()
            except duckdb.Error as error:
                raise ScenarioError(
                    f"{error}\nTables of this run: {', '.join(self.tables)}"
                ) from None
        if found is None:  # of statements that are no question, in some versions of DuckDB
            raise ScenarioError(f"{question!r} gives no rows: begin it with SELECT")
        return found

    query = sql

    def _named(self, question: str) -> list[str]:
        """Tables that a question names, so that only their files are opened; all where it names none."""
        words = set(re.findall(r"\w+", question.lower()))
        return [name for name in self.tables if name in words] or list(self.tables)

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
        from importlib import import_module

        with store.disk(self.folder):
            return Path(import_module("hinomi.report.write").write_report(self.folder))

    def _files(self, name: str) -> list[Path]:
        found = store.table_files(self.folder, name, self.plan.batches())
        again = f"compute them with: hinomi resume {self.folder}"
        if not self.finished:
            raise FolderError(f"no replicate of {self.folder} is finished; {again}")
        gone = self._listed(name) - {path.name for path in found}
        if gone:
            raise FolderError(
                f"{len(gone)} files of table {name!r} are gone from {self.folder}; {again}"
            )
        if not found:
            others = ", ".join(other for other in self.tables if other != name)
            raise ScenarioError(f"{self.folder} has no table {name!r}; it has {others}")
        return found

    def _tracking(self) -> dict[str, Any] | None:
        """Scores of tracking, or None where an older version made the run without them."""
        if SCORES not in self.tables:
            return None
        return summarise_tracking(self.table(SCORES))

    def _listed(self, name: str) -> set[str]:
        """Files of a table that the manifest names, where there is one."""
        if not (self.folder / store.MANIFEST).is_file():
            return set()
        return set(self.manifest["tables"].get(name, ()))

    def _dataset(self, name: str) -> ds.Dataset:
        files = self._files(name)
        schemas = [parquet.schema(path) for path in files]
        whole = pa.unify_schemas(schemas, promote_options="permissive")
        return ds.dataset(files, schema=whole, format="parquet", partitioning=None)

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

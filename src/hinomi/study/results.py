"""A finished (or begun) run, read from its folder."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, final

import pyarrow as pa
import pyarrow.dataset as ds

from hinomi.errors import FolderError, ScenarioError
from hinomi.study import parquet, store
from hinomi.study.plan import Plan
from hinomi.study.summary import NOTES, measured, summarise
from hinomi.study.tracking_summary import SCORES, summarise_tracking


@final
class Results:
    """What a run has computed: headline figures, tables, and questions in SQL.

    Parameters
    ----------
    folder
        the run's folder; only files that its plan names are read.
    """

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)
        self.plan: Plan = store.read_plan(self.folder)

    def __repr__(self) -> str:
        return f"Results({str(self.folder)!r})"

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

    def summary(self, *, pairs: Sequence[tuple[str, str]] | None = None) -> dict[str, Any]:
        """Headline figures with intervals; `pairs` asks for other differences than planned.

        What the run's folder holds is taken where its notes are today's: a version that made its
        intervals otherwise is not mixed with figures that are made now.
        """
        path, told = self.folder / store.SUMMARY, {}
        if pairs is None and path.is_file():
            told = store.read_json(path)
            if told.get("replicates") != self.finished:
                told = {}
            elif told.get("notes") == NOTES:
                return told
        found = measured(self.table(store.LAST))
        return told | summarise(self.plan, found, pairs=pairs, tracking=self._tracking())

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

    def _named(self, question: str) -> list[str]:
        """Tables that a question names, so that only their files are opened; all where it names none."""
        words = set(re.findall(r"\w+", question.lower()))
        return [name for name in self.tables if name in words] or list(self.tables)

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

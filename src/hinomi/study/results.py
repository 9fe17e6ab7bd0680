"""A finished (or begun) run, read from its folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from html import escape
from pathlib import Path
from typing import Any, final

import pyarrow as pa
import pyarrow.dataset as ds

from hinomi.errors import FolderError, ScenarioError
from hinomi.study import parquet, store
from hinomi.study.plan import Plan
from hinomi.study.summary import HEADLINES, measured, summarise
from hinomi.study.tracking_summary import SCORES, summarise_tracking


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

    def summary(self, *, pairs: Sequence[tuple[str, str]] | None = None) -> dict[str, Any]:
        """Headline figures with intervals; `pairs` asks for other differences than planned."""
        path = self.folder / store.SUMMARY
        if pairs is None and path.is_file():
            told = store.read_json(path)
            if told.get("replicates") == self.finished:
                return told
        return summarise(
            self.plan, measured(self.table(store.LAST)), pairs=pairs, tracking=self._tracking()
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

    def query(self, sql: str) -> pa.Table:
        """Answer a question in SQL, in which the tables have their names."""
        import duckdb

        with duckdb.connect() as connection:
            for name in self.tables:
                connection.register(name, self._dataset(name))
            return connection.sql(sql).to_arrow_table()

    def difference(self, headline: str) -> dict[str, dict[str, Any]]:
        """Paired differences of one headline: pair -> value, low, high, n, unit, method, p."""
        if headline not in HEADLINES:
            raise ScenarioError(f"{headline!r} is no headline; they are {', '.join(HEADLINES)}")
        pairs: Mapping[str, Any] = self.summary()["differences"]
        return {pair: dict(figures[headline]) for pair, figures in pairs.items()}

    def report(self) -> Path:
        """Draw the report anew; returns its path."""
        from importlib import import_module

        with store.disk(self.folder):
            return Path(import_module("hinomi.study.report").write_report(self.folder))

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
        """Headline table for notebooks."""
        try:
            figures = self.summary()["architectures"]
        except (FolderError, ScenarioError):
            return f"<p>{escape(repr(self))}: nothing computed yet</p>"
        head = "".join(f"<th>{escape(name)}</th>" for name in figures)
        rows = "".join(
            f"<tr><th>{escape(metric)}</th>"
            + "".join(f"<td>{escape(words(figures[a][metric]))}</td>" for a in figures)
            + "</tr>"
            for metric in HEADLINES
        )
        title = escape(
            f"STUDY 研究 - {self.plan.title}: n = {self.plan.replicates}, seed {self.plan.seed}"
        )
        return f"<table><caption>{title}</caption><tr><th></th>{head}</tr>{rows}</table>"


def words(figure: Mapping[str, Any]) -> str:
    """Write a figure as people read it: value [low, high]; what is not finite is told."""
    if figure["value"] is None:
        note = str(figure.get("note", ""))
        if "value is plus infinity" in note or "value is minus infinity" in note:
            return "never"
        return "-"
    bounds = [figure["low"], figure["high"]]
    if bounds == [None, None]:
        return short(figure["value"])
    low, high = ("never" if b is None else short(b) for b in bounds)
    return f"{short(figure['value'])} [{low}, {high}]"


def short(value: float) -> str:
    """Four figures."""
    if value == 0:
        return "0"
    return f"{float(f'{value:.4g}'):,.0f}" if abs(value) >= 1000 else f"{value:.4g}"

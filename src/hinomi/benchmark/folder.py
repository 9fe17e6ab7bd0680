"""The folder of a set: what lies where, and how it is opened.

DIR/README.md             the card: what it is, columns with units, how to score
    manifest.json         cases, seeds, sensors, settings and the SHA-256 of every file; written last
    plots/CASE.parquet    what a tracker may see
    truth/states/CASE.parquet  truth/plots/CASE.parquet  truth/scenarios/CASE.toml
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from hinomi.benchmark.columns import Truth, plots_from, truth_from
from hinomi.errors import FolderError
from hinomi.records.plots import Plots
from hinomi.records.tracks import ALWAYS, TrackSettings
from hinomi.scenario.mistakes import nearest
from hinomi.study.store import read_json

FORMAT: Final = "hinomi/benchmark/1"
MANIFEST: Final = "manifest.json"
CARD: Final = "README.md"
PLOTS: Final = "plots"
STATES: Final = "truth/states"
CAUSES: Final = "truth/plots"
SCENARIOS: Final = "truth/scenarios"


@dataclass(frozen=True, slots=True)
class TrackingSet:
    """An opened set."""

    folder: Path
    manifest: Mapping[str, Any]

    @property
    def cases(self) -> Mapping[str, Any]:
        """Case -> title, sensors, settings and more."""
        found: Mapping[str, Any] = self.manifest["cases"]
        return found

    @property
    def seeds(self) -> int:
        """Realisations of each case, numbered from 0."""
        return int(self.manifest["seeds"])

    def chosen(self, case: str | None) -> tuple[str, ...]:
        """One case, or all; FolderError for a name that is not there."""
        if case is None:
            return tuple(self.cases)
        if case not in self.cases:
            near = nearest(case, self.cases)
            tail = f"; did you mean {near!r}?" if near else ""
            raise FolderError(
                f"{self.folder} has no case {case!r}: there are {', '.join(self.cases)}{tail}"
            )
        return (case,)

    def settings(self, case: str) -> TrackSettings:
        """Numbers for the tracker."""
        given = self.cases[case]["settings"]
        known = {f.name for f in fields(TrackSettings)}
        settings = {name: value for name, value in given.items() if name in known}
        settings["modes"] = tuple(settings.get("modes", ALWAYS))
        return TrackSettings(**settings)

    def plots(self, case: str) -> list[Plots]:
        """Plots of each realisation, `body` blank."""
        table = self._table(f"{PLOTS}/{case}.parquet")
        sensors = self.cases[case]["sensors"]
        return [plots_from(_of_seed(table, seed), sensors) for seed in range(self.seeds)]

    def truth(self, case: str) -> list[Truth]:
        """Truth of each realisation."""
        states = self._table(f"{STATES}/{case}.parquet")
        causes = self._table(f"{CAUSES}/{case}.parquet")
        return [
            truth_from(_of_seed(states, seed), _of_seed(causes, seed)) for seed in range(self.seeds)
        ]

    def _table(self, name: str) -> pa.Table:
        path = self.folder / name
        if not path.is_file():
            what = "the truth is not in this copy, so nothing can be scored; " * (
                name.startswith("truth")
            )
            raise FolderError(
                f"{path} is missing: {what}write the set again: hinomi benchmark write DIR"
            )
        if sha256(path) != self.manifest["files"][name]["sha256"]:
            raise FolderError(
                f"{path} is not the file that {MANIFEST} describes (its SHA-256 differs); "
                "write the set again: hinomi benchmark write DIR"
            )
        return pq.read_table(path)


def open_set(folder: Path) -> TrackingSet:
    """Open the folder of a set.

    Raises
    ------
    FolderError
        when it is none, is unfinished, or is of another format.
    """
    if not (folder / MANIFEST).is_file():
        why = f"it has no {MANIFEST}" if folder.is_dir() else "no such folder"
        if folder.is_file():
            why = "it is a file"
        raise FolderError(
            f"{folder} is no benchmark set: {why}; write one: hinomi benchmark write DIR"
        )
    manifest = read_json(folder / MANIFEST)
    if manifest.get("format") != FORMAT:
        raise FolderError(
            f"{folder / MANIFEST}: format is {manifest.get('format')!r}; this version reads {FORMAT!r}"
        )
    try:
        found = TrackingSet(folder, manifest)
        for case in found.cases:
            found.settings(case)
            for name in (f"{PLOTS}/{case}.parquet", f"{STATES}/{case}.parquet"):
                manifest["files"][name]["sha256"]
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise FolderError(f"{folder / MANIFEST} is damaged: {error!r}") from None
    return found


def sha256(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _of_seed(table: pa.Table, seed: int) -> pa.Table:
    return table.filter(pc.equal(table["seed"], seed))

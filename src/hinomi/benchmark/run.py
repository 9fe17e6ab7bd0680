"""Run a registered tracker on the plots of a set, and write its tracks."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa

import hinomi
from hinomi.benchmark.cases import VERSION
from hinomi.benchmark.columns import track_columns
from hinomi.benchmark.folder import TrackingSet
from hinomi.errors import FolderError
from hinomi.records.plots import Plots
from hinomi.scenario.trackers import checked, tracker
from hinomi.study.figure_words import counted
from hinomi.study.parquet import to_table, write_table
from hinomi.study.store import disk, write_json
from hinomi.track.tracker import Tracker

RUN: Final = "run.json"
WARM_PLOTS: Final = 20  # a tracker runs on so many before its time is taken
Tell = Callable[[str], None]


def run_tracker(
    given: TrackingSet,
    chosen: str | Tracker,
    out: Path,
    *,
    case: str | None = None,
    seeds: int | None = None,
    tell: Tell = lambda _: None,
) -> dict[str, Any]:
    """Track every realisation and write one file of tracks a case, then `run.json`.

    Parameters
    ----------
    chosen
        name of a registered tracker, or a tracker itself; it gets plots, settings and the case's
        name, nothing else.
    case, seeds
        only this case; only the first realisations.

    Returns
    -------
    dict
        tracker, versions, and for each case rows, plots and seconds of CPU.

    Raises
    ------
    ScenarioError, TrackerError
        for an unknown tracker, and for one that fails; files of finished cases are kept.
    FolderError
        when `out` holds anything else, or the set is damaged.
    """
    function = tracker(chosen) if isinstance(chosen, str) else checked(chosen)
    cases = given.chosen(case)
    count = given.seeds if seeds is None else seeds
    if not 1 <= count <= given.seeds:
        raise FolderError(f"--seeds is {count}; the set has 1 to {given.seeds} realisations a case")
    _refuse(out, set(cases))
    told: dict[str, Any] = {}
    for i, one in enumerate(cases):
        tell(f"{i + 1}/{len(cases)}  {one}: {counted(count, 'realisation')}")
        settings, parts, plots, spent_s = given.settings(one), [], 0, 0.0
        realisations = given.plots(one)[:count]
        function(_few(realisations[0]), settings=settings, picture=one)  # compiles, imports
        for seed, seen in enumerate(realisations):
            before_s = time.process_time()
            tracks = function(seen, settings=settings, picture=f"{one} {seed}")
            spent_s += time.process_time() - before_s
            plots += len(seen.t_s)
            parts.append(to_table(track_columns(tracks, one, seed)))
        table = pa.concat_tables(parts, promote_options="permissive").combine_chunks()
        with disk(out):
            out.mkdir(parents=True, exist_ok=True)
            write_table(table, out / f"{one}.parquet", key=f"benchmark-{VERSION}")
        told[one] = {"rows": table.num_rows, "plots": plots, "cpu_s": round(spent_s, 4)}
    answer = {
        "tracker": function.name,
        "hinomi": hinomi.__version__,
        "set": given.manifest["set"],
        "version": given.manifest["version"],
        "seeds": count,
        "cases": told,
    }
    with disk(out):
        write_json(out / RUN, answer)
    return answer


def _few(plots: Plots) -> Plots:
    """Return the first plots, to warm a tracker up before its time is taken."""
    columns: dict[str, Any] = {f.name: getattr(plots, f.name) for f in fields(Plots)}
    cut: dict[str, Any] = {
        n: v[:WARM_PLOTS] for n, v in columns.items() if isinstance(v, np.ndarray)
    }
    return replace(plots, **cut)


def _refuse(out: Path, cases: set[str]) -> None:
    """Tracks of an unfinished run may be written again; anything else may not."""
    if out.exists() and not out.is_dir():
        raise FolderError(f"-o {out} is a file; name a new or empty folder")
    there = (
        {p.name for p in out.iterdir() if not p.name.endswith(".part")} if out.is_dir() else set()
    )
    foreign = sorted(there - {f"{case}.parquet" for case in cases})
    if foreign:
        raise FolderError(
            f"-o {out} is not empty ({', '.join(foreign[:3])}); name a new or empty folder"
        )

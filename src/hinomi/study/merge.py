"""Gather parts of one run from folders of their own, as shards on machines apart leave them."""

from __future__ import annotations

import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import final

from hinomi.errors import FolderError, ScenarioError
from hinomi.study import montecarlo, parquet, provenance, store
from hinomi.study.plan import Batch, Plan


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """What was gathered: batches that are there now, that are missing, and files set aside."""

    folder: Path
    batches: int
    missing: int
    damaged: tuple[str, ...]


def merge(parts: Sequence[str | Path], out: str | Path) -> Merged:
    """Copy the finished batches of every part into one folder; summarise it when none is missing.

    The files are the same bytes as those of a run in one place. Parts stay as they are.

    Raises
    ------
    FolderError
        A part belongs to another run, or two parts hold different bytes for the same batch.
    StorageError
        The disk is full; what was copied is whole and stays.
    """
    folders = [Path(part) for part in parts]
    if not folders:
        raise ScenarioError("name the folders to gather, such as: hinomi merge part-* -o whole")
    plan = _one_plan(folders)
    where = Path(out)
    if where.resolve() in {folder.resolve() for folder in folders}:
        raise FolderError(f"{where} is one of the parts; gather them into another folder")
    plan = store.begin(where, plan)
    began, began_s = provenance.now_utc(), time.perf_counter()
    damaged: list[str] = []
    with store.at_work(where, shared=False), store.disk(where):
        for batch in plan.batches():
            damaged += _gather(folders, where, batch)
        for folder in folders:
            _take_events(folder, where)
        missing = len(store.missing(where, plan))
        if not missing and not montecarlo.is_complete(where, plan):
            times = {
                "began": began,
                "ended": provenance.now_utc(),
                "wall_s": round(time.perf_counter() - began_s, 3),
                "merged": len(folders),
            }
            montecarlo.finish(where, plan, montecarlo.Tally(), times)
    return Merged(
        folder=where,
        batches=len(plan.batches()) - missing,
        missing=missing,
        damaged=tuple(damaged),
    )


def _one_plan(folders: Sequence[Path]) -> Plan:
    """Find the plan that all parts share."""
    first, *others = [store.read_plan(folder) for folder in folders]
    for folder, plan in zip(folders[1:], others, strict=True):
        if plan.identity != first.identity:
            raise FolderError(store.difference(folder, plan, first))
        if plan.ends != first.ends:
            raise FolderError(
                f"{folder} is planned for {plan.replicates} replicates in {len(plan.ends)} "
                f"stretches, {folders[0]} for {first.replicates} in {len(first.ends)}; give every "
                "shard the same -n"
            )
    return replace(first)


def _gather(folders: Sequence[Path], out: Path, batch: Batch) -> list[str]:
    """Copy one batch from the first part that has it whole; returns files that are damaged."""
    damaged: list[str] = []
    for folder in folders:
        if not store.is_done(folder, batch):
            continue
        files = [f"{name}/{batch.key}.parquet" for name in store.TABLES]
        files = [file for file in files if (folder / file).is_file()]
        unreadable = [f"{folder / file}" for file in files if not _readable(folder / file)]
        if unreadable:
            damaged += unreadable
            continue
        if store.is_done(out, batch):
            _same_bytes(folder, out, files)
            continue
        for file in files:  # the order of TABLES: what says that the batch is done comes last
            (out / file).parent.mkdir(exist_ok=True)
            source = folder / file
            store.write_atomically(out / file, lambda part, s=source: shutil.copyfile(s, part))  # type: ignore[misc]
    return damaged


def _readable(path: Path) -> bool:
    try:
        parquet.rows(path)
    except FolderError:
        return False
    return True


def _same_bytes(folder: Path, out: Path, files: Sequence[str]) -> None:
    for file in files:
        there = (out / file).is_file()
        if not there or store.sha256(folder / file) != store.sha256(out / file):
            raise FolderError(
                f"{folder / file} is not the file that another part has for the same batch; one of "
                "them was altered, or made on another kind of machine. Leave one part out"
            )


def _take_events(folder: Path, out: Path) -> None:
    for path in sorted(folder.glob("events-*.jsonl")):
        if not (out / path.name).exists():
            shutil.copyfile(path, out / path.name)

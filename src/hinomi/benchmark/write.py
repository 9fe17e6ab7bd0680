"""Make the set and write it: the same bytes for the same version of hinomi and pyarrow."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pyarrow as pa

import hinomi
from hinomi.benchmark.card import card
from hinomi.benchmark.cases import (
    REALISATIONS,
    SEED,
    SET,
    VERSION,
    Case,
    case,
    case_names,
    case_text,
    realise,
)
from hinomi.benchmark.columns import cause_columns, plot_columns, truth_columns
from hinomi.benchmark.folder import CARD, CAUSES, FORMAT, MANIFEST, PLOTS, SCENARIOS, STATES, sha256
from hinomi.errors import FolderError
from hinomi.study.figure_words import counted
from hinomi.study.parquet import to_table, write_table
from hinomi.study.provenance import DECIDES_BYTES, installed
from hinomi.study.store import disk, write_atomically, write_json

Tell = Callable[[str], None]
_OURS = {CARD, PLOTS, "truth"}


def write_set(
    folder: Path,
    *,
    cases: Sequence[str] | None = None,
    seeds: int = REALISATIONS,
    tell: Tell = lambda _: None,
) -> dict[str, Any]:
    """Write the set into a new folder, or finish one that was interrupted; its manifest.

    Raises
    ------
    FolderError
        when the folder holds a complete set or foreign files; nothing is touched then.
    StorageError
        when the disk is full.
    """
    chosen = tuple(cases) if cases is not None else case_names()
    given = [case(name) for name in chosen]
    _refuse(folder)
    with disk(folder):
        for part in (PLOTS, STATES, CAUSES, SCENARIOS):
            (folder / part).mkdir(parents=True, exist_ok=True)
    files: dict[str, Any] = {}
    told: dict[str, Any] = {}
    for i, one in enumerate(given):
        tell(f"{i + 1}/{len(given)}  {one.name}: {counted(seeds, 'realisation')}")
        files |= _write_case(folder, one, seeds)
        told[one.name] = _facts(one, files[f"{PLOTS}/{one.name}.parquet"]["rows"])
    manifest = {
        "format": FORMAT,
        "set": SET,
        "version": VERSION,
        "licence": "Apache-2.0",
        "made_with": {
            "hinomi": hinomi.__version__,
            **{name: installed(name) for name in DECIDES_BYTES},
        },
        "seed": SEED,
        "seeds": seeds,
        "cases": told,
    }
    with disk(folder):
        _text(folder / CARD, card(manifest))
        files[CARD] = {"sha256": sha256(folder / CARD)}
        write_json(folder / MANIFEST, manifest | {"files": files})
    return manifest | {"files": files}


def _refuse(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise FolderError(f"{folder} is a file; name a new or empty folder")
    there = {p.name for p in folder.iterdir()} if folder.is_dir() else set()
    if MANIFEST in there:
        raise FolderError(f"{folder} holds a complete set; choose another folder, or delete it")
    foreign = sorted(n for n in there - _OURS if not n.endswith(".part"))
    if foreign:
        raise FolderError(
            f"{folder} holds files that are no benchmark set ({', '.join(foreign[:3])}); nothing "
            "was touched; choose a new or empty folder"
        )


def _write_case(folder: Path, one: Case, seeds: int) -> dict[str, Any]:
    """Write the files of one case; path -> SHA-256 and rows."""
    plots, states, causes = [], [], []
    for seed in range(seeds):
        flights, seen = realise(one, seed)
        plots.append(to_table(plot_columns(seen, seed)))
        states.append(to_table(truth_columns(flights, seed)))
        causes.append(to_table(cause_columns(flights, seen, seed)))
    out: dict[str, Any] = {}
    with disk(folder):
        for part, tables in ((PLOTS, plots), (STATES, states), (CAUSES, causes)):
            name = f"{part}/{one.name}.parquet"
            table = pa.concat_tables(tables).combine_chunks()
            write_table(table, folder / name, key=f"benchmark-{VERSION}")
            out[name] = {"sha256": sha256(folder / name), "rows": table.num_rows}
        name = f"{SCENARIOS}/{one.name}.toml"
        _text(folder / name, case_text(one.name))
        out[name] = {"sha256": sha256(folder / name)}
    return out


def _text(path: Path, text: str) -> None:
    write_atomically(path, lambda part: part.write_bytes(text.encode()))


def _facts(one: Case, plots: int) -> dict[str, Any]:
    """What a tracker may know of a case."""
    scenario, sensors = one.scenario, one.sensors
    kinds = ["radar"] * len(sensors.radars) + ["infrared"] * len(sensors.infrared)
    return {
        "title": scenario.title,
        "summary": " ".join(scenario.summary.split()),
        "t_end_s": scenario.t_end_s,
        "plots": plots,
        "sensors": [
            {"name": name, "owner": owner, "kind": kind}
            for name, owner, kind in zip(sensors.names, sensors.owners, kinds, strict=True)
        ],
        "settings": asdict(scenario.tracking),
    }

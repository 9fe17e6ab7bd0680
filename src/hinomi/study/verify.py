"""Check a run against itself: files against their hashes, some replicates computed again."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hinomi.errors import FolderError
from hinomi.study import batch, parquet, provenance, store
from hinomi.study.plan import Plan, digest
from hinomi.study.resume import code_differences

SHARE: Final = 0.01
OTHER_MACHINE: Final = 1e-9  # relative and absolute, across kinds of machine


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What was checked, and sentences about all that differs."""

    replicates: tuple[int, ...]
    files: int
    bitwise: bool
    code_differs: tuple[str, ...]
    mistakes: tuple[str, ...]


def verify(folder: str | Path, *, share: float = SHARE) -> Verdict:
    """Compute 1 % of the replicates again (at least one) and compare every table.

    Bit for bit on the kind of machine that made the run, to 1e-9 elsewhere.

    Raises
    ------
    FolderError
        There is no run, or it is not finished.
    """
    where = Path(folder)
    plan = store.read_plan(where)
    if not (where / store.MANIFEST).is_file():
        raise FolderError(
            f"{where} is not finished: it has no {store.MANIFEST}, and "
            f"{len(store.missing(where, plan))} of {len(plan.batches())} batches are missing; "
            f"go on with: hinomi resume {where}"
        )
    manifest = store.read_json(where / store.MANIFEST)
    mistakes = [f"{name} {what}" for name, what in store.check_files(where, manifest).items()]
    bitwise = manifest["machine"] == provenance.machine()
    chosen = sample(plan, share)
    if not mistakes:
        for number in chosen:
            mistakes += _replicate(where, plan, number, bitwise=bitwise)
    return Verdict(
        replicates=chosen,
        files=sum(len(files) for files in manifest["tables"].values()),
        bitwise=bitwise,
        code_differs=tuple(code_differences(plan)),
        mistakes=tuple(mistakes),
    )


def sample(plan: Plan, share: float) -> tuple[int, ...]:
    """Choose the replicates to compute again: fixed by the plan, spread over the run."""
    count = min(plan.replicates, max(1, math.ceil(share * plan.replicates)))
    order = sorted(range(plan.replicates), key=lambda r: digest([plan.identity, r]))
    return tuple(sorted(order[:count]))


def _replicate(folder: Path, plan: Plan, number: int, *, bitwise: bool) -> list[str]:
    found = [b for b in plan.batches() if b.first <= number < b.stop and store.is_done(folder, b)]
    if not found:
        return [f"replicate {number} is missing"]
    out = []
    again = batch.one_replicate(folder, plan, number)
    for name in store.tables(folder):
        files = store.table_files(folder, name, found)
        kept = _rows_of(parquet.read_files(files), number) if files else None
        made = parquet.to_table(again[name]) if name in again else None
        if kept is None or made is None:
            if (kept is not None and kept.num_rows) or (made is not None and made.num_rows):
                out.append(f"replicate {number}: table {name} is there only once")
            continue
        out += [
            f"replicate {number}: {name}.{words}" for words in _compare(kept, made, bitwise=bitwise)
        ]
    return out


def _rows_of(table: pa.Table, number: int) -> pa.Table:
    return table.filter(pc.equal(table["replicate"], number))


def _compare(kept: pa.Table, made: pa.Table, *, bitwise: bool) -> list[str]:
    if kept.column_names != made.column_names or kept.num_rows != made.num_rows:
        return [f"shape: {kept.num_rows} rows kept, {made.num_rows} computed, or other columns"]
    out = []
    for name in kept.column_names:
        a = kept[name].combine_chunks()
        b = made[name].combine_chunks().cast(a.type)
        if not _same(a, b, bitwise=bitwise):
            out.append(f"{name} differs")
    return out


def _same(a: Any, b: Any, *, bitwise: bool) -> bool:
    if pa.types.is_fixed_size_list(a.type) or pa.types.is_list(a.type):
        return len(a) == len(b) and _same(a.flatten(), b.flatten(), bitwise=bitwise)
    if not pa.types.is_floating(a.type):
        return bool(a.equals(b))
    if not pc.is_null(a).equals(pc.is_null(b)):
        return False
    x, y = (pc.drop_null(v).to_numpy(zero_copy_only=False) for v in (a, b))
    if bitwise:
        return bool(x.tobytes() == y.tobytes())
    return bool(np.allclose(x, y, rtol=OTHER_MACHINE, atol=OTHER_MACHINE, equal_nan=True))

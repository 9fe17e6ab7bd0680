"""Check a run against itself: files against their hashes, some replicates computed again."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hinomi.errors import FolderError, HinomiError
from hinomi.study import batch, parquet, provenance, store
from hinomi.study.companions import FOLDER
from hinomi.study.plan import Plan, digest, plain
from hinomi.study.resume import code_differences

SHARE: Final = 0.01
UNREAD: Final = ("plots", "tracks")  # the largest tables, which no report reads
OTHER_MACHINE: Final = 1e-9  # relative and absolute, across kinds of machine


class DamagedError(HinomiError):
    """Files of a run are not those that it wrote."""

    exit_code = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What was checked, and sentences about all that differs; `files` with those of companions."""

    replicates: tuple[int, ...]
    companions: tuple[str, ...]
    files: int
    bitwise: bool
    code_differs: tuple[str, ...]
    mistakes: tuple[str, ...]


def verify(folder: str | Path, *, share: float = SHARE) -> Verdict:
    """Hold files against hashes and plan against manifest and scenario; compute 1 % again.

    At least one replicate is computed again and every table compared: bit for bit on the kind of
    machine that made the run, to 1e-9 elsewhere. Companions are checked in the same way.

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
    apart = tuple(code_differences(plan))
    mistakes += _plan_mistakes(where, plan, manifest, same_code=not apart)
    bitwise = manifest["machine"] == provenance.machine()
    chosen = sample(plan, share)
    if not mistakes:
        for number in chosen:
            mistakes += _replicate(where, plan, number, bitwise=bitwise)
    files = sum(len(files) for files in manifest["tables"].values())
    beside = _companions(where)
    for companion in beside:
        found = verify(companion, share=share)
        files += found.files
        told = [*_strangers(plan, companion), *found.mistakes]
        mistakes += [f"{FOLDER}/{companion.name}: {what}" for what in told]
    return Verdict(
        replicates=chosen,
        companions=tuple(companion.name for companion in beside),
        files=files,
        bitwise=bitwise,
        code_differs=apart,
        mistakes=tuple(mistakes),
    )


def refuse_damaged(folder: str | Path, *, leave: Collection[str] = UNREAD) -> None:
    """Refuse a run, or a companion of it, whose files are not those that its manifest describes.

    Raises
    ------
    DamagedError
        A file is missing or another one; nothing is computed to find out.
    """
    where = Path(folder)
    for part in (where, *_companions(where)):
        if not (part / store.MANIFEST).is_file():
            continue  # a part of a run has no hashes yet
        try:
            found = store.check_files(part, store.read_json(part / store.MANIFEST), leave=leave)
        except (LookupError, TypeError, AttributeError):
            found = {store.MANIFEST: "is damaged"}
        if found:
            name, what = next(iter(found.items()))
            more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
            raise DamagedError(
                f"{part / name} {what}{more}; hinomi verify {where} names all, and what is damaged "
                f"is computed again by: hinomi resume {where}"
            )


def _plan_mistakes(
    folder: Path, plan: Plan, manifest: Mapping[str, Any], *, same_code: bool
) -> list[str]:
    """Say where the plan is neither that of the manifest nor that of the scenario's own text."""
    out = []
    stated = store.read_json(folder / store.PLAN).get("identity")
    if stated != plan.identity:
        out.append(f"{store.PLAN} is altered: its identity is not that of its content")
    for name in ("identity", "content_hash", "replicates"):
        planned, made = getattr(plan, name), manifest[name]
        if planned != made:
            out.append(f"{store.PLAN} has {name} {planned}, {store.MANIFEST} has {made}")
    if manifest["finished_replicates"] != plan.replicates:
        done = manifest["finished_replicates"]
        out.append(f"{store.MANIFEST} has {done} of {plan.replicates} replicates")
    try:
        scenario = batch.scenario_of(plan)
    except FolderError as error:
        return [*out, str(error)]
    if plain(scenario.document) != plan.document:
        out.append(f"{store.PLAN}: its document is not what its text gives")
    if same_code and scenario.title != plan.title:  # another version may word it otherwise
        out.append(f"{store.PLAN}: its title is not what its text gives")
    return out


def _companions(folder: Path) -> list[Path]:
    """Finished companions: those that a report prints."""
    return sorted(path.parent for path in folder.glob(f"{FOLDER}/*/{store.MANIFEST}"))


def _strangers(plan: Plan, companion: Path) -> list[str]:
    """Say where a companion is not this run under its variant."""
    other = store.read_plan(companion)
    apart = [
        name
        for name in ("scenario", "text", "changes", "seed", "chain")
        if getattr(other, name) != getattr(plan, name)
    ]
    apart += ["variant"] if other.variant != companion.name else []
    return [f"is no companion of this run; these differ: {', '.join(apart)}"] if apart else []


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
        # Flattened values say nothing of where one list ends and the next begins.
        alike = pc.list_value_length(a).equals(pc.list_value_length(b))
        return bool(alike) and _same(a.flatten(), b.flatten(), bitwise=bitwise)
    if not pa.types.is_floating(a.type):
        return bool(a.equals(b))
    if not pc.is_null(a).equals(pc.is_null(b)):
        return False
    x, y = (pc.drop_null(v).to_numpy(zero_copy_only=False) for v in (a, b))
    if bitwise:
        return bool(x.tobytes() == y.tobytes())
    return bool(np.allclose(x, y, rtol=OTHER_MACHINE, atol=OTHER_MACHINE, equal_nan=True))

"""One side of a comparison: a run's folder of any age, or a scenario; what it says and what it lacks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from hinomi.errors import FolderError, HinomiError
from hinomi.study import parquet, store
from hinomi.study.summary import HEADLINES, Measured, measured

# What a plan of this version says of itself; an older one may lack some.
PLAN_KEYS: Final = (
    "scenario", "document", "seed", "replicates", "architectures", "variant", "changes", "code",
    "data", "text", "content_hash",
)  # fmt: skip
LONGEST: Final = 60  # characters of a text that are shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """One input: its value and, of a number, range, grade and source."""

    value: object
    low: float | None = None
    high: float | None = None
    grade: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """What one side says; `missing` names what an older folder lacks."""

    label: str
    folder: Path | None
    scenario: str
    inputs: Mapping[str, Input]
    seed: int | None
    replicates: int | None
    architectures: tuple[str, ...]
    pair: tuple[str, str] | None
    variant: str | None
    code: Mapping[str, str]
    data: Mapping[str, str]
    versions: Mapping[str, str]
    measured: Measured | None
    told: Mapping[str, Any] = field(default_factory=dict)  # figures of summary.json
    missing: tuple[str, ...] = ()
    text: str = ""
    changes: Mapping[str, Any] = field(default_factory=dict)


def side_of(name: str) -> Side:
    """Read a folder with a plan, or load a scenario.

    Raises
    ------
    ScenarioError, FolderError
        when it is neither, or nothing can be read of it.
    """
    folder = Path(name)
    if folder.is_dir():
        return _of_folder(folder)
    return _of_scenario(name)


def _of_scenario(name: str) -> Side:
    from hinomi.scenario.load import load
    from hinomi.study.provenance import code_fingerprint, data_hashes, versions

    found = load(name)
    return Side(
        label=name,
        folder=None,
        scenario=found.name,
        inputs=inputs_of(found.document),
        seed=found.study.seed,
        replicates=found.study.replicates,
        architectures=found.study.architectures,
        pair=found.study.headline,
        variant=None,
        code=code_fingerprint(),
        data=data_hashes(),
        versions=versions(),
        measured=None,
        text=found.text,
        changes=found.changes,
    )


def _of_folder(folder: Path) -> Side:
    if not (folder / store.PLAN).is_file():
        raise FolderError(f"{folder} is not the folder of a run: it has no {store.PLAN}")
    plan = store.read_json(folder / store.PLAN)
    missing = [f"{store.PLAN}: {key}" for key in PLAN_KEYS if key not in plan]
    manifest = _json(folder / store.MANIFEST, missing)
    found, why = _metrics(folder)
    told: dict[str, Any] = {}
    if found is None:
        missing.append(f"table metrics ({why})")
        told = _json(folder / store.SUMMARY, missing).get("architectures") or {}
    document = plan.get("document")
    pairs = plan.get("pairs") or []
    names = plan.get("architectures") or (
        list(dict.fromkeys(a for a, _ in found.values)) if found else list(told)
    )
    return Side(
        label=str(folder),
        folder=folder,
        scenario=str(plan.get("scenario", "?")),
        inputs=inputs_of(document) if isinstance(document, Mapping) else {},
        seed=plan.get("seed"),
        replicates=len(found.replicates) if found else plan.get("replicates"),
        architectures=tuple(names),
        pair=(pairs[0][0], pairs[0][1]) if pairs else None,
        variant=plan.get("variant"),
        code=plan.get("code") or {},
        data=plan.get("data") or {},
        versions=manifest.get("versions") or {},
        measured=found,
        told=told,
        missing=tuple(missing),
        text=str(plan.get("text", "")),
        changes=plan.get("changes") or {},
    )


def _json(path: Path, missing: list[str]) -> dict[str, Any]:
    """Content of a file that an old or unfinished folder may lack."""
    if not path.is_file():
        missing.append(path.name)
        return {}
    return store.read_json(path)


def _metrics(folder: Path) -> tuple[Measured | None, str]:
    """Every replicate's figures, by whichever files are there; else why there are none."""
    import pyarrow as pa

    files = sorted((folder / store.LAST).glob("*.parquet"))
    if not files:
        return None, "no replicate is there"
    try:
        table = parquet.read_files(files)
    except HinomiError as error:
        return None, str(error).split(";")[0]
    lacking = {"replicate", "architecture", "metric", "value"} - set(table.column_names)
    if lacking:
        return None, f"no column {', '.join(sorted(lacking))}"
    if "unit" not in table.column_names:  # of a version that did not write units
        units = [HEADLINES.get(m, ("", ""))[1] for m in table["metric"].to_pylist()]
        table = table.append_column("unit", pa.array(units, pa.string()))
    return measured(table), ""


def inputs_of(document: Mapping[str, Any]) -> dict[str, Input]:
    """Every value of a resolved scenario by its key; items of a list by their name."""
    return dict(_walk(document, ""))


def _walk(node: Any, key: str) -> Iterator[tuple[str, Input]]:
    if isinstance(node, Mapping):
        if "value" in node and "grade" in node:
            yield (
                key,
                Input(
                    value=node["value"],
                    low=node.get("low"),
                    high=node.get("high"),
                    grade=str(node["grade"]),
                    source=str(node.get("source", "")),
                ),
            )
            return
        for name, item in node.items():
            yield from _walk(item, f"{key}.{name}" if key else str(name))
    elif isinstance(node, list) and any(isinstance(x, (Mapping, list)) for x in node):
        for i, item in enumerate(node):
            name = item.get("name", i) if isinstance(item, Mapping) else i
            yield from _walk(item, f"{key}[{name}]")
    elif node not in (None, [], ""):
        yield key, Input(value=node)

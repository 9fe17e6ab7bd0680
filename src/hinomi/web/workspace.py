"""The folder that a server shows: which runs and answers lie in it. Nothing outside it is read."""

from __future__ import annotations

import re
import time
from collections.abc import Hashable
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, final

import anyio

from hinomi.errors import HinomiError
from hinomi.study import store
from hinomi.study.plan import CHAIN
from hinomi.study.results import Results
from hinomi.web.headlines import title_ja
from hinomi.web.problems import CONFLICT, ProblemError, missing

ID: Final = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$"
ANSWERS: Final = {
    "sweep": "sweep.json",
    "sensitivity": "sensitivity.json",
    "integration": "integration.json",
    "rules": "rules.json",
}
MOST: Final = 500  # folders that are listed
LOOK_EVERY_S: Final = 0.25
SCENARIOS: Final = "scenarios"
FILES: Final = (store.REPORT, store.SUMMARY, store.MANIFEST, store.PLAN, "events.jsonl")
ENDINGS: Final = (".json", ".csv", ".html")


def folder_of(workspace: Path, name: str) -> Path:
    """Folder of a run or answer by its name alone; a link that leads out of the workspace is none."""
    path = workspace / name
    way_out = "GET /api/runs lists what is there"
    if not re.fullmatch(ID, name) or not path.is_dir():
        raise missing("run", name, way_out)
    if path.resolve().parent != workspace.resolve():
        raise missing("run", name, way_out)
    return path


def study_of(workspace: Path, name: str) -> Results:
    """The run in a folder of the workspace."""
    folder = folder_of(workspace, name)
    if not (folder / store.PLAN).is_file():
        raise missing("run", name, "it is an answer or another folder; GET /api/runs lists runs")
    return Results(folder)


def stamp_of(folder: Path) -> tuple[Hashable, ...]:
    """Changes when a folder's results do."""
    found: list[Hashable] = []
    for name in (store.PLAN, store.SUMMARY, store.MANIFEST, store.REPORT, *ANSWERS.values()):
        try:
            told = (folder / name).stat()
        except OSError:
            found.append(None)
        else:
            found.append((told.st_mtime_ns, told.st_size))
    try:  # an interrupted run grows batch by batch
        found.append((folder / store.LAST).stat().st_mtime_ns)
    except OSError:
        found.append(None)
    return tuple(found)


def folders(workspace: Path) -> list[Path]:
    """Folders that may hold results, the newest first."""
    if not workspace.is_dir():
        return []
    found = [p for p in workspace.iterdir() if re.fullmatch(ID, p.name) and p.is_dir()]
    own = [p for p in found if p.name != SCENARIOS and not p.is_symlink()]
    return sorted(own, key=lambda p: (-p.stat().st_mtime_ns, p.name))


def listing(workspace: Path) -> dict[str, Any]:
    """Runs and answers of a workspace."""
    runs, answers = [], []
    every = folders(workspace)
    for folder in every[:MOST]:
        run, answer = rows_of(folder, stamp_of(folder))
        runs += [run] if run else []
        answers += [answer] if answer else []
    return {
        "workspace": workspace.name or str(workspace),
        "total": len(runs),
        "more": max(0, len(every) - MOST),
        "runs": runs,
        "answers": answers,
    }


def listing_stamp(workspace: Path) -> Hashable:
    """Changes when a listing does."""
    return tuple((p.name, stamp_of(p)) for p in folders(workspace)[:MOST])


@final
class Listing:
    """Looks at the folders of a workspace a few times a second at most: there may be hundreds."""

    def __init__(self, workspace: Path) -> None:
        self._workspace = workspace
        self._at = -LOOK_EVERY_S
        self._stamp: Hashable = None

    async def stamp(self) -> Hashable:
        """Changes when a listing does, a quarter of a second late at most."""
        now = time.monotonic()
        if now - self._at >= LOOK_EVERY_S:
            self._at = now
            self._stamp = await anyio.to_thread.run_sync(listing_stamp, self._workspace)
        return self._stamp


@lru_cache(maxsize=2 * MOST)
def rows_of(
    folder: Path,
    stamp: tuple[Hashable, ...],  # noqa: ARG001 - the key of what is kept
) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """Row of a run and row of an answer; a folder that cannot be read is told with its problem."""
    return _run_row(folder), _answer_row(folder)


def _run_row(folder: Path) -> dict[str, Any] | None:
    if not (folder / store.PLAN).is_file():
        return None
    try:
        study = Results(folder)
        plan = study.plan
        if plan.chain != CHAIN:
            return None
        done = study.finished
        manifest = study.manifest if (folder / store.MANIFEST).is_file() else {}
    except HinomiError as error:
        if _is_of_others(folder / store.PLAN):
            return None
        return {"id": folder.name, "kind": "run", "problem": str(error)}
    kept = min(plan.keep, done)
    return {
        "id": folder.name,
        "kind": "run",
        "scenario": plan.scenario,
        "title": plan.title,
        "title_ja": title_ja(plan.title),
        "hash": plan.content_hash,
        "variant": plan.variant,
        "replicates": plan.replicates,
        "finished": done,
        "complete": done == plan.replicates and bool(manifest),
        "seed": plan.seed,
        "architectures": list(plan.architectures),
        "made": manifest.get("times", {}).get("ended"),
        "has_tracks": kept > 0,
        "kept": kept,
        "reconstruction": bool(plan.document.get("facts")),
        "has_report": (folder / store.REPORT).is_file(),
        "problem": None,
    }


def _is_of_others(path: Path) -> bool:
    """Whether it is the plan of something else, such as a drill."""
    try:
        told = str(store.read_json(path).get("format", ""))
    except HinomiError:
        return False
    return bool(told) and not told.startswith("hinomi/plan/")


def _answer_row(folder: Path) -> dict[str, Any] | None:
    from datetime import UTC, datetime

    for kind, name in ANSWERS.items():
        path = folder / name
        if not path.is_file():
            continue
        try:
            told = store.read_json(path)
        except HinomiError as error:
            return {"id": folder.name, "kind": kind, "file": name, "problem": str(error)}
        made = datetime.fromtimestamp(path.stat().st_mtime, UTC).isoformat(timespec="seconds")
        return {
            "id": folder.name,
            "kind": kind,
            "file": name,
            "scenario": told.get("scenario"),
            "title": told.get("title"),
            "title_ja": title_ja(str(told.get("title") or "")),
            "hash": told.get("content_hash"),
            "made": made,
            "has_page": any(folder.glob("*.html")),
            "problem": None,
        }
    return None


def files_of(folder: Path) -> list[dict[str, Any]]:
    """Files of a folder that may be asked for, with their sizes."""
    names = [n for n in FILES if (folder / n).is_file()]
    if _answer_row(folder) is not None:
        mine = (p.name for p in sorted(folder.iterdir()) if p.suffix in ENDINGS and p.is_file())
        names += [n for n in mine if n not in names]
    real = folder.resolve()
    return [
        {"name": n, "bytes": (folder / n).stat().st_size}
        for n in names
        if (folder / n).resolve().parent == real
    ]


def file_of(folder: Path, name: str) -> Path:
    """One of those files."""
    known = [f["name"] for f in files_of(folder)]
    if name not in known:
        raise missing("file", name, f"this folder offers {', '.join(known) or 'nothing yet'}")
    return folder / name


def needs_results(study: Results) -> None:
    """Refuse where nothing is finished yet."""
    if not study.finished:
        raise ProblemError(
            CONFLICT,
            f"no replicate of {study.folder.name} is finished",
            way_out=f"POST /api/runs/{study.folder.name}/resume goes on with it",
        )

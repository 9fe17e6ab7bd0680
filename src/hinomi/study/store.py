"""The folder of a run: what lies where, and how a file comes to be there whole or not at all.

DIR/plan.json              first, never changed; plan-<n>.json when a run was extended
    <table>/<key>.parquet  one file a table and batch; the batch is done when its metrics are there
    events.jsonl           what happened, one line an event
    summary.json run.json  headline figures, then the manifest, when all batches have ended
    report.html            a view of the above, can be drawn again at any time
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any, Final

from hinomi.errors import FolderError, StorageError
from hinomi.study.plan import Batch, Plan, from_json

PLAN: Final = "plan.json"
MANIFEST: Final = "run.json"
SUMMARY: Final = "summary.json"
REPORT: Final = "report.html"
LOCK: Final = ".lock"
TABLES: Final = (
    "flights",
    "plots",
    "tracks",
    "forecasts",
    "alerts",
    "warned",
    "clock",
    "engagements",
    "ledger",
    "events",
    "track_scores",
    "metrics",
)
LAST: Final = "metrics"  # written last: its file says that the batch is done
_FULL: Final = frozenset((errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO))


@contextlib.contextmanager
def disk(folder: Path) -> Iterator[None]:
    """Turn what a disk refuses into an error that says what is kept and how to go on."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise StorageError(
                f"cannot write into {folder}: {os.strerror(error.errno or 0).lower()}. "
                f"What was finished is kept; free some space, then: hinomi resume {folder}"
            ) from error
        what = os.strerror(error.errno).lower() if error.errno else str(error)
        raise FolderError(
            f"cannot write into {folder}: {what}; choose another folder with -o"
        ) from error


def write_atomically(path: Path, write: Callable[[Path], object]) -> None:
    """Write so that the file is there whole or not at all, also after a power failure."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        write(part)
        with part.open("rb") as file:
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_json(path: Path, content: object) -> None:
    """Strict JSON, readable by people, whole or not at all."""
    text = json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    write_atomically(path, lambda part: part.write_text(text, encoding="utf-8"))


def read_json(path: Path) -> dict[str, Any]:
    """Content of a JSON file of the folder; FolderError where it cannot be read."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        what = error.strerror if isinstance(error, OSError) else f"it is damaged ({error})"
        raise FolderError(f"cannot read {path}: {what}") from error
    if not isinstance(content, dict):
        raise FolderError(f"cannot read {path}: it is damaged (no JSON object)")
    return content


def read_plan(folder: Path) -> Plan:
    """Read the plan of a run's folder.

    Raises
    ------
    FolderError
        There is no such folder, no plan in it, or a plan that was altered or is of another format.
    """
    if not (folder / PLAN).is_file():
        why = f"it has no {PLAN}" if folder.is_dir() else f"no such folder, so no {PLAN}"
        if folder.is_file():
            why = f"it is a file; name the folder that hinomi run wrote, with {PLAN} in it"
        raise FolderError(f"{folder} is not the folder of a run: {why}")
    later = [read_json(path) for path in sorted(folder.glob("plan-*.json"))]
    told = read_json(folder / PLAN)
    try:
        plan = from_json(told, later)
    except (ValueError, KeyError, TypeError) as error:
        raise FolderError(f"{folder / PLAN} cannot be used: {error}") from error
    if told.get("identity") != plan.identity:
        raise FolderError(
            f"{folder / PLAN} was altered: it no longer gives the identity that it states. "
            "Restore it, or begin anew in another folder"
        )
    return plan


def begin(folder: Path, plan: Plan) -> Plan:
    """Write the plan into a new folder, or agree with the plan there; returns the one that holds.

    A larger number of replicates extends the run, a smaller one leaves it as it is.

    Raises
    ------
    FolderError
        The folder has another plan or foreign files (nothing is touched), or cannot be written.
    StorageError
        The disk is full.
    """
    with disk(folder):
        if not (folder / PLAN).is_file():
            foreign = [
                p.name for p in _content(folder) if p.name != LOCK and not p.name.endswith(".part")
            ]
            if foreign:
                raise FolderError(
                    f"{folder} holds files that are no run of hinomi "
                    f"({', '.join(sorted(foreign)[:3])}); nothing was touched. "
                    "Choose an empty or new folder with -o"
                )
            folder.mkdir(parents=True, exist_ok=True)
            _write_once(folder / PLAN, plan.to_json())
        present = read_plan(folder)
        if present.identity != plan.identity:
            raise FolderError(difference(folder, present, plan))
        if plan.replicates > present.replicates:
            n, before = plan.replicates, present.replicates
            name = folder / f"plan-{n:07d}.json"
            _write_once(
                name, {"format": "hinomi/plan-extension/1", "extends": before, "replicates": n}
            )
            present = read_plan(folder)
    return present


def _content(folder: Path) -> list[Path]:
    return list(folder.iterdir()) if folder.exists() else []


def _write_once(path: Path, content: object) -> None:
    """Write unless it is there: several shards may begin at the same moment."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_text(
            json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False) + "\n",
            encoding="utf-8",
        )
        try:
            path.hardlink_to(part)
        except FileExistsError:
            return
        except OSError as error:
            if error.errno not in (errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EMLINK):
                raise
            part.replace(path)  # a file system without hard links
    finally:
        part.unlink(missing_ok=True)
    _sync_folder(path.parent)


def difference(folder: Path, present: Plan, asked: Plan) -> str:
    """Say which parts of two plans are apart, for the message that refuses one."""
    names = (
        "scenario",
        "content_hash",
        "variant",
        "changes_today",
        "seed",
        "architectures",
        "pairs",
        "batch_size",
        "keep",
    )
    told = {
        "content_hash": "scenario's content",
        "changes_today": "changes",
        "keep": "replicates kept in full",
        "pairs": "pairs compared",
    }
    apart = [
        told.get(n, n.replace("_", " ")) for n in names if getattr(present, n) != getattr(asked, n)
    ]
    apart += [f"{n} of the program" for n in asked.code if present.code.get(n) != asked.code[n]]
    apart += ["shipped data"] if present.data != asked.data else []
    return (
        f"{folder} belongs to another run; these differ: {', '.join(apart) or 'the plan'}. "
        "Nothing was touched. Choose another folder with -o"
    )


def is_done(folder: Path, batch: Batch) -> bool:
    """Whether the last file of this batch is there."""
    return (folder / LAST / f"{batch.key}.parquet").is_file()


def missing(folder: Path, plan: Plan) -> list[Batch]:
    """Batches that still have to be computed."""
    return [batch for batch in plan.batches() if not is_done(folder, batch)]


def tables(folder: Path) -> list[str]:
    """Tables of a run, in the order in which they are written."""
    found = {
        path.name for path in folder.iterdir() if path.is_dir() and not path.name.startswith(".")
    }
    return [name for name in TABLES if name in found]


def table_files(folder: Path, name: str, batches: Sequence[Batch]) -> list[Path]:
    """Files of one table in the order of replicates, as the plan names them."""
    paths = [folder / name / f"{batch.key}.parquet" for batch in batches if is_done(folder, batch)]
    return [path for path in paths if path.is_file()]


def sha256(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def check_files(
    folder: Path, manifest: Mapping[str, Any], *, leave: Collection[str] = ()
) -> dict[str, str]:
    """Path -> what is wrong, of files that are missing or not the ones that `run.json` describes.

    Tables to `leave` are not looked at.
    """
    listed = {
        f"{table}/{name}": entry["sha256"]
        for table, files in manifest["tables"].items()
        if table not in leave
        for name, entry in files.items()
    }
    out = {}
    for name, hashed in {**listed, SUMMARY: manifest["summary_sha256"]}.items():
        path = folder / name
        if not path.is_file():
            out[name] = "is missing"
        elif sha256(path) != hashed:
            out[name] = f"is not the file that {MANIFEST} describes"
    return out


def clean(folder: Path) -> None:
    """Remove unfinished files of processes that are gone; call with the lock held alone."""
    for path in (*folder.glob(".*.part"), *folder.glob("*/.*.part")):
        pid = path.name.split(".")[-2]
        if not (pid.isdigit() and _alive(int(pid))):
            path.unlink(missing_ok=True)


def _alive(pid: int) -> bool:
    if pid == os.getpid():
        return False  # of an earlier process with our number
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


@contextlib.contextmanager
def at_work(folder: Path, *, shared: bool) -> Iterator[None]:
    """Hold the folder: alone, or beside other shards. The lock goes when the process goes.

    Raises
    ------
    FolderError
        Another process is at work in the folder.
    """
    with contextlib.ExitStack() as stack:
        with disk(folder):
            file = stack.enter_context((folder / LOCK).open("a"))
        if _lock(file, exclusive=True):
            clean(folder)
        elif not shared:
            raise FolderError(f"another process is at work in {folder}; wait until it has ended")
        if shared and not _lock(file, exclusive=False):
            raise FolderError(
                f"another process is at work in {folder} alone; wait until it has ended"
            )
        yield


def _lock(file: IO[str], *, exclusive: bool) -> bool:
    try:
        import fcntl
    except (
        ImportError
    ):  # no such locks on this system: batches are safe without, they are only computed twice
        return True
    try:
        fcntl.flock(file, (fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a file system without locks
        return True
    return True


class Events:
    """Append-only log of what happened, one JSON object a line."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def write(self, **fields: object) -> None:
        """Append one line; a shard has a file of its own, so no two processes write to one."""
        with disk(self._path.parent), self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(fields, ensure_ascii=False, default=str) + "\n")

"""A receiver's folder: one process at a time, its trust store, what lies in it."""

from __future__ import annotations

import contextlib
import fcntl
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from hinomi.cap.trust import TrustEntry, parse_trust
from hinomi.errors import FolderError, ScenarioError
from hinomi.receiver.outputs import sounded
from hinomi.receiver.store import DATABASE, Store
from hinomi.study.store import write_atomically

TRUST: Final = "trust.json"
LOCK: Final = "lock"


@contextlib.contextmanager
def held(folder: Path) -> Iterator[None]:
    """Hold a folder; FolderError where another process does."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        stream = (folder / LOCK).open("w", encoding="utf-8")
    except OSError as error:
        raise FolderError(f"{folder}: cannot be used: {error.strerror}; name another") from None
    with stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise FolderError(
                f"{folder}: a receiver works there already; end it, or name another folder"
            ) from None
        yield


def pinned_trust(folder: Path, given: str | None) -> tuple[TrustEntry, ...] | None:
    """Trust store of a folder: what is given now, else what was kept; None where there is neither.

    Raises
    ------
    ScenarioError
        where the text is no trust store, or another one was pinned here before.
    FolderError
        where what was pinned before is damaged.
    """
    path = folder / TRUST
    kept = _kept_trust(path)
    if given is None:
        return kept
    entries = parse_trust(given, "trust store")
    if kept is not None and kept != entries:
        raise ScenarioError(
            f"{path}: another trust store was pinned here before; name a new folder: one folder is "
            "for one exercise"
        )
    write_atomically(path, lambda part: part.write_text(given, encoding="utf-8"))
    return entries


def _kept_trust(path: Path) -> tuple[TrustEntry, ...] | None:
    if not path.exists():
        return None
    try:
        return parse_trust(path.read_text(encoding="utf-8"), str(path))
    except (OSError, UnicodeDecodeError, ScenarioError):
        raise FolderError(
            f"{path}: the keys that were pinned there cannot be read; put the file back as it was, "
            "or name a new folder"
        ) from None


def summary(folder: Path) -> list[dict[str, Any]]:
    """Each message of each receiver: state, and what happened to it; works while they run.

    Raises
    ------
    FolderError
        where no receiver worked in the folder.
    """
    if not (folder / DATABASE).exists():
        raise FolderError(f"{folder}: no receiver worked there; name its --folder")
    store = Store(folder)
    try:
        rang = set(sounded(folder))
        out = []
        stages: dict[tuple[str, str], set[str]] = {}
        for name in {kept.receiver for kept in store.messages()}:
            for receipt in store.receipts(name):
                stages.setdefault((name, receipt.key), set()).add(receipt.stage)
        for kept in store.messages():
            told = stages.get((kept.receiver, kept.key), set())
            out.append(
                {
                    "receiver": kept.receiver, "key": kept.key, "kind": kept.kind,
                    "incident": kept.incident, "state": kept.state, "sequence": kept.sequence,
                    "received_utc": kept.received_utc, "shown": "shown" in told,
                    "sounded": (kept.receiver, kept.key) in rang,
                    "confirmed": "confirmed" in told,
                }
            )  # fmt: skip
        return out
    finally:
        store.close()

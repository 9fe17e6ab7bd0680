"""What SQLite says of a full or damaged file, as a message with a way out."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from hinomi.errors import StorageError


@contextlib.contextmanager
def told(path: Path, *, kept: str) -> Iterator[None]:
    """Turn a refusal by the disk, or a damaged file, into a StorageError.

    Parameters
    ----------
    kept
        what of the file stays true after a refusal, such as "what was stored before is kept".
    """
    try:
        yield
    except sqlite3.IntegrityError:
        raise  # two rows of one number: a mistake of the program, not of the disk
    except sqlite3.DatabaseError as error:
        refused = isinstance(error, sqlite3.OperationalError) and "no such" not in str(error)
        way_out = (
            f"{kept}: make room, then start again with the same folder"
            if refused
            else "the file is damaged: put a copy of it back, or name a new folder"
        )
        raise StorageError(f"{path}: {error}; {way_out}") from error

"""The folder of an exercise: one mode, one run at a time, keys made on first start."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any, Final

from hinomi.cap.keys import make_pair
from hinomi.cap.sign import Signer, load_signer
from hinomi.cap.times import text_of
from hinomi.cap.trust import TrustEntry, fingerprint_of, parse_trust, trust_text
from hinomi.errors import FolderError, ScenarioError
from hinomi.live.settings import STATUS, Settings, book_text
from hinomi.transport.secret_files import write_secret

FORMAT: Final = "hinomi/live/1"
BEFORE, AFTER = timedelta(days=1), timedelta(days=30)  # a key holds so long around the epoch
# Demo persons; whoever holds the token is the person.
PERSONS: Final = (
    ("composer-1", "composer"), ("releaser-1", "releaser"), ("director-1", "director"),
    ("observer-1", "observer"),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who may do what at the console."""

    name: str
    role: str
    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """An open folder: its settings as written, keys and persons; `lock` is held until closed."""

    path: Path
    told: Mapping[str, Any]
    signer: Signer
    trust: tuple[TrustEntry, ...]
    persons: tuple[Person, ...]
    lock: IO[str]
    fresh: bool

    def close(self) -> None:
        """Give the folder free."""
        (self.path / "address.json").unlink(missing_ok=True)
        self.lock.close()


def told_of(settings: Settings, facts: Mapping[str, Any]) -> dict[str, Any]:
    """What `exercise.json` holds: all that decides which messages there are."""
    return {
        "format": FORMAT, "mode": settings.mode, "release": settings.release,
        "sender": settings.sender, "name": settings.name, "languages": list(settings.languages),
        **facts,
    }  # fmt: skip


def open_home(settings: Settings, facts: Mapping[str, Any], *, text: str, epoch: datetime) -> Home:
    """Open a folder, or make one.

    Parameters
    ----------
    facts
        run, scenario, digest, seed, replicate, architecture.
    text
        the scenario, kept as it was given.
    epoch
        zero of the scenario clock, around which keys are valid.

    Raises
    ------
    FolderError
        for a folder in use, of another exercise or mode, or with other things in it.
    """
    path, told = settings.folder, told_of(settings, facts)
    if path.exists() and not path.is_dir():
        raise FolderError(f"--folder {path}: is a file; name a folder")
    path.mkdir(parents=True, exist_ok=True)
    lock = _locked(path)
    try:
        fresh = not (path / "exercise.json").exists()
        if fresh:
            odd = [
                p.name for p in path.iterdir() if p.name != "lock" and not p.name.startswith(".")
            ]
            leftover = {"scenario.toml", "keys", "trust.json", "roles.json", "receivers.json"}
            if set(odd) - leftover:
                raise FolderError(
                    f"--folder {path}: holds other things ({', '.join(sorted(odd)[:3])}); name a new one"
                )
            _make(path, settings, told, text, epoch)
        else:
            _refuse_other(path, told)
        keys = path / "keys" / settings.mode
        with _readable(path, f"keys/{settings.mode}"):
            signer = load_signer(
                (keys / "key.pem").read_bytes(), (keys / "certificate.pem").read_bytes()
            )
        with _readable(path, "trust.json"):
            trust = parse_trust((path / "trust.json").read_text(encoding="utf-8"), "trust.json")
        with _readable(path, "roles.json"):
            persons = _persons(path)
        return Home(
            path=path, told=told, fresh=fresh, lock=lock, signer=signer, trust=trust,
            persons=persons,
        )  # fmt: skip
    except BaseException:
        lock.close()
        raise


def _locked(path: Path) -> IO[str]:
    lock = (path / "lock").open("a+", encoding="utf-8")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.seek(0)
        pid = lock.read(20).strip() or "another process"
        lock.close()
        raise FolderError(
            f"--folder {path}: an exercise runs there (process {pid}); stop it first, or name "
            "another folder"
        ) from None
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()
    return lock


def _refuse_other(path: Path, told: Mapping[str, Any]) -> None:
    with _readable(path, "exercise.json"):
        found = dict(json.loads((path / "exercise.json").read_text(encoding="utf-8")))
    for name in sorted(set(told) | set(found)):
        if found.get(name) != told.get(name):
            raise FolderError(
                f"--folder {path}: holds an exercise with {name} {str(found.get(name))[:60]!r}, asked "
                f"is {str(told.get(name))[:60]!r}; continue it as it was, or name a new folder"
            )


def _make(
    path: Path, settings: Settings, told: Mapping[str, Any], text: str, epoch: datetime
) -> None:
    (path / "scenario.toml").write_text(text, encoding="utf-8")
    keys = path / "keys" / settings.mode
    keys.mkdir(parents=True, exist_ok=True)
    begin, end = epoch - BEFORE, epoch + AFTER
    key, certificate = make_pair(settings.sender, not_before=begin, not_after=end)
    write_secret(keys / "key.pem", key)
    (keys / "certificate.pem").write_bytes(certificate)
    entry = TrustEntry(
        fingerprint=fingerprint_of(certificate.decode()), sender=settings.sender,
        statuses=(STATUS[settings.mode],), areas=(), not_before=text_of(begin),
        not_after=text_of(end), certificate=certificate.decode(),
    )  # fmt: skip
    (path / "trust.json").write_text(trust_text((entry,)), encoding="utf-8")
    persons = [
        {"name": name, "role": role, "token": secrets.token_urlsafe(24)} for name, role in PERSONS
    ]
    write_secret(path / "roles.json", json.dumps(persons, indent=1).encode())
    (path / "receivers.json").write_text(
        book_text(settings.receivers, settings.mode), encoding="utf-8"
    )
    last = path / ".exercise.json"
    with last.open("w", encoding="utf-8") as stream:
        stream.write(json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True) + "\n")
        stream.flush()
        os.fsync(stream.fileno())
    last.replace(path / "exercise.json")  # last: a folder without it is made anew


@contextlib.contextmanager
def _readable(path: Path, name: str) -> Iterator[None]:
    """Tell which file of an exercise is gone or damaged, and what to do."""
    try:
        yield
    except (OSError, ValueError, TypeError, ScenarioError):
        raise FolderError(
            f"--folder {path}: {name} cannot be read; put it back as it was, or name a new folder"
        ) from None


def _persons(path: Path) -> tuple[Person, ...]:
    told = json.loads((path / "roles.json").read_text("utf-8"))
    found = tuple(Person(**p) for p in told)
    if not found:
        raise ValueError("nobody")
    return found

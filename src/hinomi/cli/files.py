"""Files that a command writes besides its text: refused before anything is computed, then written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

PICTURES = (".png", ".svg")
Writer = Callable[[Path], None]


def refuse_files(files: Mapping[str, Path]) -> None:
    """Refuse files that cannot be; `files` is option -> path.

    Raises
    ------
    ScenarioError
        for a folder, a folder that is not there, a picture of another kind, or one name twice.
    """
    from hinomi.errors import ScenarioError

    for option, path in files.items():
        if path.is_dir():
            raise ScenarioError(f"{option} {path}: is a folder; name a file in it")
        if not path.parent.is_dir():
            raise ScenarioError(f"{option} {path}: there is no folder {path.parent}; make it first")
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

"""The course of commands that compute replicates and end with a page: compute, stop, write, say where."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import typer

from hinomi.cli.printed import print_lines
from hinomi.cli.stopping import kept, say, stoppable

if TYPE_CHECKING:
    from hinomi.study.engine import Engine

Content = dict[str, Any]
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """How an answer is wanted, whatever it is about."""

    out: Path | None
    workers: int | None
    as_json: bool
    quiet: bool
    scheduler: str | None = None


def counted(workers: int | None, scheduler: str | None = None) -> int:
    """How many processes there would be; a number out of its limits is refused."""
    from hinomi.study.estimate import workers_of
    from hinomi.study.montecarlo import engine_for

    return workers_of(engine_for(workers=workers, scheduler=scheduler))


def follow_part(
    wishes: Wishes, *, default: Path, shard: str, compute: Callable[[Path, Engine], None]
) -> None:
    """Compute one shard in the folder, then say what reads all of them."""
    from hinomi.cli.study_output import as_json
    from hinomi.study.montecarlo import engine_for

    engine = engine_for(workers=wishes.workers, scheduler=wishes.scheduler)
    folder = wishes.out or default
    again = "the same command" + ("" if wishes.out else f" and -o {folder}")
    with stoppable(kept(folder, again=again)):
        compute(folder, engine)
    if wishes.as_json:
        as_json({"folder": str(folder), "shard": shard})
        return
    typer.echo(
        f"shard {shard} is done; when all are: the same command with -o {folder} and no --shard"
    )


def follow(
    wishes: Wishes,
    *,
    default: Path,
    compute: Callable[[Path, Engine], Found],
    writing: str,
    write: Callable[[Found, Path], tuple[Content, Path]],
    lines: Callable[[Content], Iterable[str]],
) -> None:
    """Compute what is missing in the folder, write content and page, print.

    `write` gives the content and the path of its page; `lines` what is printed of a content, and
    `writing` what is said on stderr in between.
    """
    from hinomi.cli.study_output import as_json
    from hinomi.study.montecarlo import engine_for

    engine = engine_for(workers=wishes.workers, scheduler=wishes.scheduler)
    folder = wishes.out or default
    again = "the same command" + ("" if wishes.out else f" and -o {folder}")
    with stoppable(kept(folder, again=again)):
        found = compute(folder, engine)
        if not wishes.quiet:
            say(writing)
        content, page = write(found, folder)
    if wishes.as_json:
        as_json({**content, "folder": str(folder), "page": str(page)})
        return
    print_lines(lines(content))
    typer.echo(f"folder: {folder}\npage: {page}")

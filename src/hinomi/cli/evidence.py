"""`hinomi evidence`: claims of the public record, where they contradict each other, what the rule picks."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hinomi.cli import options as o
from hinomi.cli.printed import print_json, print_lines
from hinomi.cli.stopping import at_once

Topic = Annotated[
    str | None,
    typer.Argument(metavar="TOPIC", help="A topic, or the beginning of a quantity's key."),
]
Conflicts = Annotated[bool, typer.Option("--conflicts", help="Only what contradicts itself.")]
Own = Annotated[
    Path | None,
    typer.Option("--file", metavar="MINE.toml", help="Claims of your own, checked and added."),
]
Page = Annotated[Path | None, o.out_option("Write a page.", "FILE.html")]


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command(
        "evidence",
        short_help="Claims of the public record and their contradictions.",
        epilog="Example: hinomi evidence prices",
    )(evidence)


@at_once
def evidence(
    topic: Topic = None,
    conflicts: Conflicts = False,
    own: Own = None,
    out: Page = None,
    as_json: o.Json = False,
) -> None:
    """Show what the public record says, by whom, and where it contradicts itself."""
    from hinomi.cli.files import refuse_files, text_writer, write_files
    from hinomi.errors import ScenarioError
    from hinomi.evidence import answer
    from hinomi.evidence.bundled import load_evidence
    from hinomi.evidence.links import refuse_loose_ends

    files = {} if out is None else {"--out": out}
    refuse_files(files)
    if out is not None and out.suffix.lower() not in (".html", ".htm"):
        raise ScenarioError(f"--out {out}: a page is written; the name must end in .html")
    known = load_evidence(own)
    if own is not None:
        refuse_loose_ends(known, str(own))
    found = answer.chosen(known, topic)
    told = answer.told(known, found, topic=topic)

    def page() -> str:
        from hinomi.evidence.page import page_text

        return page_text(known, found, told)

    write_files(files, {"--out": text_writer(page)})
    if as_json:
        print_json(told)
        return
    if conflicts:
        lines = answer.conflict_lines(found)
    elif topic is None:
        lines = answer.overview_lines(known)
    else:
        lines = answer.group_lines(found)
    print_lines(lines)
    for path in files.values():
        typer.echo(f"page: {path}")

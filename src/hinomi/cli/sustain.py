"""`hinomi sustain`: production, stock after raids, and money, with what binds and what is assumed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hinomi.cli import options as o
from hinomi.cli.files import Writer, files_in, json_writer, text_writer, write_files
from hinomi.cli.printed import print_answer
from hinomi.cli.stopping import at_once

if TYPE_CHECKING:
    from hinomi.supply.solve import Solved

Raids = Annotated[int, o.whole_option("--raids", "How many raids; 0 for none.")]
Every = Annotated[
    int, typer.Option(metavar="MONTHS", parser=o.whole, help="Months from one raid to the next.")
]
Spend = Annotated[
    list[str] | None,
    typer.Option(
        metavar="OWNER:PRODUCT=ROUNDS",
        help="What a raid takes; again for more. A published share of every stock otherwise.",
    ),
]
FromRun = Annotated[
    Path | None,
    typer.Option(metavar="DIR", help="Take the rounds that each replicate of this run spent."),
]
Without = Annotated[
    list[str] | None,
    typer.Option(metavar="NODE", help="As if this supplier or line were no limit; again for more."),
]
Transfer = Annotated[
    str, typer.Option(metavar="on|off", help="Whether nations give each other rounds.")
]
Architecture = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="Whose use of rounds; the headline's first otherwise."),
]
Years = Annotated[int, o.whole_option("--years", "How far ahead.")]
Draws = Annotated[int, o.count_option("Draws of ranges and outages.", "--draws")]
Out = Annotated[Path | None, o.out_option("Folder for page, pictures and tables.")]
KINDS = ("png", "svg")


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command(
        "sustain",
        short_help="Production, stock after raids, and money.",
        epilog="Example: hinomi sustain okinawa-2025 --raids 2 -o sustain",
    )(sustain)


@at_once
def sustain(
    scenario: o.Name,
    raids: Raids = 1,
    every: Every = 12,
    spend: Spend = None,
    from_run: FromRun = None,
    without: Without = None,
    transfer: Transfer = "off",
    architecture: Architecture = None,
    years: Years = 10,
    draws: Draws = 1000,
    seed: o.Seed = None,
    variant: o.Variant = None,
    out: Out = None,
    as_json: o.Json = False,
) -> None:
    """Refill stocks after raids: months, bottlenecks, transfers and money, each with its bands."""
    from hinomi.errors import ScenarioError
    from hinomi.supply.answer import told
    from hinomi.supply.asked import asked
    from hinomi.supply.solve import solve
    from hinomi.supply.words import lines

    if transfer not in ("on", "off"):
        raise ScenarioError(f"--transfer is {transfer!r}; it must be on or off")
    request = asked(
        scenario, variant=variant, architecture=architecture, raids=raids, every=every, years=years,
        draws=draws, seed=seed, spend=spend or (), from_run=from_run, transfers=transfer == "on",
        without=without or (),
    )  # fmt: skip
    files = _files(out)
    solved = solve(request)
    answer = told(solved)
    if files:
        write_files(files, _writers(solved, answer))
    print_answer(answer, lines(answer), files, as_json=as_json)


def _files(out: Path | None) -> dict[str, Path]:
    """Name the files of a folder."""
    names = ["sustain.html", "sustain.json"]
    for table in ("stock", "production", "bottleneck", "ledger"):
        names += [f"sustain-{table}.csv", f"sustain-{table}.parquet"]
    for drawing in ("stock", "bottlenecks", "costs", "outlay"):
        names += [f"sustain-{drawing}.{kind}" for kind in KINDS]
    return files_in(out, {name: name for name in names})


def _writers(solved: Solved, answer: dict[str, Any]) -> dict[str, Writer]:
    from hinomi.report.drawing import write_figure
    from hinomi.supply.page import write_page
    from hinomi.supply.picture import drawings
    from hinomi.supply.tables import csv_text, tables, write_parquet

    out: dict[str, Writer] = {
        "sustain.html": lambda path: write_page(solved, answer, path),
        "sustain.json": json_writer(answer),
    }
    for name, table in tables(solved).items():
        out[f"sustain-{name}.csv"] = text_writer(lambda table=table: csv_text(table))  # type: ignore[misc]
        out[f"sustain-{name}.parquet"] = lambda path, table=table: write_parquet(table, path)  # type: ignore[misc]
    for name, draw in drawings(solved, answer).items():
        for kind in KINDS:
            out[f"sustain-{name}.{kind}"] = lambda path, draw=draw: write_figure(draw, path)  # type: ignore[misc]
    return out

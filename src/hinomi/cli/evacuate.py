"""`hinomi evacuate`: days to clear islands through their ports and airports."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hinomi.cli import options as o
from hinomi.cli.files import Writer, refuse_files, text_writer, write_files
from hinomi.cli.printed import print_answer
from hinomi.cli.stopping import at_once

if TYPE_CHECKING:
    from hinomi.export.evacuation_answer import Evacuated

DEFAULT = "sakishima"

Plan = Annotated[
    str, typer.Argument(metavar="PLAN", help="A bundled name or a path of a plan of one's own.")
]
Replicates = Annotated[int, o.count_option("How many replicates.")]
Seed = Annotated[int, o.whole_option("--seed", "The random seed.")]
Season = Annotated[
    str | None, typer.Option(metavar="NAME", help="One of the plan's seasons; its own otherwise.")
]
Csv = Annotated[Path | None, typer.Option("--csv", metavar="FILE", help="People left, by day.")]
Picture = Annotated[Path | None, typer.Option("--picture", metavar="FILE", help="PNG or SVG.")]
Page = Annotated[
    Path | None, typer.Option("--page", metavar="FILE", help="HTML with everything, opens offline.")
]
Sources = Annotated[
    bool, typer.Option("--sources", help="Print every number with its source and stop.")
]


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command(
        "evacuate",
        short_help="Days to clear islands by ports and airports.",
        epilog="Example: hinomi evacuate sakishima --page days.html",
    )(evacuate)


@at_once
def evacuate(
    plan: Plan = DEFAULT,
    replicates: Replicates = 1000,
    seed: Seed = 1,
    season: Season = None,
    as_json: o.Json = False,
    csv: Csv = None,
    picture: Picture = None,
    page: Page = None,
    sources: Sources = False,
) -> None:
    """Run a plan of evacuation: days to clear with an interval, what holds it up, what it hangs on."""
    from hinomi.scenario.evacuation import load_plan

    files = {"--csv": csv, "--picture": picture, "--page": page}
    wanted = {option: path for option, path in files.items() if path is not None}
    refuse_files(wanted)
    loaded = load_plan(plan, season=season)
    if sources:
        for k in loaded.numbers:
            span = "" if k.low is None or k.high is None else f" ({k.low:g} to {k.high:g})"
            typer.echo(f"{k.key} = {k.value:g}{span}  {k.grade}: {k.source or 'no source given'}")
        return

    from hinomi.export.evacuation_answer import evacuate as run
    from hinomi.export.evacuation_answer import facts, lines

    found = run(loaded, replicates=replicates, seed=seed)
    told = facts(found)
    write_files(wanted, _writers(found, told))
    print_answer(told, lines(told), wanted, as_json=as_json)


def _writers(found: Evacuated, told: dict[str, Any]) -> dict[str, Writer]:
    def table() -> str:
        from hinomi.export.evacuation_answer import csv_text

        return csv_text(told)

    def draw(path: Path) -> None:
        from hinomi.export.evacuation_picture import write_picture

        write_picture(found, told, path)

    def html() -> str:
        from hinomi.export.evacuation_page import page_text

        return page_text(found, told)

    return {"--csv": text_writer(table), "--picture": draw, "--page": text_writer(html)}

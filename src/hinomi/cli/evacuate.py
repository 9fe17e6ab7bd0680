"""`hinomi evacuate`: days to clear islands through their ports and airports."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hinomi.cli.files import Writer, refuse_files, text_writer, write_files
from hinomi.cli.options import whole

if TYPE_CHECKING:
    from hinomi.export.evacuation_answer import Evacuated

DEFAULT = "sakishima"

Plan = Annotated[
    str, typer.Argument(metavar="PLAN", help="A bundled name or a path of a plan of one's own.")
]
Replicates = Annotated[
    int, typer.Option("-n", "--replicates", metavar="N", parser=whole, help="How many replicates.")
]
Seed = Annotated[int, typer.Option(metavar="N", parser=whole, help="The random seed.")]
Season = Annotated[
    str | None, typer.Option(metavar="NAME", help="One of the plan's seasons; its own otherwise.")
]
Json = Annotated[bool, typer.Option("--json", help="One JSON object on stdout and nothing else.")]
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
    app.command("evacuate", short_help="Days to clear islands by ports and airports.")(evacuate)


def evacuate(
    plan: Plan = DEFAULT,
    replicates: Replicates = 1000,
    seed: Seed = 1,
    season: Season = None,
    as_json: Json = False,
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
    if as_json:
        told["files"] = {k.lstrip("-"): str(p) for k, p in wanted.items()}
        typer.echo(json.dumps(told, ensure_ascii=False, allow_nan=False, indent=1))
        return
    for line in (*lines(told), *(f"{p.stat().st_size:>10,}  {p}" for p in wanted.values())):
        typer.echo(line)


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

"""`hinomi places`: show the municipalities, rebuild them, import exact boundaries."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from hinomi.scenario.places_import import Imported

MOST_ROWS = 50  # places of a group that are listed

app = typer.Typer(
    help="Municipalities: show them, rebuild the shipped files, import exact boundaries.",
    no_args_is_help=True,
)


@app.command(
    short_help="Show municipalities, or the sums by prefecture.",
    epilog="Example: hinomi places show 47",
)
def show(
    code: Annotated[
        str,
        typer.Argument(
            metavar="CODE",
            help="Five-digit municipal code, two digits of a prefecture, or your own GeoJSON file.",
        ),
    ] = "",
) -> None:
    """Show one municipality, those of a prefecture, the sums by prefecture, or a region's file."""
    from hinomi.errors import ScenarioError
    from hinomi.scenario.places import VINTAGE, read_table

    if Path(code).suffix.lower() in (".geojson", ".json"):
        _show_region(Path(code))
        return
    rows = read_table()
    if not code:
        groups = {(r["prefecture_code"], r["prefecture_en"], r["prefecture_ja"]): 0 for r in rows}
        for r in rows:
            groups[r["prefecture_code"], r["prefecture_en"], r["prefecture_ja"]] += int(
                r["population"]
            )
        for (number, english, japanese), people in groups.items():
            typer.echo(f"{number}  {people:>11,}  {english}  {japanese}")
        typer.echo(f"{len(rows):,} municipalities, {sum(groups.values()):,} people")
    elif len(code) == 2 and any(r["prefecture_code"] == code for r in rows):
        for r in rows:
            if r["prefecture_code"] == code:
                group = f"  [{r['island_group']}]" if r["island_group"] else ""
                people = int(r["population"])
                typer.echo(f"{r['code']}  {people:>11,}  {r['name_en']}  {r['name_ja']}{group}")
    else:
        row = next((r for r in rows if r["code"] == code), None)
        if row is None:
            raise ScenarioError(
                f"no municipality has the code {code!r}; it has five digits without a check digit "
                "(47201 is Naha-shi), `hinomi places show 47` lists a prefecture"
            )
        for name, value in row.items():
            typer.echo(f"{name:<16}{value}")
    typer.echo(VINTAGE)


@app.command(
    short_help="Rebuild the shipped files.",
    epilog="Example: hinomi places build municipalities.csv --to places --area okinawa",
)
def build(
    table: Annotated[
        Path,
        typer.Argument(metavar="TABLE", help="Municipality table (CSV) to cut places.csv from."),
    ],
    folder: Annotated[
        Path,
        typer.Option("--to", "-o", "--out", metavar="DIR", help="Folder to write the files into."),
    ],
    area: Annotated[
        str, typer.Option(metavar="AREA", help="okinawa (seconds) or japan (minutes).")
    ] = "japan",
) -> None:
    """Rebuild mesh, table, outlines and alert units; needs the dependency group `places`."""
    from hinomi.scenario.places_build import build_all

    for path in build_all(table, folder, area):
        typer.echo(f"{path.stat().st_size:>10,}  {path}")


@app.command(
    name="import",
    short_help="Import exact boundaries.",
    epilog="Example: hinomi places import N03-20240101.geojson",
)
def import_file(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="N03 GeoJSON with the municipal code in N03_007.")
    ],
) -> None:
    """Import exact boundaries and keep them in the user's data folder."""
    from hinomi.scenario.places_import import CREDIT, read_n03, store, user_folder

    report, shapes = read_n03(file)
    path = store(report, shapes, user_folder())
    typer.echo(f"{len(report.codes):,} municipalities kept in {path}")
    for line in _remarks(report):
        typer.echo(line)
    typer.echo(CREDIT)


def _show_region(file: Path) -> None:
    """Print the places of a region's file group by group, as a scenario would use them."""
    from hinomi.scenario.places_region import read_region, region_file

    places = read_region(region_file(file)).places
    for group in dict.fromkeys(places.prefecture_en):
        mine = [p for p, name in enumerate(places.prefecture_en) if name == group]
        people = int(places.population[mine].sum())
        noun = "place" if len(mine) == 1 else "places"
        typer.echo(f"{people:>11,}  {group} ({len(mine)} {noun})")
        for p in mine[:MOST_ROWS]:
            islands = f"  [{places.island_group[p]}]" if places.island_group[p] else ""
            typer.echo(
                f"  {places.code[p]}  {int(places.population[p]):,} people  "
                f"{places.area_km2[p]:.1f} km2  {places.name_en[p]}{islands}"
            )
        if len(mine) > MOST_ROWS:
            typer.echo(f"  ... and {len(mine) - MOST_ROWS} more")
    typer.echo(f"{len(places.code):,} places, {int(places.population.sum()):,} people")
    typer.echo(places.vintage)


def _remarks(report: Imported) -> list[str]:
    lines = [f"{report.without_code} features without a code left out (undecided land)"]
    for what, codes in (("unknown", report.unknown), ("missing", report.missing)):
        if codes:
            more = " ..." if len(codes) > 8 else ""
            lines.append(f"{len(codes)} {what} codes: {', '.join(codes[:8])}{more}")
    return lines

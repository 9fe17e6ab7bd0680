"""`hinomi check`, `explain`, `schema`, `scenarios`: what a scenario says before anything runs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Final

import typer

from hinomi.cli import options as o
from hinomi.cli.printed import print_json

ScenarioArgument = Annotated[
    str, typer.Argument(metavar="SCENARIO", help="A bundled name, or the path of a TOML file.")
]
FIRST: Final = "okinawa-2025"  # the study to begin with


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command(
        "check",
        short_help="Print every mistake of a scenario.",
        epilog="Example: hinomi check okinawa-2025",
    )(check)
    app.command(
        "explain",
        short_help="Print every number, its source and grade.",
        epilog="Example: hinomi explain okinawa-2025 --only warning",
    )(explain)
    app.command(
        "schema",
        short_help="Print the JSON Schema of scenario files.",
        epilog="Example: hinomi schema > scenario.schema.json",
    )(schema)
    app.command(
        "scenarios",
        short_help="List the bundled scenarios, or print one.",
        epilog="Example: hinomi scenarios okinawa-2025 > mine.toml",
    )(scenarios)


def check(scenario: ScenarioArgument) -> None:
    """Print every mistake of a scenario; exit 1 where there is one, 2 where it cannot be read."""
    from hinomi.errors import HinomiError
    from hinomi.scenario.check import check_text, variant_mistakes
    from hinomi.scenario.load import load, scenario_text
    from hinomi.scenario.plausible import doubts
    from hinomi.scenario.text import parse_text
    from hinomi.study.unlanded import doubt as cut_short

    text, name = scenario_text(scenario)
    parse_text(text, name)  # unreadable: exit 2, by the program
    try:
        checked = check_text(text, name)
        loaded = load(scenario)
        late = cut_short(loaded)
    except HinomiError as error:
        typer.echo(str(error))
        raise typer.Exit(1) from None
    for doubt in filter(None, (*doubts(checked), *loaded.findings, late)):
        typer.echo(f"{name}: warning: {doubt}")
    wrong = variant_mistakes(checked)
    for words in wrong:
        typer.echo(f"{name}: {words}")
    if wrong:
        raise typer.Exit(1)
    typer.echo(f"{name}: no mistakes; {len(checked.variants)} variants")


def explain(
    scenario: ScenarioArgument,
    variant: o.Variant = None,
    changes: o.SetOption = None,
    only: Annotated[str, typer.Option(metavar="TEXT", help="Only keys that contain this.")] = "",
    trace: Annotated[
        str | None,
        typer.Option(
            metavar="CLAIM|KEY", help="Follow a claim or a number to the headlines it can move."
        ),
    ] = None,
    own: Annotated[
        Path | None,
        typer.Option("--file", metavar="MINE.toml", help="Claims of your own beside the bundled."),
    ] = None,
    replicates: Annotated[
        int | None, o.count_option("Of the two runs that --trace with --set makes; 10 otherwise.")
    ] = None,
    workers: o.Workers = None,
    as_json: o.Json = False,
) -> None:
    """Print every number that a run uses, with its range, unit, source, grade and claims.

    With --trace and --set CLAIM=VALUE the scenario runs twice, and what moved is told.
    """
    from hinomi.cli.trace import Asked, follow
    from hinomi.errors import ScenarioError
    from hinomi.evidence.bundled import load_evidence
    from hinomi.evidence.links import claims_of
    from hinomi.scenario.explain import explain_lines, explain_object
    from hinomi.scenario.load import load

    wanted = o.changes_of(changes or [])
    if trace is not None:
        follow(
            Asked(
                scenario=scenario, variant=variant, trace=trace, own=own, wanted=wanted,
                replicates=replicates, workers=workers, json=as_json,
            )
        )  # fmt: skip
        return
    if replicates is not None or workers is not None:
        raise ScenarioError("-n and --workers belong to --trace with --set CLAIM=VALUE")
    loaded = load(scenario, variant=variant, changes=wanted)
    claims = claims_of(loaded, load_evidence(own))
    if as_json:
        print_json(explain_object(loaded, claims=claims))
    else:
        typer.echo("\n".join(explain_lines(loaded, only=only, claims=claims)))


def schema() -> None:
    """Print the JSON Schema of a scenario file, for editors."""
    from hinomi.scenario.explain import json_schema

    typer.echo(json.dumps(json_schema(), indent=1))


def scenarios(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="NAME", help="Print this scenario's TOML, to start one of your own."
        ),
    ] = None,
) -> None:
    """List the bundled scenarios, the first study first, or print one as TOML."""
    from hinomi.errors import ScenarioError
    from hinomi.scenario.load import load, scenario_names, scenario_text

    if name is None:
        for bundled in sorted(scenario_names(), key=lambda n: (n != FIRST, n)):
            loaded = load(bundled)
            typer.echo(f"{bundled}  {loaded.title}")
            for v in loaded.variants:
                typer.echo(f"    {v.name}: {v.title}")
        return
    if name not in scenario_names() and Path(name).exists():
        raise ScenarioError(
            f"{name!r} is a file of yours; bundled are {', '.join(scenario_names())}"
        )
    typer.echo(scenario_text(name)[0], nl=False)

"""`hinomi rules`: warning rules compared on the same runs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from hinomi.cli import options as o
from hinomi.cli.stopping import answered, say, stoppable
from hinomi.errors import ScenarioError

Scenarios = Annotated[
    list[str] | None,
    typer.Argument(metavar="SCENARIO...", help="Bundled names or paths, one or more."),
]
Rules = Annotated[
    list[str] | None,
    typer.Option(
        "--rule",
        metavar="NAME|FILE",
        help="A bundled rule or a file of rules; again for more. All bundled ones otherwise.",
    ),
]
Architecture = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="Whose picture decides; integrated where there is one."),
]
Replicates = Annotated[
    int | None,
    typer.Option("-n", "--replicates", metavar="N", parser=o.whole, help="How many; 50 otherwise."),
]
Out = Annotated[
    Path | None,
    typer.Option("-o", "--out", metavar="DIR", help="Folder; results/rules-... otherwise."),
]
Listed = Annotated[bool, typer.Option("--list", help="Print the bundled rules and stop.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was asked for."""

    scenarios: tuple[str, ...]
    rules: tuple[str, ...]
    architecture: str | None
    variant: str | None
    replicates: int | None
    seed: int | None
    out: Path | None
    workers: int | None
    json: bool
    quiet: bool


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("rules", short_help="Compare warning rules on the same runs.")(rules)


def rules(
    scenarios: Scenarios = None,
    rule: Rules = None,
    architecture: Architecture = None,
    variant: o.Variant = None,
    replicates: Replicates = None,
    seed: o.Seed = None,
    out: Out = None,
    workers: o.Workers = None,
    listed: Listed = False,
    as_json: o.Json = False,
    quiet: o.Quiet = False,
) -> None:
    """Compare warning rules on the same runs: missed, late, over-warned, false alerts, the whole curve.

    The same command goes on with an interrupted comparison, and a larger -n extends it.
    """
    with answered():
        if listed:
            _list(as_json=as_json)
            return
        if not scenarios:
            raise ScenarioError(
                "no scenario was named; write for example: hinomi rules okinawa-2025"
            )
        _compare(
            Asked(
                scenarios=tuple(scenarios),
                rules=tuple(rule or ()),
                architecture=architecture,
                variant=variant,
                replicates=replicates,
                seed=seed,
                out=out,
                workers=workers,
                json=as_json,
                quiet=quiet,
            )
        )


def _list(*, as_json: bool) -> None:
    from hinomi.cli.study_output import as_json as print_json
    from hinomi.scenario.build_rules import bundled_rules

    known = bundled_rules()
    if as_json:
        print_json({"rules": known})
        return
    for name, table in known.items():
        typer.echo(f"{name:18} {table['label']}")


def _compare(asked: Asked) -> None:
    """Run the comparison, write everything, print the named rules."""
    from hinomi.rules.compare import default_folder, execute, plan, tables_of
    from hinomi.study.montecarlo import engine_for

    engine = engine_for(workers=asked.workers)
    tables = tables_of(asked.rules)
    parts = [
        plan(
            name,
            rules=tables,
            architecture=asked.architecture,
            variant=asked.variant,
            replicates=asked.replicates,
            seed=asked.seed,
        )
        for name in asked.scenarios
    ]
    folder = asked.out or default_folder(parts)
    again = "the same command" + ("" if asked.out else f" and -o {folder}")
    with stoppable(folder, again=again):
        compared = execute(parts, folder, engine=engine, quiet=asked.quiet)
        if not asked.quiet:
            say("reading the curves and drawing the page")
        from hinomi.rules.page import write_page
        from hinomi.rules.write import write_all

        content = write_all(compared, folder)
        page = write_page(compared, content, folder)
    _print(content, folder, page, as_json=asked.json)


def _print(content: dict[str, Any], folder: Path, page: Path, *, as_json: bool) -> None:
    from hinomi.cli.study_output import as_json as print_json
    from hinomi.rules.words import alert_words, false_words, sentences

    if as_json:
        print_json({**content, "folder": str(folder), "page": str(page)})
        return
    for told in content["scenarios"]:
        n, who = told["replicates"], told["architecture"]
        typer.echo(f"STUDY 研究 - {told['scenario']}: {n} replicates, {who}, seed {told['seed']}")
        for line in sentences(told):
            typer.echo(f"  {line}")
        if any(c for c in told["cost_loss"]["best"] if c["price_high"]):
            for line in alert_words(told):
                typer.echo(f"  {line}")
    typer.echo(false_words(content))
    typer.echo(f"folder: {folder}\npage: {page}")

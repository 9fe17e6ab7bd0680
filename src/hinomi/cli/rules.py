"""`hinomi rules`: warning rules compared on the same runs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hinomi.cli import options as o
from hinomi.cli.course import Wishes, follow
from hinomi.cli.stopping import answered
from hinomi.cli.study_output import as_json as print_json
from hinomi.errors import ScenarioError

if TYPE_CHECKING:
    from hinomi.rules.compare import Compared, Part

Scenarios = Annotated[
    list[str] | None,
    typer.Argument(metavar="SCENARIO", help="Bundled names or paths, one or more."),
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
Replicates = Annotated[int | None, o.count_option("How many replicates; 50 otherwise.")]
Out = Annotated[Path | None, o.out_option("Folder; results/rules-... otherwise.")]
Listed = Annotated[bool, typer.Option("--list", help="Print the bundled rules and stop.")]


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command(
        "rules",
        short_help="Compare warning rules on the same runs.",
        epilog="Example: hinomi rules okinawa-2025 -n 20",
    )(rules)


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
        from hinomi.rules.compare import plan, tables_of

        tables = tables_of(tuple(rule or ()))
        parts = [
            plan(
                name,
                rules=tables,
                architecture=architecture,
                variant=variant,
                replicates=replicates,
                seed=seed,
            )
            for name in scenarios
        ]
        _compare(parts, Wishes(out=out, workers=workers, as_json=as_json, quiet=quiet))


def _list(*, as_json: bool) -> None:
    from hinomi.scenario.build_rules import bundled_rules

    known = bundled_rules()
    if as_json:
        print_json({"rules": known})
        return
    for name, table in known.items():
        typer.echo(f"{name:18} {table['label']}")


def _compare(parts: list[Part], wishes: Wishes) -> None:
    """Run the comparison, write everything, print the named rules."""
    from hinomi.rules.compare import default_folder, execute

    def write(compared: list[Compared], folder: Path) -> tuple[dict[str, Any], Path]:
        from hinomi.rules.page import write_page
        from hinomi.rules.write import write_all

        content = write_all(compared, folder)
        return content, write_page(compared, content, folder)

    follow(
        wishes,
        default=default_folder(parts),
        compute=lambda folder, engine: execute(parts, folder, engine=engine, quiet=wishes.quiet),
        writing="reading the curves and drawing the page",
        write=write,
        lines=_lines,
    )


def _lines(content: dict[str, Any]) -> Iterator[str]:
    from hinomi.rules.words import alert_words, false_words, sentences
    from hinomi.study.figure_words import counted

    for told in content["scenarios"]:
        n, who = told["replicates"], told["architecture"]
        yield f"STUDY 研究 - {told['scenario']}: {counted(n, 'replicate')}, {who}, seed {told['seed']}"
        for line in sentences(told):
            yield f"  {line}"
        if any(c for c in told["cost_loss"]["best"] if c["price_high"]):
            for line in alert_words(told):
                yield f"  {line}"
    yield false_words(content)

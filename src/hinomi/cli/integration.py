"""`hinomi integration`: what integration buys, which part of it causes it, what it costs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hinomi.cli import options as o
from hinomi.cli.course import Wishes, follow
from hinomi.cli.stopping import answered, say

if TYPE_CHECKING:
    from hinomi.integration.compare import Answered, Question

Figures = Annotated[
    list[str] | None,
    typer.Option(
        "--figure",
        metavar="NAME,...",
        help="What is split, such as leakers, lead_s, cost_musd; again for more. Seven otherwise.",
    ),
]
Variants = Annotated[
    str | None,
    typer.Option(
        metavar="A,B,...",
        help="Also with these variants of the scenario, or without sensors (leo_off, infrared_off); up to 3.",
    ),
]
Ladder = Annotated[
    bool, typer.Option("--ladder", help="Also with ever slower links and decisions.")
]
Out = Annotated[Path | None, o.out_option("Folder; results/integration-... otherwise.")]


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command(
        "integration",
        short_help="What sharing buys, part by part.",
        epilog="Example: hinomi integration okinawa-2025 -n 10",
    )(integration)


def integration(
    scenario: o.Name,
    replicates: o.Few = None,
    figure: Figures = None,
    variants: Variants = None,
    ladder: Ladder = False,
    bottom: o.From = None,
    top: o.To = None,
    seed: o.Seed = None,
    out: Out = None,
    workers: o.Workers = None,
    as_json: o.Json = False,
    quiet: o.Quiet = False,
) -> None:
    """Split what integration changes over its parts, on the same raids, with intervals.

    The same command goes on with an interrupted run, and a larger -n extends it.
    """
    with answered():
        from hinomi.integration.compare import question
        from hinomi.integration.measures import chosen

        figures = chosen(o.names_in(figure, "--figure"))
        planned = question(
            scenario,
            bottom=bottom,
            top=top,
            variants=o.names_of(variants, "--variants") or (),
            with_ladder=ladder,
            replicates=replicates,
            seed=seed,
        )
        wishes = Wishes(out=out, workers=workers, as_json=as_json, quiet=quiet)
        _run(planned, figures, wishes)


def _run(planned: Question, figures: tuple[str, ...], wishes: Wishes) -> None:
    """Compute what is missing, write everything, print the sentences."""
    from hinomi.integration.compare import default_folder, execute

    def write(found: Answered, folder: Path) -> tuple[dict[str, Any], Path]:
        from hinomi.integration.answer import answer
        from hinomi.integration.page import write_page
        from hinomi.integration.write import write_all

        content = answer(found, figures)
        write_all(content, folder)
        return content, write_page(content, planned.scenario, folder)

    follow(
        wishes,
        default=default_folder(planned),
        compute=lambda folder, engine: execute(
            planned, folder, engine=engine, quiet=wishes.quiet, say=say
        ),
        writing="splitting, resampling and drawing the page",
        write=write,
        lines=_lines,
    )


def _lines(content: dict[str, Any]) -> Iterator[str]:
    from hinomi.integration.words import sentences
    from hinomi.study.figure_words import counted

    pair, n = content["pairs"][0], content["replicates"]
    what = f"{pair['to']['name']} minus {pair['from']['name']}"
    yield f"STUDY 研究 - {content['scenario']}: {what}, {counted(n, 'replicate')}, seed {content['seed']}"
    for line in sentences(content):
        yield f"  {line}"

"""`hinomi integration`: what integration buys, which part of it causes it, what it costs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from hinomi.cli import options as o
from hinomi.cli.stopping import answered, say, stoppable

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
From = Annotated[
    str | None, typer.Option("--from", metavar="A", help="Shares less; the headline's otherwise.")
]
To = Annotated[
    str | None, typer.Option("--to", metavar="B", help="Shares more; the headline's otherwise.")
]
Replicates = Annotated[
    int | None,
    typer.Option("-n", "--replicates", metavar="N", parser=o.whole, help="How many; 30 otherwise."),
]
Out = Annotated[
    Path | None,
    typer.Option("-o", "--out", metavar="DIR", help="Folder; results/integration-... otherwise."),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was asked for."""

    scenario: str
    figures: tuple[str, ...]
    variants: tuple[str, ...]
    ladder: bool
    bottom: str | None
    top: str | None
    replicates: int | None
    seed: int | None
    out: Path | None
    workers: int | None
    json: bool
    quiet: bool


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("integration", short_help="What sharing buys, part by part.")(integration)


def integration(
    scenario: o.Name,
    replicates: Replicates = None,
    figure: Figures = None,
    variants: Variants = None,
    ladder: Ladder = False,
    bottom: From = None,
    top: To = None,
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
        _run(
            Asked(
                scenario=scenario,
                figures=tuple(
                    n for text in figure or () for n in o.names_of(text, "--figure") or ()
                ),
                variants=o.names_of(variants, "--variants") or (),
                ladder=ladder,
                bottom=bottom,
                top=top,
                replicates=replicates,
                seed=seed,
                out=out,
                workers=workers,
                json=as_json,
                quiet=quiet,
            )
        )


def _run(asked: Asked) -> None:
    """Compute what is missing, write everything, print the sentences."""
    from hinomi.integration.compare import default_folder, execute, question
    from hinomi.integration.measures import chosen
    from hinomi.study.montecarlo import engine_for

    engine = engine_for(workers=asked.workers)
    figures = chosen(asked.figures)
    planned = question(
        asked.scenario,
        bottom=asked.bottom,
        top=asked.top,
        variants=asked.variants,
        with_ladder=asked.ladder,
        replicates=asked.replicates,
        seed=asked.seed,
    )
    folder = asked.out or default_folder(planned)
    again = "the same command" + ("" if asked.out else f" and -o {folder}")
    with stoppable(folder, again=again):
        found = execute(planned, folder, engine=engine, quiet=asked.quiet, say=say)
        if not asked.quiet:
            say("splitting, resampling and drawing the page")
        from hinomi.integration.answer import answer
        from hinomi.integration.page import write_page
        from hinomi.integration.write import write_all

        content = answer(found, figures)
        write_all(content, folder)
        page = write_page(content, planned.scenario, folder)
    _print(content, folder, page, as_json=asked.json)


def _print(content: dict[str, Any], folder: Path, page: Path, *, as_json: bool) -> None:
    from hinomi.cli.study_output import as_json as print_json
    from hinomi.integration.words import sentences

    if as_json:
        print_json({**content, "folder": str(folder), "page": str(page)})
        return
    pair, n = content["pairs"][0], content["replicates"]
    what = f"{pair['to']['name']} minus {pair['from']['name']}"
    typer.echo(
        f"STUDY 研究 - {content['scenario']}: {what}, {n} replicates, seed {content['seed']}"
    )
    for line in sentences(content):
        typer.echo(f"  {line}")
    typer.echo(f"folder: {folder}\npage: {page}")

"""`hinomi diff A B`: which input moved which headline between two runs, versions or scenarios."""

from __future__ import annotations

from typing import Annotated

import typer

from hinomi.cli import options as o
from hinomi.cli.printed import print_json, print_lines
from hinomi.cli.stopping import at_once, say

Which = Annotated[str, typer.Argument(metavar="A", help="A run's folder, or a scenario.")]
Other = Annotated[str, typer.Argument(metavar="B", help="The other one.")]


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command(
        "diff",
        short_help="Show which input moved which headline.",
        epilog="Example: hinomi diff results/okinawa results/other",
    )(diff)


@at_once
def diff(
    a: Which,
    b: Other,
    architecture: Annotated[
        str | None, typer.Option(metavar="NAME", help="Only this one; all in common otherwise.")
    ] = None,
    attribute: Annotated[
        bool,
        typer.Option("--attribute", help="Change one input at a time in small paired studies."),
    ] = False,
    replicates: Annotated[
        int | None,
        typer.Option(
            "-n", "--replicates", metavar="N", parser=o.whole, help="Of --attribute; 6 otherwise."
        ),
    ] = None,
    as_json: o.Json = False,
) -> None:
    """Compare two runs of any age, or two scenarios: inputs, provenance, headlines; B minus A."""
    from hinomi.errors import ScenarioError
    from hinomi.exchange import attribute as by_one
    from hinomi.exchange.diff_words import answer, lines
    from hinomi.exchange.inputs import changes, provenance
    from hinomi.exchange.moved import headlines
    from hinomi.exchange.sides import side_of

    if replicates is not None and not attribute:
        raise ScenarioError("-n is for --attribute; the runs are as long as they are")
    first, second = side_of(a), side_of(b)
    if architecture is not None:
        both = [x for x in first.architectures if x in second.architectures]
        if architecture not in both:
            raise ScenarioError(
                f"--architecture is {architecture!r}; both sides have {', '.join(both) or 'none'}"
            )
    found, made = changes(first, second), provenance(first, second)
    results = all(s.measured is not None or s.told for s in (first, second))
    only = None if architecture is None else [architecture]
    moved = headlines(first, second, architectures=only) if results else []
    who = None
    if attribute:
        who = by_one.attribute(
            first, second, found, architecture=architecture,
            replicates=by_one.REPLICATES if replicates is None else replicates, tell=say,
        )  # fmt: skip
    if as_json:
        told = answer(first, second, found, made, moved, who)
        print_json(told)
        return
    print_lines(lines(first, second, found, made, moved, who))

"""`hinomi leakage`: how many of a raid get through, and how many rounds a wish takes, on paper."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from hinomi.cli.options import whole


def _real(text: str) -> float:
    """Read a number; the value is told where it is none."""
    try:
        return float(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no number; write it like 0.7") from None


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("leakage", short_help="Closed form: who leaks, and rounds that a wish takes.")(
        leakage
    )


def leakage(
    raid: Annotated[int, typer.Option(metavar="N", parser=whole, help="Bodies in the raid.")],
    kill: Annotated[
        float, typer.Option(metavar="P", parser=_real, help="Kill probability of one round.")
    ],
    rounds: Annotated[
        int, typer.Option(metavar="N", parser=whole, help="Rounds at each body.")
    ] = 2,
    track: Annotated[
        float,
        typer.Option(metavar="P", parser=_real, help="Each body by itself can be engaged at all."),
    ] = 1.0,
    system: Annotated[
        float,
        typer.Option(metavar="P", parser=_real, help="What all rounds need works in this raid."),
    ] = 1.0,
    want: Annotated[
        float, typer.Option(metavar="P", parser=_real, help="Wanted probability of no leaker.")
    ] = 0.8,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Leakers of a raid and rounds that a wish takes, in closed form.

    A wish that no number of rounds fulfils is an answer, not a mistake: exit 0, and said so.
    """
    from hinomi.export.raid_leakage import Wish, checked, leakage_answer, leakage_lines

    wish = Wish(raid=raid, kill=kill, rounds=rounds, track=track, system=system, want=want)
    told = leakage_answer(checked(wish))
    if as_json:
        typer.echo(json.dumps(told, allow_nan=False, indent=1))
        return
    for line in leakage_lines(told):
        typer.echo(line)

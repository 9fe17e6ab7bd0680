"""`hinomi leakage`: how many of a raid get through, and how many rounds a wish takes, on paper."""

from __future__ import annotations

from typing import Annotated

import typer

from hinomi.cli import options as o
from hinomi.cli.printed import print_json, print_lines


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command(
        "leakage",
        short_help="Closed form: who leaks, and rounds that a wish takes.",
        epilog="Example: hinomi leakage --raid 10 --kill 0.7",
    )(leakage)


def leakage(
    raid: Annotated[int, o.whole_option("--raid", "Bodies in the raid.")],
    kill: Annotated[float, o.number_option("--kill", "P", "Kill probability of one round.")],
    rounds: Annotated[int, o.whole_option("--rounds", "Rounds at each body.")] = 2,
    track: Annotated[
        float, o.number_option("--track", "P", "Each body by itself can be engaged at all.")
    ] = 1.0,
    system: Annotated[
        float, o.number_option("--system", "P", "What all rounds need works in this raid.")
    ] = 1.0,
    want: Annotated[
        float, o.number_option("--want", "P", "Wanted probability of no leaker.")
    ] = 0.8,
    as_json: o.Json = False,
) -> None:
    """Leakers of a raid and rounds that a wish takes, in closed form.

    A wish that no number of rounds fulfils is an answer, not a mistake: exit 0, and said so.
    """
    from hinomi.export.raid_leakage import Wish, checked, leakage_answer, leakage_lines

    wish = Wish(raid=raid, kill=kill, rounds=rounds, track=track, system=system, want=want)
    told = leakage_answer(checked(wish))
    if as_json:
        print_json(told)
        return
    print_lines(leakage_lines(told))

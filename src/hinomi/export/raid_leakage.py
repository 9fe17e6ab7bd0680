"""The arithmetic of a raid in closed form: who leaks, and how many rounds a wish takes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

from hinomi.defend.leakage import (
    no_leak_ceiling,
    no_leak_of,
    raid_leaks,
    rounds_needed,
    salvo_kill,
)
from hinomi.errors import ScenarioError

MOST_BODIES: Final = 1000
MOST_ROUNDS: Final = 100
SHOWN: Final = 5e-4  # rarer numbers of leakers are summed up in the text


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A raid, the rounds at each of its bodies and what is wanted of them."""

    raid: int
    kill: float  # of one round
    rounds: int
    track: float = 1.0  # each threat by itself can be engaged at all
    system: float = 1.0  # what all rounds need works in this raid
    want: float = 0.8  # chance of no leaker


def checked(wish: Wish) -> Wish:
    """Refuse what is no number of bodies, of rounds or no probability.

    Raises
    ------
    ScenarioError
        with option, value, limit and the way out.
    """
    for option, count, low, high in (
        ("--raid", wish.raid, 1, MOST_BODIES), ("--rounds", wish.rounds, 0, MOST_ROUNDS),
    ):  # fmt: skip
        if not low <= count <= high:
            raise ScenarioError(f"{option} is {count}; it must be {low} to {high}")
    for option, share in (
        ("--kill", wish.kill), ("--track", wish.track), ("--system", wish.system),
        ("--want", wish.want),
    ):  # fmt: skip
        if not 0.0 <= share <= 1.0:
            raise ScenarioError(
                f"{option} is {share:g}; a probability lies between 0 and 1: write 0.7 for 70 %"
            )
    return wish


def leakage_answer(wish: Wish) -> dict[str, Any]:
    """Everything about one raid as a JSON-ready object."""
    kill = salvo_kill(wish.kill, wish.rounds)
    leaks = raid_leaks(kill, wish.raid, tracked=wish.track, works=wish.system)
    ceiling = no_leak_ceiling(wish.raid, tracked=wish.track, works=wish.system)
    need = rounds_needed(wish.want, wish.raid, wish.kill, tracked=wish.track, works=wish.system)
    return {
        "raid": wish.raid,
        "kill_one_round": wish.kill,
        "rounds_each": wish.rounds,
        "track_each": wish.track,
        "system_raid": wish.system,
        "kill_each": wish.track * kill,
        "no_leak": no_leak_of(kill, wish.raid, tracked=wish.track, works=wish.system),
        "no_leak_independent": kill**wish.raid,
        "all_leak": float(leaks[-1]),
        "mean_leakers": float(leaks @ range(wish.raid + 1)),
        "leakers": [float(x) for x in leaks],
        "wanted": {
            "no_leak": wish.want,
            "feasible": need is not None,
            "ceiling": ceiling,
            "rounds_each": need,
            "rounds": None if need is None else need * wish.raid,
        },
        "holds": "independent shots, perfect assessment, a round for every salvo: the best case",
    }


def leakage_lines(told: dict[str, Any]) -> list[str]:
    """Say the same in lines for people."""
    w = told["raid"]
    out = [
        f"{w} bodies, {told['rounds_each']} rounds at each, one round kills with probability "
        f"{told['kill_one_round']:g}: each body is killed with {told['kill_each']:.4g}",
        f"no leaker: {told['no_leak']:.3f}   mean leakers: {told['mean_leakers']:.2f} of {w}   "
        f"all leak: {told['all_leak']:.3f}",
        "",
        "leakers  probability",
    ]
    shown = [(k, x) for k, x in enumerate(told["leakers"]) if x >= SHOWN]
    out += [f"{k:>7}  {x:.3f}" for k, x in shown]
    rest = sum(told["leakers"]) - sum(x for _, x in shown)
    out += [f" others  {rest:.3f}"] if rest >= SHOWN else []
    return [*out, "", *_wish_lines(told), *_lesson(told), f"Holds for {told['holds']}."]


def _wish_lines(told: dict[str, Any]) -> list[str]:
    wanted = told["wanted"]
    head = f"no leaker with probability {wanted['no_leak']:g}: "
    if wanted["feasible"]:
        return [f"{head}{wanted['rounds_each']} rounds at each, {wanted['rounds']} in all"]
    if told["kill_one_round"] <= 0.0:
        return [f"{head}not feasible: a round that never kills leaves every body"]
    if wanted["ceiling"] >= wanted["no_leak"]:
        return [f"{head}not feasible: only endless rounds reach {wanted['ceiling']:.3f}"]
    return [
        f"{head}not feasible with any number of rounds: tracking {told['track_each']:g} and system "
        f"{told['system_raid']:g} allow {wanted['ceiling']:.3f} at most"
    ]


def _lesson(told: dict[str, Any]) -> list[str]:
    """What errors that shots share do: more rounds do not lift their ceiling."""
    ceiling = told["wanted"]["ceiling"]
    if ceiling >= 1.0 or math.isclose(ceiling, 1.0):
        return []
    return [
        f"Errors that shots share cap everything: with endless rounds {ceiling:.3f}, with these "
        f"{told['no_leak']:.3f}; independent shots alone would give "
        f"{told['no_leak_independent']:.3f}."
    ]

"""Other sensors and other weapons: the worlds in which the same raids meet the same architectures.

A world is a set of the scenario's own variants, or of sensors taken away (`leo_off`,
`infrared_off` for all satellites). Two variants
make four worlds, and the change of a gain from one to the other is an interaction. Threats never vary.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from hinomi.errors import FenceError, ScenarioError
from hinomi.records.columns import Floats
from hinomi.scenario.mistakes import nearest
from hinomi.scenario.model import Scenario
from hinomi.scenario.sensor_off import without

OFF: Final = "_off"
ALL_INFRARED: Final = f"infrared{OFF}"  # every satellite, wherever it is
AS_IT_IS: Final = "as_it_is"
MOST: Final = 3  # variants: eight worlds
OF_THREATS: Final = ("threats", "catalogue.threat")


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """One set of variants: name for folders, names of its variants, changes of the scenario's keys."""

    name: str
    variants: tuple[str, ...]
    changes: Mapping[str, object]


def worlds(scenario: Scenario, names: Sequence[str]) -> list[World]:
    """Every set of these variants, the empty one first.

    Raises
    ------
    ScenarioError
        for an unknown or repeated name, too many names, or two that change the same key.
    FenceError
        for a variant that changes threats: what is compared must meet the same attack.
    """
    if len(names) > MOST:
        raise ScenarioError(
            f"--variants names {len(names)}: each doubles the worlds to compute; at most {MOST}"
        )
    for name in names:
        if list(names).count(name) > 1:
            raise ScenarioError(f"--variants names {name} twice; name each once")
    changes = {name: changes_of(scenario, name) for name in names}
    return [
        World(
            name="+".join(chosen) or AS_IT_IS,
            variants=chosen,
            changes=_merged([(n, changes[n]) for n in chosen]),
        )
        for size in range(len(names) + 1)
        for chosen in combinations(names, size)
    ]


def changes_of(scenario: Scenario, name: str) -> dict[str, object]:
    """Changes that a variant makes, or those that take the sensor of `SENSOR_off` away."""
    own = {v.name: dict(v.changes) for v in scenario.variants}
    if name in own:
        for key in own[name]:
            if key.startswith(OF_THREATS):
                raise FenceError(
                    f"--variants: {name} changes {key}; only sensors, weapons and people may differ "
                    "between worlds, threats stay as they are"
                )
        return own[name]
    sensors = {
        u["name"].lower().replace(" ", "_") + OFF: [u["name"]]
        for section in ("radars", "infrared")
        for u in scenario.document[section]
    }
    infrared = [u["name"] for u in scenario.document["infrared"]]
    if infrared:
        sensors[ALL_INFRARED] = infrared
    if name in sensors:
        return without(scenario.document, sensors[name])
    known = [*own, *sensors]
    near = nearest(name, known)
    tail = f"; did you mean {near!r}?" if near else ""
    raise ScenarioError(
        f"--variants: {name!r} is neither a variant of {scenario.name} nor one of its sensors taken "
        f"away; there are {', '.join(known) or 'none'}{tail}"
    )


def _merged(parts: Sequence[tuple[str, Mapping[str, object]]]) -> dict[str, object]:
    out: dict[str, object] = {}
    owner: dict[str, str] = {}
    for name, changes in parts:
        for key, value in changes.items():
            if key in out:
                raise ScenarioError(
                    f"--variants: {owner[key]} and {name} both change {key}; name one of them"
                )
            out[key], owner[key] = value, name
    return out


def contrasts(
    gains: Mapping[tuple[str, ...], Floats], names: Sequence[str]
) -> dict[tuple[str, ...], Floats]:
    """Interaction of sharing with each set of variants, (N,) by replicate.

    Parameters
    ----------
    gains
        Variants of a world -> (N,) what sharing changes there; all 2^k worlds.
    names
        The k variants.

    Returns
    -------
    Set of variants -> alternating sum of the gains over that set, averaged over the states of the
    others: for one variant the gain with it minus the gain without it.
    """
    out: dict[tuple[str, ...], Floats] = {}
    for size in range(1, len(names) + 1):
        for chosen in combinations(names, size):
            parts = [
                (-1.0) ** (size - len(set(chosen) & set(world))) * gain
                for world, gain in gains.items()
            ]
            total = parts[0]
            for part in parts[1:]:
                total = total + part
            out[chosen] = total / 2.0 ** (len(names) - size)
    return out

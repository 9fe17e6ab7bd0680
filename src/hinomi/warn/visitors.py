"""How many people who do not live there are in each municipality."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from hinomi.records.alerts import Visitors, WarningPolicy
from hinomi.records.columns import Floats
from hinomi.records.places import Places


def visitors_of(places: Places, policy: WarningPolicy) -> Floats:
    """(P,) visitors present under a policy, read-only.

    Visitors of an island group or a prefecture are spread over its municipalities by residents;
    an entry for a municipality's code replaces what came to it that way. What these
    places do not have is left out.
    """
    return _spread(
        policy.visitors,
        policy.holiday,
        places.code,
        places.island_group,
        places.prefecture_en,
        places.population.tobytes(),
    )


@lru_cache(maxsize=8)
def _spread(
    visitors: tuple[Visitors, ...],
    holiday: bool,
    code: tuple[str, ...],
    group: tuple[str, ...],
    prefecture: tuple[str, ...],
    population: bytes,
) -> Floats:
    residents = np.frombuffer(population, np.float64)
    out = np.zeros(len(code))
    own = {}
    for entry in visitors:
        people = entry.holiday if holiday else entry.weekday
        if entry.at in code:
            own[code.index(entry.at)] = people
            continue
        members = np.array([entry.at in pair for pair in zip(group, prefecture, strict=True)])
        if not members.any():  # a small world need not have everything that a catalogue names
            continue
        share = residents[members]
        total = share.sum()
        out[members] += people * (share / total if total > 0.0 else 1.0 / members.sum())
    for index, people in own.items():
        out[index] = people
    out.flags.writeable = False
    return out

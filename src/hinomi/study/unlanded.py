"""Bodies that are still in flight when the computation ends: a `study.t_end_s` that is too short.

What such a body, and a salvo at it, would do later is not computed: it counts as a leaker. So these
bodies are counted apart (`in_flight_at_end`), and whoever asks for the run is told.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from hinomi.records.flights import Flights
from hinomi.scenario.model import Scenario
from hinomi.study.seeds import AddressedDraws
from hinomi.threat.fly import fly

METRIC: Final = "in_flight_at_end"
RAIDS: Final = 5  # setting: flown by a check; raids of one scenario differ by tens of seconds
SPARE_S: Final = 60.0  # setting: after the last landing seen, for raids that were not flown


def in_flight(flights: Flights) -> int:
    """How many threats come down after the last second that is computed; stages are none."""
    return int((_ends(flights) > flights.t_s[-1]).sum())


def _ends(flights: Flights) -> Any:
    return np.asarray(flights.end_t_s)[np.asarray(flights.parent) < 0]


def doubt(scenario: Scenario) -> str:
    """Say that bodies land after the end, from the scenario's first raids; empty where none does."""
    late, last_s = 0, 0.0
    for number in range(RAIDS):
        draws = AddressedDraws(scenario.study.seed, number)
        flights = fly(scenario.threats, scenario.classes, draws=draws, t_end_s=scenario.t_end_s)
        if in_flight(flights):
            late, last_s = late + 1, max(last_s, float(_ends(flights).max()))
    if not late:
        return ""
    return (
        f"study.t_end_s = {scenario.t_end_s:g} s ends the computation while bodies are in flight, in "
        f"{late} of the first {RAIDS} raids; the last lands at {last_s:.0f} s. Such bodies count as "
        f"leakers: set study.t_end_s to at least {math.ceil((last_s + SPARE_S) / 60.0) * 60}"
    )


def bodies_a_raid(summary: Mapping[str, Any]) -> float:
    """Mean number of bodies still in flight at the end of a run's raids; 0 where it does not say."""
    told = (figures.get(METRIC) or {} for figures in summary.get("more", {}).values())
    return max((float(figure.get("value") or 0.0) for figure in told), default=0.0)


def words(summary: Mapping[str, Any]) -> str:
    """Say it of a run, for people; empty where every body landed."""
    mean = bodies_a_raid(summary)
    if mean <= 0.0:
        return ""
    return (
        f"Cut short: {mean:.3g} bodies a raid were still in flight when the computation ended "
        "(study.t_end_s). They count as leakers and no later salvo was fired at them: raise "
        "study.t_end_s before quoting leakers, rounds or cost."
    )

"""The cases of the set: notional scenarios over an empty sea, each with ten realisations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib import resources
from typing import Final

import numpy as np

from hinomi.errors import ScenarioError
from hinomi.records.draws import triangular
from hinomi.records.flights import Flights
from hinomi.records.plots import Plots, Sensors
from hinomi.scenario.load import load_text
from hinomi.scenario.mistakes import nearest
from hinomi.scenario.model import Scenario
from hinomi.study.seeds import AddressedDraws
from hinomi.threat.fly import fly
from hinomi.watch.observe import observe

SET: Final = "glide and ballistic tracking"
VERSION: Final = 1  # of the cases and columns; a change of either is a new version
SEED: Final = 1  # of every case; realisations are replicates 0, 1, 2 ... of it
REALISATIONS: Final = 10
# False plots a radar and search frame, where a case has more than a scenario file may ask for
# (assumed: heavy clutter, so that association is what the case is about).
CLUTTER: Final[Mapping[str, float]] = {"heavy-clutter": 50.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One case: what flies, who looks, and the numbers for the tracker."""

    name: str
    scenario: Scenario
    sensors: Sensors


def case_names() -> tuple[str, ...]:
    """Names of all cases, in the order in which they are written."""
    folder = resources.files("hinomi") / "data" / "benchmark"
    return tuple(sorted(f.name[:-5] for f in folder.iterdir() if f.name.endswith(".toml")))


def case_text(name: str) -> str:
    """Text of a case's scenario.

    Raises
    ------
    ScenarioError
        for an unknown name.
    """
    if name not in case_names():
        near = nearest(name, case_names())
        tail = f"; did you mean {near!r}?" if near else ""
        raise ScenarioError(f"no case {name!r}: there are {', '.join(case_names())}{tail}")
    file = resources.files("hinomi") / "data" / "benchmark" / f"{name}.toml"
    return file.read_text(encoding="utf-8")


def case(name: str) -> Case:
    """Load a case; ScenarioError for an unknown name."""
    scenario = load_text(case_text(name), name)
    sensors = scenario.sensors
    if name in CLUTTER:
        sensors = replace(
            sensors,
            radars=tuple(replace(r, false_plots_per_frame=CLUTTER[name]) for r in sensors.radars),
        )
    return Case(name=name, scenario=scenario, sensors=sensors)


def realise(given: Case, seed: int) -> tuple[Flights, Plots]:
    """Fly and observe one realisation.

    Parameters
    ----------
    seed
        number of the realisation, 0 or more.

    Returns
    -------
    tuple
        the true flights, and the plots with `body`, by time and sensor. Plots of another nation
        than the first have one relay delay a realisation in `t_available_s` [s].
    """
    scenario, draws = given.scenario, AddressedDraws(SEED, seed)
    flights = fly(scenario.threats, scenario.classes, draws=draws, t_end_s=scenario.t_end_s)
    plots = observe(flights, given.sensors, draws=draws)
    home = scenario.nations[0]
    relay_s = scenario.architectures[scenario.study.architectures[0]].relay_s
    delay_s = {
        owner: float(triangular(draws.uniforms("relay", f"{owner}>{home}", 1)[0], *relay_s))
        for owner in set(plots.owners)
        if owner != home
    }
    late = np.array([delay_s.get(owner, 0.0) for owner in plots.owners])
    return flights, replace(plots, t_available_s=plots.t_available_s + late[plots.sensor])

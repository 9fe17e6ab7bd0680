"""What one raid takes from each stock: counted in a run's folder, or a stated share or number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np

from hinomi.errors import ScenarioError
from hinomi.records.columns import Floats
from hinomi.records.draws import Draws
from hinomi.records.flights import Threat
from hinomi.records.supply import Pair, Supply
from hinomi.scenario.model import Scenario
from hinomi.study.batch import scenario_of
from hinomi.study.figure_words import counted as counted_words
from hinomi.study.plan import Plan
from hinomi.study.results import Results
from hinomi.sustain.drawn import numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """Rounds that one raid takes, by architecture; several rows are replicates of a run."""

    rounds: Mapping[str, Mapping[Pair, Floats]]  # architecture -> pair -> (R,)
    words: str
    leakers: Mapping[str, float]  # architecture -> mean; empty where no run says it
    from_run: bool
    stated: bool = False  # a number given by the user: no band of its own
    threats: Mapping[str, float] | None = None  # class -> bodies in a raid of the run

    def mean(self, architecture: str) -> dict[Pair, Floats]:
        """(1,) mean rounds of each pair."""
        return {k: np.array([float(x.mean())]) for k, x in self.rounds[architecture].items()}

    def drawn(
        self, architecture: str, supply: Supply, draws: Sequence[Draws], *, ranges: bool
    ) -> dict[Pair, Floats]:
        """(N,) rounds by draw.

        Chance: the replicates of the run in turn. Ranges: the mean, or the share of the stock drawn.
        """
        n = len(draws)
        if not ranges:
            return {k: x[np.arange(n) % len(x)] for k, x in self.rounds[architecture].items()}
        if self.from_run or self.stated:
            return {k: np.full(n, x[0]) for k, x in self.mean(architecture).items()}
        share = numbers(supply.raid_share, "supply.raid_share", draws)
        return {(h.owner, h.product): share * h.held for h in supply.holdings}


def by_share(supply: Supply, architectures: Sequence[str]) -> Spent:
    """The supply's own share of every stock."""
    share = supply.raid_share[1]
    rounds = {(h.owner, h.product): np.array([share * h.held]) for h in supply.holdings}
    return Spent(
        rounds=dict.fromkeys(architectures, rounds),
        words=f"{share:.0%} of every stock (assumed; seen once, for THAAD; range drawn)",
        leakers={},
        from_run=False,
    )


def by_number(supply: Supply, architectures: Sequence[str], given: Sequence[str]) -> Spent:
    """Rounds as told, each `OWNER:PRODUCT=ROUNDS`; stocks that are not named lose none.

    Raises
    ------
    ScenarioError
        for a word of another form, a stock that is not there, or a negative number.
    """
    pairs = [(h.owner, h.product) for h in supply.holdings]
    rounds = {pair: np.zeros(1) for pair in pairs}
    for word in given:
        left, equals, number = word.rpartition("=")
        owner, colon, product = left.partition(":")
        if not (equals and colon):
            raise ScenarioError(f"--spend is {word!r}; write it as OWNER:PRODUCT=ROUNDS")
        if (owner, product) not in pairs:
            raise ScenarioError(
                f"--spend {word}: no such stock; there are {', '.join(':'.join(p) for p in pairs)}"
            )
        try:
            value = float(number)
        except ValueError:
            value = -1.0
        if not 0.0 <= value < 1e6:
            raise ScenarioError(f"--spend {word}: {number!r} must be a number of rounds, 0 or more")
        rounds[(owner, product)] = np.array([value])
    return Spent(
        rounds=dict.fromkeys(architectures, rounds),
        words="; ".join(given),
        leakers={},
        from_run=False,
        stated=True,
    )


def by_run(folder: Path, scenario: Scenario, supply: Supply) -> Spent:
    """Rounds that each replicate of a run spent, by architecture, and what it was raided with.

    Raises
    ------
    FolderError
        when the folder is no run, or damaged, or its scenario cannot be rebuilt.
    ScenarioError
        when it is a run of another scenario or variant, or spent what this one does not hold.
    """
    study = Results(folder)
    plan = study.plan
    if plan.scenario != scenario.name:
        raise ScenarioError(
            f"--from-run {folder}: is a run of {plan.scenario!r}, not of {scenario.name!r}"
        )
    if plan.variant != scenario.variant:
        way = f"give --variant {plan.variant}" if plan.variant else "leave --variant out"
        raise ScenarioError(
            f"--from-run {folder}: is a run of {_variant(plan.variant)}, and {_variant(scenario.variant)}"
            f" is asked for; {way}"
        )
    table = study.table("ledger").to_pydict()
    replicates = sorted(set(table["replicate"]))
    row = {number: i for i, number in enumerate(replicates)}
    pairs = [(h.owner, h.product) for h in supply.holdings]
    rounds: dict[str, dict[Pair, Floats]] = {}
    for i, month in enumerate(table["month"]):
        spent = table["spent"][i]
        if month != 0.0:
            continue
        pair = (table["owner"][i], table["product"][i])
        if pair not in pairs:
            if spent:
                raise ScenarioError(
                    f"--from-run {folder}: spent {spent:g} of {pair[0]}'s {pair[1]}, of which this"
                    " scenario holds none; give the scenario of the run, with its variant"
                )
            continue
        own = rounds.setdefault(
            table["architecture"][i], {p: np.zeros(len(replicates)) for p in pairs}
        )
        own[pair][row[table["replicate"][i]]] = spent
    return Spent(
        rounds=rounds,
        words=f"rounds fired in {counted_words(len(replicates), 'replicate')} of a run{_changed(plan)}",
        leakers=_leakers(study),
        from_run=True,
        threats=counted(cast(Scenario, scenario_of(plan)).threats),
    )


def counted(threats: Sequence[Threat]) -> dict[str, float]:
    """Bodies of each class in a raid."""
    out: dict[str, float] = {}
    for threat in threats:
        out[threat.threat_class] = out.get(threat.threat_class, 0.0) + 1.0
    return out


def _variant(name: str | None) -> str:
    return f"the variant {name!r}" if name else "the scenario without a variant"


def _changed(plan: Plan) -> str:
    """Say what the run had changed of its scenario; files read beside it are no change."""
    keys = [k for k, v in plan.changes_today.items() if not isinstance(v, (str, dict, list))]
    told = ", ".join(f"{k} = {plan.changes_today[k]}" for k in keys)
    return f" with {told}" if told else ""


def _leakers(study: Results) -> dict[str, float]:
    table = study.table("metrics").to_pydict()
    found: dict[str, list[float]] = {}
    for i, name in enumerate(table["metric"]):
        if name == "leakers":
            found.setdefault(table["architecture"][i], []).append(table["value"][i])
    return {name: float(np.mean(values)) for name, values in found.items()}

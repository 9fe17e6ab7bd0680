"""What a command line asks of a supply: scenario, raids, draws, what is taken away."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from hinomi.errors import ScenarioError
from hinomi.records.engagements import Architecture
from hinomi.records.supply import Supply
from hinomi.scenario import build_supply
from hinomi.scenario.check import changed, check_text
from hinomi.scenario.load import architecture_of, load, scenario_text
from hinomi.scenario.model import Parameter, Scenario
from hinomi.scenario.resolve import parameters
from hinomi.scenario.schema import ScenarioText
from hinomi.study.seeds import AddressedDraws
from hinomi.supply.spent import Spent, by_number, by_run, by_share

MOST_YEARS: Final = 40
MOST_DRAWS: Final = 20_000
MOST_RAIDS: Final = 100
MONTHS: Final = 12
KINDS: Final = ("line", "supplier", "transfer", "network", "price", "threat_cost")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Everything an answer follows from."""

    scenario: Scenario
    supply: Supply
    architecture: Architecture
    architectures: tuple[Architecture, ...]
    spent: Spent
    raid_months: tuple[int, ...]
    months: int
    draws: tuple[AddressedDraws, ...]
    transfers: bool
    without: tuple[str, ...]
    parameters: tuple[Parameter, ...]


def asked(
    name: str,
    *,
    variant: str | None = None,
    architecture: str | None = None,
    raids: int = 1,
    every: int = 12,
    years: int = 10,
    draws: int = 1000,
    seed: int | None = None,
    spend: Sequence[str] = (),
    from_run: Path | None = None,
    transfers: bool = False,
    without: Sequence[str] = (),
) -> Asked:
    """Read the scenario and check every number of the request.

    Raises
    ------
    ScenarioError
        for a name or number that cannot be, with its limit.
    """
    months = _span(years=years, draws=draws, raids=raids, every=every)
    if spend and from_run is not None:
        raise ScenarioError("--spend and --from-run both say what a raid takes; give one of them")
    scenario = load(name, variant=variant)
    full = _whole(name, variant)
    supply = build_supply.supply(full)
    if not supply.holdings:
        raise ScenarioError(
            f"{scenario.name} holds no interceptors: nothing can be spent or refilled; add"
            " [[batteries]] or [[supply.stocks]] to it"
        )
    _known(without, supply)
    names = scenario.study.architectures
    chosen = architecture or (scenario.study.headline or names)[0]
    shown = architecture_of(scenario, chosen)
    spent = _spent(scenario, supply, spend, from_run)
    if chosen not in spent.rounds:
        raise ScenarioError(
            f"--from-run {from_run}: has no architecture {chosen!r}; there are"
            f" {', '.join(spent.rounds)}"
        )
    number = scenario.study.seed if seed is None else seed
    return Asked(
        scenario=scenario,
        supply=supply,
        architecture=shown,
        architectures=tuple(scenario.architectures[n] for n in names if n in spent.rounds),
        spent=spent,
        raid_months=tuple(k * every for k in range(raids)),
        months=months,
        draws=tuple(AddressedDraws(number, i) for i in range(draws)),
        transfers=transfers,
        without=tuple(without),
        parameters=tuple(_used(parameters(full), supply)),
    )


def _span(*, years: int, draws: int, raids: int, every: int) -> int:
    """Months asked for, when all four numbers are in their limits."""
    _within("--years", years, 1, MOST_YEARS)
    _within("-n", draws, 2, MOST_DRAWS)
    _within("--raids", raids, 0, MOST_RAIDS)
    _within("--every", every, 1, MOST_YEARS * MONTHS)
    months = years * MONTHS
    if (raids - 1) * every >= months:
        raise ScenarioError(
            f"the last of {raids} raids would be in month {(raids - 1) * every}, after the {months}"
            f" months of --years {years}; ask for fewer raids, a shorter --every or more years"
        )
    return months


def _whole(name: str, variant: str | None) -> ScenarioText:
    """Read the scenario with its whole catalogue, which a run does not keep."""
    text, called = scenario_text(name)
    full = check_text(text, called)
    for found in full.variants:
        if found.name == variant:
            full = changed(full, found.changes, f"variant {variant}")
    return full


def _spent(
    scenario: Scenario, supply: Supply, spend: Sequence[str], from_run: Path | None
) -> Spent:
    if from_run is not None:
        return by_run(from_run, scenario, supply)
    if spend:
        return by_number(supply, list(scenario.architectures), spend)
    return by_share(supply, list(scenario.architectures))


def _within(option: str, value: int, low: int, high: int) -> None:
    if not low <= value <= high:
        raise ScenarioError(f"{option} is {value}; it must lie in {low}..{high}")


def _known(names: Iterable[str], supply: Supply) -> None:
    there = [s.name for s in supply.suppliers] + [p.name for p in supply.plants]
    for name in names:
        if name not in there:
            raise ScenarioError(
                f"--without {name}: no supplier or line of that name; there are {', '.join(there)}"
            )


def _used(found: Iterable[Parameter], supply: Supply) -> list[Parameter]:
    """Numbers that an answer rests on."""
    names = {
        "line": {p.name for p in supply.plants},
        "supplier": {s.name for s in supply.suppliers},
        "transfer": {t.name for t in supply.transfers},
        "network": {n.name for n in supply.network},
        "price": {p.name for p in supply.prices},
        "threat_cost": set(supply.threat_musd),
    }
    out = []
    for p in found:
        steps = p.key.split(".")
        if steps[0] in ("supply", "money") or (
            steps[0] == "catalogue" and steps[1] in KINDS and steps[2] in names[steps[1]]
        ):
            out.append(p)
    return out

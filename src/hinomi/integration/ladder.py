"""How slow may the link, or the decision, become? The same raids on ever slower rungs.

The integrated architecture's relay times (or its commit decision) are multiplied; what it is
compared with stays as it is. Threats are the same on every rung. A chain of the study's engine.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from hinomi.integration.chain import figures_of
from hinomi.records.engagements import Architecture
from hinomi.records.plots import Triangle
from hinomi.scenario.model import Scenario
from hinomi.study import chain as study_chain
from hinomi.study import tables
from hinomi.study.chain import Context
from hinomi.study.statistics import Interval

CHAIN: Final = "hinomi.integration.ladder"
LINK, DECISION = "link", "decision"
FACTORS: Final = {
    LINK: (1.0, 2.0, 5.0, 10.0, 20.0, 60.0),
    DECISION: (1.0, 1.5, 2.0, 3.0, 5.0, 10.0),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tipping:
    """Where the interval of a gain first touches zero: a factor, and the rungs around it.

    `reached` is False where it stays above zero; `at_start` where it never was above.
    """

    reached: bool
    at_start: bool
    factor: float  # NaN where not reached
    low: float
    high: float


prepare = study_chain.prepare  # the engine asks the chain's own module for it


def replicate(
    scenario: Scenario,
    context: Context,
    *,
    seed: int,
    number: int,
    architectures: Sequence[str],
    keep: bool,  # noqa: ARG001 - nothing of this chain is too large to keep
) -> dict[str, tables.Columns]:
    """Run one replicate of every rung; the plan names the fullest architecture, then the other."""
    raid = study_chain.begin(scenario, context, seed=seed, number=number)
    top, bottom = (scenario.architectures[name] for name in architectures)
    parts = []
    as_it_is: tables.Columns | None = None
    for name, architecture in ((bottom.name, bottom), (top.name, top), *rungs(top)):
        if architecture == top:
            as_it_is = as_it_is or figures_of(study_chain.judge(raid, architecture))
            figures = as_it_is
        else:
            figures = figures_of(study_chain.judge(raid, architecture))
        parts.append(tables.stamp(figures, number, name))
    return {"metrics": tables.stack(parts)}


def rung_name(kind: str, factor: float) -> str:
    """Name of a rung in tables."""
    return f"{kind} x{factor:g}"


def rungs(top: Architecture) -> list[tuple[str, Architecture]]:
    """Every rung of both ladders."""
    return [
        (rung_name(kind, factor), slower(top, kind, factor))
        for kind, factors in FACTORS.items()
        for factor in factors
    ]


def slower(top: Architecture, kind: str, factor: float) -> Architecture:
    """An architecture whose relay times, or whose commit decision, take `factor` times as long."""
    if kind == DECISION:
        return replace(top, decide_s=_times(top.decide_s, factor))
    return replace(
        top,
        relay_s=_times(top.relay_s, factor),
        warning_relay_s=_times(top.warning_relay_s, factor),
    )


def _times(triangle: Triangle, factor: float) -> Triangle:
    low, mode, high = triangle
    return low * factor, mode * factor, high * factor


def tipping(factors: Sequence[float], gains: Sequence[Interval]) -> Tipping:
    """Find where the interval of the gain (above zero is better) first includes zero.

    Between the last rung whose lower bound is above zero and the next one the bound is taken as
    linear in the logarithm of the factor. A gain whose interval lies below zero has tipped as well.
    """
    bounds = [g.low for g in gains]
    if any(math.isnan(b) for b in bounds) or not bounds:
        return Tipping(reached=False, at_start=False, factor=math.nan, low=math.nan, high=math.nan)
    if bounds[0] <= 0.0:
        return Tipping(
            reached=True, at_start=True, factor=factors[0], low=math.nan, high=factors[0]
        )
    for i in range(1, len(bounds)):
        if bounds[i] <= 0.0:
            share = bounds[i - 1] / (bounds[i - 1] - bounds[i])
            low, high = factors[i - 1], factors[i]
            return Tipping(
                reached=True,
                at_start=False,
                factor=math.exp(math.log(low) + share * math.log(high / low)),
                low=low,
                high=high,
            )
    return Tipping(reached=False, at_start=False, factor=math.nan, low=factors[-1], high=math.inf)

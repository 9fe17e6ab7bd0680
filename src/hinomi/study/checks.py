"""Closed forms beside the Monte Carlo of every run: kills against what the world was asked for.

Given the salvos as they were fired, at bodies still alive, each with the probability that the world
was asked with, kills minus the sum of the probabilities is a sum of martingale differences: its
variance is the sum of p (1 - p), whatever decided which salvo came next. Beside it the textbook form
for a raid, no leaker with probability K^W.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

import numpy as np

from hinomi.study.statistics import wilson_interval

MOST_Z: Final = 3.0
# Figures of one replicate and architecture, beside those of the chain.
KILLS, EXPECTED, VARIANCE = "kills_drawn", "kills_expected", "kills_variance"
SALVOS, PLANNED, THREATS = "salvos_asked", "salvo_kill_planned_sum", "threats"
UNITS: Final = {
    KILLS: "bodies",
    EXPECTED: "bodies",
    VARIANCE: "bodies",
    SALVOS: "salvos",
    PLANNED: "salvos",
    THREATS: "bodies",
}
WHY: Final = (
    "K^W takes every threat to get exactly one salvo of the mean planned kill probability K, each by "
    "itself. Here some threats get none (no track, no window, no rounds), survivors are shot at again, "
    "kill probabilities differ by interceptor and kind of threat, and a salvo whose track was not held "
    "or has left the windows is worth less than planned."
)


class Values(Protocol):
    """The metrics table as arrays, one value a replicate."""

    def of(self, architecture: str, metric: str) -> Any:
        """(N,) values; all NaN where the metric was not measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One salvo at a body still alive: probability as planned, as asked of the world, and its answer.

    `asked` is 0 where the world grants nothing: the body is not where the salvo met.
    """

    planned: float
    asked: float
    killed: bool


def kill_metrics(salvos: Sequence[Asked], *, threats: int) -> dict[str, float]:
    """What one replicate adds to the check, by name of the figure."""
    return {
        KILLS: float(sum(s.killed for s in salvos)),
        EXPECTED: math.fsum(s.asked for s in salvos),
        VARIANCE: math.fsum(s.asked * (1.0 - s.asked) for s in salvos),
        SALVOS: float(len(salvos)),
        PLANNED: math.fsum(s.planned for s in salvos),
        THREATS: float(threats),
    }


def checks_of(found: Values, architectures: Sequence[str]) -> dict[str, Any]:
    """Content of `checks` in a summary: architecture -> kills, leakage; empty where nothing was asked."""
    out = {}
    for architecture in architectures:
        columns = {name: found.of(architecture, name) for name in UNITS}
        sums = {name: float(np.nansum(column)) for name, column in columns.items()}
        if sums[SALVOS] > 0.0:
            leakers = found.of(architecture, "leakers")
            out[architecture] = {
                "kills": kill_check(sums[KILLS], sums[EXPECTED], sums[VARIANCE], sums[SALVOS]),
                "no_leakers": leak_check(leakers, columns[THREATS], sums[PLANNED], sums[SALVOS]),
            }
    return out


def kill_check(kills: float, expected: float, variance: float, salvos: float) -> dict[str, Any]:
    """Kills against their expectation, in standard errors."""
    error = math.sqrt(variance)
    gap = kills - expected
    # Without any chance left the two must be equal, but for the rounding of sums.
    certain = 0.0 if abs(gap) <= 1e-9 * max(salvos, 1.0) else math.copysign(math.inf, gap)
    z = gap / error if error > 0.0 else certain
    return {
        "salvos": int(salvos),
        "observed": kills,
        "expected": expected,
        "standard_error": error,
        "z": z if math.isfinite(z) else None,
        "within": abs(z) <= MOST_Z,
    }


def leak_check(leakers: Any, threats: Any, planned: float, salvos: float) -> dict[str, Any]:
    """Share of raids without leakers, beside K^W for the mean salvo."""
    defined = leakers[~np.isnan(leakers)]
    share = wilson_interval(int((defined == 0).sum()), len(defined))
    kill = planned / salvos if salvos else 0.0
    count = float(np.nanmean(threats)) if np.isfinite(threats).any() else math.nan
    form = kill**count if math.isfinite(count) else math.nan
    return {
        "raids": share.n,
        "observed": _finite(share.value),
        "low": _finite(share.low),
        "high": _finite(share.high),
        "mean_salvo_kill": _finite(kill),
        "threats": _finite(count),
        "textbook": _finite(form),
        "why": WHY,
    }


def failed_words(checks: Mapping[str, Any]) -> list[str]:
    """One sentence for each architecture whose kills are not those that were asked for."""
    return [
        f"CHECK FAILED: {architecture}: {kill_words(told['kills'])}. The kills of this run are not "
        "those that its probabilities ask for: do not quote its leakers."
        for architecture, told in checks.items()
        if not told["kills"]["within"]
    ]


def kill_words(told: Mapping[str, Any]) -> str:
    """Kills, expectation and z of one architecture."""
    z = "not defined" if told["z"] is None else f"{told['z']:+.2f}"
    return (
        f"{told['observed']:.0f} kills by {told['salvos']} salvos at bodies still alive, expected "
        f"{told['expected']:.1f} ± {told['standard_error']:.1f}, z = {z}"
    )


def _finite(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None

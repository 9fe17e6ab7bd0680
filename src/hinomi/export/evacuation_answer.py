"""Days to clear islands: runs of a plan, what holds it up, and the same as rows and lines."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from hinomi.errors import ScenarioError
from hinomi.records.columns import Floats
from hinomi.records.evacuation import Chances, Cleared, EvacuationPlan
from hinomi.scenario.evacuation import Known, LoadedPlan
from hinomi.study.seeds import AddressedDraws
from hinomi.warn.evacuate import clear, draw_chances, planned, with_capacity

MOST: Final = 100_000  # replicates
FEW: Final = 200  # replicates of each change of the sensitivity
QUANTILES: Final = (0.05, 0.5, 0.95)


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Mean days that one exit's doubling, or one number's low and high, makes."""

    name: str
    days: tuple[float, ...]  # doubled; or at low and at high
    unit_value: tuple[float, ...] = ()  # the low and the high


@dataclass(frozen=True, slots=True, kw_only=True)
class Evacuated:
    """Answers of one plan: as planned, with chance, what holds it up, what it hangs on."""

    loaded: LoadedPlan
    seed: int
    as_planned: Cleared
    cleared: Cleared
    doubled: tuple[Held, ...]
    swings: tuple[Held, ...]

    @property
    def plan(self) -> EvacuationPlan:
        """The plan as it was run."""
        return self.loaded.plan


def evacuate(loaded: LoadedPlan, *, replicates: int, seed: int) -> Evacuated:
    """Run a plan as stated, then with chance, with each exit doubled, with each number changed.

    Raises
    ------
    ScenarioError
        when the number of replicates is not within 1..100,000.
    """
    if not 1 <= replicates <= MOST:
        raise ScenarioError(f"-n is {replicates}; give 1 to {MOST:,} replicates")
    plan = loaded.plan
    draws = [AddressedDraws(seed, r) for r in range(replicates)]
    chances = draw_chances(plan, draws)
    return Evacuated(
        loaded=loaded,
        seed=seed,
        as_planned=clear(plan, planned(plan)),
        cleared=clear(plan, chances),
        doubled=tuple(_doubled(plan, chances)),
        swings=tuple(_swings(loaded, draws[:FEW])),
    )


def mean_days(days: Floats, most_days: int) -> float:
    """Mean days to clear; a replicate that was not cleared counts as the most days run."""
    return float(np.minimum(days, most_days).mean())


def _doubled(plan: EvacuationPlan, chances: Chances) -> list[Held]:
    """Each exit's capacity doubled on the same weather, the one that saves most days first."""
    out = []
    for e, exit_ in enumerate(plan.exits):
        capacity = np.array(chances.capacity)
        capacity[:, e] *= 2.0
        cleared = clear(
            with_capacity(plan, exit_.name, 2.0), Chances(capacity=capacity, open=chances.open)
        )
        out.append(Held(name=exit_.name, days=(mean_days(cleared.days, plan.most_days),)))
    return sorted(out, key=lambda h: (h.days[0], h.name))


def _swings(loaded: LoadedPlan, draws: Sequence[AddressedDraws]) -> list[Held]:
    """Mean days with each number at its low and its high, the widest swing first."""
    out = []
    for known in loaded.numbers:
        if known.low is None or known.high is None or _idle(loaded, known):
            continue
        days = []
        for value in (known.low, known.high):
            plan = loaded.at(known, value)
            days.append(mean_days(clear(plan, draw_chances(plan, draws)).days, plan.most_days))
        out.append(Held(name=known.key, days=tuple(days), unit_value=(known.low, known.high)))
    return sorted(out, key=lambda h: (-abs(h.days[1] - h.days[0]), h.name))


def _idle(loaded: LoadedPlan, known: Known) -> bool:
    """Numbers of the other seasons change nothing."""
    return known.key.startswith("seasons[") and not known.key.startswith(
        f"seasons[{loaded.season}]"
    )


def facts(found: Evacuated) -> dict[str, Any]:
    """One object that holds the whole answer, ready for JSON."""
    plan, days = found.plan, found.cleared.days
    people = sum(i.residents + i.visitors for i in plan.islands)
    residents = sum(i.residents for i in plan.islands)
    finite = np.isfinite(days)
    return {
        "plan": plan.name,
        "title": plan.title,
        "season": plan.season.name,
        "replicates": len(days),
        "seed": found.seed,
        "people": round(people),
        "residents": round(residents),
        "visitors": round(people - residents),
        "planned_people_per_day": round(
            sum(e.people_per_day[1] for e in plan.exits if not e.to)
        ),
        "planned_days": _number(found.as_planned.days[0]),
        "days": dict(zip(("low", "value", "high"), _quantiles(days), strict=True)),
        "cleared_share": float(finite.mean()),
        "most_days": plan.most_days,
        "within_planned_share": float(np.mean(days <= np.ceil(found.as_planned.days[0]))),
        "beds_short": None if np.isinf(plan.beds) else round(max(0.0, residents - plan.beds)),
        "bottleneck": found.doubled[0].name,
        "doubled": [_doubled_row(found, h) for h in found.doubled],
        "sensitivity": [
            {
                "number": h.name, "low": h.unit_value[0], "high": h.unit_value[1],
                "days_at_low": round(h.days[0], 3), "days_at_high": round(h.days[1], 3),
            }
            for h in found.swings
        ],
        "remaining": _remaining_rows(found),
        "exits": [
            {
                "exit": e.name, "island": e.island, "kind": e.kind,
                "planned_people_per_day": round(e.people_per_day[1]),
                "mean_people_moved": round(float(found.cleared.moved[:, :, k].sum(axis=1).mean())),
            }
            for k, e in enumerate(plan.exits)
        ],
    }  # fmt: skip


def _doubled_row(found: Evacuated, held: Held) -> dict[str, Any]:
    base = mean_days(found.cleared.days, found.plan.most_days)
    return {
        "exit": held.name,
        "mean_days": round(held.days[0], 3),
        "days_saved": round(base - held.days[0], 3),
    }


def _number(value: float) -> float | None:
    return round(float(value), 3) if np.isfinite(value) else None


def _quantiles(days: Floats) -> list[float | None]:
    """Order statistics, so that a replicate that was never cleared stays one."""
    ordered = np.sort(days)
    at = [min(len(days) - 1, int(q * len(days))) for q in QUANTILES]
    return [_number(ordered[i]) for i in at]


def _remaining_rows(found: Evacuated) -> list[dict[str, Any]]:
    """People still there at the start of each day, until all replicates are done."""
    left = found.cleared.remaining.sum(axis=2)
    plan_left = found.as_planned.remaining[0].sum(axis=1)
    rows = []
    for day in range(left.shape[1]):
        low, middle, high = np.quantile(left[:, day], QUANTILES)
        rows.append(
            {
                "day": day, "planned": round(float(plan_left[day])), "low": round(float(low)),
                "value": round(float(middle)), "high": round(float(high)),
            }
        )  # fmt: skip
        if high < 1.0 and plan_left[day] < 1.0:
            break
    return rows


def csv_text(told: dict[str, Any]) -> str:
    """People still there by day, as CSV."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(told["remaining"][0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(told["remaining"])
    return out.getvalue()


def lines(told: dict[str, Any]) -> list[str]:
    """Put the same into a few lines for a terminal."""
    days = told["days"]
    out = [
        f"{told['title']} ({told['season']} season, {told['replicates']:,} replicates)",
        f"  {told['people']:,} people ({told['residents']:,} residents, {told['visitors']:,} "
        f"visitors), {told['planned_people_per_day']:,} a day as planned",
        f"  as planned, calm weather, every capacity achieved: {_days(told['planned_days'])}",
        f"  with what may go wrong: {_days(days['value'])} (90 % of replicates: "
        f"{_days(days['low'])} to {_days(days['high'])})",
        f"  done within the planned whole days: {100 * told['within_planned_share']:.1f} %; "
        f"not done in {told['most_days']} days: {100 * (1 - told['cleared_share']):.1f} %",
    ]
    if told["beds_short"] is not None:
        out.append(f"  beds short at the hosts: {told['beds_short']:,}")
    out += ["", "Capacity doubled, days saved (the first is the bottleneck):"]
    width = max(len(r["exit"]) for r in told["doubled"])
    out += [f"  {r['exit']:<{width}}  {r['days_saved']:5.2f}" for r in told["doubled"]]
    if told["sensitivity"]:
        out += ["", "Mean days with one number at its low and at its high, widest first:"]
        shown = told["sensitivity"][:10]
        width = max(len(r["number"]) for r in shown)
        out += [
            f"  {r['number']:<{width}}  {r['low']:>9,.6g} -> {r['days_at_low']:5.2f}   "
            f"{r['high']:>9,.6g} -> {r['days_at_high']:5.2f}"
            for r in shown
        ]
    return out


def _days(value: float | None) -> str:
    return "never" if value is None else f"{value:.1f} days"

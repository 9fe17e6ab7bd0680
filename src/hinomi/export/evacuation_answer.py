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
from hinomi.scenario.evacuation import Known, LoadedPlan, number_words
from hinomi.study.figure_words import counted
from hinomi.study.seeds import AddressedDraws
from hinomi.study.statistics import t_interval
from hinomi.warn.evacuate import clear, draw_chances, planned, with_capacity

MOST: Final = 100_000  # replicates
FEW: Final = 200  # replicates of each change of the sensitivity
QUANTILES: Final = (0.05, 0.5, 0.95)


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Mean days that one number's low and high make."""

    name: str
    days: tuple[float, float]  # at low and at high
    unit_value: tuple[float, float]  # the low and the high


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubled:
    """Days to clear with one exit's capacity doubled, no more than the most days run."""

    name: str
    days: Floats  # (R,)
    saved_days: Floats  # (R,) against the same replicate as it is


@dataclass(frozen=True, slots=True, kw_only=True)
class Evacuated:
    """Answers of one plan: as planned, with chance, what holds it up, what it hangs on."""

    loaded: LoadedPlan
    seed: int
    as_planned: Cleared
    cleared: Cleared
    doubled: tuple[Doubled, ...]
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
    cleared = clear(plan, chances)
    return Evacuated(
        loaded=loaded,
        seed=seed,
        as_planned=clear(plan, planned(plan)),
        cleared=cleared,
        doubled=tuple(_doubled(plan, chances, cleared)),
        swings=tuple(_swings(loaded, draws[:FEW])),
    )


def mean_days(days: Floats, most_days: int) -> float:
    """Mean days to clear; a replicate that was not cleared counts as the most days run."""
    return float(np.minimum(days, most_days).mean())


def _doubled(plan: EvacuationPlan, chances: Chances, as_it_is: Cleared) -> list[Doubled]:
    """Each exit's capacity doubled on the same weather, the one that saves most days first."""
    before = np.minimum(as_it_is.days, plan.most_days)
    out = []
    for e, exit_ in enumerate(plan.exits):
        capacity = np.array(chances.capacity)
        capacity[:, e] *= 2.0
        cleared = clear(
            with_capacity(plan, exit_.name, 2.0), Chances(capacity=capacity, open=chances.open)
        )
        days = np.minimum(cleared.days, plan.most_days)
        out.append(Doubled(name=exit_.name, days=days, saved_days=before - days))
    return sorted(out, key=lambda h: (float(h.days.mean()), h.name))


def _swings(loaded: LoadedPlan, draws: Sequence[AddressedDraws]) -> list[Held]:
    """Mean days with each number at its low and its high, the widest swing first."""
    out = []
    for known in loaded.numbers:
        if known.low is None or known.high is None or _idle(loaded, known):
            continue
        low, high = (
            mean_days(clear(plan, draw_chances(plan, draws)).days, plan.most_days)
            for plan in (loaded.at(known, value) for value in (known.low, known.high))
        )
        out.append(Held(name=known.key, days=(low, high), unit_value=(known.low, known.high)))
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
        "as_good": _as_good(found.doubled),
        "doubled": [_doubled_row(h) for h in found.doubled],
        "sensitivity": [
            {
                "number": h.name, "words": number_words(h.name), "low": h.unit_value[0], "high": h.unit_value[1],
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


def _doubled_row(held: Doubled) -> dict[str, Any]:
    saved = t_interval(held.saved_days)
    return {
        "exit": held.name,
        "mean_days": round(float(held.days.mean()), 3),
        "days_saved": round(saved.value, 3) + 0.0,
        "days_saved_low": _number(saved.low),
        "days_saved_high": _number(saved.high),
    }


def _as_good(doubled: Sequence[Doubled]) -> list[str]:
    """Exits whose doubling chance does not tell from that of the first, on the same weather."""
    out = []
    for other in doubled[1:]:
        gap = t_interval(doubled[0].saved_days - other.saved_days)
        if not gap.low > 0.0:
            out.append(other.name)
    return out


def saved_words(row: dict[str, Any]) -> str:
    """Days saved and their 95 % interval, chance only; none of one replicate or of equal ones."""
    low, high = row["days_saved_low"], row["days_saved_high"]
    told = f"{row['days_saved']:.2f}"
    return told if low is None or low == high else f"{told} ({low:.2f} to {high:.2f})"


def _number(value: float) -> float | None:
    return round(float(value), 3) + 0.0 if np.isfinite(value) else None


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
        f"{told['title']} ({told['season']} season, {counted(told['replicates'], 'replicate')})",
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
    which = "the first is the bottleneck"
    if told["as_good"]:
        which = f"{told['bottleneck']} saves most, not told apart from {', '.join(told['as_good'])}"
    out += ["", f"Capacity doubled, mean days saved (95 % interval, chance only; {which}):"]
    width = max(len(r["exit"]) for r in told["doubled"])
    out += [f"  {r['exit']:<{width}}  {saved_words(r):>5}" for r in told["doubled"]]
    if told["sensitivity"]:
        out += ["", "Mean days with one number at its low and at its high, widest first:"]
        shown = told["sensitivity"][:10]
        width = max(len(r["words"]) for r in shown)
        out += [
            f"  {r['words']:<{width}}  {r['low']:>9,.6g} -> {r['days_at_low']:5.2f}   "
            f"{r['high']:>9,.6g} -> {r['days_at_high']:5.2f}"
            for r in shown
        ]
    return [*out, "", "hinomi evacuate --sources prints every number with its range and source"]


def _days(value: float | None) -> str:
    return "never" if value is None else f"{value:.1f} days"

"""A sweep over raid sizes as one JSON-ready object, as lines of text and as a table."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from hinomi.errors import ScenarioError
from hinomi.footprint.asked import Asked
from hinomi.footprint.raid_bodies import bodies_of_arcs
from hinomi.footprint.raid_sweep import LARGEST, Sweep, refuse_raids, sweep
from hinomi.footprint.raids import Setting
from hinomi.records.engagements import REASONS
from hinomi.study.figure_words import counted
from hinomi.study.seeds import AddressedDraws
from hinomi.study.statistics import SAME, Interval

POOL: Final = 24  # least number of flights that raids are made of
ASSUMES: Final = (
    "Perfect common tracks from the end of thrust, one picture, one assignment; one set of flights that raids are"
    " drawn from. Closed form: every body alone, ready rounds of all batteries in one pool, channels without limit."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Raids:
    """A sweep with what was asked."""

    asked: Asked
    found: Sweep
    within_s: float
    classes: dict[str, int]  # flights in the pool

    @property
    def title(self) -> str:
        """What every picture and file of it is called."""
        return f"{self.asked.scenario.name}: raids of growing size against ready stock"

    @property
    def words(self) -> str:
        """One line on what was computed."""
        flights = ", ".join(f"{n} {name}" for name, n in self.classes.items())
        return (
            f"{counted(self.found.replicates, 'raid')} of each size out of {flights}; ignitions even within"
            f" {self.within_s:g} s; {len(self.asked.batteries)} batteries with {self.found.ready}"
            f" ready rounds; {self.asked.architecture.decide_s[1]:g} s to decide."
        )


def sizes_of(text: str) -> tuple[int, ...]:
    """Read sizes: 1..40, 1..40:3 for every third, or 1,2,4,8.

    Raises
    ------
    ScenarioError
        for anything else, or sizes out of range.
    """
    sizes: set[int] = set()
    for part in text.split(","):
        span, _, step = part.strip().partition(":")
        low, dots, high = span.partition("..")
        numbers = [low, high if dots else low, step or "1"]
        if not all(n.isdecimal() and len(n) < 5 for n in numbers) or (step and not dots):
            raise ScenarioError(f"--sizes is {text!r}; write it as 1..40, 1..40:3 or 1,2,4,8")
        first, last, by = (int(n) for n in numbers)
        if not (1 <= first <= last <= LARGEST and by >= 1):
            raise ScenarioError(
                f"--sizes is {text!r}; sizes are 1 to {LARGEST}, the smaller first: such as 1..40"
            )
        sizes.update(range(first, last + 1, by))
    return tuple(sorted(sizes))


def raids_of(
    asked: Asked,
    *,
    sizes: Sequence[int],
    replicates: int,
    seed: int,
    within_s: float,
    classes: Sequence[str] = (),
) -> Raids:
    """Fly the pool of bodies once and fight raids of every size out of it.

    Raises
    ------
    ScenarioError
        for sizes, counts or classes out of range.
    FenceError
        when a threat starts from a site.
    """
    refuse_raids(sizes, replicates, within_s)  # before the pool is flown
    scenario = asked.scenario
    bodies = bodies_of_arcs(scenario, count=max(*sizes, POOL), seed=seed, classes=classes)
    setting = Setting(
        bodies=bodies,
        batteries=asked.batteries,
        weapons=scenario.weapons,
        architecture=asked.architecture,
        settings=scenario.engagement,
        decide_s=asked.architecture.decide_s[1],
    )
    found = sweep(
        setting, sizes, replicates=replicates, within_s=within_s,
        draws_of=lambda number: AddressedDraws(seed, number),
    )  # fmt: skip
    names = [b.threat_class for b in bodies]
    return Raids(
        asked=asked, found=found, within_s=within_s,
        classes={c: names.count(c) for c in dict.fromkeys(names)},
    )  # fmt: skip


def told(raids: Raids) -> dict[str, Any]:
    """Give everything as one object; what never happened is null."""
    found = raids.found
    return {
        "title": raids.title,
        "scenario": raids.asked.scenario.name,
        "variant": raids.asked.scenario.variant,
        "architecture": raids.asked.architecture.name,
        "weapons": list(raids.asked.weapons),
        "assumes": ASSUMES,
        "replicates": found.replicates,
        "within_s": raids.within_s,
        "flights": raids.classes,
        "ready_rounds": found.ready,
        "closed_form": {
            "kill_probability": _number(found.closed.kill, 4),
            "rounds_per_body": _number(found.closed.rounds, 3),
            "ready_rounds_in_reach": found.closed.stock,
            "depletion_size": _depletion(found),
        },
        "depletion_size": found.depletion_size,
        "first_empty_size": found.first_empty_size,
        "time_to_empty_s": interval(found.empty_s, 1),
        "batteries": [
            {"battery": name, "empty_size": size, "time_to_empty_s": _number(found.battery_empty_s[name], 1)}
            for name, size in found.battery_sizes.items()
        ],
        "sizes": [
            {
                "size": p.size,
                "leakers": interval(p.leakers, 3),
                "closed_leakers": _number(p.closed_leakers, 3),
                "no_leak": interval(p.no_leak, 4),
                "closed_no_leak": _number(p.closed_no_leak, 4),
                "rounds": interval(p.rounds, 2),
                "closed_rounds": _number(p.closed_rounds, 2),
                "any_battery_empty": interval(p.any_empty, 4),
                "all_empty": interval(p.all_empty, 4),
                "unengaged": {r: round(float(x), 3) for r, x in zip(REASONS, p.unengaged, strict=True) if x > 0.0},
            }
            for p in found.points
        ],
    }  # fmt: skip


def _depletion(found: Sweep) -> float | None:
    """Size at which the pooled stock is spent on average."""
    rounds = found.closed.rounds
    return round(found.closed.stock / rounds, 1) if rounds > 0.0 else None


def interval(x: Interval, digits: int) -> dict[str, Any]:
    """Give an interval as an object; counts are never below nothing."""
    return {
        "value": _number(x.value, digits),
        "low": _number(max(x.low, 0.0) if math.isfinite(x.low) else x.low, digits),
        "high": _number(x.high, digits),
        "n": x.n,
        "method": x.method,
    }


def _number(value: float, digits: int) -> float | None:
    return round(value, digits) if math.isfinite(value) else None


def csv_text(answer: dict[str, Any]) -> str:
    """One row a size."""
    out = io.StringIO()
    keys = ("leakers", "no_leak", "rounds", "any_battery_empty", "all_empty")
    write = csv.writer(out, lineterminator="\n")
    write.writerow(
        ["size"]
        + [f"{key}{end}" for key in keys for end in ("", "_low", "_high")]
        + ["closed_leakers", "closed_no_leak", "closed_rounds"]
    )
    for row in answer["sizes"]:
        cells = [row[key][part] for key in keys for part in ("value", "low", "high")]
        closed = [row["closed_leakers"], row["closed_no_leak"], row["closed_rounds"]]
        write.writerow([row["size"], *("" if x is None else x for x in (*cells, *closed))])
    return out.getvalue()


def lines(answer: dict[str, Any]) -> list[str]:
    """Text for people: sizes, then where stock gives out."""
    closed = answer["closed_form"]
    out = [
        answer["title"],
        f"{counted(answer['replicates'], 'raid')} a size, ignitions within {answer['within_s']:g} s,"
        f" {answer['ready_rounds']} ready rounds",
        "",
        f"{'size':>5}{'leakers':>9}{'95 %':>14}{'closed':>8}{'no leak':>9}{'closed':>8}{'rounds':>8}"
        f"{'closed':>8}{'a battery empty':>17}{'all empty':>11}",
    ]  # fmt: skip
    for row in answer["sizes"]:
        leak = row["leakers"]
        bounds = "-" if leak["low"] is None else f"{leak['low']:.1f}..{leak['high']:.1f}"
        bounds = "all alike" if leak["method"] == SAME else bounds
        out.append(
            f"{row['size']:>5}{leak['value']:>9.2f}{bounds:>14}{row['closed_leakers']:>8.2f}"
            f"{row['no_leak']['value']:>9.2f}{row['closed_no_leak']:>8.2f}{row['rounds']['value']:>8.1f}"
            f"{row['closed_rounds']:>8.1f}{row['any_battery_empty']['value']:>17.2f}{row['all_empty']['value']:>11.2f}"
        )  # fmt: skip
    most = answer["sizes"][-1]["size"]
    out += [
        "",
        f"all batteries in reach empty in half of the raids: {_size(answer['depletion_size'], most)}"
        f" (closed form: {closed['depletion_size'] if closed['depletion_size'] is not None else '-'})",
        f"a battery empty in half of the raids: {_size(answer['first_empty_size'], most)}",
    ]
    for row in answer["batteries"]:
        if row["empty_size"] is not None:
            time = row["time_to_empty_s"]
            when = "" if time is None else f", {time:.0f} s after the first ignition at size {most}"
            out.append(f"  {row['battery']}: {_size(row['empty_size'], most)}{when}")
    return [*out, answer["assumes"]]


def _size(size: int | None, most: int) -> str:
    return f"not up to {most}" if size is None else f"from {size} on"

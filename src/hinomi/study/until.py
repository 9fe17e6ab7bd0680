"""Stop when intervals are narrow enough: the rule, and what it sees.

The rule looks at whole batches in the order of the plan and nowhere else, so where a run stops does
not depend on how many workers computed it, nor on which of them was quick.
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from hinomi.errors import FolderError, ScenarioError
from hinomi.study import store
from hinomi.study.figure_words import counted
from hinomi.study.plan import MAX_REPLICATES, Plan
from hinomi.study.statistics import Interval, paired_difference
from hinomi.study.summary import (
    EXACT,
    HEADLINES,
    NEVER,
    Measured,
    difference_interval,
    statistic_of,
)

FORMAT: Final = "hinomi/until/1"
FILE: Final = "until.json"
FIRST: Final = 30  # setting: no look before so many, or a lucky run of equal values would end it
FURTHER: Final = 1.05  # setting: the next look is at least 5 % further on
OPTIMISTIC: Final = (
    "a rule that stops when an interval is narrow favours samples that happen to be narrow, so the "
    "intervals hold the truth slightly less often than the 95 % they state"
)
NONE: Final = "has no interval (some values never came, or all are the same)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One width (high minus low) to reach, in the unit of the headline; `where` as in `Until`."""

    headline: str
    width: float
    where: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Until:
    """Widths that all have to be reached, and the number of replicates that ends it anyway.

    `where` of a target is an architecture, a pair such as `a-b`, or empty for every architecture.
    """

    targets: tuple[Target, ...]
    most: int
    first: int = FIRST


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """How wide one interval is, and how wide it may be; `width` is infinite where there is none.

    The width is that before an interval is cut at 0 or 1, and none is of width 0: values that are
    all the same say only that chance has not shown yet.
    """

    where: str
    headline: str
    width: float
    wanted: float


def parse(text: str, *, most: int | None) -> Until:
    """Read `leakers=0.2,integrated:lead_s=5`, and at most how many replicates.

    Raises
    ------
    ScenarioError
        A part is not of that form, a headline is unknown or free of chance, or there is no maximum.
    """
    if most is None:
        raise ScenarioError("--until-ci needs --max N: how many replicates at most")
    if not 2 <= most <= MAX_REPLICATES:
        raise ScenarioError(f"--max is {most}; it must lie in 2..{MAX_REPLICATES}")
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if not parts:
        raise ScenarioError("--until-ci is empty; write it as HEADLINE=WIDTH, such as lead_s=5")
    return Until(targets=tuple(_target(part) for part in parts), most=most)


def _target(part: str) -> Target:
    left, equals, right = part.partition("=")
    where, _, headline = left.rpartition(":")
    where, headline = where.strip(), headline.strip()
    if not equals:
        raise ScenarioError(f"--until-ci has {part!r}; write it as HEADLINE=WIDTH, as in lead_s=5")
    if headline not in HEADLINES:
        near = difflib.get_close_matches(headline, HEADLINES, n=1)
        tail = f"did you mean {near[0]!r}?" if near else f"they are {', '.join(HEADLINES)}"
        raise ScenarioError(f"--until-ci names {headline!r}, which is no headline; {tail}")
    if statistic_of(headline) == EXACT:
        raise ScenarioError(f"{headline} does not depend on chance; more replicates change nothing")
    try:
        width = float(right)
    except ValueError:
        width = math.nan
    if not (math.isfinite(width) and width > 0):
        raise ScenarioError(
            f"--until-ci wants {headline} known to {right.strip()!r}; the width is a number above 0"
        )
    return Target(headline=headline, width=width, where=where)


def first_look(until: Until, batch_size: int) -> int:
    """Replicates at the first look: whole batches, never more than the maximum."""
    return min(until.most, math.ceil(until.first / batch_size) * batch_size)


def whole_plan(until: Until, plan: Plan) -> Plan:
    """Give the plan that goes as far as the rule may; batches that are planned stay as they are."""
    if until.most <= plan.replicates:
        return plan
    return replace(plan, ends=(*plan.ends, until.most))


def check_names(until: Until, architectures: Sequence[str]) -> None:
    """Refuse a target that names an architecture or a pair which is not in the run."""
    known = [*architectures, *_pairs(architectures)]
    for target in until.targets:
        if target.where and target.where not in known:
            near = difflib.get_close_matches(target.where, known, n=1)
            tail = f"did you mean {near[0]!r}?" if near else f"it has {', '.join(architectures)}"
            raise ScenarioError(
                f"--until-ci names {target.where!r}, which is no architecture of this run and no "
                f"pair such as a-b; {tail}"
            )


def _pairs(architectures: Sequence[str]) -> dict[str, tuple[str, str]]:
    return {f"{a}-{b}": (a, b) for a in architectures for b in architectures if a != b}


def reached(until: Until, found: Measured, architectures: Sequence[str]) -> list[Reached]:
    """Width of every interval that the rule looks at."""
    pairs, out = _pairs(architectures), []
    for target in until.targets:
        for where in (target.where,) if target.where else architectures:
            interval = _interval(found, target.headline, pairs.get(where, (where,)))
            width = interval.high - interval.low
            out.append(
                Reached(
                    where=where,
                    headline=target.headline,
                    width=width if width > 0.0 else math.inf,
                    wanted=target.width,
                )
            )
    return out


def _interval(found: Measured, headline: str, of: Sequence[str]) -> Interval:
    sides = []
    for architecture in of:
        values = found.of(architecture, headline)
        if headline in NEVER and (architecture, headline) in found.values:
            values = np.where(np.isnan(values), NEVER[headline], values)
        sides.append(values)
    values = sides[0] if len(sides) == 1 else paired_difference(*sides)
    # Shares and counts too without their cut: an interval cut short is no narrower a knowledge.
    return difference_interval(headline, values)


def met(widths: Sequence[Reached]) -> bool:
    """Whether every interval is as narrow as was asked for."""
    return all(r.width <= r.wanted for r in widths)


def words(stopped: Mapping[str, Any]) -> str:
    """Say in a sentence or two how the run ended, for people."""
    wide = [r for r in stopped["widths"] if r["width"] is None or r["width"] > r["wanted"]]
    n = stopped["replicates"]
    if stopped["met"]:
        return f"Stopped by rule at {counted(n, 'replicate')}: every width asked for is reached. {_caution()}"
    told = ", ".join(
        f"{r['where']}:{r['headline']} "
        + (NONE if r["width"] is None else f"is {r['width']:.4g} wide")
        + f" ({r['wanted']:.4g} asked)"
        for r in wide
    )
    return f"Not reached after {counted(n, 'replicate')}, the most that were allowed: {told}."


def _caution() -> str:
    return f"Note: {OPTIMISTIC}."


def write_asked(
    folder: Path, until: Until, *, first_look: int, stopped: Mapping[str, Any] | None = None
) -> None:
    """Write what was asked for, where its first look is, and how it ended once it has."""
    with store.disk(folder):
        told = {"format": FORMAT, **asdict(until), "first_look": first_look, "stopped": stopped}
        store.write_json(folder / FILE, told)


def kept_first_look(folder: Path, until: Until, plan: Plan) -> int:
    """Where this very rule looked first, also when its run was ended after it had decided.

    The plan alone does not tell: the decision extends it before the run is told to be over.
    """
    asked = read_asked(folder)
    if asked is None or asked[0] != until:
        return plan.replicates
    if asked[1] is not None and asked[1].get("replicates") != plan.replicates:
        return plan.replicates
    kept = store.read_json(folder / FILE).get("first_look")
    return kept if isinstance(kept, int) and 0 < kept <= plan.replicates else plan.replicates


def read_asked(folder: Path) -> tuple[Until, dict[str, Any] | None] | None:
    """Give the rule of a run and how it ended, or None where it has none.

    Raises
    ------
    FolderError
        The file is damaged.
    """
    if not (folder / FILE).is_file():
        return None
    told = store.read_json(folder / FILE)
    try:
        targets = tuple(Target(**target) for target in told["targets"])
        until = Until(targets=targets, most=int(told["most"]), first=int(told["first"]))
    except (LookupError, TypeError, ValueError) as error:
        raise FolderError(
            f"{folder / FILE} is damaged; remove it and give the rule again with --until-ci"
        ) from error
    return until, told.get("stopped")


def pending(folder: Path) -> Until | None:
    """Give the rule that a run has not come to the end of yet."""
    asked = read_asked(folder)
    return None if asked is None or asked[1] is not None else asked[0]

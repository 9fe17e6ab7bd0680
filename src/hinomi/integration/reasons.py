"""Where more sharing did worse in one raid, and the reason that can be seen: a closed list.

Means hide that one raid can end worse with more sharing. Each such case is counted, threat by
threat, and gets the first reason of the list that its shots show; chance alone is a reason too.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any, Final

import pyarrow as pa

LATER_S: Final = 1.0  # a commitment this much later is later; commitments fall on a grid of seconds

NO_TRACK, GRADE, ENGAGED_ELSEWHERE, ROUNDS, CHANNEL, WINDOW = (
    "no track joined to it",
    "no track of the grade to shoot",
    "counted as engaged or killed",
    "stock spent earlier",
    "no free channel",
    "no window",
)
TRACKS, LATER, BATTERY, FEWER, DRAW, POINT, UNEXPLAINED = (
    "track switched",
    "later commitment",
    "another battery or weapon first",
    "fewer rounds at it",
    "same first shot, another draw later",
    "same shots, met or supported worse",
    "unexplained",
)
LEAK_REASONS: Final = (
    NO_TRACK, GRADE, ENGAGED_ELSEWHERE, ROUNDS, CHANNEL, WINDOW,
    TRACKS, LATER, BATTERY, FEWER, DRAW, POINT, UNEXPLAINED,
)  # fmt: skip
_WITHOUT_SHOT: Final = {
    "no track": GRADE,
    "no track grade": GRADE,
    "policy": ENGAGED_ELSEWHERE,
    "no rounds": ROUNDS,
    "no channel": CHANNEL,
    "no window": WINDOW,
}
STAGES: Final = {  # event -> reason when it is the first of them that came later
    "first detection": "first detection later",
    "firm track": "firm track later",
    "relayed": "relayed later",
    "launch message": "classified later",
    "forecast used": "forecast later",
    "alert": "decided later",
}
ALERT_REASONS: Final = (*STAGES.values(), UNEXPLAINED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Worse:
    """Cases in which more sharing did worse: of `cases` (raid, threat), by reason."""

    cases: int
    raids: int
    raids_worse: int  # in the sum over the threats of a raid
    by_reason: Mapping[str, int]
    better: int  # cases in which it did better
    median_later_s: float = math.nan  # of alerts that came later; NaN where none did, or no time

    @property
    def worse(self) -> int:
        """How many cases went worse."""
        return sum(self.by_reason.values())


Shots = Mapping[tuple[int, str], Sequence[Mapping[str, Any]]]


def by_threat(table: pa.Table, architecture: str) -> dict[tuple[int, str], list[dict[str, Any]]]:
    """Rows of one architecture by (replicate, body), in their order."""
    out: dict[tuple[int, str], list[dict[str, Any]]] = {}
    for row in table.to_pylist():
        if row["architecture"] == architecture:
            out.setdefault((row["replicate"], row.get("body", row.get("subject"))), []).append(row)
    return out


def worse_leaks(
    engagements: pa.Table,
    events: pa.Table,
    *,
    bottom: str,
    top: str,
    threats: Sequence[str],
    replicates: Sequence[int],
) -> Worse:
    """Threats that got through `top` and not `bottom`, by the reason that the shots show."""
    killed = {name: _killed(events, name) for name in (bottom, top)}
    shots = {name: by_threat(engagements, name) for name in (bottom, top)}
    reasons: Counter[str] = Counter()
    better, raids_worse = 0, 0
    for r in replicates:
        balance = 0
        for body in threats:
            key = (r, body)
            lost = key in killed[bottom] and key not in killed[top]
            won = key in killed[top] and key not in killed[bottom]
            balance += lost - won
            better += won
            if lost:
                reasons[leak_reason(shots[bottom].get(key, ()), shots[top].get(key, ()))] += 1
        raids_worse += balance > 0
    return Worse(
        cases=len(replicates) * len(threats),
        raids=len(replicates),
        raids_worse=raids_worse,
        by_reason={r: reasons[r] for r in LEAK_REASONS if reasons[r]},
        better=better,
    )


def leak_reason(before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]) -> str:
    """First reason of LEAK_REASONS that the rows of `engagements` of one threat show."""
    if not after:
        return NO_TRACK
    old = [row for row in before if row["reason"] == "engaged"]
    new = [row for row in after if row["reason"] == "engaged"]
    if not new:
        found = {_WITHOUT_SHOT[row["reason"]] for row in after}
        return next(reason for reason in LEAK_REASONS if reason in found)
    if not old:
        return UNEXPLAINED  # killed without a shot of its own: not seen in the table
    if _tracks(after) > _tracks(before):
        return TRACKS
    if new[0]["t_commit_s"] > old[0]["t_commit_s"] + LATER_S:
        return LATER
    if _post(new[0]) != _post(old[0]):
        return BATTERY
    if sum(row["rounds"] for row in new) < sum(row["rounds"] for row in old):
        return FEWER
    if [_post(row) for row in new] != [_post(row) for row in old]:
        return DRAW
    return POINT


def _tracks(rows: Sequence[Mapping[str, Any]]) -> int:
    """Most tracks of one picture that were joined to the threat."""
    found = Counter(picture for picture, _ in {(row["picture"], row["track"]) for row in rows})
    return max(found.values(), default=0)


def _post(row: Mapping[str, Any]) -> tuple[str, str]:
    return row["battery"], row["weapon"]


def _killed(events: pa.Table, architecture: str) -> set[tuple[int, str]]:
    return {
        (row["replicate"], row["subject"])
        for row in events.to_pylist()
        if row["architecture"] == architecture and row["kind"] == "killed"
    }


def worse_alerts(
    events: pa.Table,
    *,
    bottom: str,
    top: str,
    threats: Sequence[str],
    replicates: Sequence[int],
) -> Worse:
    """Threats whose alert came later under `top`, by the first stage that came later."""
    times = {name: _times(events, name) for name in (bottom, top)}
    reasons: Counter[str] = Counter()
    better, raids_worse = 0, 0
    later: list[float] = []
    for r in replicates:
        worse_here = better_here = 0
        for body in threats:
            before, after = (times[name].get((r, body), {}) for name in (bottom, top))
            change = _later(before, after, "alert")
            better_here += change < 0
            if change > 0:
                worse_here += 1
                later.append(after.get("alert", math.inf) - before["alert"])
                late = [words for kind, words in STAGES.items() if _later(before, after, kind) > 0]
                reasons[late[0] if late else UNEXPLAINED] += 1
        better += better_here
        raids_worse += worse_here > better_here
    return Worse(
        cases=len(replicates) * len(threats),
        raids=len(replicates),
        raids_worse=raids_worse,
        by_reason={r: reasons[r] for r in ALERT_REASONS if reasons[r]},
        better=better,
        median_later_s=median(later) if later else math.nan,
    )


def _times(events: pa.Table, architecture: str) -> dict[tuple[int, str], dict[str, float]]:
    out: dict[tuple[int, str], dict[str, float]] = {}
    for row in events.to_pylist():
        if row["architecture"] == architecture and row["kind"] in STAGES:
            out.setdefault((row["replicate"], row["subject"]), {})[row["kind"]] = row["t_s"]
    return out


def _later(before: Mapping[str, float], after: Mapping[str, float], kind: str) -> int:
    """1 later, -1 earlier, 0 as before; what never came is later than anything."""
    old, new = before.get(kind, math.inf), after.get(kind, math.inf)
    if old == new:
        return 0
    if abs(new - old) <= LATER_S:
        return 0
    return 1 if new > old else -1

"""Run until intervals are narrow enough: batches in order, a look now and then, an end.

While the rule is open the plan ends at its first look and `until.json` says what was asked; batches
beyond are there by their keys. At the end one extension of the plan says how far the run went, and
what was computed beyond it is removed: the folder is that of a plain run of so many replicates.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, final

import pyarrow as pa
import pyarrow.compute as pc

from hinomi.study import montecarlo, parquet, progress, provenance, store
from hinomi.study import until as rule
from hinomi.study.plan import Batch, Plan
from hinomi.study.summary import measured
from hinomi.study.until import Reached, Until


@final
class Looks:
    """What the rule has seen so far; `stop` is the number of replicates once it is decided."""

    def __init__(self, folder: Path, plan: Plan, until: Until) -> None:
        whole = rule.whole_plan(until, plan)
        self.batches = whole.batches()
        self.stop: int | None = None
        self.widths: list[Reached] = []
        self._folder, self._until, self._architectures = folder, until, plan.architectures
        self._ended: set[str] = set()
        self._next = 0  # of the batches, the first not looked at
        self._due, self._most = plan.replicates, whole.replicates
        self._seen: list[pa.Table] = []

    def ended(self, key: str) -> bool:
        """Take note that a batch ended, well or not; says whether the run may end."""
        self._ended.add(key)
        return self.look()

    def look(self) -> bool:
        """Go on as far as whole batches are there without a gap; says whether the run may end."""
        while self.stop is None and self._next < len(self.batches):
            batch = self.batches[self._next]
            if store.is_done(self._folder, batch):
                self._seen.append(self._of_interest(batch))
            elif batch.key not in self._ended:
                break
            self._next += 1
            if batch.stop >= self._due:
                self._judge(batch.stop)
        return self.stop is not None

    def _judge(self, n: int) -> None:
        self._due = math.ceil(n * rule.FURTHER)
        if self._seen:
            self._seen = [parquet.join(self._seen)]
            found = measured(self._seen[0])
            self.widths = rule.reached(self._until, found, self._architectures)
        if n >= self._most or (self.widths and rule.met(self.widths)):
            self.stop = n

    def _of_interest(self, batch: Batch) -> pa.Table:
        table = parquet.read_files([self._folder / store.LAST / f"{batch.key}.parquet"])
        names = pa.array(sorted({target.headline for target in self._until.targets}))
        return table.filter(pc.is_in(table["metric"], names))


def execute_until(
    begun: montecarlo.Begun, until: Until, *, told: progress.Progress | None = None
) -> bool:
    """Compute until the rule is met or its maximum reached; says whether there was anything to do.

    Raises
    ------
    BatchesFailedError
        Some batches failed; the rule went on without them.
    """
    folder = begun.folder
    began, began_s = provenance.now_utc(), time.perf_counter()
    rule.check_names(until, begun.plan.architectures)
    with store.at_work(folder, shared=False):
        plan = store.read_plan(folder)
        if montecarlo.is_complete(folder, plan) and _ended_so(folder, plan, until):
            return False
        first_look = rule.kept_first_look(folder, until, plan)
        rule.write_asked(folder, until, first_look=first_look)
        looks = Looks(folder, plan, until)
        events = store.Events(folder / "events.jsonl")
        tally = montecarlo.Tally()
        if not looks.look():
            whole = replace(begun, plan=rule.whole_plan(until, plan))
            tally = montecarlo.compute(
                whole,
                looks.batches,
                events=events,
                told=told or progress.Silent(),
                after=looks.ended,
            )
        if looks.stop is not None:
            stopped = _settle(folder, plan, until, looks, first_look)
            plan = store.read_plan(folder)
            rule.write_asked(folder, until, first_look=first_look, stopped=stopped)
            events.write(t=provenance.now_utc(), event="stopped by rule", **stopped)
        times = {
            "began": began,
            "ended": provenance.now_utc(),
            "wall_s": round(time.perf_counter() - began_s, 3),
            "cpu_s": round(tally.cpu_s, 3),
        }
        montecarlo.finish(folder, plan, tally, times)
    montecarlo.refuse_failures(folder, tally)
    return True


def _ended_so(folder: Path, plan: Plan, until: Until) -> bool:
    """Whether this very rule has ended this very run already."""
    asked = rule.read_asked(folder)
    return (
        asked is not None
        and asked[0] == until
        and asked[1] is not None
        and asked[1]["replicates"] == plan.replicates
    )


def _settle(
    folder: Path, plan: Plan, until: Until, looks: Looks, first_look: int
) -> dict[str, Any]:
    """Let the plan end where the rule stopped, and remove what was computed beyond."""
    n = looks.stop or plan.replicates
    if n > plan.replicates:
        store.begin(folder, replace(plan, ends=(n,)))
    _remove_beyond(folder, looks.batches, n)
    stopped: dict[str, Any] = {
        "by": "width of intervals",
        "replicates": n,
        "first_look": first_look,
        "most": until.most,
        "met": rule.met(looks.widths),
        "widths": [
            {**asdict(r), "width": r.width if math.isfinite(r.width) else None}
            for r in looks.widths
        ],
        "note": rule.OPTIMISTIC,
    }
    return {**stopped, "words": rule.words(stopped)}


def _remove_beyond(folder: Path, batches: Sequence[Batch], n: int) -> None:
    for batch in batches:
        if batch.first >= n:
            # The last file first: what is left after an interruption is no finished batch.
            for name in reversed(store.TABLES):
                (folder / name / f"{batch.key}.parquet").unlink(missing_ok=True)

"""The chain of a split: one truth and one Watchroom a replicate, then every coalition of flags.

The study's engine runs it like the study's own chain. A plan names the fullest architecture first,
then one or more that share less. Tables: `metrics`, with the architectures as written and the
coalitions (`share_warning+share_track`) and the plans for a whole raid (`plan with the rounds of
...`), and for those as written `engagements` and `events`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from hinomi.integration import coordination
from hinomi.integration.flags import wanted
from hinomi.integration.measures import MEASURES
from hinomi.records.engagements import Architecture
from hinomi.scenario.model import Scenario
from hinomi.study import chain as study_chain
from hinomi.study import tables
from hinomi.study.chain import Context, Raid

CHAIN: Final = "hinomi.integration.chain"
KEPT: Final = ("engagements", "events")


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
    """Run one replicate: what is written, then every coalition; table name -> columns."""
    raid = study_chain.begin(scenario, context, seed=seed, number=number)
    top, *bottoms = (scenario.architectures[name] for name in architectures)
    parts: dict[str, list[tables.Columns]] = {name: [] for name in (*KEPT, "metrics")}
    known: dict[Architecture, tables.Columns] = {}
    for written in (top, *bottoms):
        outcome = study_chain.judge(raid, written)
        known[_bare(written)] = figures_of(outcome)
        parts["metrics"].append(tables.stamp(known[_bare(written)], number, written.name))
        for table in KEPT:
            parts[table].append(tables.stamp(outcome[table](), number, written.name))
    written_shots = zip((top, *bottoms), parts["engagements"], strict=True)
    for stock, figures in coordination.figures_of(
        raid, top, {a.name: shots for a, shots in written_shots}
    ).items():
        parts["metrics"].append(tables.stamp(figures, number, coordination.told_name(stock)))
    made = {name: a for bottom in bottoms for name, a in wanted(bottom, top).items()}
    for name, architecture in made.items():
        parts["metrics"].append(tables.stamp(_judged(raid, architecture, known), number, name))
    return {table: tables.stack(pieces) for table, pieces in parts.items() if pieces}


def _bare(architecture: Architecture) -> Architecture:
    """Leave out what changes no outcome: name, label, price."""
    return replace(architecture, name="", label="", network_cost_musd=(0.0, 0.0, 0.0))


def _judged(
    raid: Raid, architecture: Architecture, known: dict[Architecture, tables.Columns]
) -> tables.Columns:
    """Figures of an architecture; one that differs from a known one in nothing is not run again."""
    key = _bare(architecture)
    if key not in known:
        known[key] = figures_of(study_chain.judge(raid, architecture))
    return known[key]


def figures_of(outcome: dict[str, Any]) -> tables.Columns:
    """The figures that are split, of one architecture, in long form."""
    columns = outcome["metrics"]()
    rows = [i for i, name in enumerate(columns["metric"]) if name in MEASURES]
    return {
        "metric": [columns["metric"][i] for i in rows],
        "value": columns["value"][rows],
        "unit": [columns["unit"][i] for i in rows],
    }

"""`hinomi explain --trace`: from a claim to headline figures, and what another value moves."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import typer

from hinomi.cli.printed import print_lines
from hinomi.cli.stopping import say


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was asked for."""

    scenario: str
    variant: str | None
    trace: str
    own: Path | None
    wanted: Mapping[str, object]
    replicates: int | None
    workers: int | None
    json: bool


def follow(asked: Asked) -> None:
    """Print where a claim or a number leads; with other values, run twice and print what moved."""
    from hinomi.errors import ScenarioError
    from hinomi.evidence.bundled import load_evidence
    from hinomi.evidence.links import refuse_loose_ends
    from hinomi.evidence.trace import changes_for, trace, trace_lines, trace_object
    from hinomi.scenario.load import load

    evidence = load_evidence(asked.own)
    if asked.own is not None:
        refuse_loose_ends(evidence, str(asked.own))
    loaded = load(asked.scenario, variant=asked.variant)
    found = trace(loaded, evidence, asked.trace)
    told = trace_object(found)
    if not asked.wanted:
        if asked.replicates is not None or asked.workers is not None:
            raise ScenarioError(
                f"-n and --workers need another value to try: add --set {asked.trace}=VALUE"
            )
        _print(told, list(trace_lines(found)), as_json=asked.json)
        return
    changes, notes = changes_for(loaded, evidence, asked.wanted)
    if not asked.json:
        print_lines((*trace_lines(found), *notes))
    moved, lines = _moved(asked, changes)
    _print(told | {"changes": changes, "moved": moved}, lines, as_json=asked.json)


def _moved(
    asked: Asked, changes: Mapping[str, object]
) -> tuple[list[dict[str, object]], list[str]]:
    import tempfile

    from hinomi.evidence.moved import REPLICATES, before_and_after, moved_lines

    n = REPLICATES if asked.replicates is None else asked.replicates
    with tempfile.TemporaryDirectory() as folder:
        rows = before_and_after(
            asked.scenario, changes, variant=asked.variant, replicates=n, workers=asked.workers,
            folder=Path(folder), say=say,
        )  # fmt: skip
    return [asdict(r) for r in rows], moved_lines(rows, replicates=n)


def _print(told: Mapping[str, object], lines: list[str], *, as_json: bool) -> None:
    text = (
        json.dumps(told, ensure_ascii=False, allow_nan=False, indent=1)
        if as_json
        else "\n".join(lines)
    )
    typer.echo(text)

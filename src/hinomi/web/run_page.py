"""One run in words and figures: what `GET /api/runs/{id}` tells."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hinomi.report.answer import compared, japanese, sentences
from hinomi.report.japanese import BOOK
from hinomi.report.words import LIMITS, WORDS, meaning, pair_title, reads
from hinomi.scenario.load import load_text
from hinomi.scenario.model import Scenario
from hinomi.web import provenance, workspace
from hinomi.web.headlines import headline_rows


def run_object(root: Path, name: str) -> dict[str, Any]:
    """Headlines, differences and words of a run.

    Raises
    ------
    ProblemError
        no such run, or nothing of it is finished.
    """
    study = workspace.study_of(root, name)
    workspace.needs_results(study)
    plan, summary = study.plan, study.summary()
    scenario = load_text(plan.text, plan.scenario, changes=plan.changes, variant=plan.variant)
    labels = {a: a.replace("_", " ") for a in plan.architectures}
    pair = compared(scenario, plan.architectures, list(summary["differences"]))
    said_first = sentences(scenario, summary, pair, labels)
    folder = study.folder
    vintage = provenance.vintage_object(plan)
    return {
        "id": name,
        "run": workspace.rows_of(folder, workspace.stamp_of(folder))[0],
        "banner": provenance.of_plan(plan),
        "summary": dict(summary),
        "headlines": headline_rows(),
        "architectures": [
            {
                "name": a,
                "en": labels[a],
                "ja": japanese(labels[a]),
                "meaning": meaning(scenario.architectures[a]),
            }
            for a in plan.architectures
        ],
        "differences": _differences(summary, scenario, labels),
        "answer": [{"en": en, "ja": ja} for en, ja in said_first],
        "words": {name: _both(text) for name, text in WORDS.items()},
        "limits": [_both(text) for text in LIMITS],
        "vintage": vintage["lines"],
        "vintage_ja": vintage["lines_ja"],
        "files": workspace.files_of(folder),
        "tables": list(study.tables),
        "kept": min(plan.keep, study.finished),
        "key": plan.identity[: provenance.HASH_SHOWN],
    }


def _differences(
    summary: Mapping[str, Any], scenario: Scenario, labels: Mapping[str, str]
) -> list[dict[str, Any]]:
    out = []
    for first in labels:
        for second in labels:
            rows = summary["differences"].get(f"{first}-{second}")
            if rows is None:
                continue
            title, note = pair_title((first, second), labels, scenario)
            out.append(
                {
                    "pair": [first, second],
                    "en": title,
                    "ja": f"{japanese(labels[first])} − {japanese(labels[second])}",
                    "note": _both(note),
                    "rows": [
                        {"name": name, **entry, "reads": reads(name, entry)}
                        for name, entry in rows.items()
                    ],
                }
            )
    return out


def _both(english: str) -> dict[str, str]:
    """A text of the report in both languages; English alone where the phrase book has none."""
    return {"en": english, "ja": BOOK.get(english, english)}

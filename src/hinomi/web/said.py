"""What every answer with results says about itself: banner and vintage, from the data."""

from __future__ import annotations

from typing import Any, Final

import hinomi
from hinomi.scenario.places import load_places
from hinomi.study.banner import WORLD_VINTAGE, banner, vintage_lines
from hinomi.study.plan import Plan

HASH_SHOWN: Final = 12  # digits


def banner_object(status: str = "study", *, reconstruction: bool = False) -> dict[str, str]:
    """The permanent line on top."""
    found = banner(status, reconstruction=reconstruction)
    return {
        "kind": found.word,
        "en": found.english,
        "ja": found.japanese,
        "ink": found.ink,
        "ground": found.ground,
        "file_prefix": found.file_prefix,
    }


def of_plan(plan: Plan) -> dict[str, str]:
    """Banner of a run."""
    return banner_object(reconstruction=bool(plan.document.get("facts")))


def vintage_object(plan: Plan) -> dict[str, Any]:
    """Footer of a map, in parts and as lines."""
    vintage = load_places().vintage
    return {
        "boundaries": vintage,
        "population": vintage,
        "outlines": WORLD_VINTAGE,
        "scenario": plan.scenario,
        "hash": plan.content_hash[:HASH_SHOWN],
        "version": hinomi.__version__,
        "lines": list(
            vintage_lines(
                vintage,
                scenario=plan.scenario,
                scenario_hash=plan.content_hash[:HASH_SHOWN],
                version=hinomi.__version__,
            )
        ),
    }

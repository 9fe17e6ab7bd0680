"""What every answer with results says about itself: banner and vintage, from the data."""

from __future__ import annotations

from typing import Any, Final

import hinomi
from hinomi.scenario.places import VINTAGE, load_places
from hinomi.study.banner import NOT_AUTHORITATIVE, WORLD_VINTAGE, banner, vintage_lines
from hinomi.study.plan import Plan

HASH_SHOWN: Final = 12  # digits
_JAPANESE: Final = {
    VINTAGE: "市町村の境界：気象庁の予報区域のデータを編集（およそ0.5 kmの精度）。人口：2020年国勢調査（2020年10月1日、"
    "総務省統計局）を編集。コード：総務省（2024年1月1日）を編集。",
    WORLD_VINTAGE: "世界の輪郭：Natural Earth（4.1、2018年）で作成。",
    NOT_AUTHORITATIVE: NOT_AUTHORITATIVE,  # says itself in both languages
}


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
    shown = plan.content_hash[:HASH_SHOWN]
    lines = vintage_lines(
        vintage, scenario=plan.scenario, scenario_hash=shown, version=hinomi.__version__
    )
    about = f"シナリオ {plan.scenario}（{shown}）。ソフトウェア hinomi {hinomi.__version__}。"
    return {
        "boundaries": vintage,
        "population": vintage,
        "outlines": WORLD_VINTAGE,
        "scenario": plan.scenario,
        "hash": shown,
        "version": hinomi.__version__,
        "lines": list(lines),
        "lines_ja": [_JAPANESE.get(x, about if plan.scenario in x else x) for x in lines],
    }

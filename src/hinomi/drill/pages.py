"""Pages of an exercise, each one file that opens offline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import Any, Final

from hinomi import __version__
from hinomi.drill import pictures
from hinomi.drill.enrolled import place_row
from hinomi.drill.plan import Plan
from hinomi.scenario.places import load_places
from hinomi.study.banner import vintage_lines
from hinomi.study.store import write_atomically
from hinomi.study.template import rendered

BEFORE: Final = "plan.html"
REVIEW: Final = "review.html"
DIFFERENCES: Final = {
    "not_enrolled": "対象だが受信機なし · alerted, no receiver",
    "not_alerted": "参加するが対象外 · takes part, never alerted",
    "bystanders": "多角形内だが名指しされない · inside the polygons, not named",
    "uncovered": "名指しだが多角形からはみ出す · named, not wholly inside the polygons",
    "outside_predicted": "対象だが予測域の外 · alerted outside the predicted end area",
    "predicted_only": "予測域内だが対象外 · in the predicted end area, not alerted",
}

Told = Mapping[str, Any]


def write_page(template: str, content: dict[str, Any], path: Path) -> Path:
    """Fill a template of the drill pages and write it whole."""
    css = resources.files("hinomi") / "data" / "templates" / "drill.css"
    text = rendered(template, {"style": css.read_text(encoding="utf-8"), **content})
    write_atomically(path, lambda part: part.write_text(text, encoding="utf-8"))
    return path


def write_before(told: Told, plan: Plan, folder: Path) -> Path:
    """Write the page before the exercise; its path."""
    found = told["recipients"]
    picture, differences = "", []
    if found is not None:
        lines = [
            f"{len(found['recipients'])} of {len(found['named'])} alerted municipalities take part."
        ]
        picture = pictures.area_map(
            {
                "gets_it": found["recipients"],
                "not_enrolled": found["not_enrolled"],
                "not_alerted": found["not_alerted"],
            },
            title="Area of the alerts against the participants",
            lines=lines,
        )
        differences = [
            {"words": words, "codes": found[key], "names": [name_of(c) for c in found[key]]}
            for key, words in DIFFERENCES.items()
        ]
    content = {
        "told": told,
        "banner": pictures.banner_of(told["status"]),
        "picture": picture,
        "differences": differences,
        "vintage": vintage(plan),
    }
    return write_page("drill_before.html.j2", content, folder / BEFORE)


def name_of(code: str) -> str:
    """Name of a municipality in both languages."""
    row = place_row(code)
    return f"{row['name_ja']} {row['name_en']}"


def vintage(plan: Plan) -> tuple[str, ...]:
    """Footer: boundaries, people, scenario, software."""
    return vintage_lines(
        load_places().vintage,
        scenario=plan.scenario.name,
        scenario_hash=plan.scenario.content_hash[:12],
        version=__version__,
    )


def write_review(told: Told, plan: Plan | None, folder: Path, *, files: Sequence[str]) -> Path:
    """Write the page after the exercise; its path."""
    measured, places = told["measures"], told["places"]
    marks = [
        (i["t_s"], i["name"]) for i in told["injects"] if i["step"] in ("begun", "done", "found")
    ]
    content = {
        "told": told,
        "banner": pictures.banner_of(told["status"]),
        "cards": {
            "shown": _share(measured["shown_share"]),
            "delay": _delay(measured),
            "wrong": len(told["wrong"]),
            "in_time": _share(measured["in_time_share"]),
        },
        "timeline": pictures.timeline(places, marks, told["end_t_s"]) if places else "",
        "hidden": max(0, len(places) - pictures.ROWS),
        "map": _reached_map(told) if places else "",
        "replay": f"hinomi drill run {folder / 'plan.toml'} -o {folder}-again",
        "files": files,
        "vintage": vintage(plan) if plan else (),
    }
    return write_page("drill_review.html.j2", content, folder / REVIEW)


def _share(value: float | None) -> str:
    return "-" if value is None else f"{100.0 * value:.1f} %"


def _delay(measured: Mapping[str, float | None]) -> str:
    low, high = measured["delivery_p50_s"], measured["delivery_p99_s"]
    return "-" if low is None or high is None else f"{low:.2f} / {high:.2f} s"


def _reached_map(told: Told) -> str:
    reached = {p["code"] for p in told["places"] if p["shown"] is not None}
    late = {
        p["code"] for p in told["people"] if p["takes_part"] and p["shown_t_s"] and not p["in_time"]
    }
    never = {p["code"] for p in told["places"]} - reached
    return pictures.area_map(
        {"reached": reached - late, "late": late, "unreached": never},
        title="Municipalities that showed an alert",
        lines=[f"{len(reached)} municipalities showed an alert, {len(never)} did not."],
    )

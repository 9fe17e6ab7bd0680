"""Tables of the sections on tracking and forecasts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from markupsafe import Markup

from hinomi.report.downloads import csv_link, figures_link
from hinomi.report.table import cell, grouped, table
from hinomi.report.tongue import Tongue

FACTOR: Final = {"optimistic by a factor ": "{}倍楽観", "pessimistic by a factor ": "{}倍悲観"}


def verdict_words(verdict: str, say: Tongue) -> Markup:
    """A verdict on stated errors."""
    for start, japanese in FACTOR.items():
        if verdict.startswith(start):
            return say.pair(verdict, japanese.format(verdict.removeprefix(start)))
    if verdict.startswith("too few tracks"):
        return say.pair(verdict, "航跡が少なく判定しない")
    return say(verdict)


def tracking_tables(told: Mapping[str, Any], say: Tongue) -> dict[str, Markup]:
    """The whole picture, and the phases of flight."""
    rows = [
        [say(r["name"]), say(r["unit"]), *(cell(say.cell(c["value"]), say.cell(c["interval"])) for c in r["cells"])]
        for r in told["rows"]
    ]  # fmt: skip
    whole = table(
        [say("score"), say("unit"), *(say(c) for c in told["columns"])],
        rows, label=say.plain("Tracking"), text=(1,), wide="wide",
        caption=say("The whole picture; 95 % intervals in grey.") + " " + figures_link("tracking", told["figures"], say),
    )  # fmt: skip
    heads = ("architecture", "phase", "with a track", "tracks", "position, m", "velocity, m/s",
             "squared error", "inside the region", "stated error is")  # fmt: skip
    keys = ("name", "complete", "runs", "position", "position_stated", "velocity", "velocity_stated",
            "squared", "squared_span", "inside", "verdict")  # fmt: skip
    lines = [
        [g["name"], *(r.get(k, "") for k in keys)] for g in told["phases"] for r in g["rows"]
    ]  # fmt: skip
    phases = grouped(
        [say(h) for h in heads],
        [(say(g["name"]), [_phase(r, say) for r in g["rows"]]) for g in told["phases"]],
        label=say.plain("Tracking"), text=(1, 8), wide="wider",
        caption=say("By phase of flight: errors over three axes, stated error in grey.") + " "
        + csv_link("tracking-phases", ("architecture", "phase", *keys[1:]), lines, say),
    )  # fmt: skip
    return {"whole": whole, "phase_table": phases}


def _phase(row: Mapping[str, str], say: Tongue) -> list[object]:
    def two(name: str, small: str) -> Markup:
        return cell(row.get(name, ""), say.cell(row.get(small, "")))

    return [
        say(row["name"]),
        row["complete"],
        row["runs"],
        two("position", "position_stated"),
        two("velocity", "velocity_stated"),
        two("squared", "squared_span"),
        row.get("inside", ""),
        verdict_words(row["verdict"], say),
    ]


def calibration_table(told: Mapping[str, Any], say: Tongue) -> Markup:
    """Coverage of the 90 % region by the predictor of the study."""
    rows = told["short_rows"]
    groups = [
        (
            say(truth),
            [
                [say(r["epoch"]), say(r["phase"]), r["n"], cell(r["inside"], say.cell(r["interval"])), r["area"]]
                for r in rows
                if r["truth"] == truth
            ],
        )
        for truth in dict.fromkeys(r["truth"] for r in rows)
    ]  # fmt: skip
    keys = ("truth", "epoch", "phase", "n", "inside", "interval", "area")
    link = csv_link("calibration", keys, [[r[k] for k in keys] for r in rows], say)
    launches = Markup("; ").join(
        Markup("{}: {}").format(say(name), n) for name, n in told["launches"].items()
    )
    caption = Markup("{} {}. {} {}").format(
        say("Coverage of the 90 % region by the predictor of this study, number of launches:"),
        launches, say("One forecast per launch and epoch."), link,
    )  # fmt: skip
    heads = ("truth", "epoch", "phase", "forecasts", "held", "median area, km²")
    return grouped(
        [say(h) for h in heads], groups, label=say.plain("Forecasts"), caption=caption,
        text=(1, 2), wide="wide",
    )  # fmt: skip

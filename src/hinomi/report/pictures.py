"""Every picture of a report as inline SVG, with a title and a description for screen readers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from markupsafe import Markup

from hinomi.report import answer_figures, figures
from hinomi.report import data as report_data
from hinomi.report.basemap import svg
from hinomi.report.calibration import reliability_figure
from hinomi.report.map import area_map
from hinomi.report.tracking_figure import errors_by_phase
from hinomi.report.words import CAPTIONS
from hinomi.scenario.model import Scenario
from hinomi.study.results import Results

TITLES: Final = {
    "panels": "Key figures with their intervals, by architecture",
    "bands": "Chance and assumptions, two bands for each figure",
    "map": "Map of the area with flights, sensors and alerted prefectures",
    "timeline": "Timeline from ignition to arrival by architecture",
    "lead": "Lead time by island group and architecture",
    "tracking": "Errors made and errors stated, by phase of flight and architecture",
    "leakage": "Leakers and interceptors fired, by architecture",
    "calibration": "Probability stated against the share that was hit",
    "people": "From ignition to shelter, stage by stage",
}


def picture(figure: Any, name: str, banner_text: str, told: str = "") -> Markup:
    """Inline SVG of a figure; its description begins with the banner."""
    desc = " ".join(filter(None, (f"{banner_text} {TITLES[name]}.", CAPTIONS.get(name), told)))
    return Markup(svg(figure, name, title=TITLES[name], desc=desc))  # noqa: S704 - escaped there


def pictures(
    study: Results,
    scenario: Scenario,
    leads: Mapping[tuple[str, str], tuple[Any, Any]],
    groups: Sequence[str],
    labels: Mapping[str, str],
    banner_text: str,
) -> dict[str, Markup]:
    """Name -> picture, empty where there is nothing to show."""
    import matplotlib as mpl

    mpl.use("Agg")
    architectures = list(labels)
    told = study.summary()
    with mpl.rc_context(figures.THEME):
        drawn = {
            "panels": answer_figures.key_panels(
                told["architectures"], architectures, labels, defended=bool(scenario.batteries)
            ),
            "map": area_map(study, scenario),
            "timeline": figures.timeline(
                report_data.step_times(study.table("events"), architectures), architectures, labels
            ),
            "lead": figures.lead_times(
                leads, groups, architectures, labels, scenario.policy.needed_s
            )
            if groups
            else None,
            "tracking": errors_by_phase(told["tracking"]["architectures"], architectures, labels)
            if told.get("tracking")
            else None,
            "leakage": _leakage(study, scenario, labels),
            "calibration": reliability_figure(threshold=scenario.policy.hit_threshold),
        }
        return {
            name: picture(figure, name, banner_text) if figure is not None else Markup("")
            for name, figure in drawn.items()
        }


def band_picture(rows: Sequence[Mapping[str, Any]], banner_text: str) -> Markup:
    """Chance and assumptions of each figure; empty without rows."""
    import matplotlib as mpl

    mpl.use("Agg")
    if not rows:
        return Markup("")
    with mpl.rc_context(figures.THEME):
        return picture(answer_figures.band_panels(rows), "bands", banner_text)


def _leakage(study: Results, scenario: Scenario, labels: Mapping[str, str]) -> Any:
    if not scenario.batteries:
        return None
    metrics = study.table("metrics")
    leakers, shots = (
        {a: report_data.metric_values(metrics, m, a) for a in labels} for m in ("leakers", "shots")
    )
    return figures.leakage(leakers, shots, list(labels), labels, len(scenario.threats))

"""What pages of answers have in common: banner and vintage, pictures as SVG, one file whole or not."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from hinomi import __version__
from hinomi.report.basemap import svg
from hinomi.report.figures import THEME
from hinomi.scenario.model import Scenario
from hinomi.scenario.places_region import places_of
from hinomi.study.banner import banner, description, vintage_lines
from hinomi.study.store import write_atomically
from hinomi.study.template import rendered


def write_page(folder: Path, name: str, content: Mapping[str, Any]) -> Path:
    """Write `name` from the template of that name into a folder and return its path."""
    text = rendered(f"{name}.j2", content)
    path = folder / name
    write_atomically(path, lambda part: part.write_text(text, encoding="utf-8"))
    return path


def frame(scenario: Scenario, *others: Scenario) -> dict[str, Any]:
    """Version, banner and vintage of a page about a scenario, or about several."""
    every = (scenario, *others)
    shown = banner("study", reconstruction=any(s.facts for s in every))
    return {
        "version": __version__,
        "banner": {"text": shown.text, "colour": shown.ground},
        "vintage": vintage_lines(
            " ".join(dict.fromkeys(places_of(s.places).vintage for s in every)),
            scenario=scenario.name,
            scenario_hash=scenario.content_hash[:12],
            version=__version__,
        ),
    }


def drawing(draw: Callable[[], Any], *, prefix: str, title: str, words: Sequence[str]) -> str:
    """One figure of matplotlib as SVG text, described in words; `prefix` keeps its names apart."""
    import matplotlib as mpl

    mpl.use("Agg")
    with mpl.rc_context(THEME):
        return str(svg(draw(), prefix, title=title, desc=description("study", words)))

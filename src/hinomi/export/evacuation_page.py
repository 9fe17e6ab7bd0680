"""One HTML page about an evacuation: the answer, the picture, the tables, every number's source."""

from __future__ import annotations

from importlib import resources
from typing import Any

from hinomi.export.evacuation_answer import Evacuated
from hinomi.export.evacuation_picture import draw, svg_text
from hinomi.study.banner import banner


def page_text(found: Evacuated, told: dict[str, Any]) -> str:
    """The page; opens offline."""
    import jinja2
    from markupsafe import Markup

    from hinomi.export.evacuation_answer import FEW, saved_words

    saved = {r["exit"]: r for r in told["doubled"]}
    file = resources.files("hinomi") / "data" / "templates" / "evacuation.html.j2"
    environment = jinja2.Environment(autoescape=True)
    return environment.from_string(file.read_text(encoding="utf-8")).render(
        told=told,
        shown=banner("study"),
        answer=answer(told),
        summary=found.loaded.summary,
        picture=Markup(svg_text(draw(found, told, bare=True), told)),  # noqa: S704 - our own drawing
        rows=[
            {**saved[r["exit"]], **r, "saved": saved_words(saved[r["exit"]])} for r in told["exits"]
        ],
        numbers=found.loaded.numbers,
        few=min(FEW, told["replicates"]),
    )


def answer(told: dict[str, Any]) -> str:
    """One sentence that a reader can quote."""
    days = told["days"]
    if days["value"] is None:
        return f"In half of the replicates the islands are not cleared in {told['most_days']} days."
    high = "more" if days["high"] is None else f"{days['high']:.1f}"
    return (
        f"{told['people']:,} people leave in {days['value']:.1f} days (90 % of replicates: "
        f"{days['low']:.1f} to {high}); as planned, in calm weather and with every capacity achieved, "
        f"in {told['planned_days']:.1f}. {_where(told)}"
    )


def _where(told: dict[str, Any]) -> str:
    """Where more capacity helps most, as far as chance lets it be said."""
    if not told["as_good"]:
        return f"More capacity helps most at {told['bottleneck']}."
    return (
        f"More capacity helps most at {told['bottleneck']}, but chance does not tell it from "
        f"{', '.join(told['as_good'])}."
    )

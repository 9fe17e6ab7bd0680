"""From a name or a file to a plan of evacuation, and every number of it with its source."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from hinomi.errors import ScenarioError
from hinomi.records.evacuation import EvacuationPlan, Exit, Island, Season
from hinomi.scenario.catalogue import catalogue
from hinomi.scenario.evacuation_schema import FORMAT, PlanText
from hinomi.scenario.mistakes import from_validation, nearest
from hinomi.scenario.quantity import Quantity
from hinomi.scenario.text import KeyPath, example_of, line_numbers, line_of, parse_text, read_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A number of a plan with what is known about it; low and high are None where none is given."""

    key: str
    path: KeyPath
    value: float
    low: float | None
    high: float | None
    grade: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedPlan:
    """A plan with every number of its text."""

    plan: EvacuationPlan
    summary: str
    numbers: tuple[Known, ...]
    text: PlanText
    season: str

    def at(self, known: Known, value: float) -> EvacuationPlan:
        """Return the plan with one of its numbers at another value, without a range."""
        document = self.text.model_dump()
        node: Any = document
        for step in known.path[:-1]:
            node = node[step]
        node[known.path[-1]] = {"value": value}
        return _built(PlanText.model_validate(document), self.season)


_KEY_WORDS = {
    "achieved_share": "share of the planned capacity that is achieved",
    "reception_per_day": "people whom the hosts take in a day",
    "beds": "beds at the hosts",
    "prepare_days": "days to prepare",
    "residents": "residents",
    "visitors": "visitors",
    "people_per_day": "people a day",
    "open_share": "share of days on which it is open",
    "from_day": "first day on which it is open",
    "storm_per_day": "closures by storm that begin on a day",
    "storm_days": "days that a closure by storm lasts",
}


def number_words(key: str) -> str:
    """A number of a plan as people read it: `exits[Hirara port].people_per_day` is a port's."""
    of, dot, last = key.rpartition(".")
    words = _KEY_WORDS.get(last, last.replace("_", " "))
    if not dot:
        return words
    kind, _, name = of.partition("[")
    return f"{name.rstrip(']')}{' season' if kind == 'seasons' else ''}: {words}"


def load_plan(plan: str | Path, *, season: str | None = None) -> LoadedPlan:
    """Load a bundled plan by name or a plan of one's own by its path.

    Parameters
    ----------
    season
        one of the plan's seasons; the plan's own choice otherwise.

    Raises
    ------
    ScenarioError
        listing every mistake at once, with line, key, value and limit.
    """
    words = str(plan)
    bundled = catalogue().get("evacuation", {})
    if words in bundled:
        document, lines = bundled[words], {}
    else:
        path = Path(plan)
        if path.suffix != ".toml" and len(path.parts) < 2 and not path.exists():
            near = nearest(words, bundled)
            tail = f"; did you mean {near!r}?" if near else ""
            raise ScenarioError(
                f"{words!r} is no plan: bundled are {', '.join(bundled)}; a file is given by its "
                f"path{tail}"
            )
        text = read_text(path)
        document = parse_text(text, words, begin=example_of(FORMAT, "evacuation"))
        lines = line_numbers(text)
        if document.get("format", FORMAT) != FORMAT:
            raise ScenarioError(
                f"{words}: format is {document['format']!r}; a plan of evacuation says {FORMAT!r}"
            )
    checked = _checked(document, words, lines)
    if season is not None and season not in (known := [s.name for s in checked.seasons]):
        near = nearest(season, known)
        tail = f"; did you mean {near!r}?" if near else ""
        raise ScenarioError(f"{words}: no season {season!r}: there are {', '.join(known)}{tail}")
    chosen = season or checked.season
    return LoadedPlan(
        plan=_built(checked, chosen),
        summary=checked.summary,
        numbers=tuple(_numbers(checked, "", ())),
        text=checked,
        season=chosen,
    )


def _checked(document: dict[str, Any], name: str, lines: dict[Any, int]) -> PlanText:
    try:
        return PlanText.model_validate(document)
    except ValidationError as error:
        mistakes = from_validation(error, document, PlanText)
        mistakes.sort(key=lambda m: line_of(lines, m.path) or 0)
        words = [
            m.text(name, lines, document).replace(": the scenario:", ": the plan:")
            for m in mistakes
        ]
        words = list(dict.fromkeys(words))
        raise ScenarioError(
            "\n".join([*words, f"{name}: {len(words)} mistakes"] if len(words) > 1 else words)
        ) from None


def _built(given: PlanText, season: str) -> EvacuationPlan:
    chosen = next(s for s in given.seasons if s.name == season)
    start = given.prepare_days.value
    return EvacuationPlan(
        name=given.name,
        title=given.title,
        islands=tuple(
            Island(
                name=i.name,
                weather=i.weather,
                residents=i.residents.value,
                visitors=i.visitors.value,
            )
            for i in given.islands
        ),
        exits=tuple(
            Exit(
                name=e.name,
                island=e.island,
                to=e.to or "",
                kind=e.kind,
                people_per_day=e.people_per_day.triangle,
                open_share=e.open_share.value,
                from_day=start + e.from_day.value,
            )
            for e in given.exits
        ),
        season=Season(
            name=chosen.name,
            storm_per_day=chosen.storm_per_day.value,
            storm_days=chosen.storm_days.triangle,
        ),
        achieved_share=given.achieved_share.triangle,
        reception_per_day=float("inf")
        if given.reception_per_day is None
        else given.reception_per_day.value,
        beds=float("inf") if given.beds is None else given.beds.value,
        most_days=int(given.most_days.value),
    )


def _numbers(section: BaseModel, key: str, path: KeyPath) -> Iterator[Known]:
    """Every number below a section, in its order."""
    for name in type(section).model_fields:
        yield from _known(getattr(section, name), f"{key}.{name}" if key else name, (*path, name))


def _known(value: object, key: str, path: KeyPath) -> Iterator[Known]:
    if isinstance(value, Quantity):
        source = "; ".join(filter(None, (value.source, value.note)))
        yield Known(
            key=key, path=path, value=value.value, low=value.low, high=value.high,
            grade=value.grade, source=source,
        )  # fmt: skip
    elif isinstance(value, BaseModel):
        yield from _numbers(value, key, path)
    elif isinstance(value, list):
        for i, item in enumerate(value):
            yield from _known(item, f"{key}[{getattr(item, 'name', i)}]", (*path, i))

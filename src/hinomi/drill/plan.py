"""A plan of an exercise: read, checked whole, every mistake at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from importlib import resources
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from hinomi.cap.texts import LANGUAGES, full_tag
from hinomi.drill import enrolled
from hinomi.drill.plan_schema import FORMAT, PlanText
from hinomi.drill.start_scenario import staged_text
from hinomi.errors import FenceError, HinomiError, ScenarioError
from hinomi.scenario.load import load_text, scenario_names, scenario_text
from hinomi.scenario.mistakes import Mistake, from_validation, nearest
from hinomi.scenario.model import Scenario
from hinomi.scenario.quantity import q
from hinomi.scenario.text import line_numbers, parse_text, read_text

NEEDS_PLACES: Final = ("receiver-down", "link-cut", "forged-alert", "wrong-area", "false-alarm")
NEEDS_TIME: Final = ("receiver-down", "link-cut", "broker-killed")
MOST_RECEIVERS: Final = 300  # assumed: what one machine runs beside the exercise itself


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A checked plan with its scenario."""

    text: PlanText
    source: str  # the text of the file
    path: str  # what messages call it
    scenario: Scenario
    given: str  # text of the scenario before injects changed it
    architecture: str
    seed: int
    codes: tuple[str, ...]  # municipalities whose receivers take part

    @property
    def name(self) -> str:
        """Name of the exercise."""
        return self.text.name

    @property
    def languages(self) -> tuple[str, ...]:
        """Languages of the messages, full tags."""
        return tuple(full_tag(tag) for tag in self.text.exercise.languages)

    @property
    def starts(self) -> datetime:
        """Time at which the scenario's clock stands at 0: its epoch."""
        return self.scenario.epoch

    @property
    def end_s(self) -> float:
        """Scenario time at which the exercise ends."""
        end = self.text.clock.end_s
        return self.scenario.t_end_s if end is None else min(end.value, self.scenario.t_end_s)

    @property
    def shelter_s(self) -> float:
        """Time [s] that people need to reach shelter, where no place has its own."""
        given = self.text.time_to_shelter_s
        return self.scenario.policy.needed_s if given is None else given.value

    def shelter_of(self) -> dict[str, float]:
        """Time to shelter [s] of the places that have their own."""
        return {
            enrolled.place_code(each.place)[0]: each.time_to_shelter_s.value
            for each in self.text.shelter
        }


def plan_names() -> tuple[str, ...]:
    """Names of the plans that ship with the package."""
    folder = resources.files("hinomi") / "data" / "drills"
    return tuple(sorted(f.name[:-5] for f in folder.iterdir() if f.name.endswith(".toml")))


def load_plan(given: str | Path) -> Plan:
    """Load a bundled plan, a plan's file, or the default plan of a scenario.

    Raises
    ------
    ScenarioError
        listing every mistake at once.
    FenceError
        when one of them lies outside the scope of the project.
    """
    words = str(given)
    if words in plan_names():
        file = resources.files("hinomi") / "data" / "drills" / f"{words}.toml"
        return check_plan(file.read_text(encoding="utf-8"), words)
    if words in scenario_names():
        return check_plan(default_text(words), f"default plan of {words}")
    path = Path(given)
    if path.suffix != ".toml" and not path.exists():
        near = nearest(words, (*plan_names(), *scenario_names()))
        tail = f"; did you mean {near!r}?" if near else ""
        raise ScenarioError(
            f"{words!r} is neither a plan nor a scenario: bundled plans are "
            f"{', '.join(plan_names())}; a file is given by its path{tail}"
        )
    text = read_text(path)
    begin = f"write one to edit: hinomi drill plan okinawa-2025 --write {words}"
    document = parse_text(text, words, begin=begin)
    if str(document.get("format", "")).startswith("hinomi/scenario/"):
        return check_plan(default_text(words), f"default plan of {words}")
    return check_plan(text, words, folder=path.parent)


def check_plan(text: str, name: str, *, folder: Path | None = None) -> Plan:
    """Check a plan's text; a scenario that it names by path is looked for beside it."""
    document = parse_text(text, name)
    if "format" in document and document["format"] != FORMAT:
        raise ScenarioError(f"{name}: format is {document['format']!r}; a plan is of {FORMAT!r}")
    mistakes: list[Mistake] = []
    checked: PlanText | None = None
    try:
        checked = PlanText.model_validate(document)
    except ValidationError as error:
        mistakes += from_validation(error, document, PlanText)
    mistakes += name_mistakes(document)
    scenario, given, found = _scenario_of(document, folder)
    mistakes += found
    if mistakes or checked is None or scenario is None:
        lines = line_numbers(text)
        mistakes.sort(key=lambda m: lines.get(m.path, 0))
        words = list(dict.fromkeys(m.text(name, lines, document) for m in mistakes))
        raise (FenceError if any(m.fence for m in mistakes) else ScenarioError)("\n".join(words))
    plan = Plan(
        text=checked,
        source=text,
        path=name,
        scenario=scenario,
        given=given,
        architecture=checked.architecture or scenario.study.architectures[0],
        seed=scenario.study.seed if checked.seed is None else int(checked.seed.value),
        codes=tuple(sorted({
            code for p in checked.participants
            for code in enrolled.codes_of(p.places, p.prefectures)
        })),
    )  # fmt: skip
    _refuse_whole(plan)
    return plan


def _refuse_whole(plan: Plan) -> None:
    """Refuse what only the whole plan shows."""
    if len(plan.codes) > MOST_RECEIVERS:
        raise ScenarioError(
            f"{plan.path}: {len(plan.codes)} municipalities take part; at most {MOST_RECEIVERS} "
            "receivers run at once: name fewer"
        )
    if plan.scenario.places is not None:
        raise ScenarioError(
            f"{plan.path}: the scenario {plan.scenario.name} has places of its own; receivers of an "
            "exercise are municipalities of Japan: name a scenario without area.places"
        )


def _scenario_of(
    document: Mapping[str, Any], folder: Path | None
) -> tuple[Scenario | None, str, list[Mistake]]:
    """The scenario as played, its text as given, and what is wrong with its name."""
    name, injects = document.get("scenario"), document.get("injects")
    if not isinstance(name, str):
        return None, "", []
    bundled = name in scenario_names() or folder is None
    where: str | Path = name if bundled else folder / name  # type: ignore[operator]
    rows = injects if isinstance(injects, list) else []
    if not bundled and (Path(name).is_absolute() or ".." in Path(name).parts):
        what = "must stand beside or below the plan, as a relative path"
        return None, "", [Mistake(("scenario",), what, name, True)]
    try:
        text, called = scenario_text(where)
        staged = staged_text(text, called, [r for r in rows if isinstance(r, dict)])
        scenario = load_text(staged, called, folder=None if bundled else Path(where).parent)
    except HinomiError as error:
        near = nearest(name, scenario_names())
        return None, "", [Mistake(("scenario",), str(error).split("; did you mean")[0], near=near)]
    found = []
    asked = document.get("architecture")
    if isinstance(asked, str) and asked not in scenario.architectures:
        known = ", ".join(scenario.architectures)
        near = nearest(asked, scenario.architectures)
        found.append(
            Mistake(("architecture",), "the scenario has no such", asked, True, known, near)
        )
    return scenario, text, found


def name_mistakes(document: Mapping[str, Any]) -> list[Mistake]:
    """Places, languages and times of a plan that are not, or do not go together."""
    out: list[Mistake] = []
    for section in ("participants", "gates", "injects", "shelter"):
        rows = document.get(section)
        for i, row in enumerate(rows if isinstance(rows, list) else []):
            if isinstance(row, dict):
                out += _of_row(section, i, row)
    exercise = document.get("exercise")
    tags = exercise.get("languages", []) if isinstance(exercise, dict) else []
    for tag in tags if isinstance(tags, list) else []:
        if isinstance(tag, str) and full_tag(tag) not in LANGUAGES:
            near = nearest(tag, LANGUAGES)
            known = ", ".join(LANGUAGES)
            path = ("exercise", "languages")
            out.append(Mistake(path, "there are no texts in it", tag, True, known, near))
    return out


def _of_row(section: str, i: int, row: Mapping[str, Any]) -> list[Mistake]:
    out: list[Mistake] = []
    single = "place" if section == "shelter" else "places"
    given = row.get(single, [])
    for name in [given] if isinstance(given, str) else given if isinstance(given, list) else []:
        if isinstance(name, str) and (what := enrolled.place_code(name)[1]):
            near = enrolled.near_place(name)
            out.append(Mistake((section, i, single), what, name, True, near=near))
    given = row.get("prefectures", [])
    for name in given if isinstance(given, list) else []:
        if isinstance(name, str) and not enrolled.prefecture_codes(name):
            near = enrolled.near_prefecture(name)
            what = "no prefecture has this name"
            out.append(Mistake((section, i, "prefectures"), what, name, True, near=near))
    if section == "injects":
        out += _of_inject(i, row)
    return out


def _of_inject(i: int, row: Mapping[str, Any]) -> list[Mistake]:
    kind = row.get("kind")
    out = []
    if kind in NEEDS_PLACES and not row.get("places"):
        out.append(Mistake(("injects", i, "places"), f"is missing: {kind} is done to places"))
    if kind in NEEDS_TIME and row.get("for_s") is None:
        out.append(Mistake(("injects", i, "for_s"), f"is missing: how long {kind} lasts"))
    if kind == "card" and not row.get("text"):
        out.append(Mistake(("injects", i, "text"), "is missing: a card says something"))
    return out


def default_text(scenario: str) -> str:
    """Plan of an exercise that a scenario alone decides: its prefectures, common injects."""
    text, name = scenario_text(scenario)
    document = parse_text(text, name)
    area = document.get("area", {})
    prefectures = [p for p in area.get("prefectures", []) if enrolled.prefecture_codes(str(p))]
    names = ", ".join(f'"{p}"' for p in prefectures or ["Okinawa"])
    template = resources.files("hinomi") / "data" / "drills" / "default.toml.txt"
    words = template.read_text(encoding="utf-8")
    called = document.get("name", "drill")
    for key, value in {
        "@NAME@": f"drill-{called}"[:60], "@SCENARIO@": scenario, "@PREFECTURES@": names,
    }.items():  # fmt: skip
        words = words.replace(key, value)
    return words


def with_speed(plan: Plan, speed: float) -> Plan:
    """The same plan on a faster or slower clock.

    Raises
    ------
    ScenarioError
        for a speed outside 1 to 60.
    """
    if not 1.0 <= speed <= 60.0:
        raise ScenarioError(f"--speed is {speed:g}; it must be between 1 and 60")
    clock = plan.text.clock.model_copy(update={"speed": q(speed)})
    return replace(plan, text=plan.text.model_copy(update={"clock": clock}))

"""What a plan of an exercise may say: every section, key and limit."""

from __future__ import annotations

from typing import Annotated, Final, Literal, Self, TypeAlias

from pydantic import AfterValidator, Field, Strict, model_validator
from pydantic_core import PydanticCustomError

from hinomi.cap.words import denial_in
from hinomi.records.alerts import EXERCISE, TEST
from hinomi.scenario.catalogue_schema import Flag, Name, Section, Text
from hinomi.scenario.quantity import Quantity, Seconds, Within, q

FORMAT: Final = "hinomi/drill/1"

Inject: TypeAlias = Literal[
    "receiver-down", "link-cut", "broker-killed", "duplicate", "reordered-cancel", "forged-alert",
    "wrong-area", "false-alarm", "second-raid", "night", "visitors", "card",
]  # fmt: skip
Measure: TypeAlias = Literal[
    "delivery_p50_s", "delivery_p99_s", "release_s", "received_share", "shown_share",
    "confirmed_share", "in_time_share", "lost_alerts", "wrong_recipients", "sounded_twice",
    "cancel_first", "cancel_s", "silent_listed_s", "forged_shown",
]  # fmt: skip
Role: TypeAlias = Literal["composer", "releaser", "director", "key officer", "observer"]
Output: TypeAlias = Literal["municipal radio", "siren", "phones", "mail", "web page", "broadcast"]


def _refuse_actual(status: str) -> str:
    if status not in (EXERCISE, TEST):
        raise PydanticCustomError(
            "fence",
            "lies outside the scope of this project: a drill is of status Exercise or Test",
            {"limit": "Exercise or Test", "given": status},
        )
    return status


def _refuse_denial(text: str) -> str:
    if phrase := denial_in(text):
        raise PydanticCustomError(
            "fence",
            f"says {phrase!r}: nobody could tell an exercise from the real thing",
            {"limit": "no words that deny an exercise", "given": text[:60]},
        )
    return text


Told: TypeAlias = Annotated[Text, AfterValidator(_refuse_denial)]
Whole: TypeAlias = Annotated[Quantity, Within(low=0.0, high=2.0**32 - 1.0, whole=True)]
# Seconds of the scenario's clock.
ScenarioTime: TypeAlias = Annotated[Quantity, Within(low=0.0, high=14_400.0)]


class ExerciseSection(Section):
    """What the exercise is called, and how its messages are written."""

    status: Annotated[str, Strict(), AfterValidator(_refuse_actual)] = EXERCISE
    sender: Annotated[str, Strict(), Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9.@_-]*$")]
    languages: Annotated[list[Text], Field(min_length=1, max_length=5)] = Field(
        default_factory=lambda: ["ja-JP", "en-US"]
    )
    release: Literal["auto", "console"] = "auto"  # the rule alone, or two persons at the console


class ClockSection(Section):
    """How fast the scenario's clock runs, and when the wall's ends the exercise whatever happens."""

    speed: Annotated[Quantity, Within(low=1.0, high=60.0)] = q(10.0)
    end_s: Annotated[Quantity, Within(above=0.0, high=14_400.0)] | None = None
    limit_min: Annotated[Quantity, Within(above=0.0, high=240.0)] = q(30.0)


class Participant(Section):
    """Who takes part: the municipalities whose receivers get the messages."""

    name: Told
    prefectures: list[Text] = Field(default_factory=list)
    places: list[Text] = Field(default_factory=list)  # codes or names
    contact: Told = ""

    @model_validator(mode="after")
    def _somewhere(self) -> Self:
        if not self.prefectures and not self.places:
            raise PydanticCustomError(
                "limit", "names neither places nor prefectures",
                {"limit": "at least one of `places`, `prefectures`", "given": self.name},
            )  # fmt: skip
        return self


class Person(Section):
    """Who may do what; a name of a role will do."""

    name: Told
    roles: Annotated[list[Role], Field(min_length=1)]


class Gate(Section):
    """An output that could reach people outside the exercise; closed unless said otherwise."""

    output: Output
    open: Flag = False
    places: list[Text] = Field(default_factory=list)  # all participants otherwise
    simulator: Told = ""  # what stands in for it


class InjectSection(Section):
    """Something that is done to the exercise at a time of the scenario's clock."""

    name: Name
    at_s: ScenarioTime
    kind: Inject
    for_s: Seconds | None = None
    places: list[Text] = Field(default_factory=list)
    text: Told = ""  # of a card
    expect: Told = ""  # what players should do


class Objective(Section):
    """One thing to be shown, with the measure that decides it.

    Met at `target`, met with challenges up to `accept`; beyond that with major challenges.
    """

    name: Told
    capability: Told = ""
    measure: Measure
    target: Annotated[Quantity, Within(low=0.0)]
    accept: Annotated[Quantity, Within(low=0.0)] | None = None


class ShelterPlace(Section):
    """Time that people of a place need to reach shelter."""

    place: Text
    time_to_shelter_s: Annotated[Quantity, Within(low=0.0, high=3600.0)]


class PlanText(Section):
    """A whole plan."""

    format: Literal["hinomi/drill/1"]
    name: Name
    title: Told
    summary: Told = ""
    scenario: Text
    architecture: Name | None = None  # the scenario's first otherwise
    replicate: Whole = q(0.0)
    seed: Whole | None = None  # the scenario's otherwise
    exercise: ExerciseSection
    clock: ClockSection = ClockSection()
    participants: Annotated[list[Participant], Field(min_length=1, max_length=200)]
    people: Annotated[list[Person], Field(max_length=100)] = Field(default_factory=list)
    gates: Annotated[list[Gate], Field(max_length=50)] = Field(default_factory=list)
    injects: Annotated[list[InjectSection], Field(max_length=100)] = Field(default_factory=list)
    objectives: Annotated[list[Objective], Field(max_length=50)] = Field(default_factory=list)
    time_to_shelter_s: Annotated[Quantity, Within(low=0.0, high=3600.0)] | None = None
    shelter: Annotated[list[ShelterPlace], Field(max_length=2000)] = Field(default_factory=list)

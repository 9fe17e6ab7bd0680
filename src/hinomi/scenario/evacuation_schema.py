"""What a plan of evacuation may say: islands, ports, airports, legs, seasons."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from hinomi.scenario.catalogue_schema import Name, Section, Text
from hinomi.scenario.quantity import Drawn, NonNegative, Quantity, Share, Within, q

FORMAT = "hinomi/evacuation/1"
People = Annotated[Quantity, Within(low=0.0, high=50e6)]
Rate = Annotated[Quantity, Within(low=0.0, high=1e7, drawn=True)]


class IslandSection(Section):
    """People of one municipality."""

    name: Name
    weather: Name
    residents: People
    visitors: People = q(0.0)


class ExitSection(Section):
    """A port, an airport, or a leg to another island of the plan."""

    name: Name
    island: Name
    to: Name | None = None
    kind: Literal["airport", "port", "leg"]
    people_per_day: Rate
    open_share: Share
    from_day: NonNegative = q(0.0)


class SeasonSection(Section):
    """How often storms close everything."""

    name: Name
    storm_per_day: Share
    storm_days: Annotated[Quantity, Within(low=1.0, high=30.0, drawn=True)]


class PlanText(Section):
    """A whole plan."""

    format: Literal["hinomi/evacuation/1"]
    name: Name
    title: Text
    summary: Text = ""
    season: Name
    achieved_share: Annotated[Quantity, Within(above=0.0, high=2.0, drawn=True)] = q(1.0)
    reception_per_day: Annotated[Quantity, Within(above=0.0, high=1e7)] | None = None
    beds: People | None = None
    most_days: Annotated[Quantity, Within(low=1.0, high=365.0, whole=True)] = q(90.0)
    prepare_days: Drawn = q(0.0)
    islands: Annotated[list[IslandSection], Field(min_length=1, max_length=200)]
    exits: Annotated[list[ExitSection], Field(min_length=1, max_length=500)]
    seasons: Annotated[list[SeasonSection], Field(min_length=1, max_length=20)]

    @model_validator(mode="after")
    def _names_fit(self) -> Self:
        islands = _once("islands", [i.name for i in self.islands])
        _once("exits", [e.name for e in self.exits])
        _known("season", self.season, _once("seasons", [s.name for s in self.seasons]))
        for e in self.exits:
            _known(f"exits[{e.name}].island", e.island, islands)
            if (e.kind == "leg") != (e.to is not None):
                raise PydanticCustomError(
                    "leg",
                    "has exit {name}: a leg names where it leads in to, a port or airport does not",
                    {"name": e.name},
                )
            if e.to is not None:
                _known(f"exits[{e.name}].to", e.to, islands)
                if e.to == e.island:
                    raise PydanticCustomError(
                        "leg", "has leg {name} from an island to itself", {"name": e.name}
                    )
        return self


def _once(what: str, names: list[str]) -> list[str]:
    twice = sorted({n for n in names if names.count(n) > 1})
    if twice:
        raise PydanticCustomError(
            "twice", "has two {what} called {name}", {"what": what, "name": twice[0]}
        )
    return names


def _known(key: str, name: str, names: list[str]) -> None:
    if name not in names:
        raise PydanticCustomError(
            "unknown",
            "has {key} = {name}, which it does not define; there are {names}",
            {"key": key, "name": repr(name), "names": ", ".join(names)},
        )

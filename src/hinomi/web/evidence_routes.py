"""Routes of numbers and their sources: a scenario's numbers, claims, launches, audits."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from hinomi.web.route_tools import desk_of

router = APIRouter(prefix="/api")
MOST_TEXT = 64 * 1024
Figure = (
    Annotated[float, Field(ge=0, le=1e6, allow_inf_nan=False)]
    | Annotated[str, Field(max_length=40)]
)
LaunchId = Annotated[str, Path(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[a-z0-9-]{0,10}$")]
ScenarioName = Annotated[str, Query(pattern=r"^[a-z0-9-]{1,60}$")]
VariantName = Annotated[str | None, Query(pattern=r"^[A-Za-z0-9_-]{1,60}$")]
Topic = Annotated[str | None, Query(pattern=r"^[A-Za-z0-9_.\[\] *-]{1,120}$")]


class AuditAsked(BaseModel):
    """A published range, apogee and time, or a table of them."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)
    range_km: Figure | None = None
    apogee_km: Figure | None = None
    time_s: Figure | None = None
    time_min: Figure | None = None
    clock: Annotated[str, Field(max_length=40)] | None = None
    site: Annotated[str, Field(max_length=40)] | None = None
    bearing_deg: (
        Annotated[str, Field(max_length=20)]
        | Annotated[float, Field(ge=-360, le=360, allow_inf_nan=False)]
        | None
    ) = None
    class_name: Annotated[str, Field(max_length=60, alias="class")] = ""
    kind: Annotated[str, Field(max_length=30)] = ""
    detected: bool = False
    text: Annotated[str, Field(max_length=MOST_TEXT)] | None = None


@router.get("/evidence", summary="Every number of a scenario, with its source")
async def evidence(
    request: Request, scenario: ScenarioName = "okinawa-2025", variant: VariantName = None
) -> Response:
    """Key, value, range, unit, source, grade and claims of every number that a run uses."""
    from hinomi.web import scenarios
    from hinomi.web.sources import numbers_object

    desk = desk_of(request)
    root = desk.settings.workspace
    argument = scenarios.argument_of(root, scenario)
    own = scenarios.file_of(root, scenario)
    stamp = own.stat().st_mtime_ns if argument != scenario else 0
    make = lambda: numbers_object(argument, scenario, variant)  # noqa: E731
    return await desk.answers.give(request, ("evidence", scenario, variant), stamp, make)


@router.get("/claims", summary="Claims of the public record")
async def claims(request: Request, topic: Topic = None) -> Response:
    """Quantities with their claims, contradictions first."""
    from hinomi.web.sources import claims_object

    make = lambda: claims_object(topic)  # noqa: E731
    return await desk_of(request).answers.give(request, ("claims", topic), 0, make)


@router.get("/launches", summary="Public launches")
async def launches(request: Request) -> Response:
    """Every launch of the catalogue."""
    from hinomi.web.sources import launches_object

    return await desk_of(request).answers.give(request, ("launches",), 0, launches_object)


@router.get("/launches/{id}", summary="One public launch")
async def launch(request: Request, id: LaunchId) -> Response:  # noqa: A002
    """What was reported, whether it fits, and the flight computed anew."""
    from hinomi.web.sources import launch_object

    make = lambda: launch_object(id)  # noqa: E731
    return await desk_of(request).answers.give(request, ("launch", id), 0, make)


@router.post("/audit", summary="Hold a published flight against physics")
async def audit(request: Request, asked: AuditAsked) -> Response:
    """The verdict of `hinomi audit` on one claim, or on a table of claims."""
    from hinomi.web.sources import audit_object

    given: dict[str, Any] = asked.model_dump(exclude_none=True)
    return await desk_of(request).answers.once(request, lambda: audit_object(given))

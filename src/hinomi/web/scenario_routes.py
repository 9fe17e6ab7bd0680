"""Routes of scenario files: list, read, check, write; their schema."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from hinomi.web import scenarios
from hinomi.web.route_tools import Name, desk_of

router = APIRouter(prefix="/api")
Text = Annotated[str, Field(max_length=scenarios.MOST_BYTES)]


class TextAsked(BaseModel):
    """A scenario's text."""

    model_config = ConfigDict(extra="forbid")
    text: Text


class FileAsked(BaseModel):
    """A scenario to keep; a draft may hold mistakes."""

    model_config = ConfigDict(extra="forbid")
    text: Text
    draft: bool = False


@router.get("/scenarios", summary="Scenarios, bundled and own")
async def listing(request: Request) -> Response:
    """Names, titles and questions."""
    desk = desk_of(request)
    root = desk.settings.workspace
    stamp = tuple(
        (n, scenarios.file_of(root, n).stat().st_mtime_ns) for n in scenarios.own_names(root)
    )
    make = lambda: scenarios.listing(root)  # noqa: E731
    return await desk.answers.give(request, ("scenarios",), stamp, make)


@router.get("/scenarios/{name}", summary="One scenario")
async def one(request: Request, name: Name) -> Response:
    """Its text, its mistakes, its variants."""
    desk = desk_of(request)
    root = desk.settings.workspace
    return await desk.answers.once(request, lambda: scenarios.one(root, name))


@router.post("/scenarios/check", summary="Check a scenario's text")
async def check(request: Request, asked: TextAsked) -> Response:
    """Every mistake with its line, value, limit and the nearest name."""

    def make() -> object:
        found = scenarios.problems_of(asked.text)
        return {"valid": all(p["severity"] != "error" for p in found), "problems": found}

    return await desk_of(request).answers.once(request, make)


@router.put("/scenarios/{name}", summary="Keep a scenario of your own")
async def keep(request: Request, name: Name, asked: FileAsked) -> Response:
    """Write it into the workspace when it has no mistakes, or is a draft."""
    desk = desk_of(request)
    root = desk.settings.workspace
    return await desk.answers.once(
        request, lambda: scenarios.write(root, name, asked.text, draft=asked.draft)
    )


@router.get("/schema", summary="JSON Schema of a scenario file")
async def schema(request: Request) -> Response:
    """The schema that `hinomi schema` prints."""
    from hinomi.scenario.explain import json_schema

    return await desk_of(request).answers.give(request, ("schema",), 0, json_schema)

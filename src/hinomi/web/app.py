"""The application: routes, errors, the guard in front, the pages behind."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException

import hinomi
from hinomi.errors import HinomiError
from hinomi.web import (
    evidence_routes,
    ground_routes,
    job_routes,
    run_routes,
    scenario_routes,
    whatif_routes,
)
from hinomi.web.answers import JSON, Answers, dumps
from hinomi.web.jobs import Jobs
from hinomi.web.pages import Pages
from hinomi.web.problems import RESPONSES, ProblemError, from_error, told
from hinomi.web.route_tools import Desk
from hinomi.web.security import Guard
from hinomi.web.settings import Settings
from hinomi.web.stream import Streams
from hinomi.web.whatif_lane import WhatIf
from hinomi.web.workspace import Listing

ROUTERS: Final = (
    run_routes.router,
    job_routes.router,
    whatif_routes.router,
    scenario_routes.router,
    evidence_routes.router,
    ground_routes.router,
)
NO_ROUTE: Final = {404: "no such route", 405: "this route does not take that method"}


def create_app(settings: Settings) -> FastAPI:
    """Everything that `hinomi serve` serves."""
    jobs = Jobs()

    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:  # noqa: ARG001
        jobs.begin()
        yield
        await jobs.close()

    app = FastAPI(
        title="hinomi",
        version=hinomi.__version__,
        summary="Studies of missile-defence architectures from public sources; nothing is a warning.",
        docs_url=None,  # the framework's own page loads scripts from elsewhere
        redoc_url=None,
        openapi_url="/api/openapi.json",
        lifespan=life,
        responses=RESPONSES,
    )
    app.state.desk = Desk(
        settings=settings, answers=Answers(), jobs=jobs, listing=Listing(settings.workspace)
    )
    app.state.streams = Streams()
    app.state.whatif = WhatIf(jobs.processes)
    for router in ROUTERS:
        app.include_router(router)
    _answer_errors(app)
    app.mount("/", Pages(settings))
    app.add_middleware(Guard, settings=settings)
    return app


def _answer_errors(app: FastAPI) -> None:
    @app.exception_handler(ProblemError)
    async def problem(request: Request, error: ProblemError) -> Response:  # noqa: ARG001
        return _told(error.status, error.content)

    @app.exception_handler(HinomiError)
    async def own(request: Request, error: HinomiError) -> Response:  # noqa: ARG001
        found = from_error(error)
        return _told(found.status, found.content)

    @app.exception_handler(RequestValidationError)
    async def shape(request: Request, error: RequestValidationError) -> Response:  # noqa: ARG001
        return _told(422, _first_mistake(error))

    @app.exception_handler(HTTPException)
    async def other(request: Request, error: HTTPException) -> Response:
        way_out = "GET /api/openapi.json lists all routes" if error.status_code == 404 else None
        what = NO_ROUTE.get(error.status_code, str(error.detail))
        content = told(what, value=request.url.path, way_out=way_out)
        return Response(
            dumps(content), status_code=error.status_code, media_type=JSON, headers=error.headers
        )


def _told(status: int, content: dict[str, Any]) -> Response:
    return Response(dumps(content), status_code=status, media_type=JSON)


def _first_mistake(error: RequestValidationError) -> dict[str, Any]:
    first = error.errors()[0]
    where = ".".join(str(x) for x in first["loc"][1:]) or str(first["loc"][0])
    context = first.get("ctx") or {}
    limit = ", ".join(f"{k} {v}" for k, v in context.items() if isinstance(v, (str, int, float)))
    value = first.get("input")
    shown = value if isinstance(value, (str, int, float, bool)) else None
    return told(
        f"{where[:200]}: {first['msg'].lower()}",
        value=shown,
        limit=limit[:300] or None,
        way_out="GET /api/openapi.json says what is expected",
    )

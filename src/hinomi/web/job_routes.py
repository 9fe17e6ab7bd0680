"""Routes of jobs: start a run, follow it, cancel it, go on with it."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Mapping
from typing import Annotated, Any

import anyio
from fastapi import APIRouter, Body, Header, Path, Request
from fastapi.responses import Response, StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from hinomi.web import stream, workspace
from hinomi.web.answers import JSON, dumps
from hinomi.web.job import Job
from hinomi.web.jobs import RUN_LANE
from hinomi.web.problems import CONFLICT, ProblemError
from hinomi.web.route_tools import Desk, Id, desk_of

router = APIRouter(prefix="/api")
MOST_REPLICATES = 10_000
JobId = Annotated[str, Path(pattern=r"^[a-z][0-9]{1,9}$", description="Name of a job.")]
Words = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,60}$")]
Number = Annotated[float, Field(allow_inf_nan=False)]
# A changed value: a number, text, switch, or a table with value, low and high.
Value = bool | int | Number | Annotated[str, Field(max_length=500)] | dict[str, Any] | list[Any]


class RunAsked(BaseModel):
    """A run that is wanted."""

    model_config = ConfigDict(extra="forbid")
    scenario: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,60}$")]
    replicates: Annotated[int, Field(ge=1, le=MOST_REPLICATES)] | None = None
    seed: Annotated[int, Field(ge=0, le=2**31 - 1)] | None = None
    architectures: Annotated[list[Words], Field(min_length=1, max_length=20)] | None = None
    changes: (
        Annotated[
            dict[Annotated[str, Field(pattern=r"^[^=]{1,200}$")], Value], Field(max_length=50)
        ]
        | None
    ) = None


class Nothing(BaseModel):
    """An empty body."""

    model_config = ConfigDict(extra="forbid")


def accepted(job: Job) -> Response:
    """The answer to who started a job."""
    told = {"job": job.id, "run": job.run, "command": job.command}
    return Response(dumps(told), status_code=202, media_type=JSON)


@router.post("/runs", status_code=202, summary="Start a run")
async def start(request: Request, asked: RunAsked) -> Response:
    """Start the ordinary command in a process of its own; its result is the run's folder."""
    desk = desk_of(request)
    name, words = await anyio.to_thread.run_sync(lambda: planned(desk, asked))
    return accepted(_job(desk, words, asked.scenario, name, asked.replicates or 0))


def planned(desk: Desk, asked: RunAsked) -> tuple[str, list[str]]:
    """Name of the run's folder and words of the command; mistakes are told before anything runs."""
    from pathlib import Path as FilePath

    from hinomi.scenario.load import load
    from hinomi.study.montecarlo import default_folder
    from hinomi.study.plan import CHAIN, make_plan
    from hinomi.web import scenarios

    root = desk.settings.workspace
    argument = scenarios.argument_of(root, asked.scenario)
    source = argument if argument == asked.scenario else FilePath(argument)
    loaded = load(source, changes=asked.changes)
    plan = make_plan(
        loaded,
        replicates=asked.replicates,
        seed=asked.seed,
        architectures=asked.architectures,
        chain=CHAIN,
    )
    name = default_folder(plan).name
    words = ["run", argument]
    words += [] if asked.replicates is None else ["-n", str(asked.replicates)]
    words += [] if asked.seed is None else ["--seed", str(asked.seed)]
    words += ["--architectures", ",".join(asked.architectures)] if asked.architectures else []
    for key, value in (asked.changes or {}).items():
        words += ["--set", f"{key}={toml_value(value)}"]
    return name, [*words, "-o", str(root / name)]


def toml_value(value: object) -> str:
    """A value as TOML in one line, as `--set KEY=VALUE` reads it."""
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(k)} = {toml_value(v)}" for k, v in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(toml_value(v) for v in value) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value) if isinstance(value, int | float) else _text(str(value))


def _key(word: str) -> str:
    return word if re.fullmatch(r"[A-Za-z0-9_-]+", word) else _text(word)


def _text(word: str) -> str:
    """A basic string of TOML: its escapes are those of JSON, and DEL."""
    return json.dumps(word, ensure_ascii=True).replace("\x7f", "\\u007F")


@router.post("/runs/{id}/resume", status_code=202, summary="Go on with a run")
async def resume(request: Request, id: Id, asked: Annotated[Nothing, Body()]) -> Response:  # noqa: A002, ARG001
    """Compute what is missing of an interrupted run."""
    desk = desk_of(request)
    root = desk.settings.workspace
    study = await anyio.to_thread.run_sync(lambda: workspace.study_of(root, id))
    words = ["resume", str(study.folder)]
    return accepted(_job(desk, words, study.plan.scenario, id, study.plan.replicates))


def _job(desk: Desk, words: list[str], scenario: str, run: str, of: int) -> Job:
    busy = desk.jobs.busy_with(run)
    if busy is not None:
        raise ProblemError(
            CONFLICT,
            f"job {busy.id} works on {run} already",
            value=busy.id,
            way_out="follow that one, or cancel it first",
        )
    job = Job(
        id=desk.jobs.next_id("j"),
        kind=words[0],
        scenario=scenario,
        unit="replicates",
        work=lambda j: desk.jobs.processes.command(j, words),
        run=run,
        command=shlex.join(["hinomi", *words]),
        of=of,
    )
    desk.jobs.put(job, RUN_LANE)
    return job


@router.get("/jobs", summary="Jobs of this server")
async def jobs(request: Request) -> Response:
    """Jobs, the newest first, without their results."""
    return Response(dumps(desk_of(request).jobs.listing()), media_type=JSON)


@router.get("/jobs/{id}", summary="One job")
async def job(request: Request, id: JobId) -> Response:  # noqa: A002
    """How far it is, what it said, its result."""
    return Response(dumps(desk_of(request).jobs.get(id).told()), media_type=JSON)


@router.delete("/jobs/{id}", summary="Cancel a job")
async def cancel(request: Request, id: JobId) -> Response:  # noqa: A002
    """Stop it; what is done stays, and resume goes on with it."""
    found = await desk_of(request).jobs.cancel(id)
    return Response(dumps(found.told()), media_type=JSON)


@router.get(
    "/jobs/{id}/events",
    summary="Follow a job",
    responses={200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}}},
)
async def follow(
    request: Request,
    id: JobId,  # noqa: A002
    last_event_id: Annotated[str | None, Header(max_length=20)] = None,
) -> Response:
    """Server-sent events: `state` while it runs, `end` as the last; resumes after Last-Event-ID."""
    found = desk_of(request).jobs.get(id)
    streams: stream.Streams = request.app.state.streams
    streams.take()
    return StreamingResponse(
        stream.events(found, stream.first_of(last_event_id), streams),
        media_type="text/event-stream",
        headers=stream.HEADERS,
    )

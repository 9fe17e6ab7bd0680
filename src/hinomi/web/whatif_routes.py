"""Routes of what-if questions."""

from __future__ import annotations

from typing import Annotated, Any

import anyio
from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from hinomi.scenario.model import Scenario
from hinomi.web import scenarios
from hinomi.web.job import Job
from hinomi.web.job_routes import Words, accepted
from hinomi.web.jobs import WHATIF_LANE
from hinomi.web.problems import BAD, ProblemError, missing
from hinomi.web.route_tools import Desk, Name, desk_of
from hinomi.web.sliders import changes_of, sliders_of

router = APIRouter(prefix="/api")
DEFAULT, MOST = 20, 60


class WhatIfAsked(BaseModel):
    """Positions of sliders."""

    model_config = ConfigDict(extra="forbid")
    scenario: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,60}$")] = "okinawa-2025"
    replicates: Annotated[int, Field(ge=1, le=MOST)] = DEFAULT
    seed: Annotated[int, Field(ge=0, le=2**31 - 1)] = 1
    architectures: Annotated[list[Words], Field(min_length=1, max_length=4)] | None = None
    sliders: Annotated[
        dict[
            Annotated[str, Field(max_length=60)],
            Annotated[float, Field(ge=0, le=1e6, allow_inf_nan=False)],
        ],
        Field(max_length=10),
    ]


@router.get("/whatif/{scenario}", summary="Sliders of a scenario")
async def sliders(request: Request, scenario: Name) -> Response:
    """Each slider with its keys, value, range, unit, source and what it does."""
    desk = desk_of(request)

    def make() -> object:
        loaded = _loaded(desk, scenario)[1]
        pair = architectures_of(loaded, None)
        return {
            "scenario": scenario,
            "title": loaded.title,
            "architectures": list(pair),
            "replicates": {"default": DEFAULT, "max": MOST},
            "sliders": [s.told() for s in sliders_of(loaded, pair)],
        }

    return await desk.answers.once(request, make)


@router.post("/whatif", status_code=202, summary="Ask what if")
async def ask(request: Request, asked: WhatIfAsked) -> Response:
    """Both settings on the same draws; the job's result grows raid by raid."""
    desk = desk_of(request)
    question, about = await anyio.to_thread.run_sync(lambda: _question(desk, asked))
    whatif = request.app.state.whatif
    job = Job(
        id=desk.jobs.next_id("w"),
        kind="whatif",
        scenario=asked.scenario,
        unit="raids",
        of=asked.replicates,
        work=lambda j: whatif.ask(j, question, about),
    )
    desk.jobs.put(job, WHATIF_LANE)
    return accepted(job)


def architectures_of(scenario: Scenario, wanted: list[str] | None) -> tuple[str, ...]:
    """The architectures asked for, or the headline pair, the fuller one last."""
    known = tuple(scenario.study.architectures)
    if wanted is not None:
        for name in wanted:
            if name not in scenario.architectures:
                raise missing("architecture", name, f"this scenario has {', '.join(known)}")
        return tuple(dict.fromkeys(wanted))
    pair = scenario.study.headline
    return tuple(reversed(pair)) if pair else known[-2:]


def _loaded(desk: Desk, name: str) -> tuple[str, Scenario]:
    root = desk.settings.workspace
    text = scenarios.text_of(root, name)
    return text, scenarios.loaded(text, name, scenarios.file_of(root, name).parent)


def _question(desk: Desk, asked: WhatIfAsked) -> tuple[dict[str, Any], dict[str, Any]]:
    """The question for the process, and what the answer says about it."""
    text, loaded = _loaded(desk, asked.scenario)
    names = architectures_of(loaded, asked.architectures)
    changes = changes_of(sliders_of(loaded, names), asked.sliders)
    if not changes:
        raise ProblemError(
            BAD,
            "no slider is moved",
            way_out="move one away from its value; GET /api/whatif/{scenario} lists them",
        )
    # Checked here, so that a mistake is the answer to the request and not a failed job.
    from hinomi.scenario.load import load_text

    folder = scenarios.file_of(desk.settings.workspace, asked.scenario).parent
    load_text(text, asked.scenario, changes=changes, folder=folder)
    question = {
        "text": text,
        "name": asked.scenario,
        "architectures": list(names),
        "changes": changes,
        "seed": asked.seed,
        "replicates": asked.replicates,
    }
    about = {
        "scenario": asked.scenario,
        "seed": asked.seed,
        "architectures": list(names),
        "sliders": asked.sliders,
        "changes": changes,
    }
    return question, about

"""What all routes share: names in paths, the desk behind them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from fastapi import Path, Query, Request

from hinomi.web.answers import Answers
from hinomi.web.settings import Settings
from hinomi.web.workspace import ID, Listing

if TYPE_CHECKING:
    from hinomi.web.jobs import Jobs

Id = Annotated[str, Path(pattern=ID, max_length=100, description="Name of a folder.")]
Name = Annotated[str, Path(pattern=r"^[a-z0-9-]{1,60}$", description="Name of a scenario.")]
Word = Annotated[str, Path(pattern=r"^[A-Za-z0-9_.-]{1,100}$")]
Architecture = Annotated[str | None, Query(pattern=r"^[A-Za-z0-9_-]{1,60}$")]
Replicate = Annotated[int, Query(ge=0, le=10**7)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Everything that a request may need."""

    settings: Settings
    answers: Answers
    jobs: Jobs
    listing: Listing


def desk_of(request: Request) -> Desk:
    """The desk of the application that a request came to."""
    found: Desk = request.app.state.desk
    return found

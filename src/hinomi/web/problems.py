"""Errors as answers: what, the value, the limit, the way out; never a traceback."""

from __future__ import annotations

from typing import Any, Final, final

from hinomi.errors import FenceError, FolderError, HinomiError, StorageError
from hinomi.web.mistake_words import problem

BAD, MISSING, CONFLICT = 400, 404, 409
STATUSES: Final = {
    400: "refused, with the reason",
    401: "token missing or wrong",
    403: "host or origin refused",
    404: "no such thing",
    409: "cannot be done now",
    413: "too large or too deep",
    415: "the body is not JSON",
    422: "body, path or query of a wrong shape",
    507: "the disk is full",
}
LONGEST: Final = 300  # characters of a value that are told


@final
class ProblemError(Exception):
    """A request that is refused."""

    def __init__(
        self,
        status: int,
        error: str,
        *,
        value: object = None,
        limit: str | None = None,
        way_out: str | None = None,
        more: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(error)
        self.status = status
        self.content = told(error, value=value, limit=limit, way_out=way_out) | (more or {})


def told(
    error: str, *, value: object = None, limit: str | None = None, way_out: str | None = None
) -> dict[str, Any]:
    """Content of an error's answer."""
    shown = value if value is None or isinstance(value, (bool, int)) else str(value)[:LONGEST]
    return {"error": error, "value": shown, "limit": limit, "way_out": way_out}


def from_error(error: HinomiError) -> ProblemError:
    """The project's own errors: the first part says what, what follows a semicolon the way out."""
    what, _, way_out = str(error).partition("; ")
    status = BAD
    if "(given: " in what:  # a mistake in a scenario
        parts = problem(str(error).partition("\n")[0], "error")
        near = parts["nearest"]
        return ProblemError(
            status,
            f"{parts['key']}: {parts['message']}" if parts["key"] else parts["message"],
            value=parts["value"],
            limit=parts["limit"],
            way_out=f"did you mean {near}?" if near else "correct that value",
        )
    if isinstance(error, StorageError):
        status = 507
    elif isinstance(error, FolderError):
        status = MISSING if "is not the folder of a run" in what else CONFLICT
    limit = "outside the scope of the project" if isinstance(error, FenceError) else None
    return ProblemError(status, what, limit=limit, way_out=way_out or None)


def missing(what: str, value: str, way_out: str) -> ProblemError:
    """Nothing of that name."""
    return ProblemError(MISSING, f"no {what} {value[:LONGEST]!r}", value=value, way_out=way_out)


ERROR_SCHEMA: Final = {
    "type": "object",
    "required": ["error", "value", "limit", "way_out"],
    "properties": {
        "error": {"type": "string"},
        "value": {"type": ["string", "integer", "boolean", "null"]},
        "limit": {"type": ["string", "null"]},
        "way_out": {"type": ["string", "null"]},
    },
}
RESPONSES: Final[dict[int | str, dict[str, Any]]] = {
    status: {"description": words, "content": {"application/json": {"schema": ERROR_SCHEMA}}}
    for status, words in STATUSES.items()
}

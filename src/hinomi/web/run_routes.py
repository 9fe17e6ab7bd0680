"""Routes of stored results: runs, their tables, files, people, replays."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import FileResponse, Response

from hinomi.study.banner import banner
from hinomi.study.results import Results
from hinomi.web import workspace
from hinomi.web.route_tools import Architecture, Id, Replicate, Word, desk_of
from hinomi.web.security import REPORT_CSP
from hinomi.web.tables import MOST_CSV, MOST_JSON

router = APIRouter(prefix="/api")
MEDIA = {
    ".html": "text/html; charset=utf-8",
    ".json": "application/json",
    ".csv": "text/csv; charset=utf-8",
    ".jsonl": "text/plain; charset=utf-8",
}


@router.get("/runs", summary="Runs and answers of the workspace")
async def runs(request: Request) -> Response:
    """Folders of the workspace that hold a run or an answer, the newest first."""
    desk = desk_of(request)
    root = desk.settings.workspace
    stamp = await desk.listing.stamp()
    return await desk.answers.give(request, ("runs",), stamp, lambda: workspace.listing(root))


@router.get("/runs/{id}", summary="One run: headlines, differences, words")
async def run(request: Request, id: Id) -> Response:  # noqa: A002 - the name in the path
    """Headline figures with intervals, paired differences, and what to say about them."""
    desk = desk_of(request)
    root = desk.settings.workspace

    def make() -> object:
        from hinomi.web.run_page import run_object

        return run_object(root, id)

    stamp = workspace.stamp_of(workspace.folder_of(root, id))
    return await desk.answers.give(request, ("run", id), stamp, make)


@router.get("/runs/{id}/tables", summary="Tables of a run")
async def tables(request: Request, id: Id) -> Response:  # noqa: A002
    """Names, lengths and columns of the tables."""
    desk = desk_of(request)
    root = desk.settings.workspace

    def make() -> object:
        from hinomi.web.tables import tables_object

        return tables_object(workspace.study_of(root, id))

    stamp = workspace.stamp_of(workspace.folder_of(root, id))
    return await desk.answers.give(request, ("tables", id), stamp, make)


def _also(*media: str) -> dict[int | str, dict[str, Any]]:
    """Media types besides JSON, for the description."""
    content = {kind: {"schema": {"type": "string"}} for kind in media}
    return {200: {"content": content}}


@router.get("/runs/{id}/tables/{name}", summary="Rows of a table", responses=_also("text/csv"))
async def table(
    request: Request,
    id: Id,  # noqa: A002
    name: Word,
    offset: Annotated[int, Query(ge=0, le=10**9)] = 0,
    limit: Annotated[int, Query(ge=1, le=MOST_CSV)] = 100,
    architecture: Architecture = None,
    replicate: Annotated[int | None, Query(ge=0, le=10**7)] = None,
    format: Literal["json", "csv"] = "json",  # noqa: A002 - the name in the query
) -> Response:
    """Rows from `offset` on, of one architecture or replicate where asked; JSON or CSV."""
    from hinomi.web import provenance
    from hinomi.web.tables import csv_text, page

    desk = desk_of(request)
    root = desk.settings.workspace
    key = ("table", id, name, offset, limit, architecture, replicate, format)
    stamp = workspace.stamp_of(workspace.folder_of(root, id))

    def rows() -> object:
        return page(
            workspace.study_of(root, id),
            name,
            offset=offset,
            limit=min(limit, MOST_JSON),
            architecture=architecture,
            replicate=replicate,
        )

    def text() -> object:
        study = workspace.study_of(root, id)
        told = provenance.of_plan(study.plan)
        words = f"{told['en']} {told['ja']}; {study.plan.scenario}, {id}, table {name}"
        return csv_text(
            study,
            name,
            words=words,
            offset=offset,
            limit=limit,
            architecture=architecture,
            replicate=replicate,
        )

    if format == "json":
        return await desk.answers.give(request, key, stamp, rows)
    file = f"{banner('study').file_prefix}{id}-{name}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{file}"'}
    return await desk.answers.give(request, key, stamp, text, media=MEDIA[".csv"], headers=headers)


@router.get(
    "/runs/{id}/files/{name}",
    summary="A file of a run's folder",
    responses=_also("text/html", "text/csv", "text/plain"),
)
async def file(request: Request, id: Id, name: Word) -> Response:  # noqa: A002
    """A file that the folder offers; reports come with a policy of their own."""
    desk = desk_of(request)
    path = workspace.file_of(workspace.folder_of(desk.settings.workspace, id), name)
    headers = {"Cache-Control": "no-cache"}
    if path.suffix == ".html":
        headers["Content-Security-Policy"] = REPORT_CSP
    return FileResponse(path, media_type=MEDIA.get(path.suffix, "text/plain"), headers=headers)


async def _of_results(
    request: Request,
    key: tuple[Hashable, ...],
    name: str,
    make: Callable[[Results], object],
) -> Response:
    """An answer made from a run that has results; kept while its folder stays as it is."""
    desk = desk_of(request)
    root = desk.settings.workspace

    def made() -> object:
        study = workspace.study_of(root, name)
        workspace.needs_results(study)
        return make(study)

    stamp = workspace.stamp_of(workspace.folder_of(root, name))
    return await desk.answers.give(request, key, stamp, made)


@router.get("/runs/{id}/people", summary="Who is warned and how early, place by place")
async def people(request: Request, id: Id, architecture: Architecture = None) -> Response:  # noqa: A002
    """Bands of alert, arrival and lead times of each municipality that needed a warning."""

    def make(study: Results) -> object:
        from hinomi.web.people import people_object

        return people_object(study, architecture)

    return await _of_results(request, ("people", id, architecture), id, make)


@router.get("/runs/{id}/replay", summary="One raid to look at")
async def replay(
    request: Request,
    id: Id,  # noqa: A002
    architecture: Architecture = None,
    replicate: Replicate = 0,
) -> Response:
    """Flights, tracks, areas, alerts, places and shots of one replicate, as series."""

    def make(study: Results) -> object:
        from hinomi.web.replay import replay_object

        return replay_object(study, architecture=architecture, replicate=replicate)

    return await _of_results(request, ("replay", id, architecture, replicate), id, make)


@router.get("/runs/{id}/czml", summary="One raid as CZML, for a globe")
async def czml(
    request: Request,
    id: Id,  # noqa: A002
    architecture: Architecture = None,
    replicate: Replicate = 0,
) -> Response:
    """The same raid as `hinomi export --format czml` writes it."""

    def make(study: Results) -> object:
        from hinomi.exchange.czml_run import czml_text
        from hinomi.exchange.gather import gather
        from hinomi.web.replay import asked_of

        return czml_text(gather(asked_of(study, architecture=architecture, replicate=replicate)))

    return await _of_results(request, ("czml", id, architecture, replicate), id, make)


@router.get("/sweeps/{id}", summary="A sweep")
async def sweep(request: Request, id: Id) -> Response:  # noqa: A002
    """Content of the folder's `sweep.json`."""
    desk = desk_of(request)
    folder = workspace.folder_of(desk.settings.workspace, id)
    path = workspace.file_of(folder, workspace.ANSWERS["sweep"])
    stamp = workspace.stamp_of(folder)
    return await desk.answers.give(request, ("sweep", id), stamp, path.read_bytes)


@router.get("/answers/{id}", summary="An answer: sweep, sensitivity, integration, rules")
async def answer(request: Request, id: Id) -> Response:  # noqa: A002
    """The JSON of a folder that holds an answer, with its kind."""
    desk = desk_of(request)
    folder = workspace.folder_of(desk.settings.workspace, id)

    def make() -> object:
        from hinomi.study.store import read_json
        from hinomi.web.problems import missing

        for kind, name in workspace.ANSWERS.items():
            if (folder / name).is_file():
                content = read_json(workspace.file_of(folder, name))
                return {"id": id, "kind": kind, "file": name, "content": content}
        raise missing("answer", id, "GET /api/runs lists answers")

    stamp = workspace.stamp_of(folder)
    return await desk.answers.give(request, ("answer", id), stamp, make)

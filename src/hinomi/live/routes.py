"""Routes of the feed and of the console; the table at the end is the product."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Final, final

from starlette.applications import Starlette
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route, WebSocketRoute
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket

from hinomi.errors import FenceError, HinomiError, ScenarioError, StorageError
from hinomi.live import console, streams
from hinomi.live.incident import NotNowError
from hinomi.live.server import loopback_hosts
from hinomi.transport.address import is_loopback
from hinomi.transport.wire import from_bytes, receipt_from

if TYPE_CHECKING:
    from hinomi.live.exercise import Exercise
    from hinomi.live.folder import Person

MAX_BODY: Final = 1 << 20
MOST_READ: Final = 8 << 20
MOST_RECEIPTS: Final = 1_000
HEADERS: Final = {
    b"content-security-policy": b"default-src 'none'; script-src 'self'; style-src 'self'; "
    b"connect-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"no-referrer",
    b"cross-origin-resource-policy": b"same-origin",
}
FRESH: Final = {"cache-control": "no-store"}
STATUSES: Final = ((NotNowError, 409), (FenceError, 403), (StorageError, 507))  # others: 400
Endpoint = Callable[[Request], Awaitable[Response]]


class Refused(Exception):  # noqa: N818  (an answer, told as one)
    """Answer with this status and text."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status


class Guard:
    """Before every route: the right host, no page from elsewhere, a token where one is needed."""

    def __init__(self, app: ASGIApp, *, exercise: Exercise, port: int) -> None:
        self._app, self._exercise = app, exercise
        self._hosts = loopback_hosts(exercise.settings.host, port)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is allowed."""
        connection = HTTPConnection(scope)
        refused = self._refused(connection)

        async def put(message: Any) -> None:
            if message["type"] == "http.response.start":
                have = {name.lower() for name, _ in message["headers"]}
                extra = [(n, v) for n, v in HEADERS.items() if n not in have]
                message["headers"] = [*message["headers"], *extra]
            await send(message)

        if refused and scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008, "reason": refused[1][:100]})
        elif refused:
            await JSONResponse({"error": refused[1]}, refused[0])(scope, receive, put)
        else:
            await self._app(scope, receive, put if scope["type"] == "http" else send)

    def _refused(self, connection: HTTPConnection) -> tuple[int, str] | None:
        settings, headers = self._exercise.settings, connection.headers
        if self._hosts and headers.get("host", "").lower() not in self._hosts:
            return 403, f"this server is called {min(self._hosts)}"
        origin = headers.get("origin", "")
        if origin and origin.partition("://")[2] != headers.get("host", ""):
            return 403, "requests from other pages are refused"
        page = connection.url.path in ("/", "/console.js", "/console.css", "/favicon.ico")
        if is_loopback(settings.host) or page:
            return None
        given = bearer(connection)
        if settings.token and hmac.compare_digest(bytes_of(given), settings.token.encode()):
            return None
        if self._exercise.person(given) is not None:
            return None
        return 401, "a token is needed: Authorization: Bearer TOKEN"


def bearer(connection: HTTPConnection) -> str:
    """Token of a request; empty without one."""
    kind, _, token = connection.headers.get("authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else ""


def bytes_of(token: str) -> bytes:
    """Bytes of a token as they came: header fields are read as Latin-1."""
    return token.encode("latin-1", "backslashreplace")


@final
class Endpoints:
    """One method a route."""

    def __init__(self, exercise: Exercise) -> None:
        self._exercise = exercise

    def _person(self, request: Request) -> Person:
        found = self._exercise.person(bearer(request))
        if found is None:
            raise Refused(401, "nobody holds this token; open the address that the command printed")
        return found

    async def clock(self, _: Request) -> Response:
        """Tell the time of the exercise."""
        return JSONResponse(self._exercise.clock_told(), headers=FRESH)

    async def events(self, request: Request) -> Response:
        """Server-sent events."""
        subjects, after = _asked(self._exercise, request)
        return StreamingResponse(
            streams.events(self._exercise, subjects, after=after),
            media_type="text/event-stream", headers={**FRESH, "x-accel-buffering": "no"},
        )  # fmt: skip

    async def atom(self, request: Request) -> Response:
        """Everything so far, newest first."""
        subjects, after = _asked(self._exercise, request)
        text = streams.atom(self._exercise, subjects, after=after, base=str(request.base_url))
        return Response(text, media_type="application/atom+xml")

    async def message(self, request: Request) -> Response:
        """Signed bytes of one message; they never change."""
        key = request.path_params["key"]
        stored = self._exercise.journal.message(key)
        if stored is None or stored.prepared:
            raise Refused(404, f"no message {key[:64]} was released")
        headers = {"etag": f'"{key}"', "cache-control": "public, max-age=31536000, immutable"}
        if request.headers.get("if-none-match") == headers["etag"]:
            return Response(status_code=304, headers=headers)
        return Response(stored.content, media_type="application/cap+xml", headers=headers)

    async def receipts(self, request: Request) -> Response:
        """Take one receipt or a list."""
        found = from_bytes(await _body(request))
        rows = found if isinstance(found, list) else [found]
        if len(rows) > MOST_RECEIPTS:
            raise Refused(400, f"{len(rows)} receipts at once; at most {MOST_RECEIPTS}")
        exercise = self._exercise
        await exercise.take_soon(
            [streams.known_receipt(exercise, receipt_from(row)) for row in rows]
        )
        return Response(status_code=204)

    async def envelopes(self, _: Request) -> Response:
        """Refuse."""
        raise Refused(403, "nobody publishes from outside; only a release does")

    async def trust(self, _: Request) -> Response:
        """Keys to pin."""
        text = (self._exercise.home.path / "trust.json").read_bytes()
        return Response(text, media_type="application/json")

    async def page(self, _: Request) -> Response:
        """Return the console."""
        return Response(console.page(self._exercise), media_type="text/html; charset=utf-8")

    async def script(self, _: Request) -> Response:
        """Return its script."""
        return Response(console.file("live_console.js"), media_type="text/javascript")

    async def style(self, _: Request) -> Response:
        """Return its style."""
        return Response(console.file("live_console.css"), media_type="text/css")

    async def icon(self, _: Request) -> Response:
        """Nothing: browsers ask for it."""
        return Response(status_code=204)

    async def state(self, request: Request) -> Response:
        """All that the console shows."""
        found = console.state(self._exercise, self._person(request))
        return JSONResponse(found, headers=FRESH)

    async def proposal(self, request: Request) -> Response:
        """One proposal: texts, recipients, differences."""
        self._person(request)
        found = console.proposal(self._exercise, request.query_params.get("name", ""))
        return JSONResponse(found, headers=FRESH)

    async def act(self, request: Request) -> Response:
        """Do what a button asks for."""
        who, verb = self._person(request), request.path_params["verb"]
        body = from_bytes(await _body(request) or b"{}")
        if not isinstance(body, dict):
            raise Refused(400, "write one JSON object")
        return JSONResponse(console.act(self._exercise, who, verb, body))


def _told(endpoint: Endpoint) -> Endpoint:
    """Answer a refusal with its status and its words."""

    async def run(request: Request) -> Response:
        try:
            return await endpoint(request)
        except Refused as error:
            return JSONResponse({"error": str(error)}, error.status)
        except HinomiError as error:
            status = next((n for kind, n in STATUSES if isinstance(error, kind)), 400)
            return JSONResponse({"error": str(error)}, status)

    return run


def app_of(exercise: Exercise, *, port: int) -> ASGIApp:
    """Make the application around one exercise."""
    to = Endpoints(exercise)

    def get(path: str, endpoint: Endpoint, method: str = "GET") -> Route:
        return Route(path, _told(endpoint), methods=[method])

    async def socket(link: WebSocket) -> None:
        await streams.socket(exercise, link)

    routes = [
        get("/feed/clock", to.clock),
        get("/feed/events", to.events),
        get("/feed/atom", to.atom),
        get("/feed/messages/{key}", to.message),
        get("/feed/receipts", to.receipts, "POST"),
        get("/feed/envelopes", to.envelopes, "POST"),
        get("/feed/trust", to.trust),
        get("/", to.page),
        get("/console.js", to.script),
        get("/console.css", to.style),
        get("/favicon.ico", to.icon),
        get("/api/state", to.state),
        get("/api/proposal", to.proposal),
        get("/api/{verb}", to.act, "POST"),
        WebSocketRoute("/feed/socket", socket),
    ]
    return Guard(Starlette(routes=routes), exercise=exercise, port=port)


def _asked(exercise: Exercise, request: HTTPConnection) -> tuple[list[str], int]:
    """Subjects and the last sequence that a reader has."""
    query = request.query_params
    after = request.headers.get("last-event-id") or query.get("after") or "0"
    if not after.isdecimal() or len(after) > 18:
        raise ScenarioError(f"after is {after[:40]!r}; it is a sequence, 0 for everything")
    return streams.checked_subjects(exercise, query.getlist("subject")), int(after)


async def _body(request: Request) -> bytes:
    found, count = bytearray(), 0
    async for piece in request.stream():
        count += len(piece)
        if count <= MAX_BODY:
            found += piece
        elif count > MOST_READ:  # a little more is read, so that the answer reaches the sender
            break
    if count > MAX_BODY:
        raise Refused(413, f"more than {MAX_BODY:,} bytes")
    return bytes(found)

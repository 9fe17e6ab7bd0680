"""Who may ask what: plain ASGI, so that long streams pass through untouched.

Every request: host name known, token where one is set. What changes something: same origin, JSON,
bounded in size and depth. Every answer: content policy, no sniffing, no referrer.
"""

from __future__ import annotations

import hmac
import ipaddress
import re
from collections.abc import Awaitable, Callable, MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import Any, Final, final
from urllib.parse import parse_qs, urlsplit

import orjson

from hinomi.web.problems import told
from hinomi.web.settings import Settings

CSP: Final = (
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; "
    "script-src 'self' 'wasm-unsafe-eval'; worker-src 'self' blob:; connect-src 'self'; "
    "object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
)
# A report carries its own script and nothing else; sandboxed, it has no origin and reaches nothing.
REPORT_CSP: Final = (
    "default-src 'none'; img-src data: blob:; style-src 'unsafe-inline'; "
    "script-src 'unsafe-inline'; font-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'; sandbox allow-scripts allow-downloads allow-popups allow-modals"
)
HEADERS: Final = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
)
COOKIE: Final = "hinomi_token"
READING: Final = frozenset(("GET", "HEAD", "OPTIONS"))
MOST_BYTES: Final = 512 * 1024
DEEPEST: Final = 32
_TEXTS: Final = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


@final
class Guard:
    """Stands before the application."""

    def __init__(self, app: App, settings: Settings) -> None:
        self._app = app
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it here."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return
        headers = {k.decode("latin-1"): v.decode("latin-1") for k, v in scope["headers"]}
        send = _marked(send)
        refused = self._refused(scope, headers)
        if refused is not None:
            await _answer(send, *refused)
            return
        if self._settings.token and scope["method"] == "GET" and _asked_token(scope):
            await _give_cookie(scope, send, self._settings.token)
            return
        if scope["method"] not in READING:
            body = await _body(headers, receive)
            if body is None:
                limit = f"{MOST_BYTES // 1024} kB, {DEEPEST} levels"
                await _answer(send, 413, "the body is too large or nested too deep", limit=limit)
                return
            receive = _again(body, receive)
        await self._app(scope, receive, send)

    def _refused(self, scope: Scope, headers: dict[str, str]) -> tuple[int, str, str] | None:
        """Status, words and way out where a request does not pass."""
        host = headers.get("host", "")
        name = host_name(host)
        if name not in self._settings.names and not self._may_be_number(name):
            return 403, f"host {host[:80]!r} is not this server", "use the address it printed"
        if self._settings.token and not self._knows_token(scope, headers):
            return 401, "this server asks for its token", "open the address that it printed"
        if scope["method"] in READING:
            return None
        origin = headers.get("origin")
        if origin is not None and urlsplit(origin).netloc.lower() != host.lower():
            return 403, "a page of another origin may not change anything here", ""
        if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            return 403, "a page of another site may not change anything here", ""
        kind = headers.get("content-type", "").partition(";")[0].strip().lower()
        if scope["method"] in ("POST", "PUT") and kind != "application/json":
            return 415, "the body must be JSON", "send Content-Type: application/json"
        return None

    def _may_be_number(self, name: str) -> bool:
        """Beyond loopback, any address written in numbers: a name can be rebound, a number cannot."""
        if not self._settings.token:
            return False
        try:
            ipaddress.ip_address(name.strip("[]"))
        except ValueError:
            return False
        return True

    def _knows_token(self, scope: Scope, headers: dict[str, str]) -> bool:
        token = self._settings.token or ""
        given = [_asked_token(scope), _cookie(headers.get("cookie", ""))]
        scheme, _, word = headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            given.append(word.strip())
        return any(hmac.compare_digest(g.encode(), token.encode()) for g in given if g)


def host_name(host: str) -> str:
    """Name in a Host header, without its port, in small letters."""
    if host.startswith("["):
        return host.partition("]")[0].lower() + "]"
    return host.partition(":")[0].lower()


def depth_of(body: bytes) -> int:
    """How deep brackets are nested in a JSON text, those in texts left out."""
    deepest = depth = 0
    for sign in re.findall(rb"[\[\]{}]", _TEXTS.sub(b"", body)):
        depth += 1 if sign in b"[{" else -1
        deepest = max(deepest, depth)
    return deepest


def _asked_token(scope: Scope) -> str:
    if scope["path"] != "/":
        return ""
    given = parse_qs(scope.get("query_string", b"").decode("latin-1"))
    return str(given.get("token", [""])[0])


def _cookie(text: str) -> str:
    try:
        found = SimpleCookie(text).get(COOKIE)
    except CookieError:
        return ""
    return found.value if found else ""


async def _give_cookie(scope: Scope, send: Send, token: str) -> None:
    """Keep the token in a cookie that scripts cannot read, and take it out of the address."""
    cookie = f"{COOKIE}={token}; Path=/; HttpOnly; SameSite=Strict"
    where = str(scope.get("root_path", "")) + "/"
    headers = [(b"location", where.encode()), (b"set-cookie", cookie.encode())]
    await send({"type": "http.response.start", "status": 303, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


async def _body(headers: dict[str, str], receive: Receive) -> bytes | None:
    """The whole body; None where it is too large or too deep."""
    length = headers.get("content-length", "0")
    if not length.isdecimal() or int(length) > MOST_BYTES:
        return None
    parts, size = [], 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            break
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > MOST_BYTES:
            return None
        if not message.get("more_body", False):
            break
    whole = b"".join(parts)
    return None if depth_of(whole) > DEEPEST else whole


def _again(body: bytes, receive: Receive) -> Receive:
    given = False

    async def replay() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay


def _marked(send: Send) -> Send:
    """Add the headers that every answer has; a content policy of its own is left as it is."""

    async def out(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = list(message.get("headers", ()))
            if not any(name == b"content-security-policy" for name, _ in headers):
                headers.append((b"content-security-policy", CSP.encode()))
            message["headers"] = [*headers, *HEADERS]
        await send(message)

    return out


async def _answer(
    send: Send, status: int, error: str, way_out: str = "", *, limit: str | None = None
) -> None:
    body = orjson.dumps(told(error, limit=limit, way_out=way_out or None))
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),  # a body may be left unread
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})

"""The server of an exercise: feed for receivers, console for persons; loopback unless a token is set."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import socket
import time
from typing import TYPE_CHECKING, Final, final

from hinomi.errors import ScenarioError
from hinomi.extras import need_extra
from hinomi.transport.address import is_loopback

if TYPE_CHECKING:
    from hinomi.live.exercise import Exercise

START_S: Final = 10.0


def need_server() -> None:
    """Refuse an exercise whose server cannot start; asked before folder, keys and raid are made."""
    need_extra("live", "uvicorn", "fastapi", "websockets", who="the server of an exercise")


@final
class Served:
    """One server around one exercise, in the same loop."""

    def __init__(self, exercise: Exercise) -> None:
        need_server()
        import uvicorn

        from hinomi.live.routes import app_of

        settings = exercise.settings
        self._exercise = exercise
        self._socket = _listening(settings.host, settings.port or 0)
        host, port = self._socket.getsockname()[:2]
        shown = f"[{host}]" if ":" in host else host
        self.address = f"http://{shown}:{port}"
        config = uvicorn.Config(
            app_of(exercise, port=port), log_level="critical", access_log=False, lifespan="off",
            ws="websockets-sansio", ws_max_size=1 << 20, timeout_graceful_shutdown=1,
            server_header=False, h11_max_incomplete_event_size=1 << 16,
        )  # fmt: skip
        self._server = uvicorn.Server(config)
        # Signals belong to the command, which ends the exercise in order.
        self._server.capture_signals = contextlib.nullcontext  # type: ignore[method-assign,assignment]
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> str:
        """Listen; the address."""
        self._task = asyncio.create_task(self._server.serve(sockets=[self._socket]))
        since_s = time.monotonic()
        while not self._server.started:
            if self._task.done():
                self._task.result()
            if self._task.done() or time.monotonic() - since_s > START_S:
                raise ScenarioError(
                    f"{self.address}: the server did not start; start again, or name another --port"
                )
            await asyncio.sleep(0.01)
        path = self._exercise.home.path / "address.json"
        part = path.with_name(".address.json")
        part.write_text(json.dumps({"url": self.address, "pid": os.getpid()}), encoding="utf-8")
        part.replace(path)
        return self.address

    async def stop(self) -> None:
        """Stop listening; open connections end."""
        self._server.should_exit = True
        try:
            if self._task is not None:
                done, _ = await asyncio.wait((self._task,), timeout=3.0)
                if not done:
                    self._task.cancel()
                    await asyncio.gather(self._task, return_exceptions=True)
            await asyncio.sleep(0.05)  # connections that were just closed give their sockets back
        finally:  # also where somebody does not wait for the end
            for server in getattr(self._server, "servers", ()):
                server.close()
            self._socket.close()


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    found = socket.socket(family, socket.SOCK_STREAM)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        found.bind((host, port))
        found.listen(1024)
    except OSError as error:
        found.close()
        raise ScenarioError(
            f"--port {port} on {host}: {error.strerror or error}; name another one, or 0 for any"
        ) from None
    return found


def loopback_hosts(host: str, port: int) -> frozenset[str]:
    """Values of the Host header that mean this server; a page elsewhere cannot claim another."""
    names = {"127.0.0.1", "localhost", "[::1]"} if is_loopback(host) else set()
    return frozenset(f"{name}:{port}" for name in names)

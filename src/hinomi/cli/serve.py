"""`hinomi serve`: the pages and the interface behind them, on this machine alone unless told otherwise."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hinomi.cli.options import whole
from hinomi.web.settings import DEFAULT_HOST, DEFAULT_PORT, DEFAULT_WORKSPACE

if TYPE_CHECKING:
    import socket

    from hinomi.web.settings import Settings

Workspace = Annotated[
    Path, typer.Option(metavar="DIR", help="Folder with runs; new ones are made in it.")
]
Host = Annotated[
    str,
    typer.Option(metavar="ADDRESS", help="Where to listen; beyond this machine a token is asked."),
]
Port = Annotated[
    int, typer.Option(metavar="N", parser=whole, help="Port; 0 takes one that is free.")
]
Token = Annotated[
    str | None,
    typer.Option(metavar="T", help="Who asks must give it; made up where one is needed."),
]
TokenFile = Annotated[
    Path | None,
    typer.Option(
        "--token-file",
        metavar="FILE",
        help="File with that token: it shows in no list of processes.",
    ),
]
Open = Annotated[bool, typer.Option("--open", help="Open the address in a browser.")]
GRACE_S = 3  # for answers on their way when the server is stopped


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command(
        "serve",
        short_help="Show runs in a browser; start new ones there.",
        epilog="Example: hinomi serve --open",
    )(serve)


def serve(
    workspace: Workspace = DEFAULT_WORKSPACE,
    host: Host = DEFAULT_HOST,
    port: Port = DEFAULT_PORT,
    token: Token = None,
    token_file: TokenFile = None,
    open_it: Open = False,
) -> None:
    """Serve runs, replays, what-if questions, evidence and scenarios to a browser, without internet.

    Ctrl-C or SIGTERM ends it; a job that is under way stops and can be resumed.
    """
    from hinomi.web.settings import is_loopback

    _has_extra()
    token = _token_of(token, token_file)
    _checked(workspace, host, port, token)
    taken = _listening(host, port)
    given = token if token or is_loopback(host) else _made_up()
    settings = _settings(workspace, host, given)
    address = _address(host, taken.getsockname()[1], given)
    # Who asks from now on waits for the imports below; they take a second or two.
    _tell(settings, address)
    if open_it:
        import webbrowser

        webbrowser.open(address)
    _run(settings, taken)


def _token_of(token: str | None, file: Path | None) -> str | None:
    from hinomi.errors import ScenarioError

    if file is None:
        return token
    if token is not None:
        raise ScenarioError("give either --token T or --token-file FILE, not both")
    from hinomi.cli.live import secret_of

    return secret_of(file, "--token-file")


def _has_extra() -> None:
    from hinomi.extras import need_extra

    need_extra("web", "fastapi", "uvicorn", "orjson", who="serve")


def _run(settings: Settings, taken: socket.socket) -> None:
    """Serve until a signal; it is an ordinary end, not an error."""
    import contextlib
    import signal

    server: Any = None
    stopped = False

    def stop(number: int, frame: object) -> None:  # noqa: ARG001
        nonlocal stopped
        stopped = True
        if server is not None:
            server.should_exit = True

    before = [(n, signal.signal(n, stop)) for n in (signal.SIGINT, signal.SIGTERM)]
    try:
        import uvicorn

        from hinomi.web.app import create_app

        server = uvicorn.Server(
            uvicorn.Config(
                create_app(settings),
                log_level="warning",
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=GRACE_S,
                lifespan="on",
            )
        )
        # The server itself would raise the signal again after its clean end.
        server.capture_signals = contextlib.nullcontext
        if not stopped:
            server.run(sockets=[taken])
    finally:
        for number, handler in before:
            signal.signal(number, handler)
        taken.close()


def _tell(settings: Settings, address: str) -> None:
    typer.echo(f"hinomi serve: {address} (workspace {settings.workspace})")
    if not settings.built:
        typer.echo("pages are not built: make web (Node 20 or later); the API works", err=True)
    if settings.token:
        typer.echo("whoever has this address can start runs on this machine", err=True)


def _checked(workspace: Path, host: str, port: int, token: str | None) -> None:
    """Refuse what cannot work before anything listens."""
    import re

    from hinomi.errors import FolderError, ScenarioError

    if not 0 <= port <= 65535:
        raise ScenarioError(f"--port is {port}; it must lie in 0..65535 (0 takes a free one)")
    if not host.strip():
        raise ScenarioError(f"--host is empty; {DEFAULT_HOST} is this machine alone")
    if token is not None and not re.fullmatch(r"[A-Za-z0-9_-]{8,200}", token):
        raise ScenarioError(
            "the token must have 8 to 200 letters, digits, - or _; leave --token and --token-file "
            "away to have one made up"
        )
    if workspace.exists() and not workspace.is_dir():
        raise FolderError(f"--workspace {workspace}: is a file; name a folder")
    if not workspace.exists() and not workspace.parent.is_dir():
        raise FolderError(f"--workspace {workspace}: there is no folder {workspace.parent}")


def _listening(host: str, port: int) -> socket.socket:
    """A socket that listens, so that a port in use is told in one line."""
    import errno
    import socket

    from hinomi.errors import ScenarioError

    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    taken = socket.socket(family, socket.SOCK_STREAM)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind((host.strip("[]"), port))
        taken.listen(128)
    except OSError as error:
        taken.close()
        if error.errno == errno.EADDRINUSE:
            raise ScenarioError(
                f"port {port} of {host} is in use; choose another with --port, or --port 0"
            ) from None
        words = error.strerror or str(error)
        raise ScenarioError(
            f"cannot listen on {host}, port {port}: {words.lower()}; try --host 127.0.0.1 --port 0"
        ) from None
    return taken


def _made_up() -> str:
    import secrets

    return secrets.token_urlsafe(24)


def _settings(workspace: Path, host: str, token: str | None) -> Settings:
    import socket
    from importlib import resources

    from hinomi.web.settings import Settings, names_for

    static = Path(str(resources.files("hinomi") / "web" / "static"))
    return Settings(
        workspace=workspace,
        static=static,
        host=host,
        token=token,
        names=names_for(host, socket.gethostname()),
    )


def _address(host: str, port: int, token: str | None) -> str:
    import socket

    shown = {"0.0.0.0": socket.gethostname(), "::": socket.gethostname()}.get(host, host)  # noqa: S104
    name = f"[{shown.strip('[]')}]" if ":" in shown else shown
    return f"http://{name}:{port}/" + (f"?token={token}" if token else "")

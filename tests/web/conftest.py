"""A workspace with one small run that the engine made, and the application over it."""

import contextlib
import shutil
import socket
import threading
import time

import pytest

pytest.importorskip("fastapi", reason="pages need the extra web")

import httpx
import uvicorn

import hinomi
from hinomi.web.app import create_app
from hinomi.web.settings import Settings

RUN = "small-run"
ARCHITECTURES = ("shared_warning", "integrated")
REPORT = "<!doctype html><title>report</title><script>1</script>"


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    """Folder of the run: two raids, two architectures."""
    folder = tmp_path_factory.mktemp("made") / RUN
    hinomi.run(
        "okinawa-2025",
        replicates=2,
        workers=1,
        architectures=ARCHITECTURES,
        out=folder,
        quiet=True,
        changes={"warning.predicted_threshold": 1.0},  # leaves out what takes half of the time
    )
    (folder / "report.html").write_text(REPORT)
    return folder


@pytest.fixture(scope="session")
def study(made):
    return hinomi.Study(made)


@pytest.fixture(scope="session")
def shelf(made, tmp_path_factory):
    """A workspace that no test writes into."""
    root = tmp_path_factory.mktemp("shelf") / "results"
    shutil.copytree(made, root / RUN)
    return root


@contextlib.contextmanager
def serving(app):
    """A client of the application, served on a free port by a thread of this process."""
    taken = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(app, log_level="error", access_log=False, timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [taken]}, daemon=True)
    thread.start()
    until = time.monotonic() + 20.0
    while not server.started and time.monotonic() < until:
        time.sleep(0.01)
    address = f"http://127.0.0.1:{taken.getsockname()[1]}"
    try:
        with httpx.Client(base_url=address, timeout=60.0) as asking:
            yield asking
    finally:
        server.should_exit = True
        thread.join(20.0)
        taken.close()
    assert not thread.is_alive(), "the server ends when it is told to"


@pytest.fixture(scope="session")
def serving_of():
    """Serve an application of one's own: a context manager that gives a client."""
    return serving


@pytest.fixture(scope="session")
def client(shelf):
    """Asks the application over that workspace, without pages, as a browser on this machine would."""
    with serving(create_app(Settings(workspace=shelf, static=shelf / "no-pages"))) as asking:
        yield asking


@pytest.fixture
def own(tmp_path):
    """Function: a client of an application of one's own, over an empty workspace."""
    with contextlib.ExitStack() as stack:

        def make(**settings):
            given = {"workspace": tmp_path / "results", "static": tmp_path / "no-pages", **settings}
            return stack.enter_context(serving(create_app(Settings(**given))))

        yield make

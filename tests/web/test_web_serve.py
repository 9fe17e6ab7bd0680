"""`hinomi serve` from outside: one line with the address, clear refusals, a clean end."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import time

import httpx
import pytest

SERVE = [sys.executable, "-m", "hinomi", "serve"]


def refused(*words):
    """The error that the command ends with."""
    from typer.testing import CliRunner

    from hinomi.cli import app
    from hinomi.errors import HinomiError

    result = CliRunner().invoke(app, ["serve", *words])
    assert isinstance(result.exception, HinomiError)
    assert result.exception.exit_code == 2
    return str(result.exception)


def test_a_port_in_use_is_told_with_the_way_out():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        said = refused("--port", port)
    assert f"port {port} of 127.0.0.1 is in use" in said
    assert "--port 0" in said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--port", "70000"), "0..65535"),
        (("--token", "x"), "8 to 200"),
        (("--workspace", "no/such/folder"), "there is no folder"),
        (("--host", "no-such-host.invalid", "--port", "0"), "cannot listen on"),
    ],
)
def test_wrong_options_are_told(tmp_path, words, said, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert said in refused(*words)


def test_a_token_comes_from_a_file_and_is_checked_like_any(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "token").write_text("short\n")
    assert "8 to 200" in refused("--token-file", "token")
    assert "not both" in refused("--token-file", "token", "--token", "abcdefgh")
    assert "nothing" in refused("--token-file", "nothing")
    (tmp_path / "token").write_text("\n")
    assert "is empty" in refused("--token-file", "token")


def test_the_token_of_the_file_is_the_one_that_is_asked(tmp_path):
    (tmp_path / "token").write_text("abcdefgh-1234\n")
    words = [*SERVE, "--port", "0", "--token-file", "token"]
    process = subprocess.Popen(
        words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        cwd=tmp_path, env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )  # fmt: skip
    try:
        address = re.search(r"(http://127\.0\.0\.1:\d+/)\?token=(\S+)", process.stdout.readline())
        assert address[2] == "abcdefgh-1234"
        api = address[1] + "api/runs"
        assert httpx.get(api, timeout=60).status_code == 401
        given = httpx.get(api, timeout=60, headers={"Authorization": f"Bearer {address[2]}"})
        assert given.status_code == 200
    finally:
        process.kill()
        process.communicate()


def test_without_the_extra_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    assert 'pip install "hinomi[web]"' in refused()


@contextlib.contextmanager
def served(folder):
    """The command in a process of its own, and the address that it printed."""
    process = subprocess.Popen(
        [*SERVE, "--port", "0"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        cwd=folder, env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )  # fmt: skip
    try:
        yield process, re.search(r"http://127\.0\.0\.1:\d+/", process.stdout.readline())[0]
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def test_ctrl_c_is_an_ordinary_end(tmp_path):
    with served(tmp_path) as (process, address):
        assert httpx.get(f"{address}api/version", timeout=30.0).json()["name"] == "hinomi"
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=40)
        assert process.returncode == 0, said
        assert "Traceback" not in said


def test_it_ends_with_what_it_started(tmp_path):
    """A run is under way when the signal comes: its process ends too, and it can be resumed."""
    with served(tmp_path) as (process, address):
        with httpx.Client(base_url=address, timeout=30.0) as asking:
            asked = {"scenario": "okinawa-2025", "replicates": 500}
            run = asking.post("/api/runs", json=asked).json()["run"]
            plan = tmp_path / "results" / run / "plan.json"
            until = time.monotonic() + 40.0
            while not plan.is_file() and time.monotonic() < until:
                time.sleep(0.1)
            assert plan.is_file(), "the run has begun"
            (row,) = asking.get("/api/runs").json()["runs"]
            assert (row["complete"], row["replicates"]) == (False, 500)
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=40)
        assert process.returncode == 0, said
        assert "Traceback" not in said
        assert not children_with(run), "no process of the job is left"


def children_with(word):
    """Ids of processes whose command names a run."""
    found = []
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            try:
                with open(f"/proc/{entry.name}/cmdline", "rb") as stream:  # noqa: PTH123
                    command = stream.read()
            except OSError:
                continue
            if word.encode() in command and b"serve" not in command:
                found.append(int(entry.name))
    return found

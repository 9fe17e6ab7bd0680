"""Whole exercises by the command: the same messages at any speed, and after any kill."""

from __future__ import annotations

import asyncio
import json
import math
import os
import shutil
import signal
import sqlite3
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from hinomi.cli import app
from hinomi.errors import FolderError
from hinomi.live import journal
from hinomi.live.exercise import open_exercise
from hinomi.live.settings import Settings

SCENARIO, UNTIL = "replay-2023-05-31", "330"


def command(folder, *more, speed="max", until=UNTIL):
    return [
        sys.executable, "-m", "hinomi", "live", SCENARIO, "--folder", str(folder), "--speed", speed,
        "--release", "auto", "--until", until, *more,
    ]  # fmt: skip


def run(folder, *more, kill="", **told):
    return subprocess.run(
        command(folder, *more, **told), capture_output=True, text=True, timeout=120,
        env={**os.environ, "HINOMI_LIVE_KILL": kill},
    )  # fmt: skip


def told_of(folder):
    """What an exercise said: identifiers, recipients, order, bytes before the signature."""
    rows = [
        r
        for r in journal.read(folder)
        if r.kind in ("announced", "checked", "released", "cancelled", "ended")
    ]
    unsigned = [r.content["unsigned_sha256"] for r in rows if "unsigned_sha256" in r.content]
    subjects = [
        (r.kind, r.content["key"], r.content["subjects"]) for r in rows if "subjects" in r.content
    ]
    return unsigned, subjects


def inside(folder, speed):
    """The same without a process of its own."""
    asked = Settings(
        scenario=SCENARIO,
        folder=folder,
        speed=speed,
        release="auto",
        until_s=float(UNTIL),
        port=None,
    )

    async def main():
        exercise = open_exercise(asked)
        try:
            await exercise.run()
        finally:
            exercise.close()

    asyncio.run(main())


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole") / "e"
    inside(folder, math.inf)
    return folder, told_of(folder)


def test_an_exercise_releases_its_alert_and_ends_with_a_sound_record(whole):
    folder, (unsigned, subjects) = whole

    assert [kind for kind, _, _ in subjects] == ["announced", "released", "cancelled", "ended"]
    assert len(unsigned) == 3
    assert journal.verify(folder).sound


def test_a_paced_clock_gives_the_same_messages(whole, tmp_path):
    inside(tmp_path / "paced", 250.0)

    assert told_of(tmp_path / "paced") == whole[1]


@pytest.mark.parametrize("kill", ["before-commit:2", "after-commit:2"])
def test_after_a_kill_the_same_folder_goes_on_to_the_same_messages(whole, tmp_path, kill):
    want = whole[1]
    folder = tmp_path / "e"

    died = run(folder, kill=kill)
    assert died.returncode == -signal.SIGKILL
    assert journal.verify(folder).sound
    on_record = told_of(folder)[1]
    inside(folder, math.inf)

    assert journal.verify(folder).sound
    found = told_of(folder)
    assert found[1][: len(on_record)] == on_record
    assert found[1] == want[1]
    assert sorted(set(found[0])) == sorted(set(want[0]))


def test_an_interrupted_exercise_says_how_to_go_on(tmp_path):
    child = subprocess.Popen(
        command(tmp_path / "e", speed="1"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert child.stdout.readline().startswith("http://127.0.0.1:")
        with pytest.raises(FolderError, match="an exercise runs there"):
            inside(tmp_path / "e", math.inf)
        child.send_signal(signal.SIGINT)
        _, errors = child.communicate(timeout=30)
    finally:
        if child.poll() is None:
            child.kill()
            child.wait()
    assert child.returncode == 130
    assert "goes on where it was" in errors
    assert journal.verify(tmp_path / "e").sound
    assert not (tmp_path / "e" / "address.json").exists()


def test_verify_names_the_row_that_was_altered(whole, tmp_path):
    folder = shutil.copytree(whole[0], tmp_path / "copy")
    link = sqlite3.connect(folder / journal.FILE)
    link.execute("DROP TRIGGER journal_update")
    link.execute("UPDATE journal SET who = 'nobody' WHERE number = 3")
    link.commit()
    link.close()

    done = CliRunner().invoke(app, ["live", "verify", str(folder)])

    assert done.exit_code == 1
    assert done.output.startswith("row 3: ")


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (("--mode", "actual"), "an actual alert is never released here"),
        (("--speed", "0"), "--speed is 0"),
        (("--speed", "fast"), "or max"),
        (("--until", "soon"), "write end"),
        (("--release", "nobody"), "auto or console"),
    ],
)
def test_wrong_use_is_told_in_one_line_with_exit_2(tmp_path, more, words):
    done = CliRunner().invoke(app, ["live", SCENARIO, "--folder", str(tmp_path / "e"), *more])

    assert done.exit_code == 2
    assert words in done.output
    assert not (tmp_path / "e").exists()


def test_no_key_or_subject_of_an_exercise_knows_actual(whole):
    folder = whole[0]

    trust = json.loads((folder / "trust.json").read_text())
    assert [k["statuses"] for k in trust["keys"]] == [["Exercise"]]
    assert [p.name for p in (folder / "keys").iterdir()] == ["exercise"]
    assert {s.split(".")[2] for _, s, _ in journal.deliveries(folder)} == {"exercise"}
    assert all(b"<status>Exercise</status>" in m.content for m in journal.messages(folder))


def test_messages_go_to_a_webhook_too_and_a_carrier_that_is_not_there_stops_the_start(
    whole, tmp_path
):
    """The same keys as on record, each signed with the secret; nobody there: one line and 2."""
    from http.server import BaseHTTPRequestHandler, HTTPServer
    from threading import Thread

    got = []

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self):
            got.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(200)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *told):
            pass

    (tmp_path / "secret").write_text("a secret of twenty bytes")
    with HTTPServer(("127.0.0.1", 0), Hook) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        hook = f"http://127.0.0.1:{server.server_port}/hook"
        given = ("--carrier", hook, "--secret-file", str(tmp_path / "secret"))
        done = run(tmp_path / "live", *given)
        server.shutdown()
    assert done.returncode == 0, done.stderr
    sent = {key for _, _, key in deliveries_of(tmp_path / "live")}
    assert {each["key"] for each in got} == sent
    assert sent
    other = command(tmp_path / "other", "--carrier", "gopher://127.0.0.1:70")
    refused = CliRunner().invoke(app, other[3:])
    assert refused.exit_code == 2
    assert "is no carrier" in refused.output


def deliveries_of(folder):
    return [tuple(each) for each in journal.deliveries(folder)]

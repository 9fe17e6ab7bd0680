"""A drill on this machine: receivers, an inject that kills one, the board, the review; and kills at random."""

import asyncio
import contextlib
import importlib.util
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from hinomi.drill.conduct import conduct
from hinomi.drill.expected import expect, write_expected
from hinomi.drill.plan import check_plan
from hinomi.drill.programs import Stage
from hinomi.drill.review import review
from hinomi.errors import FolderError

pytest.importorskip("uvicorn")
ROOT = Path(__file__).parents[2]

PLAN = """
format = "hinomi/drill/1"
name = "run"
title = "Three towns"
scenario = "replay-2023-05-31"
[exercise]
sender = "exercise@hinomi.example"
[clock]
speed = 60
end_s = 330
limit_min = 2
[[participants]]
name = "towns"
places = ["47201", "47214", "47382"]
[[injects]]
name = "off"
at_s = 20
kind = "receiver-down"
places = ["47214"]
for_s = 120
[[injects]]
name = "stranger"
at_s = 30
kind = "forged-alert"
places = ["47382"]
[[objectives]]
name = "all"
measure = "received_share"
target = 1.0
"""


def test_a_drill_runs_its_injects_ends_by_itself_and_can_be_reviewed(tmp_path):
    """Everybody has the alert in the end, the forged one is refused, no process is left."""
    plan = check_plan(PLAN, "run")
    stage = Stage(plan=plan, folder=tmp_path / "drill")
    stage.set_up()
    write_expected(expect(plan), stage.folder)
    said = []
    conductor = asyncio.run(conduct(plan, stage, say=said.append))
    assert conductor.ended
    assert not any(p.running for p in stage.programs.values())
    assert stage.programs["r-47214"].starts == 2
    told, _ = review(stage.folder)
    steps = {(i["name"], i["step"]): i for i in told["injects"]}
    assert {("off", "begun"), ("off", "ended"), ("stranger", "done")} <= set(steps)
    assert "sig-invalid" in steps["stranger", "answered"]["told"]
    assert told["sound"]
    assert told["sent"] >= 1
    assert told["measures"]["received_share"] == 1.0
    assert told["measures"]["wrong_recipients"] == 0.0
    assert told["measures"]["forged_shown"] == 0
    assert told["objectives"][0]["letter"] == "P"
    with pytest.raises(FolderError, match="not empty"):
        stage.set_up()


def test_ten_kills_lose_nothing_and_nothing_sounds_twice(tmp_path):
    """A small sample of `make soak`: exercise and receivers ended by kill -9, lines disturbed."""
    spec = importlib.util.spec_from_file_location("soak_live", ROOT / "benchmarks" / "soak_live.py")
    soak_live = importlib.util.module_from_spec(spec)
    sys.modules["soak_live"] = soak_live
    spec.loader.exec_module(soak_live)
    try:
        table = soak_live.soak(
            10, 5, speed=90.0, limit_s=60.0, folder=tmp_path, say=lambda _: None, cold=0,
            until_s=515.0, quiet_s=350.0, keep=True,
        )  # fmt: skip
    finally:
        del sys.modules["soak_live"]
    assert table["kill -9"] >= 10, json.dumps(table)
    assert {name: table[name] for name in soak_live.BROKEN} == dict.fromkeys(soak_live.BROKEN, 0)
    assert table["deliveries due"] > 10

    # The judge itself: what is put wrong by hand is found.
    folder = tmp_path / "round-0"
    log = next(p for p in (folder / "receivers").glob("*/sounded.log") if p.stat().st_size)
    line = log.read_text(encoding="utf-8").splitlines()[0]
    with log.open("a", encoding="utf-8") as stream:
        stream.write(line + "\n")
    again = json.loads(line)
    with contextlib.closing(sqlite3.connect(log.with_name("receiver.db"))) as database, database:
        database.execute(
            "DELETE FROM messages WHERE receiver = ? AND key = ?", (again["receiver"], again["key"])
        )
    found = soak_live.look(folder, Counter())
    assert f"sounded twice: {again['receiver']} {again['key'][:8]}" in found
    assert any(each.startswith(f"lost: {again['receiver']} {again['key'][:8]}") for each in found)


def gone(process):
    """Whether a process has ended (a zombie has)."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except OSError:
        return True


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="reads /proc")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_drill_that_is_ended_leaves_no_program_behind(tmp_path, number):
    """SIGTERM ends in order with 143; after SIGKILL the programs see that nobody is left."""
    (tmp_path / "plan.toml").write_text(PLAN, encoding="utf-8")
    out = tmp_path / "drill"
    child = subprocess.Popen(
        [sys.executable, "-m", "hinomi", "drill", "run", str(tmp_path / "plan.toml"), "-o", str(out)],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    live = 0
    try:
        until, address = time.monotonic() + 90.0, out / "live" / "address.json"
        while not address.exists() and time.monotonic() < until and child.poll() is None:
            time.sleep(0.05)
        live = json.loads(address.read_text())["pid"]
        child.send_signal(number)
        _, errors = child.communicate(timeout=40)
        assert child.returncode == (143 if number == signal.SIGTERM else -number)
        assert number == signal.SIGKILL or "hinomi drill review" in errors
        until = time.monotonic() + 15.0
        while not gone(live) and time.monotonic() < until:
            time.sleep(0.05)
        assert gone(live)
    finally:
        if child.poll() is None:
            child.kill()
            child.wait()
        if live and not gone(live):
            os.kill(live, signal.SIGKILL)


def test_a_program_of_a_drill_ends_at_its_limit():
    from hinomi.drill import children

    async def endless(_):
        await asyncio.sleep(60.0)

    begun = time.monotonic()
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(children._bounded(endless, {"limit_s": 0.1}))
    assert time.monotonic() - begun < 30.0

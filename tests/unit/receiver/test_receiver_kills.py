"""kill -9 at every point of a receiver's work: nothing sounds twice, nothing released is lost."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from hinomi.cap.trust import trust_text
from hinomi.transport.killpoint import POINTS, RECEIVER
from hinomi.transport.wire import delivered_object

TRIALS = [f"{point}:{n}" for point in POINTS[RECEIVER] for n in (1, 2)]


@pytest.fixture(scope="module")
def trials(sender, tmp_path_factory):
    """What became of each trial."""
    folder = tmp_path_factory.mktemp("kills")
    first = sender.chain(("launch", "shelter", "cancel"))
    second = sender.chain(("launch", "shelter"), incident="raid-2")
    messages = [
        {**delivered_object(each), "sequence": n} for n, each in enumerate([*first, *second], 1)
    ]
    (folder / "messages.json").write_text(json.dumps(messages))
    (folder / "trust.json").write_text(trust_text(sender.trust))
    program = Path(__file__).with_name("kill_receiver.py")
    done = subprocess.run(
        [sys.executable, str(program), str(folder)], input="\n".join(TRIALS), text=True,
        capture_output=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    keys = [each.envelope.key for each in [*first, *second]]
    return keys, [json.loads(line) for line in done.stdout.splitlines()]


def test_receivers_really_were_killed_at_every_point(trials):
    _, told = trials
    assert len(told) == len(TRIALS)
    assert {each["point"].split(":")[0] for each in told if each["killed"]} == set(POINTS[RECEIVER])


def test_nothing_sounds_twice(trials):
    _, told = trials
    for each in told:
        assert set(Counter(each["sounded"]).values()) <= {1}, each["point"]


def test_every_message_is_there_after_the_restart_in_its_right_state(trials):
    keys, told = trials
    wanted = ["cancelled", "cancelled", "applied", "replaced", "standing"]
    for each in told:
        assert each["states"] == dict(zip(keys, wanted, strict=True)), each["point"]


def test_every_receipt_reaches_the_sender_at_least_once_and_what_was_shown_is_signed(trials):
    keys, told = trials
    for each in told:
        taken = {tuple(line.split()) for line in each["taken"]}
        assert {(key, "stored", "False") for key in keys} <= taken, each["point"]
        assert {(key, "shown", "True") for key in keys} <= taken, each["point"]

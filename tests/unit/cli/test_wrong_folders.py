"""Folders, files and numbers that cannot be are refused at once: exit 2, what and the way out, nothing written."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from hinomi.cli.files import refuse_folder
from hinomi.errors import HinomiError

CLAIM = ("audit", "--range-km", "2700", "--apogee-km", "550", "--time-min", "14")
HERE = ("receive", "--from", "http://127.0.0.1:1", "--places", "47201")
LAUNCH = ("alert", "compose", "--kind", "launch", "--place", "47201")


@pytest.mark.parametrize("folder", ["file", "file/below", "file/far/below"])
@pytest.mark.parametrize(
    "words",
    [
        ("alert", "keys", "-o"),
        ("calibrate", "-n", "1", "-o"),
        ("drill", "plan", "okinawa-raid", "-o"),
        ("drill", "run", "okinawa-raid", "-o"),
        ("footprint", "okinawa-2025", "-o"),
        ("live", "okinawa-2025", "--folder"),
        ("raid", "okinawa-2025", "-o"),
        ("replay", "2017-08-29", "-n", "1", "-o"),
        ("sustain", "okinawa-2025", "-o"),
    ],
    ids=lambda words: " ".join(words[:2]),
)
def test_a_folder_that_is_a_file_or_below_one_is_refused(program, words, folder):
    Path("file").write_text("kept")
    code, out, err = program(*words, folder)
    assert (code, out) == (2, "")
    assert "file" in err
    assert "name a folder" in err or "name a new folder" in err
    assert [p.name for p in Path().iterdir()] == ["file"]
    assert Path("file").read_text() == "kept"


def test_a_folder_closed_to_writing_is_refused(tmp_path, monkeypatch):
    """Whoever may write everywhere would not see it: permission is asked of the system."""
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != tmp_path)
    with pytest.raises(HinomiError, match="nothing may be written there; name another folder"):
        refuse_folder("--out", tmp_path / "new" / "below")


def test_a_folder_that_can_be_made_is_not_made(tmp_path):
    refuse_folder("--out", tmp_path / "new" / "below")
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((*CLAIM, "--picture", "nowhere/a.png"), "there is no folder nowhere; make it first"),
        ((*CLAIM, "--picture", "a.pdf"), "the name must end in .png or .svg"),
        ((*LAUNCH, "--minutes", "-5"), "--minutes is -5; it must be between 1 and 1440"),
        ((*LAUNCH, "--minutes", "99999999999"), "it must be between 1 and 1440"),
        ((*LAUNCH, "--scope", "private"), "--scope is 'private'; it is restricted or public"),
        ((*LAUNCH, "--language", ","), "write one or more of ja-JP"),
        (("calibrate", "-n", "nan"), "'nan' is no whole number; write it in digits"),
        (("calibrate", "--workers", "two"), "'two' is no whole number"),
        (("drill", "run", "okinawa-raid", "--speed", "fast"), "'fast' is no number"),
        ((*HERE, "--folder", "made", "--seconds", "soon"), "'soon' is no number"),
        ((*HERE, "--folder", "made", "--confirm-port", "99999"), "must lie in 0..65535"),
        ((*HERE, "--folder", "made", "--token-file", os.devnull), "is empty"),
        (("live", "okinawa-2025", "--folder", "made", "--token-file", "."), "Is a directory"),
        (("live", "okinawa-2025", "--folder", "made", "--token-file", os.devnull), "is empty"),
        (("live", "okinawa-2025", "--folder", "made", "--languages", "xx"), "one or more of ja-JP"),
        (("serve", "--host", ""), "--host is empty; 127.0.0.1 is this machine alone"),
    ],
    ids=lambda value: " ".join(value[-2:]) if isinstance(value, tuple) else "",
)
def test_wrong_values_are_told_before_any_work(program, words, told):
    code, out, err = program(*words)
    assert (code, out) == (2, "")
    assert told in err
    assert list(Path().iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize(
    ("stop", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)], ids=["SIGINT", "SIGTERM"]
)
def test_a_stopped_calibration_says_that_finished_raids_are_kept(tmp_path, stop, code):
    """The signal comes from within, when the first raid is asked for."""
    text = (
        "import os, hinomi.calibration.run as run, hinomi.cli\n"
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        f"run.calibrate = lambda *a, **k: os.kill(os.getpid(), {int(stop)})\n"
        "hinomi.cli.main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", text, "calibrate", "-n", "1", "-o", "made"],
        capture_output=True, text=True, cwd=tmp_path, check=False,
    )  # fmt: skip
    assert done.returncode == code, done.stderr
    assert "kept. Go on with: the same command with -o made" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_folder_is_not_named_like_a_page(tmp_path):
    """`-o replay.html` would make a folder of that name; one that is there already may be used."""
    with pytest.raises(HinomiError, match=r"name a folder, such as replay$"):
        refuse_folder("--out", tmp_path / "replay.html")
    (tmp_path / "old.html").mkdir()
    refuse_folder("--out", tmp_path / "old.html")

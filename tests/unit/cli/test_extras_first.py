"""A command that needs an extra asks for it before any work: one line, exit code 2, nothing written."""

import sys

import pytest
from typer.testing import CliRunner

from hinomi.cli import app
from hinomi.errors import HinomiError, ScenarioError
from hinomi.extras import need_extra

SCENARIO = "replay-2017-08-29"
CASES = [
    ("uvicorn", "web", ["serve", "--port", "0"]),
    ("orjson", "web", ["serve", "--port", "0"]),
    ("uvicorn", "live", ["live", SCENARIO, "--folder", "made"]),
    ("websockets", "live", ["live", SCENARIO, "--folder", "made"]),
    ("nats", "live", ["live", SCENARIO, "--folder", "made", "--carrier", "nats://127.0.0.1:9"]),
    ("paho", "live", ["live", SCENARIO, "--folder", "made", "--carrier", "mqtt://127.0.0.1:9"]),
    ("paho", "live", ["receive", "--from", "mqtt://127.0.0.1:9", "--places", "47201",
                      "--exercise", "r", "--folder", "made"]),
    ("websockets", "live", ["receive", "--from", "http://127.0.0.1:9", "--places", "47201",
                            "--by", "socket", "--folder", "made"]),
    ("uvicorn", "live", ["drill", "run", "okinawa-raid", "-o", "made"]),
    ("distributed", "distributed", ["run", SCENARIO, "-n", "1", "-o", "made",
                                    "--scheduler", "tcp://127.0.0.1:9"]),
    ("distributed", "distributed", ["compare", "okinawa-2025", "-n", "1", "-o", "made",
                                    "--scheduler", "tcp://127.0.0.1:9"]),
    ("stonesoup", "stonesoup", ["run", SCENARIO, "-n", "1", "-o", "made",
                                "--tracker", "stonesoup-cv"]),
    ("stonesoup", "stonesoup", ["run", SCENARIO, "-n", "1", "-o", "made",
                                "--set", "tracking.tracker=stonesoup-cv"]),
    ("SALib", "sensitivity", ["sweep", SCENARIO, "--vary", "warning.hit_threshold=0.1:0.3:2",
                              "--design", "sobol", "-o", "made"]),
]  # fmt: skip


def ended(words):
    """Exit code, and all that was said; an error that reaches the program's own end is its message."""
    result = CliRunner().invoke(app, words)
    if isinstance(result.exception, HinomiError):
        return result.exception.exit_code, result.output + str(result.exception)
    return result.exit_code, result.output


@pytest.mark.parametrize(("module", "extra", "words"), CASES)
def test_a_missing_extra_is_asked_for_before_any_work(module, extra, words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(sys.modules, module, None)
    code, said = ended(words)
    assert code == 2
    assert f'pip install "hinomi[{extra}]"' in said
    assert module in said
    assert len(said.splitlines()) == 1
    assert not list(tmp_path.iterdir())


def test_what_is_there_is_not_asked_for_and_all_that_is_missing_is_named():
    need_extra("live", "json", who="a test")
    with pytest.raises(ScenarioError, match="a test needs no_such_a, no_such_b, not installed"):
        need_extra("live", "json", "no_such_a", "no_such_b", who="a test")

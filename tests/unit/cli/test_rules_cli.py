"""`hinomi rules` on the command line: lists, mistakes with the way out, nothing written then."""

import json

import pytest
from typer.testing import CliRunner

from hinomi.cli import app

RUN = CliRunner()


def test_bundled_rules_are_listed():
    found = RUN.invoke(app, ["rules", "--list"])
    assert found.exit_code == 0
    assert "since-2023" in found.stdout
    told = json.loads(RUN.invoke(app, ["rules", "--list", "--json"]).stdout)
    assert told["rules"]["regions"]["unit"] == "block"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "hinomi rules okinawa-2025"),
        (["okinawa-2052"], "did you mean 'okinawa-2025'"),
        (["okinawa-2025", "--rule", "since-2024"], "did you mean 'since-2023'"),
        (["okinawa-2025", "--architecture", "integrate"], "did you mean 'integrated'"),
        (["okinawa-2025", "-n", "0"], "number of replicates is 0"),
        (["okinawa-2025", "--workers", "0"], "workers is 0"),
        (["okinawa-2025", "okinawa-2025", "-n", "1"], "named twice"),
        (["okinawa-2025", "--rule", "municipal", "--rule", "municipal"], "there already"),
    ],
)
def test_mistakes_are_told_and_nothing_is_written(tmp_path, words, message):
    out = tmp_path / "out"
    found = RUN.invoke(app, ["rules", *words, "-o", str(out)])
    assert found.exit_code == 2
    assert message in found.stderr
    assert not out.exists()


def test_a_foreign_folder_is_left_alone(tmp_path):
    (tmp_path / "okinawa-2025").mkdir()
    (tmp_path / "okinawa-2025" / "mine.txt").write_text("mine")
    found = RUN.invoke(app, ["rules", "okinawa-2025", "-n", "1", "-o", str(tmp_path)])
    assert found.exit_code == 2
    assert "nothing was touched" in found.stderr
    assert [p.name for p in tmp_path.rglob("*.txt")] == ["mine.txt"]

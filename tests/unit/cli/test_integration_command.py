"""`hinomi integration` on the command line: a small real run, mistakes with the way out, Ctrl-C."""

import csv
import json

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from hinomi.cli import app
from hinomi.integration import chain

SMALL = ("integration", "okinawa-2025", "-n", "2", "--figure", "leakers,lead_s", "--workers", "1")


@pytest.fixture(scope="module")
def answered(tmp_path_factory):
    """A finished answer of two raids; tests read it."""
    folder = tmp_path_factory.mktemp("integration") / "out"
    found = CliRunner().invoke(app, [*SMALL, "-o", str(folder), "--quiet"])
    assert found.exit_code == 0
    return folder


def test_everything_is_written_as_strict_json_csv_and_parquet(answered, strict):
    told = strict((answered / "integration.json").read_text())
    assert list(told["figures"]) == ["leakers", "lead_s"]
    assert [p["from"]["name"] for p in told["pairs"]] == ["shared_warning", "national"]
    with (answered / "split.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert {r["part"] for r in rows} >= {"link", "share_track", "single_authority"}
    table = pq.read_table(answered / "split.parquet", partitioning=None)
    assert table.num_rows == len(rows)
    one = [
        r
        for r in rows
        if (r["from"], r["figure"], r["times"]) == ("national", "leakers", "equal_times")
    ]
    change = told["pairs"][1]["figures"]["leakers"]["change"]["value"]
    assert sum(float(r["value"]) for r in one) == pytest.approx(change, abs=1e-9)


def test_the_page_opens_offline_and_says_what_it_is(answered):
    page = (answered / "integration.html").read_text(encoding="utf-8")
    assert "STUDY - computed from notional data" in page
    assert "What this does not say" in page
    assert page.count("<svg") == 2  # a waterfall each pair
    assert "src=" not in page
    shown = page.replace("http://www.w3.org", "")
    assert "http://" not in shown.replace("http://purl.org", "").replace(
        "http://creativecommons", ""
    )
    assert "https://" not in shown


def test_the_same_command_again_computes_nothing_and_gives_the_same(answered, program):
    files = sorted(answered.glob("*/metrics/*.parquet"))
    before = [(p.stat().st_ino, p.stat().st_mtime_ns) for p in files]
    told = (answered / "integration.json").read_bytes()
    code, out, _ = program(*SMALL, "-o", answered, "--quiet")
    assert code == 0
    assert [(p.stat().st_ino, p.stat().st_mtime_ns) for p in files] == before
    assert (answered / "integration.json").read_bytes() == told
    assert out.startswith(
        "STUDY 研究 - okinawa-2025: integrated minus shared_warning, 2 replicates"
    )


def test_another_figure_is_split_from_the_same_runs(answered, program):
    count = len(list(answered.glob("*/metrics/*.parquet")))
    words = ["shots" if w == "leakers,lead_s" else w for w in SMALL]
    code, out, _ = program(*words, "-o", answered, "--json", "--quiet")
    assert code == 0
    assert list(json.loads(out)["figures"]) == ["shots"]
    assert len(list(answered.glob("*/metrics/*.parquet"))) == count


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["okinawa-2052"], "did you mean 'okinawa-2025'"),
        (["okinawa-2025", "--figure", "leaker"], "did you mean 'leakers'"),
        (["okinawa-2025", "--figure", "threats"], "no figure that is split"),
        (["okinawa-2025", "--variants", "leo_of"], "did you mean 'leo_off'"),
        (["okinawa-2025", "--variants", ","], "--variants is ','"),
        (["okinawa-2025", "--from", "national"], "go together"),
        (["okinawa-2025", "--from", "national", "--to", "integrate"], "did you mean 'integrated'"),
        (["okinawa-2025", "--from", "integrated", "--to", "national"], "share less"),
        (["replay-2022-10-04"], "--from and --to"),
        (["okinawa-2025", "-n", "0"], "number of replicates is 0"),
        (["okinawa-2025", "-n", "few"], "no whole number"),
        (["okinawa-2025", "--seed", "-1"], "the seed is -1"),
        (["okinawa-2025", "--workers", "0"], "workers is 0"),
    ],
)
def test_mistakes_are_told_and_nothing_is_written(program, tmp_path, words, message):
    code, _, err = program("integration", *words, "-o", tmp_path / "out")
    assert code == 2
    assert message in err
    assert not (tmp_path / "out").exists()


def test_a_foreign_folder_is_left_alone(program, tmp_path):
    mine = tmp_path / "out" / "as_it_is"
    mine.mkdir(parents=True)
    (mine / "mine.txt").write_text("mine")
    code, _, err = program(*SMALL, "-o", tmp_path / "out")
    assert code == 2
    assert "nothing was touched" in err
    assert [p.name for p in mine.iterdir()] == ["mine.txt"]


def test_ctrl_c_keeps_what_is_finished_and_says_how_to_go_on(program, tmp_path, monkeypatch):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(chain, "replicate", interrupted)
    code, _, err = program(*SMALL, "-o", tmp_path / "out")
    assert code == 130
    assert "what was finished is kept. Go on with: the same command" in err
    assert (tmp_path / "out" / "as_it_is" / "plan.json").is_file()
    assert not (tmp_path / "out" / "integration.json").exists()

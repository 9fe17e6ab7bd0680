"""The study commands: what they print, where, and with which exit code."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

import hinomi.cli.study as commands
from hinomi.errors import HinomiError

CHAINS = Path(__file__).parents[1] / "study" / "chains"


@pytest.fixture
def hinomi(monkeypatch, tmp_path):
    """Call a command; the fake chain stands for the real one."""
    from hinomi.study import batch, warm

    monkeypatch.syspath_prepend(str(CHAINS))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(commands, "CHAIN", "fake_chain")
    monkeypatch.setattr(commands, "_drawn", lambda study, *_: study.folder / "report.html")
    monkeypatch.setattr(warm, "is_warm", lambda chain: True)
    batch._ready.cache_clear()
    app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False)
    commands.register(app)

    def call(*arguments):
        words = [str(a) for a in arguments]
        if (
            words[0] in ("run", "compare")
            and "--scheduler" not in words
            and "--workers" not in words
        ):
            words += ["--workers", "1"]
        result = CliRunner().invoke(app, words)
        assert result.exception is None or isinstance(result.exception, SystemExit), (
            result.exception
        )
        return result

    return call


def test_run_prints_a_table_and_says_where_the_report_is(hinomi, tmp_path):
    result = hinomi("run", "{}", "-o", "out")
    assert result.exit_code == 0
    assert "first detection at the deciding centre" in result.stdout
    assert "integrated - shared_warning" in result.stdout
    assert "STUDY 研究" in result.stdout
    assert result.stdout.splitlines()[-1] == "report: out/report.html"
    assert "12 replicates to compute" in result.stderr


def test_json_is_one_strict_object_and_nothing_else(hinomi):
    def refuse(constant):
        raise AssertionError(constant)

    result = hinomi("run", "{}", "-o", "out", "--json", "--quiet")
    assert result.exit_code == 0
    assert result.stderr == ""
    told = json.loads(result.stdout, parse_constant=refuse)
    assert {"scenario", "replicates", "seed", "architectures", "differences"} <= set(told)
    written = json.loads(Path("out/summary.json").read_text(), parse_constant=refuse)
    assert {k: told[k] for k in written} == written


def test_the_default_folder_is_named_by_content(hinomi):
    hinomi("run", "{}")
    hinomi("run", "{}", "-n", "6")
    hinomi("run", "{}", "--seed", "2")
    hinomi("run", "{}", "--variant", "late")
    names = sorted(p.name for p in Path("results").iterdir())
    assert len(names) == 3
    assert sum(n.startswith("fake-late-") for n in names) == 1


def test_the_same_command_twice_says_complete(hinomi):
    hinomi("run", "{}", "-o", "out")
    again = hinomi("run", "{}", "-o", "out")
    assert again.exit_code == 0
    assert "complete already: 12 replicates in out" in again.stderr
    assert "first detection at the deciding centre" in again.stdout
    resumed = hinomi("resume", "out")
    assert resumed.exit_code == 0
    assert "complete already" in resumed.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["run", "{}", "-n", "0"], "number of replicates is 0"),
        (["run", "{}", "-n", "-5"], "number of replicates is -5"),
        (["run", "{}", "-n", "many"], "'many' is no whole number"),
        (["run", "{}", "--seed", "-1"], "seed is -1"),
        (["run", "{}", "--workers", "0"], "workers is 0"),
        (["run", "{}", "--shard", "3/2"], "shard is 3/2"),
        (["run", "{}", "--shard", "half"], "I/N"),
        (["run", "{}", "--keep-tracks", "some"], "all, none or a number"),
        (["run", "{}", "--architectures", "national,moon"], "'moon' is no architecture"),
        (["run", "{}", "--variant", "late", "--variants"], "not both"),
        (["compare", "{}", "--architectures", "national"], "two architectures"),
        (["run", "{}", "-o", "a file"], "choose another folder"),
        (["run", "{}", "-o", "a file/below"], "choose another folder"),
        (["resume", "nothing"], "no such folder"),
        (["run", "{}", "--until-ci", "lead_s=5"], "needs --max"),
        (["run", "{}", "--max", "50"], "--max belongs to --until-ci"),
        (["run", "{}", "--until-ci", "lead_s=5", "--max", "50", "-n", "9"], "not both"),
        (
            ["run", "{}", "--until-ci", "lead_s=5", "--max", "50", "--shard", "0/2"],
            "either --shard",
        ),
        (["run", "{}", "--until-ci", "leed_s=5", "--max", "50"], "did you mean 'lead_s'"),
        (["run", "{}", "--until-ci", "moon:lead_s=5", "--max", "50"], "'moon'"),
        (["run", "{}", "--scheduler", "tcp://127.0.0.1:9", "--workers", "2"], "not both"),
        (["merge", "nothing", "-o", "new"], "no such folder"),
        (["verify", "nothing"], "no plan.json"),
        (["report", "nothing"], "no plan.json"),
    ],
)
def test_wrong_use_exits_2_with_a_message_and_writes_nothing(hinomi, arguments, words):
    Path("a file").write_text("kept")
    result = hinomi(*arguments)
    assert result.exit_code == 2
    assert words in result.stderr
    assert "Traceback" not in result.stderr
    assert [p.name for p in Path().iterdir()] == ["a file"]
    assert Path("a file").read_text() == "kept"


def test_failed_batches_exit_1(hinomi):
    result = hinomi("run", '{"fails": [4]}', "-o", "out")
    assert result.exit_code == 1
    assert "replicate 4 was told to fail" in result.stderr
    assert "hinomi resume out" in result.stderr


def test_a_report_that_fails_leaves_the_results(hinomi, monkeypatch):
    def fails(study):
        raise HinomiError("no ink")

    monkeypatch.setattr(commands, "_drawn", fails)
    result = hinomi("run", "{}", "-o", "out")
    assert "results are complete in out" in result.stderr
    assert "no ink" in result.stderr
    assert Path("out/run.json").exists()


def test_compare_is_paired_against_the_first_named(hinomi):
    result = hinomi("compare", "{}", "--architectures", "national,integrated", "--json")
    assert list(json.loads(result.stdout)["differences"]) == ["integrated-national"]


def test_variants_have_a_folder_each(hinomi):
    result = hinomi("run", "{}", "--variants", "-o", "out", "--json")
    told = json.loads(result.stdout)["variants"]
    assert list(told) == ["as-it-is", "late"]
    times = [told[v]["architectures"]["national"]["first_detection_s"]["value"] for v in told]
    assert times[1] == pytest.approx(times[0] + 30)
    assert sorted(p.name for p in Path("out").iterdir()) == ["as-it-is", "late"]


def test_shards_then_resume(hinomi):
    for part in ("0/2", "1/2"):
        result = hinomi("run", "{}", "-o", "out", "--shard", part)
        assert result.exit_code == 0
        assert "hinomi resume out" in result.stdout
    result = hinomi("resume", "out", "--json", "--workers", "1")
    assert json.loads(result.stdout)["replicates"] == 12


def test_until_ci_says_how_it_stopped(hinomi):
    rule = ("--until-ci", "integrated:lead_s=15,leakers=0.5", "--max", "200")
    result = hinomi("run", '{"batch_size": 5}', "-o", "out", *rule)
    assert result.exit_code == 0
    assert "Stopped by rule at" in result.stdout
    assert "slightly less often than the 95 %" in result.stdout
    again = hinomi("run", '{"batch_size": 5}', "-o", "out", *rule)
    assert "complete already" in again.stderr
    told = json.loads(hinomi("resume", "out", "--json", "--workers", "1").stdout)
    assert told["stopped"]["met"]
    assert f"complete already: {told['replicates']} replicates" in again.stderr
    paired = hinomi("compare", "{}", "--until-ci", "lead_s=0.1", "--max", "32", "-o", "pair")
    assert paired.exit_code == 0
    assert "Not reached after 32 replicates" in paired.stdout


def test_until_ci_dry_run_estimates_the_most(hinomi):
    result = hinomi("run", "{}", "--until-ci", "lead_s=5", "--max", "500", "--dry-run")
    assert result.exit_code == 0
    assert "500 replicates" in result.stdout
    assert list(Path().iterdir()) == []


def test_shards_in_folders_of_their_own_are_merged(hinomi):
    for part in (0, 1):
        result = hinomi("run", "{}", "-o", f"part-{part}", "--shard", f"{part}/2")
        assert f"hinomi merge part-{part} ... -o WHOLE" in result.stdout
    result = hinomi("merge", "part-0", "-o", "half")
    assert result.exit_code == 1
    assert "2 are missing; compute them with: hinomi resume half" in result.stderr
    result = hinomi("merge", "part-0", "part-1", "-o", "whole")
    assert result.exit_code == 0
    assert "first detection at the deciding centre" in result.stdout
    whole = json.loads(hinomi("merge", "part-0", "part-1", "-o", "whole", "--json").stdout)
    plain = json.loads(hinomi("run", "{}", "-o", "plain", "--json").stdout)
    assert whole["architectures"] == plain["architectures"]


def test_keep_tracks(hinomi):
    import pyarrow.parquet as pq

    for keep, count in (("all", 12), ("none", 0), ("3", 3)):
        hinomi("run", "{}", "-o", keep, "--keep-tracks", keep, "--quiet")
        files = list(Path(keep).glob("flights/*.parquet"))
        found = {
            n for f in files for n in pq.read_table(f, partitioning=None)["replicate"].to_pylist()
        }
        assert found == set(range(count))


def test_dry_run_estimates_and_writes_nothing(hinomi):
    result = hinomi("run", "{}", "-n", "500", "--dry-run")
    assert result.exit_code == 0
    assert "500 replicates" in result.stdout
    assert list(Path().iterdir()) == []
    told = json.loads(hinomi("run", "{}", "--dry-run", "--json").stdout)
    assert told["disk_mb"] > 0
    assert told["total_s"] >= told["replicate_s"] * 12


def test_verify_says_so_and_exits_1_when_a_file_changed(hinomi):
    hinomi("run", "{}", "-o", "out")
    good = hinomi("verify", "out")
    assert good.exit_code == 0
    assert good.stdout.splitlines()[-1] == "verified"
    path = next(Path("out/metrics").iterdir())
    path.write_bytes(path.read_bytes() + b"x")
    bad = hinomi("verify", "out", "--json")
    assert bad.exit_code == 1
    assert json.loads(bad.stdout)["ok"] is False


def test_report_prints_its_path(hinomi):
    hinomi("run", "{}", "-o", "out")
    assert hinomi("report", "out").stdout.strip() == "out/report.html"


def test_help_imports_nothing_heavy():
    """`hinomi --help` is quick because no command imports its work before it is called."""
    code = (
        "import sys, hinomi.cli.study, hinomi.study.engine;"
        "heavy = {'numba', 'numpy', 'pyarrow', 'scipy', 'rich', 'duckdb', 'pydantic'};"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)

"""A run's folder after an accident: told in words, mended by `hinomi resume`, equal to before."""

import errno
import hashlib
from pathlib import Path

import pytest

import hinomi.cli.study as commands

QUICK = "replay-2017-08-29"


@pytest.fixture(autouse=True)
def no_report(monkeypatch):
    """Most tests need no drawing; those that do undo this."""
    monkeypatch.setattr(commands, "_drawn", lambda study, *_: study.folder / "report.html")


def hashes(folder):
    files = [*folder.glob("*/*.parquet"), folder / "summary.json"]
    return {p.relative_to(folder): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def first(folder, table):
    return next(iter((folder / table).glob("*.parquet")))


def cut(folder, table):
    path = first(folder, table)
    path.write_bytes(path.read_bytes()[:200])


def turned(folder, table):
    """One byte in the middle is another one."""
    path = first(folder, table)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(bytes(content))


DAMAGES = {
    "metrics cut": lambda f: cut(f, "metrics"),
    "events cut": lambda f: cut(f, "events"),
    "flights cut": lambda f: cut(f, "flights"),
    "one byte of the alerts": lambda f: turned(f, "alerts"),
    "events gone": lambda f: first(f, "events").unlink(),
    "metrics gone": lambda f: first(f, "metrics").unlink(),
    "summary damaged": lambda f: (f / "summary.json").write_text("{"),
    "summary gone": lambda f: (f / "summary.json").unlink(),
    "manifest damaged": lambda f: (f / "run.json").write_text("{"),
    "manifest of another kind": lambda f: (f / "run.json").write_text("[1]"),
    "manifest gone": lambda f: (f / "run.json").unlink(),
    "manifest gone and events cut": lambda f: ((f / "run.json").unlink(), cut(f, "events")),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_verify_says_so_and_resume_mends_it_to_the_same_bytes(program, copied, damage):
    before = hashes(copied)
    DAMAGES[damage](copied)
    code, out, err = program("verify", "run")
    assert code in (1, 2)
    assert "differs" in out or "hinomi resume run" in err or "run.json" in err
    code, _, err = program("resume", "run", "--companions", "0", "--workers", "1")
    assert code == 0, err
    assert hashes(copied) == before
    code, out, _ = program("verify", "run")
    assert (code, out.splitlines()[-1]) == (0, "verified")


@pytest.mark.parametrize(
    "damage",
    ["events cut", "one byte of the alerts", "events gone", "metrics gone", "summary damaged"],
)
def test_a_report_of_a_damaged_run_is_refused_with_the_way_out(
    program, copied, damage, monkeypatch
):
    monkeypatch.undo()
    monkeypatch.chdir(copied.parent)
    old = (copied / "report.html").read_bytes()
    DAMAGES[damage](copied)
    code, out, err = program("report", "run")
    assert (code, out) == (1, "")
    assert "run.json describes" in err or "is missing" in err
    assert "hinomi resume run" in err
    assert (copied / "report.html").read_bytes() == old


def test_a_whole_run_is_left_as_it_is(program, copied):
    before = {p: p.stat().st_mtime_ns for p in copied.rglob("*") if p.is_file()}
    code, _, err = program("resume", "run", "--companions", "0")
    assert code == 0
    assert "complete already: 2 replicates in run" in err
    assert "computed again" not in err
    assert {p: p.stat().st_mtime_ns for p in before} == before


def test_damage_is_not_mended_by_another_version(program, copied, monkeypatch):
    from hinomi.study import resume

    here = {**resume.code_fingerprint(), "source": "another"}
    monkeypatch.setattr(resume, "code_fingerprint", lambda: here)
    cut(copied, "events")
    left = hashes(copied)
    code, _, err = program("resume", "run", "--companions", "0")
    assert code == 2
    assert "begun with another version of the program" in err
    assert hashes(copied) == left


@pytest.mark.parametrize("command", ["report", "resume", "verify"])
@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("{", "it is damaged"),
        ("[1]", "no JSON object"),
        ("{}", "its format is None"),
        (None, "was altered"),
    ],
)
def test_a_plan_that_is_not_the_one_written_is_refused(program, copied, command, content, told):
    plan = copied / "plan.json"
    altered = plan.read_text().replace('"seed": 1', '"seed": 2')
    plan.write_text(altered if content is None else content)
    left = hashes(copied)
    code, out, err = program(command, "run")
    assert (code, out) == (2, "")
    assert told in err
    assert hashes(copied) == left


def test_verify_of_an_unfinished_run_says_how_to_go_on(program, copied):
    (copied / "run.json").unlink()
    first(copied, "metrics").unlink()
    code, _, err = program("verify", "run")
    assert code == 2
    assert "run is not finished" in err
    assert "1 of 1 batches are missing" in err
    assert "hinomi resume run" in err


def full(path, write):
    raise OSError(errno.ENOSPC, "No space left on device", str(path))


def test_a_full_disk_keeps_what_was_finished_and_says_how_to_go_on(program, monkeypatch, small_run):
    from hinomi.study import parquet

    words = (QUICK, "-n", "2", "--companions", "0", "--workers", "1", "-o", "run", "--quiet")
    with monkeypatch.context() as patch:
        patch.setattr(parquet, "write_atomically", full)
        code, out, err = program("run", *words)
    assert (code, out) == (1, "")
    assert "no space left on device. What was finished is kept; free some space, then: " in err
    assert "hinomi resume " in err
    assert not list(Path("run").glob("*/*.parquet"))
    code, _, _ = program("resume", "run", "--companions", "0", "--workers", "1", "--quiet")
    assert code == 0
    assert hashes(Path("run")) == hashes(small_run)


def test_a_report_that_does_not_fit_leaves_the_results_and_prints_them(
    program, copied, monkeypatch
):
    from hinomi.report import write as report

    monkeypatch.undo()
    monkeypatch.chdir(copied.parent)
    (copied / "report.html").unlink()
    monkeypatch.setattr(report, "write_atomically", full)
    code, out, err = program("resume", "run", "--companions", "0")
    assert code == 1
    assert "first detection at the deciding centre" in out
    assert "the results are complete in run, but the report was not drawn" in err
    assert "no space left on device" in err


def test_a_report_of_a_part_says_that_it_is_one(program, copied):
    """Twelve replicates are planned and two are there."""
    from hinomi.study import store
    from hinomi.study.results import Results

    plan = store.read_plan(copied)
    (copied / "plan-0000012.json").write_text(
        '{"format": "hinomi/plan-extension/1", "extends": 2, "replicates": 12}'
    )
    assert store.read_plan(copied).replicates == 12 > plan.replicates
    code, _, err = program("report", "run")
    assert code == 0
    assert "note: 2 of 12 replicates are there; for the others: hinomi resume run" in err
    assert Results(copied).summary()["replicates"] == 2

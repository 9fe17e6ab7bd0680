"""`hinomi benchmark` as a user calls it: write, run, score, and every way to get it wrong."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import hinomi.scenario.trackers
from hinomi.benchmark.cases import case_names
from hinomi.benchmark.columns import STATE
from hinomi.benchmark.folder import open_set
from hinomi.scenario.trackers import Registered

ROOT = Path(__file__).parents[3]


@pytest.fixture
def written(program, tmp_path):
    """A set of one case and two realisations in the folder `set`."""
    code, out, _ = program(
        "benchmark", "write", "set", "--case", "quasi-ballistic", "--seeds", "2", "--quiet"
    )
    assert code == 0, out
    return tmp_path / "set"


def true_table(folder):
    """Columns of tracks that are the truth."""
    out = {"case": [], "seed": [], "t_s": [], "track": []} | {name: [] for name in STATE}
    for seed, truth in enumerate(open_set(folder).truth("quasi-ballistic")):
        k = len(truth.t_s)
        out["case"] += ["quasi-ballistic"] * k
        out["seed"] += [seed] * k
        out["t_s"] += truth.t_s.tolist()
        out["track"] += truth.body.tolist()
        for i, name in enumerate(STATE):
            out[name] += truth.state[:, i].tolist()
    return out


def fake(monkeypatch, follow):
    """Register `follow` as the tracker `fake`."""
    monkeypatch.setattr(
        hinomi.scenario.trackers, "trackers", lambda: {"fake": Registered("fake", "m:f", "p")}
    )
    monkeypatch.setattr(hinomi.scenario.trackers, "_load", lambda chosen: follow)


def test_write_run_and_score_in_three_commands(program, strict):
    code, out, err = program(
        "benchmark", "write", "set", "--case", "quasi-ballistic", "--seeds", "2"
    )
    assert code == 0
    assert "1 case of 2" in out
    assert "1/1  quasi-ballistic" in err
    code, out, _ = program(
        "benchmark", "run", "set", "-o", "tracks", "--tracker", "hinomi", "--quiet"
    )
    assert code == 0
    assert "hinomi benchmark score set tracks" in out
    code, out, _ = program("benchmark", "score", "set", "tracks", "--csv", "scores.csv", "--quiet")
    assert code == 0
    assert "quasi-ballistic" in out
    assert len(Path("scores.csv").read_text().splitlines()) == 3
    told = strict(program("benchmark", "score", "set", "tracks", "--json", "--quiet")[1])
    assert told["cases"]["quasi-ballistic"]["completeness"]["mean"] > 0.9
    assert told["cases"]["quasi-ballistic"]["rmse_position_m"]["mean"] < 1_000


def test_every_command_can_answer_in_json(program, strict):
    told = strict(program("benchmark", "trackers", "--json")[1])
    assert {"hinomi", "stonesoup-cv"} <= {row["name"] for row in told["trackers"]}
    words = (
        "benchmark",
        "write",
        "set",
        "--case",
        "quasi-ballistic",
        "--seeds",
        "1",
        "--json",
        "--quiet",
    )
    assert strict(program(*words)[1])["cases"] == ["quasi-ballistic"]
    told = strict(program("benchmark", "run", "set", "-o", "tracks", "--json", "--quiet")[1])
    assert told["tracker"] == "hinomi"
    assert told["cases"]["quasi-ballistic"]["plots"] > 100


def test_trackers_are_listed_with_who_registered_them(program):
    code, out, _ = program("benchmark", "trackers")
    assert code == 0
    assert "hinomi.track.follow:follow  (hinomi)" in out


def test_tracks_of_somebody_else_are_scored(program, written):
    pq.write_table(pa.table(true_table(written)), "mine.parquet")
    code, out, _ = program("benchmark", "score", "set", "mine.parquet", "--quiet")
    assert code == 0
    (line,) = [line for line in out.splitlines() if line.startswith("quasi-ballistic")]
    assert line.split()[1:6] == ["0", "±0", "0.0", "±0.0", "1.00"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("write", "set"), "holds a complete set"),
        (("write", "other", "--case", "glide"), "no case 'glide'"),
        (("write", "other", "--seeds", "0"), "--seeds is 0"),
        (("write", "other", "--seeds", "many"), "no whole number"),
        (("run", "nowhere", "-o", "tracks"), "no benchmark set"),
        (("run", "set", "-o", "tracks", "--tracker", "hinomy"), "did you mean 'hinomi'"),
        (("run", "set", "-o", "tracks", "--case", "raid"), "has no case 'raid'"),
        (("run", "set", "-o", "tracks", "--seeds", "3"), "the set has 1 to 2"),
        (("run", "set", "-o", "set"), "is not empty"),
        (("score", "set", "nowhere"), "no such file or folder"),
        (("score", "nowhere", "set"), "no benchmark set"),
        (("score", "set", "set/truth"), "column case"),
        (("score", "set", "set", "--csv", "no/such/folder.csv"), "no folder"),
    ],
)
def test_wrong_use_is_told_in_words_with_exit_code_2(program, written, words, told):
    before = sorted(Path().rglob("*"))
    code, out, err = program("benchmark", *words)
    assert code == 2
    assert told in " ".join(err.split())
    assert out == ""
    assert sorted(Path().rglob("*")) == before


def raises(plots, *, settings, picture):
    raise RuntimeError("broken inside")


@pytest.mark.parametrize(
    ("follow", "told"),
    [
        (raises, "RuntimeError: broken inside"),
        (lambda plots, *, settings, picture: None, "returned a NoneType"),
        (lambda plots: None, "unexpected keyword argument"),
    ],
)
def test_a_tracker_that_fails_is_told_in_words(program, written, monkeypatch, follow, told):
    fake(monkeypatch, follow)
    code, _, err = program(
        "benchmark", "run", "set", "-o", "tracks", "--tracker", "fake", "--quiet"
    )
    assert code == 2
    assert told in err
    assert not Path("tracks").exists()


def test_ctrl_c_in_a_tracker_says_what_is_kept(program, written, monkeypatch):
    def stopped(plots, *, settings, picture):
        raise SystemError("kernel") from KeyboardInterrupt()

    fake(monkeypatch, stopped)
    code, _, err = program(
        "benchmark", "run", "set", "-o", "tracks", "--tracker", "fake", "--quiet"
    )
    assert code == 130
    assert "interrupted" in err


def test_bad_values_of_tracks_leave_no_scores_behind(program, written):
    table = true_table(written)
    table["vx_mps"][3] = float("nan")
    pq.write_table(pa.table(table), "mine.parquet")
    code, out, err = program(
        "benchmark", "score", "set", "mine.parquet", "--csv", "s.csv", "--quiet"
    )
    assert (code, out) == (2, "")
    assert "vx_mps is not finite in 1 rows, first in row 3" in err
    assert not Path("s.csv").exists()


def test_the_page_lists_every_case():
    text = (ROOT / "docs" / "benchmark.md").read_text(encoding="utf-8")
    for name in case_names():
        assert f"`{name}`" in text, name


def test_the_example_of_an_own_tracker_runs(tmp_path):
    done = subprocess.run(
        [sys.executable, str(ROOT / "examples" / "own_tracker.py"), str(tmp_path)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    rows = [line.split() for line in done.stdout.splitlines() if line.startswith("ballistic-radar")]
    assert len(rows) == 2
    own, ours = (float(row[1].replace(",", "")) for row in rows)
    assert 0 < own < 2_000
    assert 0 < ours < 2_000
    assert np.isfinite([own, ours]).all()

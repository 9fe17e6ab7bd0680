"""`hinomi calibrate`: files it writes, and mistakes in words."""

import json

import pytest


@pytest.fixture
def quick(monkeypatch):
    """A calibration whose raids cost nothing."""
    from hinomi.calibration import run

    def held(job):
        row = {
            "truth": job.case, "predictor": "fast", "raid": job.number, "body": "a",
            "kind": "glide", "epoch": "first", "phase": "boosting", "inside": 1, "area_km2": 9.0,
            "inside_ellipse": 1, "ellipse_area_km2": 9.0, "miss_km": 1.0, "in_time": 1,
            "units": [[1, 0.5, 1]],
        }  # fmt: skip
        return {"case": job.case, "bodies": 8, "never": 0, "rows": [row] * 12}

    monkeypatch.setattr(run, "held", held)


def test_it_writes_summary_table_and_figure_and_goes_on_where_it_stopped(program, quick, tmp_path):
    code, out, err = program("calibrate", "-n", "16", "-o", "c")
    assert code == 0
    assert "raids" in err
    for name in ("summary.json", "coverage.csv", "reliability.png"):
        assert (tmp_path / "c" / name).stat().st_size > 100
        assert name in out
    assert json.loads((tmp_path / "c" / "summary.json").read_text())["launches"]
    assert program("calibrate", "-n", "16", "-o", "c", "--quiet") == (0, out, "")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["-n", "0"], "launches"),
        (["--workers", "0"], "workers"),
        (["--full", "-1"], "--full"),
        (["--architecture", "nowhere"], "shared_warning"),
        (["no-such-scenario"], "no-such-scenario"),
        (["--seed", "-1"], "seed"),
    ],
)
def test_mistakes_are_told_in_words(program, words, says):
    code, out, err = program("calibrate", *words)
    assert code == 2
    assert says in err
    assert out == ""

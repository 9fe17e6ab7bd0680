"""The page on Python names everything that is offered, and its programs run as they stand."""

import importlib.util
import re
from pathlib import Path

import duckdb
import pytest

import hinomi as hm

PAGE = (Path(__file__).parents[2] / "docs" / "python.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
OTHERS = {"polars": r"import polars|pl\.", "pandas": r"import pandas|pd\.|warned\.to_pandas"}


def test_every_public_name_is_on_the_page():
    for name in (*hm.__all__, "open"):
        assert name in PAGE.replace("a `Study`", "Study"), name


def test_every_question_to_a_study_is_on_the_page():
    public = {name for name in vars(hm.Study) if not name.startswith("_")}
    told = set(re.findall(r"(?<!hinomi\.)study\.(\w+)", PAGE))
    left_out = {"query", "manifest"}  # the older name of sql, and what run.json holds
    assert public - left_out == told


def without_absent(block):
    """The block without the lines of libraries that are not here."""
    for name, begins in OTHERS.items():
        if importlib.util.find_spec(name) is None:
            block = re.sub(rf"^({begins}).*$", "", block, flags=re.MULTILINE)
    return block


def test_other_libraries_read_the_same_median(tmp_path):
    """Polars and pandas on the files, as the page has them, give what DuckDB gives."""
    pl, pd = (pytest.importorskip(name) for name in OTHERS)
    hm.run("okinawa-2025", replicates=1, seed=1, quiet=True, out=tmp_path, workers=1,
           architectures=["national"])  # fmt: skip
    (told,) = duckdb.sql(
        f"select median(lead_s) from '{tmp_path}/warned/*.parquet' group by architecture"
    ).fetchall()
    frame = pl.scan_parquet(f"{tmp_path}/warned/*.parquet").group_by("architecture")
    assert frame.agg(pl.median("lead_s")).collect()["lead_s"].to_list() == list(told)
    assert pd.read_parquet(tmp_path / "warned")["lead_s"].median() == told[0]


def test_the_programs_run(tmp_path, monkeypatch):
    """One after another, as a reader would type them, with two replicates."""
    from hinomi.study import montecarlo, warm

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(montecarlo, "default_workers", lambda: 1)
    monkeypatch.setattr(warm, "is_warm", lambda chain: True)
    assert len(BLOCKS) == 5
    hm.run("okinawa-2025", replicates=1, seed=1, quiet=True, out="results/mine",
           architectures=["national"])  # fmt: skip
    known = {"__name__": "__main__"}
    for block in BLOCKS:
        text = without_absent(block).replace("replicates=50", "replicates=2, quiet=True")
        exec(compile(text, "docs/python.md", "exec"), known)
    assert known["leo"].difference("lead_s", against=known["none"])["integrated"]["n"] == 2
    assert len(known["tracks"].t_s) > 100

"""Names of `hinomi`, a run opened by its folder, SQL, Arrow, and two runs on the same draws."""

import builtins
import json
import subprocess
import sys

import duckdb
import numpy as np
import pyarrow as pa
import pytest

import hinomi as hm
from hinomi.errors import FolderError, ScenarioError
from hinomi.notebook.compare import compare
from hinomi.notebook.run import run
from hinomi.notebook.study import Study
from hinomi.study import warm
from hinomi.study.statistics import median_interval, t_interval
from hinomi.study.summary import HEADLINES


@pytest.fixture(autouse=True)
def warmed(monkeypatch):
    monkeypatch.setattr(warm, "is_warm", lambda chain: True)


def go(out, text='{"replicates": 12}', **settings):
    return run(text, out=out, chain="fake_chain", quiet=True, **{"workers": 1, **settings})


def test_every_public_name_loads_and_is_offered():
    for name in (*hm.__all__, "open"):
        assert callable(getattr(hm, name))
        assert name in dir(hm)
    with pytest.raises(AttributeError, match=r"it offers .*open.*scenarios"):
        hm.opne  # noqa: B018


def test_import_star_leaves_pythons_own_open_alone():
    code = (
        "import builtins\nfrom hinomi import *\nassert open is builtins.open and run and scenarios"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
    assert hm.open is not builtins.open


def test_a_folder_is_opened_and_nothing_is_computed(tmp_path):
    made = go(tmp_path / "results" / "a")
    before = {p: p.stat().st_mtime_ns for p in made.folder.rglob("*")}
    study = hm.open(made.folder)
    assert study.summary() == made.summary()
    assert study.complete
    assert {p: p.stat().st_mtime_ns for p in made.folder.rglob("*")} == before


def test_a_folder_of_runs_names_them(tmp_path):
    go(tmp_path / "results" / "a")
    go(tmp_path / "results" / "b", '{"replicates": 6}')
    with pytest.raises(FolderError, match=r"holds 2 runs; open one of .*a, .*b"):
        hm.open(tmp_path / "results")
    with pytest.raises(FolderError, match="no such folder"):
        hm.open(tmp_path / "nowhere")
    with pytest.raises(FolderError, match="not the folder of a run"):
        hm.open(tmp_path)


def test_the_headline_table_holds_what_the_summary_says(tmp_path):
    """One row a figure, null where the summary has null, ready for SQL."""
    study = go(tmp_path / "run")
    told, table = study.summary(), study.headlines()
    assert isinstance(table, pa.Table)
    rows = table.to_pylist()
    assert len(rows) == len(HEADLINES) * (len(told["architectures"]) + len(told["differences"]))
    for row in rows:
        part = told["differences" if row["difference"] else "architectures"]
        figure = part[row["of"]][row["headline"]]
        for key in ("value", "low", "high", "n", "unit", "method", "statistic"):
            assert row[key] == figure[key]
        assert row["note"] == figure.get("note", "")
    headlines = table
    assert headlines.num_rows == len(rows)
    found = duckdb.sql("select count(*) from headlines where value is null").fetchall()
    assert found[0][0] == sum(row["value"] is None for row in rows)


def test_sql_joins_tables_and_agrees_with_arrow(tmp_path):
    study = go(tmp_path / "run")
    asked = study.sql(
        "select architecture, count(distinct replicate) as n from alerts join metrics "
        "using (replicate, architecture) group by 1 order by 1"
    )
    alerts = study.table("alerts").to_pylist()
    expected = {
        name: len({row["replicate"] for row in alerts if row["architecture"] == name})
        for name in {row["architecture"] for row in alerts}
    }
    assert dict(zip(*asked.to_pydict().values(), strict=True)) == expected
    assert study.query("select 1 as one") == study.sql("select 1 as one")


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("select * from rumours", "Tables of this run: flights, alerts, metrics"),
        ("selekt 1", "Tables of this run"),
    ],
)
def test_a_question_that_cannot_be_answered_says_why(tmp_path, question, words):
    with pytest.raises(ScenarioError, match=words):
        go(tmp_path / "run").sql(question)


def test_a_question_opens_only_the_tables_that_it_names(tmp_path):
    """A damaged table does not stop questions about others; names are as DuckDB takes them."""
    study = go(tmp_path / "run")
    for path in (study.folder / "flights").glob("*.parquet"):
        path.write_bytes(b"no parquet")
    assert study.sql('select count(*) as n from METRICS join "alerts" using (replicate)')
    with pytest.raises(FolderError, match="damaged"):
        study.sql("select * from flights")


def test_others_read_the_files_directly(tmp_path):
    """DuckDB on the Parquet files and on an Arrow table gives what the study gives."""
    study = go(tmp_path / "run")
    files = f"{study.folder}/metrics/*.parquet"
    direct = duckdb.sql(
        f"select avg(value) from read_parquet('{files}') where metric = 'leakers'"
    ).fetchall()[0][0]
    metrics = study.table("metrics")
    arrow = duckdb.sql("select avg(value) from metrics where metric = 'leakers'").fetchall()[0][0]
    own = metrics.filter(pa.compute.equal(metrics["metric"], "leakers"))["value"].to_numpy()
    assert direct == pytest.approx(own.mean())
    assert arrow == pytest.approx(own.mean())


def values(study, architecture, metric):
    rows = study.sql(
        f"select value from metrics where architecture = '{architecture}' "
        f"and metric = '{metric}' order by replicate"
    )
    return rows["value"].to_numpy()


def test_a_change_is_compared_replicate_by_replicate(tmp_path):
    """30 s more delay in every replicate on the same draws: 30 s more, without any spread."""
    base = go(tmp_path / "base")
    late = go(tmp_path / "late", variant="late")
    found = late.difference("first_detection_s", against=base)
    assert list(found) == ["national", "shared_warning", "integrated"]
    for figure in found.values():
        assert figure["value"] == pytest.approx(30.0)
        assert figure["low"] == pytest.approx(30.0)
        assert figure["high"] == pytest.approx(30.0)
        assert figure["n"] == 12
    assert "<table" in found._repr_html_()
    back = base.difference("first_detection_s", against=late)
    assert back["integrated"]["value"] == pytest.approx(-30.0)


def test_a_difference_is_that_of_the_replicates_in_common(tmp_path):
    """A mean of the first six, worked out by hand, with its t interval; a median likewise."""
    short = go(tmp_path / "short", replicates=6, changes={"delay_s": 5.0})
    long = go(tmp_path / "long")
    told = short.difference("leakers", against=long)["integrated"]
    own, other = (values(s, "integrated", "leakers")[:6] for s in (short, long))
    by_hand = t_interval(own - other)
    assert told["n"] == 6
    assert (told["value"], told["low"]) == pytest.approx((by_hand.value, by_hand.low), abs=1e-12)
    lead = short.difference("lead_s", against=long)["integrated"]
    own, other = (values(s, "integrated", "lead_s")[:6] for s in (short, long))
    by_hand = median_interval(own - other)
    assert (lead["value"], lead["low"], lead["high"]) == pytest.approx(
        (by_hand.value, by_hand.low, by_hand.high)
    )
    assert np.isfinite(lead["value"])


def test_a_run_of_one_architecture_has_nothing_to_compare_in_itself(tmp_path):
    alone = go(tmp_path / "one", architectures=["national"])
    with pytest.raises(ScenarioError, match=r"national alone.*against="):
        alone.difference("lead_s")
    assert "Differences" not in alone._repr_html_()


def test_runs_that_share_no_draws_are_refused(tmp_path):
    base = go(tmp_path / "base")
    with pytest.raises(ScenarioError, match="seeds 1 and 2"):
        base.difference("lead_s", against=go(tmp_path / "two", seed=2))
    one = go(tmp_path / "one", architectures=["national"])
    other = go(tmp_path / "other", architectures=["integrated"])
    with pytest.raises(ScenarioError, match="no architecture in common: national and integrated"):
        one.difference("lead_s", against=other)
    with pytest.raises(ScenarioError, match="1 replicates in common"):
        base.difference("lead_s", against=go(tmp_path / "lone", replicates=1))


def test_runs_of_other_versions_are_refused(tmp_path, monkeypatch):
    base = go(tmp_path / "base")
    old = go(tmp_path / "old", replicates=6)
    monkeypatch.setitem(old.plan.code, "source", "another")
    with pytest.raises(ScenarioError, match=r"different versions.*hinomi diff"):
        base.difference("lead_s", against=old)


@pytest.mark.parametrize("asked", [{"workers": "2"}, {"workers": 1.5}, {"replicates": 2.5}])
def test_numbers_that_are_not_whole_are_refused_before_anything_is_written(tmp_path, asked):
    (name,) = asked
    with pytest.raises(ScenarioError, match=f"{name} is .*must be a whole number"):
        run('{"replicates": 3}', out=tmp_path / "run", chain="fake_chain", quiet=True, **asked)
    assert not (tmp_path / "run").exists()


def test_a_wrong_headline_names_the_nearest(tmp_path):
    with pytest.raises(ScenarioError, match="did you mean 'lead_s'"):
        go(tmp_path / "run").difference("lead")


def test_compare_takes_a_list_and_names_the_pairs(tmp_path):
    settings = {"chain": "fake_chain", "quiet": True, "workers": 1}
    study = compare("{}", ["national", "integrated"], out=tmp_path / "run", **settings)
    assert list(study.difference("lead_s")) == ["integrated-national"]
    again = compare("{}", ["integrated", "national"], out=tmp_path / "again", **settings)
    assert dict(again.difference("lead_s")) == dict(study.difference("lead_s"))
    with pytest.raises(ScenarioError, match=r"give a list: \['national', 'integrated'\]"):
        compare("{}", "national, integrated", **settings)
    with pytest.raises(ScenarioError, match="pairs: compare names the pairs itself"):
        compare("{}", ["national", "integrated"], pairs=[], **settings)
    with pytest.raises(ScenarioError, match="two architectures or more; got 1"):
        compare("{}", ["national"], **settings)


def test_a_study_is_what_the_package_calls_it(tmp_path):
    assert isinstance(go(tmp_path / "run"), Study)
    assert hm.Study is Study


def test_a_report_is_drawn_into_the_folder_and_a_disk_that_refuses_is_told(tmp_path, monkeypatch):
    study = go(tmp_path / "run")
    monkeypatch.setattr("hinomi.report.write.write_report", lambda folder: folder / "report.html")
    assert study.report() == study.folder / "report.html"

    def refused(folder):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("hinomi.report.write.write_report", refused)
    with pytest.raises(FolderError, match=r"cannot write into .*permission denied"):
        study.report()


def test_a_summary_of_another_version_is_made_anew(tmp_path):
    """Its intervals may have been made otherwise; what it says of the stop stays."""
    study = go(tmp_path / "run")
    path, now = study.folder / "summary.json", dict(study.summary())
    old = now | {"notes": {"mean": "another way"}, "architectures": {}, "stopped": {"words": "so"}}
    path.write_text(json.dumps(old))
    again = dict(hm.open(study.folder).summary())
    assert again == now | {"stopped": {"words": "so"}}

"""`hinomi export` as a user calls it, with wrong input too."""

import json

import duckdb
import pytest


@pytest.mark.parametrize("kind", ["czml", "kml", "geojson"])
def test_a_run_is_written_with_what_it_holds(program, copied, strict, kind):
    code, out, err = program("export", "run", "--format", kind, "-o", f"out.{kind}", "--json")
    assert code == 0, err
    told = strict(out)
    assert told["counts"]["flights"] == 1
    assert told["counts"]["sensors"] > 5
    assert (copied.parent / f"out.{kind}").stat().st_size > 10_000


def test_nothing_is_written_over_unless_forced(program, copied):
    words = ("export", "run", "--format", "geojson", "--what", "flights", "-o", "x.geojson")
    assert program(*words)[0] == 0
    before = (copied.parent / "x.geojson").read_bytes()
    code, _, err = program(*words)
    assert (code, (copied.parent / "x.geojson").read_bytes()) == (2, before)
    assert "--force" in err
    assert program(*words, "--force")[0] == 0


def test_a_table_as_csv_is_read_by_a_database_with_every_row(program, copied):
    assert (
        program("export", "run", "--format", "csv", "--what", "metrics,alerts", "-o", "t.csv")[0]
        == 0
    )
    rows = duckdb.sql("select count(*), min(marking) from read_csv('t-metrics.csv')").fetchall()[0]
    kept = duckdb.sql("select count(*) from read_parquet('run/metrics/*.parquet')").fetchall()[0]
    assert rows == (kept[0], "STUDY notional")


def test_one_message_a_body(program, copied):
    code, _, _ = program("export", "run", "--format", "oem")
    assert code == 0
    (name,) = copied.parent.glob("*.oem")
    assert name.name.startswith("study-replay-2017-08-29-0")
    assert name.read_text().startswith("CCSDS_OEM_VERS = 2.0")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--format", "kmz"), "did you mean 'kml'"),
        ((), "--format is missing"),
        (("--format", "kml", "--architecture", "sharedwarning"), "did you mean 'shared_warning'"),
        (("--format", "kml", "--what", "flight"), "did you mean 'flights'"),
        (("--format", "csv", "--what", "flight"), "did you mean 'flights'"),
        (("--format", "csv", "--what", "alerts", "--replicate", "7"), "no replicate 7"),
        (("--format", "kml", "--replicate", "2"), "2 finished replicates, 0 to 1"),
        (("--format", "kml", "--replicate", "-1"), "0 to 1"),
        (("--format", "oem", "--what", "tracks"), "flights only"),
        (("--format", "oem", "--body", "nothing-1"), "--body is 'nothing-1'"),
        (("--format", "kml", "--body", "x"), "--body is for --format oem"),
        (("--format", "kml", "-o", "run"), "is a folder"),
        (("--format", "kml", "-o", "gone/x.kml"), "there is no folder gone"),
    ],
)
def test_wrong_input_is_told_with_the_way_out(program, copied, words, told):
    code, out, err = program("export", "run", *words)
    assert (code, out) == (2, "")
    assert told in err


def test_a_folder_without_a_run_is_refused(program):
    assert "is not the folder of a run" in program("export", "nowhere", "--format", "kml")[2]


def test_a_replicate_that_is_not_kept_in_full_says_which_are(program, made_short):
    code, _, err = program("export", made_short, "--format", "kml", "--replicate", "1")
    assert code == 2
    assert "for replicates 0 to 0" in err
    assert "--keep-tracks 2" in err
    words = ("--format", "geojson", "--replicate", "1", "--what", "alerts,engagements", "-o", "x")
    assert program("export", made_short, *words)[0] == 0
    assert json.loads((made_short.parent / "x").read_text())["replicate"] == 1


@pytest.fixture
def made_short(copied):
    """The run as if only its first replicate had been kept in full: its plan says so."""
    from hinomi.study import store
    from hinomi.study.plan import from_json

    told = store.read_json(copied / "plan.json")
    old = {b.first: b.key for b in from_json(told).batches()}
    told["keep"] = 1
    plan = from_json(told)
    for batch in plan.batches():
        for path in copied.glob(f"*/{old[batch.first]}.parquet"):
            path.rename(path.with_name(f"{batch.key}.parquet"))
    (copied / "run.json").unlink()
    store.write_json(copied / "plan.json", plan.to_json())
    return copied

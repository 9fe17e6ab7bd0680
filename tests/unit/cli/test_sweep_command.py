"""`hinomi sweep` on the command line: a small real run, mistakes with the way out, Ctrl-C."""

import csv
import json

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from hinomi.cli import app
from hinomi.settings import chain
from hinomi.study import warm

PRICE, KILL = "catalogue.price.sm3_iia_unit.unit_musd", "engagement.assess_s"
SMALL = ("sweep", "okinawa-2025", "-n", "2", "--vary", f"{PRICE}=14:28:2", "--vary", f"{KILL}=4,8,12",
         "--figure", "leakers,cost_musd", "--architectures", "integrated", "--workers", "1",
         "--no-cache")  # fmt: skip


@pytest.fixture(autouse=True)
def compiled(monkeypatch):
    """Kernels are compiled by other tests; no first batch alone."""
    monkeypatch.setattr(warm, "is_warm", lambda chain: True)


@pytest.fixture(scope="module")
def answered(tmp_path_factory):
    """A finished answer of two raids; tests read it."""
    folder = tmp_path_factory.mktemp("sweep") / "out"
    found = CliRunner().invoke(app, [*SMALL, "-o", str(folder), "--quiet"])
    assert found.exit_code == 0, found.output
    assert "STUDY" in found.output
    return folder


def test_everything_is_written_as_strict_json_csv_and_parquet(answered, strict):
    told = strict((answered / "sweep.json").read_text())
    assert told["design"] == {"name": "grid", "points": 6, "size": 0}
    assert [k["key"] for k in told["keys"]] == [PRICE, KILL]
    with (answered / "points.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    table = pq.read_table(answered / "points.parquet", partitioning=None)
    assert table.num_rows == len(rows) == 6 * 2
    assert set(table[KILL].to_pylist()) == {4.0, 8.0, 12.0}


def test_half_the_price_costs_the_difference_and_changes_no_shot(answered):
    """Outside truth: rounds are the same, so the bill is linear in a price."""
    told = json.loads((answered / "sweep.json").read_text())
    cost = {}
    for p in told["points"]:
        found = p["results"]["integrated"]
        cost[p["settings"][PRICE], p["settings"][KILL]] = found["cost_musd"]["value"]
    assert told["keys"][0]["as_it_is"] == 28.0
    a_year = 1.025  # prices of 2024, the bill of 2025: the catalogue's inflation of one year
    for look in (4.0, 8.0, 12.0):
        rounds = (cost[28.0, look] - cost[14.0, look]) / (14.0 * a_year) * 2  # in both raids
        assert rounds == pytest.approx(round(rounds), abs=1e-6)
        assert rounds > 0
    leakers = told["results"]["integrated"]["leakers"]["curves"][PRICE]
    assert leakers[0]["value"] == leakers[1]["value"]


def test_the_page_opens_offline_with_curves_map_and_tornado(answered):
    page = (answered / "sweep.html").read_text(encoding="utf-8")
    assert "STUDY - computed from notional data" in page
    assert page.index('id="answer"') < page.index('id="t0"') < page.index('id="settings"')
    assert page.count("<svg") >= 3
    assert "src=" not in page
    assert "What this does not say" in page


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), "nothing to vary"),
        (("--vary", "threats[*].apogee_low_km=1:2:2"), "so that no result ranks them"),
        (("--vary", "threats[*].count=1,2", "--design", "sobol"), "nothing here ranks"),
        (("--vary", "engagement.asses_s=1:2:2"), "did you mean 'assess_s'"),
        (("--vary", "engagement.assess_s=1:2"), "a grid needs STEPS"),
        (("--vary", "warning.hit_threshold=2,3"), "outside its limits"),
        (("--vary", f"{KILL}=1,2", "--design", "box"), "one of grid, lhs, morris, sobol"),
        (("--vary", f"{KILL}=1,2", "--points", "5"), "a grid has all combinations"),
        (("--vary", f"{KILL}=1,2", "--figure", "leaker"), "did you mean 'leakers'"),
        (("--vary", f"{KILL}=1,2", "--architectures", "integratd"), "did you mean 'integrated'"),
        (("--vary", f"{KILL}=1,2", "-n", "0"), "number of replicates is 0"),
        (("--vary", f"{KILL}=1,2", "--workers", "0"), "number of workers is 0"),
    ],
)
def test_mistakes_are_answered_with_the_way_out(program, words, told):
    code, out, err = program("sweep", "okinawa-2025", *words)
    assert code == 2
    assert told in err
    assert not out


def test_another_design_in_the_same_folder_is_refused_and_nothing_is_touched(program, answered):
    before = (answered / "sweep.json").read_bytes()
    code, _, err = program(*SMALL[:4], "--vary", f"{KILL}=1,2", "--workers", "1", "-o", answered)
    assert code == 2
    assert "belongs to another run" in err
    assert (answered / "sweep.json").read_bytes() == before


def test_a_dry_run_tells_the_settings_and_writes_nothing(program, tmp_path):
    code, out, _ = program(
        "sweep", "okinawa-2025", "--dry-run", "--vary", KILL, "--architectures", "national",
        "--design", "lhs", "--points", "3", "--json",
    )  # fmt: skip
    told = json.loads(out)
    assert code == 0
    assert (told["points"], told["design"], told["pictures"]) == (3, "lhs", 1)
    assert told["total_s"] > told["start_s"] > 0.0
    assert told["memory_mb"] > 50
    assert not list(tmp_path.iterdir())


def test_an_interruption_keeps_what_is_finished(program, tmp_path, interrupted_after_one):
    folder = tmp_path / "cut"
    words = interrupted_after_one(chain, *SMALL, "-o", folder, "--quiet")
    (first,) = folder.glob("points/metrics/*.parquet")
    kept = first.stat().st_ino
    assert program(*words)[0] == 0
    assert first.stat().st_ino == kept
    assert len(list(folder.glob("points/metrics/*.parquet"))) == 2

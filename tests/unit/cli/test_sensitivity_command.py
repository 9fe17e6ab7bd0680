"""`hinomi sensitivity` on the command line: a small real run, mistakes with the way out, Ctrl-C."""

import csv
import json

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from hinomi.cli import app
from hinomi.settings import chain

KEYS = (
    "catalogue.interceptor.midcourse_B.kill_ballistic,catalogue.price.*.unit_musd,"
    "catalogue.interceptor.terminal_low.salvo"
)
SMALL = (
    "sensitivity", "okinawa-2025", "-n", "2", "--keys", KEYS, "--figure", "leakers,cost_musd",
    "--workers", "1",
)  # fmt: skip


@pytest.fixture(scope="module")
def answered(tmp_path_factory):
    """A finished answer of two raids; tests read it."""
    folder = tmp_path_factory.mktemp("sensitivity") / "out"
    found = CliRunner().invoke(app, [*SMALL, "-o", str(folder), "--quiet"])
    assert found.exit_code == 0, found.output
    return folder


def test_everything_is_written_as_strict_json_csv_and_parquet(answered, strict):
    told = strict((answered / "sensitivity.json").read_text())
    assert list(told["figures"]) == ["leakers", "cost_musd"]
    assert told["targets"] == ["integrated minus shared_warning", "integrated", "shared_warning"]
    assert told["threats_left_alone"] > 40
    with (answered / "effects.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    table = pq.read_table(answered / "effects.parquet", partitioning=None)
    # two figures of three targets; four keys with two ends, a salvo of two is at its high already
    assert table.num_rows == len(rows) == 2 * 3 * (2 * 4 + 1)
    assert pq.read_table(answered / "band.parquet", partitioning=None).num_rows == 6


def test_prices_move_the_cost_in_proportion_and_leakers_not_at_all(answered):
    """Outside truth: rounds are the same, so the cost of one product follows its price."""
    told = json.loads((answered / "sensitivity.json").read_text())
    moved = {}
    for name in ("leakers", "cost_musd"):
        for e in told["results"]["integrated"][name]["effects"]:
            moved[name, e["key"], e["side"]] = e["change"]["value"]
    price = "catalogue.price.sm3_iia_unit.unit_musd"
    low, high = moved["cost_musd", price, "low"], moved["cost_musd", price, "high"]
    assert low < 0.0 < high
    assert high / low == pytest.approx((36.0 - 28.0) / (24.0 - 28.0))
    assert moved["leakers", price, "low"] == moved["leakers", price, "high"] == 0.0


def test_chance_and_assumptions_stand_beside_each_other_and_are_not_mixed(answered):
    told = json.loads((answered / "sensitivity.json").read_text())
    band = told["band"]
    assert band["settings"] == 16
    assert len(band["points"]) == 16
    found = band["results"]["integrated"]["cost_musd"]
    assert found["chance"] == told["results"]["integrated"]["cost_musd"]["base"]
    assert found["assumptions"]["low"] < found["assumptions"]["high"]


def test_the_page_opens_offline_and_says_first_what_the_conclusion_hangs_on(answered):
    page = (answered / "sensitivity.html").read_text(encoding="utf-8")
    assert "STUDY - computed from notional data" in page
    assert page.index('id="hangs"') < page.index('id="band"') < page.index('id="t0"')
    assert "What this does not say" in page
    assert page.count("<svg") >= 4
    assert "src=" not in page


def test_the_same_command_again_computes_nothing_and_gives_the_same(answered, program):
    files = sorted(answered.glob("*/metrics/*.parquet"))
    before = [(p.stat().st_ino, p.stat().st_mtime_ns) for p in files]
    told = (answered / "sensitivity.json").read_bytes()
    code, out, _ = program(*SMALL, "-o", answered, "--quiet")
    assert code == 0
    assert "STUDY" in out
    assert [(p.stat().st_ino, p.stat().st_mtime_ns) for p in files] == before
    assert (answered / "sensitivity.json").read_bytes() == told


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--keys", "threats*"), "never set to an end of its range"),
        (("--keys", "catalogue.threat.*"), "never set to an end of its range"),
        (("--keys", "warning.compliancy"), "did you mean 'warning.compliance'"),
        (("--figure", "leaker"), "did you mean 'leakers'"),
        (("--architecture", "integratd"), "did you mean 'integrated'"),
        (("--from", "national"), "--from and --to go together"),
        (("--from", "national", "--to", "national"), "there is no difference"),
        (("--architecture", "national", "--from", "a", "--to", "b"), "not both"),
        (("--keys", ","), "name one or more"),
        (("-n", "0"), "number of replicates is 0"),
        (("--workers", "0"), "number of workers is 0"),
    ],
)
def test_mistakes_are_answered_with_the_way_out(program, words, told):
    code, out, err = program("sensitivity", "okinawa-2025", *words)
    assert code == 2
    assert told in err
    assert not out


def test_one_architecture_alone_has_no_difference_to_hang_on(program, tmp_path):
    code, out, _ = program(
        "sensitivity", "okinawa-2025", "-n", "1", "--architecture", "national", "--no-band",
        "--keys", "catalogue.price.sm6_unit.unit_musd", "--figure", "cost_musd", "--json",
        "--workers", "1", "--quiet", "-o", tmp_path / "one",
    )  # fmt: skip
    told = json.loads(out)
    assert code == 0
    assert told["targets"] == ["national"]
    assert told["hangs_on"] == []
    assert told["band"] is None


def test_a_setting_that_the_scenario_does_not_allow_is_told_with_the_reason(program, tmp_path):
    """54 satellites do not fill 4 planes evenly: the low end is run, the high end is not."""
    code, out, _ = program(
        "sensitivity", "okinawa-2025", "-n", "1", "--architecture", "national", "--no-band",
        "--keys", "infrared[LEO].satellites", "--figure", "lead_s",
        "--workers", "1", "--quiet", "-o", tmp_path / "some",
    )  # fmt: skip
    assert code == 0
    assert "Not run: infrared[LEO].satellites=high" in out
    assert "must divide evenly" in " ".join(out.split())


def test_a_dry_run_lists_the_numbers_and_writes_nothing(program, tmp_path):
    code, out, _ = program(
        "sensitivity", "okinawa-2025", "--dry-run", "--architecture", "national", "--keys",
        "catalogue.price.*.unit_musd", "--json",
    )  # fmt: skip
    told = json.loads(out)
    assert code == 0
    assert {k["touches"] for k in told["keys"]} == {"industry"}
    assert told["total_s"] > 0.0
    assert not list(tmp_path.glob("results*"))


def test_an_interruption_keeps_what_is_finished(program, tmp_path, interrupted_after_one):
    folder = tmp_path / "cut"
    words = interrupted_after_one(chain, *SMALL, "--no-band", "-o", folder, "--quiet")
    assert len(list(folder.glob("one_at_a_time/metrics/*.parquet"))) == 1
    assert program(*words)[0] == 0
    assert (folder / "sensitivity.json").is_file()

"""`hinomi sustain`: one object, files, curves that balance, and wrong values in words."""

import csv
import json
import re
from collections import defaultdict
from itertools import pairwise
from pathlib import Path

import pyarrow.parquet as pq
import pytest

SUSTAIN = ["sustain", "okinawa-2025", "-n", "20"]


def read_csv(name):
    return list(csv.DictReader(Path(name).read_text(encoding="utf-8").splitlines()))


def of(rows, owner, product):
    return next(r for r in rows if (r["owner"], r["product"]) == (owner, product))


def test_each_figure_has_a_value_and_two_bands(told):
    found = told(*SUSTAIN)
    row = of(found["refill"], "Japan", "PAC-3")
    for key in ("months", "months_with_lead", "months_pooled"):
        figure = row[key]
        assert set(figure) == {"value", "assumptions", "assumptions_median", "chance"}
        assert figure["assumptions"][0] <= figure["assumptions"][1]
    assert (
        row["months_with_lead"]["value"] > 27
    )  # no order of the raid is there before its lead time
    assert row["months_pooled"]["value"] <= row["months"]["value"]
    assert row["months"]["value"] == 18.0
    assert row["full_again"]["value"] == "2027-03"  # 18 months from September 2025
    assert (
        found["raids"]["rounds"][0]["value"] == 0.25 * of(found["stock"], "Japan", "PAC-3")["held"]
    )


def test_the_same_words_give_the_same_numbers_and_more_draws_keep_the_stated_ones(told):
    first, second = told(*SUSTAIN), told(*SUSTAIN)
    assert first == second
    other = told(*SUSTAIN, "--seed", "2")
    assert other["refill"] != first["refill"]
    for a, b in zip(first["refill"], other["refill"], strict=True):
        assert a["months"]["value"] == b["months"]["value"]


def test_refill_is_that_of_a_run_where_no_supplier_binds(told):
    """40 rounds of Japan's SM-6 and none of others: the ledger of a run says the same months."""
    from hinomi.scenario.load import load
    from hinomi.sustain.account import account

    industry = load("okinawa-2025").industry
    for owner, product, rounds in (
        ("Japan", "SM-6", 20),
        ("Japan", "SM-3 IIA", 9),
        ("US", "SM-6", 11),
    ):
        found = told(*SUSTAIN, "--spend", f"{owner}:{product}={rounds}")
        spent = {(owner, product): rounds}
        ledger = account(spent, spent, industry)
        row = of(found["refill"], owner, product)
        assert row["months"]["value"] == ledger.refill_months
        assert row["months_with_lead"]["value"] == ledger.refill_months_with_lead


def test_more_raids_leave_less_and_transfers_move_rounds(told):
    one = told(*SUSTAIN)
    four = told(*SUSTAIN, "--raids", "4", "--every", "6")
    pair = ("Japan", "PAC-3")
    assert of(four["stock"], *pair)["lowest"]["value"] < of(one["stock"], *pair)["lowest"]["value"]
    assert four["raids"]["months"] == [0, 6, 12, 18]
    hard = told(*SUSTAIN, "--spend", "US:PAC-3=32", "--without", "pac3_seekers", "--transfer", "on")
    assert hard["transfers_allowed"] is True
    assert hard["without"] == ["pac3_seekers"]
    assert "months_with_everything" in hard["refill"][0]
    none = told(*SUSTAIN, "--raids", "0")
    assert all(r["months"]["value"] == 0.0 for r in none["refill"])


def test_what_binds_is_told_and_what_taking_it_away_buys(told):
    found = told(*SUSTAIN)
    us = next(r for r in found["bottlenecks"] if r["line"] == "pac3_us")
    assert us["binds_longest"] == "pac3_seekers"
    months = [(s["from_month"], s["to_month"]) for s in us["stretches"]]
    assert months[0][0] == 1
    assert months[-1][1] == 120
    assert all(b[0] == a[1] + 1 for a, b in pairwise(months))
    steps = next(r for r in found["relief"] if r["product"] == "PAC-3")["steps"]
    assert steps[0]["taken_away"] == "pac3_seekers"
    assert steps[0]["next"] == "pac3_motors"
    freed = told(*SUSTAIN, "--without", "pac3_seekers")
    more = sum(
        a["rounds"]["value"] - b["rounds"]["value"]
        for a, b in zip(freed["production"], found["production"], strict=True)
        if a["product"] == "PAC-3"
    )
    assert more == pytest.approx(steps[0]["rounds_gained"]["PAC-3"], abs=0.3)


def test_the_glide_phase_line_makes_nothing_for_five_years(told):
    found = told(*SUSTAIN)
    line = next(r for r in found["production"] if r["line"] == "gpi_us")
    assert [y["assumptions"][1] for y in line["rounds_by_year"][:5]] == [0.0] * 5


def test_money_balances_and_sharing_is_never_free(told):
    found = told(*SUSTAIN, "--raids", "2", "--every", "24")
    for owner in ("Japan", "US"):
        rows = [r for r in found["yearly"] if r["owner"] == owner]
        sums = [
            sum(r[f"{a}_musd"]["value"] for r in rows)
            for a in ("appropriated", "obligated", "outlaid")
        ]
        assert sums == pytest.approx([sums[0]] * 3, abs=1.5)  # each is rounded to 0.1
        assert rows[-1]["unpaid_musd"] == pytest.approx(0.0, abs=0.05)
        assert sums[0] > 0.0
    life = {r["architecture"]: r for r in found["life_cycle"]}
    assert life["national"]["parts_musd"]["network"]["value"] == 0.0
    assert life["integrated"]["parts_musd"]["network"]["value"] == pytest.approx(1500.0)
    for row in life.values():
        parts = sum(x["value"] for x in row["parts_musd"].values())
        assert row["total_musd"]["value"] == pytest.approx(parts, abs=0.2)
    for row in found["network"]["architectures"]:
        assert row["musd_per_year"] == row["as_stated_musd_per_year"]


def test_each_price_basis_stands_by_itself_with_its_year(told):
    found = told(*SUSTAIN)
    bases = [(r["owner"], r["product"], r["basis"]) for r in found["raid_cost"]]
    assert len(bases) == len(set(bases))
    for product in ("PAC-3", "SM-6", "SM-3 IIA"):
        rows = [r for r in found["raid_cost"] if r["product"] == product]
        assert {r["owner"] for r in rows if r["used"]} == {"Japan", "US"}
        assert all(r["owner"] == "" for r in rows if not r["used"])
        for r in rows:
            assert r["musd"][1] == pytest.approx(r["rounds"] * r["unit_musd"][1], rel=0.01)


def test_one_round_has_one_price_on_the_page(told):
    """Licensed in Japan: 4.0 million of 2024, times 1.3, as it is held and as a raid takes it."""
    found = told(*SUSTAIN, "--spend", "Japan:PAC-3=40")
    rows = {(r["owner"], r["product"]): r for r in found["raid_cost"] if r["used"]}
    assert rows["Japan", "PAC-3"]["unit_musd"][1] == pytest.approx(4.1 * 1.3)
    assert rows["US", "PAC-3"]["unit_musd"][1] == pytest.approx(4.1)
    assert rows["Japan", "PAC-3"]["musd"][1] == pytest.approx(213.2)


def test_a_salvo_is_told_only_where_it_could_stop_the_body(told):
    """The catalogue gives the larger midcourse round no chance against a glider."""
    pairs = {(r["weapon"], r["class"]) for r in told(*SUSTAIN)["exchange"]["marginal"]}
    assert ("midcourse_B", "mrbm_liquid") in pairs
    assert ("midcourse_B", "glider_regional") not in pairs
    assert ("terminal_low", "glider_regional") in pairs


def test_the_median_of_the_assumptions_comes_before_what_is_as_stated(program):
    """Ranges that lean to one side leave the stated value outside its band: it never stands alone."""
    code, out, err = program(*SUSTAIN)
    assert (code, err) == (0, "")
    for line in out.splitlines():
        if line.strip().startswith(("national ", "integrated ")) and "as stated" in line:
            middle, low, high = (
                float(x.replace(",", "")) for x in re.match(r"\s+\S+\s+(\S+) \((\S+) to (\S+)\)", line).groups()
            )  # fmt: skip
            assert low <= middle <= high
            break
    else:
        raise AssertionError(out)


def test_cost_exchange_is_a_band_with_its_caveat_and_tomahawk_is_a_budget_line(told):
    found = told(*SUSTAIN)
    assert "value of what is defended" in found["exchange"]["caveat"]
    assert found["exchange"]["band"] is None
    assert all(len(r["ratio"]) == 3 and r["basis"] for r in found["exchange"]["marginal"])
    lines = {r["name"]: r for r in found["budget_lines"]}
    assert lines["tomahawk_japan"]["musd"] == pytest.approx([1587.5, 1693.3, 2116.7])
    text = json.dumps({k: v for k, v in found.items() if k != "budget_lines"})
    assert "omahawk" not in text


def test_a_folder_gets_page_object_tables_and_pictures(program):
    code, out, err = program(*SUSTAIN, "--raids", "2", "-o", "new/out")
    assert (code, err) == (0, "")
    there = {p.name for p in Path("new/out").iterdir()}
    tables = ("stock", "production", "bottleneck", "ledger")
    assert there == {
        "study-sustain.html", "study-sustain.json",
        *(f"study-sustain-{t}.{k}" for t in tables for k in ("csv", "parquet")),
        *(f"study-sustain-{d}.{k}" for d in ("stock", "bottlenecks", "costs", "outlay") for k in ("png", "svg")),
    }  # fmt: skip
    page = Path("new/out/study-sustain.html").read_text(encoding="utf-8")
    assert "value of what is defended" in page
    assert "STUDY" in page
    assert page.count("<svg") == 4
    assert "src=" not in page.replace("data:", "")
    assert "new/out/study-sustain.html" in out
    for name in tables:
        rows = read_csv(f"new/out/study-sustain-{name}.csv")
        table = pq.read_table(f"new/out/study-sustain-{name}.parquet")
        assert table.num_rows == len(rows) > 0
        assert table.column_names == list(rows[0])


def test_every_month_of_the_stock_table_balances(program):
    code, _, _ = program(*SUSTAIN, "--raids", "3", "--transfer", "on", "-o", "out")
    assert code == 0
    stocks = defaultdict(list)
    for row in read_csv("out/study-sustain-stock.csv"):
        stocks[row["owner"], row["product"]].append({k: row[k] for k in row})
    assert len(stocks) == 6
    for rows in stocks.values():
        assert [int(r["month"]) for r in rows] == list(range(121))
        for before, now in pairwise(rows):
            moved = sum(float(now[k]) for k in ("delivered", "received"))
            moved -= sum(float(now[k]) for k in ("sent", "spent", "lost"))
            assert float(before["stated"]) + moved == pytest.approx(float(now["stated"]), abs=1e-4)
            assert float(now["chance_low"]) <= float(now["stated"]) + 1e-6
    shares = defaultdict(float)
    for row in read_csv("out/study-sustain-bottleneck.csv"):
        shares[row["line"], row["month"]] += float(row["assumptions_share"])
    assert list(shares.values()) == pytest.approx([1.0] * len(shares), abs=1e-4)


WRONG = [
    (("--years", "0"), "1..40"),
    (("--years", "ten"), "ten"),
    (("-n", "1"), "2..20000"),
    (("--raids", "-1"), "0..100"),
    (("--every", "0"), "1..480"),
    (("--raids", "20", "--every", "12"), "after the 120 months"),
    (("--transfer", "maybe"), "on or off"),
    (("--without", "nobody"), "pac3_seekers"),
    (("--spend", "Japan:PAC-3"), "OWNER:PRODUCT=ROUNDS"),
    (("--spend", "Mars:PAC-3=3"), "there are Japan:PAC-3"),
    (("--spend", "Japan:PAC-3=-3"), "0 or more"),
    (("--spend", "Japan:PAC-3=nan"), "0 or more"),
    (("--spend", "Japan:PAC-3=1", "--from-run", "x"), "give one of them"),
    (("--from-run", "not-there"), "not-there"),
    (("--architecture", "x"), "'x' is no architecture"),
    (("--variant", "x"), "no variant 'x'"),
]


@pytest.mark.parametrize(("words", "message"), WRONG)
def test_a_wrong_value_is_told_and_ends_with_2(program, words, message):
    code, out, err = program("sustain", "okinawa-2025", *words)
    assert (code, out) == (2, "")
    assert message in err
    assert "Traceback" not in err


def test_a_scenario_without_interceptors_is_refused(program):
    code, _, err = program("sustain", "replay-2017-08-29")
    assert code == 2
    assert "holds no interceptors" in err


class Run:
    """What a run's folder tells, without the run: two replicates, rounds and leakers."""

    changes = None
    variant = None

    def __init__(self, folder):
        from hinomi.scenario.load import load
        from hinomi.study.plan import make_plan

        loaded = load("okinawa-2025", changes=self.changes, variant=self.variant)
        self.plan = make_plan(loaded, replicates=2, architectures=["integrated"])

    def table(self, name):
        import pyarrow as pa

        if name == "metrics":
            return pa.table(
                {
                    "replicate": [0, 0, 1],
                    "architecture": ["integrated"] * 3,
                    "metric": ["leakers", "shots", "leakers"],
                    "value": [2.0, 9.0, 4.0],
                }
            )
        rows = [
            (r, owner, product, month, spent)
            for r, rounds in enumerate(((10, 4), (20, 0)))
            for (owner, product), spent0 in zip(
                (("Japan", "PAC-3"), ("US", "SM-6")), rounds, strict=True
            )
            for month, spent in ((0.0, float(spent0)), (1.0, 0.0))
        ]
        columns = dict(
            zip(
                ("replicate", "owner", "product", "month", "spent"),
                zip(*rows, strict=True),
                strict=True,
            )
        )
        return pa.table(
            {k: list(v) for k, v in columns.items()} | {"architecture": ["integrated"] * len(rows)}
        )


def test_rounds_of_a_run_give_chance_its_band_and_a_cost_exchange(told, program, monkeypatch):
    """10 and 20 of Japan's PAC-3, 4 and 0 of the US's SM-6 in two replicates; 3 leakers of 8."""
    monkeypatch.setattr("hinomi.supply.spent.Results", Run)
    found = told(*SUSTAIN, "--from-run", "run")
    rows = found["raids"]["rounds"]
    japan, us = of(rows, "Japan", "PAC-3"), of(rows, "US", "SM-6")
    assert (japan["value"], japan["assumptions"], japan["chance"]) == (
        15.0,
        [15.0, 15.0],
        [10.0, 20.0],
    )
    assert (us["value"], us["chance"]) == (2.0, [0.0, 4.0])
    low, value, high = found["exchange"]["band"]
    licensed = (1.0, 1.3, 1.8)
    rounds = [
        15 * a * p + 2 * b
        for a, p, b in zip((3.5, 4.0, 5.0), licensed, (3.9, 4.3, 4.5), strict=True)
    ]
    threats = [4 * a + 4 * b for a, b in zip((2.7, 6.7, 13.3), (2.0, 5.0, 10.0), strict=True)]
    rise = 1.025  # prices of 2024 in those of 2025
    expected = [rise * rounds[i] / threats[2 - i] for i in range(3)]
    assert [low, value, high] == pytest.approx(expected, abs=0.01)
    avoided = found["exchange"]["musd_per_leaker_avoided"]
    assert avoided == pytest.approx([rise * x / 5.0 for x in rounds], abs=0.1)
    assert [r["architecture"] for r in found["life_cycle"]] == ["integrated"]
    japan, idle = (of(found["refill"], "Japan", w) for w in ("PAC-3", "SM-6"))
    assert (japan["months_pooled"] is None, idle["months_pooled"]) == (False, None)
    stock = of(found["stock"], "Japan", "SM-6")
    assert stock["months_to_requirement"]["value"] == idle["months"]["value"] == 0.0
    code, _, err = program(*SUSTAIN, "--from-run", "run", "--architecture", "national")
    assert code == 2
    assert "has no architecture 'national'" in err


def test_a_run_raid_by_raid_is_counted_as_its_report_counts(told, monkeypatch):
    """The same rounds through the ledger of a run: its months and its bill, no licence in it."""
    import numpy as np

    from hinomi.scenario.load import load
    from hinomi.sustain.account import account

    monkeypatch.setattr("hinomi.supply.spent.Results", Run)
    found = told(*SUSTAIN, "--from-run", "run")
    industry = load("okinawa-2025").industry
    raids = [{("Japan", "PAC-3"): a, ("US", "SM-6"): b} for a, b in ((10, 4), (20, 0))]
    bills = [account(spent, dict.fromkeys(spent, 100), industry) for spent in raids]
    months = float(np.median([b.refill_months for b in bills]))
    cost = float(np.mean([b.cost_musd.sum() for b in bills]))
    assert found["run"]["months"]["value"] >= months  # a supplier binds from month 6 on, ...
    free = told(*SUSTAIN, "--from-run", "run", "--without", "pac3_seekers")
    assert free["run"]["months"]["value"] == months  # ... and the ledger of a run knows none
    assert found["run"]["musd"]["value"] == pytest.approx(cost, abs=1e-6)
    licensed = sum(r["musd"][1] for r in found["raid_cost"] if r["used"])
    assert licensed > cost
    assert told(*SUSTAIN)["run"] is None


def test_threats_are_those_of_the_run_and_not_of_the_scenario_as_it_is_now(
    told, program, monkeypatch
):
    """A run with two bodies a group: of 6 threats 3 leak, so 3 were stopped and not 5 of 8."""
    monkeypatch.setattr("hinomi.supply.spent.Results", Run)
    before = told(*SUSTAIN, "--from-run", "run")["exchange"]
    monkeypatch.setattr(Run, "changes", {"threats[*].count": 2})
    found = told(*SUSTAIN, "--from-run", "run")
    count = sum(found["exchange"]["threats"].values())
    assert sum(before["threats"].values()) == 8
    assert count == 6
    whole = [3.0 * x for x in found["exchange"]["musd_per_leaker_avoided"]]
    assert whole == pytest.approx(found["exchange"]["rounds_musd"], abs=0.2)
    assert found["raids"]["takes"].endswith("of a run with threats[*].count = 2")


def test_a_run_of_another_variant_is_refused_with_the_way_out(program, monkeypatch):
    monkeypatch.setattr("hinomi.supply.spent.Results", Run)
    monkeypatch.setattr(Run, "variant", "availability_70")
    code, _, err = program(*SUSTAIN, "--from-run", "run")
    assert code == 2
    assert "is a run of the variant 'availability_70'" in err
    assert "give --variant availability_70" in err
    monkeypatch.setattr(Run, "variant", None)
    code, _, err = program(*SUSTAIN, "--variant", "availability_70", "--from-run", "run")
    assert code == 2
    assert "leave --variant out" in err

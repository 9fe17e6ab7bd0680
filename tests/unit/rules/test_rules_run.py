"""A comparison on real raids: the scenario's own numbers, one truth for all, the curve's order."""

import csv
import io
import json

import numpy as np
import pyarrow.parquet as pq
import pytest

from hinomi.rules.chain import prepare as prepare_rules
from hinomi.rules.compare import execute, plan, tables_of
from hinomi.rules.ladder import LADDER, LINES
from hinomi.rules.measures import MEASURES
from hinomi.rules.page import write_page
from hinomi.rules.reading import RESAMPLES, cost_loss, differences, drawn, figures, pooled_false
from hinomi.rules.words import sentences
from hinomi.rules.write import summary, write_all
from hinomi.study import chain
from hinomi.study.engine import Local

NAME, ARCHITECTURE, N = "okinawa-2025", "integrated", 2


@pytest.fixture(scope="module")
def part():
    return plan(NAME, rules=tables_of(()), architecture=ARCHITECTURE, replicates=N, seed=5)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("rules")


@pytest.fixture(scope="module")
def compared(part, folder):
    (out,) = execute([part], folder, engine=Local(workers=1))
    return out


def test_the_scenarios_own_rule_gives_the_scenarios_own_alerts(part, compared):
    """Message by message what a study of the same seed gives, also beside eighty other rules."""
    scenario = part.scenario
    context = chain.prepare(scenario)
    told = compared.study.table("alerts").to_pylist()
    for number in range(N):
        found = chain.replicate(
            scenario,
            context,
            seed=5,
            number=number,
            architectures=[ARCHITECTURE],
            keep=False,
        )["alerts"]
        mine = [r for r in told if r["rule"] == "scenario" and r["replicate"] == number]
        assert [r["t_issue_s"] for r in mine] == list(found["t_issue_s"])
        assert [r["units"] for r in mine] == list(found["units"])
        assert [r["route"] for r in mine] == list(found["route"])
        assert len(mine) > 8


def test_the_scenarios_own_rule_gives_the_studys_figures(part, compared):
    """To the last bit: visitors, channels that fail and the alert that stands count in both."""
    context = chain.prepare(part.scenario)
    for number in range(N):
        found = chain.replicate(
            part.scenario,
            context,
            seed=5,
            number=number,
            architectures=[ARCHITECTURE],
            keep=False,
        )["metrics"]
        study = dict(zip(found["metric"], found["value"], strict=True))
        mine = {name: compared.run.of("scenario", name)[number] for name in MEASURES}
        assert mine["need_people"] == study["people_in_need"] > 0
        assert mine["sheltered_people"] == study["sheltered_people"] > 0
        assert mine["idle_people"] == study["over_warned_people"] > 0
        assert mine["never_people"] + mine["late_people"] == study["missed_people"]
        assert mine["lead_s"] == study["lead_s"]
        assert mine["alert_s"] == study["first_alert_s"]


@pytest.mark.parametrize("line", [name for name in LINES if name != "polygon"])
def test_along_a_curve_a_lower_threshold_never_warns_fewer_people(compared, line):
    """On every raid: more are told, more for nothing, and fewer are never warned."""
    run = compared.run
    keys = [f"{line}@{step:g}" for step in LADDER]
    for measure, sign in (("told_people", -1), ("idle_people", -1), ("never_people", 1)):
        values = np.array([run.of(key, measure) for key in keys])
        assert values.shape == (len(LADDER), N)
        assert np.all(sign * np.diff(values, axis=0) >= 0.0), measure
    told = np.array([run.of(key, "told_people") for key in keys])
    if line == "municipality":  # a raid of eight soon fills wide units
        assert np.all(told[0] > told[-1])


def test_wider_units_never_leave_more_people_without_any_warning(compared):
    for step in LADDER:
        plain, wide = (
            compared.run.of(f"{line}@{step:g}", "never_people")
            for line in ("prefecture", "prefecture+1")
        )
        assert np.all(wide <= plain)


def test_people_add_up(compared):
    run = compared.run
    names = ("never_people", "late_people", "short_people", "in_time_people")
    for point in run.points:
        parts = sum(run.of(point.key, n) for n in names)
        assert np.allclose(parts, run.of(point.key, "need_people"), rtol=1e-12)


def test_every_rule_meets_the_same_raid(compared):
    need = np.array([compared.run.of(p.key, "need_people") for p in compared.run.points])
    assert np.all(need == need[0])
    assert np.all(need > 0.0)


def test_a_finished_comparison_is_read_again_and_a_larger_one_extends_it(part, compared, folder):
    files = sorted((folder / part.folder_name / "metrics").iterdir())
    before = [f.stat().st_mtime_ns for f in files]
    (again,) = execute([part], folder, engine=Local(workers=1))
    assert [f.stat().st_mtime_ns for f in files] == before
    assert again.run.found.values.keys() == compared.run.found.values.keys()


def test_results_do_not_depend_on_the_rules_beside(tmp_path, part, compared):
    """One rule alone: the same figures as among all, because nothing is drawn in turn."""
    alone = plan(
        NAME, rules=tables_of(["municipal"]), architecture=ARCHITECTURE, replicates=1, seed=5
    )
    (other,) = execute([alone], tmp_path, engine=Local(workers=1))
    for measure in ("told_people", "lead_s", "alert_s", "sheltered_people"):
        assert other.run.of("municipal", measure)[0] == compared.run.of("municipal", measure)[0]


def test_units_of_the_same_areas_are_made_once(part):
    context = prepare_rules(part.scenario)
    assert len(context.units) == 4  # prefecture, municipality, island group, regions
    assert len(context.points) == 6 + 5 * len(LADDER)


def test_files_say_the_same(compared, folder):
    content = write_all([compared], folder)
    assert json.loads((folder / "rules.json").read_text()) == content == summary([compared])
    rows = list(csv.DictReader(io.StringIO((folder / "measures.csv").read_text())))
    table = pq.read_table(folder / "measures.parquet")
    assert len(rows) == table.num_rows
    kept = {(r["key"], r["measure"]): r["value"] for r in rows}
    own = content["scenarios"][0]["rules"]["scenario"]["figures"]["told_people"]
    assert float(kept["scenario", "told_people"]) == own["value"]
    leads = pq.read_table(folder / "leads.parquet").to_pylist()
    mine = [r["lead_s"] for r in leads if r["key"] == "scenario"]
    assert len(mine) == 99
    assert mine == sorted(mine)


def test_the_page_holds_every_rule_and_no_address(compared, folder):
    page = write_page([compared], summary([compared]), folder).read_text(encoding="utf-8")
    assert "訓練" not in page.split("<main>")[1]
    assert "STUDY" in page
    for point in compared.run.named:
        assert point.rule.label.split(",")[0].replace("'", "&#39;") in page
    for words in ("over-warned", "flip-flops", "n = 0", "costs less than"):
        assert words in page
    outside = (
        page.replace("http://www.w3.org", "")
        .replace("http://purl.org", "")
        .replace("http://creativecommons.org", "")
    )
    assert "http" not in outside


def test_intervals_hold_the_value(compared):
    f = figures(compared.run, "scenario")
    for name in ("told_people", "unserved_share", "idle_share"):
        assert f[name].low <= f[name].value <= f[name].high
    assert f["false_per_100"].n == 0
    assert np.isnan(pooled_false([compared.run], "scenario").value)
    assert drawn(7).shape == (RESAMPLES, 7)


def test_a_rule_differs_from_itself_by_nothing(compared):
    for interval in differences(compared.run, "municipal", "municipal").values():
        assert interval.value == 0.0


def test_a_free_alert_asks_for_the_fewest_unserved(compared):
    """At a price of nothing the last choice leaves as few people unserved as any."""
    run = compared.run
    cheapest = cost_loss(run).best[-1]
    assert cheapest["price_low"] == 0.0
    least = min(run.of(p.key, "unserved_people").mean() for p in run.points)
    assert run.of(cheapest["key"], "unserved_people").mean() == least


def test_every_figure_of_the_short_answer_has_its_interval():
    def figure(value, low, high, n=8, **more):
        return {"value": value, "low": low, "high": high, "n": n, "unit": "s"} | more

    figures_of = {
        "alert_s": figure(158.0, 140.0, 173.0),
        "idle_people": figure(10.2e6, 8.1e6, 13.6e6),
        "unserved_share": figure(0.019, 0.0, 0.0424),
    }
    told = {"rules": {"own": {"figures": figures_of}}, "differences": {}, "needed_s": 60.0}
    (line,) = sentences(told)
    assert "158 (140 to 173) s after ignition" in line
    assert "10.2 M (8.1 to 13.6 M) people a raid for nothing" in line
    assert "1.9 % (0 to 4.24 %) of the people in need" in line

"""A real sweep of two raids: the same bits with any cache and any workers; failures keep their reason."""

import json
from dataclasses import replace

import numpy as np
import pytest

import hinomi as hm
from hinomi.errors import ScenarioError
from hinomi.scenario.load import load
from hinomi.settings import chain
from hinomi.study import chain as study_chain
from hinomi.study import warm
from hinomi.study.checks import EXPECTED, KILLS
from hinomi.study.montecarlo import engine_for
from hinomi.sweep.answer import answer
from hinomi.sweep.ask import execute, question
from hinomi.sweep.design import design_of
from hinomi.sweep.reading import indices_of, outcome
from hinomi.sweep.words import sentences

VARY = {"engagement.assess_s": [2.0, 12.0], "tracking.confirm_hits": [3, 4]}
ASKED = {"replicates": 2, "seed": 1, "figures": ["leakers"]}


@pytest.fixture(autouse=True)
def compiled(monkeypatch):
    """Kernels are compiled by other tests; no first batch alone."""
    monkeypatch.setattr(warm, "is_warm", lambda chain: True)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The sweep without a cache, in this process."""
    folder = tmp_path_factory.mktemp("sweep") / "plain"
    return hm.sweep("okinawa-2025", VARY, **ASKED, workers=1, cache=False, out=folder, quiet=True)


def ran(folder, workers=1):
    """Answer of the same sweep with the cache, and what the cache did: read, made, damaged."""
    found = execute(
        question("okinawa-2025", VARY, **ASKED), folder, engine=engine_for(workers=workers)
    )
    return json.dumps(answer(found)), tuple(found.stages.values())


def test_cold_warm_and_damaged_cache_and_two_workers_give_the_same_bits(made, tmp_path, stages):
    plain = json.dumps(made.content)
    assert json.loads((made.folder / "sweep.json").read_text()) == made.content
    # two settings of the tracker (the scenario as it is is one of them), two raids
    assert ran(tmp_path / "cold", workers=2) == (plain, (0, 4, 0))
    entries = sorted(stages.glob("*/*"))
    assert len(entries) == 4
    data = bytearray(entries[0].read_bytes())
    data[len(data) // 2] ^= 1
    entries[0].write_bytes(data)
    assert ran(tmp_path / "warm") == (plain, (3, 0, 1))
    assert not (made.folder / "cache.jsonl").exists()


def test_each_setting_is_what_a_run_of_its_own_gives(made):
    """Outside truth: the study's own chain, from the start, with the keys changed in the file."""
    point = made.content["points"][-1]
    scenario = load("okinawa-2025", changes=point["settings"])
    context = study_chain.prepare(scenario)
    for name in ("integrated", "shared_warning"):
        values = {}
        for number in (0, 1):
            raid = study_chain.begin(scenario, context, seed=1, number=number)
            columns = study_chain.judge(raid, scenario.architectures[name])["metrics"]()
            for metric, value in zip(columns["metric"], columns["value"], strict=True):
                values.setdefault(metric, []).append(value)
        for figure, found in point["results"][name].items():
            assert found["value"] == pytest.approx(np.mean(values[figure]), rel=1e-12), figure


def test_the_answer_has_a_stable_shape_for_those_who_draw_it(made):
    content = made.content
    assert content["format"] == "hinomi/sweep/1"
    assert content["design"] == {"name": "grid", "points": 4, "size": 0}
    assert [p["settings"]["engagement.assess_s"] for p in content["points"]] == [2, 2, 12, 12]
    assert content["targets"][0] == "integrated minus shared_warning"
    first = content["points"][0]["results"]["integrated"]["leakers"]
    assert set(first) == {"value", "low", "high", "n", "method", "change"}
    steps = content["results"]["integrated"]["leakers"]["curves"]["tracking.confirm_hits"]
    assert [s["setting"] for s in steps] == [3.0, 4.0]
    assert [s["points"] for s in steps] == [2, 2]
    table = made.table()
    assert table.num_rows == 4 * 3
    assert {"engagement.assess_s", "of", "figure", "value", "low", "high"} <= set(
        table.column_names
    )
    with pytest.raises(ScenarioError, match="it has points, curves"):
        made.table("indices")
    assert made.indices == {}
    assert made.failed == {}


def test_a_notebook_shows_a_small_table_and_sentences(made):
    html = made._repr_html_()
    assert "STUDY" in html
    assert html.count("<tr") == 5
    assert "engagement.assess_s" in html
    assert "4 settings" in repr(made)


def test_the_same_call_again_computes_nothing(made):
    files = sorted(made.folder.glob("points/metrics/*.parquet"))
    before = [(p.stat().st_ino, p.stat().st_mtime_ns) for p in files]
    again, _ = ran(made.folder)
    assert [(p.stat().st_ino, p.stat().st_mtime_ns) for p in files] == before
    assert json.loads(again) == made.content


@pytest.fixture(scope="module")
def wide(tmp_path_factory):
    """Sobol over two keys of the engagement, six raids, one architecture."""
    asked = question(
        "okinawa-2025",
        {"catalogue.interceptor.midcourse_B.kill_ballistic": (0.3, 0.9),
         "catalogue.price.sm3_iia_unit.unit_musd": (20.0, 36.0)},
        design="sobol", points=64, architectures=["integrated"], replicates=6, seed=1,
    )  # fmt: skip
    folder = tmp_path_factory.mktemp("sobol")
    return execute(asked, folder, engine=engine_for(workers=1), use_cache=False)


def test_smoothing_keeps_the_expectation_and_takes_drawn_kills_out(wide):
    """Leakers plus kills is what was there; smoothed, probabilities stand for the kills."""
    (target,) = wide.question.targets
    raw, smooth = (outcome(wide, target, "leakers", smooth=s) for s in (False, True))
    for i, point in enumerate(wide.question.scene.points):
        name = chain.told_name("integrated", point.name)
        kills, expected = wide.found.of(name, KILLS), wide.found.of(name, EXPECTED)
        np.testing.assert_allclose(smooth[i], raw[i] + kills - expected, rtol=1e-12)
    np.testing.assert_array_equal(
        outcome(wide, target, "shots", smooth=True), outcome(wide, target, "shots")
    )
    steps = [len(np.unique(np.round(y, 9))) for y in (raw, smooth)]
    assert steps[1] > steps[0]  # whole bodies became shares of them


def test_a_price_has_a_share_in_the_bill_and_none_in_leakers_or_shots(wide):
    (target,) = wide.question.targets
    leakers = outcome(wide, target, "leakers", smooth=True).reshape(wide.question.design.size, 4, 6)
    np.testing.assert_array_equal(leakers[:, 2], leakers[:, 0])  # A with B's price, and A
    kill, price = indices_of(wide, target, "shots").of["ST"].value
    assert price == 0.0
    assert kill > 0.5
    told = answer(wide)["results"]["integrated"]
    bill = told["cost_musd"]["indices"]["keys"][wide.question.design.axes[1].key]
    assert bill["ST"]["value"] > 0.3
    assert told["leakers"]["indices"]["smoothed"]


def test_too_few_rows_have_no_index_and_say_how_many_it_takes(wide):
    """Four rows gave a first order of 11 and a total of -2: no number at all is better."""
    design = design_of("sobol", wide.question.design.axes, points=16, seed=1)
    few = replace(
        wide,
        question=replace(wide.question, design=design),
    )
    (target,) = few.question.targets
    told = indices_of(few, target, "shots")
    assert (told.rows, dict(told.of)) == (4, {})
    assert told.why == "4 whole rows of the design, 16 are needed (--points 64)"
    content = answer(few)
    assert all(
        v == {} for v in content["results"]["integrated"]["leakers"]["indices"]["keys"].values()
    )
    assert any("not defined: 4 whole rows" in s for s in sentences(content))


def test_settings_that_fail_are_told_with_the_reason_and_the_others_stand(tmp_path, monkeypatch):
    whole = study_chain.defended

    def refusing(raid, *more):
        if raid.scenario.engagement.assess_s == 9.0 and raid.draws.replicate == 1:
            raise ValueError("no way at 9 s")
        return whole(raid, *more)

    monkeypatch.setattr(study_chain, "defended", refusing)
    swept = hm.sweep(
        "okinawa-2025",
        {"engagement.assess_s": [8.0, 9.0], "infrared[LEO].satellites": [28, 30]},
        architectures=["national"], figures=["leakers"], replicates=2, workers=1, cache=False, quiet=True,
        out=tmp_path / "some",
    )  # fmt: skip
    failed = swept.failed
    assert failed["grid 3"] == "no way at 9 s"
    assert "must divide evenly" in failed["grid 2"]
    assert "must divide evenly" in failed["grid 4"]
    points = {p["name"]: p for p in swept.content["points"]}
    assert points["grid 1"]["failed"] is None
    assert points["grid 3"]["failed"]["raids"] == 1
    assert points["grid 4"]["failed"]["raids"] == 2
    assert points["grid 3"]["results"]["national"]["leakers"]["n"] == 1
    page = swept.page.read_text(encoding="utf-8")
    assert "no way at 9 s" in page
    assert "Not computed in 1 of 2 raids: grid 3" in page


def test_settings_of_threats_are_told_in_their_own_order_and_never_ranked(tmp_path):
    swept = hm.sweep(
        "okinawa-2025", {"threats[*].count": [2, 1], "engagement.assess_s": [5.0, 8.0]},
        architectures=["national"], figures=["leakers"], replicates=1, workers=1, cache=False, quiet=True,
        out=tmp_path / "raid",
    )  # fmt: skip
    found = swept.content["results"]["national"]
    for by_figure in found.values():
        assert "threats[*].count" not in by_figure["order"]
        assert [s["setting"] for s in by_figure["curves"]["threats[*].count"]] == [2.0, 1.0]
    assert [p["settings"]["threats[*].count"] for p in swept.content["points"]] == [2, 2, 1, 1]
    page = swept.page.read_text(encoding="utf-8")
    assert "left out of everything that is put in order" in page


def test_the_package_and_the_call_are_one_name():
    from hinomi.sweep import design

    assert hm.sweep.design is design
    with pytest.raises(ScenarioError, match="nothing to vary"):
        hm.sweep("okinawa-2025", {})

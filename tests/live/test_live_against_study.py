"""The live run of a seed decides what the study of that seed decided: same places, same seconds."""

from __future__ import annotations

import numpy as np
import pytest

from hinomi.live.decide import Decider
from hinomi.live.pictures import arrived, measured
from hinomi.live.source import source_of
from hinomi.records.alerts import MESSAGES
from hinomi.records.plots import FALSE_PLOT
from hinomi.scenario.load import load
from hinomi.study.chain import prepare, replicate

SEED = 1


@pytest.fixture(scope="module")
def world():
    scenario = load("okinawa-2025")
    return scenario, prepare(scenario)


def decided(scenario, context, architecture, *, step_s, until_s):
    source = source_of(scenario, context, seed=SEED, replicate=0, architecture=architecture)
    decider = Decider(
        source, policy=scenario.policy, units=context.units, places=context.places,
        classes=scenario.predictor_classes,
    )  # fmt: skip
    found = {}
    for t_s in np.arange(step_s, until_s + step_s, step_s):
        for p in decider.due(min(float(t_s), until_s)):
            found.setdefault(p.name, p)
    return found


def units_of(codes, context):
    at = dict(zip(context.places.code, context.units.unit_of_place, strict=True))
    return sorted({context.units.names[at[c]] for c in codes})


@pytest.mark.parametrize("architecture", ["national", "shared_track", "integrated"])
def test_live_alerts_are_those_of_the_study(world, architecture):
    scenario, context = world
    until_s = 700.0
    tables = replicate(
        scenario, context, seed=SEED, number=0, architectures=[architecture], keep=False
    )
    alerts = tables["alerts"]
    rows = zip(
        *(list(alerts[n]) for n in ("t_issue_s", "picture", "track", "kind", "units")), strict=True
    )
    want = sorted(
        (round(float(t), 6), picture, int(track), kind, units.split("; ") if units else [])
        for t, picture, track, kind, units in rows
        if t <= until_s
    )

    found = decided(scenario, context, architecture, step_s=50.0, until_s=until_s)

    got = sorted(
        (round(p.t_issue_s, 6), p.picture, p.track, p.kind, units_of(p.codes, context))
        for p in found.values()
    )
    assert len(want) >= 10
    assert [w[:4] for w in want] == [g[:4] for g in got]
    assert [sorted(w[4]) for w in want] == [g[4] for g in got]
    assert {w[3] for w in want} <= set(MESSAGES)


def test_a_finer_step_changes_nothing(world):
    scenario, context = world

    coarse = decided(scenario, context, "national", step_s=60.0, until_s=420.0)
    fine = decided(scenario, context, "national", step_s=12.0, until_s=420.0)

    assert list(coarse.values()) == list(fine.values())


def test_reports_come_late_and_out_of_order_and_carry_no_truth(world):
    scenario, context = world
    source = source_of(scenario, context, seed=SEED, replicate=0, architecture="integrated")

    plots = source.recipes[0].plots

    assert set(plots.body.tolist()) == {FALSE_PLOT}
    arrival = plots.t_available_s
    assert (arrival > plots.t_s).all()
    assert (np.diff(arrival) < 0).any()
    there, waiting, longest = arrived(source, 200.0)
    assert there > 0
    assert waiting > 0
    assert 0.0 < longest < 60.0
    assert measured(plots, 200.0).t_s.max() <= 200.0

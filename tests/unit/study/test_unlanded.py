"""A computation that ends before the bodies land says so: check, summary, printed result."""

import numpy as np
import pytest
from typer.testing import CliRunner

from hinomi.cli import app
from hinomi.scenario.load import load
from hinomi.study import chain, unlanded
from hinomi.study.plan import make_plan
from hinomi.study.summary import Measured, summarise

SHORT = {"study.t_end_s": 500.0}


@pytest.fixture(scope="module")
def short():
    return load("okinawa-2025", changes=SHORT)


def test_bundled_raids_land_in_time_and_a_short_end_is_told(short):
    assert unlanded.doubt(load("okinawa-2025")) == ""
    told = unlanded.doubt(short)
    assert told.startswith("study.t_end_s = 500 s ends the computation while bodies are in flight")
    needed = float(told.rsplit(" ", 1)[1])
    assert unlanded.doubt(load("okinawa-2025", changes={"study.t_end_s": needed})) == ""


def test_an_orbit_is_no_body_that_has_yet_to_land():
    """The satellite of a launch stays up: no end would ever be late enough for it."""
    assert unlanded.doubt(load("launch-november-2023")) == ""


def test_a_raid_counts_the_bodies_that_it_cuts_off(short):
    raid = chain.begin(short, chain.prepare(short), seed=1, number=0)
    own = np.asarray(raid.flights.parent) < 0
    assert unlanded.in_flight(raid.flights) == (raid.flights.end_t_s[own] > 500.0).sum() > 0


def summary_with(value):
    scenario = load("okinawa-2025")
    plan = make_plan(scenario, replicates=2, architectures=["national"])
    values = {("national", unlanded.METRIC): np.array([value, value])}
    return summarise(plan, Measured((0, 1), {unlanded.METRIC: "bodies"}, values))


def test_a_run_says_that_it_was_cut_short_and_only_then():
    assert unlanded.words(summary_with(0.0)) == ""
    assert unlanded.words(summary_with(3.0)).startswith("Cut short: 3 bodies a raid were still in")
    assert unlanded.words({"more": {}}) == ""  # of an earlier version


def test_the_command_warns(tmp_path):
    import hinomi.scenario.load as loading

    text, _ = loading.scenario_text("okinawa-2025")
    assert text.count("value = 1200") == 1
    path = tmp_path / "mine.toml"
    path.write_text(text.replace("value = 1200", "value = 500"))
    found = CliRunner().invoke(app, ["check", str(path)])
    assert found.exit_code == 0
    assert "warning: study.t_end_s = 500 s ends the computation" in found.output

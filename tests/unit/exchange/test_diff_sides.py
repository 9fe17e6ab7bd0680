"""Two runs side by side: what differs, what moved, and what an older folder lacks."""

import math
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from hinomi.errors import FolderError, ScenarioError
from hinomi.exchange.attribute import _can_try
from hinomi.exchange.diff_words import cause, lines
from hinomi.exchange.inputs import CHANGED, GRADE, ONLY_A, ONLY_B, RANGE, changes, provenance
from hinomi.exchange.moved import CHANCE, MOVED, PAIRED, SAME, UNKNOWN, WELCH, headlines, welch
from hinomi.exchange.sides import Input, inputs_of, side_of

OLD = Path(__file__).parent / "old_run"
KEY = "warning.consecutive"


@pytest.fixture(scope="session")
def pair(make_run, tmp_path_factory):
    """Two runs on one seed: one input differs, and every first alert comes 10 s later."""
    folder = tmp_path_factory.mktemp("pair")
    a = make_run(folder / "a")
    b = make_run(folder / "b", shift=10.0, changes={KEY: 5})
    return side_of(str(a)), side_of(str(b))


def by_name(moved, headline, architecture="integrated"):
    (found,) = [m for m in moved if (m.architecture, m.headline) == (architecture, headline)]
    return found


# --- inputs --------------------------------------------------------------------------------------


def test_the_one_input_that_differs_is_named_with_both_values(pair):
    (found,) = changes(*pair)
    assert (found.key, found.kind) == (KEY, CHANGED)
    assert (found.a.value, found.b.value) == (2.0, 5.0)


def test_kinds_of_difference_are_told_apart():
    def number(value, low=None, source="x"):
        return {"value": value, "low": low, "high": None, "grade": "assumed", "source": source}

    before = {"a": number(1.0), "b": number(1.0), "c": number(1.0), "d": number(1.0), "title": "t"}
    after = {"a": number(2.0), "b": number(1.0, 0.5), "c": number(1.0, None, "y"), "e": number(1.0)}

    class OneSide:
        def __init__(self, document):
            self.inputs = inputs_of(document)

    found = {c.key: c.kind for c in changes(OneSide(before), OneSide(after))}
    assert found == {"a": CHANGED, "b": RANGE, "c": GRADE, "d": ONLY_A, "e": ONLY_B}


def test_items_of_lists_go_by_their_names():
    document = {"radars": [{"name": "B", "x_m": 1.0}, {"name": "A", "x_m": 2.0}], "n": [1, 2]}
    assert inputs_of(document)["radars[A].x_m"] == Input(value=2.0)
    assert inputs_of(document)["n"] == Input(value=[1, 2])


# --- headlines -----------------------------------------------------------------------------------


def test_a_shift_of_every_replicate_is_found_exactly_where_runs_are_paired(pair):
    alert = by_name(headlines(*pair), "first_alert_s")
    assert alert.how == PAIRED
    assert (alert.change.value, alert.change.low, alert.change.high) == (10.0, 10.0, 10.0)
    assert alert.verdict == MOVED
    assert alert.p == pytest.approx(2.0 / 2**8)  # all eight signs alike, of 2^8 flips


def test_what_neither_run_measured_is_not_called_moved(pair):
    assert by_name(headlines(*pair), "sheltered_people").verdict == SAME


def test_a_run_beside_itself_has_nothing_that_moved(pair):
    assert {m.verdict for m in headlines(pair[0], pair[0])} == {SAME}
    assert changes(pair[0], pair[0]) == []


def test_other_seeds_are_compared_by_welch(pair, make_run, tmp_path):
    other = side_of(str(make_run(tmp_path / "c", seed=2)))
    found = by_name(headlines(pair[0], other), "leakers")
    assert found.how == WELCH
    assert by_name(headlines(pair[0], other), "sheltered_people").verdict == SAME
    assert found.verdict == SAME if found.change.low == found.change.high == 0.0 else CHANCE


def test_welch_is_that_of_an_independent_library():
    rng = np.random.Generator(np.random.Philox(5))
    a, b = rng.normal(10.0, 1.0, 20), rng.normal(11.0, 3.0, 12)
    expected = stats.ttest_ind(b, a, equal_var=False).confidence_interval(0.95)
    found = welch(a, b)
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high), rel=1e-12)


def test_welch_claims_nothing_of_one_value_or_of_what_never_came():
    assert math.isnan(welch(np.array([1.0]), np.array([2.0, 3.0])).low)
    assert math.isnan(welch(np.array([1.0, math.inf]), np.array([2.0, 3.0])).value)


# --- words ---------------------------------------------------------------------------------------


def told(a, b):
    found, made = changes(a, b), provenance(a, b)
    moved = headlines(a, b)
    return "\n".join(lines(a, b, found, made, moved, None)), cause(found, made, moved)


def test_one_differing_input_is_said_to_have_moved_it(pair):
    text, why = told(*pair)
    assert why == f"Only {KEY} differs: it moved what moved."
    assert "2 (1 to 3) [assumed] -> 5 [assumed]" in text.replace("1.0", "1").replace("3.0", "3")
    assert "10 (the same in all 8 raids)" in text


def test_several_differing_inputs_are_not_blamed_one_by_one(pair, make_run, tmp_path):
    b = make_run(tmp_path / "b", shift=10.0, changes={KEY: 5, "warning.compliance": 0.3})
    _, why = told(pair[0], side_of(str(b)))
    assert why.startswith("2 inputs differ together, so none can be named")


def test_moved_without_a_difference_asks_to_verify(pair, make_run, tmp_path):
    _, why = told(pair[0], side_of(str(make_run(tmp_path / "b", shift=10.0))))
    assert "verify both folders" in why


# --- older folders -------------------------------------------------------------------------------


def test_a_folder_of_an_older_format_is_read_and_says_what_it_lacks(pair):
    old = side_of(str(OLD))
    assert {"plan.json: code", "plan.json: data", "run.json"} <= set(old.missing)
    alert = by_name(headlines(old, pair[0]), "first_alert_s")
    assert (alert.how, alert.unit, alert.change.value) == (PAIRED, "s", -10.0)
    text, why = told(old, pair[0])
    assert "A is of another version or unfinished; not there: plan.json: variant" in text
    assert "Code and versions: not told by both sides" in text
    assert "code (not told by both)" in why


def test_a_folder_with_figures_only_is_compared_by_figures(tmp_path, pair):
    import json
    import shutil

    folder = shutil.copytree(OLD, tmp_path / "old")
    shutil.rmtree(folder / "metrics")
    figure = {"value": 140.0, "low": 130.0, "high": 150.0, "n": 8, "unit": "s"}
    summary = {"architectures": {"integrated": {"first_alert_s": figure}}}
    (folder / "summary.json").write_text(json.dumps(summary))
    alert = by_name(headlines(side_of(str(folder)), pair[0]), "first_alert_s")
    assert (alert.change.value, alert.verdict) == (pytest.approx(13.5), UNKNOWN)


def test_what_is_no_run_and_no_scenario_is_refused(tmp_path):
    with pytest.raises(FolderError, match=r"it has no plan\.json"):
        side_of(str(tmp_path))
    with pytest.raises(ScenarioError, match="did you mean 'okinawa-2025'"):
        side_of("okinawa-2024")
    (tmp_path / "plan.json").write_text("{")
    with pytest.raises(FolderError, match="it is damaged"):
        side_of(str(tmp_path))


# --- one at a time -------------------------------------------------------------------------------


def test_what_is_flown_is_never_tried_against_an_outcome(pair):
    class OneSide:
        def __init__(self, inputs):
            self.inputs = inputs

    def sides(value):
        keys = ("threats[glider].apogee_low_km", "catalogue.threat.x.beta_kg_m2", KEY)
        return OneSide({k: Input(value=value, grade="assumed") for k in keys})

    keys, left_out = _can_try(changes(sides(1.0), sides(2.0)))
    assert [k.key for k in keys] == [KEY]
    assert len(left_out) == 2
    assert all("never varied for an outcome" in why for _, why in left_out)


def test_an_unfinished_run_is_not_exported_and_the_way_on_is_told(tmp_path):
    from hinomi.exchange.gather import ask
    from hinomi.scenario.load import load
    from hinomi.study import store
    from hinomi.study.plan import make_plan
    from hinomi.study.results import Results

    store.begin(tmp_path / "run", make_plan(load("okinawa-2025"), replicates=2))
    with pytest.raises(FolderError, match="compute them with: hinomi resume"):
        ask(Results(tmp_path / "run"), replicate=None, architecture=None, layers=None)

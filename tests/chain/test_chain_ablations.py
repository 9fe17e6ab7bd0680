"""Take one thing away, or change one number, and the right thing gets worse: the same draws throughout."""

import numpy as np
import pytest

from hinomi.study import chain

EVERY = ("national", "shared_warning", "shared_track", "integrated")
SHARING = ("shared_track", "integrated")
NO_INFRARED = {"infrared[*].availability": 0.0}
BLIND = NO_INFRARED | {
    "catalogue.radar[*].reference_range_km": 1.0,
    "catalogue.radar[*].false_plots_per_frame": 0.0,
}
NO_STOCK = {"batteries[*].magazines[*].ready": 0, "batteries[*].magazines[*].reserve": 0}
WARNING_TABLES = ("plots", "tracks", "forecasts", "alerts", "warned")


@pytest.mark.parametrize("number", [0, 1])
def test_without_infrared_those_who_used_it_see_later(play, same, number):
    base, ablated = play(number=number), play(NO_INFRARED, number=number)
    for name in SHARING:
        before, after = (r.times(name, "first detection") for r in (base, ablated))
        assert set(after) <= set(before)
        assert all(after[body] >= before[body] for body in after)
        later = {
            k: ablated.metrics(name)[k] - base.metrics(name)[k]
            for k in ("first_detection_s", "firm_track_s", "first_alert_s")
        }
        assert min(later.values()) > 10.0, later
        assert ablated.metrics(name)["lead_s"] < base.metrics(name)["lead_s"]
    # The alerting nation owns no infrared: by itself it notices no difference at all.
    for table in WARNING_TABLES:
        assert same(base.table(table, "national"), ablated.table(table, "national")), table


def test_blind_sensors_leave_nothing_to_track_alert_or_shoot_at(play):
    run = play(BLIND)
    for table in ("plots", "tracks", "forecasts", "alerts", "engagements"):
        assert all(len(column) == 0 for column in run.tables[table].values()), table
    for name in EVERY:
        m = run.metrics(name)
        assert m["first_detection_s"] == m["first_alert_s"] == np.inf
        assert m["undetected_share"] == m["unalerted_share"] == 1.0
        assert m["lead_s"] == -np.inf
        assert m["missed_people"] == m["people_in_need"] > 0.0
        assert m["shots"] == m["cost_musd"] == m["sheltered_people"] == 0.0
        assert m["leakers"] == m["unengaged"] == len(run.scenario.threats)
        assert np.isnan(m["false_alert_share"])  # nobody was alerted, so nobody in vain


def test_a_threshold_of_one_lets_no_alert_out(play):
    """Samples never prove certainty; shots wait for no civil alert."""
    base = play()
    strict = play({"warning.hit_threshold": 1.0, "warning.over_threshold": 1.0})
    for name in EVERY:
        assert len(strict.table("forecasts", name)["t_s"]) > 0
        assert len(strict.table("alerts", name)["t_issue_s"]) == 0
        assert np.isneginf(strict.table("warned", name)["lead_s"]).all()
        m = strict.metrics(name)
        assert m["unalerted_share"] == 1.0
        assert m["missed_people"] == m["people_in_need"] > 0.0
        assert m["shots"] == base.metrics(name)["shots"]


@pytest.mark.parametrize("changes", [NO_STOCK, {"batteries[*].magazines[*].ready": 0}])
def test_without_rounds_everything_leaks_and_the_reason_is_said(play, same, changes):
    """Reserve rounds stay where they are: a raid is over before they are loaded."""
    base, empty = play(), play(changes)
    for name in EVERY:
        m = empty.metrics(name)
        assert m["leakers"] == m["unengaged"] == len(empty.scenario.threats) == 8
        assert m["shots"] == m["cost_musd"] == m["refill_months"] == m["double_engaged"] == 0.0
        shots, rows = base.table("engagements", name), empty.table("engagements", name)
        assert not (rows["reason"] == "engaged").any()
        engaged = set(shots["body"][shots["reason"] == "engaged"])
        assert engaged
        assert engaged <= set(rows["body"][rows["reason"] == "no rounds"])
        for table in WARNING_TABLES:  # nobody is warned later because nothing is shot
            assert same(base.table(table, name), empty.table(table, name)), table


def test_a_link_ten_times_slower_is_later_by_nine_times_its_delay(play, study, same):
    """What the other nation measured comes later; what it measured stays the same."""
    scenario, context = study()
    room = chain.begin(scenario, context, seed=1, number=0).room
    slow, extra_s = {}, {}
    for name in SHARING:
        low, mode, high = scenario.architectures[name].relay_s
        slow[f"architectures[{name}].relay_s"] = {
            "value": 10.0 * mode,
            "low": 10.0 * low,
            "high": 10.0 * high,
        }
        extra_s[name] = 9.0 * room.relay_s("US", "Japan", (low, mode, high))
        assert 9.0 * low < extra_s[name] < 9.0 * high
    only = {"warning.on_event": False}  # events take their own way and would come first
    base, slowed = play(only), play(slow | only)
    for name in SHARING:
        # The other nation sees what it saw; how late its plots and tracks come is another matter.
        before, after = (r.times(name, "first detection") for r in (base, slowed))
        assert before == after
        for kind in ("firm track", "relayed"):
            before, after = (r.times(name, kind) for r in (base, slowed))
            late = np.array([after[body] - before[body] for body in before])
            assert (late > -1e-9).all(), (name, kind)
            assert (late < extra_s[name] + 1e-9).all(), (name, kind)
            assert np.median(late) > 0.5 * extra_s[name], (name, kind)
        before, after = (r.times(name, "firm track") for r in (base, slowed))
        assert all(after[body] > before[body] for body in before)
        before, after = (r.times(name, "alert") for r in (base, slowed))
        assert np.median([after[body] - before[body] for body in before]) > 0.5 * extra_s[name]
        assert slowed.metrics(name)["first_alert_s"] > base.metrics(name)["first_alert_s"]
        assert slowed.metrics(name)["lead_s"] < base.metrics(name)["lead_s"]
    # One central picture: every row is the same, and there later by the delay at most.
    a, b = (r.table("tracks", "integrated") for r in (base, slowed))
    late = b.pop("t_available_s") - a.pop("t_available_s")
    assert same(a, b)
    assert (late >= -1e-9).all()
    assert (late <= extra_s["integrated"] + 1e-9).all()
    assert (np.abs(late - extra_s["integrated"]) < 1e-9).sum() > 100
    for name in ("national", "shared_warning"):  # they pass no tracks on
        for table in base.tables:
            if table != "flights":
                assert same(base.table(table, name), slowed.table(table, name)), (name, table)


def test_launch_events_of_the_other_nation_make_radars_see_earlier_and_late_ones_do_not(play, same):
    """Cued radars search twice as often: never later by more than a look, and somewhere earlier.

    Events point sensors here and lead to no alert, so what counts as seen is the own sensors' alone.
    """
    gains = []
    for number in (0, 1):
        run = play({"warning.on_event": False}, number=number)
        alone, cued = (run.times(n, "first detection") for n in ("national", "shared_warning"))
        gains += [alone[body] - cued[body] for body in alone]
    assert min(gains) > -3.0
    assert max(gains) >= 1.0
    assert np.mean(gains) > 0.0
    late = {"architectures[shared_warning].warning_relay_s": 5000.0, "warning.on_event": False}
    run = play(late, architectures=("national", "shared_warning"))
    assert same(run.table("plots", "national"), run.table("plots", "shared_warning"))


def test_a_decision_longer_by_a_minute_takes_a_minute_off_every_lead(play, same):
    """Exact where the decision was waited for: one block as the unit, so that no forecast matters.

    An alert also waits for a forecast that reaches the threshold; then it goes out with it.
    """
    block = {
        "warning.unit": "block",
        "warning.blocks": {"Okinawa and Kyushu": list(play().scenario.area.prefectures)},
    }
    d, short = 60.0, 45.0
    base, longer = (play(block | {"warning.decide_s": s}) for s in (short, short + d))
    exact = []
    for name in EVERY:
        told = base.times(name, "launch message")
        assert told == longer.times(name, "launch message")
        prompt = _decided_then(base, name, told, short)
        prompt &= _decided_then(longer, name, told, short + d)
        assert len(prompt) >= len(told) - 3
        before, after = base.times(name, "alert"), longer.times(name, "alert")
        for body in told:
            late = after[body] - before[body]
            assert late == pytest.approx(d, abs=1e-9) if body in prompt else late >= 0.0
        # The block is warned by its first alert, so every lead there shrinks by the same.
        loss_s = min(after.values()) - min(before.values())
        exact.append(abs(loss_s - d) < 1e-9)
        a, b = base.table("warned", name), longer.table("warned", name)
        for column in ("body", "place_code", "t_arrive_s"):
            assert np.array_equal(a[column], b[column])
        known = np.isfinite(a["lead_s"])
        assert np.array_equal(known, np.isfinite(b["lead_s"]))
        assert known.sum() > 10
        assert a["lead_s"][known] - b["lead_s"][known] == pytest.approx(loss_s, abs=1e-9)
        assert base.metrics(name)["lead_s"] - longer.metrics(name)["lead_s"] == pytest.approx(
            loss_s
        )
        assert (b["sheltered"] <= a["sheltered"]).all()
        assert b["sheltered"].sum() < a["sheltered"].sum()
    assert sum(exact) >= 3


def _decided_then(run, name, told, decide_s):
    """Bodies whose alert went out when it was decided; all others went out with a forecast."""
    rows = run.table("alerts", name)
    first = {}
    for k in np.flatnonzero(rows["kind"] == "alert"):
        first.setdefault(rows["body"][k], k)
    assert set(first) - {"false"} == set(told)
    late = {b: rows["t_issue_s"][first[b]] - told[b] - decide_s for b in told}
    waited = {b for b in told if late[b] > 1e-9}
    assert min(late.values()) > -1e-9
    assert all(rows["t_issue_s"][first[b]] == rows["t_ready_s"][first[b]] for b in waited)
    return set(told) - waited


def test_doubled_unit_prices_double_the_bill_and_nothing_else(play):
    base = play()
    prices = base.scenario.document["catalogue"]["price"]
    doubled = play(
        {f"catalogue.price.{n}.unit_musd": 2.0 * p["unit_musd"]["value"] for n, p in prices.items()}
    )
    for name in EVERY:
        before, after = base.metrics(name), doubled.metrics(name)
        assert after.pop("cost_musd") == 2.0 * before.pop("cost_musd") > 0.0
        assert after == pytest.approx(before, nan_ok=True, abs=0.0, rel=0.0)
        a, b = base.table("ledger", name), doubled.table("ledger", name)
        assert np.array_equal(2.0 * a["cost_musd"], b["cost_musd"])
        assert np.array_equal(a["closing"], b["closing"])

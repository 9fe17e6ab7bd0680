"""One body, one radar, one battery, no chance: every time and figure worked out from its rule.

The true path at whole seconds is the only thing taken from the chain; all else is arithmetic here.
"""

import math

import numpy as np
import pytest

EXACT_S = 1e-6
# What the scenario's file says.
RADAR_DEG, RADAR_M, MASK_DEG, FRAME_S, REVISIT_S, LATENCY_S = (26.1, 127.7), 150.0, 25.0, 8, 3, 2.25
CLASSIFY_S, DECIDE_S, ISSUE_S, DELIVER_S = 21.0, 43.0, 3.0, 10.0
CLEAR_MARGIN_S, CLEAR_S = 60.0, 600.0
COMMIT_S, WEAPON_DELAY_S, PREPARE_S, ROUND_MPS = 30.0, 2.0, 1.0, 3500.0
BATTERY_DEG = (27.0, 127.0)


def ecef(lat_deg, lon_deg, height_m):
    """WGS 84, textbook form."""
    a, f = 6_378_137.0, 1.0 / 298.257223563
    lat, lon = math.radians(lat_deg), math.radians(lon_deg)
    n = a / math.sqrt(1.0 - f * (2.0 - f) * math.sin(lat) ** 2)
    return np.array(
        [
            (n + height_m) * math.cos(lat) * math.cos(lon),
            (n + height_m) * math.cos(lat) * math.sin(lon),
            (n * (1.0 - f) ** 2 + height_m) * math.sin(lat),
        ]
    )


def elevation_deg(points_m, lat_deg, lon_deg, height_m):
    """Angle of points above the plane across the ellipsoid's normal at a site."""
    lat, lon = math.radians(lat_deg), math.radians(lon_deg)
    up = [math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat)]
    d = points_m - ecef(lat_deg, lon_deg, height_m)
    return np.degrees(np.arcsin(d @ np.array(up) / np.linalg.norm(d, axis=1)))


@pytest.fixture(scope="module")
def run(play, hand_case):
    return play(name=hand_case, architectures=("national",))


@pytest.fixture(scope="module")
def path(run):
    """(T, 3) true positions at the whole seconds 0, 1 ..., so that row and second are one."""
    f = run.table("flights")
    assert np.array_equal(f["t_s"], np.arange(len(f["t_s"])))  # ignition at second 0
    return np.column_stack([f["x_m"], f["y_m"], f["z_m"]])


@pytest.fixture(scope="module")
def looks(path):
    """Seconds at which the radar must see the body.

    It searches at the whole seconds that its frame divides and, once it holds the body, looks every
    revisit until the body leaves the field: here the sky above the mask. Above 20 degrees the air
    bends nothing, so plain geometry decides; the path crosses the mask well away from a look.
    """
    e = elevation_deg(path, *RADAR_DEG, RADAR_M)
    search = np.arange(0, len(path), FRAME_S)
    first = int(search[e[search] >= MASK_DEG][0])
    assert abs(e[[first - FRAME_S, first]] - MASK_DEG).min() > 0.1
    held = np.arange(first, len(path), REVISIT_S)
    gone = int(np.flatnonzero(e[held] < MASK_DEG)[0])
    assert (e[gone:][search[search >= held[gone]] - gone] < MASK_DEG).all()  # no second search
    return held[:gone]


@pytest.fixture(scope="module")
def firm_s(looks):
    """Three plots confirm a track; at metres of error it is of every grade at once.

    The row is there a latency after the third look.
    """
    return looks[2] + LATENCY_S


def test_the_radar_sees_the_body_at_every_look_it_should_take(run, looks):
    plots = run.table("plots", "national")
    assert np.array_equal(plots["t_s"], looks)
    assert plots["t_available_s"] == pytest.approx(looks + LATENCY_S, abs=EXACT_S)
    assert run.times("national", "first detection")["body-1"] == pytest.approx(
        looks[0] + LATENCY_S, abs=EXACT_S
    )


def test_plots_lie_where_the_body_is(run, path, looks):
    plots = run.table("plots", "national")
    los = np.column_stack([plots["los_x"], plots["los_y"], plots["los_z"]])
    seen = ecef(*RADAR_DEG, RADAR_M) + plots["range_m"][:, None] * los
    # 10 microradians at up to 700 km and 5 m of range: metres.
    assert np.linalg.norm(seen - path[looks], axis=1).max() < 40.0


def test_the_third_plot_makes_the_track_firm(run, looks, firm_s):
    tracks = run.table("tracks", "national")
    assert list(tracks["status"][:3]) == ["tentative", "tentative", "confirmed"]
    assert np.array_equal(tracks["t_s"][: len(looks)], looks)
    assert run.times("national", "firm track")["body-1"] == pytest.approx(firm_s, abs=EXACT_S)


def test_forecasts_come_every_five_seconds_for_a_minute_then_every_fifteen(run, looks, firm_s):
    epochs = np.unique(run.table("forecasts", "national")["t_available_s"])
    last = looks[-1] + LATENCY_S
    clock = np.concatenate([firm_s + np.arange(0, 60, 5), firm_s + np.arange(60, 600, 15)])
    expected = clock[clock <= last]
    assert epochs[: len(expected)] == pytest.approx(expected, abs=EXACT_S)


def test_messages_follow_at_the_times_of_the_rule(run, firm_s):
    """Two firm forecasts running, classification, launch message; decision, alert."""
    classified = firm_s + 5.0 + CLASSIFY_S  # the second forecast comes 5 s after the first
    decided = classified + DECIDE_S
    alerts = run.table("alerts", "national")
    assert list(alerts["kind"]) == ["launch", "alert", "all-clear"]
    assert list(alerts["body"]) == ["body-1"] * 3
    assert list(alerts["units"]) == ["", "Okinawa", "Okinawa"]
    # Caused by the latest forecast then: 25 of 26 s after the first, 60 of 69 s after it.
    assert alerts["t_ready_s"][:2] == pytest.approx([firm_s + 25.0, firm_s + 60.0], abs=EXACT_S)
    assert alerts["t_issue_s"][:2] == pytest.approx([classified, decided], abs=EXACT_S)
    for kind, t in (("launch message", classified), ("alert", decided)):
        assert run.times("national", kind)["body-1"] == pytest.approx(t, abs=EXACT_S)
    m = run.metrics("national")
    assert m["first_alert_s"] == pytest.approx(decided, abs=EXACT_S)  # ignition was at 0


def test_the_body_arrives_when_its_path_meets_the_ground(run):
    """The last whole second and its fall say when; within a second it is on the grid."""
    f = run.table("flights")
    fall_mps = f["h_m"][-2] - f["h_m"][-1]
    arrival = run.times("national", "arrival")["body-1"]
    assert f["t_s"][-1] < arrival <= f["t_s"][-1] + 1.0
    assert arrival == pytest.approx(f["t_s"][-1] + f["h_m"][-1] / fall_mps, abs=0.1)


def test_the_all_clear_waits_for_the_predicted_end_a_margin_and_a_person(run):
    alerts = run.table("alerts", "national")
    arrival = run.times("national", "arrival")["body-1"]
    assert list(alerts["route"]) == ["", "", "passed"]
    assert alerts["t_ready_s"][2] == pytest.approx(arrival + CLEAR_MARGIN_S, abs=1.0)
    assert alerts["t_issue_s"][2] - alerts["t_ready_s"][2] == pytest.approx(CLEAR_S, abs=EXACT_S)


def test_every_place_has_the_lead_that_is_left(run, study, hand_case, firm_s):
    """Arrival minus issue, issue to municipality, municipality to people; nothing fails."""
    w = run.table("warned", "national")
    received = firm_s + 5.0 + CLASSIFY_S + DECIDE_S + ISSUE_S + DELIVER_S
    arrival = run.times("national", "arrival")["body-1"]
    places = study(name=hand_case)[1].places
    assert w["hit"].all()
    assert "47201" in w["place_code"]  # Naha
    assert (
        w["population"] == [places.population[places.code.index(c)] for c in w["place_code"]]
    ).all()
    assert w["t_received_s"] == pytest.approx(received, abs=EXACT_S)
    over = w["overflown"]
    assert w["t_arrive_s"][~over] == pytest.approx(arrival, abs=EXACT_S)
    assert (w["t_arrive_s"][over] == np.round(w["t_arrive_s"][over])).all()  # whole seconds
    assert ((w["t_arrive_s"][over] < arrival) & (w["t_arrive_s"][over] > arrival - 20.0)).all()
    assert w["lead_s"] == pytest.approx(w["t_arrive_s"] - received, abs=EXACT_S)
    # The lead of most people: all but those under the last seconds of the path.
    people = w["population"]
    assert people[~over].sum() > 0.5 * people.sum()
    m = run.metrics("national")
    assert m["lead_s"] == pytest.approx(arrival - received, abs=EXACT_S)
    assert m["people_in_need"] == people.sum()
    assert (m["warned_in_time_share"], m["missed_people"]) == (1.0, 0.0)


def test_people_hear_and_act_by_the_closed_forms(run):
    """One channel: 0.8 (1 - e^(-t / 200 s)) have heard; those who comply act lognormally later."""
    w = run.table("warned", "national")
    for lead, people, knew, sheltered in zip(
        w["lead_s"], w["population"], w["knew"], w["sheltered"], strict=True
    ):
        assert knew == pytest.approx(people * 0.8 * (1.0 - math.exp(-lead / 200.0)), rel=1e-5)
        s = (np.arange(4000) + 0.5) * lead / 4000
        hearing = 0.8 / 200.0 * np.exp(-s / 200.0)

        def acted(median_s, left=lead - s):
            z = np.log(left / median_s) / (0.8 * math.sqrt(2.0))
            return 0.5 * (1.0 + np.array([math.erf(v) for v in z]))

        share = np.sum(hearing * (0.85 * acted(60.0) + 0.15 * acted(150.0))) * lead / 4000
        assert sheltered == pytest.approx(people * 0.055 * share, rel=1e-3)


def test_the_round_meets_the_body_at_the_first_second_it_can_reach(run, path, firm_s):
    """Order after the commit delay, launch no earlier than the weapon delay, then plain distance.

    The chain reads a table over a round Earth with cells of 12 km: good to 0.2 s, or 700 m.
    """
    e = run.table("engagements", "national")
    assert list(e["reason"]) == ["engaged"]
    commit = firm_s + COMMIT_S
    earliest = commit + WEAPON_DELAY_S
    needed = PREPARE_S + np.linalg.norm(path - ecef(*BATTERY_DEG, 0.0), axis=1) / ROUND_MPS
    seconds = np.arange(len(path))
    spare = seconds - needed - earliest
    met = int(np.flatnonzero(spare >= 0.0)[0])
    assert spare[met] > 0.2 > -0.2 > spare[met - 1]  # away from a tie, whatever the table's grid
    f = run.table("flights")
    assert 100e3 < f["h_m"][met] < 900e3  # inside the weapon's shell, so the first it can reach
    assert (f["h_m"][int(earliest) : met] > 100e3).all()
    assert e["t_commit_s"][0] == pytest.approx(commit, abs=EXACT_S)
    assert e["t_intercept_s"][0] == met
    assert e["t_launch_s"][0] == pytest.approx(met - needed[met], abs=0.2)
    assert (e["p"][0], e["killed"][0]) == (1.0, True)
    assert run.times("national", "killed")["body-1"] == met
    assert e["h_m"][0] == pytest.approx(f["h_m"][met], abs=200.0)


def test_the_bill_is_one_round(run):
    """5 million a round; one a month makes it good in a month, 24 months after it was ordered."""
    m = run.metrics("national")
    expected = {
        "shots": 1.0,
        "leakers": 0.0,
        "unengaged": 0.0,
        "double_engaged": 0.0,
        "cost_musd": 5.0,
        "refill_months": 1.0,
        "refill_months_with_lead": 25.0,
        "network_cost_musd": 0.0,
    }
    assert {k: m[k] for k in expected} == expected


def test_a_shot_body_still_counts_as_an_arrival(run):
    killed, arrival = (run.times("national", k)["body-1"] for k in ("killed", "arrival"))
    assert killed < arrival
    assert run.metrics("national")["people_in_need"] > 0.0


def test_nothing_is_left_to_chance(play, same, hand_case, run):
    """Another replicate has other draws and the same times: only noise of metres differs."""
    other = play(name=hand_case, number=1, architectures=("national",))
    a, b = (r.table("flights") for r in (run, other))
    a.pop("replicate"), b.pop("replicate")
    assert same(a, b)
    for kind in ("first detection", "firm track", "launch message", "alert", "arrival"):
        assert run.times("national", kind) == other.times("national", kind)
    noise = [r.table("plots", "national")["range_m"] for r in (run, other)]
    assert not np.array_equal(*noise)

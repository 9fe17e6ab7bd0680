"""Headline figures of hand-made outcomes with known numbers."""

from dataclasses import replace

import numpy as np
import pytest

from hinomi.records.alerts import (
    ALERT_MESSAGE,
    ALL_CLEAR_MESSAGE,
    LAUNCH_MESSAGE,
    UPDATE_MESSAGE,
    Alerts,
    Warned,
)
from hinomi.records.engagements import ENGAGED, NO_WINDOW, Engagements
from hinomi.records.ledger import Ledger
from hinomi.records.places import AlertUnits, Places
from hinomi.records.plots import Plots
from hinomi.study.metrics import (
    UNITS,
    Firsts,
    alerted_places,
    defence_metrics,
    firsts_of,
    warning_metrics,
)
from hinomi.study.outcome import Needs
from hinomi.study.pictures import Picture
from hinomi.warn.heard import Heard, Source

# Six places. 0 in time, 1 too late to act, 2 never, 4 after the arrival; 3 alerted for nothing,
# 5 alerted and overflown far above, which needs no warning and is no false alert.
PEOPLE = [100.0, 220.0, 200.0, 400.0, 50.0, 30.0]
ARRIVE = {0: 500.0, 1: 500.0, 2: 500.0, 4: 500.0}
RECEIVED = [400.0, 470.0, np.inf, 400.0, 510.0, 400.0]
NEEDED_S = 60.0


@pytest.fixture
def places(country):
    n = len(PEOPLE)
    text = tuple("abcdef")
    return Places(
        code=text,
        name_en=text,
        name_ja=text,
        prefecture_en=text,
        prefecture_ja=text,
        island_group=("",) * n,
        population=np.array(PEOPLE),
        area_km2=np.ones(n),
        lat_deg=np.zeros(n),
        lon_deg=np.zeros(n),
        mesh=country.mesh,
        vintage="",
    )


@pytest.fixture
def units():
    """A unit of its own for every place; the third belongs to none."""
    none = np.zeros((1, 1), np.int32)
    return AlertUnits(
        names=("A", "B", "D", "E", "F"),
        unit_of_place=np.array([0, 1, -1, 2, 3, 4]),
        south_deg=0.0,
        west_deg=0.0,
        step_deg=1.0,
        cell_first=none,
        cell_last=none,
        entry_unit=np.zeros(0, np.int32),
        entry_weight=np.zeros(0),
        over_first=none,
        over_last=none,
        over_unit=np.zeros(0, np.int32),
        buffer_m=0.0,
        kernel_m=0.0,
    )


def messages(*rows, units="ABDEF"):
    """Alerts from (track, kind, time, letters of the units covered)."""
    return Alerts(
        status="Test",
        units=tuple(units),
        track=np.array([r[0] for r in rows], np.int32),
        kind=np.array([r[1] for r in rows], np.int32),
        route=np.zeros(len(rows), np.int32),
        t_ready_s=np.array([r[2] for r in rows], float) - 1.0,
        t_issue_s=np.array([r[2] for r in rows], float),
        covers=np.array([[u in r[3] for u in units] for r in rows], np.int32).reshape(
            -1, len(units)
        ),
    )


@pytest.fixture
def alerts():
    return messages(
        (0, LAUNCH_MESSAGE, 380.0, ""),
        (0, ALERT_MESSAGE, 390.0, "ABD"),
        (0, UPDATE_MESSAGE, 395.0, "ABDEF"),
        (0, ALL_CLEAR_MESSAGE, 900.0, "ABDEF"),
    )


def warned(received=RECEIVED):
    place = np.array(sorted(ARRIVE), np.int32)
    arrive = np.array([ARRIVE[int(p)] for p in place])
    got = np.array(received)[place]
    people = np.array(PEOPLE)[place]
    return Warned(
        body=np.zeros(len(place), np.int32),
        place=place,
        hit=np.ones(len(place), np.int32),
        overflown=np.zeros(len(place), np.int32),
        t_arrive_s=arrive,
        t_received_s=got,
        lead_s=arrive - got,
        population=people,
        knew=0.5 * people,
        sheltered=0.1 * people,
    )


@pytest.fixture
def needs():
    w = warned()
    return Needs(
        body=w.body,
        place=w.place,
        hit=w.hit,
        overflown=w.overflown,
        t_arrive_s=w.t_arrive_s,
        touched=np.array([0, 1, 2, 4, 5], np.int32),
    )


@pytest.fixture
def figures(flown, places, units, alerts, needs, study):
    def of(**changes):
        flights = flown([(26.0, 128.0, 1e3)] * 3, [(26.0, 128.0, 1e3)] * 3, first_s=100)
        inf = np.inf
        given = {
            "flights": flights,
            "firsts": Firsts(
                detected_s=np.array([150.0, 170.0]),
                firm_s=np.array([160.0, inf]),
                seen_s=np.array([140.0, 165.0]),
                found_s=np.array([145.0, inf]),
                relayed_s=np.array([155.0, inf]),
                told_s=np.array([380.0, inf]),
                ready_s=np.array([389.0, inf]),
                alerted_s=np.array([390.0, inf]),
            ),
            "alerts": alerts,
            "warned": warned(),
            "needs": needs,
            "received_s": np.array(RECEIVED),
            "places": places,
            "units": units,
            "policy": replace(study()[0].policy, needed_s=NEEDED_S),
            "groups": {"first two": np.array([0, 1], np.int32), "nobody": np.array([3], np.int32)},
        } | changes
        return warning_metrics(**given)

    return of


def test_people_are_counted_by_what_the_warning_was_worth_to_them(figures):
    m = figures()
    assert m["people_in_need"] == 100.0 + 220.0 + 200.0 + 50.0
    assert m["missed_people"] == 200.0 + 50.0  # never, and after the arrival
    assert m["warned_in_time_share"] == 100.0 / 570.0  # 100 s; 30 s are fewer than the 60 needed
    assert m["sheltered_people"] == pytest.approx(57.0)
    # By people: minus infinity 200, -10 s 50, 30 s 220, 100 s 100; half of 570 lies at 30 s.
    assert m["lead_s"] == 30.0


def test_false_alerts_are_people_told_where_nothing_came_at_any_height(figures):
    """Told: 100, 220, 400, 50 and 30; only the 400 had neither a hit nor anything above them."""
    m = figures()
    assert m["over_warned_people"] == 400.0
    assert m["false_alert_share"] == 400.0 / 800.0
    assert m["overflown_people"] == 30.0


def test_people_whose_relay_failed_were_not_told_in_vain(figures):
    deaf = [*RECEIVED[:3], np.inf, *RECEIVED[4:]]
    m = figures(received_s=np.array(deaf))
    assert m["over_warned_people"] == m["false_alert_share"] == 0.0


def test_without_an_alert_the_false_share_has_no_value(figures):
    m = figures(alerts=messages(), received_s=np.full(6, np.inf), warned=warned([np.inf] * 6))
    assert np.isnan(m["false_alert_share"])
    assert m["lead_s"] == -np.inf
    assert m["missed_people"] == m["people_in_need"]
    assert m["warned_in_time_share"] == 0.0


def test_groups_count_their_own_people(figures):
    m = figures()
    assert m["people_in_need.first two"] == 320.0
    assert m["warned_in_time_share.first two"] == 100.0 / 320.0
    assert m["missed_people.first two"] == 0.0
    assert m["lead_s.first two"] == 30.0
    assert m["people_in_need.nobody"] == 0.0
    assert np.isnan(m["lead_s.nobody"])
    assert np.isnan(m["warned_in_time_share.nobody"])


def test_first_times_are_medians_from_each_own_ignition(figures):
    """Ignition at 100 s; what never came to one of two bodies makes the median infinite."""
    m = figures()
    assert m["first_detection_s"] == 60.0
    assert m["firm_track_s"] == m["first_alert_s"] == np.inf
    assert m["undetected_share"] == 0.0
    assert m["unalerted_share"] == 0.5


def test_launch_messages_and_all_clears_alert_nobody(units):
    rows = [(0, LAUNCH_MESSAGE, 1.0, "ABDEF"), (0, ALL_CLEAR_MESSAGE, 2.0, "ABDEF")]
    assert alerted_places(messages(*rows), units).tolist() == []
    assert alerted_places(messages(*rows, (0, UPDATE_MESSAGE, 3.0, "BF")), units).tolist() == [1, 5]


def test_first_times_join_tracks_to_bodies_and_ignore_what_is_nothing(flown, tracked):
    flights = flown([(26.0, 128.0, 1e3)] * 3, [(26.0, 128.0, 1e3)] * 3)
    body = np.array([-1, 1, 1, 0])
    plots = Plots(
        sensors=("eye",),
        owners=("Japan",),
        t_s=np.array([1.0, 2.0, 3.0, 9.0]),
        t_available_s=np.array([1.5, 4.0, 3.5, 9.5]),
        sensor=np.zeros(4, np.int32),
        site_m=np.zeros((4, 3)),
        los=np.zeros((4, 3)),
        range_m=np.ones(4),
        sigma_los_rad=np.ones(4),
        sigma_range_m=np.ones(4),
        snr_db=np.ones(4),
        body=body,
    )
    at = np.zeros(3)
    tracks = tracked((0, 5, at, 0), (0, 6, at, 1), (1, 3, at, 3), (2, 4, at, 2))
    rows = [
        (0, LAUNCH_MESSAGE, 20.0, ""),
        (2, ALERT_MESSAGE, 25.0, "A"),
        (1, ALERT_MESSAGE, 30.0, "A"),
    ]
    picture = Picture(tracks=tracks, plots=plots)
    heard = Heard(sources=(Source(tracks=tracks, whole=tracks),), plots=())
    alerts = messages(*rows, units="A")
    firsts = firsts_of(flights, picture, heard, alerts, {0: 1, 1: -1, 2: 1})
    assert firsts.detected_s.tolist() == [9.5, 3.5]  # when its owner has it, not when measured
    assert firsts.firm_s.tolist() == [np.inf, 6.0]  # track 2 is the same body, and there at 4 + 2
    assert firsts.seen_s.tolist() == firsts.detected_s.tolist()  # nobody else reports
    assert firsts.relayed_s.tolist() == firsts.found_s.tolist() == firsts.firm_s.tolist()
    assert firsts.told_s.tolist() == [np.inf, 20.0]
    assert firsts.ready_s.tolist() == [np.inf, 24.0]
    assert firsts.alerted_s.tolist() == [np.inf, 25.0]


def salvoes(*rows):
    """Engagements from (track, battery, commit, intercept); battery -1 is a track without a shot."""
    n = len(rows)
    fired = np.array([r[1] >= 0 for r in rows], bool)
    return Engagements(
        batteries=("one", "two"),
        owners=("Japan", "US"),
        weapons=("round",),
        pictures=("all",),
        picture=np.zeros(n, np.int32),
        track=np.array([r[0] for r in rows], np.int32),
        battery=np.array([r[1] for r in rows], np.int32),
        weapon=np.where(fired, 0, -1),
        rounds=np.where(fired, 2, 0),
        t_commit_s=np.array([r[2] for r in rows], float),
        t_launch_s=np.array([r[2] for r in rows], float),
        t_intercept_s=np.array([r[3] for r in rows], float),
        lat_deg=np.zeros(n),
        lon_deg=np.zeros(n),
        height_m=np.zeros(n),
        kill_probability=np.ones(n),
        killed=np.zeros(n, np.int32),
        reason=np.where(fired, ENGAGED, NO_WINDOW),
    )


def defence(flown, engagements, joined, killed=(), parent=(-1, -1, -1, -1)):
    none = np.zeros(0)
    ledger = Ledger(
        owner=(),
        product=(),
        month=none,
        opening=none,
        produced=none,
        spent=none,
        closing=none,
        cost_musd=none,
        currency="USD",
        price_year=2025,
        refill_months=3.0,
        refill_months_with_lead=27.0,
    )
    flights = replace(flown(*[[(26.0, 128.0, 1e3)] * 3] * 4), parent=np.array(parent, np.int32))
    return defence_metrics(
        flights=flights,
        engagements=engagements,
        joined={"all": joined},
        killed=dict.fromkeys(killed, "high"),
        ledger=ledger,
    )


def test_shots_leakers_and_bodies_without_a_shot(flown):
    """Four bodies: one killed, one shot at in vain, two left alone; one salvo at nothing."""
    e = salvoes((0, 0, 10.0, 20.0), (1, 0, 10.0, 20.0), (2, -1, np.nan, np.nan), (3, 1, 0.0, 5.0))
    m = defence(flown, e, {0: 0, 1: 1, 2: 2, 3: -1}, killed=[0])
    assert (m["leakers"], m["shots"], m["unengaged"], m["double_engaged"]) == (3.0, 6.0, 2.0, 0.0)
    assert (m["refill_months"], m["refill_months_with_lead"], m["cost_musd"]) == (3.0, 27.0, 0.0)


def test_a_stage_that_fell_off_is_no_leaker_and_needs_no_shot(flown):
    """The same raid, its fourth body now a stage of the first, shot at and killed all the same."""
    e = salvoes((0, 0, 10.0, 20.0), (1, 0, 10.0, 20.0), (3, 0, 0.0, 5.0))
    joined = {0: 0, 1: 1, 3: 3}
    counted = defence(flown, e, joined, killed=[0, 3])
    staged = defence(flown, e, joined, killed=[0, 3], parent=[-1, -1, -1, 0])
    assert (counted["leakers"], counted["unengaged"]) == (2.0, 1.0)
    assert (staged["leakers"], staged["unengaged"]) == (2.0, 1.0)
    assert staged["shots"] == counted["shots"]
    spared = defence(flown, e, joined, killed=[0], parent=[-1, -1, -1, 0])
    assert (spared["leakers"], spared["unengaged"]) == (2.0, 1.0)
    assert defence(flown, e, joined, killed=[0])["leakers"] == 3.0


def test_double_engagement_is_two_owners_at_one_body_at_once(flown):
    """On one body by two tracks; after the other's intercept, or by the same owner, is none."""
    joined = {0: 0, 1: 0, 2: 1}

    def doubled(*rows):
        return defence(flown, salvoes(*rows), joined)["double_engaged"]

    assert doubled((0, 0, 10.0, 40.0), (1, 1, 20.0, 30.0)) == 1.0
    assert doubled((0, 0, 10.0, 40.0), (0, 1, 39.0, 90.0)) == 1.0
    assert doubled((0, 0, 10.0, 40.0), (0, 1, 45.0, 90.0)) == 0.0
    assert doubled((0, 0, 10.0, 40.0), (0, 0, 20.0, 90.0)) == 0.0
    assert doubled((0, 0, 10.0, 40.0), (2, 1, 20.0, 30.0)) == 0.0


def test_every_figure_has_a_unit(figures, flown):
    both = {**figures(), **defence(flown, salvoes(), {})}
    named = {k.split(".", 1)[0] for k in both}
    assert named <= set(UNITS)

"""The morning of 29 August 2017 against the public record.

Apogee and range are inputs of the reconstruction, and only checked to be met. Tested are the flight
time and the minutes over land. The latencies were settled on this event, so its alert minute is
shown and counts for nothing.
"""

import numpy as np
import pytest

from hinomi.earth.places import place_at

REPLAY = "replay-2017-08-29"
NUMBERS = range(10)


@pytest.fixture(scope="module")
def runs(play):
    return [play(name=REPLAY, number=n, architectures=("shared_warning",)) for n in NUMBERS]


@pytest.fixture(scope="module")
def facts(study):
    return {f.name: f for f in study(name=REPLAY)[0].facts}


def flown_s(run):
    times = [run.times("shared_warning", kind)["flight-1"] for kind in ("launch", "arrival")]
    return times[1] - times[0]


def test_the_flight_takes_the_published_time(runs, facts):
    fact = facts["flight_time_s"]
    assert (fact.role, fact.value, fact.tolerance) == ("tested", 840.0, 120.0)
    assert abs(np.median([flown_s(run) for run in runs]) - fact.value) <= fact.tolerance


def test_it_is_over_land_in_the_published_minutes(runs, facts, study):
    begin, end = facts["overflight_from"], facts["overflight_to"]
    assert (begin.role, begin.t_s, begin.tolerance) == ("tested", 420.0, 60.0)
    assert (end.role, end.t_s, end.tolerance) == ("tested", 540.0, 60.0)
    places = study(name=REPLAY)[1].places
    for run in runs:
        f = run.table("flights")
        place = place_at(places.mesh, f["lat_deg"], f["lon_deg"])
        over = f["t_s"][place >= 0]
        assert len(over) > 0
        assert begin.t_s - begin.tolerance <= over.min()
        assert over.max() <= end.t_s + end.tolerance
        below = {places.prefecture_en[p] for p in place[place >= 0]}
        assert "Hokkaido" in below
        assert below <= {"Hokkaido", "Aomori"}  # the straits' two shores


def test_apogee_and_end_are_the_inputs(runs, facts):
    """Met to 0.5 km and 50 km: so they prove nothing."""
    assert facts["apogee_km"].role == facts["range_km"].role == "input"
    for run in runs:
        f = run.table("flights")
        assert f["h_m"].max() == pytest.approx(facts["apogee_km"].value * 1e3, abs=500.0)
        north = 111.2 * (f["lat_deg"][-1] - 41.1)
        east = 111.2 * np.cos(np.radians(41.1)) * (f["lon_deg"][-1] - 157.3)
        assert np.hypot(north, east) < 50.0
    medians = [np.median([r.table("flights")[c][-1] for r in runs]) for c in ("lat_deg", "lon_deg")]
    assert medians == pytest.approx([41.1, 157.3], abs=0.1)


def test_the_alert_minute_is_shown_and_not_counted(runs, facts):
    assert facts["alert"].role == "shown"
    alerted = []
    for run in runs:
        rows = run.table("alerts", "shared_warning")
        mine = rows["kind"] == "alert"
        assert mine.sum() >= 1
        assert set(rows["status"]) == {"Exercise"}
        assert set(rows["units"][mine]) == {"block of 29 August 2017"}
        alerted.append(run.times("shared_warning", "alert")["flight-1"])
        assert alerted[-1] == rows["t_issue_s"][mine].min()
    assert 180.0 <= np.median(alerted) <= 300.0  # the event on which the delays were settled

"""A replay shows what the tables of the run hold, ready to be drawn."""

import math

import numpy as np
import pytest
import shapely

RUN = "small-run"
SHARES = {"p50": 0.5, "p90": 0.9, "p99": 0.99}


@pytest.fixture(scope="module")
def replay(client):
    return client.get(f"/api/runs/{RUN}/replay?architecture=integrated&replicate=1").json()


def rows(study, table, architecture="integrated", replicate=1):
    found = study.table(table).to_pylist()
    return [
        r
        for r in found
        if r["replicate"] == replicate and r.get("architecture", architecture) == architecture
    ]


def moving(replay):
    return [*replay["flights"], *replay["satellites"], *replay["tracks"]]


def test_every_body_flies_from_its_first_to_its_last_row(replay, study):
    own = {}
    for row in rows(study, "flights"):
        own.setdefault(row["body"], []).append(row)
    assert {f["id"] for f in replay["flights"]} == set(own)
    for flight in replay["flights"]:
        mine = own[flight["id"]]
        assert flight["t_s"][0] == pytest.approx(mine[0]["t_s"], abs=0.06)
        assert flight["t_s"][-1] == pytest.approx(mine[-1]["t_s"], abs=0.06)
        assert flight["lat_deg"][-1] == pytest.approx(mine[-1]["lat_deg"], abs=1e-4)
        assert max(flight["alt_km"]) == pytest.approx(max(r["h_m"] for r in mine) / 1e3, rel=0.01)


def test_series_have_one_length_rise_in_time_and_hold_numbers_only(replay):
    assert moving(replay)
    for thing in moving(replay):
        series = [thing[k] for k in ("t_s", "lon_deg", "lat_deg", "alt_km")]
        assert len({len(s) for s in series}) == 1
        assert np.all(np.diff(thing["t_s"]) > 0.0)
        assert all(isinstance(x, float | int) for s in series for x in s)
        assert all(round(x, 4) == x for x in thing["lon_deg"])


def test_a_thinned_flight_stays_within_a_kilometre_of_the_true_one(replay, study):
    flight = replay["flights"][0]
    mine = [r for r in rows(study, "flights") if r["body"] == flight["id"]]
    t = [r["t_s"] for r in mine]
    height_km = np.interp(t, flight["t_s"], flight["alt_km"])
    assert np.abs(height_km - np.array([r["h_m"] for r in mine]) / 1e3).max() < 1.0
    lat_km = (np.interp(t, flight["t_s"], flight["lat_deg"]) - [r["lat_deg"] for r in mine]) * 111.2
    assert np.abs(lat_km).max() < 1.0


def test_only_confirmed_tracks_of_the_deciding_picture_are_shown(replay, study):
    own = {(r["picture"], r["track"]) for r in rows(study, "tracks") if r["status"] == "confirmed"}
    shown = {(t["picture"], t["track"]) for t in replay["tracks"]}
    assert shown
    assert shown <= own
    for track in replay["tracks"]:
        assert len(track["sigma_km"]) == len(track["t_s"])
        assert {word for _, word in track["grade"]} <= {"", "W", "Q", "E"}


def test_rings_hold_the_share_of_the_probability_that_they_are_named_by(replay, study):
    """Against 20,000 draws of the normal distribution that the forecast states."""
    area = replay["areas"][0]
    row = next(
        r
        for r in rows(study, "forecasts")
        if (r["picture"], r["track"]) == (area["picture"], area["track"])
        and abs(r["t_available_s"] - area["t_s"]) < 0.06
    )
    rng = np.random.default_rng(1)
    cov = [[row["end_cov_ee_km2"], row["end_cov_en_km2"]],
           [row["end_cov_en_km2"], row["end_cov_nn_km2"]]]  # fmt: skip
    east, north = rng.multivariate_normal([0.0, 0.0], cov, 20_000).T
    lat = row["end_lat_deg"] + north / 111.2
    lon = row["end_lon_deg"] + east / (111.2 * math.cos(math.radians(row["end_lat_deg"])))
    for name, share in SHARES.items():
        ring = shapely.Polygon(area[name])
        inside = shapely.contains_xy(ring, lon, lat).mean()
        # 24 corners hold 1 % less area than the ellipse; the Earth is round; chance of 20,000 draws.
        assert inside == pytest.approx(share, abs=0.03)


def test_rings_are_nested_and_clockwise(replay):
    assert len(replay["areas"]) > 5
    for area in replay["areas"]:
        shapes = [shapely.Polygon(area[name]) for name in SHARES]
        assert not any(s.exterior.is_ccw for s in shapes)
        assert shapes[0].area < shapes[1].area < shapes[2].area
        assert area["until_s"] > area["t_s"]


def test_shots_and_their_outcome_are_those_of_the_table(replay, study):
    own = [r for r in rows(study, "engagements") if r["reason"] == "engaged"]
    assert len(replay["shots"]) == len(own)
    assert sum(s["outcome"] == "killed" for s in replay["shots"]) == sum(r["killed"] for r in own)
    assert sum(s["rounds"] for s in replay["shots"]) == sum(r["rounds"] for r in own)
    assert all(s["from"][2] == 0.0 for s in replay["shots"])


def test_places_carry_the_first_arrival_and_its_lead(replay, study):
    first = {}
    for row in sorted(rows(study, "warned"), key=lambda r: r["t_arrive_s"]):
        first.setdefault(row["place_code"], row)
    assert {p["code"] for p in replay["places"]} == set(first)
    for place in replay["places"]:
        row = first[place["code"]]
        assert place["arrived_t_s"] == pytest.approx(row["t_arrive_s"], abs=0.06)
        if place["warned_t_s"] is None:
            assert place["lead_s"] is None
        else:
            lead = place["arrived_t_s"] - place["warned_t_s"]
            assert place["lead_s"] == pytest.approx(lead, abs=0.2)


def test_alerted_units_are_painted_by_codes_of_their_municipalities(replay):
    assert replay["alerts"]
    for alert in replay["alerts"]:
        assert alert["until_s"] > alert["from_s"]
        assert alert["codes"]
    okinawa = next(a for a in replay["alerts"] if a["unit"] == "Okinawa")
    assert {c[:2] for c in okinawa["codes"]} == {"47"}
    assert len(okinawa["codes"]) == 41


def test_probabilities_of_units_lie_between_nothing_and_certainty_and_end_at_nothing(replay):
    assert "Okinawa" in replay["forecasts"]["units"]
    for line in replay["forecasts"]["units"].values():
        assert len(line["t_s"]) == len(line["p_hit"]) == len(line["p_over"])
        assert all(0.0 <= p <= 1.0 for p in (*line["p_hit"], *line["p_over"]))
        assert np.all(np.diff(line["t_s"]) >= 0.0)
        assert (line["p_hit"][-1], line["p_over"][-1]) == pytest.approx((0.0, 0.0), abs=2e-3)


def test_plots_lie_where_something_flew(replay):
    """A radar's plot is within a few kilometres of a body at that second."""
    plots = replay["plots"]
    assert 0 < len(plots["t_s"]) <= 4000
    assert plots["of"] >= len(plots["t_s"])
    near = []
    for t, lon, lat in list(zip(plots["t_s"], plots["lon_deg"], plots["lat_deg"], strict=True))[
        ::97
    ]:
        d = [
            math.hypot(
                (np.interp(t, f["t_s"], f["lat_deg"]) - lat) * 111.2,
                (np.interp(t, f["t_s"], f["lon_deg"]) - lon) * 100.0,
            )
            for f in replay["flights"]
            if f["t_s"][0] <= t <= f["t_s"][-1]
        ]
        near.append(min(d, default=math.inf))
    assert np.median(near) < 5.0


def test_it_says_what_it_is_and_nothing_stands_finer_than_a_tenth_of_a_degree(replay, study):
    assert replay["banner"]["kind"] == "STUDY"
    assert replay["vintage"]["hash"] == study.plan.content_hash[:12]
    assert any("not authoritative" in line for line in replay["vintage"]["lines"])
    for thing in (*replay["sensors"], *replay["batteries"]):
        assert "(notional)" in thing["name"]
        assert round(thing["lon_deg"], 1) == thing["lon_deg"]


def test_events_rise_in_time_and_have_both_languages(replay, study):
    times = [e["t_s"] for e in replay["events"]]
    assert times == sorted(times)
    assert len(times) == len(rows(study, "events"))
    assert not any(e["ja"].isascii() for e in replay["events"])
    assert replay["t_end_s"] >= times[-1]


def test_czml_is_what_the_export_writes(client, study):
    from hinomi.exchange.czml_run import czml_text
    from hinomi.exchange.gather import ask, gather

    told = client.get(f"/api/runs/{RUN}/czml?architecture=integrated&replicate=1").text
    asked = ask(study, replicate=1, architecture="integrated", layers=None)
    assert told == czml_text(gather(asked))

"""Exports read back by programs that are not ours, against the tables they were made from."""

import itertools
import json
import math
from datetime import UTC, datetime

import numpy as np
import pytest
import shapely
from czml3 import Packet
from geographiclib.geodesic import Geodesic
from lxml import etree
from oem import OrbitEphemerisMessage
from pykml import parser

from hinomi.exchange.czml_run import czml_text
from hinomi.exchange.geojson_run import geojson_text
from hinomi.exchange.kml_run import GX, KML, kml_bytes
from hinomi.exchange.oem_run import oem_text
from hinomi.exchange.rings import ellipse, ring_parts, spans
from hinomi.study.results import Results

EPOCH = datetime(2025, 9, 15, 10, 30, tzinfo=UTC)


def rows_of(folder, body):
    table = Results(folder).table("flights").to_pylist()
    return [r for r in table if r["body"] == body]


@pytest.fixture(scope="session")
def packets(shown):
    return {p["id"]: p for p in json.loads(czml_text(shown))}


@pytest.fixture(scope="session")
def features(shown):
    return json.loads(geojson_text(shown))


@pytest.fixture(scope="session")
def document(shown):
    return etree.fromstring(kml_bytes(shown))


# --- CZML ----------------------------------------------------------------------------------------


def test_every_czml_packet_is_what_an_independent_reader_takes(packets):
    for name, packet in packets.items():
        if name != "document":
            Packet.model_validate(packet)
    assert len(packets) > 20


def test_czml_positions_are_those_of_the_table(packets, made_run):
    samples = np.array(packets["flight/glider-1"]["position"]["cartesian"]).reshape(-1, 4)
    rows = rows_of(made_run, "glider-1")
    expected = [[r["t_s"], r["x_m"], r["y_m"], r["z_m"]] for r in rows]
    np.testing.assert_allclose(samples, expected, atol=0.051)
    start, stop = packets["flight/glider-1"]["availability"].split("/")
    assert datetime.fromisoformat(start).timestamp() - EPOCH.timestamp() == rows[0]["t_s"]
    assert datetime.fromisoformat(stop).timestamp() - EPOCH.timestamp() == rows[-1]["t_s"]


def test_a_track_carries_the_size_of_its_error_and_only_confirmed_rows(packets):
    radii = np.array(packets["track/all/track 3"]["ellipsoid"]["radii"]["cartesian"]).reshape(-1, 4)
    assert len(radii) == 77  # 80 rows, the first 3 tentative
    assert (radii[:, 1] == radii[:, 2]).all()
    np.testing.assert_allclose(radii[-1, 1:], 100.0, atol=0.1)


def test_alert_polygons_show_only_while_the_unit_is_under_alert(packets):
    shown = packets["alert/Okinawa/1"]["polygon"]["show"]
    on = [s["interval"] for s in shown if s["boolean"]]
    assert on == ["2025-09-15T10:31:00.000Z/2025-09-15T10:35:00.000Z"]
    kagoshima = [s for s in packets["alert/Kagoshima/1"]["polygon"]["show"] if s["boolean"]]
    assert kagoshima[0]["interval"].endswith("10:50:00.000Z")  # never cleared: until the end


def test_predicted_areas_follow_one_another_without_gap_at_15_s_or_more(packets):
    intervals = [p["interval"].split("/") for p in packets["area/all/3"]["polygon"]["positions"]]
    starts = [datetime.fromisoformat(a).timestamp() - EPOCH.timestamp() for a, _ in intervals]
    assert starts == [50.0, 70.0, 90.0]  # the one at 55 s is left out
    assert all(a[1] == b[0] for a, b in itertools.pairwise(intervals))


# --- KML -----------------------------------------------------------------------------------------


def test_kml_is_valid_by_the_schemas_of_the_format(shown):
    schema = parser.Schema("kml22gx.xsd")
    read = parser.fromstring(kml_bytes(shown), schema=schema)  # raises where it is not
    folders = {str(f.name): len(f.findall(f"{{{KML}}}Placemark")) for f in read.Document.Folder}
    assert not schema.validate(
        parser.fromstring(
            kml_bytes(shown).replace(b"<Folder>", b"<Fold>").replace(b"</Folder>", b"</Fold>")
        )
    )
    assert folders["Flights"] == 2
    assert folders["Tracks"] == folders["Engagements"] == 1
    assert folders["Alerts"] == 2
    assert folders["Predicted areas"] == 3


def test_kml_tracks_hold_the_rows_of_the_table(document, made_run):
    marks = document.iter(f"{{{KML}}}Placemark")
    mark = next(m for m in marks if m.findtext(f"{{{KML}}}name") == "glider-1")
    when = [w.text for w in mark.iter(f"{{{KML}}}when")]
    at = np.array([c.text.split() for c in mark.iter(f"{{{GX}}}coord")], float)
    rows = rows_of(made_run, "glider-1")
    np.testing.assert_allclose(at[:, 0], [r["lon_deg"] for r in rows], atol=1e-6)
    np.testing.assert_allclose(at[:, 1], [r["lat_deg"] for r in rows], atol=1e-6)
    np.testing.assert_allclose(at[:, 2], [r["h_m"] for r in rows], atol=0.051)
    assert when[0] == "2025-09-15T10:30:10.000Z"
    assert len(when) == len(at) == len(rows)


def test_kml_names_that_look_like_markup_stay_text(shown):
    import dataclasses

    evil = dataclasses.replace(shown, title="<script>&", flights=())
    document = etree.fromstring(kml_bytes(evil))
    assert document.findtext(f"{{{KML}}}Document/{{{KML}}}name") == "STUDY - <script>&"


# --- GeoJSON -------------------------------------------------------------------------------------


def test_geojson_follows_rfc_7946(features):
    assert features["type"] == "FeatureCollection"
    assert "crs" not in features
    for feature in features["features"]:
        shape = shapely.from_geojson(json.dumps(feature["geometry"]))
        west, south, east, north = shape.bounds
        assert -180.0 <= west <= east <= 180.0
        assert -90.0 <= south <= north <= 90.0
        if shape.geom_type in ("Polygon", "MultiPolygon"):
            assert shape.is_valid
            for part in shapely.get_parts(shape):
                assert part.exterior.is_ccw  # the right-hand rule
                assert not any(hole.is_ccw for hole in part.interiors)


def test_alerted_polygons_hold_the_capitals_of_their_prefectures(features):
    """Naha and Kagoshima City by their public positions; neither lies in the other's polygon."""
    alerts = {
        f["properties"]["unit"]: shapely.from_geojson(json.dumps(f["geometry"]))
        for f in features["features"]
        if f["properties"]["layer"] == "alerts"
    }
    naha, kagoshima = shapely.Point(127.68, 26.21), shapely.Point(130.56, 31.60)
    assert alerts["Okinawa"].contains(naha)
    assert not alerts["Okinawa"].contains(kagoshima)
    assert alerts["Kagoshima"].contains(kagoshima)


def test_a_way_across_the_180th_meridian_is_cut_there(features):
    way = next(f for f in features["features"] if f["properties"].get("body") == "okinawa-1")
    assert way["geometry"]["type"] == "MultiLineString"
    first, second = way["geometry"]["coordinates"]
    assert first[-1][0] == 180.0
    assert second[0][0] == -180.0
    assert first[-1][1:] == second[0][1:]
    times = way["properties"]["t_s"]
    assert [len(t) for t in times] == [len(first), len(second)]
    assert times[0][-1] == times[1][0] == pytest.approx(60.0, abs=0.5)


def test_the_ellipse_holds_ninety_per_cent():
    """2.146 standard deviations along each axis, by an independent geodesic."""
    ring = ellipse(26.0, 127.5, ee_km2=400.0, nn_km2=100.0, en_km2=0.0)
    ranges = [Geodesic.WGS84.Inverse(26.0, 127.5, y, x)["s12"] / 1e3 for x, y in ring]
    assert max(ranges) == pytest.approx(20.0 * math.sqrt(-2.0 * math.log(0.1)), rel=1e-6)
    assert min(ranges) == pytest.approx(10.0 * math.sqrt(-2.0 * math.log(0.1)), rel=1e-6)


def test_a_ring_across_the_180th_meridian_becomes_two_parts_of_the_same_size():
    ring = ellipse(30.0, 179.9, ee_km2=400.0, nn_km2=400.0, en_km2=0.0)
    parts = [shapely.Polygon(rings[0]) for rings in ring_parts(ring)]
    assert len(parts) == 2
    assert sum(p.area for p in parts) == pytest.approx(shapely.Polygon(ring).area, rel=1e-9)


def test_spans_join_where_they_overlap():
    assert spans([(60.0, 300.0), (80.0, 200.0), (400.0, 410.0)]) == ((60.0, 300.0), (400.0, 410.0))


# --- OEM -----------------------------------------------------------------------------------------


def test_an_independent_reader_takes_the_message_and_finds_the_states(shown, made_run, tmp_path):
    way = next(w for w in shown.flights if w.name == "glider-1")
    path = tmp_path / "one.oem"
    path.write_text(oem_text(shown, way, created="2026-01-01T00:00:00"))
    found = OrbitEphemerisMessage.open(path)
    rows = rows_of(made_run, "glider-1")
    assert len(found.states) == len(rows)
    place = np.array([s.position for s in found.states])
    speed = np.array([s.velocity for s in found.states])
    np.testing.assert_allclose(
        place * 1e3, [[r["x_m"], r["y_m"], r["z_m"]] for r in rows], atol=6e-4
    )
    np.testing.assert_allclose(
        speed * 1e3, [[r["vx_mps"], r["vy_mps"], r["vz_mps"]] for r in rows], atol=6e-7
    )
    assert found.states[0].epoch.isot.startswith("2025-09-15T10:30:10")
    assert next(iter(found)).metadata["REF_FRAME"].startswith("ITRF")


def test_everything_says_that_it_is_a_study(shown, packets, features, document):
    assert packets["document"]["name"].startswith("STUDY - ")
    assert features["status"] == "STUDY"
    assert all("notional" in f["properties"]["marking"] for f in features["features"])
    marks = list(document.iter(f"{{{KML}}}Placemark"))
    assert marks
    assert all("notional" in m.findtext(f"{{{KML}}}description") for m in marks)
    text = oem_text(shown, shown.flights[0], created="2026-01-01T00:00:00")
    assert "COMMENT STUDY: computed from notional data" in text

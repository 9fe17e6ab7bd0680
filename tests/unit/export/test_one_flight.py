"""One flight asked in words: its rows, its events, and files that others can read."""

import json
import math
import re
import xml.etree.ElementTree as ET
from datetime import UTC, datetime

import numpy as np
import pytest

from hinomi.earth.wgs84 import ecef_from_geodetic
from hinomi.errors import ScenarioError
from hinomi.export.flight_asked import ask
from hinomi.export.flight_czml import czml_text
from hinomi.export.flight_oem import oem_text
from hinomi.export.flight_picture import write_picture
from hinomi.export.flight_rows import COLUMNS, csv_text
from hinomi.export.one_flight import fly
from hinomi.export.option_values import banks, instant, number, place
from hinomi.records.flights import GLIDE

EPOCH = datetime(2017, 8, 28, 20, 58, tzinfo=UTC)
START = {"--from": "39.0,125.7"}
TO_SEA = {**START, "--to": "36.0,134.0", "--apogee-km": "250"}


def flown(class_name, words, *, no_air=False, via=()):
    return fly(ask(class_name, words, via=via, no_air=no_air))


@pytest.fixture(scope="module")
def short():
    """A one-stage flight of a few minutes."""
    return flown("mrbm_liquid", TO_SEA)


@pytest.fixture(scope="module")
def glide():
    """A glider of the long form, from boost to fall."""
    return flown("glider_regional", {**START, "--to": "26.2,127.7", "--apogee-km": "80"})


def test_rows_and_events_of_one_flight_agree(short):
    track, events = short.track, {e.name: e for e in short.events}
    assert list(track.t_s[:-1]) == list(range(len(track.t_s) - 1))
    apogee = events["apogee"]
    top = int(np.argmax(track.height_m))
    assert apogee.height_m == pytest.approx(short.apogee_m, abs=1.0)
    assert abs(apogee.t_s - track.t_s[top]) <= 1.0
    assert abs(apogee.angle_rad) < 1e-3  # level at the top
    burnout = events["burnout"]
    assert burnout.speed_mps >= track.speed_mps[: int(burnout.t_s) + 1].max()
    # Heights and ground distances restated from degrees.
    for i in (0, 100, top, -1):
        x = ecef_from_geodetic(track.lat_rad[i], track.lon_rad[i], track.height_m[i])
        assert x == pytest.approx(tuple(track.r_m[i]), abs=1e-3)
    assert np.all(np.diff(track.ground_m) > -1e-6)


def test_the_stage_falls_from_where_thrust_ended_to_the_ground(short):
    (stage,) = short.stages
    assert stage.start_s == short.burnout.t_s
    assert abs(stage.height_m[0] - short.burnout.height_m) < 3000.0  # first whole second after
    assert stage.height_m[-1] == pytest.approx(0.0, abs=1.0)
    assert stage.t_s[-1] > stage.start_s


def test_a_glide_never_uses_more_lift_than_it_has(glide):
    assert 0.0 < glide.used_lift_to_drag <= 2.61
    assert [e.name for e in glide.events][-3:] == ["glide begins", "lift ends", "ground"]
    assert GLIDE in glide.track.phase


def test_without_air_a_glider_falls_as_any_body_and_says_so():
    words = {"--from": "0,0", "--azimuth-deg": "90", "--speed-km-s": "3", "--angle-deg": "40"}
    glider = flown("glider_regional", {**words, "--height-km": "1"}, no_air=True)
    body = flown("irbm_liquid", {**words, "--height-km": "1"}, no_air=True)
    assert glider.events[-1].ground_m == pytest.approx(body.events[-1].ground_m, rel=1e-6)
    assert "glide begins" not in [e.name for e in glider.events]
    assert math.isnan(glider.used_lift_to_drag)
    assert "Without air nothing lifts: the body falls." in glider.notes


def test_speed_and_angle_at_the_start_are_those_asked():
    flight = flown(
        None,
        {"--from": "-33.5,151.2", "--azimuth-deg": "200", "--speed-km-s": "2.5", "--angle-deg": "35"},
        no_air=True,
    )  # fmt: skip
    track = flight.track
    assert track.speed_mps[0] == pytest.approx(2500.0, rel=1e-12)
    assert math.degrees(track.angle_rad[0]) == pytest.approx(35.0, abs=1e-9)
    bearing = math.atan2(
        (track.lon_rad[1] - track.lon_rad[0]) * math.cos(track.lat_rad[0]),
        track.lat_rad[1] - track.lat_rad[0],
    )
    assert math.degrees(bearing) % 360.0 == pytest.approx(200.0, abs=0.5)


def test_denser_air_carries_a_glider_higher_at_the_same_speed():
    words = {"--from": "0,0", "--azimuth-deg": "90", "--speed-km-s": "4", "--height-km": "40"}
    heights = []
    for factor in ("0.8", "1.0", "1.3"):
        track = flown("glider_regional", {**words, "--density-factor": factor}).track
        heights.append(np.interp(-2500.0, -track.speed_mps, track.height_m))
    # At one speed lift carries in air of one density, which lies higher in a denser atmosphere.
    assert heights[0] + 500.0 < heights[1] < heights[2] - 500.0


def test_csv_comes_back_as_the_same_flight(glide):
    lines = csv_text(glide).splitlines()
    assert tuple(lines[0].split(",")) == COLUMNS
    rows = [dict(zip(COLUMNS, line.split(","), strict=True)) for line in lines[1:]]
    body = [r for r in rows if r["body"] == "glider_regional"]
    assert {r["body"] for r in rows} == {"glider_regional", "stage 1"}
    back = np.array([[float(r[c]) for c in ("x_m", "y_m", "z_m")] for r in body])
    assert np.abs(back - glide.track.r_m).max() < 1e-3
    assert next(r["phase"] for r in body) == "boost"
    assert {"boost", "coast", "glide", "fall"} == {r["phase"] for r in body}
    for r in body[::97]:
        speed = math.hypot(*(float(r[c]) for c in ("vx_mps", "vy_mps", "vz_mps")))
        assert float(r["speed_mps"]) == pytest.approx(speed, abs=2e-4)


def read_oem(text):
    """Strict reader of the text form of CCSDS 502.0-B-2: header, one segment, its rows."""
    lines = text.split("\n")
    assert text.endswith("\n")
    assert max(map(len, lines)) <= 254
    assert all(32 <= ord(c) < 127 for line in lines for c in line)
    header, rest = lines[: lines.index("META_START")], lines[lines.index("META_START") + 1 :]
    meta, data = rest[: rest.index("META_STOP")], rest[rest.index("META_STOP") + 1 :]

    def pairs(part):
        kept = [x for x in part if x and not x.startswith("COMMENT ")]
        assert all(re.fullmatch(r"[A-Z_]+ = \S.*", x) for x in kept), kept
        return [tuple(x.split(" = ", 1)) for x in kept]

    assert header[0] == "CCSDS_OEM_VERS = 2.0"
    head, said = pairs(header), pairs(meta)
    assert [k for k, _ in head] == ["CCSDS_OEM_VERS", "CREATION_DATE", "ORIGINATOR"]
    # Order of the standard's table 5-3.
    order = [
        "OBJECT_NAME", "OBJECT_ID", "CENTER_NAME", "REF_FRAME", "TIME_SYSTEM", "START_TIME",
        "STOP_TIME", "INTERPOLATION", "INTERPOLATION_DEGREE",
    ]  # fmt: skip
    assert [k for k, _ in said] == order
    rows = []
    for line in filter(None, data):
        stamp, *numbers = line.split(" ")
        assert len(numbers) == 6
        rows.append((datetime.fromisoformat(stamp), [float(x) for x in numbers]))
    return dict(head), dict(said), rows


def test_oem_reads_back_as_the_same_states_in_order_of_time(glide):
    text = oem_text(glide, epoch=EPOCH, epoch_given=True, created="2026-01-01T00:00:00")
    head, meta, rows = read_oem(text)
    assert head["CREATION_DATE"] == "2026-01-01T00:00:00"
    # A frame of the standard's annex that turns with the Earth.
    assert meta["REF_FRAME"] == "ITRF2000"
    assert (meta["CENTER_NAME"], meta["TIME_SYSTEM"]) == ("EARTH", "UTC")
    times = [t for t, _ in rows]
    assert times == sorted(set(times))
    assert times[0] == datetime.fromisoformat(meta["START_TIME"]) == EPOCH.replace(tzinfo=None)
    assert times[-1] == datetime.fromisoformat(meta["STOP_TIME"])
    states = np.array([x for _, x in rows]) * 1e3
    assert np.abs(states[:, :3] - glide.track.r_m).max() < 1e-3
    assert np.abs(states[:, 3:] - glide.track.v_mps).max() < 1e-5
    assert "arbitrary" not in text
    assert "arbitrary" in oem_text(glide, epoch=EPOCH, epoch_given=False, created="2026-01-01T00:00:00")  # fmt: skip


def test_czml_has_a_document_and_moving_points_with_availability_path_and_label(glide):
    packets = json.loads(czml_text(glide, epoch=EPOCH, status="STUDY"))
    document, body, stage = packets
    assert (document["id"], document["version"]) == ("document", "1.0")
    assert document["name"].startswith("STUDY")
    assert body["id"] != stage["id"]
    for packet, track in ((body, glide.track), (stage, glide.stages[0])):
        assert {"id", "name", "availability", "position", "point", "path", "label"} == set(packet)
        position = packet["position"]
        assert position["referenceFrame"] == "FIXED"
        samples = np.array(position["cartesian"]).reshape(-1, 4)
        assert np.abs(samples[:, 1:] - track.r_m).max() <= 0.0501
        assert np.all(np.diff(samples[:, 0]) > 0.0)
        begin, end = (datetime.fromisoformat(x) for x in packet["availability"].split("/"))
        epoch = datetime.fromisoformat(position["epoch"])
        assert epoch == EPOCH
        assert (begin - epoch).total_seconds() == pytest.approx(samples[0, 0], abs=1e-3)
        assert (end - epoch).total_seconds() == pytest.approx(samples[-1, 0], abs=1e-3)
        colour = packet["path"]["material"]["solidColor"]["color"]["rgba"]
        assert len(colour) == 4
        assert all(0 <= c <= 255 for c in colour)


def test_a_picture_opens_and_says_that_it_is_a_study(glide, tmp_path):
    from matplotlib import image

    png, svg, again = (tmp_path / name for name in ("a.png", "a.svg", "b.svg"))
    write_picture(glide, png)
    pixels = image.imread(png)
    assert pixels.shape[0] > 600
    assert pixels.shape[1] > 1000
    assert len(np.unique(pixels.reshape(-1, pixels.shape[2]), axis=0)) > 20  # not blank
    write_picture(glide, svg)
    root = ET.fromstring(svg.read_text())
    text = " ".join("".join(e.itertext()) for e in root.iter() if e.tag.endswith("text"))
    for word in ("STUDY", "glider_regional", "apogee 80 km", "glide begins", "start", "end"):
        assert word in text
    write_picture(glide, again)
    assert again.read_bytes() == svg.read_bytes()


@pytest.mark.parametrize(
    "words",
    [
        {"--speed-km-s": "12", "--angle-deg": "50"},
        {"--speed-km-s": "7.7", "--angle-deg": "0", "--height-km": "400"},
        {"--speed-km-s": "7.5", "--angle-deg": "20"},
    ],
    ids=["escaping", "orbiting", "half the world"],
)
def test_flights_beyond_a_map_are_drawn_over_the_world(tmp_path, words):
    flight = flown(None, {"--from": "39,127", "--azimuth-deg": "60", **words}, no_air=True)
    write_picture(flight, tmp_path / "a.svg")
    assert "Speed over the ground" in (tmp_path / "a.svg").read_text()


def test_a_flight_that_comes_down_under_thrust_has_no_burnout():
    flight = flown("slv3", {**START, "--azimuth-deg": "90", "--kick-deg": "60"})
    assert flight.status == "landed"
    assert flight.burnout is None
    assert "burnout" not in [e.name for e in flight.events]
    assert flight.notes == ("It comes down while its engine burns.",)


def test_plain_texts_are_read_as_numbers_places_banks_and_instants():
    assert number("--x", " -1.5e2 ", unit="km") == -150.0
    assert place("--from", "-33.5,151.25") == (-33.5, 151.25)
    assert banks("--bank", "60:30,150:0", most_deg=60.0) == ((60.0, 30.0), (150.0, 0.0))
    assert instant("--epoch", "2017-08-29T05:58:00+09:00") == EPOCH


@pytest.mark.parametrize("text", ["", "1_000", "0x10", "١", "1,5", "--5", "inf", "NaN", "1 2"])
def test_what_is_no_plain_number_is_refused(text):
    with pytest.raises(ScenarioError, match="--x is "):
        number("--x", text, unit="km")

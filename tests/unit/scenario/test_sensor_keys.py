"""Keys of sensors: what they become, files of orbits, and what is told about those."""

from __future__ import annotations

import csv
import io
import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sgp4.api import Satrec
from sgp4.exporter import export_omm

from hinomi.earth.timescale import greenwich_rad as sidereal_rad
from hinomi.errors import ScenarioError
from hinomi.scenario.catalogue import catalogue
from hinomi.scenario.check import check_text
from hinomi.scenario.elements import read_elements as from_path
from hinomi.scenario.elements_text import checksum, read_elements
from hinomi.scenario.load import load, load_text
from hinomi.scenario.plausible import doubts
from hinomi.scenario.sensor_off import without
from hinomi.units import DAY_S
from hinomi.watch.ephemeris import positions

TEXT = Path(__file__).with_name("small_scenario.toml").read_text(encoding="utf-8")
EPOCH = "25258.43750000"  # 15 September 2025, 10:30: day 258


def summed(line):
    """A line with its checksum, by the rule of the format: digits, and a minus counts 1."""
    return line + str(sum(1 if c == "-" else int(c) if c in "0123456789" else 0 for c in line) % 10)


def tle(number=1, *, epoch=EPOCH, motion=13.71, eccentricity=0.001, node=40.0):
    """Two lines of a notional satellite about 1,000 km high at 80 degrees."""
    one = f"1 {number:05d}U 24001A   {epoch}  .00000012  00000-0  10000-4 0    1"
    two = (
        f"2 {number:05d}  80.0000 {node:8.4f} {round(eccentricity * 1e7):07d}  90.0000 270.0000 "
        f"{motion:11.8f}    1"
    )
    return summed(one), summed(two)


def broken(*pairs):
    text = TEXT
    for old, new in pairs:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def with_file(extra='file = "orbits.txt"'):
    return broken(
        ("epoch = 2025-01-01T00:00:00Z", "epoch = 2025-09-15T10:30:00Z"),
        (
            'orbit = "walker"\nclass = "leo_wide"\nowner = "US"\nsatellites = 8\nplanes = 2\n'
            "phasing = 1\ninclination_deg = 80\naltitude_km = 1000\n",
            f'orbit = "file"\nclass = "leo_wide"\nowner = "US"\n{extra}\n',
        ),
    )


@pytest.fixture
def written(tmp_path):
    """Write a scenario with a file of orbits beside it; the path of the scenario."""

    def write(orbits, extra='file = "orbits.txt"'):
        (tmp_path / "orbits.txt").write_text(orbits, encoding="utf-8")
        path = tmp_path / "mine.toml"
        path.write_text(with_file(extra), encoding="utf-8")
        return path

    return write


def lines(*sets):
    return (
        "\n".join("\n".join(part for part in (name, *pair) if part) for name, pair in sets) + "\n"
    )


def test_a_file_of_orbits_becomes_satellites_on_these_orbits(written):
    path = written(lines(("SAT A", tle(1)), ("0 SAT B (NEW)", tle(2, node=90.0)), ("", tle(3))))
    loaded = load(path)
    assert [s.name for s in loaded.sensors.infrared] == ["LEO SAT A", "LEO SAT B NEW", "LEO 00003"]
    assert loaded.findings == ()
    first = loaded.sensors.infrared[0]
    assert first.elements == tle(1)
    assert first.elements_epoch_jd == pytest.approx(2460933.9375)
    # The circular orbit that stands for them: Kepler's third law at 13.71 turns a day.
    turn = DAY_S / 13.71
    assert first.semi_major_axis_m == pytest.approx(
        (3.986e14 * (turn / (2 * math.pi)) ** 2) ** (1 / 3), rel=2e-3
    )


def test_a_run_carries_its_orbits_and_needs_the_file_no_more(written):
    path = written(
        lines(("SAT A", tle(1)), ("SAT B", tle(2))), 'file = "orbits.txt"\nonly = ["SAT B"]'
    )
    loaded = load(path)
    (path.parent / "orbits.txt").unlink()
    again = load_text(loaded.text, "mine", changes=json.loads(json.dumps(dict(loaded.changes))))
    assert again.sensors == loaded.sensors
    assert again.content_hash == loaded.content_hash
    assert [s.name for s in again.sensors.infrared] == ["LEO SAT B"]


def test_positions_at_the_epoch_are_those_of_the_library_turned_by_the_sidereal_angle(written):
    loaded = load(written(lines(("SAT A", tle(1)))))
    (found,) = positions(
        loaded.sensors.infrared, np.array([0.0]), greenwich_rad=loaded.sensors.greenwich_rad
    )
    known = Satrec.twoline2rv(*tle(1))
    _, r, _ = known.sgp4(2460933.5, 0.4375)
    angle = sidereal_rad(loaded.epoch.timestamp())
    x, y, z = found[0]
    assert math.hypot(x, y) == pytest.approx(1e3 * math.hypot(r[0], r[1]), abs=1.0)
    assert z == pytest.approx(1e3 * r[2], abs=1.0)
    assert math.remainder(
        math.atan2(y, x) - math.atan2(r[1], r[0]) + angle, 2 * math.pi
    ) == pytest.approx(0.0, abs=1e-6)


def messages():
    """The same two satellites as orbit mean-elements messages, by the library's own exporter."""
    out = []
    for number, name in ((1, "SAT A"), (2, "SAT B")):
        fields = export_omm(Satrec.twoline2rv(*tle(number, node=10.0 * number)), name)
        out.append({k: str(v) for k, v in fields.items()})
    return out


def as_csv():
    file = io.StringIO()
    writer = csv.DictWriter(file, messages()[0])
    writer.writeheader()
    writer.writerows(messages())
    return file.getvalue()


def as_json():
    words = ("OBJECT", "CENTER", "REF", "TIME", "MEAN_EL", "CLASS", "EPOCH")
    return json.dumps(
        [{k: v if k.startswith(words) else float(v) for k, v in m.items()} for m in messages()]
    )


def as_kvn():
    return "".join(
        "CCSDS_OMM_VERS = 2.0\nCOMMENT made for a test\n"
        + "".join(
            f"{k} = {v}{' [deg]' if k == 'INCLINATION' else ''}\n" for k, v in message.items()
        )
        for message in messages()
    )


def as_xml():
    def tags(message, names):
        return "".join(f"<{n}>{message[n]}</{n}>" for n in names)

    blocks = []
    for m in messages():
        names = list(m)
        cut = names.index("EPOCH")
        blocks.append(
            '<omm id="CCSDS_OMM_VERS" version="2.0" xsi:noNamespaceSchemaLocation="a.xsd"><header/>'
            f"<body><segment><metadata>{tags(m, names[:cut])}</metadata><data><meanElements>"
            f"{tags(m, names[cut : cut + 7])}</meanElements><tleParameters>"
            f"{tags(m, names[cut + 7 :])}</tleParameters></data></segment></body></omm>\n"
        )
    return f'<?xml version="1.0"?>\n<ndm xmlns:xsi="x">\n{"".join(blocks)}</ndm>\n'


@pytest.mark.parametrize("form", [as_csv, as_json, as_kvn, as_xml])
def test_every_form_of_an_orbit_message_gives_the_lines_it_was_made_from(form):
    found, told = read_elements(form())
    assert told == []
    assert [s.name for s in found] == ["SAT A", "SAT B"]
    for number, one in enumerate(found, start=1):
        wanted = tle(number, node=10.0 * number)
        assert one.lines[1] == wanted[1]
        assert one.lines[0][18:32] == wanted[0][18:32]
        ours, theirs = Satrec.twoline2rv(*one.lines), Satrec.twoline2rv(*wanted)
        at = theirs.jdsatepoch, theirs.jdsatepochF + 0.25
        assert ours.sgp4(*at)[1] == pytest.approx(theirs.sgp4(*at)[1], abs=1e-3)


def test_the_checksum_is_that_of_published_lines():
    """Two lines of the verification set of AIAA 2006-6753, which carry their checksums."""
    line = "1 00005U 58002B   00179.78495062  .00000023  00000-0  28098-4 0  4753"
    assert checksum(line) == 3
    assert checksum("2 00005  34.2682 348.7242 1859667 331.7664  19.3264 10.82419157413667") == 7


def test_what_cannot_be_used_is_told_by_line_and_the_rest_is_used():
    (one, two), (cut, whole), (bad, good) = tle(1), tle(2), tle(3)
    text = "\n".join(
        ["# remark", "SAT A", one, two, "SAT B", cut[:50], whole, "what is this", "SAT C",
         bad[:-1] + str((int(bad[-1]) + 1) % 10), good, one, "SAT D"]
    )  # fmt: skip
    found, told = read_elements(text)
    assert [s.name for s in found] == ["SAT A"]
    words = "\n".join(told)
    assert "line 6: 50 characters, an element line has 69; it is cut off; left out" in words
    assert "line 8: no elements follow this line; left out" in words
    assert f"line 10: its checksum is {bad[-1]}, the line says" in words
    assert "line 12: no line 2 follows it; left out" in words
    assert "line 13: no elements follow this line; left out" in words
    assert len(told) == 5


def test_a_message_that_lacks_a_number_is_told_and_left_out():
    rows = messages()
    del rows[0]["MEAN_MOTION"]
    rows[1]["INCLINATION"] = "steep"
    rows.append(messages()[0] | {"REF_FRAME": "GCRF"})
    rows.append(messages()[0])
    found, told = read_elements(json.dumps(rows))
    assert [s.name for s in found] == ["SAT A"]
    assert [t.split(":")[0] for t in told] == ["entry 1", "entry 2", "entry 3"]
    assert "has no MEAN_MOTION" in told[0]
    assert "REF_FRAME is 'GCRF'; only TEME is read" in told[2]


PIECES = st.one_of(
    st.sampled_from([*tle(1), *tle(2)]),
    st.sampled_from([as_csv(), as_json(), as_kvn(), as_xml()]).flatmap(
        lambda text: st.integers(0, len(text)).map(lambda n: text[:n])
    ),
    st.text(max_size=80),
)


@settings(max_examples=150, derandomize=True, deadline=None)
@given(st.lists(PIECES, max_size=6).map("\n".join))
def test_no_text_makes_the_reader_stumble(text):
    """Whatever stands there: sets whose lines are whole, or a refusal in words."""
    try:
        found, told = read_elements(text)
    except ScenarioError:
        return
    assert all(
        len(line) == 69 and checksum(line) == int(line[-1]) for s in found for line in s.lines
    )
    assert all(isinstance(words, str) for words in told)


@pytest.mark.parametrize("key", ["MEAN_MOTION", "ECCENTRICITY", "INCLINATION", "EPOCH", "BSTAR"])
@pytest.mark.parametrize("value", ["nan", "inf", "-1", "1e9", "0", "", "9999-01-01", "x"])
def test_an_absurd_number_is_left_out_or_never_flies(key, value, written):
    text = json.dumps([messages()[0] | {key: value}, messages()[1]])
    loaded = load(written(text, 'file = "orbits.txt"\nallow_old = true'))
    t = np.array([0.0, 600.0])
    r = positions(loaded.sensors.infrared, t, greenwich_rad=0.0)
    assert np.isfinite(r).all()
    assert (np.linalg.norm(r, axis=2) > 6.4e6).all()


def test_a_year_that_two_digits_cannot_say_and_another_theory_are_left_out():
    late = messages()[0] | {"EPOCH": "2060-01-01T00:00:00"}
    assert "EPOCH is in 2060" in read_elements(json.dumps([late]))[1][0]
    other = messages()[0] | {"EPHEMERIS_TYPE": "4"}
    assert "EPHEMERIS_TYPE is 4" in read_elements(json.dumps([other]))[1][0]
    one, two = tle(1)
    one = summed(one[:62] + "4" + one[63:68])
    assert "its ephemeris type is 4" in read_elements(f"{one}\n{two}")[1][0]


def test_a_file_with_faults_loads_and_says_them(written):
    one, two = tle(2)
    path = written(lines(("SAT A", tle(1)), ("SAT B", (one, two[:60]))))
    loaded = load(path)
    assert len(loaded.sensors.infrared) == 1
    (told,) = loaded.findings
    assert told.startswith("infrared[LEO].file: orbits.txt: line 6: 60 characters")


@pytest.mark.parametrize(
    ("orbits", "extra", "told"),
    [
        ("nothing here\n", 'file = "orbits.txt"', "no usable orbit in it"),
        ("[1, 2", 'file = "orbits.txt"', "looks like JSON and is not"),
        ("<!DOCTYPE x><omm/>", 'file = "orbits.txt"', "document type"),
        ("x", 'file = "other.txt"', "other.txt: no such file"),
        ("x", 'file = "../orbits.txt"', "must stand beside or below the scenario"),
        ("x", 'file = "/etc/hosts"', "must stand beside or below the scenario"),
        ("x", "", "has neither file nor elements"),
        (
            lines(("SAT A", tle(1))),
            'file = "orbits.txt"\nonly = ["SAT B"]',
            "only names 'SAT B', which is none of the 1 satellites in it; did you mean 'SAT A'?",
        ),
        (
            lines(("SAT A", tle(1, epoch="23001.00000000"))),
            'file = "orbits.txt"',
            "are 988 days from the scenario's epoch 2025-09-15, at most 365: SGP4 says nothing "
            "after a year. Take elements of that date, or set allow_old = true",
        ),
        (
            lines(("SAT A", tle(1, motion=17.0))),
            'file = "orbits.txt"',
            "SAT A has its perigee at",
        ),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_a_way_out(written, orbits, extra, told):
    with pytest.raises(ScenarioError) as caught:
        load(written(orbits, extra))
    assert told in str(caught.value)


def test_old_elements_are_used_where_that_is_asked_for(written):
    old = lines(("SAT A", tle(1, epoch="23001.00000000")))
    (told,) = load(written(old, 'file = "orbits.txt"\nallow_old = true')).findings
    assert "988 days" in told


def test_elements_of_some_weeks_are_used_with_their_expected_error(written):
    """1 km, and 1 to 3 km more each day: 31 to 91 km after thirty days."""
    (told,) = load(written(lines(("SAT A", tle(1, epoch="25228.43750000"))))).findings
    assert "30 days at most (SAT A): expect errors of about 31 to 91 km" in told
    assert load(written(lines(("SAT A", tle(1, epoch="25255.00000000"))))).findings == ()


def test_of_two_sets_of_one_satellite_the_nearer_in_time_is_used(written):
    far, near = tle(1, epoch="25250.00000000", node=10.0), tle(1, epoch="25257.00000000", node=20.0)
    loaded = load(written(lines(("SAT A", far), ("SAT A", near))))
    assert [s.elements for s in loaded.sensors.infrared] == [near]
    assert "SAT A is there twice; the set of 2025-09-14" in loaded.findings[0]


def test_satellites_with_one_name_are_told_apart_by_their_numbers(written):
    loaded = load(written(lines(("SAT", tle(1)), ("SAT", tle(2)))))
    assert [s.name for s in loaded.sensors.infrared] == ["LEO SAT 00001", "LEO SAT 00002"]


def test_orbits_may_stand_in_the_scenario_itself():
    orbit = "\n".join(tle(1))
    loaded = load_text(with_file(f'elements = """\n{orbit}\n"""'), "mine")
    assert [s.name for s in loaded.sensors.infrared] == ["LEO 00001"]


def test_a_file_cannot_be_found_from_a_text_alone():
    with pytest.raises(ScenarioError, match="load it by its path, or give elements"):
        load_text(with_file(), "mine")


def test_a_file_for_a_command_is_read_whole_or_refused(tmp_path):
    path = tmp_path / "day.tle"
    path.write_text(lines(("SAT A", tle(1)), ("SAT B", tle(2))), encoding="utf-8")
    assert [e.name for e in from_path(path)] == ["SAT A", "SAT B"]
    assert from_path(path)[0].epoch_jd == pytest.approx(2460933.9375)
    path.write_text(lines(("SAT A", tle(1))) + "odd\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"line 4: no elements follow"):
        from_path(path)


def test_new_keys_of_a_radar_reach_its_record():
    text = broken(
        ("face_az_deg = 310", "face_az_deg = 310\nmask_el_deg = [1, 2.5, 3, 4]\n"
         "on = [{ from_s = 0, to_s = 60 }, { from_s = 60, to_s = 90.5 }]"),
    ) + (
        '\n[catalogue.radar.early_warning]\nfluctuation = 0\nrefraction = "four-thirds"\n'
        "track_share = 0.5\ndwell_s = 0.2\nresolves = true\n"
    )  # fmt: skip
    radar = load_text(text, "mine").sensors.radars[0]
    assert np.degrees(radar.mask_el_rad) == pytest.approx([1.0, 2.5, 3.0, 4.0])
    assert radar.windows_s == ((0.0, 60.0), (60.0, 90.5))
    assert (radar.fluctuation, radar.refraction) == (0, "four-thirds")
    assert (radar.track_share, radar.dwell_s, radar.resolves) == (0.5, 0.2, True)


def test_new_keys_of_an_infrared_class_reach_the_record():
    text = TEXT.replace(
        'class = "leo_wide"', 'class = "leo_medium"\non = [{ from_s = 5, to_s = 9 }]'
    )
    satellite = load_text(text, "mine").sensors.infrared[0]
    assert satellite.cold_only
    assert math.degrees(satellite.sun_exclusion_rad) == pytest.approx(15.0)
    assert math.degrees(satellite.field_rad) == pytest.approx(110.0)
    assert satellite.windows_s == ((5.0, 9.0),)
    assert load_text(TEXT, "mine").sensors.infrared[0].windows_s == ()


def test_bundled_scenarios_use_no_new_rule():
    """Their classes see as before: no budget, no Sun, no false starts, no cold sky, always on."""
    for name in ("okinawa-2025", "replay-2017-08-29"):
        sensors = load(name).sensors
        for r in sensors.radars:
            assert (r.track_share, r.fluctuation, r.refraction) == (math.inf, 1, "mixed")
            assert (r.mask_el_rad, r.windows_s, r.resolves) == ((), (), False)
        for s in sensors.infrared:
            assert (s.sun_exclusion_rad, s.clutter_per_hour_mkm2) == (0.0, 0.0)
            assert (s.cold_only, s.windows_s, s.elements) == (False, (), None)
            assert s.field_rad == pytest.approx(math.pi)
        assert math.hypot(*sensors.sun) == pytest.approx(1.0)


def test_the_sun_stands_over_the_place_where_it_is_noon():
    """10:30 UTC on 15 September: over 21 degrees east (equation of time +5 min), 3 degrees north."""
    sensors = load("okinawa-2025").sensors
    x, y, z = sensors.sun
    lon = math.atan2(y, x) - sensors.greenwich_rad
    assert math.degrees(math.asin(z)) == pytest.approx(2.84, abs=0.05)
    assert math.degrees(math.remainder(lon, 2 * math.pi)) == pytest.approx(21.3, abs=0.3)


def test_every_number_of_the_sensor_catalogue_has_range_grade_and_source():
    for kind in ("radar", "infrared"):
        for name, entry in catalogue()[kind].items():
            for key, number in entry.items():
                if isinstance(number, dict):
                    assert {"value", "low", "high", "grade", "source"} <= set(number), (name, key)
                    assert number["low"] <= number["value"] <= number["high"], (name, key)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("satellites = 8", "satellites = 9", "9 satellites in 2 planes; they must divide evenly"),
        ("phasing = 1", "phasing = 2", "has phasing 2 with 2 planes; it must lie in 0..1"),
        ("altitude_km = 1000", "altitude_km = 100", r"given: 100; limit: more than 100"),
        ("altitude_km = 1000", "altitude_km = -20", r"given: -20; limit: more than 100"),
        (
            "face_az_deg = 310",
            "face_az_deg = 310\non = [{ from_s = 60, to_s = 20 }]",
            "ends at 20.0 s, not after it begins at 60.0 s; swap the two",
        ),
        (
            "face_az_deg = 310",
            "face_az_deg = 310\non = [{ from_s = 0, to_s = 20 }, { from_s = 10, to_s = 30 }]",
            "from 10.0 s that begins before the one before it ends, at 20.0 s",
        ),
        (
            "face_az_deg = 310",
            f"face_az_deg = 310\nmask_el_deg = {[1] * 73}",
            "has 73 values; at most 72, sectors of 5.0 deg",
        ),
        ("face_az_deg = 310", "face_az_deg = 310\nmask_el_deg = [95]", "at most 90"),
        (
            "[[batteries]]",
            "[catalogue.radar.early_warning]\nreference_range_km = 0\n\n[[batteries]]",
            r"given: 0; limit: at least 1, at most 10000",
        ),
        (
            "[[batteries]]",
            "[catalogue.radar.early_warning]\ntrack_share = 0\n\n[[batteries]]",
            r"given: 0; limit: more than 0, at most 1",
        ),
        (
            "[[batteries]]",
            '[catalogue.radar.early_warning]\nrefraction = "mixd"\n\n[[batteries]]',
            "did you mean 'mixed'",
        ),
    ],
)  # fmt: skip
def test_bad_keys_of_sensors_are_refused_with_value_and_limit(old, new, told):
    with pytest.raises(ScenarioError) as caught:
        load_text(broken((old, new)), "mine")
    assert told in str(caught.value)


@pytest.mark.parametrize("name", ["LEO 2-3", "unit radar"])
def test_a_sensor_may_not_have_the_name_that_a_group_or_a_battery_gives(name):
    text = broken(('name = "Yozadake"', f'name = "{name}"'))
    if name == "unit radar" and 'radar = "' not in text.split("[[batteries]]")[1]:
        text = text.replace(
            '[[batteries]]\nname = "unit"', '[[batteries]]\nname = "unit"\nradar = "early_warning"'
        )
    with pytest.raises(ScenarioError, match=f"two sensors are called '{name}'.*rename"):
        load_text(text, "mine")


def test_a_site_finer_than_a_tenth_of_a_degree_is_doubted_not_refused():
    (doubt,) = doubts(check_text(broken(("lat_deg = 26.1", "lat_deg = 26.123")), "mine"))
    assert "radars[Yozadake].lat_deg = 26.123 is finer than 0.1 deg" in doubt
    assert "write 26.1" in doubt


def test_a_lost_sensor_is_there_in_no_replicate():
    plain = load("okinawa-2025")
    changes = without(plain.document, ["Shariki", "LEO", "ship west radar"])
    lost = load("okinawa-2025", changes=changes)
    kinds = {s.name: s.availability for s in (*lost.sensors.radars, *lost.sensors.infrared)}
    assert {n for n, a in kinds.items() if a == 0.0} == {"Shariki"} | {
        s.name for s in plain.sensors.infrared if s.name.startswith("LEO ")
    }
    assert "ship west radar" not in kinds
    assert len(kinds) == len(plain.sensors.names) - 1
    assert lost.batteries == plain.batteries
    assert lost.content_hash != plain.content_hash


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (["Shariky"], "did you mean 'Shariki'"),
        (["LEO 1-1"], "satellites are lost by group"),
        (["LEO", "LEO"], "names 'LEO' twice"),
    ],
)
def test_a_lost_sensor_must_be_one_of_the_scenario(names, told):
    with pytest.raises(ScenarioError, match=told):
        without(load("okinawa-2025").document, names)


def test_the_radar_of_a_battery_has_a_mask_and_windows_too():
    """Both as those of a radar of its own; a window that ends before it begins is refused."""
    old = 'radar = "area_defence_radar"'
    given = TEXT.replace(
        old, old + "\nradar_mask_el_deg = [1, 3]\nradar_on = [{ from_s = 5, to_s = 9 }]"
    )
    assert given != TEXT
    carried = next(r for r in load_text(given, "mine").sensors.radars if r.name.endswith(" radar"))
    assert carried.windows_s == ((5.0, 9.0),)
    assert carried.mask_el_rad == pytest.approx((math.radians(1), math.radians(3)))
    with pytest.raises(ScenarioError, match="radar_on"):
        load_text(given.replace("to_s = 9", "to_s = 4"), "mine")

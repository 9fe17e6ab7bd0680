"""What holds for every range, apogee and text."""

import math

from hypothesis import given, settings
from hypothesis import strategies as st

from hinomi.errors import ScenarioError
from hinomi.history.claim_table import audit_text, decode
from hinomi.history.digits import read_distance, read_time
from hinomi.history.reference_time import rotating_time_s, time_span_s, unpowered

FEW = settings(max_examples=60, derandomize=True, deadline=None)
RANGES, TOPS = st.floats(1e4, 1.9e7), st.floats(1e4, 1.5e7)
ANGLES, LATITUDES = st.floats(0.0, 2.0 * math.pi), st.floats(-1.5, 1.5)


@FEW
@given(RANGES, TOPS, st.floats(1.001, 1.3))
def test_farther_or_higher_is_longer_without_rotation(range_m, apogee_m, more):
    here = unpowered(range_m=range_m, apogee_m=apogee_m).time_s
    assert unpowered(range_m=min(range_m * more, 2e7), apogee_m=apogee_m).time_s > here
    assert unpowered(range_m=range_m, apogee_m=apogee_m * more).time_s > here


@FEW
@given(RANGES, TOPS, LATITUDES, ANGLES, st.floats(1.01, 1.3))
def test_higher_is_longer_with_rotation(range_m, apogee_m, lat, bearing, more):
    place = {"range_m": range_m, "lat_rad": lat, "bearing_rad": bearing}
    low = float(rotating_time_s(apogee_m=apogee_m, **place))
    assert float(rotating_time_s(apogee_m=apogee_m * more, **place)) > low > 0.0


@FEW
@given(RANGES, TOPS, LATITUDES, ANGLES)
def test_what_is_not_known_only_widens_the_span(range_m, apogee_m, lat, bearing):
    flight = {"range_m": (range_m, range_m), "apogee_m": (apogee_m, apogee_m)}
    one = time_span_s(**flight, lat_rad=lat, bearing_rad=bearing)
    turns = time_span_s(**flight, lat_rad=lat)
    everywhere = time_span_s(**flight)
    grid_s = 3.0  # the grid of bearings and latitudes against any bearing and latitude
    assert turns[0] <= one[0] + grid_s
    assert turns[1] >= one[1] - grid_s
    assert everywhere[0] <= turns[0] + grid_s
    assert everywhere[1] >= turns[1] - grid_s


@FEW
@given(st.text(max_size=12))
def test_any_text_is_a_number_with_its_interval_or_refused(text):
    for read in (
        lambda: read_distance(text, name="range"),
        lambda: read_time(text, name="time", unit="s"),
        lambda: read_time(text, name="time", unit="min"),
    ):
        try:
            found = read()
        except ScenarioError:
            continue
        assert found.low <= found.value <= found.high


@FEW
@given(st.lists(st.text(alphabet="0123456789.,;:-/~ '\"nakm\n\t", max_size=9), max_size=18))
def test_any_table_has_a_finding_or_a_reason_for_every_row(cells):
    body = "\n".join(",".join(cells[i : i + 4]) for i in range(0, len(cells), 4))
    try:
        found = audit_text("id,range_km,apogee_km,time_s\n" + body, "utf-8", name="x", defaults={})
    except ScenarioError:
        return
    assert all((row.finding is None) == bool(row.problem) for row in found.rows)


@FEW
@given(st.binary(max_size=60))
def test_any_bytes_are_text_or_refused(data):
    try:
        text, _ = decode(data, "x")
    except ScenarioError:
        return
    assert "\0" not in text

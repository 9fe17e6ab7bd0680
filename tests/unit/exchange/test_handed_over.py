"""Reports for other displays: coarse, seldom, marked as an exercise; and as Cursor-on-Target events."""

import socket
from datetime import UTC, datetime
from types import SimpleNamespace

import numpy as np
import pytest
from lxml import etree

from hinomi.errors import FenceError, ScenarioError
from hinomi.exchange.cot_run import cot_events
from hinomi.exchange.handed import loopback_of, paced, reports, ring_of, send
from hinomi.exchange.scene import Area, Way


def cot_bytes(shown):
    events, counts = cot_events(shown)
    return b"".join(text for _, text in events), counts


EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


def way(name, count=61):
    t = np.arange(float(count))
    return Way(
        name=name, kind="track", owner="Japan", t_s=t, r_m=np.zeros((count, 3)), v_mps=np.tile((0.0, 0.0, 1000.0), (count, 1)),
        lat_deg=26.123456 + 0.001 * t, lon_deg=np.full(count, 127.987654), height_m=100_044.0 + t,
        sigma_m=np.full(count, 50.0),
    )  # fmt: skip


def area(edge, **changes):
    given = {
        "picture": "Japan", "track": 1, "from_s": 10.0, "to_s": 25.0, "end_lat_deg": 26.2, "end_lon_deg": 127.7,
        "end_t_s": 300.0, "spread_km": 30.0, "edge": edge,
    }  # fmt: skip
    return Area(**(given | changes))


def show(tracks=(), areas=()):
    return SimpleNamespace(
        scenario="x",
        replicate=0,
        epoch=EPOCH,
        tracks=tracks,
        areas=areas,
        words="STUDY words",
        word="STUDY",
    )


BOX = [(127.03, 26.04), (127.47, 26.04), (127.47, 26.33), (127.03, 26.33), (127.03, 26.04)]


def test_a_track_is_told_every_so_many_seconds_and_to_a_hundredth_of_a_degree():
    found, left_out = reports(show([way("track 1")]), every_s=5.0)
    assert [r.t_s for r in found] == [5.0 * k for k in range(13)]
    assert left_out == 0
    for r in found:
        assert round(r.lat_deg * 100.0) == pytest.approx(r.lat_deg * 100.0, abs=1e-6)
        assert r.height_m % 100.0 == pytest.approx(0.0)


def test_no_second_has_more_reports_than_the_rate_and_nobody_is_forgotten():
    """Thirty tracks at two a second: each is told in turn."""
    found, left_out = reports(
        show([way(f"track {k}") for k in range(30)]), every_s=1.0, per_second=2
    )
    seconds = [int(r.t_s) for r in found]
    assert max(seconds.count(s) for s in set(seconds)) == 2
    assert {r.name for r in found} == {f"track {k}" for k in range(30)}
    assert left_out > 0


@pytest.mark.parametrize(("every", "most"), [(0.5, 10), (5.0, 0), (5.0, 1001)])
def test_rates_without_a_limit_are_refused(every, most):
    with pytest.raises(ScenarioError):
        reports(show([way("a")]), every_s=every, per_second=most)


def test_areas_are_no_finer_than_a_tenth_of_a_degree_and_closed():
    ring = ring_of(area(BOX))
    assert ring[0] == ring[-1]
    assert {round(10 * v, 6) % 1 for p in ring for v in p} == {0.0}
    assert {(26.0, 127.0), (26.3, 127.5)} <= set(ring)


def test_an_area_smaller_than_that_becomes_the_cells_around_it():
    tiny = [(127.701, 26.201), (127.702, 26.201), (127.702, 26.202), (127.701, 26.201)]
    ring = ring_of(area(tiny))
    assert len(set(ring)) == 4
    assert min(p[0] for p in ring) < 26.2 < max(p[0] for p in ring)


def test_events_say_exercise_in_four_places_and_go_stale():
    text, counts = cot_bytes(show([way("track 1")], [area(BOX)]))
    events = [etree.fromstring(line) for line in text.splitlines()]
    assert counts == {"track events": 13, "area events": 1}
    assert len(events) == 14
    times = [e.get("time") for e in events]
    assert times == sorted(times)
    for e in events:
        assert e.get("opex").startswith("e-")
        assert e.get("how") == "m-s"
        assert e.findtext("detail/remarks").startswith("EXERCISE")
        assert e.find("detail/contact").get("callsign").startswith("EX ")
        assert e.get("start") <= e.get("time") < e.get("stale")
        assert {"lat", "lon", "hae", "ce", "le"} == set(e.find("point").keys())
    kinds = {e.get("type") for e in events}
    assert kinds == {"a-j-A", "u-d-f"}  # joker: nobody's real track


def test_an_error_that_is_finer_than_the_rounding_is_not_claimed():
    text, _ = cot_bytes(show([way("track 1")]))
    assert {etree.fromstring(x).find("point").get("ce") for x in text.splitlines()} == {"1000"}


def test_an_independent_reader_finds_the_same_events():
    """`takproto`, as displays of today read them."""
    takproto = pytest.importorskip("takproto.functions")
    text, _ = cot_bytes(show([way("track 1")], [area(BOX)]))
    for line in text.decode().splitlines():
        event = takproto.xml2message(line).cotEvent
        own = etree.fromstring(line)
        assert (event.uid, event.type, event.how, event.opex) == tuple(
            own.get(k) for k in ("uid", "type", "how", "opex")
        )
        assert event.lat == pytest.approx(float(own.find("point").get("lat")))


def test_the_pace_is_the_scenario_s_and_never_above_the_rate():
    waits = list(paced([0.0, 0.0, 0.0, 10.0], speed=10.0, per_second=4))
    assert waits == pytest.approx([0.0, 0.25, 0.25, 0.5])


@pytest.mark.parametrize("address", ["192.0.2.1:3000", "example.org:3000", "0.0.0.0:3000"])
def test_reports_stay_on_this_machine(address):
    with pytest.raises(FenceError):
        loopback_of(address, "--to")


def test_addresses_of_this_machine_are_taken_and_others_told():
    assert loopback_of("localhost:3000", "--to") == ("127.0.0.1", 3000)
    assert loopback_of("[::1]:3000", "--to") == ("::1", 3000)
    with pytest.raises(ScenarioError):
        loopback_of("127.0.0.1", "--to")


def test_datagrams_arrive_at_a_port_of_this_machine_one_an_event():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as here:
        here.bind(("127.0.0.1", 0))
        here.settimeout(2.0)
        events = [(0.0, b"a"), (1.0, b"b")]
        assert send(events, here.getsockname(), speed=60.0, per_second=100) == 2
        assert [here.recv(10), here.recv(10)] == [b"a", b"b"]

"""Entity-state PDUs, read field by field from the standard's table of offsets."""

import csv
import math
import struct
from datetime import UTC, datetime
from pathlib import Path

import pytest
from geographiclib.geodesic import Geodesic

from hinomi.errors import ScenarioError
from hinomi.exchange.dis_run import pdus, timestamp
from hinomi.exchange.handed import Report

TABLE = Path(__file__).with_name("entity_state.csv")


def fields(pdu):
    with TABLE.open(encoding="utf-8") as stream:
        return {
            row["field"]: struct.unpack_from(">" + row["format"], pdu, int(row["offset"]))[0]
            for row in csv.DictReader(stream)
        }


def report(**changes):
    given = {
        "name": "track 3", "owner": "Japan", "number": 3, "t_s": 90.0, "lat_deg": 26.21, "lon_deg": 127.68,
        "at": datetime(2026, 1, 1, 10, 30, 0, tzinfo=UTC), "height_m": 100_000.0,
        "v_mps": (1.5, -2.5, 3000.0), "sigma_m": 200.0,
    }  # fmt: skip
    return Report(**(given | changes))


def test_every_byte_of_the_table_is_one_of_the_pdu():
    (pdu,) = pdus([report()], exercise=7)
    with TABLE.open(encoding="utf-8") as stream:
        sizes = [
            (int(r["offset"]), struct.calcsize(">" + r["format"])) for r in csv.DictReader(stream)
        ]
    assert [a + n for a, n in sizes[:-1]] == [a for a, _ in sizes[1:]]
    assert sum(sizes[-1]) == len(pdu) == fields(pdu)["length"] == 144


def test_a_pdu_says_that_it_is_of_an_exercise_and_simulated():
    told = fields(pdus([report()], exercise=7)[0])
    assert (
        told["protocol_version"],
        told["exercise"],
        told["pdu_type"],
        told["protocol_family"],
    ) == (7, 7, 1, 1)
    assert told["status"] >> 1 & 3 == 3  # constructive
    assert told["force"] == 0  # nobody's side
    assert told["marking"].rstrip(b"\0") == b"EX T3"


def test_the_place_is_on_the_ellipsoid_at_its_height():
    """Distance from the axis and along it by the ellipsoid's own radii, from an independent library."""
    told = fields(pdus([report(height_m=0.0)], exercise=1)[0])
    a, f = Geodesic.WGS84.a, Geodesic.WGS84.f
    x, y, z = told["place_x"], told["place_y"], told["place_z"]
    assert (math.hypot(x, y) / a) ** 2 + (z / (a * (1.0 - f))) ** 2 == pytest.approx(1.0, abs=1e-9)
    assert math.degrees(math.atan2(y, x)) == pytest.approx(127.68, abs=1e-9)
    assert told["velocity_z"] == pytest.approx(3000.0)


@pytest.mark.parametrize(("minute", "share"), [(0, 0.0), (15, 0.25), (30, 0.5), (59, 59 / 60)])
def test_a_time_stamp_is_the_share_of_the_hour_and_says_that_it_is_absolute(minute, share):
    found = timestamp(datetime(2026, 1, 1, 10, minute, tzinfo=UTC))
    assert found & 1
    assert (found >> 1) / 2.0**31 == pytest.approx(share, abs=1e-9)


@pytest.mark.parametrize("number", [0, 256, -1])
def test_an_exercise_that_no_number_can_have_is_refused(number):
    with pytest.raises(ScenarioError, match="1 to 255"):
        pdus([report()], exercise=number)

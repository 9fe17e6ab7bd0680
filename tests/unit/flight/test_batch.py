"""Many flights in one call: the same numbers as one by one, whatever the chunks and the cores."""

import math
import runpy
from pathlib import Path

import numpy as np
import pytest

from hinomi.flight.batch import stream_many
from hinomi.flight.body import BETA, SIZE, pack
from hinomi.flight.path import launch, launch_vector, release, state_at
from hinomi.flight.pointmass import (
    AIRBORNE,
    END_T,
    ESCAPING,
    INVALID,
    LANDED,
    ORBITING,
    STATUSES,
)

C = runpy.run_path(str(Path(__file__).parent / "flight_classes.py"))
LAT, LON = math.radians(39.0), math.radians(126.0)
KICKS = np.linspace(0.05, 0.25, 7)
AZIMUTHS = np.linspace(0.0, 6.0, 7)
BODY = pack(C["MRBM"])


def starts():
    return np.array([launch_vector(lat_rad=LAT, lon_rad=LON, azimuth_rad=a) for a in AZIMUTHS])


def whole_of(*given, **more):
    """All flights in one chunk."""
    (paths,) = stream_many(*given, **more)
    return paths


def same(a, b):
    return all(np.array_equal(getattr(a, n), getattr(b, n)) for n in ("first", "rows", "result"))


def test_a_batch_gives_the_flights_one_by_one():
    paths = whole_of(BODY, starts(), kicks_rad=KICKS)
    assert (paths.status == LANDED).all()
    for b, (azimuth, kick) in enumerate(zip(AZIMUTHS, KICKS, strict=True)):
        one = launch(BODY, lat_rad=LAT, lon_rad=LON, azimuth_rad=azimuth, kick_rad=kick)
        rows = paths.rows[paths.first[b] : paths.first[b + 1]]
        assert np.array_equal(rows[:, :3], one.r_m)
        assert np.array_equal(rows[:, 3:], one.v_mps)
        assert paths.result[b, END_T] == one.end_t_s


def test_neither_chunks_nor_cores_change_a_number():
    whole = whole_of(BODY, starts(), kicks_rad=KICKS, workers=1)
    assert same(whole, whole_of(BODY, starts(), kicks_rad=KICKS, workers=2))
    parts = list(stream_many(BODY, starts(), kicks_rad=KICKS, chunk=3))
    assert [len(p.result) for p in parts] == [3, 3, 1]
    assert np.array_equal(np.concatenate([p.rows for p in parts]), whole.rows)
    assert np.array_equal(np.concatenate([p.result for p in parts]), whole.result)


def test_ends_alone_need_no_rows_and_other_spacings_share_them():
    whole = whole_of(BODY, starts(), kicks_rad=KICKS)
    ends = whole_of(BODY, starts(), kicks_rad=KICKS, every_s=None)
    assert len(ends.rows) == 0
    assert np.array_equal(ends.result, whole.result)
    coarse = whole_of(BODY, starts(), kicks_rad=KICKS, every_s=5.0)
    assert np.array_equal(
        coarse.rows[: coarse.first[1]], whole.rows[: whole.first[1]][::5][: coarse.first[1]]
    )


def test_an_empty_batch_is_an_empty_answer():
    assert list(stream_many(BODY, np.empty((0, 12)))) == []


def test_a_body_that_no_number_describes_is_told_and_disturbs_no_other():
    bodies = np.repeat(BODY[None], len(KICKS), 0)
    bodies[1, BETA] = math.nan
    bodies[2, BETA] = -1.0
    given = starts()
    given[3, 6:9] = 0.0  # the centre of the Earth
    given[4, 9] = math.inf
    paths = whole_of(bodies, given, kicks_rad=KICKS)
    assert [STATUSES[s] for s in paths.status] == [
        "landed", "invalid", "invalid", "invalid", "invalid", "landed", "landed",
    ]  # fmt: skip
    assert (np.diff(paths.first)[1:5] == 0).all()
    alone = whole_of(BODY, starts(), kicks_rad=KICKS)
    assert np.array_equal(paths.result[[0, 5, 6]], alone.result[[0, 5, 6]])


@pytest.mark.parametrize(
    ("speed_mps", "angle_deg", "status"),
    [(7600.0, 0.0, ORBITING), (12_000.0, 30.0, ESCAPING), (6000.0, 60.0, AIRBORNE)],
)
def test_how_a_body_still_in_flight_goes_on(speed_mps, angle_deg, status):
    """Two-body energy and perigee at 400 km: circular speed there is 7.67 km/s inertial."""
    r, v = state_at(
        BODY, lat_rad=LAT, lon_rad=LON, height_m=4e5, azimuth_rad=0.5 * math.pi,
        angle_rad=math.radians(angle_deg), speed_mps=speed_mps,
    )  # fmt: skip
    path = release(BODY, r_m=r, v_mps=v, until_s=600.0)
    assert path.status == status
    assert not path.landed
    assert path.end_t_s == 600.0


def test_lengths_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match=r"starts has shape \(2, 3\)"):
        whole_of(BODY, np.zeros((2, 3)))
    with pytest.raises(ValueError, match="must be above 0"):
        list(stream_many(BODY, starts(), every_s=0.0))
    with pytest.raises(ValueError, match="broadcast"):
        whole_of(np.zeros((3, SIZE)), starts())


def test_a_long_flight_is_flown_to_its_end():
    """Two hours are allowed; a lofted vacuum flight of 5,000 s is inside."""
    body = pack(C["MRBM"], air=False)
    r, v = state_at(
        body, lat_rad=LAT, lon_rad=LON, height_m=0.0, azimuth_rad=0.0,
        angle_rad=math.radians(88.0), speed_mps=8300.0,
    )  # fmt: skip
    path = release(body, r_m=r, v_mps=v)
    assert path.landed
    assert 4500.0 < path.end_t_s < 7200.0
    assert len(path.t_s) == math.floor(path.end_t_s) + 1
    assert path.status != INVALID

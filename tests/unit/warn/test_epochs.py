"""When forecasts are made."""

import numpy as np

from hinomi.warn.epochs import forecast_epochs


def _epochs(tracks):
    return forecast_epochs(tracks, first_s=5.0, later_s=15.0)


def test_every_five_seconds_for_a_minute_then_every_fifteen(world):
    t = tuple(float(s) for s in range(100, 301))
    rows, times = _epochs(world.tracks(np.zeros(9), t=t))
    want = [*range(100, 160, 5), *range(160, 301, 15)]
    assert times.tolist() == want
    assert rows.tolist() == [s - 100 for s in want]


def test_nothing_before_track_grade_w(world):
    t = tuple(float(s) for s in range(50))
    tracks = world.tracks(np.zeros(9), t=t, grade=np.where(np.arange(50) < 30, 0, 1))
    _, times = _epochs(tracks)
    assert times[0] == 30.0


def test_a_state_is_forecast_once(world):
    """Rows every 12 s: the ticks at 5, 10, 20 ... that find no newer row make no forecast."""
    rows, times = _epochs(world.tracks(np.zeros(9), t=(0.0, 12.0, 24.0, 36.0)))
    assert rows.tolist() == [0, 1, 2, 3][: rows.size]
    assert times.tolist() == [0.0, 15.0, 25.0]


def test_rows_are_used_only_once_available(world):
    """A row valid at 10 s that arrives at 18 s is first used by the tick at 22 s."""
    tracks = world.tracks(np.zeros(9), t=(0.0, 10.0, 40.0), available=(2.0, 18.0, 40.0))
    rows, times = _epochs(tracks)
    assert times.tolist()[:2] == [2.0, 22.0]
    assert rows.tolist()[:2] == [0, 1]


def test_the_drop_itself_is_no_state(world):
    rows, _ = _epochs(world.tracks(np.zeros(9), t=(0.0, 10.0, 30.0), dropped=True))
    assert 2 not in rows


def test_tracks_do_not_mix(world):
    tracks = world.tracks(
        np.zeros(9),
        t=(0.0, 1.0, 20.0, 21.0),
        track=np.array([1, 2, 1, 2]),
        grade=np.array([1, 0, 1, 0]),
    )
    rows, _ = _epochs(tracks)
    assert set(tracks.track[rows].tolist()) == {1}


def test_no_tracks_no_forecasts(world):
    rows, times = _epochs(world.tracks(np.zeros(9), t=()))
    assert rows.size == times.size == 0

"""Stone Soup's trackers on hinomi's plots: the way there, the way back, and the ready example."""

import sys
from datetime import timedelta

import numpy as np
import pytest

from hinomi.benchmark.cases import case, realise
from hinomi.errors import HinomiError
from hinomi.records.plots import Plots
from hinomi.records.tracks import CONFIRMED, DROPPED, MODE_COAST, MODES
from hinomi.scenario.trackers import tracker

pytest.importorskip("stonesoup")

from hinomi.benchmark.stonesoup_adapter import as_tracker
from hinomi.benchmark.stonesoup_cv import build
from hinomi.benchmark.stonesoup_detections import EPOCH, detection, detections

POSITION = [0, 2, 4]


@pytest.fixture(scope="module")
def mixed():
    """Infrared and radar plots of one realisation, and its truth."""
    return realise(case("glide-handover"), 0)


def head(plots, count):
    """The first plots alone."""
    names = [n for n in Plots.__dataclass_fields__ if isinstance(getattr(plots, n), np.ndarray)]
    return Plots(sensors=plots.sensors, owners=plots.owners,
                 **{n: getattr(plots, n)[:count] for n in names})  # fmt: skip


@pytest.fixture(scope="module")
def radar():
    """The first minute of a ballistic body under one radar, with what is true."""
    flights, plots = realise(case("ballistic-radar"), 0)
    return flights, head(plots, 60)


def test_a_radar_plot_comes_back_from_its_detection_to_a_metre(radar):
    _, plots = radar
    for i in range(len(plots.t_s)):
        found = detection(plots, i)
        place = found.measurement_model.inverse_function(found)
        assert place[[1, 3, 5], 0] == pytest.approx(0.0)
        wanted = plots.site_m[i] + plots.range_m[i] * plots.los[i]
        assert np.linalg.norm(np.array(place[POSITION, 0], float) - wanted) < 1e-3


def state(place, velocity=(0.0, 0.0, 0.0)):
    from stonesoup.types.state import State

    vector = np.zeros((6, 1))
    vector[POSITION, 0], vector[[1, 3, 5], 0] = place, velocity
    return State(vector)


def test_any_place_on_an_infrared_line_of_sight_is_measured_as_that_line(mixed):
    _, plots = mixed
    infrared = np.flatnonzero(np.isnan(plots.range_m))
    for i in infrared[::200]:
        for range_m in (5e5, 3e6):
            found = detection(plots, i)
            place = state(plots.site_m[i] + range_m * plots.los[i])
            angles = np.array(found.measurement_model.function(place), float)
            assert angles == pytest.approx(np.zeros((2, 1)), abs=1e-9)


def test_the_noise_is_that_of_the_plot_on_both_axes(mixed):
    _, plots = mixed
    for i in (0, len(plots.t_s) - 1):
        noise = np.array(detection(plots, i).measurement_model.covar(), float)
        wanted = [plots.sigma_los_rad[i] ** 2] * 2
        wanted += [] if np.isnan(plots.range_m[i]) else [plots.sigma_range_m[i] ** 2]
        assert np.array_equal(noise, np.diag(wanted))


def test_derivatives_are_those_of_the_measurement(mixed):
    """Against differences over 100 m of the function as Stone Soup has it, 1 km off the line."""
    _, plots = mixed
    for i in np.flatnonzero(plots.sensor == plots.sensor[-1])[[0, -1]]:
        model = detection(plots, int(i)).measurement_model
        place = plots.site_m[i] + 8e5 * plots.los[i] + np.array([700.0, -500.0, 500.0])
        told = model.jacobian(state(place))
        for k in range(3):
            step = np.zeros(3)
            step[k] = 100.0
            ends = [np.array(model.function(state(place + s * step)), float) for s in (1, -1)]
            found = ((ends[0] - ends[1]) / 200.0).ravel()
            scale = np.array([1 / 8e5, 1 / 8e5, 1.0][: len(found)])
            assert np.abs(told[:, POSITION[k]] - found).max() / scale.max() < 1e-5
            assert (np.abs(told[:, POSITION[k]] - found) / scale < 1e-5).all()
        assert not told[:, [1, 3, 5]].any()


def test_looks_come_in_order_one_sensor_at_a_time_and_none_is_lost(mixed):
    _, plots = mixed
    shuffled = np.random.default_rng(1).permutation(len(plots.t_s))
    mixed_up = Plots(
        sensors=plots.sensors, owners=plots.owners,
        **{n: getattr(plots, n)[shuffled] for n in Plots.__dataclass_fields__
           if isinstance(getattr(plots, n), np.ndarray)},
    )  # fmt: skip
    looks = list(detections(mixed_up))
    times = [time for time, _ in looks]
    assert times == sorted(times)
    for time, found in looks:
        assert len({d.metadata["sensor"] for d in found}) == 1
        assert {d.timestamp for d in found} == {time}
    used = sorted(d.metadata["plot"] for _, found in looks for d in found)
    assert used == list(range(len(plots.t_s)))
    first = looks[0][1].pop()
    assert first.timestamp - EPOCH == timedelta(seconds=float(plots.t_s.min()))
    assert first.metadata["owner"] == "East"


@pytest.fixture(scope="module")
def followed(radar):
    flights, plots = radar
    settings = case("ballistic-radar").scenario.tracking
    tracks = tracker("stonesoup-cv")(plots, settings=settings, picture="p")
    return flights, plots, tracks


def test_the_ready_tracker_follows_the_body(followed):
    flights, plots, tracks = followed
    good = tracks.status == CONFIRMED
    assert set(tracks.track) == {0}
    assert good.sum() >= len(plots.t_s) - 3  # three plots confirm
    late = np.flatnonzero(good)[20:]
    true = flights.r_m[0, tracks.t_s[late].astype(int)]
    error = np.linalg.norm(tracks.mean[late, :3] - true, axis=1)
    claimed = np.sqrt(np.trace(tracks.cov[late, :3, :3], axis1=1, axis2=2))
    assert np.sqrt((error**2).mean()) < 1_000.0
    assert 0.5 < np.sqrt((error**2).mean() / (claimed**2).mean()) < 2.0


def test_rows_name_the_plot_that_made_them_and_wait_for_it(followed):
    _, plots, tracks = followed
    good = tracks.status == CONFIRMED
    assert np.array_equal(plots.t_s[tracks.plot[good]], tracks.t_s[good])
    assert (tracks.t_available_s[good] >= plots.t_available_s[tracks.plot[good]]).all()
    assert (np.diff(tracks.t_available_s) >= 0).all()


def test_padding_is_a_coasting_body_without_force(followed):
    tracks = followed[2]
    assert not tracks.mean[:, 6:].any()
    assert not tracks.cov[:, 6:, :].any()
    assert (tracks.mode == np.eye(len(MODES))[MODE_COAST]).all()
    assert tracks.grade[-1] > 0


def test_the_same_plots_give_the_same_tracks_twice(radar, followed):
    _, plots = radar
    settings = case("ballistic-radar").scenario.tracking
    again = tracker("stonesoup-cv")(plots, settings=settings, picture="p")
    assert np.array_equal(again.mean, followed[2].mean)
    assert np.array_equal(again.plot, followed[2].plot)


def test_a_track_that_is_deleted_ends_with_one_last_row(radar):
    """Two bodies a long silence apart: the first track is gone when the second is there."""
    _, plots = radar
    settings = case("ballistic-radar").scenario.tracking
    late = {n: getattr(plots, n) for n in Plots.__dataclass_fields__
            if isinstance(getattr(plots, n), np.ndarray)}  # fmt: skip
    moved = late | {"t_s": late["t_s"] + 500.0, "t_available_s": late["t_available_s"] + 500.0}
    both = Plots(sensors=plots.sensors, owners=plots.owners,
                 **{n: np.concatenate([late[n], moved[n]]) for n in late})  # fmt: skip
    tracks = tracker("stonesoup-cv")(both, settings=settings, picture="p")
    assert (tracks.status == DROPPED).sum() == 1
    assert set(tracks.track[tracks.status == CONFIRMED]) == {0, 1}
    assert tracks.plot[tracks.status == DROPPED] == [-1]


def test_a_state_in_another_order_needs_only_its_places(radar, followed):
    """Positions first, then speeds: the same filter, the same answer."""
    from stonesoup.models.transition.linear import LinearGaussianTimeInvariantTransitionModel
    from stonesoup.predictor.kalman import KalmanPredictor

    _, plots = radar
    settings = case("ballistic-radar").scenario.tracking
    turn = np.zeros((6, 6))
    for i, place in enumerate((0, 3, 1, 4, 2, 5)):  # x, vx, y, vy, z, vz -> x, y, z, vx, vy, vz
        turn[place, i] = 1.0
    f = np.kron(np.eye(3), [[1.0, 1.0], [0.0, 1.0]])
    q = 100.0 * np.kron(np.eye(3), [[1 / 3, 1 / 2], [1 / 2, 1.0]])

    def other(detector, given):
        made = build(detector, given)
        motion = LinearGaussianTimeInvariantTransitionModel(
            transition_matrix=turn @ f @ turn.T, covariance_matrix=turn @ q @ turn.T
        )
        made.data_associator.hypothesiser.predictor = KalmanPredictor(motion)
        prior = made.initiator.initiator.prior_state
        prior.covar = turn @ np.array(prior.covar, float) @ turn.T
        return made

    steady = head(plots, 3)  # once a second: the model of a fixed step fits
    assert (np.diff(steady.t_s) == 1.0).all()
    follow = as_tracker(other, position=(0, 1, 2), velocity=(3, 4, 5))
    found = follow(steady, settings=settings, picture="p")
    wanted = followed[2].mean[: len(found.t_s)]
    assert len(found.t_s) == 1  # confirmed by the third plot
    assert np.allclose(found.mean, wanted, rtol=1e-9, atol=1e-3)


def test_without_the_extra_the_message_says_how_to_get_it(radar, monkeypatch):
    _, plots = radar
    monkeypatch.setitem(sys.modules, "stonesoup", None)
    with pytest.raises(HinomiError, match=r"hinomi\[stonesoup\]"):
        tracker("stonesoup-cv")(
            plots, settings=case("ballistic-radar").scenario.tracking, picture="p"
        )

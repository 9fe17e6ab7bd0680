"""From plots to tracks of one picture: a batch tracker that never looks at the truth.

Plots are put in order and checked (`admit`). Every second with plots, and every two seconds
between, each live track is predicted; the plots of each sensor are given to the tracks
(`associate`), confirmed tracks first; what is left feeds and starts tentative tracks (`begin`); then
tracks are confirmed, graded and ended (`ending`). A track of grade W or better uses one plot a
second, the most informative; further plots in its gate start nothing, unless one sensor goes on
seeing two there.

Method: multiple-model extended Kalman filter with global nearest neighbour or joint probabilistic
association; Blackman & Popoli, Design and Analysis of Modern Tracking Systems (1999). Unless the
sensors are given nothing is concluded from the absence of a plot: after burnout a track fed only by
infrared stays undecided between boost and coast.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from scipy.special import chdtri

from hinomi.records.columns import Floats
from hinomi.records.plots import Plots, Sensors
from hinomi.records.tracks import MODES, Tracks, TrackSettings
from hinomi.track.admit import UNUSED, admit, rates_of
from hinomi.track.batch import run
from hinomi.track.filter import make_work
from hinomi.track.grade import grade_limits
from hinomi.track.slots import (
    R_FATE,
    R_RANGE_M,
    R_SENSOR,
    Integers,
    Out,
    Reports,
    Rules,
    make_out,
    make_scratch,
    make_slots,
)
from hinomi.track.visible import eyes_of, look_intervals

LIVE_TRACKS: Final = 2048  # when all are taken a new start has to wait or replace an old one
# Intervals of the looks of a sensor that is not known, and least ones of those that are (assumed):
# M of N and the silence of a start are counted in them.
LOOK_RADAR_S: Final = 4.0
LOOK_INFRARED_S: Final = 10.0
PAIR_WINDOW_S: Final = 5.0  # least between the two lines of sight of a first stereo fix (assumed)
DETECTION: Final = (
    0.9  # assumed: probability that a look shows a tracked body, for joint association
)
CLUTTER_M3: Final = (
    1e-18  # assumed: false radar reports of a look, one in a million cubic km x 1,000
)
CLUTTER_SR: Final = 1e-1  # assumed: false lines of sight of a frame in a steradian
# A generic booster: height [m] on coming out of cloud, vertical acceleration [m/s2], relative one
# sigma of height and of climb between classes (assumed).
TEMPLATE: Final = (8_000.0, 14.0, 0.3, 0.3)


def follow(
    plots: Plots,
    *,
    settings: TrackSettings,
    picture: str,
    sensors: Sensors | None = None,
    single_look_starts: bool = False,
    single_stereo_ok: bool = False,
    detection_probability: float = DETECTION,
    clutter_per_m3: float = CLUTTER_M3,
    clutter_per_sr: float = CLUTTER_SR,
) -> Tracks:
    """Track every body that the plots show.

    Parameters
    ----------
    plots
        in any order; `body` is not read. What cannot be used is not; `Tracks.fate` says why.
    settings
        numbers of the tracker.
    picture
        name of the picture: whose plots these are.
    sensors
        what `plots.sensor` indexes: lets tracks end by looks missed while in view, bodies in one
        resolution cell share a plot, and starts wait as long as slow sensors need. None: tracks end
        by silence alone, none is shared, and a radar is taken to look every 4 s, infrared every 10.
    single_look_starts
        whether two looks of one satellite without a partner may start a track, placed by a generic
        boost template.
    single_stereo_ok
        whether such a track may be confirmed before a second sensor has reported it.
    detection_probability, clutter_per_m3, clutter_per_sr
        of joint association: probability of detection; false plots of a look in a cubic metre
        (radar) and a steradian (infrared).

    Returns
    -------
    Tracks
        one row a track and second with a plot, sorted by time then track, tentative rows included;
        one last row DROPPED for each track that was confirmed. Positions m, velocities m/s,
        specific force m/s2. `plot` counts the plots as given.

    Notes
    -----
    Late plots (older than `settings.reorder_s` when they arrive) are counted and not used; within
    that the order of arrival does not matter. Plots of one sensor and second are taken in the order
    given, which decides the numbers of tracks and nothing else.
    """
    order, fate = admit(plots, reorder_s=settings.reorder_s)
    n, work = len(order), make_work(settings.modes, settings.estimator)
    modes, size = len(work.cost), min(LIVE_TRACKS, n + 1)
    looks = look_intervals(sensors, len(plots.sensors))
    reports = _reports(plots, order, looks)
    reporting = np.zeros(len(plots.sensors), np.bool_)
    reporting[reports.n[:, R_SENSOR]] = True
    rules = _rules(
        settings, single_stereo_ok,
        (detection_probability, clutter_per_m3, clutter_per_sr), _pair_window(reports, looks),
    )  # fmt: skip
    rows, *arrays = run(
        make_slots(size, modes=modes, sensors=len(plots.sensors)), reports, rules,
        grade_limits(settings), eyes_of(sensors, len(plots.sensors), reporting), work,
        np.zeros(3, np.int64), make_out(2 * n + 1, modes=len(MODES)),
        1 if settings.association == "joint" else None, 1 if single_look_starts else None,
        make_scratch(max(n, size)),
    )  # fmt: skip
    fate[order] = reports.n[:, R_FATE]
    return _tracks(picture, Out(*arrays), int(rows), order, fate)


def _tracks(picture: str, out: Out, count: int, order: Integers, fate: Integers) -> Tracks:
    rows = np.lexsort((out.marks[:count, 0], out.times[:count, 0]))
    times, marks = out.times[rows], out.marks[rows]
    used = marks[:, 3]
    plot = np.where(used >= 0, order[used], -1) if len(order) else used
    return Tracks(
        picture=picture, t_s=times[:, 0], t_available_s=times[:, 1],
        track=marks[:, 0].astype(np.int32), mean=out.mean[rows], cov=out.cov[rows],
        mode=out.mode[rows], status=marks[:, 1].astype(np.int32),
        grade=marks[:, 2].astype(np.int32), plot=plot.astype(np.int32), plots=len(fate),
        innovation2=times[:, 2], innovation_size=marks[:, 4].astype(np.int32),
        fate=fate.astype(np.int32),
    )  # fmt: skip


def _pair_window(reports: Reports, looks: Floats) -> float:
    """Longest time between the lines of sight of two satellites for a fix [s].

    However two frames of one length are out of step, half of it lies between two looks.
    """
    frames = looks[reports.n[np.isnan(reports.f[:, R_RANGE_M]), R_SENSOR]]
    return max(PAIR_WINDOW_S, float(np.ceil(0.5 * frames.max(initial=0.0))))


def _reports(plots: Plots, order: Integers, looks: Floats) -> Reports:
    """Columns of the admitted plots; copies, so that the kernel meets one type of array."""
    n, ranged = len(order), ~np.isnan(plots.range_m[order])
    rate, sigma_rate = rates_of(plots, order)
    floats = (
        plots.t_s[order], plots.t_available_s[order], plots.range_m[order],
        plots.sigma_los_rad[order], np.where(ranged, plots.sigma_range_m[order], np.nan), rate,
        sigma_rate,
        np.maximum(np.where(ranged, LOOK_RADAR_S, LOOK_INFRARED_S), looks[plots.sensor[order]]),
    )  # fmt: skip
    marks = np.zeros((n, 4), np.int64)
    marks[:, R_SENSOR], marks[:, R_FATE] = plots.sensor[order], UNUSED
    return Reports(
        f=np.stack(floats, axis=1), n=marks,
        place=np.stack((plots.site_m[order], plots.los[order]), axis=1), axes=np.empty((n, 2, 3)),
    )  # fmt: skip


def _rules(
    settings: TrackSettings, single_ok: bool, joint: tuple[float, float, float], pair_s: float
) -> Rules:
    p = settings
    gates = [float(chdtri(k, 1.0 - p.gate_probability)) for k in (1, 2, 3)]
    return Rules(
        hits=int(p.confirm_hits), looks=int(p.confirm_looks), gate1=gates[0], gate2=gates[1],
        gate3=gates[2], pair_s=pair_s, drop_s=float(p.drop_after_s), drop_m=float(p.drop_sigma_m),
        drop_misses=int(p.drop_misses), speed=float(p.speed_limit_mps),
        joint_limit=int(p.joint_limit), detection=float(joint[0]),
        gate=float(p.gate_probability), clutter_m3=float(joint[1]), clutter_sr=float(joint[2]),
        single_ok=single_ok, template=TEMPLATE,
    )  # fmt: skip

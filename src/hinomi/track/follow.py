"""From plots to tracks of one picture: a batch tracker that never looks at the truth.

Every second with plots, and every two seconds between, each live track is predicted (`slots`); the
plots of each sensor are given to the tracks by least total distance (`assign`), confirmed tracks
first; what is left feeds and starts tentative tracks. A track of grade W or better uses one plot a
second, the most informative; further plots in its gate start nothing.

Method: multiple-model extended Kalman filter with global nearest neighbour, Blackman & Popoli,
Design and Analysis of Modern Tracking Systems (1999). Nothing is concluded from the absence of a
plot: after burnout a track fed only by infrared stays undecided between boost and coast.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from scipy.special import chdtri

from hinomi.records.plots import Plots
from hinomi.records.tracks import Tracks, TrackSettings
from hinomi.track.batch import run
from hinomi.track.filter import make_work
from hinomi.track.grade import grade_limits
from hinomi.track.slots import make_slots

LIVE_TRACKS: Final = 256  # when all are taken nothing new starts


def follow(plots: Plots, *, settings: TrackSettings, picture: str) -> Tracks:
    """Track every body that the plots show.

    Parameters
    ----------
    plots
        sorted by time [s]; `body` is not read.
    settings
        numbers of the tracker.
    picture
        name of the picture: whose plots these are.

    Returns
    -------
    Tracks
        one row a track and second with a plot, sorted by time then track, tentative rows included;
        one last row DROPPED for each track that was confirmed. Positions m, velocities m/s,
        specific force m/s2.
    """
    n = len(plots.t_s)
    p, room = settings, 2 * n + 1
    outside = 1.0 - p.gate_probability
    gates = [float(chdtri(k, outside)) for k in (1, 2, 3)]
    config = np.array(
        [p.confirm_hits, p.confirm_looks, gates[1], gates[2], p.drop_after_s, p.drop_sigma_m,
         p.speed_limit_mps, gates[0]], dtype=np.float64,
    )  # fmt: skip
    times = np.empty((room, 3))
    mean, cov, mode = np.empty((room, 9)), np.empty((room, 9, 9)), np.empty((room, 4))
    marks = np.empty((room, 5), np.int64)
    count = run(
        plots.t_s, plots.t_available_s, plots.sensor, plots.site_m, plots.los, plots.range_m,
        plots.sigma_los_rad, plots.sigma_range_m, config, grade_limits(p),
        make_slots(min(LIVE_TRACKS, n + 1)), make_work(), times, mean, cov, mode, marks,
    )  # fmt: skip
    order = np.lexsort((marks[:count, 0], times[:count, 0]))
    return Tracks(
        picture=picture, t_s=times[order, 0], t_available_s=times[order, 1],
        track=marks[order, 0], mean=mean[order], cov=cov[order], mode=mode[order],
        status=marks[order, 1], grade=marks[order, 2], plot=marks[order, 3], plots=n,
        innovation2=times[order, 2], innovation_size=marks[order, 4],
    )  # fmt: skip

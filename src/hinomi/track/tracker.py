"""What any tracker looks like to hinomi: plots in, tracks out, and never the truth."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

import numpy as np

from hinomi.records.plots import FALSE_PLOT, Plots
from hinomi.records.tracks import Tracks, TrackSettings


class Tracker(Protocol):
    """A function from plots to tracks; `hinomi.track.follow.follow` is one.

    It is given plots whose `body` is blank (`without_truth`) and returns `Tracks` of exactly these
    plots: Earth-fixed means [m, m/s] and covariances, `Tracks.plots` the number of plots given,
    `Tracks.plot` the index of the plot that a row used.
    """

    def __call__(self, plots: Plots, *, settings: TrackSettings, picture: str) -> Tracks:
        """Track every body that the plots show; `picture` names the result."""


def without_truth(plots: Plots) -> Plots:
    """Copy of the plots in which no plot says which body caused it."""
    return replace(plots, body=np.full(len(plots.t_s), FALSE_PLOT, np.int32))

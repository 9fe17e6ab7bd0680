"""Predicted end points of tracks and the probabilities that alerted units are affected.

One compiled call computes every forecast of a picture. A fixed even cover of the uncertain
quantities stands for the prior: state error, motion mode, class, burn left, lift-to-drag ratio,
bank plan, early end, terminal speed. Coasting samples differ from one full-physics flight of the
mean by their Kepler arcs; burning samples follow the class's mean gravity turn to a cut-off
anywhere in the burn left; what can glide falls to where its lift counts and follows the glide law.
The prior is neutral: no intent, no list of targets.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from hinomi.flight.forces import FAST
from hinomi.records.alerts import WarningPolicy
from hinomi.records.columns import Floats
from hinomi.records.flights import ThreatClass
from hinomi.records.places import AlertUnits
from hinomi.records.tracks import Forecasts, Tracks
from hinomi.warn.area import figures_of, hit, over
from hinomi.warn.belief import make_belief
from hinomi.warn.ends import PATH, ends_of, make_room
from hinomi.warn.epochs import forecast_epochs
from hinomi.warn.points import POINTS, TRACKED, points
from hinomi.warn.prior import Prior, prior_of


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST)
def _predict(  # type: ignore[no-untyped-def]
    rows,
    mean,
    cov,
    mode,
    columns,
    stages,
    counts,
    cover,
    paths,
    grid,
    cell_first,
    cell_last,
    entry_unit,
    entry_weight,
    over_first,
    over_last,
    over_unit,
    numbers,
    p_hit,
    p_over,
    ends,
):
    """All forecasts of a picture; `ends` holds the samples of the last one afterwards."""
    nodes, stamp = np.zeros(len(paths), np.int64), np.zeros(p_over.shape[1], np.int64)
    belief, room = make_belief(len(columns), mode.shape[1]), make_room(len(cover))
    times, distances = np.empty(len(ends)), np.empty(len(ends))
    for f in range(rows.size):
        i = rows[f]
        ends_of(
            mean[i], cov[i], mode[i], columns, stages, counts, cover, ends, paths, nodes, belief,
            room,
        )  # fmt: skip
        figures_of(ends, times, distances, numbers[f])
        if p_hit.shape[1] > 0:
            hit(ends, grid, cell_first, cell_last, entry_unit, entry_weight, p_hit[f])
            over(paths, nodes, grid, over_first, over_last, over_unit, stamp, p_over[f])


def _nowhere() -> AlertUnits:
    """No unit at all, for samples alone; read-only too, so the kernel has one signature."""
    cells, entries = np.zeros((0, 0), dtype=np.int32), np.zeros(0, dtype=np.int32)
    return AlertUnits(
        names=(),
        unit_of_place=entries,
        south_deg=0.0,
        west_deg=0.0,
        step_deg=1.0,
        cell_first=cells,
        cell_last=cells,
        entry_unit=entries,
        entry_weight=np.zeros(0),
        over_first=cells,
        over_last=cells,
        over_unit=entries,
        buffer_m=0.0,
        kernel_m=0.0,
    )


def _run(
    tracks: Tracks, rows: NDArray[Any], units: AlertUnits, prior: Prior
) -> tuple[Floats, Floats, Floats, Floats]:
    """Figures (F, 9), p_hit and p_over (F, U) and the samples (K, 3) of the last row."""
    numbers = np.zeros((rows.size, 9))
    p_hit, p_over = np.zeros((rows.size, len(units.names))), np.zeros((rows.size, len(units.names)))
    ends = np.zeros((POINTS, 3))
    _predict(
        rows.astype(np.int64),
        tracks.mean,
        tracks.cov,
        tracks.mode,
        prior.columns,
        prior.stages,
        prior.counts,
        points(),
        np.zeros((TRACKED, PATH, 2)),
        np.array([units.south_deg, units.west_deg, units.step_deg]),
        units.cell_first,
        units.cell_last,
        units.entry_unit,
        units.entry_weight,
        units.over_first,
        units.over_last,
        units.over_unit,
        numbers,
        p_hit,
        p_over,
        ends,
    )
    return numbers, p_hit, p_over, ends


def predict(
    tracks: Tracks, *, units: AlertUnits, policy: WarningPolicy, classes: Sequence[ThreatClass]
) -> Forecasts:
    """Forecast the end of every track of a picture, from track grade W on.

    Parameters
    ----------
    tracks
        one picture.
    units
        what is alerted, with its membership grids.
    policy
        `forecast_first_s` and `forecast_later_s` are read; see `forecast_epochs` for the rule.
    classes
        what may fly; all equally likely as far as they fit what is seen.

    Returns
    -------
    Forecasts
        sorted by availability; forecasts of which no sample comes down are left out.

    Raises
    ------
    ScenarioError
        when `classes` is empty or cannot be packed.
    """
    rows, times = forecast_epochs(
        tracks, first_s=policy.forecast_first_s, later_s=policy.forecast_later_s
    )
    return forecast_rows(tracks, rows=rows, times=times, units=units, classes=classes)[0]


def forecast_rows(
    tracks: Tracks,
    *,
    rows: NDArray[Any],
    times: Floats,
    units: AlertUnits,
    classes: Sequence[ThreatClass],
) -> tuple[Forecasts, Floats]:
    """Forecast from given rows of `tracks`, available at `times`.

    Returns
    -------
    Forecasts
        as of `predict`.
    (K, 3)
        samples of the last row: latitude, longitude [deg], seconds after the state.
    """
    numbers, p_hit, p_over, ends = _run(tracks, rows, units, prior_of(classes))
    ends[:, :2] = np.degrees(ends[:, :2])
    keep = ~np.isnan(numbers[:, 0])
    chances = p_hit[keep], p_over[keep]
    return as_forecasts(
        tracks, rows[keep], times[keep], units, numbers[keep], chances, POINTS
    ), ends


def as_forecasts(
    tracks: Tracks,
    rows: NDArray[Any],
    times: Floats,
    units: AlertUnits,
    numbers: Floats,
    chances: tuple[Floats, Floats],
    samples: int,
) -> Forecasts:
    """Put figures (F, 9) of `area.figures` and probabilities (F, U) into the record."""
    return Forecasts(
        picture=tracks.picture,
        units=units.names,
        track=tracks.track[rows],
        t_s=tracks.t_s[rows],
        t_available_s=times,
        grade=tracks.grade[rows],
        p_hit=chances[0],
        p_over=chances[1],
        end_lat_deg=numbers[:, 0],
        end_lon_deg=numbers[:, 1],
        end_cov_km2=numbers[:, 2:5],
        end_t_s=tracks.t_s[rows] + numbers[:, 5],
        end_t_low_s=tracks.t_s[rows] + numbers[:, 6],
        end_t_high_s=tracks.t_s[rows] + numbers[:, 7],
        spread_km=numbers[:, 8],
        samples=samples,
    )


def samples_of(tracks: Tracks, *, row: int, classes: Sequence[ThreatClass]) -> Floats:
    """End points of the samples of one row of `tracks`: (K, 2) latitude, longitude [deg].

    Rows are NaN where a sample does not come down. For pictures; `predict` uses the same samples.
    """
    _, _, _, ends = _run(tracks, np.array([row]), _nowhere(), prior_of(classes))
    degrees: Floats = np.degrees(ends[:, :2])
    return degrees

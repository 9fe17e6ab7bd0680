"""The full predictor: random samples of the prior, every one flown with the whole physics.

The prior is that of `hinomi.warn.predict`, number for number: modes by their probabilities, classes
that fit what is seen, a cut-off anywhere in the burn left, lift-to-drag ratio, bank plan, early end
and terminal speed. What differs is that samples are random and addressed instead of an even cover,
and that nothing is a closed form: thrust with air and back pressure, the flight integrator to the
ground. Probabilities are shares k / K of the samples.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

from hinomi.earth.wgs84 import MEAN_RADIUS_M, ROTATION_RAD_S
from hinomi.flight.body import BANKS, GLIDES, STAGES
from hinomi.flight.endpoint import apogee_radius_m
from hinomi.flight.forces import ENGINE
from hinomi.flight.pointmass import RESULT
from hinomi.records.alerts import WarningPolicy
from hinomi.records.columns import Floats, Ints
from hinomi.records.draws import Draws, normal
from hinomi.records.flights import ThreatClass
from hinomi.records.places import AlertUnits, Places
from hinomi.records.tracks import MODE_BOOST, MODE_COAST, Forecasts, Tracks
from hinomi.warn.area import figures
from hinomi.warn.belief import PACE, make_belief, mode_of, pick, what_it_may_be
from hinomi.warn.ends import (
    GAIN_SPREAD,
    GLIDER_APOGEE_M,
    LIFT_SHARE_LOW,
    LIFT_SHARE_SPAN,
    bank_plan,
    burnt_s,
    early_end_s,
)
from hinomi.warn.epochs import forecast_epochs
from hinomi.warn.municipal import count_hits, count_overs, share_interval
from hinomi.warn.onward import (
    NEVER_EARLY_S,
    ROWS,
    burn_on,
    fall_or_glide,
    glide_left_s,
    ground_track,
    plan_glide,
)
from hinomi.warn.points import (
    BURN,
    BURN_SPREAD,
    CLASS,
    LIFT,
    MODE,
    NORMALS,
    TERMINAL,
    THRUST,
)
from hinomi.warn.predict import as_forecasts
from hinomi.warn.prior import (
    BANK_LIMIT,
    BURN_TOTAL,
    GLIDE_BELOW,
    LIFT_HIGH,
    LIFT_LOW,
    LIFT_TO_DRAG,
    SPREAD,
    TERMINAL_HIGH,
    TERMINAL_LOW,
    Prior,
    prior_of,
)
from hinomi.warn.prior import GLIDES as CLASS_GLIDES

SAMPLES: Final = 500  # error of a share of 0.1: 0.013; a threshold of 0.01 needs 2,000
UNKNOWNS: Final = 20  # numbers of one sample: eight normals, twelve uniforms
TRACK_NODES: Final = ROWS + 2
KIND: Final = "truth"  # kind of the addressed draws; the entity says that it is a forecast


@njit(cache=True, nogil=True, error_model="numpy")
def _glide_plan(s, cls, u, body, banks, switches):  # type: ignore[no-untyped-def]
    """Put the sample's lift, terminal speed and bank plan into the body; returns the early end [s]."""
    lift = cls[LIFT_TO_DRAG] * (LIFT_SHARE_LOW + LIFT_SHARE_SPAN * u[LIFT])
    if cls[LIFT_HIGH] > 0.0:
        lift = min(cls[LIFT_HIGH], max(cls[LIFT_LOW], lift))
    end = cls[TERMINAL_LOW] + u[TERMINAL] * (cls[TERMINAL_HIGH] - cls[TERMINAL_LOW])
    left = glide_left_s(s, cls[GLIDE_BELOW], end, lift)
    count = bank_plan(u, left, cls[BANK_LIMIT], banks, switches)
    plan_glide(body, lift, end, banks, switches, count)
    return early_end_s(u, left)


@njit(cache=True, nogil=True, error_model="numpy")
def sampled_ends(  # type: ignore[no-untyped-def]
    mean, cov, mode, columns, stages, counts, bodies, points, ends, paths, nodes
):
    """Where each random sample of one track state ends, flown with the whole physics.

    Parameters
    ----------
    mean, cov, mode
        (9,), (9, 9), (M,) of one row of `Tracks`.
    columns, stages, counts, bodies
        of `Prior`, C classes.
    points
        (K, UNKNOWNS): eight standard normals, then uniforms, at the places of `points`.
    ends
        (K, 3) written: latitude, longitude [rad], seconds from the state; NaN where a sample does
        not come down.
    paths, nodes
        (T, N, 2), (T,) written for the first T samples: ground track [rad] and its nodes.
    """
    belief = make_belief(len(columns), len(mode))
    lat0, lon0, total = what_it_may_be(mean, cov, mode, columns, stages, counts, belief)
    lower, fits, gliders, burning, share, clock, _ = belief
    banks, switches = np.zeros(3), np.zeros(2)
    s, engine = np.zeros(6), np.zeros(ENGINE)
    result, start = np.zeros(RESULT), np.zeros(12)
    rows = np.zeros((ROWS if len(paths) > 0 else 0, 6))
    for k in range(len(points)):
        u = points[k]
        for i in range(6):
            s[i] = mean[i]
            for j in range(i + 1):
                s[i] += lower[i, j] * u[j]
        t = 0.0
        m = mode_of(u[MODE] * total, share)
        c = pick(u[CLASS], burning) if m == MODE_BOOST else -1
        if c >= 0:
            slow = max(0.1, 1.0 + columns[c, SPREAD] * u[BURN_SPREAD])
            t = burnt_s(u[BURN], columns[c, BURN_TOTAL], clock[c, 0]) / clock[c, PACE] * slow
            gain = 1.0 + GAIN_SPREAD * u[THRUST]
            burn_on(s, clock[c, 0], t, clock[c, PACE] / slow, gain, bodies[c], engine)
        elif m > MODE_COAST:
            c = pick(u[CLASS], gliders)
        if c < 0:
            c = pick(u[CLASS], fits)
        body = bodies[c].copy()
        body[STAGES] = body[GLIDES] = body[BANKS] = 0.0
        early = NEVER_EARLY_S
        apogee = apogee_radius_m(s[0], s[1], s[2], s[3], s[4], s[5], ROTATION_RAD_S)
        if columns[c, CLASS_GLIDES] > 0.0 and apogee < MEAN_RADIUS_M + GLIDER_APOGEE_M:
            early = _glide_plan(s, columns[c], u, body, banks, switches)
        here = rows if k < len(paths) else rows[:0]
        down, lat, lon, seconds, written = fall_or_glide(s, body, early, here, result, start)
        if not down:
            ends[k, 0], ends[k, 1], ends[k, 2] = np.nan, np.nan, np.nan
        else:
            ends[k, 0], ends[k, 1], ends[k, 2] = lat, lon, t + seconds
        if k < len(paths):
            nodes[k] = ground_track(lat0, lon0, rows, written, lat, lon, paths[k]) if down else 0


@njit(cache=True, nogil=True, error_model="numpy")
def _predict(  # type: ignore[no-untyped-def]
    mean, cov, mode, columns, stages, counts, bodies, points, origin, top, tiles, unit_of_place,
    radius, near, grid, ends, paths, nodes, hits, overs, unit_hits, unit_overs,
):  # fmt: skip
    """One forecast: samples, then their counts by municipality and by unit."""
    sampled_ends(
        mean, cov, mode, columns, stages, counts, bodies, points, ends, paths, nodes
    )  # fmt: skip
    count_hits(ends, radius, origin, top, tiles, unit_of_place, hits, unit_hits)
    count_overs(
        paths, nodes, radius, near, grid, origin, top, tiles, unit_of_place, overs, unit_overs
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Chances:
    """Shares of the samples of each forecast by municipality, with 90 % intervals of chance.

    Rows are those of the `Forecasts` they come with.
    """

    samples: int
    hits: Ints  # (F, P) samples that end within the buffer of a municipality
    overs: Ints  # (F, P) samples whose ground track passes within the buffer

    def p_hit(self) -> Floats:
        """(F, P) shares, on which decisions rest."""
        return self.hits / self.samples

    def p_over(self) -> Floats:
        """(F, P) shares."""
        return self.overs / self.samples

    def hit_interval(self) -> tuple[Floats, Floats]:
        """(F, P) low and high of the hit shares, shown only."""
        return share_interval(self.hits.astype(np.float64), self.samples)

    def over_interval(self) -> tuple[Floats, Floats]:
        """(F, P) low and high of the overflight shares, shown only."""
        return share_interval(self.overs.astype(np.float64), self.samples)


def unknowns(draws: Draws, entity: str, samples: int) -> Floats:
    """(samples, UNKNOWNS) random numbers of one forecast, addressed by what it is about."""
    u = draws.uniforms(KIND, entity, samples * UNKNOWNS).reshape(samples, UNKNOWNS)
    _normals(u)
    return u


@njit(cache=True, nogil=True, error_model="numpy")
def _normals(u):  # type: ignore[no-untyped-def]
    """Turn the first NORMALS uniforms of each row into standard normals, in place."""
    for k in range(len(u)):
        for d in range(NORMALS):
            u[k, d] = normal(u[k, d])


def sample_ends(
    tracks: Tracks, *, row: int, classes: Sequence[ThreatClass], numbers: Floats
) -> Floats:
    """Ends (K, 3) of random samples of one row: latitude, longitude [deg], seconds after the state.

    `numbers` (K, UNKNOWNS) as of `unknowns`; a row is NaN where a sample does not come down.
    """
    prior = prior_of(classes)
    ends = np.empty((len(numbers), 3))
    sampled_ends(
        tracks.mean[row], tracks.cov[row], tracks.mode[row], prior.columns, prior.stages,
        prior.counts, prior.bodies, numbers, ends, np.empty((0, TRACK_NODES, 2)),
        np.zeros(0, np.int64),
    )  # fmt: skip
    ends[:, :2] = np.degrees(ends[:, :2])
    return ends


def forecast_fully(
    tracks: Tracks,
    *,
    units: AlertUnits,
    places: Places,
    policy: WarningPolicy,
    classes: Sequence[ThreatClass],
    draws: Draws,
    samples: int = SAMPLES,
) -> tuple[Forecasts, Chances]:
    """Forecast as `hinomi.warn.predict.predict`, by random samples flown with the whole physics.

    Parameters
    ----------
    tracks, units, policy, classes
        as for `predict`. Shares count an end point within `units.buffer_m` of a municipality, and
        a ground track that passes that near; nothing is smoothed.
    places
        municipalities and their cells.
    draws
        one stream for each track and time of a state.
    samples
        K; a threshold P on a share needs 20 / P.

    Returns
    -------
    Forecasts, Chances
        the same record as the other predictor's, and the counts by municipality.

    Raises
    ------
    ScenarioError
        when `classes` is empty or cannot be packed.
    """
    rows, times = forecast_epochs(
        tracks, first_s=policy.forecast_first_s, later_s=policy.forecast_later_s
    )
    return forecast_rows_fully(
        tracks, rows=rows, times=times, units=units, places=places, classes=classes, draws=draws,
        samples=samples,
    )[:2]  # fmt: skip


def forecast_rows_fully(
    tracks: Tracks,
    *,
    rows: NDArray[Any],
    times: Floats,
    units: AlertUnits,
    places: Places,
    classes: Sequence[ThreatClass],
    draws: Draws,
    samples: int = SAMPLES,
) -> tuple[Forecasts, Chances, Floats]:
    """Forecast from given rows of `tracks`, available at `times`; see `forecast_fully`.

    Returns
    -------
    Forecasts, Chances
        rows of which no sample comes down are left out.
    (K, 3)
        samples of the last row: latitude, longitude [deg], seconds after the state.
    """
    prior = prior_of(classes)
    places_n, units_n = len(places.code), len(units.names)
    hits, overs = np.zeros((rows.size, places_n)), np.zeros((rows.size, places_n))
    unit_hits, unit_overs = np.zeros((rows.size, units_n)), np.zeros((rows.size, units_n))
    numbers = np.zeros((rows.size, 9))
    ends = np.empty((samples, 3))
    for f, row in enumerate(rows):
        counts = (hits[f], overs[f], unit_hits[f], unit_overs[f])
        ends = _one(tracks, int(row), units, places, prior, draws, samples, counts)
        figures(ends, numbers[f])
    keep = ~np.isnan(numbers[:, 0])
    shares = unit_hits[keep] / samples, unit_overs[keep] / samples
    ends[:, :2] = np.degrees(ends[:, :2])
    return (
        as_forecasts(tracks, rows[keep], times[keep], units, numbers[keep], shares, samples),
        Chances(
            samples=samples,
            hits=hits[keep].astype(np.int32),
            overs=overs[keep].astype(np.int32),
        ),
        ends,
    )


def _one(
    tracks: Tracks,
    row: int,
    units: AlertUnits,
    places: Places,
    prior: Prior,
    draws: Draws,
    samples: int,
    counts: tuple[Floats, Floats, Floats, Floats],
) -> Floats:
    """Samples (K, 3) of one forecast, with their counts written."""
    ends = np.empty((samples, 3))
    entity = f"forecast|{int(tracks.track[row])}|{float(tracks.t_s[row]):.3f}"
    _predict(
        tracks.mean[row], tracks.cov[row], tracks.mode[row], prior.columns, prior.stages,
        prior.counts, prior.bodies, unknowns(draws, entity, samples), places.mesh.origin,
        places.mesh.top, places.mesh.tiles, units.unit_of_place, units.buffer_m,
        (units.over_last - units.over_first).astype(np.int32),
        np.array([units.south_deg, units.west_deg, units.step_deg]), ends,
        np.empty((samples, TRACK_NODES, 2)), np.zeros(samples, np.int64), *counts,
    )  # fmt: skip
    return ends

"""How good one picture of one replicate was: every score of tracking, in long form.

The picture scored is the one on which the civil alert is decided. Bodies are threats; tracks on
spent stages are counted apart and are neither good nor false.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hinomi.records.alerts import NEVER
from hinomi.records.columns import Floats, Ints
from hinomi.records.flights import Flights
from hinomi.records.tracks import (
    CONFIRMED,
    CUE_GRADE,
    ENGAGEMENT_GRADE,
    WARNING_GRADE,
    Tracks,
)
from hinomi.score.consistency import innovations
from hinomi.score.gospa import CUTOFF_M, gospa
from hinomi.score.lifting import class_scores
from hinomi.score.phases import (
    ALL,
    FLOWN,
    RowErrors,
    by_phase,
    row_errors,
)
from hinomi.score.siap import ABSENT, assigned_bodies, siap
from hinomi.score.snapshots import Snapshots, snapshots
from hinomi.study.tables import Columns

STEP_S: Final = 10.0  # setting: pictures are looked at this often; one frame of a slow sensor
LEAST_RIGHT: Final = math.log(2.0)  # a better log score gave the true class more than one half
# Measures and their units; `docs/tracking_scores.md` says what each means.
UNITS: Final[Mapping[str, str]] = {
    "position_rmse_m": "m",
    "velocity_rmse_mps": "m/s",
    "claimed_position_m": "m",
    "claimed_velocity_mps": "m/s",
    "nees": "1",
    "inside_share": "1",
    "nis": "1",
    "completeness": "1",
    "ambiguity": "1",
    "spuriousness": "1",
    "position_accuracy_m": "m",
    "velocity_accuracy_mps": "m/s",
    "continuity": "1",
    "number_changes": "changes/h",
    "gospa_m": "m",
    "gospa_localisation_m": "m",
    "gospa_missed_m": "m",
    "gospa_false_m": "m",
    "to_detection_s": "s",
    "to_w_s": "s",
    "to_q_s": "s",
    "to_e_s": "s",
    "reached_w": "1",
    "reached_q": "1",
    "reached_e": "1",
    "class_log_score": "1",
    "class_right": "1",
    "stage_tracks": "tracks",
    "astray_rows": "rows",
}
GRADE_NAMES: Final = {"w": WARNING_GRADE, "q": CUE_GRADE, "e": ENGAGEMENT_GRADE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """One figure; `count` says over how many (bodies, rows, times ...) it was taken."""

    phase: str
    measure: str
    value: float
    count: int


def track_scores(
    tracks: Tracks,
    flights: Flights,
    *,
    joined: Mapping[int, int],
    detected_s: Floats | None = None,
    step_s: float = STEP_S,
    cutoff_m: float = CUTOFF_M,
) -> list[Score]:
    """Every score of a picture against the truth.

    Parameters
    ----------
    tracks
        the picture, also of a tracker of your own: the record is all that is read.
    flights
        the truth.
    joined
        number of a track -> body it followed, -1 for none (`study.outcome.bodies_of`).
    detected_s
        (B,) when the picture's owner first had a plot of each body; left out where not given.
    step_s
        the picture is looked at this often, from the first ignition to the last arrival [s].
    cutoff_m
        a track at least this far from a body does not stand for it [m].

    Returns
    -------
    list of Score
        measures of UNITS, of the whole flight ("all"), of its phases and after changes of phase.
    """
    bodies = _by_number(tracks, joined)
    threats = np.flatnonzero(np.asarray(flights.parent, np.int32) < 0).astype(np.int32)
    if not len(threats):
        return []
    grid = _grid(flights, threats, step_s)
    view = snapshots(tracks, grid)
    own = np.isin(bodies, threats)
    rows = view.row[(view.row >= 0) & (view.age_s < step_s)]
    errors = row_errors(tracks, flights, rows=rows, bodies=np.where(own, bodies, -1))
    picture = _whole(flights, threats, view, bodies, cutoff_m)
    return [
        *_errors(errors),
        *_innovations(tracks, flights, np.where(own, bodies, -1)),
        *picture,
        *_times(tracks, flights, threats, bodies, detected_s),
        *_classes(tracks, flights, errors),
        Score(phase=ALL, measure="astray_rows", value=float(errors.astray), count=len(rows)),
    ]


def score_columns(tracks: Tracks, scores: list[Score]) -> Columns:
    """One row a score."""
    return {
        "picture": [tracks.picture] * len(scores),
        "phase": [s.phase for s in scores],
        "measure": [s.measure for s in scores],
        "value": np.array([s.value for s in scores], np.float64),
        "count": np.array([s.count for s in scores], np.int32),
        "unit": [UNITS[s.measure] for s in scores],
    }


def _by_number(tracks: Tracks, joined: Mapping[int, int]) -> Ints:
    """Body of each number of a track, -1 for none."""
    out = np.full(int(tracks.track.max(initial=-1)) + 1, -1, np.int32)
    for number, body in joined.items():
        out[number] = body
    return out


def _grid(flights: Flights, threats: Ints, step_s: float) -> Floats:
    """Times from the first ignition of a threat to the last end."""
    last = len(flights.t_s) - 1
    begin = flights.t_s[min(int(flights.first[threats].min()), last)]
    end = flights.t_s[max(int(flights.last[threats].max()), 0)]
    return np.arange(math.ceil(begin / step_s), math.floor(end / step_s) + 1) * step_s


def _errors(errors: RowErrors) -> Iterator[Score]:
    for found in by_phase(errors):
        for measure, value, count in (
            ("position_rmse_m", found.position_rmse_m, found.rows),
            ("velocity_rmse_mps", found.velocity_rmse_mps, found.rows),
            ("claimed_position_m", found.claimed_position_m, found.rows),
            ("claimed_velocity_mps", found.claimed_velocity_mps, found.rows),
            ("nees", found.nees, found.bodies),
            ("inside_share", found.inside_share, found.bodies),
        ):
            yield Score(phase=found.phase, measure=measure, value=value, count=count)


def _innovations(tracks: Tracks, flights: Flights, bodies: Ints) -> Iterator[Score]:
    """Normalised innovations of all rows on threats, by the phase of the body."""
    firm = np.flatnonzero((tracks.status == CONFIRMED) & (tracks.innovation_size > 0)).astype(
        np.int32
    )
    body = bodies[tracks.track[firm]]
    firm, body = firm[body >= 0], body[body >= 0]
    if not len(firm):
        return
    second = np.clip(np.rint(tracks.t_s[firm] - flights.t_s[0]), 0, len(flights.t_s) - 1)
    phase = flights.phase[body, second.astype(np.int64)]
    for name, number in ((ALL, None), *zip(FLOWN, range(1, len(FLOWN) + 1), strict=True)):
        value, count = innovations(tracks, firm if number is None else firm[phase == number])
        if count:
            yield Score(phase=name, measure="nis", value=value, count=count)


def _whole(
    flights: Flights, threats: Ints, view: Snapshots, bodies: Ints, cutoff_m: float
) -> Iterator[Score]:
    """Scores of the whole picture at the times of the grid."""
    times = view.t_s
    second = np.rint(times - flights.t_s[0]).astype(np.int64)
    phase = flights.phase[np.ix_(threats, second)].T
    r = flights.r_m[threats][:, second].transpose(1, 0, 2)
    v = flights.v_mps[threats][:, second].transpose(1, 0, 2)
    flies = np.isfinite(r[..., 0])
    followed = bodies[view.track]
    stage = (followed >= 0) & ~np.isin(followed, threats)
    column = np.full(len(flights.bodies) + 1, -1, np.int32)  # the last entry is for -1
    column[threats] = np.arange(len(threats))
    keep = ~stage
    here = (view.row >= 0)[:, keep]
    gap = view.r_m[:, keep, None, :] - r[:, None, :, :]
    distance = np.sqrt((gap * gap).sum(axis=3))
    there = {"tracks_there": here, "bodies_there": flies}
    yield from _gospa(distance, there, cutoff_m)
    assigned = assigned_bodies(
        distance, **there, followed=column[followed[keep]], cutoff_m=cutoff_m
    )
    at = np.maximum(assigned, 0)
    speed = np.linalg.norm(
        view.v_mps[:, keep] - np.take_along_axis(v, at[:, :, None], axis=1), axis=2
    )
    found = siap(
        assigned, t_s=times, bodies_there=flies, velocity_error_mps=speed,
        position_error_m=np.take_along_axis(distance, at[:, :, None], axis=2)[:, :, 0],
    )  # fmt: skip
    held = int((assigned != ABSENT).sum())
    paired = int((assigned >= 0).sum())
    for measure, value, count in (
        ("ambiguity", found.ambiguity, paired),
        ("spuriousness", found.spuriousness, held),
        ("position_accuracy_m", found.position_accuracy_m, paired),
        ("velocity_accuracy_mps", found.velocity_accuracy_mps, paired),
        ("continuity", found.longest_share, len(threats)),
        ("number_changes", 3600.0 * found.changes_per_s, found.changes),
    ):
        if not math.isnan(value):
            yield Score(phase=ALL, measure=measure, value=value, count=count)
    yield Score(phase=ALL, measure="stage_tracks", value=float(stage.sum()), count=len(stage))
    yield from _completeness(assigned, flies, phase)


def _gospa(
    distance: Floats, there: Mapping[str, NDArray[np.bool_]], cutoff_m: float
) -> Iterator[Score]:
    """Root of the mean square over times, so that the parts add up in squares."""
    found = gospa(distance, **there, cutoff_m=cutoff_m)
    for measure, values in (
        ("gospa_m", found.distance_m),
        ("gospa_localisation_m", found.localisation_m),
        ("gospa_missed_m", found.missed_m),
        ("gospa_false_m", found.false_m),
    ):
        if len(values):
            root = float(np.sqrt(np.mean(values * values)))
            yield Score(phase=ALL, measure=measure, value=root, count=len(values))


def _completeness(assigned: Ints, flies: NDArray[np.bool_], phase: Ints) -> Iterator[Score]:
    """Share of bodies with a track, over all times and by the phase that each body is in."""
    when, track = np.nonzero(assigned >= 0)
    has = np.zeros(flies.shape, bool)
    has[when, assigned[when, track]] = True
    for name, number in ((ALL, None), *zip(FLOWN, range(1, len(FLOWN) + 1), strict=True)):
        bodies = flies if number is None else flies & (phase == number)
        count = int(bodies.sum())
        if count:
            value = float((has & bodies).sum() / count)
            yield Score(phase=name, measure="completeness", value=value, count=count)


def _times(
    tracks: Tracks, flights: Flights, threats: Ints, bodies: Ints, detected_s: Floats | None
) -> Iterator[Score]:
    """Median over threats of the time from ignition until the owner has it; inf is never."""
    count = len(flights.bodies)
    body = bodies[tracks.track]
    firsts = {} if detected_s is None else {"detection": detected_s}
    for name, grade in GRADE_NAMES.items():
        rows = tracks.grade >= grade
        firsts[name] = _first(body[rows], tracks.t_available_s[rows], count)
    for name, t_s in firsts.items():
        after = t_s[threats] - flights.launch_t_s[threats]
        middle = float(np.median(after)) if np.isfinite(after).any() else NEVER
        yield Score(phase=ALL, measure=f"to_{name}_s", value=middle, count=len(threats))
        if name in GRADE_NAMES:
            share = float(np.isfinite(after).mean())
            yield Score(phase=ALL, measure=f"reached_{name}", value=share, count=len(threats))


def _first(body: Ints, t_s: Floats, count: int) -> Floats:
    return np.array([t_s[body == b].min(initial=NEVER) for b in range(count)])


def _classes(tracks: Tracks, flights: Flights, errors: RowErrors) -> Iterator[Score]:
    _, scores = class_scores(tracks, flights, errors)
    if len(scores):
        n = len(scores)
        right = float((scores < LEAST_RIGHT).mean())
        yield Score(phase=ALL, measure="class_log_score", value=float(scores.mean()), count=n)
        yield Score(phase=ALL, measure="class_right", value=right, count=n)

"""Places within the predicted end area of a body: the clause of need that somebody who forecasts adds.

From the true state at the end of thrust, not from any picture, so it is the same in every
architecture. What is uncertain is what a forecast does not know even then: class, lift, banks, an
early end. Reads truth, like `hinomi.study.outcome`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from hinomi.records.alerts import Receipts, WarningPolicy
from hinomi.records.columns import Floats, Ints
from hinomi.records.draws import Draws
from hinomi.records.flights import ENDED, GLIDE, Flights, ThreatClass
from hinomi.records.places import Places
from hinomi.records.tracks import (
    CONFIRMED,
    MODE_COAST,
    MODE_GLIDE,
    MODES,
    WARNING_GRADE,
    Tracks,
)
from hinomi.study.outcome import Needs
from hinomi.warn.municipal import count_hits
from hinomi.warn.sampled import sample_ends, unknowns
from hinomi.warn.visitors import visitors_of

SAMPLES_OVER_THRESHOLD: Final = 20.0  # samples = this over the threshold: k = 20 there, +-22 %


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen:
    """Rows of (body, place): places that a body ends at with at least the threshold's probability."""

    body: Ints
    place: Ints
    end_s: Floats  # (W,) true end of the body, the latest moment for a warning


def foreseen(
    flights: Flights,
    places: Places,
    *,
    classes: Sequence[ThreatClass],
    draws: Draws,
    threshold: float,
    buffer_m: float,
) -> Foreseen:
    """Places that hold a share of at least `threshold` of the ends predicted from the true state.

    Parameters
    ----------
    classes
        what may fly, as the predictor of the study is told.
    draws
        one stream a body, addressed by its name.
    threshold
        on the share of the samples that end within `buffer_m` of a municipality; 20 over it
        samples are flown. 1 is never reached and flies none.
    """
    rows: list[tuple[int, int]] = []
    own = np.flatnonzero(np.asarray(flights.parent) < 0) if threshold < 1.0 else np.zeros(0, int)
    count = math.ceil(SAMPLES_OVER_THRESHOLD / threshold)
    for body in own:
        second = _after_thrust(flights, int(body))
        if second is None:
            continue
        ends = sample_ends(
            _true_state(flights, int(body), second),
            row=0,
            classes=classes,
            numbers=unknowns(draws, f"foreseen|{flights.bodies[body]}", count),
        )
        share = _hits(ends, places, buffer_m) / count
        rows += [(int(body), int(p)) for p in np.flatnonzero(share >= threshold)]
    body_of = np.array([b for b, _ in rows], np.int32)
    return Foreseen(
        body=body_of,
        place=np.array([p for _, p in rows], np.int32),
        end_s=flights.end_t_s[body_of],
    )


def _after_thrust(flights: Flights, body: int) -> int | None:
    """Index of the first whole second without thrust; None where the body does not live to it."""
    second = math.ceil(flights.burnout_t_s[body] - flights.t_s[0])
    if not flights.first[body] <= second <= flights.last[body]:
        return None
    return second if flights.phase[body, second] < ENDED else None


def _true_state(flights: Flights, body: int, second: int) -> Tracks:
    """One row of a track that knows place and velocity exactly."""
    mean, mode = np.zeros((1, 9)), np.zeros((1, len(MODES)))
    mean[0, :3], mean[0, 3:6] = flights.r_m[body, second], flights.v_mps[body, second]
    mode[0, MODE_GLIDE if flights.phase[body, second] == GLIDE else MODE_COAST] = 1.0
    t_s = flights.t_s[second : second + 1]
    return Tracks(
        picture="truth",
        t_s=t_s,
        t_available_s=t_s,
        track=np.array([body]),
        mean=mean,
        cov=np.zeros((1, 9, 9)),
        mode=mode,
        status=np.array([CONFIRMED]),
        grade=np.array([WARNING_GRADE]),
        plot=np.array([-1]),
        plots=0,
    )


def _hits(ends: Floats, places: Places, buffer_m: float) -> Floats:
    """(P,) samples that end within the buffer of each municipality."""
    counts, nobody = np.zeros(len(places.code)), np.full(len(places.code), -1, np.int32)
    radians = ends.copy()
    radians[:, :2] = np.radians(ends[:, :2])
    mesh = places.mesh
    count_hits(
        radians, buffer_m, mesh.origin, mesh.top, mesh.tiles, nobody, counts, np.zeros(0)
    )  # fmt: skip
    return counts


def marked(needs: Needs, found: Foreseen) -> Needs:
    """The same rows with 1 where the place lies in the body's predicted end area, else 0."""
    inside = set(zip(found.body.tolist(), found.place.tolist(), strict=True))
    pairs = zip(needs.body.tolist(), needs.place.tolist(), strict=True)
    return replace(needs, predicted=np.array([float(p in inside) for p in pairs]))


def foreseen_metrics(
    found: Foreseen | None,
    needs: Needs,
    received: Receipts,
    places: Places,
    policy: WarningPolicy,
) -> dict[str, float]:
    """Figures of the predicted clause alone, beside those of people in need; none without `found`.

    A place that only the prediction names is told in time when an alert reached it before the first
    of those bodies ended.
    """
    if found is None:
        return {}
    present = places.population + visitors_of(places, policy)
    everywhere = np.unique(found.place)
    only = np.setdiff1d(everywhere, needs.place)
    until = np.array([found.end_s[found.place == p].min() for p in only])
    told = only[received.first_s[only] < until] if only.size else only
    return {
        "predicted_people": float(present[everywhere].sum()),
        "predicted_only_people": float(present[only].sum()),
        "predicted_only_told_people": float(present[told].sum()),
    }

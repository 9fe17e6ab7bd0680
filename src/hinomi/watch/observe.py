"""From true flights to plots: which sensor sees what, when, and how well."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hinomi.records.columns import Floats, Ints
from hinomi.records.draws import Draws
from hinomi.records.flights import Flights
from hinomi.records.plots import Cue, Plots, Sensors
from hinomi.watch.clutter import false_plots
from hinomi.watch.look import (
    AVAILABLE,
    LOS,
    RANGE,
    SIGMA_LOS,
    SIGMA_RANGE,
    SITE,
    SNR_DB,
    TIME,
    look_all,
)
from hinomi.watch.tables import INFRARED_ROW, RADAR_ROW, infrared_row, radar_row, rows


def cued_from(flights: Flights, cues: Sequence[Cue]) -> Floats:
    """(B,) second from which a cue points at each body, inf where none does.

    A cue points at the bodies whose first position lies within its radius of its point.
    """
    start_m = flights.r_m[np.arange(len(flights.bodies)), np.asarray(flights.first)]
    since = np.full(len(flights.bodies), np.inf)
    for cue in cues:
        near = np.linalg.norm(start_m - np.asarray(cue.r_m), axis=1) <= cue.radius_m
        since[near] = np.minimum(since[near], cue.t_s)
    return since


def _looking(sensors: Sensors, owner: str | None, present: Sequence[bool] | None) -> list[bool]:
    """Which sensors look: the owner's, and there in this replicate."""
    if present is not None and len(present) != len(sensors.names):
        raise ValueError(
            f"present has {len(present)} entries; the scenario has {len(sensors.names)} sensors"
        )
    here = [True] * len(sensors.names) if present is None else [bool(p) for p in present]
    return [p and owner in (None, o) for p, o in zip(here, sensors.owners, strict=True)]


def observe(
    flights: Flights,
    sensors: Sensors,
    *,
    draws: Draws,
    cues: Sequence[Cue] = (),
    owner: str | None = None,
    present: Sequence[bool] | None = None,
) -> Plots:
    """Let every sensor look and collect the plots.

    Parameters
    ----------
    flights
        True paths on a grid of whole seconds.
    sensors
        Every sensor of the scenario; `Plots.sensor` always counts all of them.
    draws
        Streams "radar" and "infrared" of entity "SENSOR|BODY" (one block of four a look, at the
        index of its second), "bias" and "clutter" of entity "SENSOR".
    cues
        Launch events of another nation: radars that do not hold a body yet search for it with half
        the frame.
    owner
        Only this nation's sensors look; None is everybody.
    present
        Per sensor, False = not there in this replicate.

    Returns
    -------
    Plots
        By time, sensor and then measured range (or first component of the line of sight), never by
        body. `snr_db` is the mean power ratio of a radar look, 10 log10 of the amplitude ratio of
        an infrared one.

    Raises
    ------
    ValueError
        when `present` has another length than the sensors.

    Notes
    -----
    Radar: reference-range form SNR0 (R0/R)^4 (sigma/1 m2) cos^3(scan) with the reference dwell in
    every look, Swerling I; the scan angle is the azimuth off the face. No unambiguous range, no
    dwell budget: any number of bodies is tracked at the stated revisit, which is optimistic in a
    large raid. Infrared: one sensitivity, Gaussian noise. Lines of sight are free of refraction.
    `sigma_los_rad` and `sigma_range_m` hold the noise only, not the biases of a run.
    """
    on = _looking(sensors, owner, present)
    radar_count = len(sensors.radars)
    radars = rows(
        [radar_row(s, draws=draws) if on[i] else None for i, s in enumerate(sensors.radars)],
        RADAR_ROW,
    )
    satellites = rows(
        [
            infrared_row(s, draws=draws) if on[radar_count + i] else None
            for i, s in enumerate(sensors.infrared)
        ],
        INFRARED_ROW,
    )
    keys = np.concatenate(
        [
            draws.keys(kind, [f"{s.name}|{body}" for s in group for body in flights.bodies])
            for kind, group in (("radar", sensors.radars), ("infrared", sensors.infrared))
            if len(group) and len(flights.bodies)
        ]
        or [np.empty((0, 2), dtype=np.uint64)]
    ).reshape(len(sensors.names), len(flights.bodies), 2)
    measured, tags = look_all(
        flights.t_s, flights.r_m, flights.height_m, flights.intensity_w_sr, flights.rcs_m2,
        flights.first, flights.last, cued_from(flights, cues),
        radars, satellites, keys, draws.replicate, sensors.greenwich_rad,
    )  # fmt: skip
    extra = [
        false_plots(radar, radars[i], i, flights.t_s, draws=draws)
        for i, radar in enumerate(sensors.radars)
        if on[i] and radar.false_plots_per_frame > 0.0
    ]
    if any(len(m) for m, _ in extra):
        measured = np.concatenate([measured, *(m for m, _ in extra)])
        tags = np.concatenate([tags, *(g for _, g in extra)])
        column = np.where(tags[:, 0] < radar_count, measured[:, RANGE], measured[:, LOS])
        order = np.lexsort((column, tags[:, 0], measured[:, TIME]))
        measured, tags = measured[order], tags[order]
    return _plots(sensors, measured, tags)


def _plots(sensors: Sensors, measured: NDArray[Any], tags: Ints) -> Plots:
    """Make the record of these rows."""
    return Plots(
        sensors=sensors.names,
        owners=sensors.owners,
        t_s=measured[:, TIME],
        t_available_s=measured[:, AVAILABLE],
        sensor=tags[:, 0],
        site_m=measured[:, SITE : SITE + 3],
        los=measured[:, LOS : LOS + 3],
        range_m=measured[:, RANGE],
        sigma_los_rad=measured[:, SIGMA_LOS],
        sigma_range_m=measured[:, SIGMA_RANGE],
        snr_db=measured[:, SNR_DB],
        body=tags[:, 1],
    )

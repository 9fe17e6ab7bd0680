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
from hinomi.watch.clutter import false_plots, false_starts
from hinomi.watch.infrared_look import fill_orbits
from hinomi.watch.look import look_all
from hinomi.watch.measure import (
    AVAILABLE,
    LOS,
    RANGE,
    SIGMA_LOS,
    SIGMA_RANGE,
    SITE,
    SNR_DB,
    TIME,
)
from hinomi.watch.tables import INFRARED_ROW, RADAR_ROW, infrared_row, radar_row, rows, spans


def cued_from(flights: Flights, cues: Sequence[Cue]) -> Floats:
    """(B,) second from which a cue points at each body, inf where none does.

    A cue points at the bodies whose first position lies within its radius of its point; at none
    that starts after the last second of the flights.
    """
    first = np.minimum(flights.first, len(flights.t_s) - 1)
    start_m = flights.r_m[np.arange(len(flights.bodies)), first]
    start_m = np.where((flights.first <= flights.last)[:, None], start_m, np.nan)
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


def positions_m(
    sensors: Sensors, satellites: NDArray[Any], t_s: Floats, on: Sequence[bool]
) -> NDArray[np.float64]:
    """(S, T, 3) Earth-fixed places [m] of the satellites that look; the others stay at the centre.

    Those with `elements` follow `watch.ephemeris`, the rest circular orbits.
    """
    places = np.zeros((len(satellites), len(t_s), 3))
    fill_orbits(satellites, t_s, sensors.greenwich_rad, places)
    tabled = [i for i, s in enumerate(sensors.infrared) if on[i] and s.elements is not None]
    if tabled:
        from hinomi.watch.ephemeris import positions

        chosen = tuple(sensors.infrared[i] for i in tabled)
        places[tabled] = positions(chosen, t_s, greenwich_rad=sensors.greenwich_rad)
    return places


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
    Radar: reference-range form SNR0 (R0/R)^4 (sigma/1 m2) cos^3(scan), Swerling 0 or 1; the scan
    angle is the azimuth off the face. Without a budget (`track_share` infinite) every look has the
    reference dwell and any number of bodies is tracked at the stated revisit, which is optimistic
    in a large raid; with one see `watch.budget`. Bodies closer than a resolution cell give one plot
    each unless the radar `resolves`. Infrared: one sensitivity, Gaussian noise. Lines of sight are
    free of refraction. No unambiguous range. `sigma_los_rad` and `sigma_range_m` hold the noise
    only, not the biases of a run.
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
    masks = spans(radars, [s.mask_el_rad for s in sensors.radars], "mask")
    windows = spans(radars, [s.windows_s for s in sensors.radars], "window")
    later = spans(satellites, [s.windows_s for s in sensors.infrared], "window")
    satellites["window_at"] += len(windows)
    places = positions_m(sensors, satellites, flights.t_s, on[radar_count:])
    measured, tags = look_all(
        flights.t_s, flights.r_m, flights.height_m, flights.intensity_w_sr, flights.rcs_m2,
        flights.first, flights.last, cued_from(flights, cues),
        radars, satellites, places,
        np.array(masks, dtype=np.float64), np.array(windows + later, dtype=np.float64).reshape(-1, 2),
        np.array(sensors.sun), _keys(flights, sensors, draws), draws.replicate,
        sensors.greenwich_rad,
    )  # fmt: skip
    extra = [
        false_plots(radar, radars[i], i, flights.t_s, draws=draws)
        for i, radar in enumerate(sensors.radars)
        if on[i] and radar.false_plots_per_frame > 0.0
    ]
    extra += [
        false_starts(
            satellite, satellites[i], radar_count + i, places[i], flights.t_s, sensors, draws=draws
        )
        for i, satellite in enumerate(sensors.infrared)
        if on[radar_count + i] and satellite.clutter_per_hour_mkm2 > 0.0
    ]
    if any(len(m) for m, _ in extra):
        measured = np.concatenate([measured, *(m for m, _ in extra)])
        tags = np.concatenate([tags, *(g for _, g in extra)])
        column = np.where(tags[:, 0] < radar_count, measured[:, RANGE], measured[:, LOS])
        order = np.lexsort((column, tags[:, 0], measured[:, TIME]))
        measured, tags = measured[order], tags[order]
    return _plots(sensors, measured, tags)


def _keys(flights: Flights, sensors: Sensors, draws: Draws) -> NDArray[np.uint64]:
    """(sensors, bodies, 2) keys of the streams of all looks."""
    keys = [
        draws.keys(kind, [f"{s.name}|{body}" for s in group for body in flights.bodies])
        for kind, group in (("radar", sensors.radars), ("infrared", sensors.infrared))
        if len(group) and len(flights.bodies)
    ]
    joined = np.concatenate(keys) if keys else np.empty((0, 2), dtype=np.uint64)
    return joined.reshape(len(sensors.names), len(flights.bodies), 2)


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

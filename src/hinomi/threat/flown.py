"""One body that has flown: its states at whole seconds, its times and its end."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from hinomi.flight.path import Path
from hinomi.records.columns import Floats, Ints
from hinomi.records.flights import ThreatClass
from hinomi.threat.signature import fill_intensity, pack_signature


@dataclass(frozen=True, slots=True, kw_only=True)
class Flown:
    """States at the whole seconds first_s, first_s + 1 ... of one body; times since the epoch."""

    body: str
    threat_class: ThreatClass
    kind: str
    first_s: int
    r_m: Floats  # (N, 3)
    v_mps: Floats  # (N, 3)
    height_m: Floats  # (N,)
    jet_power_w: Floats  # (N,)
    phase: Ints  # (N,)
    launch_t_s: float
    burnout_t_s: float
    end_t_s: float  # inf: stays up
    end_lat_deg: float
    end_lon_deg: float
    apogee_m: float
    parent: str = ""


def whole_seconds(start_s: float, lasts_s: float) -> tuple[int, Floats]:
    """First whole second of a flight, and times after its start [s] of all whole seconds in it."""
    first = math.ceil(start_s)
    count = max(0, math.floor(start_s + lasts_s) - first + 1)
    return first, first - start_s + np.arange(count, dtype=np.float64)


def from_path(
    path: Path,
    *,
    body: str,
    threat_class: ThreatClass,
    kind: str,
    ignition_s: float,
    burnout_t_s: float | None = None,
    parent: str = "",
) -> Flown:
    """Put a flight of the integrator, timed from an ignition, on the clock of the scenario.

    The path's first row must lie on a whole second of that clock. A body that is still up at the end
    of the computation has no end: time infinity, place NaN.
    """
    first = path.t_s[0] if len(path.t_s) else path.end_t_s
    down = path.landed
    burnout = path.burnout_t_s if burnout_t_s is None else burnout_t_s
    return Flown(
        body=body,
        threat_class=threat_class,
        kind=kind,
        first_s=math.ceil(ignition_s + first - 1e-6),
        r_m=path.r_m,
        v_mps=path.v_mps,
        height_m=path.height_m,
        jet_power_w=path.jet_power_w,
        phase=path.phase,
        launch_t_s=ignition_s,
        burnout_t_s=ignition_s + burnout,
        end_t_s=ignition_s + path.end_t_s if down else math.inf,
        end_lat_deg=math.degrees(path.end_lat_rad) if down else math.nan,
        end_lon_deg=math.degrees(path.end_lon_rad) if down else math.nan,
        apogee_m=path.apogee_m,
        parent=parent,
    )


def intensity_of(flown: Flown, count: int) -> Floats:
    """(count, 2) radiant intensity [W/sr] per band of the first rows; spent stages are cold."""
    out = np.empty((count, 2))
    signature = pack_signature(flown.threat_class, hot=not flown.parent)
    fill_intensity(
        flown.v_mps[:count],
        flown.height_m[:count],
        flown.jet_power_w[:count],
        flown.phase[:count],
        signature,
        out,
    )
    return out

"""A body that flies a given way: interpolated on whole seconds, with what sensors see of its class.

Between two rows position and velocity follow the cubic through both states (Hermite). What a sensor
sees of the plume is that of the class's stages, one after another from the start, while thrust lasts.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from hinomi.earth.atmosphere import state
from hinomi.earth.gravity import G0_MPS2
from hinomi.earth.wgs84 import height_and_up
from hinomi.records.columns import Floats, Ints
from hinomi.records.flights import (
    BOOST,
    COAST,
    CRUISE_KIND,
    FALL,
    GLIDE,
    LIFTING_KINDS,
    GivenPath,
    Threat,
    ThreatClass,
)
from hinomi.threat.flown import Flown, whole_seconds
from hinomi.threat.plan import Plan

AIR_TOP_M: Final = 86_000.0  # top of the 1976 standard atmosphere's table: descent begins there
SEA_LEVEL_PA: Final = 101_325.0  # 1976 standard


def fly_given(threat: Threat, threat_class: ThreatClass, plan: Plan) -> Flown:
    """Fly the given way of a threat from its drawn start; it ends where the way ends."""
    way = threat.given
    if way is None:
        raise ValueError(f"{threat.body} has no given way")
    first, t = whole_seconds(plan.start_s, float(way.t_s[-1]))
    r, v = states(way, t)
    height, climb = _heights(r, v)
    burnout = burnout_s(way, threat_class)
    phase = phases(way, threat_class, t, height, climb, burnout)
    all_heights, _ = _heights(way.r_m, way.v_mps)
    return Flown(
        body=threat.body,
        threat_class=threat_class,
        kind=threat_class.kind,
        first_s=first,
        r_m=r,
        v_mps=v,
        height_m=height,
        jet_power_w=jet_power_w(threat_class, t, height, phase),
        phase=phase,
        launch_t_s=plan.start_s,
        burnout_t_s=plan.start_s + burnout,
        end_t_s=plan.start_s + float(way.t_s[-1]),
        end_lat_deg=threat.aim_lat_deg,
        end_lon_deg=threat.aim_lon_deg,
        apogee_m=float(max(all_heights.max(), height.max(initial=-math.inf))),
    )


def states(way: GivenPath, t_s: Floats) -> tuple[Floats, Floats]:
    """(N, 3) positions and velocities at times after the start: cubic between the rows."""
    i = np.clip(np.searchsorted(way.t_s, t_s, side="right") - 1, 0, len(way.t_s) - 2)
    h = (way.t_s[i + 1] - way.t_s[i])[:, None]
    s = np.clip((t_s - way.t_s[i])[:, None] / h, 0.0, 1.0)
    a, b, va, vb = way.r_m[i], way.r_m[i + 1], way.v_mps[i], way.v_mps[i + 1]
    r = (
        (1.0 + 2.0 * s) * (1.0 - s) ** 2 * a
        + s * (1.0 - s) ** 2 * h * va
        + s * s * (3.0 - 2.0 * s) * b
        + s * s * (s - 1.0) * h * vb
    )
    v = (
        6.0 * s * (1.0 - s) * (b - a) / h
        + (1.0 - s) * (1.0 - 3.0 * s) * va
        + s * (3.0 * s - 2.0) * vb
    )
    return r, v


def burnout_s(way: GivenPath, threat_class: ThreatClass) -> float:
    """End of thrust after the start: of the rows' phases, as told, or as long as the class burns.

    A row's phase holds until the next row, so thrust ends at the first row after the last in boost.
    """
    if (way.phase >= 0).all():
        burning = np.flatnonzero(way.phase == BOOST)
        if not len(burning):
            return 0.0
        return float(way.t_s[min(int(burning[-1]) + 1, len(way.t_s) - 1)])
    if not math.isnan(way.burnout_s):
        return min(way.burnout_s, float(way.t_s[-1]))
    return min(sum(s.burn_s for s in threat_class.stages), float(way.t_s[-1]))


def phases(
    way: GivenPath,
    threat_class: ThreatClass,
    t_s: Floats,
    height_m: Floats,
    climb_mps: Floats,
    burnout: float,
) -> Ints:
    """(N,) phase at each time: the row's own before it, or by height, climb and kind."""
    if (way.phase >= 0).all():
        i = np.clip(np.searchsorted(way.t_s, t_s, side="right") - 1, 0, len(way.t_s) - 1)
        return way.phase[i].astype(np.int32)
    out = np.full(len(t_s), COAST, np.int32)
    down = climb_mps < 0.0
    if threat_class.kind == CRUISE_KIND:
        out[:] = GLIDE
    elif threat_class.kind in LIFTING_KINDS:
        entered = np.maximum.accumulate(down & (height_m < threat_class.glide_below_m))
        out[entered] = GLIDE
    else:
        out[down & (height_m < AIR_TOP_M)] = FALL
    out[t_s <= burnout] = BOOST
    return out if burnout > 0.0 else np.where(out == BOOST, COAST, out).astype(np.int32)


def jet_power_w(threat_class: ThreatClass, t_s: Floats, height_m: Floats, phase: Ints) -> Floats:
    """(N,) thrust times exhaust speed over two, of the stage that burns then; 0 without thrust."""
    out = np.zeros(len(t_s))
    ends = np.cumsum([s.burn_s for s in threat_class.stages])
    for i in np.flatnonzero(phase == BOOST):
        if not len(ends):
            break
        # Thrust that lasts longer than the class burns is that of its last stage.
        stage = threat_class.stages[min(int(np.searchsorted(ends, t_s[i])), len(ends) - 1)]
        exhaust = stage.isp_vacuum_s * G0_MPS2
        vacuum_n = stage.propellant_kg / stage.burn_s * exhaust
        pressure = float(state(height_m[i])[1])
        thrust = vacuum_n * max(
            0.0, 1.0 - threat_class.back_pressure_share * pressure / SEA_LEVEL_PA
        )
        out[i] = 0.5 * thrust * exhaust
    return out


def _heights(r_m: Floats, v_mps: Floats) -> tuple[Floats, Floats]:
    """(N,) height above the ellipsoid and climb."""
    height, climb = np.empty(len(r_m)), np.empty(len(r_m))
    for i, (r, v) in enumerate(zip(r_m, v_mps, strict=True)):
        height[i], *up = height_and_up(*r)
        climb[i] = float(np.dot(up, v))
    return height, climb

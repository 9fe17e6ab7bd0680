"""Sensors as rows of numbers, the form in which the kernel reads them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from hinomi.earth.faces import faces_of
from hinomi.earth.sight import BENDING_LIMIT_RAD, MIXED_RULE, STRAIGHT_RULE
from hinomi.earth.wgs84 import ecef_from_geodetic, local_axes
from hinomi.flight.orbit import secular_rates
from hinomi.records.draws import Draws, normal, triangular
from hinomi.records.plots import REFRACTIONS, Infrared, Radar, Triangle
from hinomi.units import DEG_RAD

LIGHT_MPS: Final = 299_792_458.0  # exact
LEAN_RAD: Final = 0.0034  # most between the vertical of the ellipsoid and the line to the centre
IR_REFERENCE_SNR: Final = 6.0  # by definition of `Infrared.intensity_ref_w_sr`
LATENCY_SLOT: Final = 8  # of a sensor's "bias" stream; slots 0-2 are its biases

_NOWHERE = (0, 0)  # no entries in a shared list: `spans` writes where they are

_AXES = tuple(f"{axis}{part}" for axis in ("east_", "north_", "up_") for part in "xyz")

RADAR_ROW: Final = np.dtype(
    [("on", np.int64), ("revisit", np.int64), ("frame", np.int64), ("faces", np.int64)]
    + [(n, np.float64) for n in ("x", "y", "z", "size", *_AXES, "height")]
    + [(n, np.float64) for n in ("gain", "pfa", "sin_face", "cos_face", "half_sector", "cos_half")]
    + [(n, np.float64) for n in ("min_el", "sin_low", "sin_sure", "range_floor", "range_noise")]
    + [
        (n, np.float64)
        for n in ("angle_floor", "angle_noise", "latency", "bias_range", "bias_1", "bias_2")
    ]
    + [(n, np.int64) for n in ("fluctuation", "rule", "resolves")]
    + [(n, np.float64) for n in ("snr0", "share", "dwell", "cell", "cos_beam")]
    + [(n, np.int64) for n in ("mask_at", "mask_size", "window_at", "window_size")]
)

INFRARED_ROW: Final = np.dtype(
    [
        ("on", np.int64),
        ("frame", np.int64),
        ("phase", np.int64),
        ("band", np.int64),
        ("fixed", np.int64),
    ]
    + [
        (n, np.float64)
        for n in ("radius", "cos_i", "sin_i", "node", "node_rate", "argument", "argument_rate")
    ]
    + [(n, np.float64) for n in ("gain", "threshold", "angle_floor", "half_pixel", "graze")]
    + [(n, np.float64) for n in ("latency", "bias_1", "bias_2")]
    + [("tabled", np.int64), ("cold", np.int64), ("cos_field", np.float64), ("cos_sun", np.float64)]
    + [("window_at", np.int64), ("window_size", np.int64)]
)


def _fortune(
    name: str, latency_s: Triangle, sigmas: Sequence[float], draws: Draws
) -> tuple[float, ...]:
    """Latency of a sensor and its biases in this replicate; `sigmas` has at most three."""
    low, mode, high = latency_s
    u = draws.uniforms("bias", name, LATENCY_SLOT + 1)
    latency = float(triangular(u[LATENCY_SLOT], low, mode, high))
    return latency, *(float(s * normal(u[i])) if s > 0.0 else 0.0 for i, s in enumerate(sigmas))


def radar_row(radar: Radar, *, draws: Draws) -> tuple[float, ...]:
    """Fields of `RADAR_ROW` of one radar that is present."""
    lat, lon = radar.lat_deg * DEG_RAD, radar.lon_deg * DEG_RAD
    x, y, z = ecef_from_geodetic(lat, lon, radar.height_m)
    half = min(0.5 * radar.sector_rad, math.pi)
    snr0 = 10.0 ** (0.1 * radar.reference_snr_db)
    low, sure = _elevation_limits_rad(radar)
    sigmas = (radar.range_bias_m, radar.angle_bias_rad, radar.angle_bias_rad)
    return (
        1,
        radar.revisit_s,
        radar.frame_s,
        faces_of(radar.sector_rad),
        *(x, y, z, math.sqrt(x * x + y * y + z * z)),
        *local_axes(lat, lon),
        radar.height_m,
        snr0 * radar.reference_range_m**4,
        radar.false_alarm_probability,
        *(math.sin(radar.face_az_rad), math.cos(radar.face_az_rad), half, math.cos(half)),
        *(radar.min_el_rad, math.sin(low), math.sin(sure)),
        *(radar.range_floor_m, LIGHT_MPS / (2.0 * radar.bandwidth_hz * math.sqrt(2.0))),
        *(radar.angle_floor_rad, radar.beamwidth_rad / (1.6 * math.sqrt(2.0))),
        *_fortune(radar.name, radar.latency_s, sigmas, draws),
        *(radar.fluctuation, REFRACTIONS.index(radar.refraction), int(radar.resolves)),
        *(snr0, radar.track_share, radar.dwell_s),
        *(LIGHT_MPS / (2.0 * radar.bandwidth_hz), math.cos(radar.beamwidth_rad)),
        *(*_NOWHERE, *_NOWHERE),
    )


def _elevation_limits_rad(radar: Radar) -> tuple[float, float]:
    """Straight elevations below which no ray arrives, and above which every ray does."""
    rule = REFRACTIONS.index(radar.refraction)
    if rule == MIXED_RULE:
        low = max(radar.min_el_rad - BENDING_LIMIT_RAD, -0.5 * math.pi)
    elif rule == STRAIGHT_RULE:
        low = max(radar.min_el_rad - 1e-9, -0.5 * math.pi)
    else:
        low = -0.5 * math.pi  # the plain rule bends without limit as the target rises
    # The horizon is asked on a sphere, whose vertical leans from the ellipsoid's.
    return low, max(radar.min_el_rad, 0.0, *radar.mask_el_rad) + LEAN_RAD


def infrared_row(satellite: Infrared, *, draws: Draws) -> tuple[float, ...]:
    """Fields of `INFRARED_ROW` of one satellite that is present."""
    a, i = satellite.semi_major_axis_m, satellite.inclination_rad
    node_rate, argument_rate = (0.0, 0.0) if satellite.stationary else secular_rates(a, i)
    if satellite.stationary:
        i, argument = 0.0, 0.0
    else:
        argument = satellite.argument_rad
    return (
        1,
        *(satellite.frame_s, satellite.phase_s, satellite.band, int(satellite.stationary)),
        *(a, math.cos(i), math.sin(i)),
        *(satellite.node_rad, node_rate, argument, argument_rate),
        IR_REFERENCE_SNR * satellite.reference_range_m**2 / satellite.intensity_ref_w_sr,
        *(
            satellite.threshold,
            satellite.angle_floor_rad,
            0.5 * satellite.pixel_rad,
            satellite.graze_m,
        ),
        *_fortune(
            satellite.name, satellite.latency_s, (satellite.bias_rad, satellite.bias_rad), draws
        ),
        *(int(satellite.elements is not None), int(satellite.cold_only)),
        math.cos(satellite.field_rad) if satellite.field_rad < math.pi else -1.0,
        math.cos(satellite.sun_exclusion_rad) if satellite.sun_exclusion_rad > 0.0 else 1.0,
        *_NOWHERE,
    )


def rows(filled: Sequence[tuple[float, ...] | None], dtype: np.dtype[Any]) -> NDArray[Any]:
    """One array of rows; None is a sensor that does not look."""
    table = np.zeros(len(filled), dtype=dtype)
    for i, row in enumerate(filled):
        if row is not None:
            table[i] = row
    return table


def spans(table: NDArray[Any], entries: Sequence[Sequence[Any]], name: str) -> list[Any]:
    """Write where each row's entries stand (`NAME_at`, `NAME_size`) in one list of them all."""
    joined: list[Any] = []
    for i, own in enumerate(entries):
        table[f"{name}_at"][i], table[f"{name}_size"][i] = len(joined), len(own)
        joined.extend(own)
    return joined

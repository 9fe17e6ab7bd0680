"""Small records for the tests of the sensors; imports nothing from the tests."""

from __future__ import annotations

import math
import zlib
from dataclasses import replace

import numpy as np

from hinomi.earth.wgs84 import ecef_from_geodetic
from hinomi.records.draws import KINDS, fill_uniforms
from hinomi.records.flights import Flights
from hinomi.records.plots import Infrared, Radar, Sensors

KM = 1e3


class Chance:
    """Addressed draws of one seed and replicate."""

    def __init__(self, seed=1, replicate=0):
        self.seed, self.replicate = seed, replicate

    def keys(self, kind, entities):
        return np.array(
            [[self.seed, (KINDS[kind] << 32) | zlib.crc32(e.encode())] for e in entities],
            dtype=np.uint64,
        ).reshape(len(entities), 2)

    def uniforms(self, kind, entity, count, *, slot=0):
        out = np.empty(count)
        key = self.keys(kind, [entity])[0]
        fill_uniforms(key[0], key[1], self.replicate, slot, out)
        return out


RADAR = Radar(
    name="RADAR",
    owner="J",
    lat_deg=26.0,
    lon_deg=128.0,
    height_m=30.0,
    reference_range_m=1000 * KM,
    reference_snr_db=13.0,
    face_az_rad=0.0,
    sector_rad=2 * math.pi,
    min_el_rad=math.radians(1.0),
    revisit_s=1,
    frame_s=1,
    range_floor_m=25.0,
    angle_floor_rad=2e-4,
    beamwidth_rad=math.radians(1.0),
    bandwidth_hz=1e6,
    false_alarm_probability=1e-6,
    false_plots_per_frame=0.0,
    latency_s=(1.0, 2.0, 4.0),
)

LOW = Infrared(
    name="LOW",
    owner="US",
    semi_major_axis_m=7371 * KM,
    inclination_rad=math.radians(80.0),
    node_rad=0.0,
    argument_rad=0.0,
    stationary=False,
    frame_s=1,
    phase_s=0,
    band=1,
    intensity_ref_w_sr=500.0,
    reference_range_m=3000 * KM,
    threshold=5.0,
    angle_floor_rad=5e-5,
    pixel_rad=1e-4,
    bias_rad=0.0,
    graze_m=10 * KM,
    latency_s=(2.0, 5.0, 15.0),
)

HIGH = replace(
    LOW,
    name="HIGH",
    stationary=True,
    semi_major_axis_m=42_164_173.0,
    inclination_rad=0.0,
    node_rad=math.radians(128.0),
    frame_s=10,
    band=0,
    intensity_ref_w_sr=20e3,
    reference_range_m=38_000 * KM,
    angle_floor_rad=2e-5,
)


def sensors(*group, greenwich_rad=0.0):
    """A scenario's sensors."""
    return Sensors(
        radars=tuple(s for s in group if isinstance(s, Radar)),
        infrared=tuple(s for s in group if isinstance(s, Infrared)),
        greenwich_rad=greenwich_rad,
    )


def flights(*paths, seconds, rcs_m2=1.0, intensity_w_sr=0.0, first=0, last=None, names=None):
    """Bodies on paths: functions from the second to latitude, longitude [deg] and height [m]."""
    b = len(paths)
    r = np.full((b, seconds, 3), np.nan)
    height = np.full((b, seconds), np.nan)
    last = seconds - 1 if last is None else last
    for i, path in enumerate(paths):
        for k in range(first, last + 1):
            lat, lon, height[i, k] = path(k)
            r[i, k] = ecef_from_geodetic(math.radians(lat), math.radians(lon), height[i, k])
    zero = np.zeros(b)
    return Flights(
        bodies=tuple(names or (f"body-{i}" for i in range(b))),
        classes=("class",) * b,
        kinds=("ballistic",) * b,
        t_s=np.arange(seconds, dtype=float),
        r_m=r,
        v_mps=np.zeros((b, seconds, 3)),
        height_m=height,
        phase=np.zeros((b, seconds)),
        intensity_w_sr=np.full((b, seconds, 2), float(intensity_w_sr)),
        rcs_m2=np.full((b, seconds), float(rcs_m2)),
        first=np.full(b, first),
        last=np.full(b, last),
        launch_t_s=zero,
        burnout_t_s=zero,
        end_t_s=zero,
        end_lat_deg=zero,
        end_lon_deg=zero,
        apogee_m=zero,
    )


def hover(lat_deg, lon_deg, height_m):
    """A body that stays where it is."""
    return lambda k: (lat_deg, lon_deg, height_m)


def arc(start_lat, start_lon, end_lat, end_lon, top_m, seconds, delay=0):
    """A body on a parabola over the Earth."""

    def path(k):
        s = min(max((k - delay) / seconds, 0.0), 1.0)
        return (
            start_lat + (end_lat - start_lat) * s,
            start_lon + (end_lon - start_lon) * s,
            4.0 * top_m * s * (1.0 - s),
        )

    return path


def raid(n=4, seconds=600, **options):
    """n parabolas towards the islands, ten seconds and half a degree apart."""
    paths = [
        arc(39.0, 125.0 + 0.5 * i, 27.0, 127.0 + 0.5 * i, 300 * KM, 500, 10 * i) for i in range(n)
    ]
    return flights(*paths, seconds=seconds, **options)


COLUMNS = (
    "t_s",
    "t_available_s",
    "sensor",
    "site_m",
    "los",
    "range_m",
    "sigma_los_rad",
    "sigma_range_m",
    "snr_db",
)


def same(a, b, columns=(*COLUMNS, "body")):
    """Whether two sets of plots are equal to the last bit."""
    return all(
        np.array_equal(getattr(a, c), getattr(b, c), equal_nan=c not in ("sensor", "body"))
        for c in columns
    )

"""Time of a raid's looks, and look angles beside Skyfield; run with `python benchmarks/watch.py`.

The raid: 100 bodies, 200 sensors (40 radars, 8 geostationary and 152 low infrared satellites),
1,800 s, with about as many plots per body and sensor as the bundled scenario has (46). Geometry and
detection of one replicate by one process, compilation apart, median of runs.

The peer: the same positions of low satellites seen from the same places on the ground, elevation,
azimuth and distance of every pair at every second, and whether the satellite is above the horizon,
by Skyfield (`pip install skyfield`) with SGP4 and its built-in time scale. Both engines start from
satellites' orbits; each includes the places of its satellites.

    python benchmarks/watch.py --quick            a smaller raid and fewer pairs
    python benchmarks/watch.py --without-peer     hinomi alone
"""

from __future__ import annotations

import argparse
import math
import os
import statistics
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from hinomi.earth.wgs84 import ecef_from_geodetic
from hinomi.flight.orbit import GEOSTATIONARY_RADIUS_M
from hinomi.records.draws import KINDS, fill_uniforms
from hinomi.records.flights import Flights
from hinomi.records.plots import Infrared, Radar, Sensors
from hinomi.watch.angles import look_angles
from hinomi.watch.constellation import geostationary, walker
from hinomi.watch.ephemeris import positions
from hinomi.watch.observe import observe

RUNS = 5
EPOCH_JD = 2_461_000.5  # 21 November 2025, 0 h: where the elements of the peer's case begin
# Any low orbit will do: the lines of an anonymous one, 1,000 km up at 80 degrees.
MEAN_MOTION = 13.70
KM = 1e3


@dataclass
class Chance:
    """Addressed draws of one seed and replicate."""

    seed: int = 1
    replicate: int = 0

    def keys(self, kind: str, entities: Any) -> Any:
        out = np.empty((len(entities), 2), np.uint64)
        out[:, 0] = self.seed
        out[:, 1] = [(KINDS[kind] << 32) | zlib.crc32(e.encode()) for e in entities]
        return out

    def uniforms(self, kind: str, entity: str, count: int, *, slot: int = 0) -> Any:
        out = np.empty(count)
        key = self.keys(kind, [entity])[0]
        fill_uniforms(key[0], key[1], self.replicate, slot, out)
        return out


RADAR = Radar(
    name="radar", owner="A", lat_deg=26.0, lon_deg=128.0, height_m=30.0,
    reference_range_m=1000 * KM, reference_snr_db=13.0, face_az_rad=math.radians(310.0),
    sector_rad=math.radians(120.0), min_el_rad=math.radians(1.0), revisit_s=1, frame_s=5,
    range_floor_m=25.0, angle_floor_rad=2e-4, beamwidth_rad=math.radians(1.0), bandwidth_hz=1e6,
    false_alarm_probability=1e-6, false_plots_per_frame=1e-5, latency_s=(1.0, 2.0, 4.0),
)  # fmt: skip
LOW = Infrared(
    name="low", owner="A", semi_major_axis_m=7371 * KM, inclination_rad=math.radians(80.0),
    node_rad=0.0, argument_rad=0.0, stationary=False, frame_s=1, phase_s=0, band=1,
    intensity_ref_w_sr=500.0, reference_range_m=3000 * KM, threshold=5.0, angle_floor_rad=5e-5,
    pixel_rad=1e-4, bias_rad=2e-5, graze_m=10 * KM, latency_s=(2.0, 5.0, 15.0),
)  # fmt: skip
HIGH = replace(
    LOW, name="high", semi_major_axis_m=GEOSTATIONARY_RADIUS_M, frame_s=10, band=0,
    intensity_ref_w_sr=20e3, reference_range_m=38_000 * KM, angle_floor_rad=2e-5,
)  # fmt: skip


def sensors(radars: int, high: int, planes: int, each: int) -> Sensors:
    """A net of radars between 24 and 40 N, 122 and 142 E, slots in the west Pacific, and a Walker."""
    rng = np.random.default_rng(3)
    return Sensors(
        radars=tuple(
            replace(
                RADAR,
                name=f"radar-{i}",
                lat_deg=24.0 + 16.0 * rng.random(),
                lon_deg=122.0 + 20.0 * rng.random(),
                sector_rad=2.0 * math.pi if i % 2 else RADAR.sector_rad,
                reference_range_m=(200 + 2300 * rng.random() ** 2) * KM,
            )
            for i in range(radars)
        ),
        infrared=geostationary(HIGH, longitudes_rad=np.linspace(1.2, 3.0, high))
        + walker(LOW, total=planes * each, planes=planes, phasing=1),
        greenwich_rad=0.3,
    )


def raid(bodies: int, seconds: int) -> Flights:
    """Arcs of 500 s to 900 s with 100 s of boost; one body in four stays at 40 km and glows."""
    rng = np.random.default_rng(5)
    t = np.arange(seconds, dtype=float)
    r, height = np.empty((bodies, seconds, 3)), np.empty((bodies, seconds))
    glow, first, last = np.zeros((bodies, seconds, 2)), np.zeros(bodies), np.zeros(bodies)
    for b in range(bodies):
        start = int(600 * rng.random())
        length = min(int(500 + 400 * rng.random()) if b % 4 else 1100, seconds - start)
        first[b], last[b] = start, start + length - 1
        s = np.clip((t - start) / length, 0.0, 1.0)
        lat = np.radians(38.0 + 2.0 * rng.random() - 12.0 * s)
        lon = np.radians(124.0 + 4.0 * rng.random() + 8.0 * s)
        top = (100 + 400 * rng.random()) * KM
        height[b] = 4.0 * top * s * (1.0 - s) if b % 4 else np.minimum(4e5 * s, 40 * KM)
        for k in range(seconds):
            r[b, k] = ecef_from_geodetic(lat[k], lon[k], height[b, k])
        glow[b] = 3.0 if b % 4 else 8e3  # W/sr: a coasting body, a warm glider
        glow[b, start : start + 100] = 1.5e5
    zero = np.zeros(bodies)
    return Flights(
        bodies=tuple(f"body-{b}" for b in range(bodies)), classes=("class",) * bodies,
        kinds=("ballistic",) * bodies, t_s=t, r_m=r, v_mps=np.zeros_like(r), height_m=height,
        phase=np.zeros((bodies, seconds)), intensity_w_sr=glow,
        rcs_m2=np.full((bodies, seconds), 0.1), first=first, last=last, launch_t_s=first,
        burnout_t_s=first, end_t_s=last, end_lat_deg=zero, end_lon_deg=zero, apogee_m=zero,
    )  # fmt: skip


def median_s(work: Callable[[], Any]) -> float:
    """Median wall time of runs, the first one (compilation) apart."""
    work()
    times = []
    for _ in range(RUNS):
        begin = time.perf_counter()
        work()
        times.append(time.perf_counter() - begin)
    return statistics.median(times)


def looks(quick: bool) -> float:
    """Print the time of one replicate of a large raid; nanoseconds a body, sensor and second."""
    bodies, seconds = (20, 600) if quick else (100, 1800)
    group = sensors(10, 2, 4, 7) if quick else sensors(40, 8, 8, 19)
    flights = raid(bodies, seconds)
    plots = observe(flights, group, draws=Chance())
    took = median_s(lambda: observe(flights, group, draws=Chance()))
    each_ns = 1e9 * took / (bodies * len(group.names) * seconds)
    print(
        f"looks: {bodies} bodies x {len(group.names)} sensors x {seconds} s: {took:.3f} s, "
        f"{each_ns:.1f} ns each, {len(plots.t_s):,} plots; one process of {os.cpu_count()} cores"
    )
    return each_ns


def element_lines(count: int) -> list[tuple[str, str]]:
    """Two-line elements of an even ring of satellites."""

    def closed(line: str) -> str:
        total = sum(int(c) if c.isdigit() else c == "-" for c in line)
        return f"{line}{total % 10}"

    return [
        (
            closed(f"1 {i + 1:05d}U 25001A   25325.00000000  .00000000  00000-0  00000-0 0  999"),
            closed(
                f"2 {i + 1:05d}  80.0000 {360.0 * i / count:8.4f} 0001000   0.0000 "
                f"{(137.0 * i) % 360.0:8.4f} {MEAN_MOTION:11.8f}    1"
            ),
        )
        for i in range(count)
    ]


def beside_skyfield(quick: bool, look_ns: float) -> None:
    """Print times and differences of look angles and lines of sight on the same data."""
    from skyfield.api import EarthSatellite, load, wgs84

    count, places, seconds = (4, 3, 300) if quick else (20, 100, 1800)
    lines = element_lines(count)
    rng = np.random.default_rng(7)
    lat, lon = 24.0 + 16.0 * rng.random(places), 122.0 + 20.0 * rng.random(places)
    t_s = np.arange(seconds, dtype=float)
    satellites = tuple(replace(LOW, name=f"s{i}", elements=e) for i, e in enumerate(lines))
    satellites = tuple(replace(s, elements_epoch_jd=EPOCH_JD) for s in satellites)
    ground = {"lat_rad": np.radians(lat), "lon_rad": np.radians(lon), "height_m": np.zeros(places)}
    made: dict[str, Any] = {}

    def own() -> None:
        made["ours"] = look_angles(**ground, r_m=positions(satellites, t_s, greenwich_rad=0.0))

    scale = load.timescale(builtin=True)
    theirs = np.empty((places, 4, count, seconds))

    def peer() -> None:
        days = scale.utc(2025, 11, 21, 0, 0, t_s)
        objects = [EarthSatellite(*e, None, scale) for e in lines]
        for p in range(places):
            place = wgs84.latlon(lat[p], lon[p])
            for s, satellite in enumerate(objects):
                altitude, azimuth, distance = (satellite - place).at(days).altaz()
                theirs[p, 0, s], theirs[p, 1, s] = altitude.radians, azimuth.radians
                theirs[p, 2, s] = distance.m
                theirs[p, 3, s] = altitude.radians > 0.0

    own_s, peer_s = median_s(own), median_s(peer) if quick else once_s(peer)
    apart = np.abs(made["ours"] - theirs)
    pairs = apart[:, 0].size
    print(
        f"look angles and sight: {count} satellites x {places} places x {seconds} s: hinomi "
        f"{1e3 * own_s:.1f} ms ({1e9 * own_s / pairs:.1f} ns each), Skyfield {peer_s:.2f} s "
        f"({1e9 * peer_s / pairs:.0f} ns each), ratio {peer_s / own_s:.0f}; greatest difference "
        f"{np.degrees(apart[:, 0].max()):.3f} degrees of elevation, "
        f"{apart[:, 2].max() / KM:.2f} km of distance; in sight differs in "
        f"{int((apart[:, 3] > 0).sum())} of {pairs:,} cases"
    )
    print(
        f"a body, sensor and second of a raid, detection and noise included, beside Skyfield's "
        f"look angles of a pair: ratio {1e9 * peer_s / pairs / look_ns:.0f}"
    )


def once_s(work: Callable[[], Any]) -> float:
    """Wall time of one run."""
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a smaller raid and fewer pairs")
    parser.add_argument("--without-peer", action="store_true", help="hinomi alone")
    asked = parser.parse_args()
    look_ns = looks(asked.quick)
    if not asked.without_peer:
        beside_skyfield(asked.quick, look_ns)


if __name__ == "__main__":
    main()

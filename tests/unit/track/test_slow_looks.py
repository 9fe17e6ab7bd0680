"""Starts wait as long as slow sensors need: M of N counts looks, whatever lies between them."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from hinomi.earth.wgs84 import ecef_from_geodetic
from hinomi.records.plots import Infrared, Plots, Radar, Sensors
from hinomi.records.tracks import CONFIRMED
from hinomi.track.follow import follow

RADAR = Radar(
    name="slow", owner="A", lat_deg=38.0, lon_deg=128.0, height_m=0.0, reference_range_m=1.5e6,
    reference_snr_db=20.0, face_az_rad=0.0, sector_rad=2.0 * np.pi, min_el_rad=0.0, revisit_s=10,
    frame_s=20, range_floor_m=20.0, angle_floor_rad=2e-4, beamwidth_rad=0.02, bandwidth_hz=1e6,
    false_alarm_probability=1e-6, false_plots_per_frame=0.0, latency_s=(1.0, 1.0, 1.0),
)  # fmt: skip
SATELLITE = Infrared(
    name="s0", owner="A", semi_major_axis_m=42_164_173.0, inclination_rad=0.0,
    node_rad=np.radians(100.0), argument_rad=0.0, stationary=True, frame_s=5, phase_s=0, band=0,
    intensity_ref_w_sr=1e5, reference_range_m=3.6e7, threshold=5.0, angle_floor_rad=2e-5,
    pixel_rad=1e-5, bias_rad=0.0, graze_m=1e4, latency_s=(1.0, 1.0, 1.0),
)  # fmt: skip


def plots_of(looks, sensors, path, rng):
    """Plots of (second, sensor, site, ranged) looks at a body."""
    rows = []
    for t, sensor, site, ranged in looks:
        d = path[int(t), :3] - site
        r = np.linalg.norm(d)
        angle = 2e-4 if ranged else 2e-5
        u = d / r + angle * rng.normal(size=3)
        rows.append((t, sensor, *site, *(u / np.linalg.norm(u)), r if ranged else np.nan, angle))
    a = np.array(rows, float)
    ranged = ~np.isnan(a[:, 8])
    return Plots(
        sensors=sensors.names, owners=sensors.owners, t_s=a[:, 0], t_available_s=a[:, 0] + 1.0,
        sensor=a[:, 1], site_m=a[:, 2:5], los=a[:, 5:8],
        range_m=a[:, 8] + np.where(ranged, 100.0 * rng.normal(size=len(a)), 0.0),
        sigma_los_rad=a[:, 9], sigma_range_m=np.where(ranged, 100.0, np.nan),
        snr_db=np.full(len(a), 20.0), body=np.zeros(len(a)),
    )  # fmt: skip


@pytest.mark.parametrize("revisit_s", [4, 10, 20])
def test_every_series_of_three_hits_in_five_looks_is_confirmed(coasting, settings, revisit_s):
    """All 16 series that begin with a hit, counted; two hits never are."""
    path, rng = coasting(150), np.random.default_rng(3)
    site = np.array(ecef_from_geodetic(np.radians(38.0), np.radians(128.0), 0.0))
    known = Sensors(radars=(replace(RADAR, revisit_s=revisit_s),), infrared=(), greenwich_rad=0.0)
    for rest in product((False, True), repeat=4):
        hits = np.flatnonzero((True, *rest))
        looks = [(float(k * revisit_s), 0, site, True) for k in hits]
        tracks = follow(
            plots_of(looks, known, path, rng), settings=settings, picture="p", sensors=known
        )
        enough = len(hits) >= settings.confirm_hits
        assert (tracks.status == CONFIRMED).any() == enough, hits


@pytest.mark.parametrize("frame_s", [6, 10, 12, 16])
def test_two_satellites_out_of_step_start_a_track_whatever_their_frame(coasting, settings, frame_s):
    """Lines of sight half a frame apart: one confirmed track of one body."""
    path, rng = coasting(150, up=2500.0), np.random.default_rng(4)
    known = Sensors(
        radars=(), greenwich_rad=0.0,
        infrared=tuple(
            replace(SATELLITE, name=f"s{i}", frame_s=frame_s, phase_s=i * (frame_s // 2),
                    node_rad=np.radians(100.0 + 70.0 * i))
            for i in range(2)
        ),
    )  # fmt: skip
    sites = [
        42_164_173.0 * np.array([np.cos(s.node_rad), np.sin(s.node_rad), 0.0])
        for s in known.infrared
    ]
    looks = sorted(
        (float(t), i, i) for i in range(2) for t in range(known.infrared[i].phase_s, 150, frame_s)
    )
    looks = [(t, i, sites[i], False) for t, i, _ in looks]
    tracks = follow(
        plots_of(looks, known, path, rng), settings=settings, picture="p", sensors=known
    )
    assert len(np.unique(tracks.track[tracks.status == CONFIRMED])) == 1

"""Tracks end by looks missed while in view, where the sensors are known, and else by silence."""

import numpy as np
import pytest

from hinomi.records.plots import Infrared, Radar, Sensors
from hinomi.records.tracks import CONFIRMED, DROPPED
from hinomi.track.follow import follow
from hinomi.track.visible import eyes_of, sees

RADAR = Radar(
    name="radar", owner="A", lat_deg=35.8, lon_deg=135.2, height_m=100.0, reference_range_m=1.5e6,
    reference_snr_db=20.0, face_az_rad=np.radians(-60.0), sector_rad=np.radians(120.0),
    min_el_rad=np.radians(2.0), revisit_s=1, frame_s=10, range_floor_m=20.0, angle_floor_rad=5e-4,
    beamwidth_rad=0.02, bandwidth_hz=1e6, false_alarm_probability=1e-6, false_plots_per_frame=0.0,
    latency_s=(1.0, 1.0, 1.0),
)  # fmt: skip
SECOND = Radar(**{f: getattr(RADAR, f) for f in RADAR.__dataclass_fields__} | {"name": "radar 2"})
SATELLITE = Infrared(
    name="s", owner="A", semi_major_axis_m=42_164_173.0, inclination_rad=0.0,
    node_rad=np.radians(140.0), argument_rad=0.0, stationary=True, frame_s=5, phase_s=0, band=0,
    intensity_ref_w_sr=1e5, reference_range_m=3.6e7, threshold=5.0, angle_floor_rad=2e-5,
    pixel_rad=1e-5, bias_rad=0.0, graze_m=1e4, latency_s=(1.0, 1.0, 1.0),
)  # fmt: skip


def sensors(radars=(RADAR, SECOND), infrared=()):
    return Sensors(radars=radars, infrared=infrared, greenwich_rad=0.0)


def end_of(coasting, radar_plots, settings, known, seconds=60):
    plots = radar_plots([coasting(200)], np.random.default_rng(1), keep=lambda _, t: t <= seconds)
    tracks = follow(plots, settings=settings, picture="p", sensors=known)
    assert (tracks.status == CONFIRMED).any()
    return tracks.t_s[tracks.status == DROPPED][0] - seconds


def changed(radar, **fields):
    return Radar(**{f: getattr(radar, f) for f in radar.__dataclass_fields__} | fields)


def test_five_looks_missed_in_view_end_a_track(coasting, radar_plots, settings):
    wait = end_of(coasting, radar_plots, settings, sensors())
    assert settings.drop_misses <= wait <= settings.drop_misses + 2.0


@pytest.mark.parametrize(
    "fields",
    [
        {"face_az_rad": np.radians(120.0)},
        {"min_el_rad": np.radians(80.0)},
        {"mask_el_rad": (1.5,) * 8},
        {"reference_range_m": 1e4},
        {"windows_s": ((0.0, 61.0),)},
    ],
)
def test_a_track_out_of_view_is_kept_until_the_silence_is_too_long(
    coasting, radar_plots, settings, fields
):
    """Out of the sector, below the least elevation or the mask, too far, or the radar is off."""
    known = sensors(radars=(changed(RADAR, **fields), SECOND))
    wait = end_of(coasting, radar_plots, settings, known)
    assert settings.drop_after_s < wait <= settings.drop_after_s + 2.0


def test_without_sensors_silence_alone_ends_a_track(coasting, radar_plots, settings):
    wait = end_of(coasting, radar_plots, settings, None)
    assert settings.drop_after_s < wait <= settings.drop_after_s + 2.0


def test_a_sensor_that_reports_nothing_at_all_misses_nothing(coasting, radar_plots, settings):
    known = sensors(radars=(changed(RADAR, reference_range_m=1e4), changed(SECOND, frame_s=1)))
    wait = end_of(coasting, radar_plots, settings, known)
    assert wait > settings.drop_after_s


def test_a_satellite_sees_its_side_of_the_earth():
    eyes = eyes_of(sensors(radars=(), infrared=(SATELLITE,)), 1, np.array([True]))
    for lon, seen in ((140.0, True), (70.0, True), (50.0, False), (-40.0, False)):
        x, y = 6.4e6 * np.cos(np.radians(lon)), 6.4e6 * np.sin(np.radians(lon))
        assert sees(eyes, 0, 0.0, x, y, 0.0) == seen


def test_a_radar_reaches_as_far_as_its_equation_says():
    # Pd 0.3 at Pfa 1e-6 needs a ratio of ln 1e-6 / ln 0.3 - 1 = 10.475; 20 dB on 1 m2 at 1,500 km.
    eyes = eyes_of(sensors(), 2, np.array([True, True]))
    reach = 1.5e6 * (100.0 * 0.05 / 10.475) ** 0.25
    n = eyes.numbers[0]
    up, ahead = n[9:12], np.sin(RADAR.face_az_rad) * n[3:6] + np.cos(RADAR.face_az_rad) * n[6:9]
    for share, seen in ((0.999, True), (1.001, False)):
        place = n[:3] + share * reach * (0.8 * ahead + 0.6 * up)
        assert sees(eyes, 0, 0.0, *place) == seen

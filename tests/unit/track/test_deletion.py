"""Tracks end by looks missed while in view, where the sensors are known, and else by silence."""

import numpy as np
import pytest
from scipy.optimize import brentq

from hinomi.earth.sight import ray_clears_limb
from hinomi.earth.wgs84 import ecef_from_geodetic
from hinomi.records.plots import Infrared, Radar, Sensors
from hinomi.records.tracks import CONFIRMED, DROPPED
from hinomi.track.follow import follow
from hinomi.track.visible import eyes_of, sees
from hinomi.watch.ephemeris import positions
from hinomi.watch.radar_look import radar_pd, radar_signal
from hinomi.watch.tables import RADAR_ROW, radar_row, rows

RADAR = Radar(
    name="radar", owner="A", lat_deg=35.8, lon_deg=135.2, height_m=100.0, reference_range_m=1.5e6,
    reference_snr_db=20.0, face_az_rad=np.radians(-60.0), sector_rad=np.radians(120.0),
    min_el_rad=np.radians(2.0), revisit_s=1, frame_s=10, range_floor_m=20.0, angle_floor_rad=5e-4,
    beamwidth_rad=0.02, bandwidth_hz=1e6, false_alarm_probability=1e-6, false_plots_per_frame=0.0,
    latency_s=(1.0, 1.0, 1.0),
)  # fmt: skip
SITE = np.array(ecef_from_geodetic(np.radians(35.8), np.radians(135.2), 100.0))
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
    # Pd 0.6 at Pfa 1e-6 needs a ratio of ln 1e-6 / ln 0.6 - 1 = 26.045; 20 dB on 1 m2 at 1,500 km.
    eyes = eyes_of(sensors(), 2, np.array([True, True]))
    reach = 1.5e6 * (100.0 * 0.05 / 26.0455) ** 0.25
    n = eyes.numbers[0]
    up, ahead = n[9:12], np.sin(RADAR.face_az_rad) * n[3:6] + np.cos(RADAR.face_az_rad) * n[6:9]
    for share, seen in ((0.999, True), (1.001, False)):
        place = n[:3] + share * reach * (0.8 * ahead + 0.6 * up)
        assert sees(eyes, 0, 0.0, *place) == seen


class NoChance:
    replicate = 0

    def uniforms(self, kind, entity, count, *, slot=0):
        return np.full(count, 0.5)


@pytest.mark.parametrize("sector_deg", [100.0, 200.0, 360.0])
def test_a_radar_could_have_shown_what_its_own_look_shows_with_a_probability_of_0_6(sector_deg):
    """The link of the sensors: its ratio for 0.05 m2 anywhere around, scan loss of every face."""
    radar = changed(RADAR, sector_rad=np.radians(sector_deg), refraction="none")
    eyes = eyes_of(sensors(radars=(radar,)), 1, np.array([True]))
    row = rows([radar_row(radar, draws=NoChance())], RADAR_ROW)[0]
    rng = np.random.default_rng(5)
    n, told = eyes.numbers[0], []
    for _ in range(3000):
        azimuth, sine = rng.uniform(0.0, 2.0 * np.pi), rng.uniform(0.05, 0.9)
        level = np.sin(azimuth) * n[3:6] + np.cos(azimuth) * n[6:9]
        far = rng.uniform(0.3, 1.1) * 1.0e6
        place = n[:3] + far * (np.sqrt(1.0 - sine * sine) * level + sine * n[9:12])
        ratio, _ = radar_signal(row, np.zeros(1), *place, 200e3, 0.05)
        shown = ratio > 0.0 and radar_pd(row, ratio) >= 0.6
        assert sees(eyes, 0, 0.0, *place) == shown
        told.append(shown)
    assert 300 < sum(told) < 2700


def test_of_a_radar_under_a_time_budget_nothing_is_missed(coasting, radar_plots, settings):
    """Only itself knows when it comes back to what it holds."""
    busy = changed(RADAR, track_share=0.5)
    wait = end_of(coasting, radar_plots, settings, sensors(radars=(busy, SECOND)))
    assert settings.drop_after_s < wait <= settings.drop_after_s + 2.0


def test_a_satellite_could_not_have_shown_what_lies_beside_the_sun():
    """Counted against the rule itself: within 15 degrees of the Sun's direction at that second."""
    low = Infrared(
        **{f: getattr(SATELLITE, f) for f in SATELLITE.__dataclass_fields__}
        | {
            "semi_major_axis_m": 7_378e3, "inclination_rad": 1.4, "node_rad": 0.86, "stationary": False,
            "sun_exclusion_rad": np.radians(15.0),
        }
    )  # fmt: skip
    plain = Infrared(
        **{f: getattr(low, f) for f in low.__dataclass_fields__} | {"sun_exclusion_rad": 0.0}
    )
    sun, greenwich = np.array([0.6, 0.7, np.sqrt(0.15)]), 1.234
    both = Sensors(radars=(), infrared=(low, plain), greenwich_rad=greenwich, sun=tuple(sun))
    eyes = eyes_of(both, 2, np.array([True, True]))
    rng, blinded = np.random.default_rng(0), 0
    for t in np.arange(0.0, 6000.0, 20.0):
        (site,) = positions((low,), np.array([t]), greenwich_rad=greenwich)[:, 0]
        angle = greenwich + 7.2921150e-5 * t
        turn = np.array(
            [[np.cos(angle), np.sin(angle), 0.0], [-np.sin(angle), np.cos(angle), 0.0], [0, 0, 1.0]]
        )
        lit = turn @ sun
        for _ in range(50):
            place = site + 1e6 * rng.normal(size=3)
            place *= 6.578e6 / np.linalg.norm(place)
            d = place - site
            near = d @ lit > np.cos(np.radians(15.0)) * np.linalg.norm(d)
            dazzled = near and ray_clears_limb(*site, *lit, 0.0)
            free = sees(eyes, 1, t, *place)
            assert sees(eyes, 0, t, *place) == (free and not dazzled)
            blinded += free and dazzled
    assert blinded > 20


@pytest.mark.parametrize("draw", range(4))
def test_a_body_that_a_radar_shows_in_four_looks_of_ten_is_one_track(
    coasting, radar_plots, settings, draw
):
    """Plots drawn by the detection equation itself: such looks prove nothing by being missed."""
    path, rng = coasting(200, east=600.0, up=900.0), np.random.default_rng(draw)
    far = np.linalg.norm(path[:, :3] - SITE, axis=1)

    def shown(reference_m):
        ratio = 100.0 * 0.05 * (reference_m / far) ** 4
        return 1e-6 ** (1.0 / (1.0 + ratio))

    reference = brentq(lambda r: shown(r).mean() - 0.42, 1e5, 1e7)
    assert 0.3 < shown(reference).min() < shown(reference).max() < 0.6
    seen = rng.random(201) < shown(reference)
    plots = radar_plots([path], rng, keep=lambda _, t: seen[t])
    weak = changed(RADAR, reference_range_m=reference)
    tracks = follow(plots, settings=settings, picture="p", sensors=sensors(radars=(weak, SECOND)))
    assert len(np.unique(tracks.track[tracks.status == CONFIRMED])) == 1

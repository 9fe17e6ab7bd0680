"""How strong, how likely, how well measured: signals of known bodies."""

import math
from dataclasses import replace

import numpy as np
import pytest

from hinomi.earth.wgs84 import ecef_from_geodetic
from hinomi.watch.detect import gaussian_pd, swerling1_pd
from hinomi.watch.infrared_look import transmission
from hinomi.watch.observe import observe

KM = 1e3


def mean_snr_db(plots):
    assert len(plots.t_s)
    return plots.snr_db.mean()


def overhead(cases, height_m, seconds=40, **options):
    return cases.flights(cases.hover(26.0, 128.0, height_m), seconds=seconds, **options)


def true_lines(flights, plots):
    """Range and unit vector from site to body of every plot, from truth."""
    k = np.round(plots.t_s).astype(int)
    d = flights.r_m[plots.body, k] - plots.site_m
    rng = np.linalg.norm(d, axis=1)
    return rng, d / rng[:, None]


def test_radar_ratio_falls_twelve_decibels_per_range_doubling(cases):
    near, far = (
        observe(overhead(cases, h + 30.0), cases.sensors(cases.RADAR), draws=cases.Chance())
        for h in (400 * KM, 800 * KM)
    )
    assert mean_snr_db(near) - mean_snr_db(far) == pytest.approx(40 * math.log10(2), abs=1e-3)


def test_reference_range_gives_the_reference_ratio_for_one_square_metre(cases):
    plots = observe(
        overhead(cases, 1000 * KM + 30), cases.sensors(cases.RADAR), draws=cases.Chance()
    )
    assert mean_snr_db(plots) == pytest.approx(13.0, abs=1e-3)


def test_range_for_the_same_ratio_grows_with_the_fourth_root_of_the_cross_section(cases):
    small = overhead(cases, 562.341325 * KM + 30, rcs_m2=0.1)
    plots = observe(small, cases.sensors(cases.RADAR), draws=cases.Chance())
    assert mean_snr_db(plots) == pytest.approx(13.0, abs=1e-3)


def test_infrared_ratio_falls_six_decibels_per_range_doubling(cases):
    levels = []
    for slant in (2000 * KM, 4000 * KM):
        x, _, _ = ecef_from_geodetic(0.0, 0.0, 100 * KM)
        satellite = replace(
            cases.HIGH,
            node_rad=0.0,
            semi_major_axis_m=x + slant,
            frame_s=1,
            intensity_ref_w_sr=50e3,
            reference_range_m=2000 * KM,
            threshold=0.0,
        )
        body = cases.flights(cases.hover(0.0, 0.0, 100 * KM), seconds=20, intensity_w_sr=50e3)
        levels.append(mean_snr_db(observe(body, cases.sensors(satellite), draws=cases.Chance())))
    assert levels[0] == pytest.approx(10 * math.log10(6.0), abs=1e-6)  # the reference gives 6
    assert levels[0] - levels[1] == pytest.approx(20 * math.log10(2), abs=1e-6)


def test_air_takes_half_of_the_infrared_below_15_km_and_nothing_above_30():
    assert [transmission(h) for h in (5 * KM, 15 * KM, 22.5 * KM, 30 * KM, 90 * KM)] == [
        0.5,
        0.5,
        0.75,
        1.0,
        1.0,
    ]


def test_scan_off_the_face_costs_the_cube_of_its_cosine(cases):
    """A body due north, a face that looks 45 degrees beside it; a full circle has no scan loss."""
    body = cases.flights(cases.hover(30.0, 128.0, 300 * KM), seconds=60, rcs_m2=10.0)
    level = {}
    for name, face_deg, sector in (("ahead", 0, 120), ("side", 45, 120), ("round", 45, 360)):
        radar = replace(
            cases.RADAR, face_az_rad=math.radians(face_deg), sector_rad=math.radians(sector)
        )
        level[name] = mean_snr_db(observe(body, cases.sensors(radar), draws=cases.Chance()))
    assert level["round"] == pytest.approx(level["ahead"], abs=1e-6)
    assert level["ahead"] - level["side"] == pytest.approx(
        -30 * math.log10(math.cos(math.pi / 4)), abs=1e-3
    )


def test_a_wide_sector_is_served_by_more_faces(cases):
    """240 degrees are two faces: best 60 degrees off the middle, cos^3(60) in the middle."""
    radar = replace(cases.RADAR, sector_rad=math.radians(240.0))
    body = cases.flights(cases.hover(30.0, 128.0, 300 * KM), seconds=60, rcs_m2=10.0)
    turned = replace(radar, face_az_rad=math.radians(60.0))
    middle, best = (
        mean_snr_db(observe(body, cases.sensors(r), draws=cases.Chance())) for r in (radar, turned)
    )
    assert best - middle == pytest.approx(-30 * math.log10(0.5), abs=1e-3)


@pytest.mark.parametrize("share", [0.7, 1.0, 1.4])
def test_radar_counts_agree_with_the_probability_of_detection(cases, share):
    seconds = 20_000
    body = overhead(cases, share * 1000 * KM + 30, seconds=seconds)
    plots = observe(body, cases.sensors(cases.RADAR), draws=cases.Chance())
    p = swerling1_pd(10**1.3 / share**4, 1e-6)
    assert abs(len(plots.t_s) - seconds * p) < 3 * math.sqrt(seconds * p * (1 - p))


@pytest.mark.parametrize("snr", [4.0, 5.0, 6.5])
def test_infrared_counts_agree_with_the_probability_of_detection(cases, snr):
    seconds = 20_000
    x, _, _ = ecef_from_geodetic(0.0, 0.0, 100 * KM)
    satellite = replace(
        cases.HIGH,
        node_rad=0.0,
        frame_s=1,
        intensity_ref_w_sr=6.0 / snr,
        reference_range_m=cases.HIGH.semi_major_axis_m - x,
    )
    body = cases.flights(cases.hover(0.0, 0.0, 100 * KM), seconds=seconds, intensity_w_sr=1.0)
    plots = observe(body, cases.sensors(satellite), draws=cases.Chance())
    p = gaussian_pd(snr, 5.0)
    assert abs(len(plots.t_s) - seconds * p) < 3 * math.sqrt(seconds * p * (1 - p))


def test_measured_errors_have_the_stated_sizes_and_are_independent(cases):
    body = cases.flights(
        cases.hover(29.0, 129.0, 200 * KM), seconds=8000, rcs_m2=3.0, intensity_w_sr=20e3
    )
    satellite = replace(cases.HIGH, frame_s=1)
    for sensor in (cases.RADAR, satellite):
        plots = observe(body, cases.sensors(sensor), draws=cases.Chance(seed=5))
        rng, line = true_lines(body, plots)
        n = len(rng)
        assert n > 3000
        assert np.linalg.norm(plots.los, axis=1) == pytest.approx(1.0, abs=1e-12)
        side = np.cross(line[0], plots.site_m[0])
        side /= np.linalg.norm(side)
        errors = [(plots.los @ side), (plots.los - line) @ np.cross(side, line[0])]
        scaled = [e / plots.sigma_los_rad for e in errors]
        if sensor is cases.RADAR:
            scaled.append((plots.range_m - rng) / plots.sigma_range_m)
        else:
            assert np.isnan(plots.range_m).all()
            assert np.isnan(plots.sigma_range_m).all()
        for e in scaled:
            assert abs(e.mean()) < 4 / math.sqrt(n)
            assert e.std() == pytest.approx(1.0, abs=4 / math.sqrt(2 * n))
        correlation = np.corrcoef(scaled) - np.eye(len(scaled))
        assert np.abs(correlation).max() < 4 / math.sqrt(n)


def test_stated_radar_errors_follow_the_textbook_formulas(cases):
    plots = observe(
        overhead(cases, 1000 * KM + 30), cases.sensors(cases.RADAR), draws=cases.Chance()
    )
    root = math.sqrt(2 * 10**1.3)
    assert plots.sigma_range_m[0] == pytest.approx(
        math.hypot(25.0, 299792458.0 / (2e6 * root)), rel=1e-4
    )
    assert plots.sigma_los_rad[0] == pytest.approx(
        math.hypot(2e-4, math.radians(1) / (1.6 * root)), rel=1e-4
    )


def test_a_bias_is_one_number_per_sensor_and_run(cases):
    body = cases.flights(
        cases.hover(29.0, 129.0, 200 * KM), seconds=400, rcs_m2=100.0, intensity_w_sr=1e6
    )
    plain = cases.sensors(cases.RADAR, cases.HIGH)
    biased = cases.sensors(
        replace(cases.RADAR, range_bias_m=500.0, angle_bias_rad=5e-3),
        replace(cases.HIGH, bias_rad=5e-4),
    )
    shifts = []
    for replicate in range(60):
        a, b = (observe(body, s, draws=cases.Chance(replicate=replicate)) for s in (plain, biased))
        radar = a.sensor == 0
        step = (b.range_m - a.range_m)[radar]
        turn = np.linalg.norm(b.los - a.los, axis=1)
        assert np.ptp(step) < 1e-6
        assert np.ptp(turn[radar]) < 1e-6
        assert np.ptp(turn[~radar]) < 1e-9
        shifts.append((step[0] / 500.0, turn[radar][0] / 5e-3, turn[~radar][0] / 5e-4))
    shifts = np.array(shifts)
    # Normal for the range, Rayleigh for the two angles together; 60 replicates, four errors.
    assert (shifts[:, 0] ** 2).mean() == pytest.approx(1.0, abs=4 * math.sqrt(2 / 60))
    assert (shifts[:, 1:] ** 2).mean(0) == pytest.approx([2.0, 2.0], abs=4 * 2 / math.sqrt(60))


def test_latency_is_one_draw_per_sensor_within_its_limits(cases):
    group = cases.sensors(cases.RADAR, replace(cases.RADAR, name="OTHER"), cases.HIGH)
    body = cases.raid(intensity_w_sr=1e5)
    seen = set()
    for replicate in range(5):
        plots = observe(body, group, draws=cases.Chance(replicate=replicate))
        for s, (low, _, high) in enumerate(x.latency_s for x in (*group.radars, *group.infrared)):
            late = (plots.t_available_s - plots.t_s)[plots.sensor == s]
            assert np.ptp(late) < 1e-9
            assert low <= late[0] <= high
            seen.add(round(late[0], 9))
    assert len(seen) == 15

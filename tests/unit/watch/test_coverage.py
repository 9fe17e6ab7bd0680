"""Coverage: who is counted, and what a sensor's own rules take away."""

import math
from dataclasses import replace

import numpy as np
import pytest

from hinomi.earth.geodesic import ellipsoid_direct
from hinomi.earth.sight import STRAIGHT_RULE, ruled_horizon_arc_rad
from hinomi.earth.wgs84 import ecef_from_geodetic
from hinomi.records.plots import Infrared, Radar
from hinomi.watch.constellation import geostationary, walker
from hinomi.watch.coverage import Fixed, cover, crossings, looking, sky
from hinomi.watch.coverage_grid import Grid, band, world
from hinomi.watch.coverage_radar import fan, radar_mask, radar_numbers, radar_ratio, ratio_over
from hinomi.watch.coverage_signal import infrared_reach_m, needed_radar_ratio
from hinomi.watch.detect import gaussian_pd, steady_pd, swerling1_pd
from hinomi.watch.radar_look import radar_signal
from hinomi.watch.stereo import best_cosine, dilution
from hinomi.watch.tables import RADAR_ROW, radar_row

SATELLITE = Infrared(
    name="SAT", owner="US", semi_major_axis_m=7_371e3, inclination_rad=1.4, node_rad=0.0,
    argument_rad=0.0, stationary=False, frame_s=1, phase_s=0, band=0, intensity_ref_w_sr=500.0,
    reference_range_m=3e6, threshold=5.0, angle_floor_rad=0.0, pixel_rad=0.0, bias_rad=0.0,
    graze_m=10e3, latency_s=(0.0, 0.0, 0.0),
)  # fmt: skip
RADAR = Radar(
    name="R", owner="Japan", lat_deg=31.7, lon_deg=129.7, height_m=500.0, reference_range_m=1.5e6,
    reference_snr_db=13.0, face_az_rad=math.radians(310.0), sector_rad=math.radians(150.0),
    min_el_rad=math.radians(2.0), revisit_s=3, frame_s=10, range_floor_m=100.0,
    angle_floor_rad=2e-4, beamwidth_rad=0.02, bandwidth_hz=1e6, false_alarm_probability=1e-6,
    false_plots_per_frame=0.0, latency_s=(1.0, 2.0, 4.0),
)  # fmt: skip
GRID = Grid(
    lat_rad=tuple(np.radians(np.arange(22.0, 40.0, 1.5))), west_rad=math.radians(118.0),
    step_rad=math.radians(1.5), columns=14, height_m=60e3,
)  # fmt: skip
TIMES = np.arange(0.0, 6000.0, 120.0)


def group(total=24, planes=4):
    return walker(SATELLITE, total=total, planes=planes, phasing=1)


def seen(satellites, grid=GRID, reach=math.inf, **more):
    return cover(
        grid, sky(satellites, TIMES, greenwich_rad=0.3, reach_m=[reach] * len(satellites), **more)
    )


class NoChance:
    replicate = 0

    def uniforms(self, kind, entity, count, *, slot=0):
        return np.full(count, 0.5)


def stereo(target_m, sensors_m):
    """Angle between the best two lines of sight [rad], and the dilution of all."""
    sight = np.asarray(sensors_m, dtype=float) - target_m
    size = np.linalg.norm(sight, axis=1)
    rows = np.column_stack([sight / size[:, None], size])
    cosine = best_cosine(rows, len(rows))
    return math.nan if cosine > 1.5 else math.acos(cosine), dilution(rows, len(rows))


@pytest.mark.parametrize("range_m", [1e6, 2.5e6])
def test_dilution_of_an_orthogonal_pair_is_its_closed_form(range_m):
    angle, worse = stereo(np.zeros(3), range_m * np.eye(3)[:2])
    assert angle == pytest.approx(0.5 * math.pi, abs=1e-12)
    assert worse == pytest.approx(math.sqrt(2.5) * range_m / 1e6, rel=1e-12)


@pytest.mark.parametrize("degrees", [5.0, 30.0, 60.0, 150.0])
def test_dilution_of_a_pair_grows_with_the_sine_of_its_angle(degrees):
    a = math.radians(degrees)
    angle, worse = stereo(np.zeros(3), 2e6 * np.array([[1, 0, 0], [math.cos(a), math.sin(a), 0]]))
    assert angle == pytest.approx(a, rel=1e-9)
    assert worse == pytest.approx(2.0 * math.sqrt(0.5 + 2.0 / math.sin(a) ** 2), rel=1e-9)


def test_dilution_agrees_with_a_least_squares_fix_of_simulated_angles():
    rng = np.random.default_rng(3)
    sensors = np.array([[2e6, 0, 1e6], [0, 3e6, 5e5], [-1e6, -1e6, 2e6]])
    sigma, fixes = 1e-6, []
    for _ in range(4000):
        matrix, right = np.zeros((3, 3)), np.zeros(3)
        for s in sensors:
            r = np.linalg.norm(s)
            across = np.eye(3) - np.outer(s, s) / r**2
            matrix += across / r**2
            right += across @ (rng.normal(size=3) * sigma * r) / r**2
        fixes.append(np.linalg.solve(matrix, right))
    error = math.sqrt(np.mean(np.sum(np.square(fixes), axis=1)))
    assert stereo(np.zeros(3), sensors)[1] == pytest.approx(error, rel=0.03)


def test_one_line_of_sight_and_two_along_one_line_fix_nothing():
    assert math.isnan(stereo(np.zeros(3), np.array([[1e6, 0, 0]]))[0])
    assert stereo(np.zeros(3), np.array([[1e6, 0, 0]]))[1] == math.inf
    assert stereo(np.zeros(3), np.array([[1e6, 0, 0], [-2e6, 0, 0]]))[1] == math.inf


def test_best_pair_is_the_one_nearest_to_a_right_angle():
    sensors = 1e6 * np.array([[1, 0, 0], [0.9, 0.1, 0], [-0.2, 1, 0]])
    assert math.degrees(stereo(np.zeros(3), sensors)[0]) == pytest.approx(94.97, abs=0.01)


def test_crossings_are_those_of_the_satellites_in_view():
    above = sky(group(), TIMES[:3], greenwich_rad=0.3, reach_m=[math.inf] * 24)
    grid = band(math.radians(26.2), columns=8, height_m=50e3)
    angles, dilutions = crossings(grid, above)
    from hinomi.earth.sight import clears_limb

    for k in range(3):
        for j, lon in enumerate(grid.lon_rad):
            target = np.array(ecef_from_geodetic(grid.lat_rad[0], lon, 50e3))
            there = [p for p in above.place[k, :, :3] if clears_limb(*p, *target, 10e3)]
            if len(there) < 2:
                assert math.isnan(angles[k, j])
            else:
                assert (angles[k, j], dilutions[k, j]) == pytest.approx(
                    stereo(target, np.array(there))
                )
    assert np.isfinite(angles).any()


def test_more_satellites_never_see_less():
    few, many = seen(group()[:10]), seen(group())
    for name in ("mean_views", "share_1", "share_2", "share_3", "share_fix"):
        assert (getattr(many, name) >= getattr(few, name)).all()
    assert (many.longest_gap_s <= few.longest_gap_s).all()
    assert many.mean_views.sum() > few.mean_views.sum()


def test_shares_fall_with_the_number_asked_for():
    found = seen(group())
    assert (found.share_1 >= found.share_2).all()
    assert (found.share_2 >= found.share_3).all()
    assert np.array_equal(found.share_fix, found.share_2)  # satellites alone


def test_rows_one_at_a_time_give_what_all_rows_give():
    """How a grid is shared out cannot matter."""
    whole = seen(group())
    for i, lat in enumerate(GRID.lat_rad):
        row = seen(group(), replace(GRID, lat_rad=(lat,)))
        assert np.array_equal(row.mean_views[0], whole.mean_views[i])
        assert np.array_equal(row.first_by[0], whole.first_by[i])


@pytest.mark.parametrize(
    "change",
    [{"field_rad": 0.9}, {"cold_only": True}, {"graze_m": 60e3}, {"windows_s": ((0.0, 900.0),)}],
    ids=["field", "cold", "graze", "window"],
)
def test_what_a_sensor_cannot_do_only_takes_away(change):
    free, bound = seen(group()), seen([replace(s, **change) for s in group()])
    assert (bound.mean_views <= free.mean_views).all()
    assert bound.mean_views.sum() < free.mean_views.sum()


def test_the_sun_blinds_its_surroundings_only():
    bound = [replace(s, sun_exclusion_rad=0.5) for s in group()]
    free, dazzled = seen(bound), seen(bound, sun=(0.545, 0.8384, 0.0))  # low over the region
    assert dazzled.mean_views.sum() < free.mean_views.sum()
    assert dazzled.mean_views.sum() > 0.5 * free.mean_views.sum()


def test_a_cold_only_satellite_straight_above_sees_nothing_below_it():
    above = [replace(s, cold_only=True) for s in geostationary(SATELLITE, longitudes_rad=[2.2])]
    below = Grid(lat_rad=(0.0,), west_rad=2.2, step_rad=0.1, columns=1, height_m=50e3)
    assert seen(above, below).share_1[0, 0] == 0.0
    assert seen(geostationary(SATELLITE, longitudes_rad=[2.2]), below).share_1[0, 0] == 1.0


def test_gap_first_and_window_tell_the_same_story():
    """A stationary satellite that looks from 600 to 1,200 s: seen first at 600, gap after it."""
    (one,) = geostationary(SATELLITE, longitudes_rad=[2.2])
    found = seen([replace(one, windows_s=((600.0, 1200.0),))])
    assert (found.first_s == 600.0).all()
    assert (found.first_by == 0).all()
    assert (found.longest_gap_s == 6000.0 - 1200.0).all()
    assert found.share_1[0, 0] == pytest.approx(5 / 50)


def test_nobody_sees_first_where_nobody_sees():
    found = seen(group(), reach=1.0)
    assert np.isnan(found.first_s).all()
    assert (found.first_by == -1).all()
    assert (found.longest_gap_s == 6000.0).all()


def test_a_radar_alone_is_a_fix_and_comes_before_satellites():
    mask = ratio_over(GRID, RADAR, rcs_m2=1.0) > 0.0
    fixed = Fixed(
        names=("R",), masks=mask[None], margins=np.zeros((1, *mask.shape)),
        on=np.ones((len(TIMES), 1), dtype=bool),
    )  # fmt: skip
    alone = cover(GRID, sky((), TIMES, greenwich_rad=0.0, reach_m=()), fixed)
    assert mask.any()
    assert not mask.all()
    assert np.array_equal(alone.share_fix, mask.astype(float))
    assert np.array_equal(alone.first_by, np.where(mask, 0, -1))


@pytest.mark.parametrize("refraction", ["mixed", "four-thirds", "none"])
@pytest.mark.parametrize("sector_deg", [120.0, 150.0, 240.0, 360.0])
def test_a_radar_covers_what_its_looks_see(refraction, sector_deg):
    """Cell by cell the ratio that `radar_look` gives for a body there."""
    radar = replace(RADAR, refraction=refraction, sector_rad=math.radians(sector_deg))
    found = ratio_over(GRID, radar, rcs_m2=0.1)
    row = np.zeros(1, dtype=RADAR_ROW)
    values = radar_row(radar, draws=NoChance())
    row[0] = values
    for i, lat in enumerate(GRID.lat_rad):
        for j, lon in enumerate(GRID.lon_rad):
            at = ecef_from_geodetic(lat, lon, GRID.height_m)
            look = radar_signal(row[0], np.zeros(1), *at, GRID.height_m, 0.1)[0]
            assert found[i, j] == pytest.approx(look, rel=1e-9), (i, j)
    assert (found > 0).any()
    assert (found < 0).any()


def test_a_mask_hides_the_azimuths_it_covers():
    free = replace(RADAR, sector_rad=2 * math.pi, min_el_rad=0.0)
    masked = replace(free, mask_el_rad=(0.0, 1.0, 0.0, 0.0))  # 90 to 180 degrees from north
    a, b = ratio_over(GRID, free, rcs_m2=1.0), ratio_over(GRID, masked, rcs_m2=1.0)
    lost = (a > 0) & (b < 0)
    lat, lon = np.meshgrid(np.degrees(GRID.lat_rad), np.degrees(GRID.lon_rad), indexing="ij")
    assert lost.any()
    assert (lat[lost] < 31.8).all()
    assert (lon[lost] > 129.6).all()


def test_a_fan_ends_where_the_ratio_is_just_enough():
    from hinomi.earth.geodesic import ellipsoid_direct

    azimuths = np.radians([250.0, 310.0, 350.0])
    needed = needed_radar_ratio(RADAR, pd=0.5)
    ranges = fan(RADAR, height_m=60e3, azimuths_rad=azimuths, rcs_m2=0.1, needed_ratio=needed)
    for azimuth, far in zip(azimuths, ranges, strict=True):
        for step, inside in ((-2e3, True), (2e3, False)):
            lat, lon = ellipsoid_direct(
                math.radians(31.7), math.radians(129.7), azimuth, far + step
            )[:2]
            cell = Grid(lat_rad=(lat,), west_rad=lon, step_rad=0.1, columns=1, height_m=60e3)
            assert (ratio_over(cell, RADAR, rcs_m2=0.1)[0, 0] >= needed) == inside
    assert (
        fan(RADAR, height_m=60e3, azimuths_rad=[math.radians(130.0)], rcs_m2=1.0, needed_ratio=0.0)[
            0
        ]
        == 0.0
    )


@pytest.mark.parametrize("pd", [0.1, 0.5, 0.9])
def test_needed_ratios_give_the_probability_back(pd):
    assert swerling1_pd(needed_radar_ratio(RADAR, pd=pd), 1e-6) == pytest.approx(pd, rel=1e-9)
    steady = replace(RADAR, fluctuation=0)
    assert steady_pd(needed_radar_ratio(steady, pd=pd), 1e-6) == pytest.approx(pd, rel=1e-6)
    reach = infrared_reach_m(SATELLITE, intensity_w_sr=800.0, transmission=0.5, pd=pd)
    ratio = 6.0 * 800.0 * 0.5 / 500.0 * (3e6 / reach) ** 2
    assert gaussian_pd(ratio, 5.0) == pytest.approx(pd, rel=1e-9)


def test_windows_switch_sensors_on_and_off():
    """A window is [start, end), as for the looks themselves."""
    on = looking([(), ((10.0, 20.0), (40.0, 50.0))], np.array([0.0, 10.0, 20.0, 30.0, 40.0]))
    assert on[:, 0].all()
    assert on[:, 1].tolist() == [False, True, False, False, True]


def test_cells_of_the_world_weigh_as_much_as_the_sphere():
    grid = world(math.radians(5.0), height_m=0.0)
    assert len(grid.lat_rad) == 36
    assert grid.columns == 72
    area = grid.weights.sum() * grid.columns * grid.step_rad**2
    assert area == pytest.approx(4.0 * math.pi, rel=1e-3)


def test_a_look_and_a_map_agree_on_the_horizon_of_the_ellipsoid():
    """Straight rays, grazing targets all around: where elevation is about 0 both ask the horizon."""
    radar = replace(
        RADAR, lat_deg=45.0, height_m=0.0, min_el_rad=0.0, sector_rad=2.0 * math.pi,
        refraction="none",
    )  # fmt: skip
    row = np.zeros(1, RADAR_ROW)
    row[0] = radar_row(radar, draws=NoChance())
    numbers, mask = radar_numbers(radar), radar_mask(radar)
    lat, lon = math.radians(radar.lat_deg), math.radians(radar.lon_deg)
    rng, differ, out = np.random.default_rng(2), 0, 0
    for _ in range(4000):
        height, azimuth = rng.uniform(5e3, 50e3), rng.uniform(0.0, 2.0 * math.pi)
        distance = ruled_horizon_arc_rad(height, STRAIGHT_RULE) * 6.371e6 * rng.uniform(0.97, 1.03)
        at_lat, at_lon, _ = ellipsoid_direct(lat, lon, azimuth, distance)
        place = ecef_from_geodetic(at_lat, at_lon, height)
        look = radar_signal(row[0], np.zeros(1), *place, height, 1.0)[0] >= 0.0
        drawn = radar_ratio(numbers, mask, *place, height, 1.0) >= 0.0
        differ += look != drawn
        out += not drawn
    assert differ == 0
    assert 500 < out < 3500

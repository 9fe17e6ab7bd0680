"""Events, staging and the modes of lift, each against what it must do by its definition."""

import math
import runpy
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from hinomi.earth.atmosphere import TOP_M
from hinomi.earth.wgs84 import height_and_up
from hinomi.flight.body import pack
from hinomi.flight.path import launch, release, spent_stages, state_at
from hinomi.records.flights import QUASI_BALLISTIC_KIND, SKIP_LAW, Stage

C = runpy.run_path(str(Path(__file__).parent / "flight_classes.py"))
LAT, LON = math.radians(39.0), math.radians(126.0)
WHERE = {"lat_rad": LAT, "lon_rad": LON, "azimuth_rad": 1.2}
UPPER = Stage(propellant_kg=700.0, dry_kg=150.0, isp_vacuum_s=280.0, burn_s=60.0, diameter_m=1.0)
TWO = replace(C["MRBM"], stages=(*C["MRBM"].stages, UPPER), payload_kg=500.0)


def at(path, t_s):
    """State of a path's row at a whole second."""
    return path.r_m[int(t_s)], path.v_mps[int(t_s)]


def test_the_air_is_left_and_entered_where_the_height_says():
    body = pack(C["MRBM"])
    path = launch(body, **WHERE, kick_rad=0.12)
    for t, rising in ((path.air_out_t_s, True), (path.air_in_t_s, False)):
        near = launch(body, **WHERE, kick_rad=0.12, until_s=t)
        height, *up = height_and_up(*near.end_r_m)
        assert height == pytest.approx(TOP_M, abs=1.0)
        assert (near.end_v_mps @ np.array(up) > 0.0) == rising


def test_the_ground_is_met_to_a_centimetre_and_the_apogee_is_level():
    body = pack(C["MRBM"])
    path = launch(body, **WHERE, kick_rad=0.12)
    assert abs(height_and_up(*path.end_r_m)[0]) < 0.01
    top = launch(body, **WHERE, kick_rad=0.12, until_s=path.apogee_t_s)
    height, *up = height_and_up(*top.end_r_m)
    assert abs(top.end_v_mps @ np.array(up)) < 0.02
    assert height == pytest.approx(path.apogee_m, abs=0.1)


def test_mass_falls_stage_by_stage_and_ends_at_the_payload():
    path = launch(pack(TWO), **WHERE, kick_rad=0.1)
    first = C["MRBM"].stages[0]
    full = sum(s.propellant_kg + s.dry_kg for s in TWO.stages) + TWO.payload_kg
    assert path.mass_kg[0] == pytest.approx(full)
    before, after = math.floor(first.burn_s), math.ceil(first.burn_s) + 1
    left = full - first.propellant_kg - first.dry_kg
    assert path.mass_kg[before] > left + first.dry_kg - 1.0
    assert left > path.mass_kg[after] > left - 3.0 * UPPER.propellant_kg / UPPER.burn_s
    assert path.burnout_t_s == pytest.approx(first.burn_s + UPPER.burn_s)
    assert (path.mass_kg[path.t_s > path.burnout_t_s] == TWO.payload_kg).all()
    assert (np.diff(path.mass_kg) <= 0.0).all()


def test_empty_stages_fall_from_the_state_at_their_burnout():
    body = pack(TWO)
    path = launch(body, **WHERE, kick_rad=0.1)
    lower, upper = spent_stages(body, **WHERE, kick_rad=0.1)
    assert lower.burnout_t_s == C["MRBM"].stages[0].burn_s
    assert upper.burnout_t_s == pytest.approx(path.burnout_t_s)
    for stage in (lower, upper):
        t = stage.t_s[0]
        assert stage.burnout_t_s <= t < stage.burnout_t_s + 1.0
        r, v = at(path, t)
        # Within a second of coming off, only thrust and drag have parted them.
        assert np.linalg.norm(stage.r_m[0] - r) < 60.0
        assert np.linalg.norm(stage.v_mps[0] - v) < 120.0
        assert stage.landed
    assert lower.end_t_s < path.end_t_s
    assert (lower.mass_kg == C["MRBM"].stages[0].dry_kg).all()


def test_a_failure_ends_the_thrust_and_no_later_stage_comes_off():
    body = pack(TWO)
    path = launch(body, **WHERE, kick_rad=0.1, cutoff_s=70.0)
    assert path.burnout_t_s == 70.0
    assert len(spent_stages(body, **WHERE, kick_rad=0.1, cutoff_s=70.0)) == 1


def test_a_stage_with_a_pitch_rate_turns_its_thrust_at_that_rate():
    """In vacuum without gravity: thrust direction by differences of the velocity, 0.5 deg/s down."""
    rate = math.radians(0.5)
    turning = replace(TWO, stages=(TWO.stages[0], replace(UPPER, pitch_rate_rad_s=rate)))
    body = pack(turning, rotation=False, oblateness=False, gravity=False, air=False)
    path = launch(body, **WHERE, kick_rad=0.1)
    begin = math.ceil(TWO.stages[0].burn_s) + 1
    push = np.diff(path.v_mps[begin : begin + 50], axis=0)
    push /= np.linalg.norm(push, axis=1)[:, None]
    steps = np.arccos(np.clip(np.sum(push[1:] * push[:-1], axis=1), -1.0, 1.0))
    assert steps == pytest.approx(np.full(len(steps), rate), rel=1e-3)
    up = np.array(height_and_up(*path.r_m[begin])[1:])
    assert push[-1] @ up < push[0] @ up


def glide(threat_class, *, angle_rad=-0.02, speed_mps=4000.0, height_m=50e3, **more):
    body = pack(threat_class, **more)
    r, v = state_at(
        body, lat_rad=LAT, lon_rad=LON, height_m=height_m, azimuth_rad=1.2, angle_rad=angle_rad,
        speed_mps=speed_mps,
    )  # fmt: skip
    return release(body, r_m=r, v_mps=v, gliding=True)


def test_full_lift_skips_where_the_damped_law_does_not():
    """A path with several tops, the later the lower: Saenger's; the equilibrium law has none."""
    skip = glide(replace(C["GLIDER"], lift_law=SKIP_LAW), angle_rad=-0.1, height_m=60e3)
    level = glide(C["GLIDER"], angle_rad=-0.01, height_m=45e3)

    def tops(path):
        h = path.height_m
        inner = np.flatnonzero((h[1:-1] > h[:-2]) & (h[1:-1] > h[2:])) + 1
        return h[inner[h[inner] > 20e3]]

    assert len(tops(skip)) >= 2
    assert (np.diff(tops(skip)) < 0.0).all()
    assert len(tops(level)) <= 1


def test_energy_only_falls_in_a_skip():
    """Without rotation and flattening, lift does no work: kinetic plus potential never rises."""
    path = glide(
        replace(C["GLIDER"], lift_law=SKIP_LAW), rotation=False, oblateness=False, sphere_m=6.371e6
    )
    energy = 0.5 * np.sum(path.v_mps**2, axis=1) - 3.986004418e14 / np.linalg.norm(path.r_m, axis=1)
    assert (np.diff(energy) < 1.0).all()  # of 5e7 J/kg: the error of the dense output


def test_lift_ends_at_its_floor():
    quasi = replace(
        C["GLIDER"], kind=QUASI_BALLISTIC_KIND, lift_floor_m=25e3, terminal_speed_mps=500.0
    )
    path = glide(quasi, speed_mps=2500.0)
    assert path.drop_t_s > 0.0
    body = pack(quasi)
    r, v = state_at(
        body, lat_rad=LAT, lon_rad=LON, height_m=50e3, azimuth_rad=1.2, angle_rad=-0.02,
        speed_mps=2500.0,
    )  # fmt: skip
    there = release(body, r_m=r, v_mps=v, gliding=True, until_s=path.drop_t_s)
    assert height_and_up(*there.end_r_m)[0] == pytest.approx(25e3, abs=1.0)
    assert path.end_t_s < glide(replace(quasi, lift_floor_m=0.0), speed_mps=2500.0).end_t_s


def test_banks_in_order_turn_the_path_right_then_left():
    body = {"bank_schedule": ((0.0, 0.6), (150.0, -0.6), (300.0, 0.0))}
    plain, turned = glide(C["GLIDER"]), glide(C["GLIDER"], **body)
    up = plain.r_m[0] / np.linalg.norm(plain.r_m[0])
    ahead = plain.v_mps[0] / np.linalg.norm(plain.v_mps[0])
    right = np.cross(ahead, up)
    rate = [(turned.v_mps[k] - plain.v_mps[k]) @ right for k in (0, 150, 300)]
    assert rate[1] > 100.0
    assert rate[2] < rate[1] - 100.0

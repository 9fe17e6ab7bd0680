"""The compiled flight: what is kept, what converges, and in which direction things move."""

import math
import os
import runpy
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from hinomi.earth.gravity import J2, MU_M3_S2
from hinomi.earth.wgs84 import ROTATION_RAD_S, SEMI_MAJOR_M, height_above_ellipsoid
from hinomi.flight.body import pack, powered_time_s
from hinomi.flight.path import launch, release
from hinomi.flight.pointmass import STATUSES
from hinomi.records.flights import BOOST, COAST, FALL, GLIDE

jacobi_constant = runpy.run_path(str(Path(__file__).parents[2] / "validation" / "closed_forms.py"))[
    "jacobi_constant"
]

CASES = Path(__file__).with_name("flight_classes.py")
C = runpy.run_path(str(CASES))
KOREA = {"lat_rad": math.radians(39.0), "lon_rad": math.radians(126.0)}


def test_a_coasting_body_keeps_its_jacobi_constant_to_1e_9_for_half_an_hour():
    body = pack(C["MRBM"], air=False)
    path = release(
        body,
        r_m=np.array([6.6e6, 1.0e6, 2.0e6]),
        v_mps=np.array([500.0, 5000.0, 5500.0]),
        until_s=1800.0,
        tolerance=1e-10,
    )
    assert path.t_s[-1] == 1800.0
    kept = np.array([jacobi_constant(*r, *v) for r, v in zip(path.r_m, path.v_mps, strict=True)])
    assert np.ptp(kept) / abs(kept[0]) < 1e-9


def test_the_node_of_an_orbit_moves_at_the_known_secular_rate():
    """-1.5 n J2 (a/r)^2 cos i for a day at 1,000 km and 60 degrees, within 1 %."""
    r, i = SEMI_MAJOR_M + 1000e3, math.radians(60.0)
    n = math.sqrt(MU_M3_S2 / r**3)
    v = r * n * np.array([0.0, math.cos(i), math.sin(i)]) - np.array([0.0, ROTATION_RAD_S * r, 0.0])
    turns = 13
    end = turns * 2 * math.pi / n
    path = release(
        pack(C["MRBM"], air=False),
        r_m=np.array([r, 0.0, 0.0]),
        v_mps=v,
        until_s=end,
        tolerance=1e-10,
    )
    w = np.array([0.0, 0.0, ROTATION_RAD_S])
    normal = np.cross(path.end_r_m, path.end_v_mps + np.cross(w, path.end_r_m))
    node = math.atan2(normal[0], -normal[1]) + ROTATION_RAD_S * end
    node = (node + math.pi) % (2 * math.pi) - math.pi
    rate = -1.5 * n * J2 * (SEMI_MAJOR_M / r) ** 2 * math.cos(i)
    assert node == pytest.approx(rate * end, rel=0.01)


@pytest.mark.parametrize(
    ("name", "kick_deg", "cutoff_s"),
    [
        ("srbm_liquid", 29.0, 65.0),
        ("mrbm_liquid", 16.0, 90.0),
        ("irbm_liquid", 4.7, 150.0),
        ("glider", 7.0, 136.0),
    ],
)
def test_a_hundred_times_finer_steps_move_the_end_by_less_than_50_m(name, kick_deg, cutoff_s):
    body = pack(C["CLASSES"][name], density_factor=1.1, bank_schedule=((30.0, 0.5), (120.0, 0.0)))
    how = {**KOREA, "azimuth_rad": 2.5, "kick_rad": math.radians(kick_deg), "cutoff_s": cutoff_s}
    usual, fine = launch(body, **how), launch(body, **how, tolerance=1e-10)
    assert usual.landed
    assert fine.landed
    assert fine.steps > 1.5 * usual.steps
    assert np.linalg.norm(usual.end_r_m - fine.end_r_m) < 50.0
    assert usual.apogee_m == pytest.approx(fine.apogee_m, rel=2e-4)


def test_a_flight_ends_within_a_metre_of_the_ground_and_rows_lead_up_to_it():
    path = launch(pack(C["MRBM"]), **KOREA, azimuth_rad=2.5, kick_rad=0.28, first_t_s=0.25)
    assert abs(height_above_ellipsoid(*path.end_r_m)) < 1.0
    assert path.t_s[0] == 0.25
    assert np.all(np.diff(path.t_s) == 1.0)
    assert 0.0 <= path.end_t_s - path.t_s[-1] < 1.0
    assert path.height_m.max() == pytest.approx(path.apogee_m, abs=10.0)
    # Rows between steps are a smooth path: central differences of position are the velocity.
    middle = 0.5 * (path.r_m[2:] - path.r_m[:-2])
    coast = np.flatnonzero(path.phase[1:-1] == COAST)[2:-2]
    assert np.abs(middle - path.v_mps[1:-1])[coast].max() < 0.5


def test_phases_come_in_order_and_mass_falls_until_the_end_of_thrust():
    body = pack(C["GLIDER"])
    path = launch(body, **KOREA, azimuth_rad=2.5, kick_rad=math.radians(7.0), cutoff_s=136.0)
    assert list(dict.fromkeys(path.phase.tolist())) == [BOOST, COAST, GLIDE, FALL]
    assert np.all(np.diff(path.mass_kg) <= 0.0)
    assert path.mass_kg[0] == pytest.approx(24500 + 1700 + 1000)
    burning = path.phase == BOOST
    assert path.t_s[burning][-1] <= path.burnout_t_s == 136.0
    assert np.all(path.jet_power_w[burning] > 0.0)
    assert np.all(path.jet_power_w[~burning] == 0.0)
    on = path.glide_t_s
    before = path.height_m[path.t_s <= on][-1]
    after = path.height_m[path.t_s > on][0]
    assert before >= 60e3 > after
    speeds = np.linalg.norm(path.v_mps, axis=1)
    assert speeds[path.phase == GLIDE].min() >= 1200.0 > speeds[path.phase == FALL].max()


def test_a_second_stage_lights_when_the_first_is_dropped():
    c = C["a_class"]("two", 12500, 1800, 1000, 240, 95, 1.25, 8000)
    two = pack(c, stages=(c.stages[0], C["SRBM"].stages[0]))
    path = launch(two, **KOREA, azimuth_rad=2.5, kick_rad=0.02)
    assert path.burnout_t_s == powered_time_s(two) == 160.0
    lost = -np.diff(path.mass_kg)
    assert lost[95] == pytest.approx(1800 + 3770 / 65, abs=1.0)  # at 95 s the empty stage goes
    assert lost[96] == pytest.approx(3770 / 65, abs=1e-6)


def test_the_first_stage_must_have_thrust_enough_or_it_falls_back():
    weak = C["a_class"]("weak", 100, 5000, 5000, 240, 50, 1.0, 8000)
    path = launch(pack(weak), **KOREA, azimuth_rad=0.0, kick_rad=0.1)
    assert path.landed
    assert path.apogee_m < 10.0


def test_an_eastward_flight_goes_farther_than_a_westward_one():
    """Both leave the ground with the Earth's speed; over ground the eastward one lands farther."""
    body = pack(C["IRBM"])
    far = {}
    for name, azimuth in (("east", 0.5 * math.pi), ("west", 1.5 * math.pi)):
        path = launch(body, **KOREA, azimuth_rad=azimuth, kick_rad=math.radians(6.0))
        far[name] = C["ground_range_m"](path, KOREA["lat_rad"], KOREA["lon_rad"])
    assert far["east"] > 1.05 * far["west"]


def test_without_rotation_east_and_west_are_alike_on_a_sphere():
    body = pack(C["IRBM"], rotation=False, oblateness=False)
    ends = [
        launch(body, lat_rad=0.0, lon_rad=0.0, azimuth_rad=a, kick_rad=math.radians(6.0))
        for a in (0.5 * math.pi, 1.5 * math.pi)
    ]
    assert ends[0].end_lon_rad == pytest.approx(-ends[1].end_lon_rad, rel=1e-9)


def test_thinner_air_above_30_km_makes_a_glide_end_elsewhere_but_leaves_the_boost_below_alone():
    how = {**KOREA, "azimuth_rad": 2.5, "kick_rad": math.radians(7.0), "cutoff_s": 136.0}
    usual, thin = (launch(pack(C["GLIDER"], density_factor=f), **how) for f in (1.0, 0.8))
    low = usual.height_m < 27e3
    first = int(np.argmin(low))
    assert np.array_equal(usual.r_m[: first - 8], thin.r_m[: first - 8])
    assert np.linalg.norm(usual.end_r_m - thin.end_r_m) > 1e3


def test_more_than_four_stages_and_a_sideways_bank_are_refused():
    with pytest.raises(ValueError, match="at most 4"):
        pack(C["MRBM"], stages=C["MRBM"].stages * 5)
    with pytest.raises(ValueError, match="leaves no lift"):
        pack(C["GLIDER"], bank_schedule=((0.0, 1.6),))


def test_the_kernel_runs_as_plain_python_with_the_same_result():
    """Twenty seconds of boost and a short fall, compiled and not, to the last few digits."""
    program = f"""
import math, runpy
import numpy as np
C = runpy.run_path({str(CASES)!r})
from hinomi.flight.body import pack
from hinomi.flight.path import launch, release
a = launch(pack(C["SRBM"]), lat_rad=0.68, lon_rad=2.2, azimuth_rad=1.0, kick_rad=0.3, until_s=20.0)
b = release(pack(C["GLIDER"], bank_schedule=((0.0, 0.4), (9.0, 0.0))), gliding=True, until_s=15.0,
    r_m=np.array([6413e3, 0.0, 0.0]), v_mps=np.array([-50.0, 2500.0, 300.0]))
print(repr(np.concatenate([a.end_r_m, b.end_r_m, b.v_mps[-1]]).tolist()))
"""
    answers = []
    for off in ("0", "1"):
        done = subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "NUMBA_DISABLE_JIT": off},
            capture_output=True,
            text=True,
            check=True,
        )
        answers.append(np.array([float(x) for x in done.stdout.strip(" []\n").split(",")]))
    assert len(answers[0]) == 9
    assert answers[1] == pytest.approx(answers[0], rel=1e-10)


def test_a_body_released_below_the_ground_has_landed_where_it_is():
    """Without thrust from under the ellipsoid: down at once, whichever way it moves."""
    r = np.array([SEMI_MAJOR_M - 100.0, 0.0, 0.0])
    for v in ([10.0, 0.0, 0.0], [-10.0, 0.0, 0.0], [0.0, 0.0, 0.0]):
        path = release(pack(C["MRBM"]), r_m=r, v_mps=np.array(v))
        assert STATUSES[path.status] == "landed"
        assert path.end_t_s == 0.0
        assert path.t_s.tolist() == [0.0]
    flies = release(
        pack(C["MRBM"]), r_m=r + np.array([200.0, 0.0, 0.0]), v_mps=np.array([10.0, 0.0, 0.0])
    )
    assert flies.end_t_s > 1.0

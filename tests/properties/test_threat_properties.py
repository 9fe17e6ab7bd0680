"""What holds for every planned body, drawn over wide ranges."""

import math
import runpy
from pathlib import Path

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from hinomi.earth.geodesic import ellipsoid_direct
from hinomi.earth.wgs84 import height_above_ellipsoid
from hinomi.errors import ScenarioError
from hinomi.records.flights import BOOST
from hinomi.threat.boosted import fly_boosted
from hinomi.threat.cruise import Turn, route, states
from hinomi.threat.fly import fly
from hinomi.threat.plan import plan_of

jacobi_constant = runpy.run_path(str(Path(__file__).parents[1] / "validation" / "closed_forms.py"))[
    "jacobi_constant"
]

UNIT = Path(__file__).parents[1] / "unit" / "threat"
K = runpy.run_path(str(UNIT / "test_kinds.py"))
few = settings(max_examples=20, deadline=None, derandomize=True)
AIMS = {"quasi": (35.2, 130.0, 50e3), "two": (33.6, 130.4, 400e3), "mrbm": (33.6, 130.4, 300e3)}


def threat_of(name, **more):
    if name == "slv":
        return K["launcher"](fails_at_low_s=100.0, fails_at_high_s=400.0, **more)
    lat, lon, apogee = AIMS[name]
    aim = {"aim_lat_deg": lat, "aim_lon_deg": lon}
    return K["planned"](name, apogee_low_m=apogee, apogee_high_m=apogee, **aim, **more)


@few
@given(
    name=st.sampled_from(["quasi", "two", "mrbm", "slv"]),
    replicate=st.integers(0, 1000),
    spread=st.floats(0.0, 0.05),
)
def test_without_thrust_energy_never_rises_for_any_kind_or_spent_stage(name, replicate, spread):
    """Drag takes energy, lift and gravity keep it; 1e-6 is for the rows between steps."""
    threat = threat_of(name, mass_spread=spread, density_spread=0.1, spent_stages=True)
    flights = fly([threat], K["CLASSES"], draws=K["Chance"](replicate), t_end_s=2500.0)
    for i in range(len(flights.bodies)):
        free = np.isfinite(flights.r_m[i, :, 0]) & (flights.phase[i] != BOOST)
        energy = np.array(
            [
                jacobi_constant(*r, *v)
                for r, v in zip(flights.r_m[i, free], flights.v_mps[i, free], strict=True)
            ]
        )
        assert np.diff(energy).max(initial=-1.0) <= 1e-6 * abs(energy[0])


@few
@given(
    name=st.sampled_from(["quasi", "two", "mrbm", "slv"]),
    replicate=st.integers(0, 1000),
    spread=st.floats(0.0, 0.05),
)
def test_jet_power_falls_silent_with_the_boost_and_bodies_start_on_the_ground(
    name, replicate, spread
):
    threat = threat_of(name, burn_spread=spread)
    plan = plan_of(threat, K["Chance"](replicate))
    (flown,) = fly_boosted(threat, K["CLASSES"][threat.threat_class], plan, t_end_s=2500.0)
    assert np.all((flown.jet_power_w > 0.0) == (flown.phase == BOOST))
    assert 0.0 <= flown.height_m[0] < 30.0
    assert flown.launch_t_s < flown.burnout_t_s < flown.end_t_s


@few
@given(name=st.sampled_from(["quasi", "two", "slv"]), replicate=st.integers(0, 10**6))
def test_the_same_draws_give_the_same_flights(name, replicate):
    threat = threat_of(name, mass_spread=0.03, disperse="class")
    a, b = (
        fly([threat], K["CLASSES"], draws=K["Chance"](replicate), t_end_s=900.0) for _ in range(2)
    )
    assert np.array_equal(a.r_m, b.r_m, equal_nan=True)
    assert np.array_equal(a.intensity_w_sr, b.intensity_w_sr)


@few
@given(
    lat=st.floats(-70, 70),
    lon=st.floats(-180, 180),
    first=st.floats(0, 360),
    turn=st.floats(-150, 150),
    legs=st.tuples(st.floats(50e3, 900e3), st.floats(50e3, 900e3)),
    speed=st.floats(100, 2000),
    height=st.floats(10, 30e3),
    pull=st.floats(5, 40),
)
def test_cruise_keeps_speed_and_height_and_turns_as_hard_as_asked(
    lat, lon, first, turn, legs, speed, height, pull
):
    """Height to a metre, speed along its own positions to 0.1 % away from the joints."""
    start = math.radians(lat), math.radians(lon)
    b_lat, b_lon, course = ellipsoid_direct(*start, math.radians(first), legs[0])
    c_lat, c_lon, _ = ellipsoid_direct(b_lat, b_lon, course + math.radians(turn), legs[1])
    try:
        parts = route(
            [start, (b_lat, b_lon), (c_lat, c_lon)],
            height_m=height,
            speed_mps=speed,
            turn_mps2=pull,
            who="c",
        )
    except ScenarioError:
        assume(False)
    assert sum(isinstance(p, Turn) for p in parts) == (abs(turn) > 1e-4)
    begun = 0.0
    for part in parts:
        h = min(1.0, 0.2 * part.time_s)
        t = begun + 0.5 * part.time_s + np.array([-h, 0.0, h])
        r, v = states(parts, t, height_m=height, speed_mps=speed)
        assert abs(height_above_ellipsoid(*r[1]) - height) < 1.0
        along = np.linalg.norm(r[2] - r[0]) / (2.0 * h)
        bend = pull * h / speed if isinstance(part, Turn) else 0.0
        assert abs(along / speed - np.sinc(bend / math.pi)) < 1e-3
        if isinstance(part, Turn):
            up = r[1] / np.linalg.norm(r[1])
            change = (v[2] - v[0]) / (2.0 * h)
            change -= (change @ up) * up
            assert abs(np.linalg.norm(change) / (pull * np.sinc(bend / math.pi)) - 1.0) < 0.01
        begun += part.time_s

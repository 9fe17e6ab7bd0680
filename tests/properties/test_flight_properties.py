"""What holds for every flight, drawn over wide ranges."""

import math
import runpy
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from hinomi.earth.wgs84 import ecef_from_geodetic, height_above_ellipsoid, local_axes
from hinomi.flight.body import pack
from hinomi.flight.path import launch, release

TESTS = Path(__file__).parents[1]
C = runpy.run_path(str(TESTS / "unit" / "flight" / "flight_classes.py"))
jacobi_constant = runpy.run_path(str(TESTS / "validation" / "closed_forms.py"))["jacobi_constant"]
few = settings(max_examples=25, deadline=None, derandomize=True)


@few
@given(
    name=st.sampled_from(["mrbm_liquid", "glider"]),
    lat=st.floats(-80, 80),
    height=st.floats(35e3, 300e3),
    speed=st.floats(1300, 6000),
    slope=st.floats(-30, 30),
    azimuth=st.floats(0, 360),
    bank=st.floats(-60, 60),
)
def test_without_thrust_energy_never_rises(name, lat, height, speed, slope, azimuth, bank):
    """Drag takes energy, lift and gravity keep it; 1e-6 is for the rows between steps."""
    lat, slope, azimuth = (math.radians(x) for x in (lat, slope, azimuth))
    r = np.array(ecef_from_geodetic(lat, 0.5, height))
    east, north, up = np.array(local_axes(lat, 0.5)).reshape(3, 3)
    level = math.sin(azimuth) * east + math.cos(azimuth) * north
    v = speed * (math.cos(slope) * level + math.sin(slope) * up)
    body = pack(C["CLASSES"][name], bank_schedule=((0.0, math.radians(bank)),))
    path = release(body, r_m=r, v_mps=v, gliding=name == "glider")
    energy = np.array([jacobi_constant(*a, *b) for a, b in zip(path.r_m, path.v_mps, strict=True)])
    assert path.landed
    assert np.diff(energy).max(initial=-1.0) <= 1e-6 * abs(energy[0])
    assert abs(height_above_ellipsoid(*path.end_r_m)) < 1.0
    assert np.all(np.isfinite(path.r_m))


@few
@given(
    name=st.sampled_from(["srbm_liquid", "mrbm_liquid", "irbm_liquid", "glider"]),
    lat=st.floats(-60, 60),
    azimuth=st.floats(0, 2 * math.pi),
    kick=st.floats(0.0, 0.6),
    share=st.floats(0.3, 1.0),
    first=st.floats(0.0, 0.999),
)
def test_mass_never_rises_and_every_flight_comes_down(name, lat, azimuth, kick, share, first):
    c = C["CLASSES"][name]
    path = launch(
        pack(c),
        lat_rad=math.radians(lat),
        lon_rad=1.0,
        azimuth_rad=azimuth,
        kick_rad=kick,
        cutoff_s=share * c.stages[0].burn_s,
        first_t_s=first,
    )
    assert path.landed
    assert np.all(np.diff(path.mass_kg) <= 0.0)
    assert np.all(np.isfinite(path.r_m))
    assert path.burnout_t_s <= path.end_t_s
    assert path.height_m.max() <= path.apogee_m + 1.0 or name == "glider"
    assert path.t_s[-1] <= path.end_t_s < path.t_s[-1] + 1.0
    assert abs(height_above_ellipsoid(*path.end_r_m)) < 1.0

"""Radiant intensity: plume, hot glider, grey body."""

import math
import runpy
from pathlib import Path

import numpy as np
import pytest
from scipy.integrate import quad

from hinomi.flight.body import pack
from hinomi.flight.path import launch
from hinomi.records.flights import BOOST, COAST
from hinomi.threat.signature import (
    BAND_LIMITS_M,
    band_radiance,
    fill_intensity,
    pack_signature,
    plume_profile,
    radiance,
    wall_temperature_k,
)

C = runpy.run_path(str(Path(__file__).parents[1] / "flight" / "flight_classes.py"))


def seen(speed_mps, height_m, phase, threat_class, *, jet_power_w=0.0, hot=True):
    """(N, 2) intensity of a body at these speeds and heights."""
    n = len(speed_mps)
    velocity, out = np.zeros((n, 3)), np.empty((n, 2))
    velocity[:, 1] = speed_mps
    signature = pack_signature(threat_class, hot=hot)
    height, jet = np.array(height_m, dtype=float), np.full(n, float(jet_power_w))
    fill_intensity(velocity, height, jet, np.full(n, phase, dtype=np.int32), signature, out)
    return out


def planck(wavelength_m, temperature_k):
    h, c, k = 6.62607015e-34, 299792458.0, 1.380649e-23
    return 2 * h * c**2 / wavelength_m**5 / math.expm1(h * c / (wavelength_m * k * temperature_k))


@pytest.mark.parametrize("temperature", [260.0, 812.0, 1782.0, 3100.0])
@pytest.mark.parametrize("band", [0, 1])
def test_the_radiance_in_a_band_is_plancks_integral(band, temperature):
    low, high = BAND_LIMITS_M[band]
    truth = quad(planck, low, high, args=(temperature,), epsabs=0.0, epsrel=1e-10)[0]
    assert band_radiance(temperature, low, high) == pytest.approx(truth, rel=1e-8)
    assert radiance(band, temperature) == pytest.approx(truth, rel=2e-3)


def test_all_wavelengths_together_obey_stefan_and_boltzmann():
    total = band_radiance(1200.0, 1e-7, 2e-3)
    assert total == pytest.approx(5.670374419e-8 * 1200.0**4 / math.pi, rel=1e-6)


# Speed km/s, altitude km, wall K, kW/sr in 3-5 and 2.6-2.9 um at view factor 1, from an independent
# program. The second row belongs to 47 km of geopotential, the base of a layer: 47.35 km of height.
HOT = [
    (6.0, 50.0, 1782.0, 104.0, 35.0),
    (4.0, 47.35, 1345.0, 49.0, 13.0),
    (3.0, 40.0, 1199.0, 34.0, 8.0),
    (2.0, 30.0, 993.0, 17.0, 3.3),
    (1.5, 25.0, 812.0, 7.3, 1.0),
]


@pytest.mark.parametrize("kind", ["glide", "quasi_ballistic", "cruise"])
@pytest.mark.parametrize(("speed", "height", "wall", "wide", "narrow"), HOT)
def test_what_stays_in_the_air_is_as_hot_and_bright_as_an_independent_program_has_it(
    speed, height, wall, wide, narrow, kind
):
    """Temperature to 1 K, intensity to the printed digits (3 %)."""
    t = wall_temperature_k(1e3 * speed, 1e3 * height, 0.05, 0.1, 0.85)
    assert t == pytest.approx(wall, abs=1.0)
    c = C["a_class"]("bare", 1, 1, 1, 1, 1, 1, 1, kind=kind, lift_to_drag=2.6, view_factor=1.0)
    out = seen([1e3 * speed], [1e3 * height], COAST, c)
    assert out[0, 1] / 1e3 == pytest.approx(wide, rel=0.03)
    assert out[0, 0] / 1e3 == pytest.approx(narrow, rel=0.04)


def test_the_wall_stays_below_the_total_temperature():
    """At 1.5 km/s the air holds 1,342 K, which heating of a cold wall would exceed."""
    assert wall_temperature_k(1500.0, 25e3, 0.001, 1.0, 0.85) < 1342.0


@pytest.mark.parametrize(
    ("name", "kw_sr"), [("srbm_liquid", 58.7), ("mrbm_liquid", 145.0), ("irbm_liquid", 242.0)]
)
def test_a_plume_radiates_half_a_percent_of_the_jet_power(name, kw_sr):
    """0.005 of the jet power in vacuum over all directions: figures of another program."""
    c = C["CLASSES"][name]
    path = launch(pack(c), lat_rad=0.7, lon_rad=2.2, azimuth_rad=2.0, kick_rad=0.1)
    i = int(np.flatnonzero((path.height_m > 30e3) & (path.phase == BOOST))[0])
    out = seen([0.0], path.height_m[i : i + 1], BOOST, c, jet_power_w=path.jet_power_w[i])
    assert out[0] / 1e3 == pytest.approx([kw_sr, kw_sr], rel=0.005)


def test_the_plume_is_hidden_by_cloud_and_dims_in_the_trough_without_a_jump():
    assert plume_profile(7999.0, 8000.0) == 0.0
    assert plume_profile(11_000.0, 12_000.0) == 0.0
    expected = [(15e3, 0.5), (20e3, 1.0), (40e3, 1.0), (60e3, 1.0), (70e3, 0.3), (80e3, 0.3)]
    for height, share in [*expected, (90e3, 0.3), (100e3, 0.6), (400e3, 0.6)]:
        assert plume_profile(height, 8000.0) == pytest.approx(share)
    heights = np.arange(0.0, 150e3, 10.0)
    shares = np.array([plume_profile(h, 8000.0) for h in heights])
    assert np.abs(np.diff(shares)).max() < 1.5e-3


@pytest.mark.parametrize(("temperature", "mwir"), [(300.0, 3.0), (400.0, 48.0), (600.0, 875.0)])
def test_a_coasting_body_is_grey(temperature, mwir):
    """2 m2 of emissivity 0.8 in 3-5 um, whatever its speed; figures of an independent program."""
    c = C["a_class"]("cold", 1, 1, 1, 1, 1, 1, 1, coast_temperature_k=temperature)
    out = seen([1e3, 6e3], [300e3, 20e3], COAST, c)
    assert out[0, 1] == pytest.approx(mwir, rel=0.01)
    assert np.array_equal(out[0], out[1])
    assert out[0, 0] < out[0, 1]


def test_a_spent_stage_is_cold_even_when_its_body_is_hot():
    c = C["a_class"]("bare", 1, 1, 1, 1, 1, 1, 1, kind="glide", lift_to_drag=2.6)
    cold = seen([3e3], [40e3], COAST, c, hot=False)
    assert cold == pytest.approx(seen([0.0], [300e3], COAST, c))
    assert np.all(seen([3e3], [40e3], COAST, c) > 100.0 * cold)

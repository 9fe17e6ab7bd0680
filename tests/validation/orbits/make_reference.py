"""Write the tables of this folder with libraries that others wrote.

Needs an environment with brahe 1.8 (MIT licence), astropy 8 (BSD) and sgp4 2.27 (MIT):

    python tests/validation/orbits/make_reference.py

* circular.csv: orbits integrated by brahe with J2 alone, axes that do not turn.
* verification.csv: six cases of the verification set of AIAA 2006-6753 that ships with sgp4.
* earth_fixed.csv: the same orbits, turned into Earth-fixed axes by astropy with the measured motion
  of the pole and UT1 of its tables.
* sun.csv: apparent direction of the Sun by astropy (ERFA's ephemeris of the Earth).
"""

import csv
import math
from importlib import resources
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
MU, RADIUS, J2 = 398600.4415e9, 6378136.3, 1.0826261738522227e-3  # those of brahe's gravity
# case: mean semi-major axis above 6,378,137 m [m], inclination, node, argument of latitude [deg].
CIRCULAR = {
    "500 km, 97.4 deg": (500e3, 97.4, 40.0, 10.0),
    "1,000 km, 80 deg": (1000e3, 80.0, 0.0, 0.0),
    "1,400 km, 60 deg": (1400e3, 60.0, 200.0, 130.0),
    "1,000 km, 5 deg": (1000e3, 5.0, 120.0, 300.0),
    "20,200 km, 55 deg": (20200e3, 55.0, 300.0, 75.0),
}
VERIFICATION = ("00005", "06251", "28057", "08195", "14128", "28626")


def begun(height, inclination, node, argument):
    """Osculating state whose mean orbit is circular: short-period terms of J2, eccentricity 0.

    Source: Hoots and Roehrich, Spacetrack Report 3 (1980), the terms that do not vanish.
    """
    a = 6378137.0 + height
    i, node, u = (math.radians(v) for v in (inclination, node, argument))
    c, s = math.cos(i), math.sin(i)
    n = math.sqrt(MU / a**3)
    k = 0.5 * J2 * (RADIUS / a) ** 2
    two = 2.0 * u
    r = a * (1.0 - 1.5 * k * (3.0 * c * c - 1.0)) + 0.5 * a * k * s * s * math.cos(two)
    u -= 0.25 * k * (7.0 * c * c - 1.0) * math.sin(two)
    node += 1.5 * k * c * math.sin(two)
    i += 1.5 * k * c * s * math.cos(two)
    up = -n * a * k * s * s * math.sin(two)
    ahead = n * a * (1.0 + k * (s * s * math.cos(two) + 1.5 * (3.0 * c * c - 1.0)))
    cn, sn, cu, su = math.cos(node), math.sin(node), math.cos(u), math.sin(u)
    ci, si = math.cos(i), math.sin(i)
    out = np.array([cn * cu - sn * su * ci, sn * cu + cn * su * ci, su * si])
    along = np.array([-cn * su - sn * cu * ci, -sn * su + cn * cu * ci, cu * si])
    return np.concatenate([r * out, up * out + ahead * along])


def circular():
    """Rows of circular.csv, every 20 minutes of six hours."""
    import brahe as bh

    bh.set_global_eop_provider(bh.StaticEOPProvider.from_zero())
    force = bh.ForceModelConfig(
        gravity=bh.GravityConfiguration.earth_zonal(bh.ZonalHarmonicsDegree.J2),
        frame_transform=bh.FrameTransformationModel.EARTH_ROTATION_ONLY,
    )
    way = (
        bh.NumericalPropagationConfig.with_method(bh.IntegrationMethod.RKF78)
        .with_abs_tol(1e-8)
        .with_rel_tol(1e-13)
        .with_max_step(30.0)
    )
    epoch = bh.Epoch.from_datetime(2024, 1, 1, 0, 0, 0.0, 0.0, bh.TimeSystem.UTC)
    for case, given in CIRCULAR.items():
        flight = bh.NumericalOrbitPropagator(epoch, begun(*given), way, force, None)
        for t in range(0, 21601, 1200):
            if t:
                flight.propagate_to(epoch + float(t))
            x, y, z = flight.current_state()[:3]
            yield {
                "case": case,
                "t_s": t,
                "x_m": f"{x:.3f}",
                "y_m": f"{y:.3f}",
                "z_m": f"{z:.3f}",
            }


def cases():
    """Element lines of the verification set by catalogue number."""
    text = (resources.files("sgp4") / "SGP4-VER.TLE").read_text(encoding="ascii")
    lines = [line[:69] for line in text.splitlines() if line[:2] in ("1 ", "2 ")]
    return {one[2:7]: (one, two) for one, two in zip(lines[::2], lines[1::2], strict=True)}


def verification():
    """Rows of verification.csv: first nine times of six cases, axes of the elements."""
    printed = (resources.files("sgp4") / "tcppver.out").read_text(encoding="ascii")
    known, number, count = cases(), "", 0
    for line in printed.splitlines():
        parts = line.split()
        if line.rstrip().endswith("xx"):
            number, count = parts[0].zfill(5), 0
            continue
        count += 1
        if number in VERIFICATION and count <= 9:
            one, two = known[number]
            yield {
                "line_1": one,
                "line_2": two,
                "t_min": parts[0],
                "x_km": parts[1],
                "y_km": parts[2],
                "z_km": parts[3],
            }


def earth_fixed():
    """Rows of earth_fixed.csv: hours 0, 3, 6 after the date of the elements."""
    import astropy.units as u
    from astropy.coordinates import ITRS, TEME, CartesianRepresentation
    from astropy.time import Time
    from astropy.utils import iers
    from sgp4.api import Satrec

    iers.conf.auto_download = False
    known = cases()
    for number in ("06251", "28057", "08195", "28626"):
        satellite = Satrec.twoline2rv(*known[number])
        for hours in (0.0, 3.0, 6.0):
            jd, fr = satellite.jdsatepoch, satellite.jdsatepochF + hours / 24.0
            _, r, _ = satellite.sgp4(jd, fr)
            at = Time(jd, fr, format="jd", scale="utc")
            fixed = TEME(CartesianRepresentation(r * u.km), obstime=at).transform_to(
                ITRS(obstime=at)
            )
            x, y, z = fixed.cartesian.xyz.to_value(u.m)
            yield {
                "line_1": known[number][0],
                "line_2": known[number][1],
                "t_s": 3600.0 * hours,
                "x_m": f"{x:.2f}",
                "y_m": f"{y:.2f}",
                "z_m": f"{z:.2f}",
            }


def sun():
    """Rows of sun.csv: apparent right ascension and declination, true equator of date."""
    import astropy.units as u
    from astropy.coordinates import TETE, get_sun
    from astropy.time import Time
    from astropy.utils import iers

    iers.conf.auto_download = False
    iers.conf.auto_max_age = None
    iers.conf.iers_degraded_accuracy = "ignore"
    days = [f"{year}-{month:02d}-{day:02d}T{hour:02d}:00:00" for year, month, day, hour in (
        (1962, 2, 14, 3), (1976, 7, 1, 12), (1990, 12, 21, 6), (1998, 8, 31, 3), (2006, 3, 20, 18),
        (2017, 8, 28, 21), (2022, 10, 3, 22), (2025, 1, 4, 0), (2025, 3, 20, 9), (2025, 6, 21, 3),
        (2025, 9, 15, 10), (2025, 11, 3, 12), (2030, 5, 5, 5), (2045, 4, 10, 15),
    )]  # fmt: skip
    for day in days:
        at = Time(day, scale="utc")
        seen = get_sun(at).transform_to(TETE(obstime=at))
        yield {
            "utc": f"{day}Z",
            "right_ascension_deg": f"{seen.ra.to_value(u.deg):.5f}",
            "declination_deg": f"{seen.dec.to_value(u.deg):.5f}",
        }


if __name__ == "__main__":
    for table in (circular, verification, earth_fixed, sun):
        rows = list(table())
        with (HERE / f"{table.__name__}.csv").open("w", newline="") as file:
            writer = csv.DictWriter(file, rows[0], lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)

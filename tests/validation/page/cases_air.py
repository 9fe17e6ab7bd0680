"""Air: the standard atmosphere, a ballistic entry, an equilibrium glide."""

import functools
import math
import runpy
from dataclasses import replace
from pathlib import Path

import numpy as np

from hinomi.earth.atmosphere import state
from hinomi.earth.gravity import MU_M3_S2
from hinomi.flight.body import pack
from hinomi.flight.closed_form import glide_density_kg_m3
from hinomi.flight.path import release

P = runpy.run_path(str(Path(__file__).with_name("rows.py")))
F = runpy.run_path(str(Path(__file__).parents[1] / "closed_forms.py"))
Row, C = P["Row"], P["CLASSES"]
R, H = 6371e3, 7160.0
BETA = 13_000.0


def atmosphere():
    """Density at seven heights, and the worst of all rows of the printed tables."""
    worst = 0.0
    for row in P["table"]("atmosphere", "ussa1976.csv"):
        geopotential = 1e3 * float(row["altitude_geopotential_km"])
        z = 6356766.0 * geopotential / (6356766.0 - geopotential)
        if "." not in row["altitude_geometric_km"]:
            z = 1e3 * float(row["altitude_geometric_km"])
        if z >= 86e3:
            continue
        rho, pressure, _ = state(z)
        theirs = float(row["density_kg_m3"])
        worst = max(worst, abs(rho / theirs - 1), abs(pressure / float(row["pressure_pa"]) - 1))
        if row["altitude_geometric_km"] in {"0", "10", "20", "30", "40", "50", "70"}:
            yield Row(
                "U.S. Standard Atmosphere 1976", f"density at {row['altitude_geometric_km']} km",
                1e3 * theirs, 1e3 * rho, 2e-3 * theirs, "g/m³", 4, "NOAA-S/T 76-1562",
            )  # fmt: skip
    yield Row(
        "U.S. Standard Atmosphere 1976", "density and pressure, worst of all rows", 0.0,
        1e6 * worst, 1.0, "1e-6 of it", 2, "NOAA-S/T 76-1562",
    )  # fmt: skip


def entry(speed, angle, beta):
    """Straight entry without gravity in an exponential atmosphere, from where 0.5 % is lost."""
    body = pack(
        replace(C["MRBM"], beta_kg_m2=beta),
        cone_drag=False,
        rotation=False,
        oblateness=False,
        gravity=False,
        sphere_m=R,
        exponential_m=H,
    )
    height = H * math.log(1.225 * H / (0.005 * 2 * beta * math.sin(angle)))
    v = speed * np.array([-math.sin(angle), math.cos(angle), 0.0])
    return release(body, r_m=np.array([R + height, 0.0, 0.0]), v_mps=v)


def ballistic_entry():
    """Greatest deceleration, the same for every ballistic coefficient."""
    for speed, degrees, published in ((3000.0, 45.0, 16.7), (5700.0, 35.0, 48.8)):
        for beta in (100.0, 400.0):
            path = entry(speed, math.radians(degrees), beta)
            v = np.linalg.norm(path.v_mps, axis=1)
            slowing = 0.5 * (v[:-2] - v[2:])
            i = int(np.argmax(slowing))
            a, b, c = slowing[i - 1 : i + 2]  # a parabola through the three largest
            peak = (b + 0.125 * (a - c) ** 2 / (2 * b - a - c)) / 9.80665
            yield Row(
                f"entry at {speed / 1e3:.1f} km/s, {degrees:.0f}°",
                f"greatest deceleration, beta {beta:.0f} kg/m²",
                published, float(peak), 0.02 * published, "g", 2, "Allen and Eggers 1958",
            )  # fmt: skip


@functools.cache
def glide(lift_to_drag):
    """6 km/s at the closed form's height and slope, on a sphere that does not turn."""
    c = replace(
        C["GLIDER"], beta_kg_m2=BETA, terminal_speed_mps=1900.0, lift_to_drag=lift_to_drag,
        damping_per_s=0.2,
    )  # fmt: skip
    body = pack(c, rotation=False, oblateness=False, sphere_m=R)
    start = height_m(6000.0, lift_to_drag)
    r = R + start
    slope = -2 * 7100.0 * MU_M3_S2 / r**2 / (lift_to_drag * 6000.0**2)
    v = 6000.0 * np.array([math.sin(slope), math.cos(slope), 0.0])
    return release(body, r_m=np.array([r, 0.0, 0.0]), v_mps=v, gliding=True)


def height_m(speed, lift_to_drag):
    """Height at which the whole lift carries a glide, by halving."""
    density = glide_density_kg_m3(speed_mps=speed, lift_to_drag=lift_to_drag, beta_kg_m2=BETA)
    low, high = 0.0, 80e3
    for _ in range(60):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if state(middle)[0] > density else (low, middle)
    return middle


def equilibrium_glide():
    """Height on the way, range and time to 2 km/s.

    The closed form flies at the Earth's radius; the flight 30-50 km above it, so it goes further. The
    law's slope has one scale height everywhere, the air has not: hence the heights.
    """
    source = "Eggers, Allen and Neice 1958"
    for ratio in (2.0, 2.6, 3.0):
        path = glide(ratio)
        speeds = np.linalg.norm(path.v_mps, axis=1)
        name = f"equilibrium glide, L/D {ratio}"
        for speed in (5000.0, 3000.0):
            i = int(np.argmax(speeds < speed))
            closed = height_m(float(speeds[i]), ratio) / 1e3
            yield Row(
                name, f"height at {speed / 1e3:.0f} km/s", closed, float(path.height_m[i]) / 1e3,
                0.5, "km", 2, source,
            )  # fmt: skip
        i = int(np.argmax(speeds < 2000.0))
        flown = R * math.atan2(path.r_m[i, 1], path.r_m[i, 0]) / 1e3
        given = {"start_mps": 6000.0, "end_mps": 2000.0, "lift_to_drag": ratio}
        closed = F["glide_range_m"](**given) / 1e3
        yield Row(name, "range, 6 to 2 km/s", closed, flown, 0.03 * closed, "km", 0, source)
        closed = F["glide_time_s"](**given)
        yield Row(
            name, "time, 6 to 2 km/s", closed, float(path.t_s[i]), 0.03 * closed, "s", 0, source
        )


CASES = (atmosphere, ballistic_entry, equilibrium_glide)

"""Generic classes of the tests: rounded public estimates, one stage each."""

import math

from hinomi.earth.geodesic import ellipsoid_inverse
from hinomi.records.flights import Stage, ThreatClass


def a_class(name, propellant, dry, payload, isp, burn, diameter, beta, **more):
    """One-stage class; masses kg, Isp s, burn s, diameter m, beta kg/m2."""
    return ThreatClass(
        **{
            "name": name,
            "kind": "ballistic",
            "stages": (
                Stage(
                    propellant_kg=propellant,
                    dry_kg=dry,
                    isp_vacuum_s=isp,
                    burn_s=burn,
                    diameter_m=diameter,
                ),
            ),
            "payload_kg": payload,
            "beta_kg_m2": beta,
            "back_pressure_share": 0.10,
            "burn_spread": 0.1,
            **more,
        }
    )


SRBM = a_class("srbm_liquid", 3770, 1100, 985, 230, 65, 0.88, 8000)
MRBM = a_class("mrbm_liquid", 12500, 1800, 1000, 240, 95, 1.25, 8000)
IRBM = a_class("irbm_liquid", 24500, 1700, 600, 278.15, 150, 1.5, 10000)
GLIDER = a_class(
    "glider", 24500, 1700, 1000, 278.15, 150, 1.5, 10000, kind="glide", lift_to_drag=2.6
)
CLASSES = {c.name: c for c in (SRBM, MRBM, IRBM, GLIDER)}


def ground_range_m(path, lat_rad, lon_rad):
    """Range of a path on the ellipsoid."""
    return ellipsoid_inverse(lat_rad, lon_rad, path.end_lat_rad, path.end_lon_rad)[0]


def kick_for(apogee_m, fly):
    """Kick [rad] at which fly(kick) has the apogee, by halving."""
    low, high = math.radians(0.01), math.radians(60)
    for _ in range(45):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if fly(middle).apogee_m > apogee_m else (low, middle)
    return middle

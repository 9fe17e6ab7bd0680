"""Which launches touch no place: over the sea alone, over land at any height, through a stage."""

import numpy as np

from hinomi.earth.wgs84 import ecef_from_geodetic
from hinomi.records.flights import COAST, ENDED, Flights
from hinomi.rules.touched import harmless, threats_of
from hinomi.scenario.places import load_places

SEA = [(38.0, 134.0), (38.2, 134.0), (38.4, 134.0)]
OVER_TOHOKU = [(39.5, 139.0), (39.5, 141.0), (39.5, 147.0)]  # ends in the Pacific
BESIDE_NAHA = [(26.2, 126.0), (26.2, 127.0), (26.2, 127.62)]  # ends at sea, 4 km off the land


def _flights(paths, parent=None, height_m=400e3):
    b, t = len(paths), len(paths[0]) + 1
    r = np.full((b, t, 3), np.nan)
    for i, path in enumerate(paths):
        for k, (lat, lon) in enumerate(path):
            r[i, k] = ecef_from_geodetic(np.radians(lat), np.radians(lon), height_m)
    phase = np.full((b, t), COAST)
    phase[:, -1] = ENDED
    one = np.zeros(b)
    return Flights(
        bodies=tuple(f"body {i}" for i in range(b)),
        classes=("x",) * b,
        kinds=("ballistic",) * b,
        t_s=np.arange(float(t)),
        r_m=r,
        v_mps=np.zeros_like(r),
        height_m=np.full((b, t), height_m),
        phase=phase,
        intensity_w_sr=np.zeros((b, t, 2)),
        rcs_m2=np.zeros((b, t)),
        first=one,
        last=np.full(b, t - 1),
        launch_t_s=one,
        burnout_t_s=one,
        end_t_s=np.full(b, t - 1.0),
        end_lat_deg=np.array([p[-1][0] for p in paths]),
        end_lon_deg=np.array([p[-1][1] for p in paths]),
        apogee_m=one,
        parent=None if parent is None else np.array(parent),
    )


def test_over_the_sea_alone_is_harmless_and_over_land_is_not_at_any_height():
    found = _flights([SEA, OVER_TOHOKU, BESIDE_NAHA])
    assert harmless(found, load_places(), buffer_m=5_000.0) == [0]
    assert threats_of(found).tolist() == [0, 1, 2]


def test_the_buffer_decides_beside_the_coast():
    found = _flights([BESIDE_NAHA])
    assert harmless(found, load_places(), buffer_m=0.0) == [0]


def test_a_stage_that_passes_over_land_counts_for_its_launch():
    found = _flights([SEA, SEA, OVER_TOHOKU], parent=[-1, -1, 0])
    assert harmless(found, load_places(), buffer_m=5_000.0) == [1]

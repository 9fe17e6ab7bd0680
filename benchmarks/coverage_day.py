"""A day of coverage of 72 satellites over the Earth, and the same lines of sight by Skyfield.

(Not named `coverage.py`: that would hide the package of this name.)

Run: python benchmarks/coverage_day.py [--skyfield PYTHON] [--json FILE]

hinomi: Walker 72/8/1, 60 degrees, 1,000 km, target 50 km high, 1-degree grid, 1-minute steps for a
day: 6.7e9 pairs of satellite and cell at a moment, one thread. Skyfield (its own interpreter, with
`skyfield` installed; nothing is fetched): the same orbits as two-line elements, a stated sample of
places and times, `(satellite - place).at(t).altaz()` with arrays of times, which is its documented
way; its time scale object is made once and not timed. The figure compared is pairs answered a second;
hinomi looks only at the tenth of them that are in view.
Aims: hinomi under 30 s, ratio at least 50.
"""

from __future__ import annotations

import argparse
import json
import math
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

AIM_S, AIM_RATIO = 30.0, 50.0
TOTAL, PLANES, PHASING, INCLINATION_DEG, ALTITUDE_KM = 72, 8, 1, 60.0, 1000.0
SAMPLE_PLACES, SAMPLE_SATELLITES, SAMPLE_STEPS = 12, 24, 1440

SKYFIELD = f"""
import json, math, time
import numpy as np
from sgp4.api import Satrec, WGS72
from skyfield.api import EarthSatellite, load, wgs84
ts = load.timescale(builtin=True)
satellites = []
for k in range({SAMPLE_SATELLITES}):
    r = Satrec()
    a = 6378.137 + {ALTITUDE_KM}
    n = math.sqrt(398600.4418 / a**3) * 60.0
    r.sgp4init(WGS72, 'i', k + 1, 27713.0, 0.0, 0.0, 0.0, 1e-6, 0.0, math.radians({INCLINATION_DEG}),
               2 * math.pi * k / {SAMPLE_SATELLITES}, n, 2 * math.pi * (k % 8) / 8)
    satellites.append(EarthSatellite.from_satrec(r, ts))
places = [wgs84.latlon(lat, 127.8, elevation_m=50e3) for lat in np.linspace(0, 60, {SAMPLE_PLACES})]
begin = time.perf_counter()
t = ts.utc(2025, 11, 16, 0, np.arange({SAMPLE_STEPS}))
seen = 0
for place in places:
    for satellite in satellites:
        altitude = (satellite - place).at(t).altaz()[0].degrees
        seen += int((altitude > -math.degrees(math.acos(6378.137 / (6378.137 + 50)))).sum())
wall = time.perf_counter() - begin
print(json.dumps({{"seconds": wall, "pairs": len(places) * len(satellites) * {SAMPLE_STEPS}, "seen": seen}}))
"""


def ours() -> dict[str, float]:
    """Time a day over the Earth, after a short call that compiles."""
    from hinomi.export.coverage_answer import means, sky_of
    from hinomi.export.coverage_asked import constellation, target_of
    from hinomi.watch.coverage import cover
    from hinomi.watch.coverage_grid import world

    given = {
        "--walker": f"{TOTAL}/{PLANES}/{PHASING}", "--inclination-deg": str(INCLINATION_DEG),
        "--altitude-km": str(ALTITUDE_KM), "--target-altitude-km": "50", "--graze-km": "0",
        "--earth": "wgs84",
    }  # fmt: skip
    target = target_of(given, default_pd=0.0)
    group = constellation(given, target)
    grid = world(math.radians(1.0), height_m=target.height_m)
    cover(world(math.radians(30.0), height_m=50e3), sky_of(group, target, np.array([0.0, 60.0])))
    begin = time.perf_counter()
    t_s = np.arange(1440) * 60.0
    found = cover(grid, sky_of(group, target, t_s))
    wall = time.perf_counter() - begin
    pairs = TOTAL * len(grid.lat_rad) * grid.columns * len(t_s)
    return {"seconds": wall, "pairs": pairs, "mean_views": means(found)["mean_views"]}


def main() -> int:
    """Print both and the ratio; 1 when an aim is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--skyfield", metavar="PYTHON", help="an interpreter that has skyfield")
    parser.add_argument("--json", type=Path, metavar="FILE")
    asked = parser.parse_args()
    found: dict[str, object] = {"hinomi": ours()}
    mine = found["hinomi"]
    assert isinstance(mine, dict)
    print(
        f"hinomi: {mine['pairs']:.2e} pairs in {mine['seconds']:.2f} s "
        f"(aim {AIM_S:g} s), {mine['pairs'] / mine['seconds']:.2e} a second; "
        f"mean number in view {mine['mean_views']:.3f}"
    )
    ok = mine["seconds"] < AIM_S
    if asked.skyfield:
        run = subprocess.run(
            [asked.skyfield, "-c", SKYFIELD], capture_output=True, text=True, check=True
        )
        theirs = json.loads(run.stdout)
        ratio = (mine["pairs"] / mine["seconds"]) / (theirs["pairs"] / theirs["seconds"])
        found |= {"skyfield": theirs, "ratio": ratio}
        print(
            f"skyfield: {theirs['pairs']:.2e} pairs in {theirs['seconds']:.2f} s, "
            f"{theirs['pairs'] / theirs['seconds']:.2e} a second; share seen {theirs['seen'] / theirs['pairs']:.3f}"
        )
        print(f"ratio {ratio:,.0f} (aim at least {AIM_RATIO:g})")
        ok = ok and ratio >= AIM_RATIO
    if asked.json:
        asked.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(main())

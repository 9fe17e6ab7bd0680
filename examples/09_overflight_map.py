"""Which municipalities does a body pass over, and with what probability?

The two notional bodies towards Kyushu, flown many times: one link alone. Draws 09_overflight_map.png.
"""

import os

import numpy as np
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure

import hinomi as hm
from hinomi.earth.places import place_at
from hinomi.report.basemap import draw_area, draw_base
from hinomi.scenario.places import load_places
from hinomi.scenario.places_outlines import municipality_outlines
from hinomi.study.seeds import AddressedDraws
from hinomi.study.statistics import wilson_interval
from hinomi.study.tables import geodetic
from hinomi.threat.fly import fly

N = 5 * int(os.environ.get("HINOMI_EXAMPLE_N", "20"))  # raids; flights are quick


def below(scenario, mesh, number):
    """Indices of the places below the path, which is looked at every 0.1 s."""
    own = [threat for threat in scenario.threats if threat.body.startswith("kyushu")]
    flights = fly(own, scenario.classes, draws=AddressedDraws(1, number), t_end_s=scenario.t_end_s)
    found = []
    for r_m in flights.r_m:
        lat, lon, _ = geodetic(r_m[np.isfinite(r_m[:, 0])])
        coarse, fine = np.arange(len(lat)), np.arange(0, len(lat) - 1, 0.1)
        found.append(place_at(mesh, np.interp(fine, coarse, lat), np.interp(fine, coarse, lon)))
    return np.setdiff1d(np.concatenate(found), [-1])


def main():
    scenario, places = hm.load("okinawa-2025"), load_places()
    times = np.zeros(len(places.code), int)
    for number in range(N):
        times[below(scenario, places.mesh, number)] += 1
    print(f"Passed over, share of {N} raids (95 %):")
    for i in np.argsort(-times, kind="stable")[:10]:
        share = wilson_interval(int(times[i]), N)
        print(f"  {places.name_en[i]:<12} {share.value:.2f} [{share.low:.2f}, {share.high:.2f}]")
    figure = Figure(figsize=(6.4, 5.6), layout="constrained")
    axes = figure.subplots()
    view = draw_base(axes, centre_lat_deg=32.6, centre_lon_deg=130.2, half_width_km=210)
    shape = dict(zip(*municipality_outlines(), strict=True))
    colours = ScalarMappable(Normalize(0, times.max() / N), "YlOrRd")
    for i in np.flatnonzero(times):
        draw_area(axes, view, shape[places.code[i]], facecolor=colours.to_rgba(times[i] / N))
    figure.colorbar(colours, ax=axes, shrink=0.8, label="share of raids that pass over it")
    axes.set_title(f"STUDY: who is passed over, two bodies a raid (n = {N})", fontsize=11)
    figure.savefig("09_overflight_map.png", dpi=80)


if __name__ == "__main__":
    main()

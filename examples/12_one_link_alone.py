"""How good is the track of one body, second by second?

Links used alone, without a study: fly, look, track; then the distance between track and truth.
Draws 12_one_link_alone.png.
"""

import os

import numpy as np
from matplotlib.figure import Figure

import hinomi as hm
from hinomi.records.tracks import CONFIRMED
from hinomi.study.seeds import AddressedDraws
from hinomi.threat.fly import fly
from hinomi.track.follow import follow
from hinomi.watch.observe import observe

N = int(os.environ.get("HINOMI_EXAMPLE_N", "20"))  # launches


def errors_m(scenario, number):
    """Distance of the last track row to the truth at each second after ignition; NaN without one."""
    draws = AddressedDraws(1, number)
    (threat,) = [t for t in scenario.threats if t.body == "okinawa-1"]
    flights = fly([threat], scenario.classes, draws=draws, t_end_s=scenario.t_end_s)
    plots = observe(flights, scenario.sensors, draws=draws)
    tracks = follow(plots, settings=scenario.tracking, picture="all", sensors=scenario.sensors)
    out = np.full(600, np.nan)
    for row in np.flatnonzero(tracks.status == CONFIRMED):
        t_s = int(tracks.t_s[row])
        age = int(t_s - flights.launch_t_s[0])
        if age < len(out):
            out[age] = np.linalg.norm(tracks.mean[row, :3] - flights.r_m[0, t_s])
    return out


def main():
    scenario = hm.load("okinawa-2025")
    found = np.array([errors_m(scenario, number) for number in range(N)])
    for age in (120, 240, 360):
        near = found[:, age - 15 : age + 15]
        there = near[np.isfinite(near)]
        low, middle, high = np.quantile(there, [0.05, 0.5, 0.95])
        print(
            f"{age} s after ignition: {middle:,.0f} m [{low:,.0f}, {high:,.0f}], 5 to 95 % of rows"
        )
    figure = Figure(figsize=(7.2, 4.0), layout="constrained")
    axes = figure.subplots()
    axes.semilogy(np.arange(600), found.T, ".", color="#0072B2", markersize=2, alpha=0.4)
    axes.set(xlabel="seconds after ignition", ylabel="track minus truth [m]", xlim=(0, 600))
    axes.set_title(f"STUDY: error of the track of one body, {N} launches", fontsize=11)
    axes.grid(alpha=0.3)
    figure.savefig("12_one_link_alone.png", dpi=80)


if __name__ == "__main__":
    main()

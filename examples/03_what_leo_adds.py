"""What do low-orbit satellites add?

None, the 8 in orbit in 2025, the 28 and the 54 that are planned, on the same raids: each against
none, replicate by replicate. Draws 03_what_leo_adds.png.
"""

import os

from matplotlib.figure import Figure

import hinomi as hm
from hinomi.study.figure_words import words

N = int(os.environ.get("HINOMI_EXAMPLE_N", "20"))  # replicates: more narrow the intervals
WORLDS = {8: "leo_8", 28: None, 54: "leo_54"}  # satellites -> variant of the scenario
PICTURED = {"lead_s": "lead of the public alert", "firm_track_s": "time to a firm track"}


def run(variant):
    return hm.run("okinawa-2025", variant=variant, replicates=N, seed=1, quiet=True,
                  keep_tracks=0, architectures=["integrated"])  # fmt: skip


def main():
    none = run("sensor_lost_leo")
    figure = Figure(figsize=(7.2, 3.9), layout="constrained")
    axes = figure.subplots(1, len(PICTURED))
    print(f"With so many satellites minus without, in s (median of a raid, n = {N}, 95 %):")
    for satellites, variant in WORLDS.items():
        study = run(variant)
        for plot, (headline, title) in zip(axes, PICTURED.items(), strict=True):
            change = study.difference(headline, against=none)["integrated"]
            print(f"  {satellites:>2} satellites: {title} {words(change)}")
            value, low, high = change["value"], change["low"], change["high"]
            known = low is not None and high is not None
            error = [[value - low], [high - value]] if known else None
            plot.errorbar(satellites, value, yerr=error, fmt="o", color="#0072B2", capsize=4)
    for plot, title in zip(axes, PICTURED.values(), strict=True):
        plot.axhline(0, color="black", linewidth=0.8)
        plot.set(xticks=list(WORLDS), xlabel="satellites", ylabel="change [s]", xlim=(0, 62))
        plot.set_title(title, fontsize=10)
        plot.grid(axis="y", alpha=0.3)
    figure.suptitle(f"STUDY: what low orbit adds over none (n = {N}, 95 %)", fontsize=11)
    figure.savefig("03_what_leo_adds.png", dpi=80)


if __name__ == "__main__":  # workers start by importing this file
    main()

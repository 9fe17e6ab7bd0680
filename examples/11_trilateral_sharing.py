"""What does a third nation's warning add?

The satellite launch of 31 May 2023: launch events shared by two nations, then by three, and tracks
likewise (what if). Draws 11_trilateral_sharing.png.
"""

import os

from matplotlib.figure import Figure

import hinomi as hm
from hinomi.study.figure_words import words

N = int(os.environ.get("HINOMI_EXAMPLE_N", "20"))  # replicates: more narrow the intervals
PAIRS = [("trilateral", "bilateral"), ("trilateral_track", "bilateral_track")]
ASKED = {"first_detection_s": "first detection", "firm_track_s": "firm track",
         "first_alert_s": "first alert"}  # fmt: skip


def main():
    names = [name for pair in PAIRS for name in pair]
    study = hm.run("launch-may-2023", replicates=N, seed=1, quiet=True, keep_tracks=0,
                   architectures=names, pairs=PAIRS)  # fmt: skip
    figure = Figure(figsize=(7.2, 3.2), layout="constrained")
    axes = figure.subplots()
    print(f"Three nations minus two, in s (median of a launch, n = {N}, 95 %):")
    for i, (pair, colour) in enumerate(zip(PAIRS, ("#E69F00", "#0072B2"), strict=True)):
        for row, (headline, title) in enumerate(ASKED.items()):
            change = study.difference(headline)["-".join(pair)]
            print(f"  {title}, {pair[0]} - {pair[1]}: {words(change)}")
            at = row + 0.2 * (i - 0.5)
            if change["low"] is not None and change["high"] is not None:
                axes.plot([change["low"], change["high"]], [at, at], color=colour, linewidth=2)
            if change["value"] is not None:
                label = ("launch events shared", "tracks shared too: what if")[i]
                axes.plot(change["value"], at, "o", color=colour, label=None if row else label)
    axes.axvline(0, color="black", linewidth=0.8)
    axes.set_yticks(range(len(ASKED)), ASKED.values())
    axes.set(xlabel="change with the third nation [s]; left is earlier", ylim=(2.5, -0.5))
    axes.set_title(f"STUDY, RECONSTRUCTION: two nations and three (n = {N}, 95 %)", fontsize=11)
    axes.grid(axis="x", alpha=0.3)
    axes.legend(frameon=False)
    figure.savefig("11_trilateral_sharing.png", dpi=80)


if __name__ == "__main__":  # workers start by importing this file
    main()

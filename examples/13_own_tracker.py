"""How does a tracker of one's own compare?

The fifty lines of own_tracker.py and hinomi's tracker on the same plots of the benchmark set, the
case of one ballistic body seen by radars. Draws 13_own_tracker.png.
"""

import os
import tempfile
from pathlib import Path

from matplotlib.figure import Figure
from own_tracker import follow

from hinomi.benchmark.folder import open_set
from hinomi.benchmark.run import run_tracker
from hinomi.benchmark.score import score
from hinomi.benchmark.write import write_set

N = int(os.environ.get("HINOMI_EXAMPLE_N", "20"))  # realisations
CASE = "ballistic-radar"
ASKED = {"rmse_position_m": "position [m]", "rmse_velocity_mps": "velocity [m/s]"}


def main():
    figure = Figure(figsize=(7.2, 3.4), layout="constrained")
    plots = figure.subplots(1, len(ASKED))
    with tempfile.TemporaryDirectory() as place:
        write_set(Path(place) / "set", cases=[CASE], seeds=N)
        given = open_set(Path(place) / "set")
        for i, (name, chosen) in enumerate({"own": follow, "hinomi": "hinomi"}.items()):
            run_tracker(given, chosen, Path(place) / name)
            told = score(given, Path(place) / name).cases[CASE]
            for plot, (key, title) in zip(plots, ASKED.items(), strict=True):
                value, wide = told[key]["mean"], 1.96 * told[key]["se"]
                print(f"{name:<7} {title}: {value:.3g} [{value - wide:.3g}, {value + wide:.3g}]")
                plot.errorbar(i, value, yerr=wide, fmt="o", capsize=4, color="#0072B2")
    for plot, title in zip(plots, ASKED.values(), strict=True):
        plot.set(xticks=[0, 1], xticklabels=["own", "hinomi"], xlim=(-0.6, 1.6), ylim=0)
        plot.set_title(f"error of {title}", fontsize=10)
        plot.grid(axis="y", alpha=0.3)
    figure.suptitle(f"STUDY: two trackers on the same plots (n = {N}, 95 %)", fontsize=11)
    figure.savefig("13_own_tracker.png", dpi=80)


if __name__ == "__main__":
    main()

"""How good must a round be, and how fast the look after it, before integration stops paying?

Sixteen settings of two assumptions, all on the same raids: threats that get through, integrated
minus shared warning. The pictures of a raid are formed once. Draws 15_how_good_must_a_round_be.png.
"""

import os

import numpy as np
from matplotlib.figure import Figure

import hinomi as hm

N = int(os.environ.get("HINOMI_EXAMPLE_N", "20"))  # replicates
KILL = "catalogue.interceptor.midcourse_B.kill_ballistic"
LOOK = "engagement.assess_s"
VARY = {KILL: "0.3:0.9:4", LOOK: "2:20:4"}


def main():
    swept = hm.sweep(
        "okinawa-2025", VARY, replicates=N, seed=1, figures=["leakers"], workers=1,
        cache=False, quiet=True, out="okinawa-2025-sweep",
    )  # fmt: skip
    target = swept.content["targets"][0]
    base = swept.content["results"][target]["leakers"]["base"]
    print(f"as it is: {words(base)} leakers, {target.replace('_', ' ')}")
    rows = [r for r in swept.table().to_pylist() if r["of"] == target]
    for row in (rows[0], rows[3], rows[-4], rows[-1]):
        print(f"kill {row[KILL]:.1f}, look {row[LOOK]:2.0f} s: {words(row)}")
    cells = np.array([row["value"] for row in rows]).reshape(4, 4)
    most = np.abs(cells).max() or 1.0
    figure = Figure(figsize=(7.2, 4.0), layout="constrained")
    axes = figure.subplots()
    image = axes.imshow(cells, origin="lower", aspect="auto", cmap="PuOr", vmin=-most, vmax=most)
    for (i, j), value in np.ndenumerate(cells):
        dark = abs(value) > 0.6 * most
        axes.text(j, i, f"{value:.2f}", ha="center", va="center", color="w" if dark else "k")
    axes.set_xticks(range(4), [f"{r[LOOK]:g}" for r in rows[:4]])
    axes.set_yticks(range(4), [f"{r[KILL]:.1f}" for r in rows[::4]])
    axes.set(xlabel="time to see whether a round hit, s", ylabel="kill probability of a round")
    axes.set_title(f"STUDY: leakers, integrated minus shared warning (n = {N})", fontsize=11)
    figure.colorbar(image, label="bodies")
    figure.savefig("15_how_good_must_a_round_be.png", dpi=80)


def words(told):
    return f"{told['value']:.2f} [{told['low']:.2f}, {told['high']:.2f}]"


if __name__ == "__main__":
    main()

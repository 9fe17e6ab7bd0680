"""What does a slower link cost?

Two nations pass tracks to each other; the time that takes grows from seconds to minutes. Each rung
against the scenario's own link, on the same raids. Draws 07_what_a_slower_link_costs.png.
"""

import os

from matplotlib.figure import Figure

import hinomi as hm
from hinomi.study.figure_words import words

N = int(os.environ.get("HINOMI_EXAMPLE_N", "20"))  # replicates: more narrow the intervals
RUNGS_S = (10.0, 30.0, 60.0, 120.0)  # the scenario's own: 5 s, drawn from 2 to 10


def run(relay_s):
    keys = ("relay_s", "warning_relay_s") if relay_s else ()
    changes = {f"architectures[shared_track].{key}": relay_s for key in keys}
    return hm.run("okinawa-2025", replicates=N, seed=1, quiet=True, keep_tracks=0,
                  architectures=["shared_track"], changes=changes)  # fmt: skip


def main():
    own = run(None)
    figure = Figure(figsize=(7.2, 4.0), layout="constrained")
    axes = figure.subplots()
    for relay_s in RUNGS_S:
        change = run(relay_s).difference("lead_s", against=own)["shared_track"]
        print(f"{relay_s:>4.0f} s to pass a track: lead {words(change)} s (n = {N}, 95 %)")
        value, low, high = change["value"], change["low"], change["high"]
        if low is not None and high is not None:
            axes.plot([relay_s] * 2, [low, high], color="#D55E00", linewidth=2)
        axes.plot(relay_s, value, "o", color="#D55E00")
    axes.plot([0, 120], [0, -120], ":", color="black", linewidth=0.9, label="second for second")
    axes.axhline(0, color="black", linewidth=0.8)
    axes.set(xlabel="time to pass data to the other nation [s]", ylabel="change of lead [s]")
    axes.set_title(f"STUDY: what a slower link costs (n = {N}, median, 95 %)", fontsize=11)
    axes.grid(alpha=0.3)
    axes.legend(frameon=False)
    figure.savefig("07_what_a_slower_link_costs.png", dpi=80)


if __name__ == "__main__":  # workers start by importing this file
    main()

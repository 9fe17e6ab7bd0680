"""What does a drill buy?

The same raids and alerts with everybody drilled; the drilled take shelter more often once they
know. How much more often no survey says, so the answer is given over the catalogue's range of it.
Draws 02_what_a_drill_buys.png.
"""

import os

from matplotlib.figure import Figure

import hinomi as hm
from hinomi.study.figure_words import words

N = int(os.environ.get("HINOMI_EXAMPLE_N", "20"))  # replicates: more narrow the intervals
KEY = "warning.drilled_compliance"  # of the drilled who know, the share that takes shelter


def run(changes):
    return hm.run("okinawa-2025", replicates=N, seed=1, quiet=True, keep_tracks=0,
                  architectures=["shared_warning"], changes=changes)  # fmt: skip


def main():
    (act,) = [a for a in hm.load("okinawa-2025").assumptions if a.key == KEY]
    nobody = run({})
    before = nobody.summary()["architectures"]["shared_warning"]["sheltered_people"]
    print(f"in shelter as it is: {words(before)} people a raid (n = {N}, 95 %)")
    figure = Figure(figsize=(7.2, 4.0), layout="constrained")
    axes = figure.subplots()
    for name, share in (("low", act.low), ("assumed", act.value), ("high", act.high)):
        study = run({"warning.drilled_share": 1.0, KEY: share})
        more = study.difference("sheltered_people", against=nobody)["shared_warning"]
        print(f"all drilled, {share:.0%} of them act ({name}): {words(more)} more people")
        axes.bar(f"{share:.0%} act\n({name})", more["value"], color="#56B4E9", width=0.5)
        axes.plot([f"{share:.0%} act\n({name})"] * 2, [more["low"], more["high"]], color="black")
    axes.set(ylabel="more people in shelter, mean of a raid", ylim=0)
    axes.yaxis.set_major_formatter("{x:,.0f}")
    axes.set_title(f"STUDY: what drilling everybody buys (n = {N}; bars 95 %, chance)", fontsize=11)
    axes.grid(axis="y", alpha=0.3)
    figure.savefig("02_what_a_drill_buys.png", dpi=80)


if __name__ == "__main__":  # workers start by importing this file
    main()

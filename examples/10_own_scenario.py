"""How does one make a scenario of one's own from a bundled one?

A file that says only what differs: here one ship is away, and an alert is decided in a third of the
time. Its answer against the original, on the same raids. Draws 10_own_scenario.png.
"""

import os
from pathlib import Path

from matplotlib.figure import Figure

import hinomi as hm
from hinomi.study.figure_words import words

N = int(os.environ.get("HINOMI_EXAMPLE_N", "20"))  # replicates: more narrow the intervals
MINE = """\
format = "hinomi/scenario/1"
name = "mine"
like = "okinawa-2025"
without = ["batteries[ship west]"]

[warning]
decide_s = { value = 15, low = 5, high = 60, grade = "assumed", source = "what if" }
"""
ASKED = {"first_alert_s": "first alert [s]", "lead_s": "lead [s]", "leakers": "leakers [bodies]",
         "shots": "rounds"}  # fmt: skip


def main():
    Path("mine.toml").write_text(MINE, encoding="utf-8")
    try:
        hm.load("mine.toml", changes={"infrared[LOE].satellites": 54})
    except hm.ScenarioError as error:
        print(f"a slip of the keyboard is told:\n  {error}\n")
    settings = {"replicates": N, "seed": 1, "quiet": True, "architectures": ["integrated"],
                "keep_tracks": 0}  # fmt: skip
    mine, theirs = hm.run("mine.toml", **settings), hm.run("okinawa-2025", **settings)
    figure = Figure(figsize=(7.2, 2.9), layout="constrained")
    plots = figure.subplots(1, len(ASKED))
    print(f"mine minus okinawa-2025 (integrated, n = {N}, 95 %):")
    for plot, (headline, title) in zip(plots, ASKED.items(), strict=True):
        change = mine.difference(headline, against=theirs)["integrated"]
        print(f"  {title:<18} {words(change)}")
        if change["low"] is not None and change["high"] is not None:
            plot.plot([0, 0], [change["low"], change["high"]], color="#0072B2", linewidth=2)
        plot.plot(0, change["value"], "o", color="#0072B2")
        plot.axhline(0, color="black", linewidth=0.8)
        plot.set(xlim=(-1, 1), xticks=[])
        plot.set_title(title, fontsize=10)
    figure.suptitle(f"STUDY: mine minus okinawa-2025 (n = {N}, 95 %)", fontsize=11)
    figure.savefig("10_own_scenario.png", dpi=80)


if __name__ == "__main__":  # workers start by importing this file
    main()

"""Which battery runs dry first?

Raids of growing size against the ready rounds of the notional defence, with perfect tracks: how
often some battery fires its last round, and which ones do. Draws 05_which_battery_runs_dry.png.
"""

import os

from matplotlib.figure import Figure

import hinomi as hm
from hinomi.footprint.asked import asked
from hinomi.footprint.raid_answer import raids_of, told

N = int(os.environ.get("HINOMI_EXAMPLE_N", "20"))  # raids of each size
SIZES = (10, 15, 20, 25, 30, 35, 40)


def main():
    scenario = asked(hm.load("okinawa-2025"), architecture="integrated")
    answer = told(raids_of(scenario, sizes=SIZES, replicates=N, seed=1, within_s=300.0))
    dry = sorted((b for b in answer["batteries"] if b["empty_size"]), key=lambda b: b["empty_size"])
    print(f"{answer['ready_rounds']} ready rounds; {N} raids of each size:")
    for battery in dry or [{"battery": "no battery", "empty_size": f"up to {SIZES[-1]}"}]:
        print(f"  {battery['battery']}: dry in half of the raids at size {battery['empty_size']}")
    figure = Figure(figsize=(7.2, 4.4), layout="constrained")
    upper, lower = figure.subplots(2, 1, sharex=True)
    for row in answer["sizes"]:
        share, leakers = row["any_battery_empty"], row["leakers"]
        print(
            f"  raid of {row['size']}: some battery dry in {share['value']:.0%} "
            f"[{share['low']:.0%}, {share['high']:.0%}] of raids"
        )
        for plot, found in ((upper, share), (lower, leakers)):
            if found["low"] is not None:
                plot.plot([row["size"]] * 2, [found["low"], found["high"]], color="#0072B2")
            plot.plot(row["size"], found["value"], "o", color="#0072B2")
    upper.set(ylabel="some battery dry\n[share of raids]", ylim=(-0.05, 1.05))
    lower.set(ylabel="leakers", xlabel="bodies in the raid", ylim=0)
    names = ", ".join(b["battery"] for b in dry[:3]) or "none in half of the raids"
    upper.set_title(f"STUDY: first dry: {names} (n = {N}, 95 %)", fontsize=10.5)
    for plot in (upper, lower):
        plot.grid(alpha=0.3)
    figure.savefig("05_which_battery_runs_dry.png", dpi=80)


if __name__ == "__main__":
    main()

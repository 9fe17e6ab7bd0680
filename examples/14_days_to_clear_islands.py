"""How many days does it take to clear the Sakishima islands?

The bundled plan with weather and capacities as they may come: people left by day, and the exit that
holds everything up. Draws 14_days_to_clear_islands.png.
"""

import os

from matplotlib.figure import Figure

from hinomi.export.evacuation_answer import evacuate, facts
from hinomi.scenario.evacuation import load_plan

N = int(os.environ.get("HINOMI_EXAMPLE_N", "20"))  # replicates, times ten: they are quick


def main():
    told = facts(evacuate(load_plan("sakishima"), replicates=10 * N, seed=1))
    days = told["days"]
    print(
        f"{days['value']:.1f} days [{days['low']:.1f}, {days['high']:.1f}] (90 % of {10 * N} "
        f"replicates) for {told['people']:,} people; as planned {told['planned_days']:.1f}"
    )
    print(f"what holds it up: {told['bottleneck']}")
    rows = told["remaining"]
    day = [row["day"] for row in rows]
    figure = Figure(figsize=(7.2, 4.0), layout="constrained")
    axes = figure.subplots()
    axes.fill_between(day, [row["low"] for row in rows], [row["high"] for row in rows],
                      color="#0072B2", alpha=0.2, label="5 to 95 %")  # fmt: skip
    axes.plot(day, [row["value"] for row in rows], "o-", color="#0072B2", label="median")
    axes.plot(day, [row["planned"] for row in rows], "k--", linewidth=1, label="as planned")
    axes.set(xlabel="day", ylabel="people still there at its start", ylim=0)
    axes.set_title(f"STUDY: days to clear the Sakishima islands (n = {10 * N})", fontsize=11)
    axes.grid(alpha=0.3)
    axes.legend(frameon=False)
    figure.savefig("14_days_to_clear_islands.png", dpi=80)


if __name__ == "__main__":
    main()

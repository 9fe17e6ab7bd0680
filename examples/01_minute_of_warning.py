"""Who gets a minute of warning?

The notional raid on Okinawa and Kyushu under four architectures: of the people whose town
is hit or passed over low, the share with an alert at least so long before the first arrival there.
Draws 01_minute_of_warning.png.
"""

import os

from matplotlib.figure import Figure

import hinomi as hm
from hinomi.study.figure_words import words

N = int(os.environ.get("HINOMI_EXAMPLE_N", "20"))  # replicates: more narrow the intervals
COLOURS = {"national": "#777777", "shared_warning": "#E69F00", "shared_track": "#009E73",
           "integrated": "#0072B2"}  # fmt: skip
SHARES = """
    with first as (select architecture, replicate, place_code, any_value(population) as people,
                          arg_min(lead_s, t_arrive_s) as lead_s from warned group by all),
         one as (select architecture, replicate, x.at as lead,
                        sum(people) filter (lead_s >= x.at) / sum(people) as share
                 from first, (select unnest(range(0, 661, 30)) as at) as x group by all)
    select architecture, lead, avg(coalesce(share, 0)) as mean,
           quantile_cont(coalesce(share, 0), 0.05) as low,
           quantile_cont(coalesce(share, 0), 0.95) as high
    from one group by all order by all
"""


def main():
    study = hm.run("okinawa-2025", replicates=N, seed=1, quiet=True)
    print(f"Share of people in need with an alert 60 s ahead (n = {N}, 95 %):")
    for name, headlines in study.summary()["architectures"].items():
        print(f"  {name:<15} {words(headlines['warned_in_time_share'])}")
    rows = study.sql(SHARES).to_pylist()
    figure = Figure(figsize=(7.2, 4.2), layout="constrained")
    axes = figure.subplots()
    for name, colour in COLOURS.items():
        own = [row for row in rows if row["architecture"] == name]
        lead = [row["lead"] for row in own]
        dash = ":" if name == "shared_track" else "-"  # it lies on the integrated one
        axes.plot(lead, [r["mean"] for r in own], color=colour, linestyle=dash, label=name)
        if name in ("national", "integrated"):
            axes.fill_between(lead, [r["low"] for r in own], [r["high"] for r in own],
                              color=colour, alpha=0.15, linewidth=0)  # fmt: skip
    axes.axvline(60, color="black", linewidth=0.8, linestyle=":")
    axes.set(xlabel="alert at least so long before arrival [s]", ylabel="share of people",
             ylim=(0, 1.02), xlim=(0, 660))  # fmt: skip
    axes.set_title(
        f"STUDY: who is warned how early (n = {N}; bands 5 to 95 % of raids)", fontsize=11
    )
    axes.grid(alpha=0.3)
    axes.legend(frameon=False)
    figure.savefig("01_minute_of_warning.png", dpi=80)


if __name__ == "__main__":  # workers start by importing this file
    main()

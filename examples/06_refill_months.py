"""How long does industry need to refill what one raid took?

The ledger of every replicate, asked in SQL: stock by month until everything is back.
Draws 06_refill_months.png.
"""

import os

from matplotlib.figure import Figure

import hinomi as hm
from hinomi.study.figure_words import words

N = int(os.environ.get("HINOMI_EXAMPLE_N", "20"))  # replicates: more narrow the intervals
MISSING = """
    with own as (from ledger where architecture = 'integrated'),
         start as (select replicate, owner, product, max(opening) as full from own group by all),
         gap as (select replicate, product, month, sum(start.full - own.closing) as rounds
                 from own join start using (replicate, owner, product) group by all),
         -- a ledger ends where all is back: months after it count as nothing missing
         every as (from (select distinct replicate from own), (select distinct product from own),
                   (select distinct month from own))
    select product, month, median(coalesce(rounds, 0)) as middle,
           quantile_cont(coalesce(rounds, 0), 0.05) as low,
           quantile_cont(coalesce(rounds, 0), 0.95) as high
    from every left join gap using (replicate, product, month) group by all order by all
"""


def main():
    study = hm.run("okinawa-2025", replicates=N, seed=1, quiet=True)
    figures = study.summary()["architectures"]["integrated"]
    print(f"Months to refill, lines at work: {words(figures['refill_months'])} (n = {N}, 95 %)")
    print(f"with lead times of new orders:   {words(figures['refill_months_with_lead'])}")
    print(f"rounds spent in a raid:          {words(figures['shots'])}")
    rows = study.sql(MISSING).to_pylist()
    figure = Figure(figsize=(7.2, 4.2), layout="constrained")
    axes = figure.subplots()
    for product in dict.fromkeys(row["product"] for row in rows):
        own = [row for row in rows if row["product"] == product]
        months = [row["month"] for row in own]
        line = axes.plot(months, [row["middle"] for row in own], label=product)[0]
        axes.fill_between(months, [row["low"] for row in own], [row["high"] for row in own],
                          color=line.get_color(), alpha=0.2)  # fmt: skip
    axes.set(xlabel="months after the raid", ylabel="rounds missing", ylim=0)
    axes.set_title(f"STUDY: rounds not yet back (n = {N}; median, 5 to 95 % of raids)", fontsize=11)
    axes.grid(alpha=0.3)
    axes.legend(frameon=False)
    figure.savefig("06_refill_months.png", dpi=80)


if __name__ == "__main__":  # workers start by importing this file
    main()

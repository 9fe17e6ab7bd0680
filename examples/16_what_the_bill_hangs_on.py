"""Which assumption does the bill for interceptors hang on?

Prices, kill probabilities and salvos of one nation's raid, each set to its low and its high on the
same raids; the largest changes first. Draws 16_what_the_bill_hangs_on.png.
"""

import os
from pathlib import Path

from matplotlib.figure import Figure

from hinomi.sensitivity.answer import answer, effects_of
from hinomi.sensitivity.compare import execute, question
from hinomi.study.montecarlo import engine_for

N = int(os.environ.get("HINOMI_EXAMPLE_N", "20"))  # replicates
KEYS = ["catalogue.price.*.unit_musd", "catalogue.interceptor.*.salvo",
        "catalogue.interceptor.*.kill_*"]  # fmt: skip
SHOWN = 8


def main():
    asked = question(
        "okinawa-2025", keys=KEYS, figures=["cost_musd"], architecture="integrated",
        replicates=N, seed=1, band=False,
    )  # fmt: skip
    folder = Path("okinawa-2025-sensitivity")
    told = answer(execute(asked, folder, engine=engine_for(workers=1)))
    base = told["results"]["integrated"]["cost_musd"]["base"]
    print(f"as it is: {words(base)} million USD of rounds in a raid of eight")
    found = effects_of(told, "integrated", "cost_musd")[:SHOWN]
    figure = Figure(figsize=(8.6, 4.2), layout="constrained")
    axes = figure.subplots()
    for row, (_, sides) in enumerate(found):
        for side, place, colour in (
            ("low", row - 0.19, "#0072B2"),
            ("high", row + 0.19, "#E69F00"),
        ):
            if side in sides:
                value = sides[side]["change"]["value"]
                label = f"at its {side}" if row == 0 else None
                axes.barh(place, value, height=0.34, color=colour, label=label)
    for key, sides in found[:3]:
        for side, effect in sides.items():
            print(f"{key['key']} at its {side}, {effect['setting']:g}: {words(effect['change'])}")
    axes.set_yticks(range(len(found)), [k["key"].removeprefix("catalogue.") for k, _ in found])
    axes.invert_yaxis()
    axes.axvline(0.0, color="k", linewidth=1)
    axes.set_xlabel("change of the bill, million USD")
    axes.set_title(f"STUDY: what the bill hangs on, integrated (n = {N})", fontsize=11)
    axes.legend(frameon=False)
    figure.savefig("16_what_the_bill_hangs_on.png", dpi=80)


def words(told):
    return f"{told['value']:.0f} [{told['low']:.0f}, {told['high']:.0f}]"


if __name__ == "__main__":
    main()

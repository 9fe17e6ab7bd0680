"""How many rounds does a raid of ten take?

One link alone: the closed form of a raid. Rounds for no leaker with a wished probability, over the
catalogue's range of the kill probability of one round: best case, as shots are independent and no
track is lost. Draws 04_rounds_for_a_raid_of_ten.png.
"""

from matplotlib.figure import Figure

import hinomi as hm
from hinomi.defend.leakage import no_leak_of, rounds_needed, salvo_kill

RAID, WISH = 10, 0.8
KEY = "catalogue.interceptor.midcourse_B.kill_ballistic"
SALVOS = range(1, 11)


def main():
    (kill,) = [a for a in hm.load("okinawa-2025").assumptions if a.key == KEY]
    figure = Figure(figsize=(7.2, 4.2), layout="constrained")
    axes = figure.subplots()
    need = {}
    for p, colour in ((kill.low, "#D55E00"), (kill.value, "#0072B2"), (kill.high, "#009E73")):
        need[p] = RAID * rounds_needed(WISH, RAID, p, tracked=1.0, works=1.0)
        chance = [no_leak_of(salvo_kill(p, n), RAID, tracked=1.0, works=1.0) for n in SALVOS]
        axes.plot([RAID * n for n in SALVOS], chance, "o-", color=colour, label=f"one round: {p:g}")
    shared = [no_leak_of(salvo_kill(kill.value, n), RAID, tracked=0.95, works=0.95) for n in SALVOS]
    axes.plot([RAID * n for n in SALVOS], shared, "s--", color="#0072B2", alpha=0.6,
              label=f"one round: {kill.value:g}; each track and the system hold 95 %")  # fmt: skip
    print(
        f"{need[kill.value]} rounds [{need[kill.high]}, {need[kill.low]}] for no leaker of {RAID} "
        f"with probability {WISH:g}; the range is that of one round's kill probability, "
        f"{kill.value:g} [{kill.low:g}, {kill.high:g}], {kill.grade}"
    )
    print(f"with tracks and system at 95 %, no number of rounds lifts it above {0.95**11:.2f}")
    axes.axhline(WISH, color="black", linewidth=0.8, linestyle=":")
    axes.set(xlabel="rounds", ylabel="probability of no leaker", ylim=(0, 1.02))
    axes.set_title(f"STUDY: rounds for a raid of {RAID}, closed form", fontsize=11)
    axes.grid(alpha=0.3)
    axes.legend(frameon=False)
    figure.savefig("04_rounds_for_a_raid_of_ten.png", dpi=80)


if __name__ == "__main__":
    main()

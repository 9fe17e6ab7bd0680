"""Do the figures of a press report fit together?

An invented report: "about 1,000 km, 300 km high, in 5 minutes". No body that falls freely can do
that: its range and height fix the least time. Draws 08_press_claim.png.
"""

from pathlib import Path

from hinomi.history.audit import Claim, audit
from hinomi.history.digits import read_distance, read_time
from hinomi.history.picture import draw_claims, published_points

REPORTS = {"as reported": "5", "corrected": "10"}  # minutes


def main():
    judged = []
    for name, minutes in REPORTS.items():
        claim = Claim(
            name=name,
            range_m=read_distance("1000", name="range"),
            apogee_m=read_distance("300", name="apogee"),
            time_s=read_time(minutes, name="time", unit="min"),
            class_name="mrbm_liquid",
        )
        found = audit(claim)
        judged.append((name, claim, found))
        print(
            f"{name}, {minutes} min: {found.verdict}; the least time is {found.bound_rotating_s:.0f} s "
            f"[{found.bound_low_s:.0f}, {found.bound_high_s:.0f}] over what the rounded figures allow"
        )
    draw_claims(judged, published=published_points(), path=Path("08_press_claim.png"),
                title="do the figures of a report fit?")  # fmt: skip


if __name__ == "__main__":
    main()

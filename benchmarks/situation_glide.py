"""The layer against gliders: what it adds, where its gain begins and ends, what it costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from situation_runs import (
    INTEGRATED,
    SHARED,
    command,
    figures,
    interval,
    mean,
    plain,
    study,
    table,
    write,
)

from hinomi.records.columns import Floats
from hinomi.study.statistics import Interval
from hinomi.study.summary import measured

LEO_CLASS, GLIDER = "catalogue.infrared.leo_wide", "catalogue.threat.glider_regional"
OFF = {"infrared[LEO].availability": 0.0}
FORWARD = {"radars[forward].availability": 1.0}
SHIPS = ("ship south-east", "ship west", "ship north-east")
TERMINALS = ("Okinawa", "Miyako", "Ishigaki", "Yonaguni", "Naha", "north Kyushu")
LAYER = {f"batteries[{s}].magazines.glide_phase": {"ready": 8} for s in SHIPS}
# Programme above 3,000 million USD (US Missile Defense Agency, 2024), 24 rounds of 15, 30, 60: a placeholder.
PROGRAMME_MUSD = (3360.0, 3720.0, 4440.0)
# The layer by itself: nothing else looks or shoots, its own ships are blind; worlds put one sensor back.
_BLIND = [{"from_s": 1e5, "to_s": 1e5 + 1.0}]  # long after the last flight has ended
ALONE = {
    "radars[*].availability": 0.0,
    "infrared[*].availability": 0.0,
    "batteries[*].radar_on": _BLIND,
    **{
        f"batteries[{s}].magazines.{w}.ready": 0
        for s in SHIPS
        for w in ("area_endo", "midcourse_B")
    },
    **{f"batteries[terminal {t}].magazines.terminal_low.ready": 0 for t in TERMINALS},
}


def leo(satellites: int, planes: int) -> dict[str, object]:
    """Changes that put a number of satellites in low orbit; none are those taken away."""
    if satellites == 0:
        return dict(OFF)
    return {"infrared[LEO].satellites": satellites, "infrared[LEO].planes": planes}


def gain_of(
    n: int, changes: Mapping[str, object], architectures: Sequence[str]
) -> dict[str, tuple[Floats, Floats, Floats]]:
    """Leakers without and with the layer, and gliders the layer shot at, (N,) each, by architecture."""
    runs = [
        study("glide-phase-2023", n=n, architectures=architectures, changes={**changes, **more})
        for more in ({}, LAYER)
    ]  # fmt: skip
    without, layer = (measured(x.table("metrics")) for x in runs)
    rows = runs[1].table("engagements").to_pylist()
    met = {
        (r["architecture"], r["replicate"], r["body"])
        for r in rows if r["weapon"] == "glide_phase" and r["reason"] == "engaged" and r["body"] != "false"
    }  # fmt: skip
    return {
        a: (
            without.of(a, "leakers"),
            layer.of(a, "leakers"),
            np.array([float(sum(m[:2] == (a, k) for m in met)) for k in range(n)]),
        )
        for a in architectures
    }


def glide(n: int) -> None:
    """What the layer adds, where its gain ends, what it costs."""
    both = (SHARED, INTEGRATED)
    worlds = {
        "four satellites in low orbit, as in 2023": {},
        "none": OFF,
        "28, planned": leo(28, 4),
        "54, planned": leo(54, 6),
        "none, and a radar moved forward": {**OFF, **FORWARD},
    }
    rows = []
    for words, changes in worlds.items():
        found = gain_of(n, changes, both)
        for a in both:
            without, layer, met = found[a]
            rows.append(
                [words, a, *(interval(mean(x)) for x in (met, without, layer, without - layer))]
            )
    write("glide-worlds", n, table(
        ["low orbit, radars", "architecture", "gliders the layer shot at", "leakers without it", "with it", "fewer"],
        rows))  # fmt: skip
    _alone(n)
    _flips(n)
    _sizes(n)
    _years(n)
    _footprint()


def _alone(n: int) -> None:
    """The layer by itself, on the tracks of one kind of sensor at a time."""
    worlds = {
        "nothing": {},
        "28 satellites in low orbit, planned": {**leo(28, 4), "infrared[LEO].availability": 1.0},
        "a radar moved forward": FORWARD,
        "its own ships": {"batteries[*].radar_on": []},
    }
    rows = []
    for words, changes in worlds.items():
        without, layer, met = gain_of(n, {**ALONE, **changes}, (INTEGRATED,))[INTEGRATED]
        rows.append([words, *(interval(mean(x)) for x in (met, without, layer, without - layer))])
    write("glide-alone", n, table(
        ["what sees the gliders", "gliders the layer shot at", "leakers without it", "with it", "fewer"],
        rows))  # fmt: skip


# The points marked * lie beyond the ranges of the catalogue, to find where the answer flips.
SWEEPS: dict[str, tuple[str, dict[str, dict[str, object]]]] = {
    "track grade: position 10 s ahead known to": ("km", {
        "0.03*": {"tracking.engage_position_km": 0.03}, "0.1*": {"tracking.engage_position_km": 0.1},
        "0.3": {"tracking.engage_position_km": 0.3}, "1": {}, "3": {"tracking.engage_position_km": 3.0}}),
    "infrared: intensity seen at 3,000 km": ("kW/sr", {
        "50*": {f"{LEO_CLASS}.intensity_ref_kw_sr": 50.0}, "10*": {f"{LEO_CLASS}.intensity_ref_kw_sr": 10.0},
        "2": {f"{LEO_CLASS}.intensity_ref_kw_sr": 2.0}, "0.5": {}, "0.05": {f"{LEO_CLASS}.intensity_ref_kw_sr": 0.05}}),
    "view factor of the hot surface": ("", {
        "0.01*": {f"{GLIDER}.view_factor": 0.01}, "0.03*": {f"{GLIDER}.view_factor": 0.03},
        "0.1": {f"{GLIDER}.view_factor": 0.1}, "0.5": {}, "1": {f"{GLIDER}.view_factor": 1.0}}),
}  # fmt: skip


def _flips(n: int) -> None:
    """The layer by itself over each assumption; satellites in low orbit alone see the gliders."""
    seen = {**ALONE, "infrared[LEO].availability": 1.0}
    series = {
        words: (unit, {v: {**seen, **leo(28, 4), **c} for v, c in points.items()})
        for words, (unit, points) in SWEEPS.items()
    }
    counts = ((0, 1), (4, 2), (8, 2), (28, 4), (54, 6))
    series["satellites in low orbit (28 and 54: planned)"] = (
        "", {str(c): {**seen, **leo(c, p)} for c, p in counts})  # fmt: skip
    rows = []
    for words, (unit, points) in series.items():
        found = {v: gain_of(n, changes, (INTEGRATED,))[INTEGRATED] for v, changes in points.items()}
        met = {v: mean(x[2]) for v, x in found.items()}
        fewer = {v: mean(x[0] - x[1]) for v, x in found.items()}
        for v in points:
            label = f"{v} {unit}".strip()
            rows.append([words, label, interval(met[v]), interval(fewer[v])])
        rows.append(["", "**flips**", _flip(met, unit), _flip(fewer, unit)])
    write(
        "glide-flips",
        n,
        table(["assumption", "value", "gliders the layer shot at", "leakers fewer"], rows),
    )


def _flip(found: Mapping[str, Interval], unit: str) -> str:
    """Between which values the interval leaves zero, or that it never does."""
    above = [x.low > 0.0 for x in found.values()]
    names = [f"{v} {unit}".strip() for v in found]
    turns = [
        f"{'begins' if above[i + 1] else 'ends'} between {names[i]} and {names[i + 1]}"
        for i in range(len(above) - 1) if above[i] != above[i + 1]
    ]  # fmt: skip
    if turns:
        return ", ".join(turns)
    return "no: above zero at every value" if above[0] else "no: zero within chance at every value"


def _sizes(n: int) -> None:
    """Leakers by size of the raid."""
    rows = []
    for size in (1, 2, 4, 8):
        found = gain_of(n, {} if size == 4 else {"threats[glider].count": size}, (INTEGRATED,))[
            INTEGRATED
        ]
        rows.append(
            [
                str(size),
                *(interval(mean(x)) for x in (found[2], found[0], found[1], found[0] - found[1])),
            ]
        )
    write("glide-sizes", n, table(
        ["gliders", "the layer shot at", "leakers without it", "with it", "fewer"], rows))  # fmt: skip


def _years(n: int) -> None:
    """Price of a leaker fewer by the year in which the layer comes into service."""
    rows = []
    for year, rounds, satellites, planes in ((2029, 12, 28, 4), (2035, 24, 54, 6)):
        base = figures(
            "glide-phase-2023", n=n, architectures=[INTEGRATED], changes=leo(satellites, planes)
        )
        with_it = figures(
            "glide-phase-2023", n=n, architectures=[INTEGRATED], variant=f"year_{year}"
        )
        fewer = mean(base.of(INTEGRATED, "leakers") - with_it.of(INTEGRATED, "leakers"))
        bill = [3000.0 + rounds * unit for unit in (15.0, 30.0, 60.0)]
        each = [
            "no limit" if gain <= 0.0 else plain(cost / gain, 0)
            for cost, gain in zip(bill, (fewer.high, fewer.value, fewer.low), strict=True)
        ]
        rows.append([
            str(year), str(rounds), f"{satellites}, planned", interval(fewer),
            f"{plain(bill[1], 0)} ({plain(bill[0], 0)} to {plain(bill[2], 0)})", f"{each[1]} ({each[0]} to {each[2]})",
        ])  # fmt: skip
    write("glide-years", n, table(
        ["in service", "rounds", "satellites in low orbit", "leakers fewer in a raid of four",
         "price of programme and rounds, million USD", "million USD for each leaker fewer in one raid"], rows))  # fmt: skip


def _footprint() -> None:
    """Area and people defended against a glider, with and without the layer."""
    rows, area = [], {}
    for words, more in (("without", ()), ("with the layer", ("--variant", "glide_phase"))):
        told = command(
            "footprint", "glide-phase-2023", "--cell-km", "30", "--launches", "20", *more
        )
        for found in told["defended"]:
            if found["battery"] == "all batteries":
                view = (
                    "path known at burnout" if found["track"] == "early" else "track, then decision"
                )
                one = found["one_shot"]
                area[words, view] = one["area_km2"]["value"]
                rows.append(
                    [words, view, interval(one["area_km2"], 0), interval(one["people"], 0), ""]
                )
    for view in dict.fromkeys(v for _, v in area):
        more_km2 = area["with the layer", view] - area["without", view]
        price = "no limit" if more_km2 <= 0 else plain(PROGRAMME_MUSD[1] / more_km2 * 1e3, 1)
        rows.append(["added", view, plain(more_km2, 0), "", price])
    text = table(
        [
            "",
            "view",
            "area with a shot opportunity, km2",
            "people in it",
            "programme, million USD for 1,000 km2",
        ],
        rows,
    )
    write("glide-footprint", 0, text, "\n20 notional launches, cells of 30 km, seed 1; kinematic upper bounds, "
          "95 % intervals over the launches.\n")  # fmt: skip

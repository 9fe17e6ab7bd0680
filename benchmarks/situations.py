"""Run the five situations and write the tables that their pages include.

    python benchmarks/situations.py                 # all of them
    python benchmarks/situations.py glide -n 8      # one, with fewer replicates
    python benchmarks/situations.py --fresh         # forget what was computed before

Runs are kept in results/situations and gone on with; a table says its number of replicates and seed.
"""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Callable
from typing import Any

import numpy as np
from situation_glide import glide
from situation_runs import (
    INTEGRATED,
    SHARED,
    WORK,
    command,
    figures,
    integration,
    interval,
    mean,
    plain,
    study,
    table,
    write,
)

from hinomi.records.columns import Floats
from hinomi.scenario.load import load
from hinomi.study.results import Results
from hinomi.study.seeds import AddressedDraws
from hinomi.study.statistics import median_interval, wilson_interval
from hinomi.study.summary import measured
from hinomi.threat.fly import fly
from hinomi.watch.observe import observe

REPLICATES = 30


# -- depressed-2022

BODIES = {
    "low 5 January-1": "low, 5 January", "twin of 5 January-1": "ballistic twin",
    "low 11 January-1": "low, 11 January", "twin of 11 January-1": "ballistic twin",
}  # fmt: skip
KINDS = ("first detection", "firm track")
HELD_S = 10.0  # a body is held while a row of grade W is no older than this: assumed


ALL = ("national", SHARED, "shared_track")


def depressed(n: int) -> None:
    """First sight, firm track and continuity of low flights and their twins; over-warning."""
    _by_radar(n)
    rows, told = [], []
    cases = (("none, as in 2022", None), ("28, planned", "leo_28"), ("54, planned", "leo_54"))
    for words, variant in cases:
        found = study("depressed-2022", n=n, variant=variant, keep=n, architectures=ALL)
        for a in (SHARED, "shared_track"):
            times, held = _times(found, a), _held(found, a)
            for body, name in BODIES.items():
                seen = [median_interval(times[kind][body]) for kind in KINDS]
                cells = [*(interval(x, 0) for x in seen), interval(mean(held[body]), 0, 100.0)]
                rows.append([words, a, name, *cells])
        told += _over_warned(words, "launch events may alert", found)
    own = study("depressed-2022", n=n, variant="own_track", architectures=ALL)
    told += _over_warned("none, as in 2022", "own tracks only", own)
    head = ("low orbit", "architecture", "flight", "seen, s after ignition", "firm track, s")
    write("depressed-tracks", n, table([*head, "held, % of the flight"], rows))
    head = ("low orbit", "rule", "architecture", "runs of four flights with an alert on land, %")
    write("depressed-alerts", n, table([*head, "million people told for nothing"], told))


def _over_warned(words: str, rule: str, found: Results) -> list[list[str]]:
    figures_ = measured(found.table("metrics"))
    rows = []
    for a in ALL:
        over = figures_.of(a, "over_warned_people")
        share = wilson_interval(int(np.count_nonzero(over > 0)), len(over))
        rows.append([words, rule, a, interval(share, 0, 100.0), interval(mean(over / 1e6))])
    return rows


def _by_radar(n: int) -> None:
    """First plot of each radar and number of its plots, (N,) each body, whoever owns it."""
    scenario = load("depressed-2022")
    first: dict[tuple[str, str], list[float]] = {}
    count: dict[tuple[str, str], list[float]] = {}
    for k in range(n):
        draws = AddressedDraws(1, k)
        flights = fly(scenario.threats, scenario.classes, draws=draws, t_end_s=scenario.t_end_s)
        plots = observe(flights, scenario.sensors, draws=draws)
        for i, radar in enumerate(scenario.sensors.radars):
            for b, body in enumerate(flights.bodies):
                t_s = plots.t_s[(plots.sensor == i) & (plots.body == b)] - flights.launch_t_s[b]
                first.setdefault((radar.name, body), []).append(min(t_s, default=np.inf))
                count.setdefault((radar.name, body), []).append(float(len(t_s)))
    rows = [
        [
            radar.name, radar.owner, BODIES[body],
            interval(wilson_interval(int(np.isfinite(first[radar.name, body]).sum()), n), 0, 100.0),
            interval(median_interval(np.array(first[radar.name, body])), 0),
            interval(mean(np.array(count[radar.name, body])), 0),
        ]
        for radar in scenario.sensors.radars
        for body in BODIES
        if any(sum(count[radar.name, b]) for b in BODIES)
    ]  # fmt: skip
    write("depressed-radars", n, table(
        ["radar", "nation", "flight", "seen at all, % of runs", "first plot, s after ignition", "plots"], rows))  # fmt: skip


def _times(found: Results, architecture: str) -> dict[str, dict[str, Floats]]:
    """Kind of event -> body -> (N,) time after its own launch; infinite where it never came."""
    rows = [r for r in found.table("events").to_pylist() if r["architecture"] == architecture]
    launch = {(r["replicate"], r["subject"]): r["t_s"] for r in rows if r["kind"] == "launch"}
    out: dict[str, dict[str, Floats]] = {}
    for kind in KINDS:
        at = {(r["replicate"], r["subject"]): r["t_s"] for r in rows if r["kind"] == kind}
        out[kind] = {
            body: np.array(
                [at.get((k, b), np.inf) - t for (k, b), t in sorted(launch.items()) if b == body]
            )
            for body in BODIES
        }
    return out


def _held(found: Results, architecture: str) -> dict[str, Floats]:
    """Body -> (N,) share of its flight in which a row of grade W or better is at most HELD_S old.

    The flights of a run are so far apart that a row within a flight is this body's.
    """
    events = [r for r in found.table("events").to_pylist() if r["architecture"] == architecture]
    spans: dict[tuple[int, str], dict[str, float]] = {}
    for r in events:
        if r["kind"] in ("launch", "arrival"):
            spans.setdefault((r["replicate"], r["subject"]), {})[r["kind"]] = r["t_s"]
    rows = (
        found.table("tracks")
        .select(["replicate", "architecture", "t_s", "track_grade"])
        .to_pylist()
    )
    good: dict[int, list[float]] = {}
    for r in rows:
        if r["architecture"] == architecture and r["track_grade"] in ("W", "Q", "E"):
            good.setdefault(r["replicate"], []).append(r["t_s"])
    out: dict[str, list[float]] = {body: [] for body in BODIES}
    for (k, body), span in sorted(spans.items()):
        seconds = np.arange(span["launch"], span["arrival"])
        last = np.sort(np.array([-np.inf, *good.get(k, [])]))
        age = seconds - last[np.searchsorted(last, seconds, side="right") - 1]
        out[body].append(float(np.mean(age <= HELD_S)))
    return {body: np.array(x) for body, x in out.items()}


# -- launch-may-2023, launch-november-2023

LINKS = ("bilateral", "trilateral", "bilateral_track", "trilateral_track")


def launch(n: int) -> None:
    """Alert minute, people told for nothing, time to the all-clear; by sharing of two and three."""
    rows = []
    cases = [
        ("31 May 2023, failed", "launch-may-2023", "as it is", None),
        ("31 May 2023, failed", "launch-may-2023", "announced window", "announced_window"),
        ("31 May 2023, failed", "launch-may-2023", "own tracks only", "own_track"),
        ("21 November 2023, went on", "launch-november-2023", "as it is", None),
        (
            "21 November 2023, went on",
            "launch-november-2023",
            "announced window",
            "announced_window",
        ),
    ]
    for words, scenario, how, variant in cases:
        found = study(scenario, n=n, architectures=LINKS, variant=variant)
        figures_ = measured(found.table("metrics"))
        lifts = _lifts(found, n)
        for a in LINKS:
            alert = figures_.of(a, "first_alert_s")
            told = int(np.count_nonzero(np.isfinite(alert)))
            rows.append([
                words, how, a, interval(median_interval(alert), 0), interval(wilson_interval(told, n), 0, 100.0),
                interval(median_interval(lifts[a]), 1, 1.0 / 60.0), interval(mean(figures_.of(a, "over_warned_people") / 1e6)),
            ])  # fmt: skip
    write("launch-alerts", n, table(
        ["flight", "delays", "sharing", "alert, s after the launch", "alerted, % of runs",
         "alert to all-clear, min", "million people told for nothing"], rows))  # fmt: skip
    rows = []
    for words, scenario in (
        ("31 May 2023", "launch-may-2023"),
        ("21 November 2023", "launch-november-2023"),
    ):
        found = study(scenario, n=n, architectures=LINKS, variant="island_groups", keep=n)
        for group in ("okinawa_main", "kume", "kerama", "miyako", "yaeyama", "daito"):
            rows.append(
                [words, group, *(interval(mean(_over(found, a, group, n)), 2) for a in LINKS[:2])]
            )
    write(
        "launch-overflight", n, table(["flight", "islands", "two nations", "three nations"], rows)
    )


def _lifts(found: Results, n: int) -> dict[str, Floats]:
    """Architecture -> (N,) seconds from the first alert to the last all-clear; infinite without one."""
    out = {a: np.full(n, np.inf) for a in LINKS}
    rows = found.table("alerts").to_pylist()
    for a in LINKS:
        for k in range(n):
            own = [r for r in rows if r["architecture"] == a and r["replicate"] == k]
            begun = [r["t_issue_s"] for r in own if r["kind"] == "alert"]
            ended = [r["t_issue_s"] for r in own if r["kind"] == "all-clear"]
            if begun and ended:
                out[a][k] = max(ended) - min(begun)
    return out


def _over(found: Results, architecture: str, unit: str, n: int) -> Floats:
    """(N,) largest chance that any forecast gave that the flight passes over or hits a unit."""
    out = np.zeros(n)
    for r in found.table("forecasts").to_pylist():
        if r["architecture"] == architecture and r["unit"] == unit:
            out[r["replicate"]] = max(out[r["replicate"]], r["p_over"], r["p_hit"])
    return out


# -- command-2024, okinawa-2025

SPLIT = ("leakers", "unengaged", "double_engaged", "shots", "cost_musd", "lead_s")


def _split(name: str, told: dict[str, Any], n: int) -> None:
    """Tables of the split of each pair, and the price of the network beside the gain."""
    for pair in told["pairs"]:
        flags = [f for f in pair["flags"] if f != "single_authority"]
        rows = []
        for figure in (f for f in SPLIT if f in pair["figures"]):
            x, equal = pair["figures"][figure], pair["figures"][figure]["equal_times"]
            shares = [interval(equal["shares"][f]) for f in flags]
            rows.append([
                told["figures"][figure]["words"], interval(x["from"]), interval(x["to"]), interval(x["change"]),
                interval(x["link"]), *shares, interval(x["single_authority"]["shares"]["single_authority"]),
            ])  # fmt: skip
        head = ["figure, mean of raids", pair["from"]["name"], pair["to"]["name"], "change", pair["terms"],
                *(told["flags"][f]["words"] for f in flags), "of its own: a faster single authority"]  # fmt: skip
        bill = pair["price"]
        extra = bill["extra_musd_per_year"]
        each = [
            "no limit" if v is None else plain(v, 0) for v in bill["musd_per_year_per_leaker_fewer"]
        ]
        text = table(head, rows) + (
            f"\nPrice beside the gain: the network costs {plain(extra[1], 0)} ({plain(extra[0], 0)} to {plain(extra[2], 0)}) "
            f"million USD a year more (assumed); for each leaker fewer in a raid {each[1]} ({each[0]} to {each[2]}); "
            f"rounds saved in a raid {interval(bill['rounds_saved_musd'], 0)} million USD.\n"
        )
        write(f"{name}-{pair['from']['name']}", n, text)


def _lines() -> None:
    """What both lines of terminal rounds deliver, what binds, and what a larger Japanese line adds."""
    told = command("sustain", "command-2024")
    by_line = {x["line"]: x for x in told["production"]}
    rows = []
    for bound in told["bottlenecks"]:
        if (line := by_line[bound["line"]])["product"] != "PAC-3":
            continue
        made = line["rounds_by_year"]
        yearly = [plain(made[year]["value"], 0) for year in (0, 2, 4, 9)]
        ten = line["rounds"]
        band = " to ".join(plain(x, 0) for x in ten["assumptions"])
        binds = "; ".join(
            f"{x['from_month']}-{x['to_month']} {x['supplier'] or 'the line itself'}" for x in bound["stretches"]
        )  # fmt: skip
        rows.append([line["title"], *yearly, f"{plain(ten['value'], 0)} ({band})", binds])
    head = ("line", "year 1", "year 3", "year 5", "year 10", "ten years", "what binds, by month")
    lines = table(head, rows)
    larger = next(x for x in told["larger_line"] if x["product"] == "PAC-3")
    shares = [x for x in larger["points"] if 0.6 <= x["capacity_share"] <= 2.0]
    adds = table(
        ["seekers, share of the stated capacity", *(plain(x["capacity_share"], 1) for x in shares)],
        [["rounds added in ten years", *(plain(x["rounds_added"], 0) for x in shares)]],
    )
    note = "\nRounds; the first month is July 2024; value, 5 to 95 % over the stated ranges, no outage in it.\n"
    write("command-lines", 0, lines, note)
    write("command-larger", 0, adds, "\nThe Japanese line twice as large.\n")


def command_2024(n: int) -> None:
    """The split over parts of integration, and larger raids."""
    _lines()
    _split("command", integration("command-2024", n=n), n)
    rows = []
    three = ["national", SHARED, INTEGRATED]
    for size in (8, 16, 24):
        found = figures(
            "command-2024", n=n, architectures=three, variant=None if size == 8 else f"raid_{size}"
        )
        for a in three:
            cells = [
                interval(mean(found.of(a, x)))
                for x in ("leakers", "unengaged", "double_engaged", "shots", "cost_musd")
            ]
            rows.append([str(size), a, *cells])
    write(
        "command-sizes",
        n,
        table(
            [
                "bodies",
                "architecture",
                "leakers",
                "nobody shot at",
                "shot at by two",
                "rounds",
                "million USD",
            ],
            rows,
        ),
    )


def okinawa(n: int) -> None:
    """The one-page answer."""
    _split("okinawa", integration("okinawa-2025", n=n), n)
    rows = []
    variants = (("as it is, 28 satellites (planned)", None), ("drills", "drills"), ("glide-phase layer", "glide_phase"),
                ("eight satellites, as in orbit in 2025", "leo_8"), ("54 satellites, planned", "leo_54"),
                ("launch events by voice", "voice_relay"), ("each unit there with 0.7", "availability_70"))  # fmt: skip
    for words, variant in variants:
        found = figures("okinawa-2025", n=n, architectures=[SHARED, INTEGRATED], variant=variant)
        for a in (SHARED, INTEGRATED):
            share = found.of(a, "sheltered_people") / found.of(a, "people_in_need")
            rows.append([
                words, a, interval(median_interval(found.of(a, "lead_s")), 0),
                interval(mean(found.of(a, "warned_in_time_share")), 1, 100.0),
                interval(mean(share[np.isfinite(share)]), 1, 100.0),
                *(interval(mean(found.of(a, x)), d) for x, d in (("leakers", 2), ("cost_musd", 0))),
                interval(median_interval(found.of(a, "refill_months")), 0),
            ])  # fmt: skip
    write("okinawa-answer", n, table(
        ["", "architecture", "warning time, s (median of raids)", "warned in time, % of those in need",
         "in shelter, %", "leakers", "rounds, million USD", "months to refill, production only (median)"], rows))  # fmt: skip


SITUATIONS: dict[str, Callable[[int], None]] = {
    "glide": glide, "depressed": depressed, "launch": launch, "command": command_2024, "okinawa": okinawa,
}  # fmt: skip


def main() -> None:
    """Make the tables that were asked for."""
    words = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    words.add_argument("situations", nargs="*", help=f"of {', '.join(SITUATIONS)}; all otherwise")
    words.add_argument("-n", type=int, default=REPLICATES, help="replicates of each run")
    words.add_argument("--fresh", action="store_true", help="compute everything anew")
    asked = words.parse_args()
    if wrong := set(asked.situations) - set(SITUATIONS):
        words.error(f"unknown: {', '.join(sorted(wrong))}; there are {', '.join(SITUATIONS)}")
    if asked.fresh:
        shutil.rmtree(WORK, ignore_errors=True)
    for name in asked.situations or SITUATIONS:
        print(name, flush=True)
        SITUATIONS[name](asked.n)


if __name__ == "__main__":
    main()

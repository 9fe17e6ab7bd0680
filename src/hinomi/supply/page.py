"""`sustain.html`: one file that opens offline, with the answer in words, drawings and tables."""

from __future__ import annotations

import functools
import tomllib
from importlib import resources
from pathlib import Path
from typing import Any

from hinomi import __version__
from hinomi.report.basemap import STYLE, svg
from hinomi.study.banner import banner, description, vintage_lines
from hinomi.study.store import write_atomically
from hinomi.study.template import rendered
from hinomi.supply.bands import as_stated, middle, price_words, short, span
from hinomi.supply.picture import drawings
from hinomi.supply.solve import Solved
from hinomi.supply.words import exchange_words, pooled_words, run_words

TITLES = {
    "stock": "Stock by month and owner",
    "bottlenecks": "What holds each line back",
    "costs": "What it costs",
    "outlay": "Money by year",
}


@functools.cache
def facts() -> tuple[dict[str, Any], ...]:
    """Public figures of the catalogue, as published."""
    file = resources.files("hinomi") / "data" / "industry_facts.toml"
    return tuple(
        {"name": name, **entry}
        for name, entry in tomllib.loads(file.read_text(encoding="utf-8"))["fact"].items()
    )


def write_page(solved: Solved, told: dict[str, Any], path: Path) -> None:
    """Write the page; it names no other file."""
    text = rendered(
        "sustain.html.j2",
        _content(solved, told),
        filters={
            "short": short,
            "span": span,
            "dates": lambda pair: " to ".join(dict.fromkeys(x or "never" for x in pair)),
            "price": price_words,
            "middle": middle,
            "as_stated": as_stated,
        },
    )
    write_atomically(path, lambda part: part.write_text(text, encoding="utf-8"))


def _content(solved: Solved, told: dict[str, Any]) -> dict[str, Any]:
    scenario = solved.asked.scenario
    shown = banner("study", reconstruction=bool(scenario.facts))
    return {
        "version": __version__,
        "banner": {"text": shown.text, "colour": shown.ground},
        "scenario": scenario,
        "told": told,
        "sentences": sentences(told),
        "exchange": exchange_words(told),
        "figures": _figures(solved, told),
        "flags": {
            a.name: [x.flag for x in solved.asked.supply.network if x.flag and getattr(a, x.flag)]
            for a in solved.asked.architectures
        },
        "assumptions": solved.asked.parameters,
        "facts": facts(),
        "vintage": vintage_lines(
            "",
            scenario=scenario.name,
            scenario_hash=scenario.content_hash[:12],
            version=__version__,
        )[2:3],
    }


def _figures(solved: Solved, told: dict[str, Any]) -> dict[str, str]:
    import matplotlib as mpl

    mpl.use("Agg")
    with mpl.rc_context({**STYLE, "font.size": 9.0}):
        return {
            name: svg(draw(), name, title=TITLES[name], desc=description("study", [TITLES[name]]))
            for name, draw in drawings(solved, told).items()
        }


def sentences(told: dict[str, Any]) -> list[str]:
    """Say the answer in a few sentences, each figure with its bands."""
    return [*_refill_words(told), *run_words(told), *_line_words(told), *_life_words(told)]


def _refill_words(told: dict[str, Any]) -> list[str]:
    """When stocks are full again, and which raid finds too little."""
    out = []
    finite = [r for r in told["refill"] if r["months"]["assumptions_median"] is not None]
    spent = [r for r in finite if any(_same(r, x) and x["value"] for x in told["raids"]["rounds"])]
    if spent:
        worst = max(spent, key=lambda r: r["months"]["assumptions_median"])
        out.append(
            f"After one raid the last stock to be full again is {worst['owner']}'s {worst['product']}:"
            f" {middle(worst['months'])} months by its own lines (inputs as stated:"
            f" {as_stated(worst['months'])}), {middle(worst['months_with_lead'])} when rounds are"
            f" ordered after the raid, and {pooled_words(worst)} if all lines filled one"
            " common stock."
        )
    never = [r for r in told["refill"] if r["months"]["assumptions_median"] is None]
    out += [
        f"{r['owner']}'s {r['product']} is not made good within {told['years']} years."
        for r in never
    ]
    dry = [r for r in told["stock"] if r["first_short_month"]["value"] is not None]
    out += [
        f"With inputs as stated the raid of month {r['first_short_month']['value']:.0f} finds too"
        f" little of {r['owner']}'s {r['product']}."
        for r in dry
    ]
    return out


def _line_words(told: dict[str, Any]) -> list[str]:
    """What holds the lines back, and what a larger one adds."""
    out = []
    for row in told["relief"]:
        for step in row["steps"][:1]:
            gained = step["rounds_gained"].get(row["product"], 0.0)
            following = step["next"] or "the lines themselves"
            out.append(
                f"{row['product']}: {step['taken_away']} binds longest. Without its limit lines would"
                f" make {gained:,.0f} rounds more in {told['years']} years; then {following} would bind."
            )
    for row in told["larger_line"]:
        now = next(p for p in row["points"] if p["capacity_share"] == 1.0)
        binds = {r["line"]: r["binds_longest"] for r in told["bottlenecks"]}
        if binds[row["line"]] == row["supplier"]:
            out.append(
                f"A line {row['line']} {row['times']:g} times as large adds"
                f" {now['rounds_added']:,.0f} rounds to {now['rounds']:,.0f} as long as"
                f" {row['supplier']} makes no more than stated."
            )
    return out


def _life_words(told: dict[str, Any]) -> list[str]:
    """What the dearest architecture costs over the years."""
    life = told["life_cycle"]
    if len(life) < 2:
        return []
    dear = max(life, key=lambda r: r["total_musd"]["assumptions_median"])
    whole, network = dear["total_musd"], dear["parts_musd"]["network"]
    return [
        f"Over {told['years']} years rounds and network of {dear['architecture']} cost"
        f" {middle(whole)} million (inputs as stated: {short(whole['value'])}), of which its"
        f" network {middle(network)} (as stated {short(network['value'])}), all assumed."
    ]


def _same(a: dict[str, Any], b: dict[str, Any]) -> bool:
    return (a["owner"], a["product"]) == (b["owner"], b["product"])

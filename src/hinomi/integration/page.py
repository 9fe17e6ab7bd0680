"""`integration.html`: one file that opens offline, with the answer in words, drawings and tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from hinomi.integration import figures
from hinomi.integration.coordination import READY
from hinomi.integration.measures import MEASURES
from hinomi.integration.words import (
    beyond_chance,
    figure_words,
    number,
    percent,
    sentences,
    tip_words,
    unit_of,
)
from hinomi.report import answer_page
from hinomi.scenario.model import Scenario
from hinomi.study.figure_words import short

PAGE: Final = "integration.html"
MOST_DRAWN: Final = 4  # figures on the ladder
Told = Mapping[str, Any]


def write_page(content: Told, scenario: Scenario, folder: Path) -> Path:
    """Write the page into the folder of an answer and return its path."""
    return answer_page.write_page(folder, PAGE, page_content(content, scenario))


def page_content(content: Told, scenario: Scenario) -> dict[str, Any]:
    """What the template shows."""
    return {
        **answer_page.frame(scenario),
        "told": content,
        "sentences": sentences(content),
        "pairs": [_pair(i, content, pair) for i, pair in enumerate(content["pairs"])],
        "worlds": _worlds(content),
        "ladder": _ladder(content),
        "coordination": _coordination(content),
    }


def _pair(i: int, content: Told, pair: Told) -> dict[str, Any]:
    names = list(pair["figures"])
    title = f"{pair['to']['name']} minus {pair['from']['name']}".replace("_", " ")
    return {
        "title": title,
        "told": pair,
        "first": i == 0,
        "figure": answer_page.drawing(
            lambda: figures.waterfall(pair, names),
            prefix=f"w{i}",
            title=f"Waterfall: {title}",
            words=[_step_words(content, pair, name) for name in names],
        ),
        "rows": [_change_row(pair, name) for name in names],
        "splits": [_split_row(pair, name) for name in names],
        "flags": [(f, content["flags"][f]["words"]) for f in pair["flags"]],
        "alone": [_alone_row(pair, name) for name in names],
        "together": _together(pair),
        "worse": [
            (words, pair["worse"][of], percent(pair["worse"][of]["share"]),
             percent(pair["worse"][of]["unexplained_share"]))
            for of, words in (("leakers", "threats that got through"), ("alerts", "threats alerted later"))
        ],
        "price": _price(pair),
    }  # fmt: skip


def _step_words(content: Told, pair: Told, name: str) -> str:
    found = pair["figures"][name]["equal_times"]["shares"]
    steps = ", ".join(
        f"{content['flags'][f]['words']} {figure_words(x, name)['value']}" for f, x in found.items()
    )
    return f"{MEASURES[name].words}: {steps} {unit_of(name)}."


def _change_row(pair: Told, name: str) -> dict[str, Any]:
    found = pair["figures"][name]
    p = found["p_sign_flip"]
    return {
        "name": f"{MEASURES[name].words}, {unit_of(name)}",
        "from": figure_words(found["from"], name, signed=False),
        "to": figure_words(found["to"], name, signed=False),
        "change": figure_words(found["change"], name),
        "faster": figure_words(found["single_authority"]["change"], name),
        "p": "-" if p is None else "under 0.001" if p < 0.001 else f"{p:.2g}",
        "n": f"{found['n']}" + (f" (left out {found['left_out']})" if found["left_out"] else ""),
        "none": found["n"] > 0 and found["unchanged"] == found["n"],
    }


def _split_row(pair: Told, name: str) -> dict[str, Any]:
    found = pair["figures"][name]
    faster = found["single_authority"]["shares"]
    return {
        "name": f"{MEASURES[name].words}, {unit_of(name)}",
        "cells": [
            figure_words(found["link"], name),
            *(figure_words(x, name) for x in found["equal_times"]["shares"].values()),
            figure_words(found["change"], name),
        ],
        "faster": [
            figure_words(found["link"], name),
            *(figure_words(x, name) for x in faster.values()),
            figure_words(found["single_authority"]["change"], name),
        ],
    }


def _alone_row(pair: Told, name: str) -> dict[str, Any]:
    shares = pair["figures"][name]["equal_times"]["shares"].values()
    return {
        "name": f"{MEASURES[name].words}, {unit_of(name)}",
        "cells": [
            (figure_words(x["alone"], name)["value"], figure_words(x["last"], name)["value"])
            for x in shares
        ],
    }


def _together(pair: Told) -> list[dict[str, Any]]:
    """Pairs of flags whose interaction excludes zero, in any figure."""
    return [
        {
            "name": f"{MEASURES[name].words}, {unit_of(name)}",
            "flags": " with ".join(two["flags"]).replace("_", " "),
            "words": figure_words(two, name),
        }
        for name, found in pair["figures"].items()
        for two in found["single_authority"]["pairs"]
        if two["low"] is not None and (two["low"] > 0 or two["high"] < 0)
    ]


def _price(pair: Told) -> list[tuple[str, str]]:
    bill = pair["price"]

    def band(values: Sequence[float | None], unit: str) -> str:
        low, value, high = values
        if value is None:
            return "not defined: no gain on average"
        top = "no upper bound" if high is None else short(high)
        return f"{short(value)} {unit} ({short(low or 0.0)} to {top})"

    return [
        (
            "extra price of the network (assumed)",
            band(bill["extra_musd_per_year"], "million USD a year"),
        ),
        (
            "of it, a year, for each leaker fewer in a raid",
            band(bill["musd_per_year_per_leaker_fewer"], "million USD a year")
            if beyond_chance(bill["leakers_fewer"], bill["leakers_fewer"]["p_sign_flip"])
            else "no figure: these raids do not show fewer leakers",
        ),
        (
            "price of the rounds saved in a raid, not to be set off against a yearly price",
            f"{number(bill['rounds_saved_musd']['value'], 'cost_musd')} million USD a raid "
            f"({figure_words(bill['rounds_saved_musd'], 'cost_musd', signed=False)['interval']})",
        ),
    ]


def _worlds(content: Told) -> dict[str, Any] | None:
    found = content["worlds"]
    if not found["variants"]:
        return None
    pair = content["pairs"][0]
    names = list(found["effects"])
    return {
        "variants": found["variants"],
        "gains": [
            {
                "name": " and ".join(w["variants"]) or "as it is",
                "cells": [figure_words(w["figures"][n]["change"], n) for n in names],
                "shares": [
                    (flag, [figure_words(w["figures"][n]["equal_times"]["shares"][flag], n) for n in names])
                    for flag in pair["flags"]
                ],
            }
            for w in found["worlds"]
        ],
        "interactions": [
            {
                "name": "sharing × " + " × ".join(found["interactions"][names[0]][i]["with"]),
                "cells": [figure_words(found["interactions"][n][i], n) for n in names],
            }
            for i in range(len(found["interactions"][names[0]]))
        ],
        "effects": [
            {
                "variant": row["variant"],
                "where": " and ".join(row["with"]) or "-",
                "architecture": row["architecture"].replace("_", " "),
                "cells": [figure_words(found["effects"][n][i], n) for n in names],
            }
            for i, row in enumerate(found["effects"][names[0]])
        ],
        "heads": [f"{MEASURES[n].words}, {unit_of(n)}" for n in names],
    }  # fmt: skip


PLANS: Final = (
    ("rounds", "rounds to plan with"),
    ("reachable", "threats with a window"),
    ("joint", "kills, best joint plan"),
    ("national", "kills, national plans side by side"),
    ("joint_minus_national", "joint minus national"),
    ("reached", "kills in the simulation"),
    ("joint_minus_reached", "joint plan minus simulation"),
)


def _coordination(content: Told) -> dict[str, Any] | None:
    found = content["coordination"]
    if not found:
        return None
    return {
        "violations": sum(x["violations"] for x in found["with"].values()),
        "picture": found["picture"].replace("_", " "),
        "gap": f"{max(x['largest_gap'] for x in found['with'].values()):.1g}",
        "heads": [
            "all ready rounds" if stock == READY else f"rounds fired by {stock.replace('_', ' ')}"
            for stock in found["with"]
        ],
        "rows": [
            {"name": words, "cells": [
                figure_words(x[name], "leakers", signed="minus" in name)
                for x in found["with"].values()
            ]}
            for name, words in PLANS
        ],
    }  # fmt: skip


def _ladder(content: Told) -> dict[str, Any] | None:
    found = content["ladder"]
    if not found:
        return None
    first = content["pairs"][0]["figures"]
    clear = [
        n
        for n in found
        if (first[n]["change"]["low"] or 0) > 0 or (first[n]["change"]["high"] or 0) < 0
    ]
    drawn = (clear or list(found))[:MOST_DRAWN]
    return {
        "figure": answer_page.drawing(
            lambda: figures.ladder(found, drawn),
            prefix="ladder",
            title="Gain over the time of the link and of the decision",
            words=[f"{MEASURES[n].words}, slower {k}: {tip_words(x)}." for n in drawn for k, x in found[n].items()],
        ),
        "rows": [
            {"name": f"{MEASURES[n].words}, {unit_of(n)}", "kind": kind, "tip": tip_words(x) or "-",
             "cells": [(short(r["mode_s"]), figure_words(r["gain"], n)) for r in x["rungs"]]}
            for n, kinds in found.items()
            for kind, x in kinds.items()
        ],
    }  # fmt: skip

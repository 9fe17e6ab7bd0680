"""Write the measured tables of the page on sensitivity from a run's own answer.

hinomi sensitivity okinawa-2025 -n 8 -o FOLDER
python benchmarks/sensitivity_page.py FOLDER
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hinomi.settings.measures import number, unit_of
from hinomi.study.figure_words import same_words

ROOT = Path(__file__).parents[1]
PLACE = ROOT / "docs" / "made"
FIGURES = {"leakers": "leakers", "lead_s": "lead time", "cost_musd": "price of rounds"}
MOST = 3
Told = Mapping[str, Any]


def interval(told: Told, name: str, *, signed: bool = False) -> str:
    """Low to high, or that all raids agree."""
    low, high = (number(told[k], name, signed=signed) for k in ("low", "high"))
    return same_words(told) or f"{low} to {high}"


def moved(content: Told, target: str, name: str) -> str:
    """The settings that move a figure most, largest first, one for each number."""
    units = {k["key"]: "" if k["unit"] == "1" else f" {k['unit']}" for k in content["keys"]}
    largest: dict[str, Told] = {}
    for effect in content["results"][target][name]["effects"]:
        if effect["change"]["value"] is None:
            continue
        known = largest.get(effect["key"])
        if known is None or abs(effect["change"]["value"]) > abs(known["change"]["value"]):
            largest[effect["key"]] = effect
    ordered = sorted(largest.values(), key=lambda e: -abs(e["change"]["value"]))[:MOST]
    return "; ".join(
        f"`{e['key'].removeprefix('catalogue.')}` {e['setting']:g}{units[e['key']]}: "
        f"{number(e['change']['value'], name, signed=True)} "
        f"({interval(e['change'], name, signed=True)}){'' if e['sure'] else ' ?'}"
        for e in ordered
    )


def title(target: str) -> str:
    return target.replace("_", " ")


def tables(content: Told) -> dict[str, str]:
    """Name of a file -> its table."""
    raids = content["replicates"]
    head = f"{raids} raids, seed {content['seed']}, {len(content['keys'])} numbers."
    first = [head, "", "| figure | of | as it is | moved most by |", "|---|---|---|---|"]
    second = [
        f"The same {raids} raids, {content['band']['settings']} settings.", "",
        "| figure | of | as it is | chance alone, 95 % | 5-95 % band from assumptions | same sign |",
        "|---|---|---|---|---|---|",
    ]  # fmt: skip
    for name, words in FIGURES.items():
        for target in content["targets"]:
            base = content["results"][target][name]["base"]
            value = f"{number(base['value'], name)} {unit_of(name)}"
            first.append(
                f"| {words} | {title(target)} | {value} | {moved(content, target, name)} |"
            )
            band = content["band"]["results"][target][name]
            low, high = (number(band["assumptions"][k], name) for k in ("low", "high"))
            sign = f"{band['same_sign']} of {band['settings']}" if " minus " in target else ""
            second.append(
                f"| {words} | {title(target)} | {value} | {interval(base, name)} | "
                f"{low} to {high} | {sign} |"
            )
    keys = ", ".join(f"`{k.removeprefix('catalogue.')}`" for k in content["band"]["keys"])
    second += ["", f"Moved together: {keys}."]
    return {"sensitivity-moved": "\n".join(first), "sensitivity-band": "\n".join(second)}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    content = json.loads((parser.parse_args().folder / "sensitivity.json").read_text())
    PLACE.mkdir(exist_ok=True)
    for name, text in tables(content).items():
        (PLACE / f"{name}.inc").write_text(f"{text}\n")


if __name__ == "__main__":
    main()

"""What a sensitivity study leaves behind: `sensitivity.json`, tables as CSV and Parquet."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from hinomi.sensitivity.answer import FORMAT
from hinomi.study.answer_files import write_answer

JSON: Final = "sensitivity.json"
Rows = list[dict[str, Any]]


def write_all(content: Mapping[str, Any], folder: Path) -> None:
    """Write the JSON and every table into the folder."""
    write_answer(folder, JSON, content, tables(content), key=FORMAT)


def tables(content: Mapping[str, Any]) -> dict[str, Rows]:
    """Table name -> rows; tables without rows are left out."""
    found = {"effects": effects(content), "keys": keys(content), "band": band(content)}
    return {name: rows for name, rows in found.items() if rows}


def effects(content: Mapping[str, Any]) -> Rows:
    """One row for each target, figure, key and end."""
    return [
        {
            "of": target,
            "figure": name,
            **{k: e[k] for k in ("key", "grade", "side", "setting")},
            "change": e["change"]["value"],
            "change_low": e["change"]["low"],
            "change_high": e["change"]["high"],
            "there": e["there"]["value"],
            "there_low": e["there"]["low"],
            "there_high": e["there"]["high"],
            "n": e["change"]["n"],
            "left_out": e["left_out"],
            "verdict": e["verdict"] if " minus " in target else "",
        }
        for target, by_name in content["results"].items()
        for name, found in by_name.items()
        for e in found["effects"]
    ]


def keys(content: Mapping[str, Any]) -> Rows:
    """One row for each key that was moved."""
    return [dict(k) for k in content["keys"]]


def band(content: Mapping[str, Any]) -> Rows:
    """One row for each target and figure: interval of chance, band of assumptions."""
    if content["band"] is None:
        return []
    return [
        {
            "of": target,
            "figure": name,
            "value": found["value"],
            "chance_low": found["chance"]["low"],
            "chance_high": found["chance"]["high"],
            "assumptions_low": found["assumptions"]["low"],
            "assumptions_high": found["assumptions"]["high"],
            "same_sign": found["same_sign"],
            "settings": found["settings"],
        }
        for target, by_name in content["band"]["results"].items()
        for name, found in by_name.items()
    ]

"""The answer as flat tables, ready for CSV and Parquet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Rows = list[dict[str, Any]]


def _bounds(told: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    return {f"{prefix}{k}": told[k] for k in ("value", "low", "high")}


def tables(content: Mapping[str, Any]) -> dict[str, Rows]:
    """Table name -> rows; tables without rows are left out."""
    found = {
        "changes": changes(content),
        "split": split(content),
        "pairs": pairs(content),
        "worlds": worlds(content),
        "interactions": interactions(content),
        "ladder": ladder(content),
        "worse": worse(content),
        "coordination_means": coordination(content),
    }
    return {name: rows for name, rows in found.items() if rows}


def changes(content: Mapping[str, Any]) -> Rows:
    """One row for each pair and figure, as written and with a single authority."""
    return [
        {
            "from": pair["from"]["name"],
            "to": pair["to"]["name"],
            "figure": name,
            "unit": content["figures"][name]["unit"],
            "times": times,
            **_bounds(change),
            "from_value": x["from"]["value"],
            "n": x["n"],
            "left_out": x["left_out"],
        }
        for pair in content["pairs"]
        for name, x in pair["figures"].items()
        for times, change in (
            ("equal", x["change"]),
            ("single authority", x["single_authority"]["change"]),
        )
    ]


def split(content: Mapping[str, Any]) -> Rows:
    """One row for each pair, figure, kind of decision times and flag; the link's part first."""
    out: Rows = []
    for pair in content["pairs"]:
        for name, x in pair["figures"].items():
            for times in ("equal_times", "single_authority"):
                head = {
                    "from": pair["from"]["name"],
                    "to": pair["to"]["name"],
                    "figure": name,
                    "unit": content["figures"][name]["unit"],
                    "times": times,
                }
                out.append({**head, "part": "link", **_bounds(x["link"]), **_none()})
                out += [
                    {
                        **head,
                        "part": flag,
                        **_bounds(share),
                        **_bounds(share["alone"], "alone_"),
                        **_bounds(share["last"], "last_"),
                    }
                    for flag, share in x[times]["shares"].items()
                ]
    return out


def _none() -> dict[str, None]:
    return dict.fromkeys(f"{p}_{k}" for p in ("alone", "last") for k in ("value", "low", "high"))


def pairs(content: Mapping[str, Any]) -> Rows:
    """One row for each pair of flags: their interaction."""
    return [
        {
            "from": pair["from"]["name"],
            "to": pair["to"]["name"],
            "figure": name,
            "first": two["flags"][0],
            "second": two["flags"][1],
            **_bounds(two),
        }
        for pair in content["pairs"]
        for name, x in pair["figures"].items()
        for two in x["single_authority"]["pairs"]
    ]


def worlds(content: Mapping[str, Any]) -> Rows:
    """One row for each figure, variant, state of the others and architecture."""
    return [
        {
            "figure": name,
            "variant": row["variant"],
            "with": "+".join(row["with"]),
            "architecture": row["architecture"],
            **_bounds(row),
        }
        for name, rows in content["worlds"]["effects"].items()
        for row in rows
    ]


def interactions(content: Mapping[str, Any]) -> Rows:
    """One row for each figure and set of variants: its interaction with sharing."""
    return [
        {"figure": name, "sharing_with": "+".join(row["with"]), **_bounds(row)}
        for name, rows in content["worlds"]["interactions"].items()
        for row in rows
    ]


def ladder(content: Mapping[str, Any]) -> Rows:
    """One row for each figure, kind of slowness and rung; a gain above zero is better."""
    return [
        {
            "figure": name,
            "slower": kind,
            "factor": rung["factor"],
            "mode_s": rung["mode_s"],
            **_bounds(rung["gain"], "gain_"),
        }
        for name, kinds in content["ladder"].items()
        for kind, found in kinds.items()
        for rung in found["rungs"]
    ]


def worse(content: Mapping[str, Any]) -> Rows:
    """One row for each pair and reason why more sharing did worse."""
    return [
        {
            "from": pair["from"]["name"],
            "to": pair["to"]["name"],
            "of": of,
            "reason": reason,
            "count": count,
            "share": count / found["cases"],
        }
        for pair in content["pairs"]
        for of, found in pair["worse"].items()
        for reason, count in found["by_reason"].items()
    ]


def coordination(content: Mapping[str, Any]) -> Rows:
    """One row for each stock of rounds and figure of the plans."""
    return [
        {"rounds_of": stock, "figure": name, **_bounds(told)}
        for stock, found in content["coordination"].get("with", {}).items()
        for name, told in found.items()
        if isinstance(told, Mapping)
    ]

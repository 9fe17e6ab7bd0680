"""The assumptions that carry the answer, named with value, range, grade and source."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any, Final

from markupsafe import Markup

from hinomi.report.data import number
from hinomi.report.downloads import csv_link
from hinomi.report.table import table
from hinomi.report.tongue import Tongue
from hinomi.scenario.model import Scenario

NAMED: Final = (  # key in the scenario, plain name
    ("warning.decide_s", "time to decide on an alert"),
    ("warning.classify_s", "time to classify a launch"),
    ("warning.hit_threshold", "probability from which a place is alerted"),
    ("warning.needed_s", "time that a person needs"),
    ("warning.compliance", "share of those warned who go to a shelter"),
    ("architectures[*].decide_s", "time to decide on an engagement"),
    ("tracking.engage_position_km", "position error up to which a track supports an engagement"),
    ("catalogue.interceptor.*.kill_ballistic", "kill probability of a round, ballistic body"),
    ("catalogue.interceptor.*.kill_glide", "kill probability of a round, glider"),
    ("architectures[*].network_cost_musd_per_year", "yearly price of the network"),
    ("catalogue.price.*.unit_musd", "price of a round"),
)
MOST_NAMED: Final = 10
TOGETHER: Final = (
    "The numbers moved together in the band of the sensitivity study beside this run: "
    "those with the largest effects."
)
MOST: Final = "The numbers that moved the figures most, at most ten, by the sensitivity study beside this run."
BY_NAME: Final = "Numbers that the key figures rest on; not ranked: hinomi sensitivity ranks them."
ABOUT_DEFENCE: Final = 5  # names from here on matter only where there are batteries ...
NETWORK: Final = 9  # ... but for this one


def assumption_table(
    scenario: Scenario, moved: Mapping[str, Any] | None, say: Tongue, *, pair: tuple[str, str]
) -> Markup:
    """The assumptions that the key figures rest on, with range and grade.

    Parameters
    ----------
    moved
        a sensitivity answer that lies beside the run: its leading numbers are named then.
    """
    banded = list((moved.get("band") or {}).get("keys") or ()) if moved else []
    leading = banded or (_most_effect(moved) if moved else [])
    found = _moved(moved, leading) if moved and leading else _by_name(scenario, pair)
    rows = [
        [
            Markup("{}{}").format(
                say(name) if name else "",
                Markup("").join(_code(key) for key in keys),
            ),
            number(value),
            say.cell(f"{number(low)} to {number(high)}") if low is not None and high is not None else "",
            say(unit) if unit != "1" else "",
            grade_mark(grade, say),
            source,
        ]
        for keys, (name, _, value, low, high, unit, grade, source) in _alike(found)
    ]  # fmt: skip
    link = csv_link(
        "named-assumptions", ("key", "value", "low", "high", "unit", "grade", "source"),
        [row[1:] for row in found], say,
    )  # fmt: skip
    caption = say(TOGETHER if banded else MOST if leading else BY_NAME)
    head = [say(h) for h in ("number", "value", "range", "unit", "grade", "source")]
    return table(
        head, rows, label=say.plain("Assumptions"), caption=caption + " " + link, text=(3, 4, 5),
        wide="wide",
    )  # fmt: skip


def grade_mark(grade: str, say: Tongue) -> Markup:
    """The grade of a number as a small sign with its word."""
    return Markup('<span class="grade {}">{}</span>').format(grade, say(grade))


def _name_of(key: str) -> str:
    """Plain name of a number, where it has one here."""
    return next(
        (name for pattern, name in NAMED if fnmatchcase(key, pattern.replace("[", "[[]"))), ""
    )


Line = tuple[str, str, float, float | None, float | None, str, str, str]


def _by_name(scenario: Scenario, pair: tuple[str, str]) -> list[Line]:
    out: list[Line] = []
    for i, (pattern, name) in enumerate(NAMED):
        if i >= ABOUT_DEFENCE and i != NETWORK and not scenario.batteries:
            continue
        wanted = [pattern.replace("[*]", f"[{a}]") for a in dict.fromkeys(pair)]
        for p in scenario.assumptions:
            if any(fnmatchcase(p.key, w.replace("[", "[[]")) for w in dict.fromkeys(wanted)):
                if p.value == 0.0 and p.key.rpartition(".")[2].startswith("kill"):
                    continue
                out.append((name, p.key, p.value, p.low, p.high, p.unit, p.grade, p.source))
    return out


def _code(key: str) -> Markup:
    """A key that may be broken after its dots and underscores."""
    parts = re.split(r"(?<=[._])", key)
    return Markup("<code>{}</code>").format(Markup("<wbr>").join(parts))


def _alike(found: Sequence[Line]) -> list[tuple[list[str], Line]]:
    """Lines that say the same but for their key, together."""
    out: dict[tuple[object, ...], tuple[list[str], Line]] = {}
    for line in found:
        same = (line[0] or line[1], *line[2:])
        out.setdefault(same, ([], line))[0].append(line[1])
    return list(out.values())


def _most_effect(told: Mapping[str, Any]) -> list[str]:
    """Keys by their effects on the first target: shares of the largest on each figure, summed."""
    score: dict[str, float] = {}
    for figure in told["results"].get(told["targets"][0], {}).values():
        size: dict[str, float] = {}
        for e in figure["effects"]:
            size[e["key"]] = max(size.get(e["key"], 0.0), abs(e["change"]["value"] or 0.0))
        largest = max(size.values(), default=0.0)
        for key, of in size.items():
            score[key] = score.get(key, 0.0) + (of / largest if largest > 0.0 else 0.0)
    return [k for k in sorted(score, key=lambda k: (-score[k], k)) if score[k] > 0.0][:MOST_NAMED]


def _moved(told: Mapping[str, Any], names: Sequence[str]) -> list[Line]:
    keys = {k["key"]: k for k in told["keys"]}
    return [
        (
            _name_of(k["key"]),
            k["key"],
            k["value"],
            k["low"],
            k["high"],
            k["unit"],
            k["grade"],
            k["source"],
        )
        for k in (keys[n] for n in names if n in keys)
    ]

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
    found = _moved(moved) if moved else _by_name(scenario, pair)
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
    caption = say(
        "The ten numbers that moved the figures most, by the sensitivity study beside this run."
        if moved
        else "Numbers that the key figures rest on; not ranked: hinomi sensitivity ranks them."
    )
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


def _moved(told: Mapping[str, Any]) -> list[Line]:
    keys = {k["key"]: k for k in told["keys"]}
    names: Sequence[str] = (told.get("band") or {}).get("keys") or list(keys)[:10]
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

"""A sensitivity answer that lies beside a run: chance and assumptions as two bands, never one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from markupsafe import Markup

from hinomi.report.answer import japanese
from hinomi.report.data import number
from hinomi.report.downloads import csv_link
from hinomi.report.japanese_short import say_same
from hinomi.report.table import table
from hinomi.report.tongue import Tongue
from hinomi.report.words import HEADLINE_NAMES
from hinomi.study.figure_words import same_words
from hinomi.study.results import Results

FORMAT: Final = "hinomi/sensitivity/1"
FILE: Final = "sensitivity.json"
MOST_BYTES: Final = 20_000_000  # a file larger than this is no answer of ours
MOST_FOLDERS: Final = 50  # neighbours looked at
TOLD: Final = 6  # sentences on what the conclusion hangs on
UNMOVED: Final = (
    "No single number whose own effect is clear turns the difference or hides it in chance."
)
VERDICTS: Final = {
    "changes sign": "符号が変わる",
    "lost in chance": "偶然に埋もれる",
    "appears": "偶然から抜け出る",
}


def sensitivity_beside(study: Results, pair: tuple[str, str]) -> dict[str, Any] | None:
    """The answer of `hinomi sensitivity` for this very scenario and pair, or None.

    It is looked for in `sensitivity/` of the run's folder, then in neighbours named
    `sensitivity-...`; one of another scenario, of another version of it or of the program, or of
    another pair, is not taken.
    """
    neighbours = sorted(study.folder.resolve().parent.glob(f"sensitivity-*/{FILE}"))[:MOST_FOLDERS]
    for path in (study.folder / "sensitivity" / FILE, *neighbours):
        told = _read(path)
        if told is not None and _fits(told, study, pair):
            return told
    return None


def _fits(told: Mapping[str, Any], study: Results, pair: tuple[str, str]) -> bool:
    """Whether an answer is of this scenario, this program and this pair, the first minus the second."""
    return bool(
        told["content_hash"] == study.plan.content_hash
        and told.get("code") == study.plan.code
        and told["targets"][:1] == [f"{pair[0]} minus {pair[1]}"]
    )


def _read(path: Path) -> dict[str, Any] | None:
    """Content of an answer; None where there is none, or it is no answer."""
    try:
        if not path.is_file() or path.stat().st_size > MOST_BYTES:
            return None
        told = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    needed = {"content_hash": str, "keys": list, "targets": list, "hangs_on": list, "results": dict}
    if not isinstance(told, dict) or told.get("format") != FORMAT:
        return None
    good = all(isinstance(told.get(name), kind) for name, kind in needed.items())
    return told if good else None


def bands(told: Mapping[str, Any]) -> list[dict[str, Any]]:
    """One row a figure of the first target (the difference): value, chance, assumptions, signs."""
    band = told.get("band")
    if not band or not told["targets"]:
        return []
    rows = []
    for name, found in band["results"].get(told["targets"][0], {}).items():
        if name in HEADLINE_NAMES and found["value"] is not None:
            rows.append(
                {
                    "name": name,
                    "value": _shown(name, found["value"]),
                    "chance": _ends(name, found["chance"]),
                    "n": found["chance"]["n"],
                    "same": same_words(found["chance"]),
                    "assumed": _ends(name, found["assumptions"]),
                    "sign": f"{found['same_sign']} / {found['settings']}",
                    "unit": _unit(name, told),
                }
            )
    return rows


def _shown(name: str, value: float | None) -> float | None:
    """A value in the unit that is shown: differences of shares in percentage points."""
    return 100.0 * value if value is not None and name.endswith("_share") else value


def _ends(name: str, interval: Mapping[str, Any]) -> tuple[float | None, float | None]:
    return _shown(name, interval["low"]), _shown(name, interval["high"])


def _unit(name: str, told: Mapping[str, Any]) -> str:
    return "points" if name.endswith("_share") else str(told["figures"][name]["unit"])


def band_table(told: Mapping[str, Any], say: Tongue) -> Markup:
    """Both bands of each figure, in two columns."""
    rows = bands(told)
    shown = [
        [
            say(HEADLINE_NAMES[r["name"]]),
            say(r["unit"]),
            number(r["value"]),
            say.cell(r["same"] or _span(r["chance"])),
            r["n"],
            say.cell(_span(r["assumed"])),
            r["sign"],
        ]
        for r in rows
    ]
    lines = [
        (told["targets"][0], r["name"], r["value"], *r["chance"], r["n"], *r["assumed"], r["sign"])
        for r in rows
    ]
    head = ("of", "figure", "value", "chance_low", "chance_high", "n", "assumptions_low",
            "assumptions_high", "same_sign_of_settings")  # fmt: skip
    link = csv_link("bands", head, lines, say)
    first, _, second = told["targets"][0].partition(" minus ")
    names = [n.replace("_", " ") for n in (first, second)]
    caption = say.pair(
        f"{names[0]} minus {names[1]}; {told['band']['settings']} settings of the leading numbers at "
        f"once, {told['band']['replicates']} raids each.",
        f"{japanese(names[0])}と{japanese(names[1])}の差。主な数を同時に動かした{told['band']['settings']}通り、"
        f"襲来は各{told['band']['replicates']}回。",
    )
    heads = ("figure", "unit", "value", "chance alone, 95 %")
    rest = ("5-95 % band from assumptions", "same sign")
    return table(
        [*(say(h) for h in heads), "n", *(say(h) for h in rest)],
        shown, label=say.plain("Chance and assumptions"), caption=caption + " " + link,
        text=(1,), wide="wide",
    )  # fmt: skip


def hanging(told: Mapping[str, Any], say: Tongue) -> list[Markup]:
    """What the conclusion hangs on, a sentence each; one sentence where nothing turns it."""
    out = []
    for h in told["hangs_on"][:TOLD]:
        unit = "" if h["unit"] == "1" else f" {h['unit']}"
        of = _unit(h["figure"], told)
        there, base = (
            f"{number(_shown(h['figure'], h[k]['value']))} {{}} "
            f"({same_words(h[k]) or _span(_ends(h['figure'], h[k]))})"
            for k in ("there", "base")
        )
        words = tuple(text.format(of) for text in (base, there))
        ja_words = tuple(
            say_same(text).format(japanese(of)).replace(" ", "", 1) for text in (base, there)
        )
        name = HEADLINE_NAMES.get(h["figure"], h["figure"])
        setting = f"{h['key']} = {h['setting']:g}{unit}"
        ja_name = japanese(name)
        out.append(
            say.pair(
                f"{name[:1].upper()}{name[1:]}: {words[0]} as it is; {h['verdict']} at {words[1]} with {setting} ({h['grade']}).",
                f"{ja_name}：元は{ja_words[0]}。{setting}（{japanese(h['grade'])}）では"
                f"{VERDICTS.get(h['verdict'], h['verdict'])}：{ja_words[1]}。".replace(
                    " to ", "～"
                ),
            )
        )
    more = len(told["hangs_on"]) - TOLD
    if more > 0:
        out.append(say("{more} more are in the sensitivity study.", more=more))
    if not out:
        out.append(say(UNMOVED))
    return out


def _span(ends: tuple[float | None, float | None]) -> str:
    low, high = ends
    return "–" if low is None or high is None else f"{number(low)} to {number(high)}"

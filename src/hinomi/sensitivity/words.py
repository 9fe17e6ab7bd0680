"""The answer in plain sentences: first what the conclusion hangs on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from hinomi.sensitivity.answer import effects_of
from hinomi.sensitivity.reading import MOST_P, TURNS
from hinomi.settings.measures import number, unit_of, words_of
from hinomi.study.figure_words import same_words

TOLD: Final = 4  # keys in a sentence
Told = Mapping[str, Any]


def sentences(content: Told) -> list[str]:
    """What came out, for somebody who reads nothing else."""
    return [*hang_words(content), *(most_words(content, n) for n in content["figures"]),
            *band_words(content), *rest_words(content)]  # fmt: skip


def hang_words(content: Told) -> list[str]:
    """Which answers change sign, or are no longer told apart from chance."""
    target = content["targets"][0]
    if len(content["architectures"]) < 2:
        return []
    out = []
    for name in content["figures"]:
        found = [h for h in content["hangs_on"] if h["figure"] == name]
        base = content["results"][target][name]["base"]
        head = f"{_capital(words_of(name))}, {_pretty(target)}: {span(base, name)}"
        if base["value"] is None:
            out.append(f"{head}.")
            continue
        if not found:
            p = content["results"][target][name]["p_sign_flip"]
            out.append(f"{head}. {_unmoved(base, p)}")
            continue
        parts = [
            f"{setting(h)} ({h['grade']}) it {_becomes(h)} {span(h['there'], name)}{_flips(h)}"
            for h in found[:TOLD]
        ]
        more = f"; and {len(found) - TOLD} more" if len(found) > TOLD else ""
        out.append(f"{head}. The conclusion hangs on: {'; '.join(parts)}{more}.")
    return out


def _unmoved(base: Told, p: float | None) -> str:
    """What to say of a difference that no single number turns."""
    sure = base["low"] is not None and (base["low"] > 0.0 or base["high"] < 0.0)
    if sure and p is not None and p <= MOST_P:
        return "No single number whose own effect is clear turns it or hides it in chance."
    return "Not told apart from chance as it is, and by no single number whose own effect is clear."


def _becomes(told: Told) -> str:
    return {TURNS: "turns to", "lost in chance": "is lost in chance,"}.get(
        told["verdict"], "comes out of chance,"
    )


def _flips(told: Told) -> str:
    """The p of the sign flips, where a difference is not clear."""
    p = told["p_sign_flip"]
    return f", p {p:.2g}" if p is not None and p > MOST_P else ""


def setting(told: Told) -> str:
    """A key at an end, with its unit."""
    unit = "" if told["unit"] == "1" else f" {told['unit']}"
    return f"with {told['key']} at {told['setting']:g}{unit}"


def most_words(content: Told, name: str) -> str:
    """The numbers that move one figure most."""
    target = content["targets"][0]
    units = {k["key"]: k["unit"] for k in content["keys"]}
    parts: list[str] = []
    for key, sides in effects_of(content, target, name):
        strong = [e for e in sides.values() if e["sure"]]
        if strong and len(parts) < TOLD:
            e = max(strong, key=lambda x: abs(x["change"]["value"]))
            unit = "" if units[key["key"]] == "1" else f" {units[key['key']]}"
            low, high = (number(e["change"][k], name, signed=True) for k in ("low", "high"))
            parts.append(
                f"{key['key']} at {e['setting']:g}{unit} "
                f"{number(e['change']['value'], name, signed=True)} "
                f"({same_words(e['change']) or f'{low} to {high}'})"
            )
    what = f"{_capital(words_of(name))} ({_pretty(target)}, {unit_of(name)})"
    if not parts:
        return f"{what}: nothing moves it by more than chance."
    return f"{what} is moved most by {'; '.join(parts)}."


def band_words(content: Told) -> list[str]:
    """Both spreads of each figure, side by side and never mixed."""
    band = content["band"]
    if band is None:
        return []
    target = content["targets"][0]
    out = []
    for name, found in band["results"][target].items():
        if found["value"] is None or found["assumptions"]["low"] is None:
            continue
        low, high = (number(found["assumptions"][k], name) for k in ("low", "high"))
        c_low, c_high = (number(found["chance"][k], name) for k in ("low", "high"))
        chance = same_words(found["chance"]) or f"{c_low} to {c_high} (95 %)"
        sign = (
            f"; same sign in {found['same_sign']} of {found['settings']} settings"
            if " minus " in target
            else ""
        )
        out.append(
            f"{_capital(words_of(name))}, {_pretty(target)}: {number(found['value'], name)} "
            f"{unit_of(name)}; chance alone {chance}; 5-95 % band from "
            f"assumptions {low} to {high}{sign}."
        )
    return out


def rest_words(content: Told) -> list[str]:
    """What was not moved, and why."""
    out = [
        f"{content['threats_left_alone']} ranged numbers of threats were left alone: what is flown "
        "is given, and what is not known of a class is drawn anew in every raid."
    ]
    out += [f"Not run: {point}: {why}." for point, why in content["not_run"].items()]
    return out


def span(told: Told, name: str) -> str:
    """Value, unit and interval."""
    if told["value"] is None:
        return "not defined in any raid"
    text = f"{number(told['value'], name)} {unit_of(name)}"
    if same := same_words(told):
        return f"{text} ({same})"
    if told["low"] is None:
        return text
    return f"{text} ({number(told['low'], name)} to {number(told['high'], name)})"


def _pretty(target: str) -> str:
    return target.replace("_", " ")


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]

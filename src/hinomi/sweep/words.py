"""The answer in plain sentences; nothing here puts settings of threats in order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from hinomi.settings.measures import number, unit_of, words_of
from hinomi.study.figure_words import same_words

TOLD: Final = 3  # keys in a sentence
LIFTED: Final = "chance lifts it, so a key without effect is not at 0"
Told = Mapping[str, Any]


def sentences(content: Told) -> list[str]:
    """What came out, for somebody who reads nothing else."""
    indexed = content["design"]["name"] in ("morris", "sobol")  # one mean would mix keys there
    return [
        *(_range_words(content, name) for name in content["figures"]),
        *([] if indexed else [_moved_words(content, name) for name in content["figures"]]),
        *_index_words(content),
        *failed_words(content),
    ]


def span(told: Told, name: str, *, unit: bool = True) -> str:
    """Value, unit and interval."""
    if told["value"] is None:
        return "-"
    text = number(told["value"], name) + (f" {unit_of(name)}" if unit else "")
    if same := same_words(told):
        return f"{text} ({same})"
    if told["low"] is None:
        return text
    return f"{text} ({number(told['low'], name)} to {number(told['high'], name)})"


def _range_words(content: Told, name: str) -> str:
    target = content["targets"][0]
    values = [p["results"][target][name]["value"] for p in content["points"]]
    there = [v for v in values if v is not None]
    head = f"{_capital(words_of(name))}, {pretty(target)}"
    base = span(content["results"][target][name]["base"], name)
    if not there:
        return f"{head}: as it is {base}; not defined at any setting."
    return (
        f"{head}: as it is {base}; over {len(there)} settings {number(min(there), name)} to "
        f"{number(max(there), name)} {unit_of(name)}."
    )


def _moved_words(content: Told, name: str) -> str:
    target = content["targets"][0]
    found = content["results"][target][name]
    units = {k["key"]: k["unit"] for k in content["keys"]}
    parts = []
    for key in found["order"][:TOLD]:
        first, last = found["curves"][key][0], found["curves"][key][-1]
        if number(first["value"], name) == number(last["value"], name):
            continue
        unit = "" if units[key] in ("", "1") else f" {units[key]}"
        parts.append(
            f"{key} from {shown(first['setting'])} to {shown(last['setting'])}{unit}: "
            f"{span(first, name, unit=False)} to {span(last, name, unit=False)}"
        )
    head = f"{_capital(words_of(name))} ({pretty(target)}, {unit_of(name)}), mean over the others"
    if parts:
        return f"{head}: {'; '.join(parts)}."
    if moves(content, target, name):
        return f"{head}: see the curves (keys of threats, or the two ends alike)."
    return f"{head}: no key moves it."


def _index_words(content: Told) -> list[str]:
    target = content["targets"][0]
    out = []
    for name in content["figures"]:
        found = content["results"][target][name]["indices"]
        if not found:
            continue
        index = "ST" if content["design"]["name"] == "sobol" else "mu_star"
        known = {
            k: v[index]
            for k, v in found["keys"].items()
            if v.get(index, {}).get("value") is not None
        }
        parts = [
            f"{key} {_index(v)}" + _signed_mean(found["keys"][key], index)
            for key, v in sorted(known.items(), key=lambda kv: -kv[1]["value"])[:TOLD]
        ]
        what = (
            "total index"
            if index == "ST"
            else f"mean size of effects, {_factor_unit(name)}; {LIFTED}"
        )
        head = f"{_capital(words_of(name))} ({pretty(target)}), {what}"
        if known and not any(v["high"] for v in known.values()):
            parts = ["no key moves it"]
        out.append(f"{head}: {'; '.join(parts) or 'not defined: ' + found['why']}.")
    return out


def _index(told: Told) -> str:
    """An index with its interval."""
    return f"{told['value']:.3g} ({told['low']:.3g} to {told['high']:.3g})"


def _signed_mean(of: Told, index: str) -> str:
    """Morris: the mean with its sign, which chance does not lift."""
    return f", mean with its sign {_index(of['mu'])}" if index == "mu_star" else ""


def _factor_unit(name: str) -> str:
    """Unit of an effect, which is told in the table's own unit."""
    unit = unit_of(name)
    return "shares" if unit == "%" else unit


def failed_words(content: Told) -> list[str]:
    """Settings that were not computed, and why."""
    return [
        f"Not computed in {p['failed']['raids']} of {content['replicates']} raids: {p['name']} "
        f"({', '.join(f'{k} = {shown(v)}' for k, v in p['settings'].items())}): "
        f"{p['failed']['why'].rstrip('.')}."
        for p in content["points"]
        if p["failed"]
    ]


def moves(content: Told, target: str, name: str) -> bool:
    """Whether any two settings give another value, beyond the rounding of sums."""
    found = [p["results"][target][name]["value"] for p in content["points"]]
    values = [v for v in found if v is not None]
    return bool(values) and max(values) - min(values) > 1e-9 * max(abs(v) for v in values)


def shown(value: Any) -> str:
    """A setting as people read it."""
    return str(value).lower() if isinstance(value, (bool, str)) else f"{value:.4g}"


def pretty(target: str) -> str:
    """Name of a target without underlines."""
    return target.replace("_", " ")


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]

"""The answer in plain sentences, and its numbers as people read them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from hinomi.integration.coordination import READY
from hinomi.integration.measures import MEASURES
from hinomi.study.figure_words import same_words, short

NEVER: Final = "-"
MOST_P: Final = 0.05  # few raids that differ give short intervals: the sign flips must agree


def figure_words(told: Mapping[str, Any], name: str, *, signed: bool = True) -> dict[str, str]:
    """Value and interval in the shown unit; `signed` writes a plus before what is above zero."""
    if told["value"] is None:
        return {"value": NEVER, "interval": ""}
    value = number(told["value"], name, signed=signed)
    if told["low"] is None or told["high"] is None:
        return {"value": value, "interval": ""}
    if same := same_words(told):
        return {"value": value, "interval": same}
    low, high = (number(told[k], name, signed=signed) for k in ("low", "high"))
    return {"value": value, "interval": f"{low} to {high}"}


def number(value: float, name: str, *, signed: bool = False) -> str:
    """Three figures in the shown unit, no more decimals than mean anything."""
    shown = value * MEASURES[name].factor
    decimals = 0 if abs(shown) >= 100 else 1 if abs(shown) >= 10 else 2
    text = f"{shown:.{decimals}f}"
    if abs(shown) >= 10_000:
        text = short(shown)
    text = text.rstrip("0").rstrip(".") if "." in text else text
    if text in ("-0", ""):
        text = "0"
    text = text.replace("-", "−")
    return f"+{text}" if signed and shown > 0 and text != "0" else text


def unit_of(name: str) -> str:
    """The shown unit: percentage points are called so by their column."""
    measure = MEASURES[name]
    return measure.shown_unit or measure.unit


def sentences(content: Mapping[str, Any]) -> list[str]:
    """What came out, for somebody who reads nothing else; the headline pair only."""
    pair = content["pairs"][0]
    out = [change_words(content, pair, name) for name in pair["figures"]]
    out += worse_words(pair)
    out.append(price_words(pair))
    out += coordination_words(content)
    out += interaction_words(content)
    out += tipping_words(content)
    return [line for line in out if line]


def change_words(content: Mapping[str, Any], pair: Mapping[str, Any], name: str) -> str:
    """One figure: how much it changes, how sure, which part of integration most of it comes from."""
    found = pair["figures"][name]
    measure = MEASURES[name]
    if not found["n"]:
        return f"{_capital(measure.words)}: not defined in any raid."
    change = found["change"]
    before, after = (number(found[k]["value"], name) for k in ("from", "to"))
    unit = unit_of(name)
    head = f"{_capital(measure.words)}: {before} {unit} becomes {after}"
    if change["low"] is None:
        return f"{head}; one raid gives no interval."
    if change["value"] == 0.0 and same_words(change):
        return f"{head}; no raid of {found['n']} differs."
    p = found["p_sign_flip"]
    if not beyond_chance(change, p):
        said = f"{head}, a change that {found['n']} raids do not show to be more than chance"
        if not _clear(change) or p is None:
            return f"{said}."
        return f"{said}: its interval excludes zero, but sign flips decide, and their p is {p:.2g}."
    side = "better" if change["value"] * measure.better > 0 else "worse"
    told = figure_words(change, name)
    return (
        f"{head}, a change of {told['value']} ({told['interval']}), {side}."
        f"{_most(content, found, name)}"
    )


def beyond_chance(change: Mapping[str, Any], p: float | None) -> bool:
    """Whether raids show a change: interval and sign flips must agree."""
    return _clear(change) and p is not None and p <= MOST_P


def _most(content: Mapping[str, Any], found: Mapping[str, Any], name: str) -> str:
    """The flag with the largest share whose interval excludes zero, beside what the parts share."""
    shares, total = found["equal_times"]["shares"], found["equal_times"]["total"]
    if not shares:
        return ""
    sure = {f: x for f, x in shares.items() if _clear(x)}
    if not sure:
        return " No single part of integration stands out from chance."
    flag = max(sure, key=lambda f: abs(sure[f]["value"]))
    words = content["flags"][flag]["words"]
    part = number(sure[flag]["value"], name, signed=True)
    whole = number(total["value"], name, signed=True)
    return f" Largest part: {words} ({part} of {whole} that the parts share)."


def worse_words(pair: Mapping[str, Any]) -> list[str]:
    """How often more sharing did worse, and for what reasons."""
    out = []
    for of, words in (
        ("leakers", "got through only with more sharing"),
        ("alerts", "was alerted later with more sharing"),
    ):
        found = pair["worse"][of]
        if not found["worse"]:
            out.append(f"No threat {words} (of {found['cases']} in {found['raids']} raids).")
            continue
        reasons = ", ".join(f"{r} {n}" for r, n in found["by_reason"].items())
        late = found["median_later_s"]
        by = "" if late is None else f", by {late:.2g} s in the median"
        out.append(
            f"A threat {words} in {found['worse']} of {found['cases']} cases "
            f"({percent(found['share'])}{by}), the other way round in {found['better']}; reasons that "
            f"the tables show: {reasons}."
        )
    return out


def price_words(pair: Mapping[str, Any]) -> str:
    """The network's price beside the gain in leakers."""
    bill = pair["price"]
    low, value, high = bill["extra_musd_per_year"]
    if low == value == high == 0.0:
        return "The network costs the same in both."
    more = "more or less" if low < 0.0 < high else "more" if value > 0.0 else "less"
    out = (
        f"The network costs {short(abs(value))} million USD a year {more} "
        f"({short(low)} to {short(high)}, assumed)"
    )
    gain, each = bill["leakers_fewer"], bill["musd_per_year_per_leaker_fewer"]
    if each[1] is None:
        return f"{out}; fewer threats got through in no average over these raids."
    if not beyond_chance(gain, gain["p_sign_flip"]):
        return f"{out}; {gain['n']} raids do not show that fewer threats get through for it."
    top = "and no upper bound" if each[2] is None else f"to {short(each[2])}"
    return (
        f"{out}: {short(each[1])} million USD of the network's yearly price for each leaker fewer in "
        f"a raid ({short(each[0] or 0.0)} {top})."
    )


def coordination_words(content: Mapping[str, Any]) -> list[str]:
    """What the best joint plan would add to national plans, and to what was reached."""
    found = content["coordination"].get("with", {})
    if not found:
        return []
    parts = []
    for stock, told in found.items():
        rounds = number(told["rounds"]["value"], "shots")
        whose = "all ready rounds" if stock == READY else f"the {rounds} rounds of {_plain(stock)}"
        gain, reached = told["joint_minus_national"], number(told["reached"]["value"], "leakers")
        parts.append(
            f"With {whose} the best joint plan kills {number(told['joint']['value'], 'leakers')}, "
            f"{number(gain['value'], 'leakers')} more than national plans side by side; the "
            f"simulated engagement of {_plain(told['architecture'])} killed {reached}."
        )
    bad = sum(told["violations"] for told in found.values())
    return [
        "Plans that know the whole raid at once but cannot look between shots:",
        *parts,
        "A simulated engagement looks before it shoots again, so with the same rounds it may kill "
        f"more than the best such plan. Joint plans below national ones: {bad}.",
    ]


def _plain(name: str) -> str:
    return name.replace("_", " ")


def interaction_words(content: Mapping[str, Any]) -> list[str]:
    """What each variant changes, and whether sharing is worth more or less with it."""
    found = content["worlds"]
    if not found["variants"]:
        return []
    out = [_effect_words(content, variant) for variant in found["variants"]]
    sure = [
        (name, row)
        for name, rows in found["interactions"].items()
        for row in rows
        if len(row["with"]) == 1 and _clear(row)
    ]
    for name, row in sure:
        told = figure_words(row, name)
        word = "more" if row["value"] * MEASURES[name].better > 0 else "less"
        out.append(
            f"Sharing is worth {word} with {row['with'][0]}, in {MEASURES[name].words}: "
            f"{told['value']} {unit_of(name)} ({told['interval']}) on its change."
        )
    if not sure:
        out.append(
            f"What sharing changes is the same with and without {' and '.join(found['variants'])}, "
            f"as far as {content['replicates']} raids show."
        )
    return out


def _effect_words(content: Mapping[str, Any], variant: str) -> str:
    """What one variant changes in the first figure, in every cell."""
    name = next(iter(content["worlds"]["effects"]))
    cells = []
    for row in content["worlds"]["effects"][name]:
        if row["variant"] == variant and row["value"] is not None:
            told = figure_words(row, name)
            other = f" and {' and '.join(row['with'])}" if row["with"] else ""
            where = f"under {row['architecture'].replace('_', ' ')}{other}"
            span = f" ({told['interval']})" if told["interval"] else ""
            cells.append(f"{told['value']}{span} {where}")
    return f"{variant} changes {MEASURES[name].words} by {', '.join(cells)}." if cells else ""


def tipping_words(content: Mapping[str, Any]) -> list[str]:
    """How slow the link, or the decision, may become before the gain is lost in chance."""
    out = []
    for kind in next(iter(content["ladder"].values()), ()):
        found = {name: kinds[kind] for name, kinds in content["ladder"].items()}
        held = []
        for name, told in found.items():
            tip = told["tipping"]
            if tip["reached"] and not tip["at_start"]:
                out.append(f"{_capital(MEASURES[name].words)}, slower {kind}: {tip_words(told)}.")
            elif not tip["reached"] and tip["between"][0] is not None:
                held.append(MEASURES[name].words)
        if held:
            told = next(iter(found.values()))
            last = told["rungs"][-1]["mode_s"]
            out.append(f"Up to a {kind} of {short(last)} s a gain stays in: {', '.join(held)}.")
    return out


def tip_words(found: Mapping[str, Any]) -> str:
    """Where a ladder tips, in words."""
    tip = found["tipping"]
    if tip["at_start"]:
        return "the gain includes zero as it is"
    if not tip["reached"]:
        if tip["between"][0] is None:
            return ""
        return f"not reached up to {short(tip['between'][0] * found['mode_s'])} s"
    low, high = (short(f * found["mode_s"]) for f in tip["between"])
    return (
        f"the gain includes zero from about {tip['mode_s']:.2g} s on (between {low} and {high} s)"
    )


def percent(share: float | None) -> str:
    """A share in per cent."""
    return NEVER if share is None else f"{100.0 * share:.3g} %"


def _clear(told: Mapping[str, Any]) -> bool:
    """Whether an interval is there and excludes zero."""
    return told["low"] is not None and (told["low"] > 0.0 or told["high"] < 0.0)


def _capital(words: str) -> str:
    return words[0].upper() + words[1:]

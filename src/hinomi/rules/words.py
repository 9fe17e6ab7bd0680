"""The comparison in plain words; every sentence is made from the figures of `rules.json`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from hinomi.rules.ladder import LINES
from hinomi.rules.reading import MEDIANS, NEVER
from hinomi.scenario.build_rules import OWN
from hinomi.study.figure_words import same_words, short

EARLIER: Final = "since-2023 minus before-2023"
ROWS: Final = (
    ("alert_s", "first alert, seconds after ignition (median of the launches)"),
    ("lead_s", "lead time, s (people-weighted median)"),
    ("lead_low_s", "lead time that a tenth of the people do not have, s"),
    ("need_people", "people who needed a warning, a raid"),
    ("never_people", "never received one"),
    ("late_people", "received it too late (at the arrival or after)"),
    ("short_people", "received it, but with less than the time needed"),
    ("in_time_people", "received it in time"),
    ("unserved_share", "share without the time needed"),
    ("sheltered_people", "in shelter at the arrival"),
    ("told_people", "people alerted"),
    ("idle_people", "over-warned: alerted, in places neither hit nor flown over"),
    ("idle_share", "over-warned share of the alerted"),
    ("false_per_100", "false alerts in 100 launches that touch no place"),
    ("clutter_alerts", "alerts about tracks of nothing"),
    ("flips", "flip-flops: units alerted again after an all-clear or a drop"),
    ("flip_people", "people in such units"),
    ("clear_s", "all-clear, seconds after the end of the body (median)"),
    ("messages", "alerts, updates and all-clears"),
)


SIGNS: Final = (" %", " M")


def figure_words(figure: Mapping[str, Any], name: str) -> dict[str, str]:
    """Value and interval as people read them."""
    if figure.get("never"):
        return {"value": "never", "interval": f"n = {figure['n']}" if name in MEDIANS else ""}
    if figure["value"] is None:
        return {"value": "-", "interval": "n = 0" if not figure["n"] else "not defined"}

    def one(value: float) -> str:
        return number_words(value, name)

    if same := same_words(figure):
        return {"value": one(figure["value"]), "interval": same}
    if figure["low"] is None or figure["high"] is None:
        return {"value": one(figure["value"]), "interval": f"n = {figure['n']}"}
    return {"value": one(figure["value"]), "interval": _ends(figure, name)}


def number_words(value: float, name: str) -> str:
    """A number as people read it: shares in percent, whole seconds, people to three figures."""
    if name.endswith("_share"):
        return f"{100.0 * value:.3g} %"
    if name.endswith("_s"):
        return f"{value:,.0f}"
    if name.endswith("_people"):
        return f"{value / 1e6:.3g} M" if abs(value) >= 1e6 else short(float(f"{value:.3g}"))
    return f"{value:.3g}"


def rule_words(key: str) -> str:
    """A rule or a step of a ladder as people read it: `prefectures at 0.01`."""
    line, at, step = key.partition("@")
    return f"{LINES[line]} at a threshold of {step}" if at else key


def rule_said(key: str) -> str:
    """A named rule as the beginning of a sentence."""
    return "The scenario's own rule" if key == OWN else f"The rule {key}"


def sentences(told: Mapping[str, Any]) -> list[str]:
    """What a reader should take away from one scenario."""
    rules = told["rules"]
    out = []
    for key, point in rules.items():
        f = point["figures"]
        alert = f["alert_s"]
        when = "gives no alert (median)"
        if not alert.get("never"):
            when = f"alerts {_with_range(alert, 'alert_s')} s after ignition (median)"
        idle = _with_range(f["idle_people"], "idle_people")
        words = f"{rule_said(key)} {when}, alerts {idle} people a raid for nothing"
        if f["unserved_share"]["value"] is not None:
            share = _with_range(f["unserved_share"], "unserved_share")
            words += f", and leaves {share} of the people in need without {told['needed_s']:g} s of warning"
        out.append(f"{words}.")
    pair = told["differences"].get(EARLIER)
    reform = _earlier(pair) if pair else ""
    return [*out, reform] if reform else out


def _earlier(pair: Mapping[str, Any]) -> str:
    """The trade of 2023 in one sentence, from paired differences."""
    alert, idle = pair["alert_s"], pair["idle_people"]
    if alert["value"] is None or idle["value"] is None:
        return ""
    word = "earlier" if alert["value"] <= 0.0 else "later"
    more = "more" if idle["value"] >= 0.0 else "fewer"
    return (
        f"Earlier and wider, measured on the same raids: the rule shaped on September 2023 is "
        f"{abs(alert['value']):.0f} s {word} than the one before it "
        f"({_range(alert, 'alert_s')}; below 0 is earlier) and alerts "
        f"{number_words(abs(idle['value']), 'idle_people')} people {more} a raid for nothing "
        f"({_range(idle, 'idle_people')})."
    )


def _with_range(figure: Mapping[str, Any], name: str) -> str:
    """A figure with its interval in brackets."""
    told = figure_words(figure, name)
    return f"{told['value']} ({told['interval']})" if told["interval"] else told["value"]


def _range(figure: Mapping[str, Any], name: str) -> str:
    if figure["low"] is None or figure["high"] is None:
        return "no interval: too few replicates"
    if same := same_words(figure):
        return same
    return _ends(figure, name)


def _ends(figure: Mapping[str, Any], name: str) -> str:
    """Both ends, what they have in common behind them once: `0 to 4.2 %`."""
    low, high = (number_words(figure[k], name) for k in ("low", "high"))
    unit = next((u for u in SIGNS if low.endswith(u) and high.endswith(u)), "")
    return f"{low.removesuffix(unit)} to {high}"


def price_words(row: Mapping[str, Any]) -> dict[str, str]:
    """One line of the cost-loss table."""
    return {
        "price": f"1/{1.0 / row['price']:,.0f}",
        "key": rule_words(row["key"]),
        "named": rule_words(row["named"]),
        "share": f"{100.0 * row['resamples_share']:.0f} %",
    }


def alert_words(told: Mapping[str, Any]) -> list[str]:
    """Which choice is cheapest between which prices, the cheapest alert first."""
    out = []
    for best in reversed(told["cost_loss"]["best"]):
        key = best["key"]
        choice = "no alert at all" if key == NEVER else rule_words(key)
        low, high = best["price_low"], best["price_high"]
        if low and high:
            when = f"costs between {_share(low).removesuffix(' of')} and {_share(high)} what"
        elif low:
            when = f"costs more than {_share(low)} what"
        elif high:
            when = f"costs less than {_share(high)} what"
        else:
            when = "costs anything at all beside what"
        out.append(
            f"If alerting a person needlessly {when} a timely warning saves a person in need: "
            f"{choice}."
        )
    return out


def _share(price: float) -> str:
    return f"1/{1.0 / price:,.0f} of" if price <= 0.5 else f"{price:.2g} times"


def false_words(content: Mapping[str, Any]) -> str:
    """How many launches could show a false alert, and what follows when none could."""
    figures = list(content["false_per_100_pooled"].values())
    n = figures[0]["n"] if figures else 0
    names = ", ".join(s["scenario"] for s in content["scenarios"])
    if n == 0:
        return (
            f"An alert is false when its launch, stages included, hits nothing and passes over "
            f"nothing. No launch of {names} is of that kind (n = 0), so nothing can be said here: "
            "add a scenario that has some, such as the replay of a launch that fell into the sea."
        )
    return (
        "An alert is false when its launch, stages included, hits nothing and passes over nothing. "
        f"{n} {'launch' if n == 1 else 'launches'} of {names} {'is' if n == 1 else 'are'} of that kind."
    )

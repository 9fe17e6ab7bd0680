"""Drawings: the waterfall of each figure, and the ladder. English in drawings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from hinomi.integration.measures import MEASURES
from hinomi.integration.words import number, unit_of

BETTER: Final = "#0072B2"
WORSE: Final = "#D55E00"
WHOLE: Final = "#8a929c"
INK: Final = "#1b2430"
COLUMNS: Final = 2
SHORT: Final = {
    "share_warning": "launch\nevents",
    "share_track": "tracks",
    "one_picture": "one\npicture",
    "engage_on_remote": "remote\ntrack",
    "one_assignment": "assign-\nment",
}


def waterfall(pair: Mapping[str, Any], names: Sequence[str]) -> Any:
    """One panel a figure: from one architecture to the other, a step for each part of integration.

    `pair` is one of `integration.json`. Blue steps are for the better, orange ones for the worse;
    whiskers are 95 % intervals of the step. The last step is a faster authority, apart.
    """
    from matplotlib import pyplot as plt

    rows = -(-len(names) // COLUMNS)
    width = COLUMNS if len(names) > 1 else 1
    figure, axes = plt.subplots(
        rows, width, figsize=(5.6 * width + 0.6, 3.1 * rows), layout="constrained", squeeze=False
    )
    for ax in axes.flat[len(names) :]:
        ax.axis("off")
    for ax, name in zip(axes.flat, names, strict=False):
        _one(ax, pair, name)
    return figure


def _one(ax: Any, pair: Mapping[str, Any], name: str) -> None:
    found = pair["figures"][name]
    ax.set_title(f"{MEASURES[name].words}, {unit_of(name)}", fontsize=10.5, loc="left")
    if not found["n"]:
        ax.text(0.5, 0.5, "not defined in any raid", ha="center", transform=ax.transAxes)
        ax.set_xticks([])
        return
    steps = _steps(pair, found)
    factor = MEASURES[name].factor
    at = found["from"]["value"]
    spans = [at]
    _whole(ax, 0, at * factor, number(at, name))
    for i, (_, told) in enumerate(steps[:-1], start=1):
        _step(ax, i, at, told, name)
        at += told["value"]
        spans += [
            at,
            at - told["value"] + (told["high"] or 0),
            at - told["value"] + (told["low"] or 0),
        ]
    end = len(steps)
    _whole(ax, end, at * factor, number(at, name))
    _step(ax, end + 1, at, steps[-1][1], name, hatch="///")
    spans += [at, at + steps[-1][1]["value"]]
    texts = [
        pair["from"]["name"],
        *(words for words, _ in steps[:-1]),
        pair["to"]["name"],
        "faster\nauthority",
    ]
    ax.set_xticks(range(len(texts)), [t.replace("_", "\n") for t in texts], fontsize=7.6)
    ax.tick_params(axis="x", length=0)
    ax.grid(axis="x", visible=False)
    _limits(ax, [s * factor for s in spans])


def _steps(
    pair: Mapping[str, Any], found: Mapping[str, Any]
) -> list[tuple[str, Mapping[str, Any]]]:
    """Link, flags, and what a single authority adds at the end."""
    shares = found["equal_times"]["shares"]
    authority = found["single_authority"]["shares"]["single_authority"]["last"]
    return [
        (pair["terms"].replace(", ", "\n"), found["link"]),
        *((SHORT[flag], shares[flag]) for flag in pair["flags"]),
        ("authority", authority),
    ]


def _whole(ax: Any, x: int, height: float, text: str) -> None:
    ax.bar(x, height, width=0.66, color=WHOLE, zorder=2)
    ax.annotate(
        text, (x, height), xytext=(0, 3), textcoords="offset points", ha="center", fontsize=8.5
    )


def _step(
    ax: Any, x: int, at: float, told: Mapping[str, Any], name: str, *, hatch: str | None = None
) -> None:
    factor, value = MEASURES[name].factor, told["value"]
    colour = BETTER if value * MEASURES[name].better > 0 else WORSE
    ax.plot([x - 1 + 0.33, x + 0.33], [at * factor] * 2, color=WHOLE, lw=0.8, zorder=1)
    if value:
        style = (
            {"facecolor": "white", "edgecolor": colour, "hatch": hatch}
            if hatch
            else {"color": colour}
        )
        ax.bar(x, value * factor, bottom=at * factor, width=0.66, zorder=2, **style)
    high = max(at, at + value)
    if told["low"] is not None and told["high"] > told["low"]:
        ends = [(at + told[k]) * factor for k in ("low", "high")]
        ax.plot([x, x], ends, color=INK, lw=1.1, zorder=3)
        high = max(high, ends[1] / factor)
    ax.annotate(
        number(value, name, signed=True), (x, high * factor), xytext=(0, 3),
        textcoords="offset points", ha="center", fontsize=8.5, zorder=4,
    )  # fmt: skip


def _limits(ax: Any, spans: Sequence[float]) -> None:
    """From zero where the change is a good part of the whole, else a window that says so."""
    low, high = min(spans), max(spans)
    if low > 0.0 and high - low < 0.35 * high:
        room = max(high - low, 0.02 * high)
        ax.set_ylim(low - 0.8 * room, high + 0.45 * room)
        ax.text(
            0.0,
            -0.02,
            "axis cut",
            transform=ax.transAxes,
            fontsize=7,
            color="#8a3b00",
            va="top",
            ha="right",
        )
    else:
        ax.set_ylim(min(0.0, 1.12 * low), 1.18 * high if high > 0 else 1.0)


def ladder(found: Mapping[str, Any], names: Sequence[str]) -> Any:
    """A row of two panels a figure: gain over the time of the link, and of the decision."""
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(
        len(names), 2, figsize=(11.8, 2.7 * len(names)), layout="constrained", squeeze=False
    )
    for row, name in zip(axes, names, strict=True):
        for ax, (kind, told) in zip(row, found[name].items(), strict=True):
            _climb(ax, name, kind, told)
    return figure


def _climb(ax: Any, name: str, kind: str, told: Mapping[str, Any]) -> None:
    sign = MEASURES[name].factor
    rungs = [r for r in told["rungs"] if r["gain"]["value"] is not None]
    ax.set_xscale("log")
    ax.axhline(0.0, color=INK, lw=0.9)
    x = [r["mode_s"] for r in rungs]
    ax.plot(x, [r["gain"]["value"] * sign for r in rungs], "o-", color=BETTER, lw=1.8, ms=5)
    whole = [r for r in rungs if r["gain"]["low"] is not None]
    ax.fill_between(
        [r["mode_s"] for r in whole], [r["gain"]["low"] * sign for r in whole],
        [r["gain"]["high"] * sign for r in whole], color=BETTER, alpha=0.18, lw=0,
    )  # fmt: skip
    tip = told["tipping"]
    if tip["reached"] and not tip["at_start"]:
        ax.axvline(tip["mode_s"], color="#8a3b00", lw=1.1, ls=":")
        ax.annotate(
            f"about {tip['mode_s']:.3g} s", (tip["mode_s"], 1.0), xycoords=("data", "axes fraction"),
            xytext=(3, -10), textcoords="offset points", fontsize=8.5, color="#8a3b00",
        )  # fmt: skip
    ax.set_xticks(x, [f"{v:g}" for v in x])
    ax.minorticks_off()
    what = "relay between nations" if kind == "link" else "decision to commit"
    ax.set_xlabel(f"{what}, most likely value, s", fontsize=9)
    ax.set_title(f"{MEASURES[name].words}: gain, {unit_of(name)}", fontsize=10, loc="left")

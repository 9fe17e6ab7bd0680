"""Pictures of a sweep: response curves, heat map, tornado, indices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from hinomi.settings.bars import whisker
from hinomi.settings.colours import HIGH, INK, LOW, SOFT
from hinomi.settings.measures import factor_of, number, unit_of, words_of
from hinomi.sweep.words import pretty, shown

ACROSS: Final = 2  # curves side by side
MOST_CELLS: Final = 144  # of a heat map with numbers in them
Told = Mapping[str, Any]


def curves(content: Told, target: str, name: str) -> Any:
    """Mean over all other settings along each key, with its interval; dots: single settings."""
    from matplotlib import pyplot as plt

    keys = content["keys"]
    columns = min(ACROSS, len(keys))
    rows = -(-len(keys) // columns)
    size = (4.9 * columns if columns > 1 else 6.4, 3.1 * rows + 0.4)
    figure, axes = plt.subplots(
        rows, columns, figsize=size, layout="constrained", sharey=True, squeeze=False
    )
    figure.suptitle(_title(target, name), fontsize=10.5, x=0.01, ha="left")
    for ax, key in zip(axes.flat, keys, strict=False):
        _curve(ax, content, target, name, key)
    for ax in list(axes.flat)[len(keys) :]:
        ax.axis("off")
    return figure


def _curve(ax: Any, content: Told, target: str, name: str, key: Told) -> None:
    factor = factor_of(name)
    found = content["results"][target][name]
    steps = [s for s in found["curves"][key["key"]] if s["value"] is not None]
    x = [s["setting"] if key["numbers"] else i for i, s in enumerate(steps)]
    if len(content["keys"]) > 1:
        _dots(ax, content, target, name, key, steps)
    low = [factor * (s["value"] if s["low"] is None else s["low"]) for s in steps]
    high = [factor * (s["value"] if s["high"] is None else s["high"]) for s in steps]
    value = [factor * s["value"] for s in steps]
    if key["numbers"]:
        ax.fill_between(x, low, high, color=LOW, alpha=0.18, lw=0)
        ax.plot(x, value, "o-", color=LOW, ms=4, lw=1.6)
    else:
        error = [np.subtract(value, low), np.subtract(high, value)]
        ax.errorbar(x, value, yerr=error, fmt="o", color=LOW, capsize=3)
        ax.set_xticks(x, [shown(s["setting"]) for s in steps])
        ax.set_xlim(-0.5, len(x) - 0.5)
    base = found["base"]["value"]
    if base is not None:
        ax.axhline(base * factor, color=SOFT, lw=1.3, ls=":")
        if key["numbers"] and isinstance(key["as_it_is"], float):
            inside = min(x, default=0) <= key["as_it_is"] <= max(x, default=0)
            if inside:
                ax.plot([key["as_it_is"]], [base * factor], "D", color=HIGH, ms=6, mec=INK, mew=0.6)
    ax.set_xlabel(_label(key), fontsize=8)
    ax.set_ylabel(unit_of(name), fontsize=8)


def _dots(ax: Any, content: Told, target: str, name: str, key: Told, steps: Sequence[Told]) -> None:
    """Every single setting, faintly: how far apart the others keep them."""
    places = {repr(s["setting"]): i for i, s in enumerate(steps)}
    x, y = [], []
    for p in content["points"]:
        value, setting = p["results"][target][name]["value"], p["settings"][key["key"]]
        if value is not None and (key["numbers"] or repr(setting) in places):
            x.append(setting if key["numbers"] else places[repr(setting)])
            y.append(value * factor_of(name))
    ax.plot(x, y, ".", color=SOFT, ms=3, alpha=0.45, mew=0)


def heat_pairs(content: Told) -> list[tuple[Told, Told]]:
    """Pairs of keys of a grid that are worth a map: the first three pairs with two steps or more."""
    if content["design"]["name"] != "grid":
        return []
    keys = [k for k in content["keys"] if len(k["values"] or ()) > 1]
    return [(a, b) for i, a in enumerate(keys) for b in keys[i + 1 :]][:3]


def heat(content: Told, target: str, name: str, pair: tuple[Told, Told]) -> Any:
    """Mean over the other keys at each pair of settings, in the order of the settings."""
    from matplotlib import pyplot as plt

    down, along = pair
    table = _cells(content, target, name, pair)
    rows, columns = table.shape
    figure, ax = plt.subplots(
        figsize=(max(9.6, 1.6 + 0.82 * columns), max(3.2, 1.4 + 0.44 * rows)), layout="constrained"
    )
    ax.set_title(_title(target, name), fontsize=10.5, loc="left")
    ax.grid(visible=False)
    colours: dict[str, Any] = {"cmap": "cividis"}
    if " minus " in target:  # white where there is no difference
        most = float(np.nanmax(np.abs(table))) if np.isfinite(table).any() else 1.0
        colours = {"cmap": "PuOr", "vmin": -(most or 1.0), "vmax": most or 1.0}
    image = ax.imshow(table, aspect="auto", origin="lower", **colours)
    figure.colorbar(image, ax=ax, label=unit_of(name))
    ax.set_xticks(range(columns), [shown(v) for v in along["values"]], fontsize=8)
    ax.set_yticks(range(rows), [shown(v) for v in down["values"]], fontsize=8)
    ax.set_xlabel(_label(along), fontsize=8)
    ax.set_ylabel(_label(down).replace("].", "]\n"), fontsize=8)
    if table.size <= MOST_CELLS:
        for i, j in np.ndindex(rows, columns):
            if np.isfinite(table[i, j]):
                text = number(table[i, j] / factor_of(name), name)
                ax.text(j, i, text, ha="center", va="center", fontsize=7.5,
                        color=_ink(image, table[i, j]))  # fmt: skip
    return figure


def _ink(image: Any, value: float) -> str:
    """Dark or white, whichever is read better on this colour."""
    red, green, blue, _ = image.cmap(image.norm(value))
    return INK if 0.299 * red + 0.587 * green + 0.114 * blue > 0.5 else "white"


def _cells(content: Told, target: str, name: str, pair: tuple[Told, Told]) -> Any:
    down, along = pair
    sums = np.zeros((len(down["values"]), len(along["values"]), 2))
    row = {repr(v): i for i, v in enumerate(down["values"])}
    column = {repr(v): i for i, v in enumerate(along["values"])}
    for p in content["points"]:
        value = p["results"][target][name]["value"]
        if value is not None:
            place = row[repr(p["settings"][down["key"]])], column[repr(p["settings"][along["key"]])]
            sums[place] += value * factor_of(name), 1.0
    with np.errstate(invalid="ignore"):
        return np.where(sums[..., 1] > 0, sums[..., 0] / np.maximum(sums[..., 1], 1.0), np.nan)


def tornado(content: Told, target: str, name: str) -> Any:
    """What the first and the last setting of each key change against the mean of the design."""
    from matplotlib import pyplot as plt
    from matplotlib.patches import Patch

    found = content["results"][target][name]
    figure, ax = plt.subplots(
        figsize=(9.6, 1.2 + 0.4 * max(len(found["order"]), 2)), layout="constrained"
    )
    ax.set_title(f"{_title(target, name)}: change against the mean", fontsize=10.5, loc="left")
    labels = []
    known = {k["key"]: k for k in content["keys"]}
    for row, key in enumerate(found["order"]):
        steps = found["curves"][key]
        for step, place, colour in ((steps[0], row - 0.19, LOW), (steps[-1], row + 0.19, HIGH)):
            _bar(ax, place, step["change"], colour, name)
        ends = f"{shown(steps[0]['setting'])} | {shown(steps[-1]['setting'])}"
        labels.append(f"{_label(known[key])}  {ends}")
    ax.set_yticks(range(len(labels)), labels, fontsize=8)
    ax.invert_yaxis()
    ax.axvline(0.0, color=INK, lw=1.0)
    ax.margins(x=0.16)
    ax.set_xlabel(unit_of(name), fontsize=8)
    ax.grid(axis="y", visible=False)
    handles = [Patch(color=LOW, label="first setting"), Patch(color=HIGH, label="last setting")]
    figure.legend(handles=handles, loc="outside lower right", fontsize=7.5, ncols=2, frameon=False)
    return figure


def _bar(ax: Any, place: float, change: Told, colour: str, name: str) -> None:
    if change["value"] is None:
        return
    ax.barh(place, change["value"] * factor_of(name), height=0.34, color=colour, zorder=2)
    whisker(ax, change, name, place=place)


def index_bars(content: Told, target: str, name: str) -> Any:
    """Sobol: first order and total; Morris: mean size against spread of the effects."""
    from matplotlib import pyplot as plt
    from matplotlib.patches import Patch

    found = content["results"][target][name]["indices"]
    keys = list(found["keys"])
    if content["design"]["name"] == "morris":
        return _morris(found, keys, target, name)
    figure, ax = plt.subplots(figsize=(9.6, 1.2 + 0.42 * max(len(keys), 2)), layout="constrained")
    ax.set_title(f"{_title(target, name)}: share of the variance", fontsize=10.5, loc="left")
    for row, key in enumerate(keys):
        for index, place, colour in (("S1", row - 0.19, LOW), ("ST", row + 0.19, HIGH)):
            told = found["keys"][key].get(index)
            if told and told["value"] is not None:
                ax.barh(place, told["value"], height=0.34, color=colour, zorder=2)
                ends = [told["low"], told["high"]]
                ax.plot(ends, [place, place], color=INK, lw=0.9, zorder=3)
    ax.set_yticks(range(len(keys)), keys, fontsize=8)
    ax.invert_yaxis()
    ax.axvline(0.0, color=INK, lw=1.0)
    ax.grid(axis="y", visible=False)
    handles = [Patch(color=LOW, label="alone (first order, S1)"),
               Patch(color=HIGH, label="with others (total, ST)")]  # fmt: skip
    figure.legend(handles=handles, loc="outside lower right", fontsize=7.5, ncols=2, frameon=False)
    return figure


def _morris(found: Told, keys: Sequence[str], target: str, name: str) -> Any:
    from matplotlib import pyplot as plt

    figure, ax = plt.subplots(figsize=(8.4, 4.2), layout="constrained")
    ax.set_title(f"{_title(target, name)}: elementary effects", fontsize=10.5, loc="left")
    factor, most = factor_of(name), 0.0
    for key in keys:
        size, spread = (found["keys"][key].get(i, {}) for i in ("mu_star", "sigma"))
        if size.get("value") is None:
            continue
        x, y = size["value"] * factor, spread["value"] * factor
        ends = [size["low"] * factor, size["high"] * factor]
        ax.plot(ends, [y, y], color=INK, lw=0.9)
        ax.plot([x], [y], "o", color=LOW, ms=6)
        ax.annotate(key, (x, y), xytext=(5, 6), textcoords="offset points", fontsize=7.5)
        most = max(most, *ends, y)
    ax.plot([0, most], [0, most], ":", color=SOFT, lw=0.9)
    ax.annotate("spread = size", (most, most), xytext=(-14, -4), textcoords="offset points",
                ha="right", fontsize=7.5, color=SOFT)  # fmt: skip
    ax.set_xlabel(f"mean size of effects over the range, {unit_of(name)}", fontsize=8)
    ax.set_ylabel(f"their spread, {unit_of(name)}", fontsize=8)
    ax.margins(x=0.12, y=0.1)
    return figure


def _title(target: str, name: str) -> str:
    return f"{words_of(name)}, {pretty(target)}, {unit_of(name)}"


def _label(key: Told) -> str:
    unit = "" if key["unit"] in ("", "1") else f", {key['unit']}"
    return f"{key['key'].removeprefix('catalogue.')}{unit}"

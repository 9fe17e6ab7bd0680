"""The tornado of each figure: what every leading assumption changes at its low and at its high."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from hinomi.sensitivity.answer import effects_of
from hinomi.settings.bars import whisker
from hinomi.settings.colours import HIGH, INK, LOW, SOFT
from hinomi.settings.measures import factor_of, unit_of, words_of

SHOWN: Final = 12


def tornado(content: Mapping[str, Any], target: str, name: str) -> Any:
    """Bars from the value as it is: blue at the low end, orange at the high end of a range.

    Hatched bars belong to assumed numbers, full ones to published, computed or literature ones.
    """
    from matplotlib import pyplot as plt
    from matplotlib.patches import Patch

    found = [
        (key, sides)
        for key, sides in effects_of(content, target, name)
        if any(e["change"]["value"] for e in sides.values())
    ][:SHOWN]
    figure, ax = plt.subplots(figsize=(9.6, 1.25 + 0.4 * max(len(found), 2)), layout="constrained")
    factor, base = factor_of(name), content["results"][target][name]["base"]["value"]
    ax.set_title(
        f"{words_of(name)}, {target.replace('_', ' ')}: change, {unit_of(name)}",
        fontsize=10.5, loc="left",
    )  # fmt: skip
    if base is None or not found:
        ax.text(0.5, 0.5, "nothing moves it", ha="center", transform=ax.transAxes)
        ax.axis("off")
        return figure
    for row, (key, sides) in enumerate(found):
        for side, colour in (("low", LOW), ("high", HIGH)):
            if side in sides and sides[side]["change"]["value"] is not None:
                _bar(ax, row, key, sides[side], factor, colour, name)
    ax.set_yticks(range(len(found)), [_label(key) for key, _ in found], fontsize=8)
    ax.invert_yaxis()
    ax.axvline(0.0, color=INK, lw=1.0)
    if " minus " in target and base:
        _gone(ax, base * factor)
    ax.margins(x=0.13)
    ax.grid(axis="y", visible=False)
    ax.tick_params(axis="y", length=0)
    handles = [Patch(color=LOW, label="at its low"), Patch(color=HIGH, label="at its high"),
               Patch(facecolor="white", edgecolor=INK, hatch="////", label="assumed"),
               Patch(facecolor="#c9ced6", edgecolor=INK, label="with a source")]  # fmt: skip
    figure.legend(handles=handles, loc="outside lower right", fontsize=7.5, ncols=4, frameon=False)
    return figure


def _bar(
    ax: Any, row: int, key: Mapping[str, Any], effect: Mapping[str, Any], factor: float,
    colour: str, name: str,
) -> None:  # fmt: skip
    change = effect["change"]
    value = change["value"] * factor
    place = row - 0.19 if effect["side"] == "low" else row + 0.19
    if value:
        assumed = key["grade"] == "assumed"
        style: dict[str, Any] = (
            {"facecolor": "white", "edgecolor": colour, "hatch": "////"}
            if assumed
            else {"color": colour}
        )
        ax.barh(place, value, height=0.34, zorder=2, **style)
    whisker(ax, change, name, place=place, colour=INK if effect["sure"] else SOFT)


def _gone(ax: Any, base: float) -> None:
    """Mark where a difference would be gone, where that lies in the picture."""
    low, high = ax.get_xlim()
    if low <= -base <= high:
        ax.axvline(-base, color="#8a3b00", lw=1.0, ls=":")
        ax.annotate(
            "difference gone", (-base, 1.0), xycoords=("data", "axes fraction"), xytext=(3, -9),
            textcoords="offset points", fontsize=7.5, color="#8a3b00",
        )  # fmt: skip


def _label(key: Mapping[str, Any]) -> str:
    unit = "" if key["unit"] == "1" else f" {key['unit']}"
    name = key["key"].removeprefix("catalogue.").removesuffix(_unit_ending(key["key"]))
    return f"{name}  {key['low']:g} | {key['value']:g} | {key['high']:g}{unit}"


def _unit_ending(name: str) -> str:
    """Ending of a key that only repeats its unit."""
    for ending in ("_musd_per_year", "_km_s", "_kw_sr", "_km", "_deg", "_s", "_mrad", "_urad"):
        if name.endswith(ending):
            return ending
    return ""

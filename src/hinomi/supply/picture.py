"""Four drawings: stock by month, bottleneck calendar, cost bars, yearly outlay."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from textwrap import wrap
from typing import Any, Final

import numpy as np

from hinomi.records.columns import Floats
from hinomi.records.supply import Stocks
from hinomi.report.basemap import (
    INK,
    QUIET_INK,
    draw_banner,
    draw_footer,
)
from hinomi.report.drawing import draw_frame
from hinomi.study.banner import banner
from hinomi.supply.asked import MONTHS
from hinomi.supply.bands import HIGH, LOW, price_words
from hinomi.supply.solve import PARTS, Solved

# Okabe-Ito colours: one owner or one part, one colour in every drawing.
OWNERS: Final = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
SUPPLIERS: Final = ("#D55E00", "#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#F0E442")
ITSELF_COLOUR: Final = "#e4e9ee"
PART_COLOURS: Final = ("#9fb3c4", "#0072B2", "#E69F00")
WIDTH: Final = 11.0


def drawings(solved: Solved, told: dict[str, Any]) -> dict[str, Callable[[], Any]]:
    """Name -> function that draws it; each gives a matplotlib figure."""
    return {
        "stock": lambda: stock_figure(solved, told),
        "bottlenecks": lambda: bottleneck_figure(solved, told),
        "costs": lambda: cost_figure(told),
        "outlay": lambda: outlay_figure(told),
    }


def _figure(height: float, title: str, words: str, foot: str) -> Any:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(WIDTH, height))
    # Distances from the top in inches, whatever the height.
    figure.text(
        0.02, 1 - 0.45 / height, title, fontsize=12.0, fontweight="bold", color=INK, va="center"
    )
    figure.text(
        0.02,
        1 - 0.62 / height,
        "\n".join(wrap(words, 160)),
        fontsize=8.3,
        color=QUIET_INK,
        va="top",
    )
    draw_banner(figure, banner("study"))
    draw_footer(figure, [foot])
    return figure  # fmt: skip


def _frame(axes: Any, title: str) -> None:
    draw_frame(axes, title)
    axes.set_axisbelow(True)


def stock_figure(solved: Solved, told: dict[str, Any]) -> Any:
    """One panel a stock: stated line, band of assumptions, band of chance, what is required."""
    held = [s.held for s in (solved.stated, solved.ranges, solved.outages)]
    pairs = held[0].pairs
    owners = list(dict.fromkeys(o for o, _ in pairs))
    columns = min(3, max(1, len(pairs)))
    rows = -(-len(pairs) // columns)
    height = 1.75 + 2.1 * rows
    figure = _figure(
        height, f"{told['scenario']}: stock by month and owner",
        "Line: inputs as stated. Light band: 5 to 95 % over ranged assumptions. Dark band: 5 to 95 % over"
        " outages, and over a run's replicates where one is given. Dashed: what is required. Month 0 is the"
        " first raid.",
        "Rounds that nobody here lacks go to other users. Raids: " + told["raids"]["takes"] + ".",
    )  # fmt: skip
    months = np.repeat(np.arange(solved.asked.months + 1), 2)[:-1]
    top, foot = 1.1 / height, 0.62 / height
    each = (1.0 - top - foot) / rows
    for k, (owner, product) in enumerate(pairs):
        row, column = divmod(k, columns)
        axes = figure.add_axes(
            (
                0.05 + 0.32 * column,
                1 - top - (row + 1) * each + 0.35 / height,
                0.27,
                each - 0.62 / height,
            )
        )
        colour = OWNERS[owners.index(owner) % len(OWNERS)]
        for found, alpha in ((held[1], 0.18), (held[2], 0.35)):
            low, high = np.quantile(_with_raids(found, k), (LOW, HIGH), axis=0)
            axes.fill_between(months, low, high, color=colour, alpha=alpha, linewidth=0.0)
        axes.plot(months, _with_raids(held[0], k)[0], color=colour, linewidth=1.4)
        axes.axhline(held[0].required[k], color=INK, linewidth=0.8, linestyle=(0, (4, 3)))
        _frame(axes, f"{owner}: {product}")
        axes.set_ylim(
            0.0, 1.12 * max(float(held[0].required[k]), float(held[0].stock[k].max()), 1.0)
        )
        axes.set_xlim(0, solved.asked.months)
        axes.set_xticks(
            range(0, solved.asked.months + 1, max(MONTHS, solved.asked.months // 5 // 12 * 12))
        )
        if row == rows - 1 or k + columns >= len(pairs):
            axes.set_xlabel("months after the first raid", color=QUIET_INK, fontsize=8)
    return figure  # fmt: skip


def _with_raids(found: Stocks, k: int) -> Floats:
    """(N, 2 M + 1) stock at each month's end, and just after the raid that begins the next."""
    stock = found.stock[k]
    out = np.empty((len(stock), 2 * stock.shape[1] - 1))
    out[:, 0::2] = stock
    out[:, 1::2] = stock[:, :-1] - found.spent[k]
    return out


def bottleneck_figure(solved: Solved, told: dict[str, Any]) -> Any:
    """One row a line: what binds in each month, and in how many draws of the assumptions."""
    stated, ranges = solved.stated.production, solved.ranges.production
    lines, names = stated.lines, stated.suppliers
    height = 2.15 + 0.42 * len(lines)
    figure = _figure(
        height, f"{told['scenario']}: what holds each line back, by month",
        "Upper strip of each line: inputs as stated. Lower strip: share of draws over ranged assumptions,"
        " stacked. Grey: the line's own capacity.",
        "Fixed bills of material: with one bottleneck and no substitute, a second line adds nothing until"
        " it relaxes. That follows from this structure.",
    )  # fmt: skip
    axes = figure.add_axes((0.13, 0.95 / height, 0.845, 1 - 2.0 / height))
    months = np.arange(solved.asked.months + 1)
    shown: dict[int, Any] = {}
    for row in range(len(lines)):
        y = len(lines) - 1 - row
        codes = stated.limit[row, 0]
        turns = [0, *(np.flatnonzero(np.diff(codes)) + 1).tolist(), len(codes)]
        for a, b in pairwise(turns):
            axes.add_patch(_box(a, y + 0.48, b - a, 0.34, _colour(int(codes[a]))))
            shown[int(codes[a])] = None
        base = np.full(solved.asked.months, y + 0.08)
        for code in (-1, *range(len(names))):
            share = 0.36 * (ranges.limit[row] == code).mean(axis=0)
            if share.any():
                shown[code] = None
                axes.fill_between(
                    months, np.r_[base, base[-1]], np.r_[base + share, (base + share)[-1]],
                    step="post", color=_colour(code), linewidth=0.0,
                )  # fmt: skip
            base = base + share
    axes.set_xlim(0, solved.asked.months)
    axes.set_ylim(0, len(lines))
    axes.set_yticks([len(lines) - 0.55 - k for k in range(len(lines))], lines)
    axes.set_xticks(range(0, solved.asked.months + 1, MONTHS))
    axes.set_xlabel("months after the first raid", color=QUIET_INK, fontsize=8)
    axes.tick_params(colors=QUIET_INK, labelsize=8, length=0)
    for side in axes.spines.values():
        side.set_visible(False)
    marks = [_box(0, 0, 1, 1, _colour(code)) for code in sorted(shown)]
    words = ["the line itself" if code < 0 else names[code] for code in sorted(shown)]
    figure.legend(
        marks, words, loc="lower left", bbox_to_anchor=(0.125, 0.2 / height), ncols=6, fontsize=8,
        frameon=False,
    )  # fmt: skip
    return figure


def _colour(code: int) -> str:
    return ITSELF_COLOUR if code < 0 else SUPPLIERS[code % len(SUPPLIERS)]


def _box(x: float, y: float, width: float, height: float, colour: str) -> Any:
    from matplotlib.patches import Rectangle

    return Rectangle((x, y), width, height, facecolor=colour, edgecolor="none")


def cost_figure(told: dict[str, Any]) -> Any:
    """Left: one raid's rounds on every basis. Right: life cycle of each architecture."""
    prices, life = told["raid_cost"], told["life_cycle"]
    height = 2.1 + 0.36 * max(len(prices), 2 * len(life), 4)
    money = told["money"]
    figure = _figure(
        height, f"{told['scenario']}: what it costs",
        f"Million {money['currency']} in prices of {money['price_year']}. Left: the rounds of one raid, each price"
        " basis by itself; filled bars are the basis that counts. Right: rounds held, rounds made good and"
        f" network over {told['years']} years; bars: inputs as stated; dots and whiskers: median and 5 to 95 %"
        " over ranged assumptions.",
        "Not priced: " + told["left_out"][0] + ".",
    )  # fmt: skip
    box = (0.7 / height, 1 - 1.95 / height)
    left = figure.add_axes((0.235, box[0], 0.245, box[1]))
    for k, row in enumerate(prices):
        low, value, high = row["musd"]
        left.barh(
            -k, value, height=0.62, color="#0072B2" if row["used"] else "#ffffff", edgecolor="#0072B2",
            linewidth=0.8,
        )  # fmt: skip
        left.plot([low, high], [-k, -k], color=INK, linewidth=1.2)
        left.annotate(f"{value:,.0f}", (high, -k), xytext=(4, 0), textcoords="offset points",
                      va="center", fontsize=7.5, color=INK)  # fmt: skip
    left.set_yticks(
        [-k for k in range(len(prices))],
        [f"{r['owner']} {r['product']}, {price_words(r)}".strip() for r in prices],
    )
    left.margins(x=0.16)
    left.set_xlim(left=0.0)
    _frame(left, "One raid's rounds, by price basis")
    right = figure.add_axes((0.62, box[0], 0.355, box[1]))
    for k, row in enumerate(life):
        begin = 0.0
        for part, colour in zip(PARTS, PART_COLOURS, strict=True):
            value = row["parts_musd"][part]["value"] or 0.0
            right.barh(-k, value, left=begin, height=0.55, color=colour,
                       label=part if k == 0 else None)  # fmt: skip
            begin += value
        low, high = row["total_musd"]["assumptions"]
        right.plot([low, high], [-k, -k], color=INK, linewidth=1.3, marker="|", markersize=6)
        right.plot(
            row["total_musd"]["assumptions_median"], -k, color=INK, marker="o", markersize=3.5
        )
    names = [r["architecture"].replace("_", " ") for r in life]
    right.set_yticks([-k for k in range(len(life))], names)
    right.set_ylim(0.6 - len(life) - 0.6, 1.25)
    right.legend(loc="upper left", ncols=3, fontsize=8, frameon=False, bbox_to_anchor=(-0.02, 1.0))
    right.set_xlim(left=0.0)
    _frame(right, f"Architectures over {told['years']} years")
    return figure


def outlay_figure(told: dict[str, Any]) -> Any:
    """Appropriated and paid by owner and year from the first raid."""
    rows = told["yearly"]
    owners = list(dict.fromkeys(r["owner"] for r in rows))
    height = 4.3
    money = told["money"]
    figure = _figure(
        height, f"{told['scenario']}: money by year",
        f"Million {money['currency']} in prices of {money['price_year']}, for rounds made good. Bars: paid, inputs as"
        " stated, with 5 to 95 % over ranged assumptions. Steps: appropriated in full in the year of the order. Year 0 is the"
        " twelve months after the first raid; the sums of both are the same.",
        "Shares paid in the year of the obligation and after: "
        + ", ".join(f"{x:g}" for x in money["outlay_profile"]) + " (assumed).",
    )  # fmt: skip
    for k, owner in enumerate(owners):
        mine = [r for r in rows if r["owner"] == owner]
        width = 0.9 / len(owners)
        axes = figure.add_axes((0.06 + width * k, 0.15, width - 0.06, 0.56))
        years = [r["year"] for r in mine]
        paid = [r["outlaid_musd"]["value"] for r in mine]
        axes.bar(years, paid, width=0.7, color=OWNERS[k % len(OWNERS)], label="paid")
        for r in mine:
            low, high = r["outlaid_musd"]["assumptions"]
            axes.plot([r["year"]] * 2, [low, high], color=INK, linewidth=1.0)
        axes.step(
            [y - 0.5 for y in years] + [years[-1] + 0.5],
            [r["appropriated_musd"]["value"] for r in mine] + [0.0],
            where="post", color=INK, linewidth=1.1, linestyle=(0, (3, 2)), label="appropriated",
        )  # fmt: skip
        _frame(axes, owner)
        axes.set_ylim(bottom=0.0)
        axes.set_xticks(range(0, years[-1] + 1, 2))
        axes.set_xlabel("years after the first raid", color=QUIET_INK, fontsize=8)
        axes.legend(fontsize=8, frameon=False)
    return figure

"""The report's section on how far predicted areas can be trusted, from the calibration shipped."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from importlib import resources
from typing import Any, Final

from hinomi.report.data import number
from hinomi.report.section_words import (
    CALIBRATION_CAPTION,
    CALIBRATION_WORDS,
    EPOCH_WORDS,
    PHASE_WORDS,
    PREDICTOR_WORDS,
    TRUTH_WORDS,
)
from hinomi.report.tongue import ENGLISH, Tongue

FILE: Final = "okinawa-2025.json"
LEAST_N: Final = 10  # fewer cases are not drawn and not told


@lru_cache(maxsize=1)
def committed() -> Mapping[str, Any]:
    """Read the calibration that ships with the program."""
    text = (resources.files("hinomi") / "data" / "calibration" / FILE).read_text(encoding="utf-8")
    found: Mapping[str, Any] = json.loads(text)
    return found


def calibration_section(
    summary: Mapping[str, Any] | None = None, say: Tongue = ENGLISH
) -> dict[str, Any]:
    """What the template shows: words, sentence, caption, rows of the table, rows of the difference.

    `summary` is the calibration shipped where not given: one of its own scenario, which the words
    name, and of no other run.
    """
    told = committed() if summary is None else summary
    shipped = summary is None
    return {
        "words": say(CALIBRATION_WORDS),
        "caption": say(CALIBRATION_CAPTION),
        "sentence": say.made(lambda t: _sentence(told, t, shipped=shipped)),
        "rows": [_row(entry) for entry in told["coverage"]],
        "short_rows": [
            _row(e)
            for e in told["coverage"]
            if e["truth"] in ("prior", "scenario")
            and e["predictor"] == "fast"
            and e["phase"] != "all"
        ],
        "differences": [_difference(entry) for entry in told["difference"]],
        "brier": [_brier(e) for e in told["reliability"] if e["truth"] == "scenario"],
        "launches": {TRUTH_WORDS[k]: v["launches"] for k, v in told["launches"].items()},
        "figures": {
            f"{e['truth']} {e['predictor']} {e['epoch']} {e['phase']}": {
                "value": e["inside"], "low": e["low"], "high": e["high"], "count": e["n"],
            }
            for e in told["coverage"]
        },
    }  # fmt: skip


def _row(e: Mapping[str, Any]) -> dict[str, str]:
    return {
        "truth": TRUTH_WORDS[e["truth"]],
        "predictor": PREDICTOR_WORDS[e["predictor"]],
        "epoch": EPOCH_WORDS[e["epoch"]],
        "phase": PHASE_WORDS[e["phase"]],
        "n": number(e["n"]),
        "inside": _percent(e["inside"]),
        "interval": f"{_percent(e['low'])} to {_percent(e['high'])}",
        "area": number(e["area_km2"]),
        "miss": number(e["miss_km"]),
    }


def _difference(e: Mapping[str, Any]) -> dict[str, str]:
    return {
        "phase": PHASE_WORDS[e["phase"]],
        "states": number(e["states"]),
        "km": " / ".join(number(v) for v in e["apart_km"]),
        "p": " / ".join(f"{v:.3f}" for v in e["apart_p"]),
    }


def _brier(e: Mapping[str, Any]) -> dict[str, str]:
    return {
        "predictor": PREDICTOR_WORDS[e["predictor"]],
        "epoch": EPOCH_WORDS[e["epoch"]],
        "brier": f"{e['brier']:.3f}",
        "without": f"{e['brier_without_forecast']:.3f}",
    }


def _percent(value: float) -> str:
    return f"{100.0 * value:.0f}\u00a0%"


def _sentence(told: Mapping[str, Any], say: Tongue, *, shipped: bool) -> str:
    """Coverage of the launches of its scenario by phase, the fast predictor, first the best known."""
    scenario = told["scenario"]
    found = [
        e
        for e in told["coverage"]
        if (e["truth"], e["predictor"]) == ("scenario", "fast")
        and e["phase"] != "all"
        and e["epoch"] != "last"
        and e["n"] >= LEAST_N
    ]
    if say.language == "ja":
        once = f"この計算とは別に、{scenario}で一度だけ較正した。" if shipped else ""
        return f"{once}{scenario}の発射のうち、90％が入るはずの範囲に入った割合：" + "、".join(
            f"{say(PHASE_WORDS[e['phase']])}の弾の{say(EPOCH_WORDS[e['epoch']])}で{_percent(e['inside'])}"
            f"（{_percent(e['low'])}～{_percent(e['high'])}、{number(e['area_km2'])} km²）"
            for e in found
        ) + "。"  # fmt: skip
    parts = [
        f"{EPOCH_WORDS[e['epoch']]} of a {PHASE_WORDS[e['phase']]} body {_percent(e['inside'])} "
        f"({_percent(e['low'])} to {_percent(e['high'])}; {number(e['area_km2'])} km²)"
        for e in found
    ]
    once = f"Calibrated once on {scenario}, not on this run. " if shipped else ""
    return (
        f"{once}Of the launches of {scenario}, the region meant to hold 90 % held: "
        f"{'; '.join(parts)}."
    )


def reliability_figure(summary: Mapping[str, Any] | None = None, threshold: float = 0.01) -> Any:
    """Reliability diagram: a panel a kind of truth, a line an epoch and predictor."""
    from matplotlib import pyplot as plt

    told = committed() if summary is None else summary
    known = {e["truth"] for e in told["reliability"]}
    truths = [t for t in TITLES if t in known]
    figure, panels = plt.subplots(
        2, len(truths), sharex=True, sharey=True, figsize=(3.2 * len(truths), 6.6),
        layout="constrained", squeeze=False,
    )  # fmt: skip
    ticks = [0.003, 0.01, 0.03, 0.1, 0.3, 1.0]
    for row, predictor in zip(panels, PREDICTOR_WORDS, strict=True):
        for axes, truth in zip(row, truths, strict=True):
            axes.plot([5e-4, 1.0], [5e-4, 1.0], color="#999999", lw=0.8)
            axes.axvline(threshold, color="#999999", lw=0.8, ls=(0, (4, 3)))
            for e in told["reliability"]:
                if (e["truth"], e["predictor"]) == (truth, predictor):
                    _line(axes, e)
            axes.set_xscale("symlog", linthresh=0.003, linscale=0.4)
            axes.set_yscale("symlog", linthresh=0.003, linscale=0.4)
            axes.set_xlim(0.0, 1.3)
            axes.set_ylim(-0.0006, 1.3)
            axes.set_xticks(ticks, [f"{t:g}" for t in ticks])
            axes.set_yticks([0.0, *ticks], ["0", *(f"{t:g}" for t in ticks)])
            axes.minorticks_off()
        row[0].set_ylabel(f"share hit, {predictor} predictor")
    for axes, truth in zip(panels[0], truths, strict=True):
        axes.set_title(TITLES[truth], fontsize=10)
    for axes in panels[1]:
        axes.set_xlabel("probability stated")
    handles = [
        plt.Line2D([], [], color=c, marker=m, lw=1.2, ms=5, label=EPOCH_WORDS[k])
        for k, (c, m) in STYLES.items()
    ]
    figure.legend(handles=handles, loc="outside lower center", ncol=3, frameon=False, fontsize=9)
    return figure


STYLES: Final = {
    "first": ("#D55E00", "o"),
    "first + 60 s": ("#0072B2", "s"),
    "first + 180 s": ("#009E73", "^"),
    "half way": ("#CC79A7", "D"),
    "last": ("#555555", "v"),
}
TITLES: Final = {
    "prior": "from the forecast's own assumptions",
    "scenario": "launches of its scenario",
    "worst": "worst cases",
}


def _line(axes: Any, entry: Mapping[str, Any]) -> None:
    """One epoch; intervals stand beside each other."""
    colour, marker = STYLES[entry["epoch"]]
    shift = 0.94 + 0.03 * list(STYLES).index(entry["epoch"])
    bins = [b for b in entry["bins"] if b["n"] >= LEAST_N]
    axes.errorbar(
        [b["stated"] * shift for b in bins],
        [b["hit"] for b in bins],
        yerr=[
            [max(0.0, b["hit"] - b["low"]) for b in bins],
            [max(0.0, b["high"] - b["hit"]) for b in bins],
        ],
        color=colour, lw=1.2, marker=marker, ms=4.5, elinewidth=0.8,
    )  # fmt: skip

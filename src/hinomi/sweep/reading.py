"""From the table of a run to answers: values at points, curves along an axis, indices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from hinomi.records.columns import Floats
from hinomi.settings.chain import told_name
from hinomi.settings.target import Target, finite, within_limits
from hinomi.study.checks import EXPECTED, KILLS
from hinomi.study.statistics import Interval, t_interval
from hinomi.study.summary import mean_interval
from hinomi.sweep import indices
from hinomi.sweep.ask import Answered
from hinomi.sweep.axis import Axis, Value
from hinomi.sweep.design import MORRIS, SOBOL, Design

BINS: Final = 5  # parts of a range that is not stepped
CHANCE: Final = "settings differ by no more than chance between raids (-n for more)"
SMOOTHED: Final = ("leakers",)  # figures whose chance of kills is averaged out for indices


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One setting of one axis, or one part of its range: mean over all settings of the others."""

    setting: Value
    value: Interval
    change: Interval  # against the mean over the whole design, raid by raid
    points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Indices:
    """Indices of one figure of one target."""

    of: Mapping[str, indices.Index]
    rows: int  # trajectories or rows that are whole
    raids: int  # in which the figure is finite at every one of them
    why: str = ""  # there is no index


def outcome(found: Answered, target: Target, name: str, *, smooth: bool = False) -> Floats:
    """(P, R) figure at every point and raid; NaN where it is not defined or was not computed.

    `smooth` replaces the kills that were drawn by their probabilities: the difference of the two
    has mean zero whatever was decided after it, so means stay and chance shrinks.
    """
    rows = []
    for point in found.question.scene.points:
        value = target.of(found.found, name, point.name)
        if smooth and name in SMOOTHED:
            value = value + _drawn(found, target.top, point.name)
            if target.bottom:
                value = value - _drawn(found, target.bottom, point.name)
        rows.append(value)
    return np.array(rows)


def _drawn(found: Answered, architecture: str, point: str) -> Floats:
    """(R,) kills that were drawn minus what was to be expected of the same salvos."""
    name = told_name(architecture, point)
    kills: Floats = found.found.of(name, KILLS) - found.found.of(name, EXPECTED)
    return kills


def interval(values: Floats, target: Target, name: str) -> Interval:
    """Mean over raids with its 95 % interval; raids in which it is not finite are left out."""
    return within_limits(mean_interval(name, finite(values)), target, name)


def difference(there: Floats, here: Floats) -> Interval:
    """Paired change, raid by raid."""
    whole = np.isfinite(there) & np.isfinite(here)
    return t_interval(there[whole] - here[whole])


def curve(design: Design, k: int, y: Floats, target: Target, name: str) -> list[Step]:
    """Response to one axis: every level, or equal parts of its range.

    Settings are compared on the same raids: one whose figure is not finite at some setting is left
    out at all of them; a setting without any finite figure is left out itself.
    """
    axis = design.axes[k]
    there = np.isfinite(y).any(axis=1)
    y = np.where(np.isfinite(y[there]).all(axis=0), y, np.nan)
    groups = _groups(axis, [s[k] for s in design.settings], stepped=design.name == MORRIS)
    overall = _mean(y)
    out = []
    for setting, members in groups:
        here = _mean(y[members])
        out.append(
            Step(
                setting=setting,
                value=interval(here, target, name),
                change=difference(here, overall),
                points=len(members),
            )
        )
    return out


def _groups(
    axis: Axis, settings: Sequence[Value], *, stepped: bool
) -> list[tuple[Value, list[int]]]:
    if axis.values or stepped:
        levels = axis.values or tuple(sorted(set(settings)))
        found = [(v, [i for i, s in enumerate(settings) if s == v]) for v in levels]
    else:
        width = (axis.high - axis.low) / BINS
        place = [min(int((float(s) - axis.low) / width), BINS - 1) for s in settings]
        parts = [[i for i, p in enumerate(place) if p == b] for b in range(BINS)]
        # where the settings are, not the middle of the part
        found = [(float(np.mean([settings[i] for i in m])), m) for m in parts if m]
    return [(v, members) for v, members in found if members]


def _mean(y: Floats) -> Floats:
    """(R,) mean over the points at which a raid's figure is finite."""
    whole = np.isfinite(y)
    count = whole.sum(axis=0)
    total = np.where(whole, y, 0.0).sum(axis=0)
    with np.errstate(invalid="ignore"):
        mean: Floats = np.where(count > 0, total / np.maximum(count, 1), np.nan)
    return mean


def indices_of(found: Answered, target: Target, name: str) -> Indices | None:
    """Indices of a figure, where the design has them; rows with a failed point are left out."""
    design = found.question.design
    if design.name not in (MORRIS, SOBOL):
        return None
    keys = len(design.axes)
    block = keys + (2 if design.name == SOBOL else 1)
    y = outcome(found, target, name, smooth=True)
    failed = np.array([p.name in found.failed for p in found.question.scene.points])
    rows = np.flatnonzero(~failed.reshape(design.size, block).any(axis=1))
    picked = (rows[:, None] * block + np.arange(block)).ravel()
    y = y[picked]
    raids = np.isfinite(y).all(axis=0)
    y = y[:, raids]
    counts = {"rows": len(rows), "raids": int(raids.sum())}
    least = indices.LEAST_ROWS if design.name == SOBOL else 2
    if len(rows) < least:
        why = f"{len(rows)} whole rows of the design, {least} are needed (--points {least * block})"
        return Indices(of={}, why=why, **counts)
    if not raids.any():
        return Indices(of={}, why="no raid has the figure at every setting", **counts)
    told = (
        indices.sobol(y, len(rows), keys)
        if design.name == SOBOL
        else indices.morris(y, design.shares[picked], len(rows), keys)
    )
    defined = not any(np.isnan(index.value).any() for index in told.values())
    return Indices(of=told, why="" if defined else CHANCE, **counts)


def main_effects(curves: Mapping[str, Any], axes: Sequence[Axis]) -> list[str]:
    """Keys in the order of what the ends of their range change; keys of threats are not in it."""
    size = {}
    for axis in axes:
        steps = curves[axis.key]
        if axis.threat or len(steps) < 2:
            continue
        ends = [steps[0]["change"]["value"], steps[-1]["change"]["value"]]
        size[axis.key] = max((abs(e) for e in ends if e is not None), default=0.0)
    return sorted(size, key=lambda key: -size[key])  # stable: as asked where equal

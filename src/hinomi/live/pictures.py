"""The pictures of the alerting centre at one time of the scenario clock.

Pure: the same links as in the study, on what has been measured by then; a row is shown once the
last report that its track has used is there. So a late report holds its own track back and nothing
else, whatever the order of arrival, which is what the study takes a picture to be.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, fields, replace
from typing import Any, Final

import numpy as np

from hinomi.live.source import STRIDE, Followed, Fused, Passed, Recipe, Source
from hinomi.records.columns import Floats
from hinomi.records.plots import Plots
from hinomi.records.tracks import MODES, Tracks
from hinomi.track.follow import follow
from hinomi.track.fuse import fuse
from hinomi.warn.heard import PER_ROW, launch_events

PER_PLOT: Final = tuple(f.name for f in fields(Plots) if f.name not in ("sensors", "owners"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What one source shows at a time: its rows, in its own numbers."""

    name: str
    event: bool
    tracks: Tracks


def measured(plots: Plots, t_s: float) -> Plots:
    """Reports measured by a time; `plots` are in order of measurement."""
    count = int(np.searchsorted(plots.t_s, t_s, side="right"))
    if count == len(plots.t_s):
        return plots
    columns: dict[str, Any] = {n: getattr(plots, n)[:count] for n in PER_PLOT}
    return replace(plots, **columns)


def arrived(source: Source, t_s: float) -> tuple[int, int, float]:
    """Reports there, reports on their way, and the longest that one has been on its way [s]."""
    there = waiting = 0
    longest = 0.0
    for recipe in source.recipes:
        for part in _plots_of(recipe):
            seen = measured(part, t_s)
            late = seen.t_available_s > t_s
            there += int((~late).sum())
            waiting += int(late.sum())
            if late.any():
                longest = max(longest, float(t_s - seen.t_s[late].min()))
    return there, waiting, longest


def _plots_of(recipe: Recipe) -> tuple[Plots, ...]:
    if isinstance(recipe, Followed):
        return (recipe.plots,)
    if isinstance(recipe, Passed):
        return (recipe.of.plots,)
    return (recipe.own.plots, *(part.plots for part, _ in recipe.others))


def shown(source: Source, t_s: float, *, threads: Executor | None = None) -> tuple[Shown, ...]:
    """Every source of the centre at a time; `threads` follow several of them at once."""
    parts: dict[int, Followed] = {}
    for recipe in source.recipes:
        for part in _followed(recipe):
            parts.setdefault(id(part.plots), part)
    run = map if threads is None else threads.map
    made = run(lambda part: _follow(source, part, t_s), parts.values())
    tracks = dict(zip(parts, made, strict=True))
    return tuple(_show(recipe, tracks, source, t_s) for recipe in source.recipes)


def _followed(recipe: Recipe) -> tuple[Followed, ...]:
    if isinstance(recipe, Followed):
        return (recipe,)
    if isinstance(recipe, Passed):
        return (recipe.of,)
    return (recipe.own, *(part for part, _ in recipe.others))


def _follow(source: Source, part: Followed, t_s: float) -> Tracks:
    plots = measured(part.plots, t_s)
    if source.tracker is None:
        made = follow(plots, settings=source.settings, picture=part.name, sensors=source.sensors)
    else:
        made = source.tracker(plots, settings=source.settings, picture=part.name)
    return until(made, t_s)  # it goes on to the end of every track


def _show(recipe: Recipe, tracks: Mapping[int, Tracks], source: Source, t_s: float) -> Shown:
    if isinstance(recipe, Followed):
        return Shown(name=recipe.name, event=False, tracks=there(tracks[id(recipe.plots)], t_s))
    if isinstance(recipe, Passed):
        events = launch_events(
            there(tracks[id(recipe.of.plots)], t_s), relay_s=recipe.relay_s, picture=recipe.name
        )
        return Shown(name=recipe.name, event=True, tracks=there(events, t_s))
    return Shown(
        name=recipe.name, event=False, tracks=there(_fused(recipe, tracks, source, t_s), t_s)
    )


def _fused(recipe: Fused, tracks: Mapping[int, Tracks], source: Source, t_s: float) -> Tracks:
    """Fuse what the last whole step holds: within a step the newest row is not known yet."""
    step = source.settings.fuse_every_s
    last_s = float(np.floor(t_s / step) * step)
    made = until(tracks[id(recipe.own.plots)], last_s)
    for part, delay in recipe.others:
        foreign = until(tracks[id(part.plots)], last_s)
        made = fuse(
            made, foreign, foreign_delay_s=delay,
            settings=source.settings, picture=recipe.name,
        )  # fmt: skip
    return made


def there(tracks: Tracks, t_s: float) -> Tracks:
    """Rows that are there by a time: no row of a track comes before an earlier one of it."""
    ready = tracks.t_available_s <= t_s
    if ready.all():
        return tracks
    order = np.lexsort((tracks.t_s, tracks.track))
    held = ~ready[order]
    start = np.concatenate(([True], np.diff(tracks.track[order]) != 0))
    run = np.cumsum(held)
    before = np.maximum.accumulate(np.where(start, run - held, 0))
    keep = np.empty(len(ready), np.bool_)
    keep[order] = run == before
    return rows_of(tracks, keep)


def until(tracks: Tracks, t_s: float) -> Tracks:
    """Rows valid by a time, without copying: they are in order of time."""
    count = int(np.searchsorted(tracks.t_s, t_s, side="right"))
    columns: dict[str, Any] = {n: getattr(tracks, n)[:count] for n in PER_ROW}
    return replace(tracks, **columns)


def rows_of(tracks: Tracks, keep: np.ndarray[Any, Any]) -> Tracks:
    """Some rows of a picture."""
    if keep.all():
        return tracks
    columns: dict[str, Any] = {n: getattr(tracks, n)[keep] for n in PER_ROW}
    return replace(tracks, **columns)


def joined(parts: tuple[Shown, ...]) -> Tracks:
    """Rows of all sources as the rule reads them, numbered on by STRIDE; states are left blank."""
    columns: dict[str, Any] = {
        n: np.concatenate([getattr(p.tracks, n) for p in parts])
        for n in PER_ROW if n not in ("mean", "cov", "mode")
    }  # fmt: skip
    number: Floats = np.repeat(np.arange(len(parts)), [len(p.tracks.t_s) for p in parts])
    columns["track"] = (columns["track"] + number * STRIDE).astype(np.int32)
    columns["plot"] = np.full(len(number), -1, np.int32)
    order = np.lexsort((columns["track"], columns["t_s"]))
    ordered = {n: c[order] for n, c in columns.items()}
    return replace(parts[0].tracks, **ordered, **blank(len(order)))


def blank(rows: int) -> dict[str, Any]:
    """States of no meaning, for those who read times and marks alone."""
    return {
        "mean": np.zeros((rows, 9)), "cov": np.zeros((rows, 9, 9)),
        "mode": np.zeros((rows, len(MODES))),
    }  # fmt: skip

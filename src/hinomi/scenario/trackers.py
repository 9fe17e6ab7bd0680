"""Trackers by name: those of hinomi and those that other packages register.

A package registers one under the entry-point group `hinomi.trackers`; the name is what a user
types, the object anything that `hinomi.track.tracker.Tracker` describes.
"""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from typing import Any, Final, final

import numpy as np

from hinomi.errors import HinomiError, ScenarioError, stop_behind
from hinomi.extras import need_extra
from hinomi.records.plots import Plots
from hinomi.records.tracks import DROPPED, TENTATIVE, Tracks, TrackSettings
from hinomi.scenario.mistakes import nearest
from hinomi.track.tracker import Tracker, without_truth

GROUP: Final = "hinomi.trackers"
DEFAULT: Final = "hinomi"
# The same as in the project's own metadata, so that a source tree has them too.
OWN: Final = {
    DEFAULT: "hinomi.track.follow:follow",
    "stonesoup-cv": "hinomi.benchmark.stonesoup_cv:follow",
}
EXTRAS: Final = {"stonesoup-cv": "stonesoup"}  # extra, and its module of the same name


class TrackerError(HinomiError):
    """A tracker failed, or returned what are no tracks (exit code 2)."""


@dataclass(frozen=True, slots=True)
class Registered:
    """One name under which a tracker can be asked for."""

    name: str
    target: str  # module:object
    package: str  # who registered it


def trackers() -> dict[str, Registered]:
    """Every tracker that is registered, by name; nothing is imported.

    Raises
    ------
    ScenarioError
        when two packages register different trackers under one name.
    """
    found = {name: Registered(name, target, "hinomi") for name, target in OWN.items()}
    for point in sorted(entry_points(group=GROUP), key=lambda p: (p.name, p.value)):
        new = Registered(point.name, point.value, point.dist.name if point.dist else "unknown")
        old = found.setdefault(point.name, new)
        if old.target != new.target:
            raise ScenarioError(
                f"two trackers are called {point.name!r}: {old.target} of {old.package} and "
                f"{new.target} of {new.package}; uninstall one, or rename it in its package"
            )
    return found


def known_tracker(name: str) -> None:
    """Refuse a name under which no tracker can be had; nothing is imported.

    Raises
    ------
    ScenarioError
        for an unknown name, with those that are known, and for one whose extra is missing.
    """
    if name in OWN:
        if name in EXTRAS:
            need_extra(EXTRAS[name], EXTRAS[name], who=f"the tracker {name}")
        return
    known = trackers()
    if name not in known:
        near = nearest(name, known)
        tail = f"; did you mean {near!r}?" if near else ""
        raise ScenarioError(f"no tracker {name!r}: there are {', '.join(sorted(known))}{tail}")


def tracker(name: str) -> Checked:
    """Import a tracker by its name; what it returns is checked at every call.

    Raises
    ------
    ScenarioError
        for an unknown name, with those that are known.
    TrackerError
        when it cannot be imported or cannot be called.
    """
    known_tracker(name)
    return Checked(name=name, function=_load(trackers()[name]))


def checked(function: Tracker) -> Checked:
    """Any tracker, with what it returns checked at every call."""
    return Checked(name=getattr(function, "__name__", type(function).__name__), function=function)


def _load(chosen: Registered) -> Any:
    who = f"tracker {chosen.name!r} ({chosen.target} of {chosen.package})"
    try:
        found = EntryPoint(chosen.name, chosen.target, GROUP).load()
    except HinomiError:
        raise
    except Exception as error:  # an import may fail in any way
        raise TrackerError(
            f"{who} cannot be imported: {type(error).__name__}: {error}; install what it needs, "
            "or choose another"
        ) from error
    if not callable(found):
        raise TrackerError(
            f"{who} is a {type(found).__name__}, which cannot be called; an entry point must name "
            "a function of (plots, *, settings, picture)"
        )
    return found


@final
@dataclass(frozen=True, slots=True)
class Checked:
    """A tracker that is not trusted: it sees no truth, and what it returns is looked at."""

    name: str
    function: Tracker

    def __call__(self, plots: Plots, *, settings: TrackSettings, picture: str) -> Tracks:
        """Track the plots.

        Raises
        ------
        TrackerError
            when the tracker raises, or returns what are no tracks of these plots.
        """
        try:
            tracks = self.function(without_truth(plots), settings=settings, picture=picture)
        except HinomiError:
            raise
        except Exception as error:  # a foreign tracker may raise anything
            stop = stop_behind(error)
            if stop is not None:
                raise stop from None
            where = traceback.extract_tb(error.__traceback__)[-1]
            raise TrackerError(
                f"tracker {self.name!r} failed on {picture!r}: {type(error).__name__}: {error} "
                f"({where.filename}, line {where.lineno})"
            ) from error
        wrong = mistake(tracks, plots)
        if wrong:
            raise TrackerError(f"tracker {self.name!r} on {picture!r}: {wrong}")
        return tracks


def mistake(tracks: object, plots: Plots) -> str | None:
    """Say what keeps an object from being tracks of these plots; None where nothing does."""
    if not isinstance(tracks, Tracks):
        return f"it returned a {type(tracks).__name__}; it must return hinomi.records.tracks.Tracks"
    n = len(plots.t_s)
    if tracks.plots != n:
        return f"its tracks say that {tracks.plots} plots were offered, but it was given {n}"
    columns: Mapping[str, Any] = {
        "t_s": tracks.t_s, "t_available_s": tracks.t_available_s, "mean": tracks.mean,
        "cov": tracks.cov, "mode": tracks.mode,
    }  # fmt: skip
    for name, values in columns.items():
        bad = ~np.isfinite(values).all(axis=tuple(range(1, values.ndim)))
        if bad.any():
            row = int(np.flatnonzero(bad)[0])
            return f"{name} of {int(bad.sum())} rows is not finite, first in row {row}"
    limits = {
        "track": (tracks.track, 0, np.iinfo(np.int32).max),
        "plot": (tracks.plot, -1, n - 1),
        "status": (tracks.status, TENTATIVE, DROPPED),
    }
    for name, (values, low, high) in limits.items():
        bad = (values < low) | (values > high)
        if bad.any():
            row = int(np.flatnonzero(bad)[0])
            return f"{name} of row {row} is {int(values[row])}; it must lie in {low}..{high}"
    if (np.diagonal(tracks.cov[:, :6, :6], axis1=1, axis2=2) < 0.0).any():
        return "a variance of position or velocity is negative"
    return None

"""Columns of the set's tables and of tracks, and the records behind them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations_with_replacement
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hinomi.errors import FolderError
from hinomi.records.columns import Floats, Ints
from hinomi.records.flights import PHASES, Flights
from hinomi.records.plots import Plots
from hinomi.records.tracks import CONFIRMED, Tracks

AXES: Final = ("x", "y", "z", "vx", "vy", "vz")
STATE: Final = ("x_m", "y_m", "z_m", "vx_mps", "vy_mps", "vz_mps")
SITE: Final = ("site_x_m", "site_y_m", "site_z_m")
LOS: Final = ("los_x", "los_y", "los_z")
MEASURED: Final = (
    "range_m", "sigma_range_m", "sigma_los_rad", "snr_db", "range_rate_mps", "sigma_range_rate_mps",
)  # fmt: skip
PLOT_COLUMNS: Final = (
    "seed", "plot", "t_s", "t_available_s", "sensor", "owner", *SITE, *LOS, *MEASURED,
)  # fmt: skip
PAIRS: Final = tuple(combinations_with_replacement(range(6), 2))
_UNITS: Final = {0: "m2", 1: "m2_s", 2: "m2_s2"}
COVARIANCE: Final = tuple(
    f"cov_{AXES[i]}_{AXES[j]}_{_UNITS[(i >= 3) + (j >= 3)]}" for i, j in PAIRS
)
TRACK_COLUMNS: Final = ("case", "seed", "t_s", "track", *STATE)  # what a table of tracks must have


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackTable:
    """Rows of tracks of one realisation, by time then track."""

    t_s: Floats  # (K,)
    track: Ints  # (K,) numbered from 0
    state: Floats  # (K, 6) m, m/s, Earth-fixed
    cov: Floats | None  # (K, 6, 6), None where no covariance was given


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """True states of one realisation, each whole second, and what caused each plot."""

    bodies: tuple[str, ...]
    kinds: tuple[str, ...]
    body: Ints  # (N,) index into bodies
    t_s: Floats  # (N,)
    state: Floats  # (N, 6) m, m/s, Earth-fixed
    plot_body: Ints  # (P,) body of each plot, -1 for a false one


def plot_columns(plots: Plots, seed: int) -> dict[str, Any]:
    """Columns of the plots of one realisation; nothing in them tells the body."""
    n = len(plots.t_s)
    out: dict[str, Any] = {
        "seed": np.full(n, seed, np.int32),
        "plot": np.arange(n, dtype=np.int32),
        "t_s": plots.t_s,
        "t_available_s": plots.t_available_s,
        "sensor": np.array(plots.sensors, dtype=object)[plots.sensor].tolist(),
        "owner": np.array(plots.owners, dtype=object)[plots.sensor].tolist(),
    }
    out |= {name: plots.site_m[:, i] for i, name in enumerate(SITE)}
    out |= {name: plots.los[:, i] for i, name in enumerate(LOS)}
    return out | {name: getattr(plots, name) for name in MEASURED}


def plots_from(table: pa.Table, sensors: Sequence[Mapping[str, str]]) -> Plots:
    """Plots of one realisation from its rows; `body` is blank."""
    names = tuple(s["name"] for s in sensors)
    number = {name: i for i, name in enumerate(names)}
    column = {name: table[name].to_numpy() for name in PLOT_COLUMNS if name not in _TEXT}
    return Plots(
        sensors=names,
        owners=tuple(s["owner"] for s in sensors),
        t_s=column["t_s"],
        t_available_s=column["t_available_s"],
        sensor=np.array([number[s] for s in table["sensor"].to_pylist()], np.int32),
        site_m=np.stack([column[c] for c in SITE], axis=1),
        los=np.stack([column[c] for c in LOS], axis=1),
        body=np.full(table.num_rows, -1, np.int32),
        **{name: column[name] for name in MEASURED},
    )


_TEXT: Final = ("sensor", "owner")


def truth_columns(flights: Flights, seed: int) -> dict[str, Any]:
    """Columns of the true states of one realisation: a row a body and whole second of its life."""
    body, second = np.nonzero(np.isfinite(flights.r_m[:, :, 0]))
    out: dict[str, Any] = {
        "seed": np.full(len(body), seed, np.int32),
        "body": [flights.bodies[b] for b in body],
        "kind": [flights.kinds[b] for b in body],
        "phase": [PHASES[p] for p in flights.phase[body, second]],
        "t_s": flights.t_s[second],
        "height_m": flights.height_m[body, second],
    }
    state = np.concatenate([flights.r_m, flights.v_mps], axis=2)[body, second]
    return out | {name: state[:, i] for i, name in enumerate(STATE)}


def cause_columns(flights: Flights, plots: Plots, seed: int) -> dict[str, Any]:
    """Columns that tell the body behind each plot; empty text where nothing is there."""
    n = len(plots.t_s)
    return {
        "seed": np.full(n, seed, np.int32),
        "plot": np.arange(n, dtype=np.int32),
        "body": [flights.bodies[b] if b >= 0 else "" for b in plots.body],
    }


def truth_from(states: pa.Table, causes: pa.Table) -> Truth:
    """Truth of one realisation from its rows."""
    names = states["body"].to_pylist()
    bodies = tuple(dict.fromkeys(names))
    kinds = dict(zip(names, states["kind"].to_pylist(), strict=True))
    number = {name: i for i, name in enumerate(bodies)} | {"": -1}
    return Truth(
        bodies=bodies,
        kinds=tuple(kinds[b] for b in bodies),
        body=np.array([number[b] for b in names], np.int32),
        t_s=states["t_s"].to_numpy(),
        state=np.stack([states[c].to_numpy() for c in STATE], axis=1),
        plot_body=np.array([number.get(b, -1) for b in causes["body"].to_pylist()], np.int32),
    )


def track_columns(tracks: Tracks, case: str, seed: int) -> dict[str, Any]:
    """Columns of the confirmed rows of a tracker's answer to one realisation."""
    rows = np.flatnonzero(tracks.status == CONFIRMED)
    out: dict[str, Any] = {
        "case": [case] * len(rows),
        "seed": np.full(len(rows), seed, np.int32),
        "t_s": tracks.t_s[rows],
        "t_available_s": tracks.t_available_s[rows],
        "track": tracks.track[rows],
    }
    out |= {name: tracks.mean[rows, i] for i, name in enumerate(STATE)}
    return out | {
        name: tracks.cov[rows, i, j] for name, (i, j) in zip(COVARIANCE, PAIRS, strict=True)
    }


def tracks_from(table: pa.Table, *, seed: int, where: str) -> TrackTable:
    """Tracks of one realisation from the rows of a table that `check_tracks` has passed."""
    rows = table.filter(pc.equal(table["seed"], seed))
    numbers, track = np.unique(rows["track"].to_numpy(), return_inverse=True)
    t_s = rows["t_s"].to_numpy().astype(np.float64)
    order = np.lexsort((track, t_s))
    state = np.stack([rows[c].to_numpy() for c in STATE], axis=1).astype(np.float64)
    cov = None
    if COVARIANCE[0] in rows.column_names and rows.num_rows:
        cov = np.empty((rows.num_rows, 6, 6))
        for name, (i, j) in zip(COVARIANCE, PAIRS, strict=True):
            cov[:, i, j] = cov[:, j, i] = rows[name].to_numpy()
        least = np.linalg.eigvalsh(cov)[:, 0]
        if (least <= 0.0).any():
            row = int(np.flatnonzero(least <= 0.0)[0])
            raise FolderError(
                f"{where}: the covariance of track {numbers[track[row]]} at {t_s[row]:g} s, seed "
                f"{seed}, is not positive definite; leave the covariance columns out, or mend it"
            )
        cov = cov[order]
    twice = (np.diff(t_s[order]) == 0.0) & (np.diff(track[order]) == 0)
    if twice.any():
        row = order[int(np.flatnonzero(twice)[0])]
        raise FolderError(
            f"{where}: track {numbers[track[row]]} has two rows at {t_s[row]:g} s, seed {seed}; "
            "a track has one state at a time"
        )
    return TrackTable(
        t_s=t_s[order], track=track[order].astype(np.int32), state=state[order], cov=cov
    )

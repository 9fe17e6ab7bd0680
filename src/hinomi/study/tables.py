"""Records turned into columns with units in their names, ready for Parquet."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np

from hinomi.earth.wgs84 import geodetic_from_ecef
from hinomi.records.alerts import MESSAGES, ROUTES, Alerts, Warned
from hinomi.records.engagements import REASONS, Engagements
from hinomi.records.flights import PHASES, Flights
from hinomi.records.ledger import Ledger
from hinomi.records.places import Places
from hinomi.records.plots import Plots
from hinomi.records.tracks import GRADES, MODES, Forecasts, Tracks

Columns: TypeAlias = dict[str, Any]
LazyColumns: TypeAlias = Callable[[], Columns]
AXES = ("x_m", "y_m", "z_m", "vx_mps", "vy_mps", "vz_mps")


def names(index: Any, texts: Sequence[str], missing: str = "") -> list[str]:
    """Texts at these indices; negative indices give `missing`."""
    return [texts[i] if i >= 0 else missing for i in np.asarray(index).tolist()]


def geodetic(r_m: Any) -> tuple[Any, Any, Any]:
    """Latitude, longitude [deg] and height [m] of Earth-fixed points (N, 3)."""
    rows = [geodetic_from_ecef(*r) for r in np.asarray(r_m)]
    out = np.array(rows).reshape(-1, 3)
    return np.degrees(out[:, 0]), np.degrees(out[:, 1]), out[:, 2]


def flight_columns(flights: Flights) -> Columns:
    """One row per body and second while it exists."""
    body, second = np.nonzero(np.isfinite(flights.r_m[:, :, 0]))
    lat, lon, height = geodetic(flights.r_m[body, second])
    return {
        "body": names(body, flights.bodies),
        "t_s": flights.t_s[second],
        **{a: flights.r_m[body, second, i] for i, a in enumerate(AXES[:3])},
        **{a: flights.v_mps[body, second, i] for i, a in enumerate(AXES[3:])},
        "lat_deg": lat,
        "lon_deg": lon,
        "h_m": height,
        "phase": names(flights.phase[body, second], PHASES),
    }


def plot_columns(plots: Plots, bodies: Sequence[str]) -> Columns:
    """One row per plot; `body` is truth, there for scoring only."""
    return {
        "sensor": names(plots.sensor, plots.sensors),
        "owner": names(plots.sensor, plots.owners),
        "t_s": plots.t_s,
        "t_available_s": plots.t_available_s,
        "snr_db": plots.snr_db,
        "los_x": plots.los[:, 0],
        "los_y": plots.los[:, 1],
        "los_z": plots.los[:, 2],
        "range_m": plots.range_m,
        "sigma_los_rad": plots.sigma_los_rad,
        "sigma_range_m": plots.sigma_range_m,
        "body": names(plots.body, bodies, "false"),
    }


def track_columns(tracks: Tracks) -> Columns:
    """One row per update of a track."""
    return {
        "picture": [tracks.picture] * len(tracks.t_s),
        "track": tracks.track,
        "t_s": tracks.t_s,
        "t_available_s": tracks.t_available_s,
        **{a: tracks.mean[:, i] for i, a in enumerate(AXES)},
        "position_sigma_m": np.sqrt(np.trace(tracks.cov[:, :3, :3], axis1=1, axis2=2)),
        "velocity_sigma_mps": np.sqrt(np.trace(tracks.cov[:, 3:6, 3:6], axis1=1, axis2=2)),
        **{f"p_{mode}": tracks.mode[:, i] for i, mode in enumerate(MODES)},
        "status": names(tracks.status, ("tentative", "confirmed", "dropped")),
        "track_grade": names(tracks.grade, GRADES),
    }


def forecast_columns(forecasts: Forecasts) -> Columns:
    """One row per forecast and unit with any probability, so that the table stays small."""
    row, unit = np.nonzero((forecasts.p_hit > 0) | (forecasts.p_over > 0))
    return {
        "picture": [forecasts.picture] * len(row),
        "track": forecasts.track[row],
        "t_s": forecasts.t_s[row],
        "t_available_s": forecasts.t_available_s[row],
        "unit": names(unit, forecasts.units),
        "p_hit": forecasts.p_hit[row, unit],
        "p_over": forecasts.p_over[row, unit],
        "end_lat_deg": forecasts.end_lat_deg[row],
        "end_lon_deg": forecasts.end_lon_deg[row],
        "end_t_s": forecasts.end_t_s[row],
        "end_t_low_s": forecasts.end_t_low_s[row],
        "end_t_high_s": forecasts.end_t_high_s[row],
        "end_cov_ee_km2": forecasts.end_cov_km2[row, 0],
        "end_cov_nn_km2": forecasts.end_cov_km2[row, 1],
        "end_cov_en_km2": forecasts.end_cov_km2[row, 2],
        "spread_km": forecasts.spread_km[row],
    }


def alert_columns(alerts: Alerts, joined: Mapping[int, int], bodies: Sequence[str]) -> Columns:
    """One row per message."""
    return {
        "alert": np.arange(len(alerts.track)),
        "status": [alerts.status] * len(alerts.track),
        "kind": names(alerts.kind, MESSAGES),
        "route": names(alerts.route, ROUTES),
        "track": alerts.track,
        "body": [
            bodies[b] if (b := joined.get(int(t), -1)) >= 0 else "false" for t in alerts.track
        ],
        "t_ready_s": alerts.t_ready_s,
        "t_issue_s": alerts.t_issue_s,
        "units": [
            "; ".join(u for u, c in zip(alerts.units, row, strict=True) if c)
            for row in alerts.covers
        ],
    }


def warned_columns(warned: Warned, places: Places, bodies: Sequence[str]) -> Columns:
    """One row per body and place that needed a warning."""
    return {
        "body": names(warned.body, bodies),
        "place_code": names(warned.place, places.code),
        "hit": warned.hit.astype(bool),
        "overflown": warned.overflown.astype(bool),
        "predicted": warned.predicted,
        "t_arrive_s": warned.t_arrive_s,
        "t_received_s": warned.t_received_s,
        "lead_s": warned.lead_s,
        "population": warned.population,
        "visitors": warned.visitors,
        "knew": warned.knew,
        "sheltered": warned.sheltered,
        "moved": warned.moved,
        "person_seconds": warned.person_seconds,
        "with_needed": warned.with_needed,
    }


def clock_columns(body: Any, stage: Sequence[str], t_s: Any, flights: Flights) -> Columns:
    """One row per body that needs a warning and stage of the clock: seconds after its ignition."""
    return {
        "body": names(body, flights.bodies),
        "stage": list(stage),
        "after_ignition_s": np.asarray(t_s) - flights.launch_t_s[np.asarray(body)],
    }


def engagement_columns(
    engagements: Engagements, joined: Mapping[str, Mapping[int, int]], bodies: Sequence[str]
) -> Columns:
    """One row per salvo, or per track that got none."""
    pictures = names(engagements.picture, engagements.pictures)
    body = [joined[p].get(int(t), -1) for p, t in zip(pictures, engagements.track, strict=True)]
    return {
        "picture": pictures,
        "track": engagements.track,
        "body": names(body, bodies, "false"),
        "battery": names(engagements.battery, engagements.batteries),
        "owner": names(engagements.battery, engagements.owners),
        "weapon": names(engagements.weapon, engagements.weapons),
        "rounds": engagements.rounds,
        "t_commit_s": engagements.t_commit_s,
        "t_launch_s": engagements.t_launch_s,
        "t_intercept_s": engagements.t_intercept_s,
        "lat_deg": engagements.lat_deg,
        "lon_deg": engagements.lon_deg,
        "h_m": engagements.height_m,
        "p": engagements.kill_probability,
        "killed": engagements.killed.astype(bool),
        "reason": names(engagements.reason, REASONS),
    }


def ledger_columns(ledger: Ledger) -> Columns:
    """One row per owner, product and month."""
    months = {
        n: getattr(ledger, n)
        for n in ("month", "opening", "produced", "spent", "closing", "cost_musd")
    }
    return {
        "owner": list(ledger.owner),
        "product": list(ledger.product),
        **months,
        "currency": [ledger.currency] * len(ledger.owner),
        "price_year": [ledger.price_year] * len(ledger.owner),
    }


def stamp(columns: Columns, replicate: int, architecture: str | None = None) -> Columns:
    """The same columns with the replicate, and the architecture where there is one, in front."""
    size = len(next(iter(columns.values())))
    head: Columns = {"replicate": np.full(size, replicate, np.int32)}
    if architecture is not None:
        head["architecture"] = [architecture] * size
    return head | columns


def stack(parts: Sequence[Columns]) -> Columns:
    """Columns of several parts one after another; the first part names them."""
    if len(parts) == 1:
        return parts[0]
    out: Columns = {}
    for name in parts[0]:
        columns = [part[name] for part in parts]
        if isinstance(columns[0], list):
            out[name] = [value for column in columns for value in column]
        else:
            out[name] = np.concatenate([np.asarray(column) for column in columns])
    return out

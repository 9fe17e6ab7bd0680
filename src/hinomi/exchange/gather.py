"""From the tables of a run to what is shown of one replicate and architecture."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import numpy as np

import hinomi
from hinomi.errors import FolderError, ScenarioError
from hinomi.exchange import scene
from hinomi.exchange.rings import ellipse
from hinomi.exchange.scene import LAYERS, Area, Shot, Show, Way
from hinomi.records.engagements import ENGAGED, REASONS
from hinomi.report.data import columns
from hinomi.scenario.mistakes import nearest
from hinomi.study.banner import banner
from hinomi.study.results import Results

KEPT: Final = {scene.FLIGHTS: "flights", scene.TRACKS: "tracks", scene.AREAS: "forecasts"}
AREA_EVERY_S: Final = 15.0  # assumed: areas are shown no more often, so that files stay small
STATE: Final = ("x_m", "y_m", "z_m", "vx_mps", "vy_mps", "vz_mps")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which replicate, architecture and layers."""

    study: Results
    replicate: int
    architecture: str
    layers: tuple[str, ...]


def ask(
    study: Results, *, replicate: int | None, architecture: str | None, layers: Sequence[str] | None
) -> Asked:
    """Check a wish against what the run has.

    Raises
    ------
    ScenarioError
        for an unknown architecture or layer, or a replicate that the run has not or has not kept.
    FolderError
        when nothing is finished yet.
    """
    plan = study.plan
    known = plan.architectures
    default = plan.pairs[0][0] if plan.pairs and plan.pairs[0][0] in known else known[-1]
    chosen = architecture or default
    if chosen not in known:
        raise ScenarioError(
            f"--architecture is {chosen!r}; this run has {', '.join(known)}{_near(chosen, known)}"
        )
    wanted = tuple(layers or LAYERS)
    for layer in wanted:
        if layer not in LAYERS:
            raise ScenarioError(
                f"--what names {layer!r}; there are {', '.join(LAYERS)}{_near(layer, LAYERS)}"
            )
    number = replicate or 0
    done = study.finished
    if not done:
        raise FolderError(
            f"no replicate of {study.folder} is finished; compute them with: hinomi resume "
            f"{study.folder}"
        )
    if not 0 <= number < done:
        raise ScenarioError(
            f"--replicate is {number}; {study.folder} has {done} finished replicates, "
            f"0 to {done - 1}"
        )
    kept = min(plan.keep, done)
    if number >= kept:
        if layers is None and kept == 0:
            wanted = tuple(x for x in wanted if x not in KEPT)
        lost = [x for x in wanted if x in KEPT]
        if lost:
            there = f"for replicates 0 to {kept - 1}" if kept else "for no replicate"
            others = ",".join(x for x in LAYERS if x not in KEPT)
            raise ScenarioError(
                f"replicate {number} has no {', '.join(KEPT[x] for x in lost)}: this run keeps "
                f"them {there}. Choose one of those, or --what {others}, or run anew with "
                f"--keep-tracks {number + 1} into another folder"
            )
    return Asked(study=study, replicate=number, architecture=chosen, layers=wanted)


def _near(name: str, names: Sequence[str]) -> str:
    near = nearest(name, names)
    return f"; did you mean {near!r}?" if near else ""


def gather(asked: Asked) -> Show:
    """Read what was asked for.

    Raises
    ------
    ScenarioError, FolderError
        when a table is missing or the scenario of the plan cannot be read by this version.
    """
    plan = asked.study.plan
    shown = banner("study", reconstruction=bool(plan.document.get("facts")))
    makers: dict[str, Callable[[Asked], dict[str, Any]]] = {
        scene.FLIGHTS: lambda a: {"flights": flights_of(a)},
        scene.TRACKS: lambda a: {"tracks": tracks_of(a)},
        scene.SENSORS: _sensors,
        scene.AREAS: lambda a: {"areas": areas_of(a)},
        scene.ALERTS: _alerts,
        scene.SHOTS: lambda a: {"shots": shots_of(a)},
    }
    parts: dict[str, Any] = {}
    for layer in asked.layers:
        parts |= makers[layer](asked)
    return Show(
        scenario=plan.scenario,
        title=plan.title if "notional" in plan.title.lower() else f"{plan.title} (notional)",
        replicate=asked.replicate,
        architecture=asked.architecture,
        seed=plan.seed,
        version=hinomi.__version__,
        content_hash=plan.content_hash,
        epoch=epoch_of(asked.study),
        end_s=end_of(asked.study),
        word=shown.word,
        notice=shown.text + ".",
        layers=asked.layers,
        **parts,
    )


def epoch_of(study: Results) -> datetime:
    """UTC of the scenario's epoch."""
    return datetime.fromisoformat(str(study.plan.document["epoch"]))


def end_of(study: Results) -> float:
    """Last second of the scenario."""
    given = study.plan.document["study"]["t_end_s"]
    return float(given["value"] if isinstance(given, dict) else given)


def _sensors(asked: Asked) -> dict[str, Any]:
    from hinomi.exchange.sensors import sensors_of

    return sensors_of(asked)


def _alerts(asked: Asked) -> dict[str, Any]:
    from hinomi.exchange.alerted import alerts_of

    return {"alerts": alerts_of(asked)}


def rows_of(asked: Asked, table: str, *names: str) -> list[Any]:
    """Columns of a table, of the replicate and architecture that were asked for."""
    found = asked.study.table(table)
    mine = found["replicate"].to_numpy() == asked.replicate
    if "architecture" in found.column_names:
        mine &= columns(found, "architecture")[0] == asked.architecture
    missing = [n for n in names if n not in found.column_names]
    if missing:
        raise ScenarioError(
            f"table {table} of {asked.study.folder} has no column {', '.join(missing)}: it was made "
            "by another version; leave that layer out with --what"
        )
    return columns(found.filter(mine), *names)


def kind_of(study: Results, body: str) -> str:
    """Kind of a body, from its group and the class of that."""
    if "/" in body:
        return scene.STAGE_KIND
    group = body.rpartition("-")[0]
    document = study.plan.document
    for given in document.get("threats", ()):
        if given.get("name") == group:
            found = document["catalogue"]["threat"].get(given.get("class"), {})
            return str(found.get("kind", ""))
    return ""


def flights_of(asked: Asked) -> tuple[Way, ...]:
    """True ways of all bodies."""
    body, t, *states, lat, lon, height, phase = rows_of(
        asked, "flights", "body", "t_s", *STATE, "lat_deg", "lon_deg", "h_m", "phase"
    )
    out = []
    for name in dict.fromkeys(body.tolist()):
        at = np.flatnonzero(body == name)
        out.append(
            Way(
                name=name,
                kind=kind_of(asked.study, name),
                owner="",
                t_s=t[at],
                r_m=np.column_stack([s[at] for s in states[:3]]),
                v_mps=np.column_stack([s[at] for s in states[3:]]),
                lat_deg=lat[at],
                lon_deg=lon[at],
                height_m=height[at],
                phase=tuple(phase[at].tolist()),
            )
        )
    return tuple(out)


def tracks_of(asked: Asked) -> tuple[Way, ...]:
    """Confirmed tracks of the deciding picture, one row a second, with their stated error."""
    from hinomi.study.tables import geodetic

    picture, track, t, *states, sigma, status, grade = rows_of(
        asked, "tracks", "picture", "track", "t_s", *STATE, "position_sigma_m", "status",
        "track_grade",
    )  # fmt: skip
    out = []
    sure = status == "confirmed"
    for key in dict.fromkeys(zip(picture[sure].tolist(), track[sure].tolist(), strict=True)):
        at = np.flatnonzero(sure & (picture == key[0]) & (track == key[1]))
        at = at[np.append(np.diff(t[at]) > 0.0, True)]  # the last row of each second
        if len(at) < 2:
            continue
        r = np.column_stack([s[at] for s in states[:3]])
        lat, lon, height = geodetic(r)
        out.append(
            Way(
                name=f"track {key[1]}",
                kind="track",
                owner=key[0],
                t_s=t[at],
                r_m=r,
                v_mps=np.column_stack([s[at] for s in states[3:]]),
                lat_deg=lat,
                lon_deg=lon,
                height_m=height,
                sigma_m=sigma[at],
                grade=tuple(grade[at].tolist()),
            )
        )
    return tuple(out)


def areas_of(asked: Asked) -> tuple[Area, ...]:
    """Predicted ends of each track: one every 15 s, each until the next one is there."""
    picture, track, ready, lat, lon, end, ee, nn, en, spread = rows_of(
        asked, "forecasts", "picture", "track", "t_available_s", "end_lat_deg", "end_lon_deg",
        "end_t_s", "end_cov_ee_km2", "end_cov_nn_km2", "end_cov_en_km2", "spread_km",
    )  # fmt: skip
    out = []
    for key in dict.fromkeys(zip(picture.tolist(), track.tolist(), strict=True)):
        at = np.flatnonzero((picture == key[0]) & (track == key[1]))
        at = at[np.argsort(ready[at], kind="stable")]
        kept: list[int] = []
        for i in at.tolist():
            if not kept or ready[i] - ready[kept[-1]] >= AREA_EVERY_S - 1e-6:
                kept.append(i)
        for i, following in zip(kept, [*kept[1:], None], strict=True):
            # Shown until the next one, the last until the predicted end.
            to_s = float(ready[following]) if following is not None else float(end[i])
            edge = ellipse(float(lat[i]), float(lon[i]), ee_km2=ee[i], nn_km2=nn[i], en_km2=en[i])
            out.append(
                Area(
                    picture=key[0],
                    track=int(key[1]),
                    from_s=float(ready[i]),
                    to_s=max(to_s, float(ready[i]) + 1.0),
                    end_lat_deg=float(lat[i]),
                    end_lon_deg=float(lon[i]),
                    end_t_s=float(end[i]),
                    spread_km=float(spread[i]),
                    edge=edge,
                )
            )
    return tuple(out)


def shots_of(asked: Asked) -> tuple[Shot, ...]:
    """Salvos that were fired, each at its predicted point."""
    names = (
        "battery", "owner", "weapon", "body", "rounds", "t_launch_s", "t_intercept_s", "lat_deg",
        "lon_deg", "h_m", "p", "killed", "reason",
    )  # fmt: skip
    out = []
    for row in zip(*(c.tolist() for c in rows_of(asked, "engagements", *names)), strict=True):
        given = dict(zip(names, row, strict=True))
        if given["reason"] == REASONS[ENGAGED]:
            out.append(
                Shot(
                    battery=given["battery"],
                    owner=given["owner"],
                    weapon=given["weapon"],
                    body=given["body"],
                    rounds=int(given["rounds"]),
                    launch_s=given["t_launch_s"],
                    intercept_s=given["t_intercept_s"],
                    lat_deg=given["lat_deg"],
                    lon_deg=given["lon_deg"],
                    height_m=given["h_m"],
                    probability=given["p"],
                    killed=bool(given["killed"]),
                )
            )
    return tuple(out)

"""The chain on the morning of a public launch: what each replicate did, and at which second."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from hinomi.earth.places import place_at
from hinomi.earth.wgs84 import MEAN_RADIUS_M, geodetic_from_ecef
from hinomi.records.alerts import MESSAGES, ROUTES
from hinomi.records.columns import Floats
from hinomi.scenario.model import Scenario
from hinomi.study.chain import Context, Raid, begin, judge

LAUNCH, ALERT, UPDATE, CLEAR = MESSAGES
# Times of one replicate [s since the published launch minute]; infinite where it never happened.
TIMES: Final = (
    "first_detection_s", "firm_track_s", "launch_message_s", "alert_s", "update_s", "clear_s",
    "last_detection_s", "over_first_s", "over_last_s", "nearest_s", "end_s",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Replicate:
    """One flight, its pictures and its messages; what never happened is infinite."""

    number: int
    times: Mapping[str, float]  # of TIMES
    route: str  # of the last all-clear, of records.alerts.ROUTES
    alerted: tuple[str, ...]  # units, in order of their names
    range_m: float
    apogee_m: float

    def as_object(self) -> dict[str, Any]:
        """The same for JSON: whole fields, null for what never happened."""
        return {
            "number": self.number,
            "times": {k: _finite(v) for k, v in self.times.items()},
            "route": self.route,
            "alerted": list(self.alerted),
            "range_m": self.range_m,
            "apogee_m": self.apogee_m,
        }


def replicate_of(given: Mapping[str, Any]) -> Replicate:
    """Read what `Replicate.as_object` wrote.

    Raises
    ------
    ValueError
        when it is no such object.
    """
    try:
        times = {
            k: math.inf if given["times"][k] is None else float(given["times"][k]) for k in TIMES
        }
        return Replicate(
            number=int(given["number"]),
            times=times,
            route=str(given["route"]),
            alerted=tuple(str(u) for u in given["alerted"]),
            range_m=float(given["range_m"]),
            apogee_m=float(given["apogee_m"]),
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"no replicate of a replay: {error}") from None


def simulate(
    scenario: Scenario, context: Context, *, seed: int, numbers: Sequence[int]
) -> Iterator[Replicate]:
    """Run the chain of a replay once a number, in order; every number has draws of its own.

    Parameters
    ----------
    scenario
        the first of its threats is the launch; the first of its architectures is flown.
    seed, numbers
        address the draws: a replicate does not depend on which others are run.
    """
    architecture = scenario.architectures[scenario.study.architectures[0]]
    near = _near(scenario, context)
    for number in numbers:
        raid = begin(scenario, context, seed=seed, number=number)
        tables = judge(raid, architecture)
        yield Replicate(
            number=number,
            times=_times(
                raid, {name: tables[name]() for name in ("alerts", "events", "plots")}, near
            ),
            **_messages(tables["alerts"]()),
            range_m=_range_m(raid),
            apogee_m=float(raid.flights.apogee_m[0]),
        )


def _times(raid: Raid, tables: Mapping[str, Any], near: Floats) -> dict[str, float]:
    """Times of one replicate since the ignition of the launch."""
    flights, body = raid.flights, raid.flights.bodies[0]
    alerts, events, plots = (tables[name] for name in ("alerts", "events", "plots"))

    def first(table: Any, kind: str, column: str) -> float:
        chosen = np.array([k == kind for k in table["kind"]], bool)
        if "subject" in table:
            chosen &= np.array([s == body for s in table["subject"]], bool)
        return _least(np.asarray(table[column], float)[chosen])

    clear = np.array([k == CLEAR for k in alerts["kind"]], bool)
    seen = np.array([b == body for b in plots["body"]], bool)
    times = {
        "first_detection_s": first(events, "first detection", "t_s"),
        "firm_track_s": first(events, "firm track", "t_s"),
        "launch_message_s": first(alerts, LAUNCH, "t_issue_s"),
        "alert_s": first(alerts, ALERT, "t_issue_s"),
        "update_s": first(alerts, UPDATE, "t_issue_s"),
        "clear_s": _greatest(np.asarray(alerts["t_issue_s"], float)[clear]),
        "last_detection_s": _greatest(np.asarray(plots["t_s"], float)[seen]),
        "end_s": float(flights.end_t_s[0]),
        **_passage(raid, near),
    }
    return {name: times[name] - float(flights.launch_t_s[0]) for name in TIMES}


def _messages(alerts: Any) -> dict[str, Any]:
    """Route of the last all-clear, and the units that were ever alerted."""
    clears = [i for i, kind in enumerate(alerts["kind"]) if kind == CLEAR]
    told = [u for u, kind in zip(alerts["units"], alerts["kind"], strict=True) if kind == ALERT]
    units = {unit for text in told for unit in text.split("; ")} - {""}
    return {
        "route": str(alerts["route"][clears[-1]]) if clears else ROUTES[0],
        "alerted": tuple(sorted(units)),
    }


def _near(scenario: Scenario, context: Context) -> Floats:
    """(N, 3) directions from the Earth's centre to the offices of the area that is alerted."""
    names = {p for block in scenario.blocks.values() for p in block} or {*scenario.area.prefectures}
    chosen = np.array([p in names for p in context.places.prefecture_en], bool)
    if not chosen.any():
        chosen[:] = True
    lat = np.radians(context.places.lat_deg[chosen])
    lon = np.radians(context.places.lon_deg[chosen])
    out: Floats = np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], 1)
    return out


def _passage(raid: Raid, near: Floats) -> dict[str, float]:
    """First and last second over land, and the second nearest to the alerted area."""
    flights = raid.flights
    shown = slice(int(flights.first[0]), int(flights.last[0]) + 1)
    r_m, t_s = flights.r_m[0, shown], flights.t_s[shown]
    track = np.degrees([geodetic_from_ecef(*row)[:2] for row in r_m]).reshape(-1, 2)
    land = t_s[place_at(raid.context.places.mesh, track[:, 0], track[:, 1]) >= 0]
    closeness = (r_m / np.linalg.norm(r_m, axis=1)[:, None] @ near.T).max(axis=1)
    return {
        "over_first_s": _least(land),
        "over_last_s": _greatest(land),
        "nearest_s": float(t_s[int(np.argmax(closeness))]) if len(t_s) else math.inf,
    }


def _range_m(raid: Raid) -> float:
    """Ground distance [m] from start to end on the mean sphere; NaN for a body that stays up."""
    flights = raid.flights
    start = np.degrees(geodetic_from_ecef(*flights.r_m[0, int(flights.first[0])])[:2])
    ends = np.radians([start, (flights.end_lat_deg[0], flights.end_lon_deg[0])])
    units = np.stack(
        [np.cos(ends[:, 0]) * np.cos(ends[:, 1]), np.cos(ends[:, 0]) * np.sin(ends[:, 1]), np.sin(ends[:, 0])], 1
    )  # fmt: skip
    return float(MEAN_RADIUS_M * np.arccos(np.clip(units[0] @ units[1], -1.0, 1.0)))


def _least(values: Floats) -> float:
    return float(values.min()) if len(values) else math.inf


def _greatest(values: Floats) -> float:
    """Latest of the times; infinite, for never, where there is none."""
    return float(values.max()) if len(values) else math.inf


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None

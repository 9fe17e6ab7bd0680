"""One forecast held against what happened: in the region or not, and unit by unit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from hinomi.calibration.cases import PRIOR, SCENARIO, Case
from hinomi.calibration.launches import Launches, Moment
from hinomi.earth.geodesic import sphere_inverse
from hinomi.earth.places import places_within
from hinomi.records.columns import Floats
from hinomi.study.chain import Context
from hinomi.units import KM_M
from hinomi.warn.predict import forecast_rows
from hinomi.warn.region import Region, ellipse_holds, holds, region_of
from hinomi.warn.sampled import forecast_rows_fully, sample_ends, unknowns

FAST, FULL = PREDICTORS = "fast", "full"
LEAST_P: Final = 0.001  # units below it that were not hit are left out of the pairs


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What one predictor says of one track state."""

    predictor: str
    region: Region
    mean_deg: tuple[float, float]
    end_t_s: tuple[float, float, float]  # mean, 5 %, 95 %
    p_hit: Floats  # (U,)


def rows_of(
    case: Case, context: Context, launches: Launches, moment: Moment, *, full: bool
) -> list[dict[str, Any]]:
    """Rows of one moment: a predictor and a truth each."""
    flights = launches.raid.flights
    told = case.told(flights.classes[moment.body])
    answers = [_fast(case, context, launches, moment)]
    if full:
        answers.append(_full(case, context, launches, moment))
    truths = {case.name: (flights.end_lat_deg[moment.body], flights.end_lon_deg[moment.body],
                          flights.end_t_s[moment.body])}  # fmt: skip
    if case.name == SCENARIO:
        entity = f"calibration|{flights.bodies[moment.body]}|{moment.epoch}"
        end = sample_ends(
            launches.tracks, row=moment.row, classes=told,
            numbers=unknowns(launches.raid.draws, entity, 1),
        )[0]  # fmt: skip
        if np.isfinite(end).all():
            t_s = float(launches.tracks.t_s[moment.row])
            truths[PRIOR] = (float(end[0]), float(end[1]), t_s + float(end[2]))
    out = []
    for name, (lat, lon, t_s) in truths.items():
        hit = _units_hit(context, float(lat), float(lon), case.scenario.buffer_m)
        for answer in answers:
            row = {
                "truth": name,
                "raid": launches.raid.draws.replicate,
                "body": flights.bodies[moment.body],
                "kind": flights.kinds[moment.body],
                "epoch": moment.epoch,
                "phase": moment.phase,
            }
            out.append(row | _held(answer, answers, float(lat), float(lon), float(t_s), hit))
    return out


def _fast(case: Case, context: Context, launches: Launches, moment: Moment) -> Answer:
    told = case.told(launches.raid.flights.classes[moment.body])
    forecasts, ends = forecast_rows(
        launches.tracks, rows=np.array([moment.row]), times=np.array([moment.t_available_s]),
        units=context.units, classes=told,
    )  # fmt: skip
    return _answer(FAST, forecasts, ends)


def _full(case: Case, context: Context, launches: Launches, moment: Moment) -> Answer:
    told = case.told(launches.raid.flights.classes[moment.body])
    forecasts, _, ends = forecast_rows_fully(
        launches.tracks, rows=np.array([moment.row]), times=np.array([moment.t_available_s]),
        units=context.units, places=context.places, classes=told, draws=launches.raid.draws,
    )  # fmt: skip
    return _answer(FULL, forecasts, ends)


def _answer(name: str, forecasts: Any, ends: Floats) -> Answer:
    return Answer(
        predictor=name,
        region=region_of(ends[:, 0], ends[:, 1]),
        mean_deg=(float(forecasts.end_lat_deg[0]), float(forecasts.end_lon_deg[0])),
        end_t_s=(
            float(forecasts.end_t_s[0]), float(forecasts.end_t_low_s[0]),
            float(forecasts.end_t_high_s[0]),
        ),
        p_hit=forecasts.p_hit[0],
    )  # fmt: skip


def _units_hit(context: Context, lat: float, lon: float, buffer_m: float) -> set[int]:
    near = places_within(context.places.mesh, lat, lon, buffer_m)
    return {int(u) for u in context.units.unit_of_place[near] if u >= 0}


def _held(
    answer: Answer, answers: list[Answer], lat: float, lon: float, t_s: float, hit: set[int]
) -> dict[str, Any]:
    region = answer.region
    there = np.flatnonzero(answer.p_hit >= LEAST_P).tolist()
    units = sorted({*there, *hit})
    told = {
        "predictor": answer.predictor,
        "inside": int(holds(region, lat, lon)),
        "area_km2": region.area_m2 / KM_M**2,
        "inside_ellipse": int(ellipse_holds(region, lat, lon)),
        "ellipse_area_km2": region.ellipse_area_m2 / KM_M**2,
        "miss_km": _apart_km(answer.mean_deg, (lat, lon)),
        "in_time": int(answer.end_t_s[1] <= t_s <= answer.end_t_s[2]),
        "units": [[u, round(float(answer.p_hit[u]), 5), int(u in hit)] for u in units],
    }
    if answer.predictor == FULL:
        other = answers[0]
        told |= {
            "apart_km": _apart_km(answer.mean_deg, other.mean_deg),
            "apart_s": answer.end_t_s[0] - other.end_t_s[0],
            "apart_p": float(np.max(np.abs(answer.p_hit - other.p_hit), initial=0.0)),
        }
    return told


def _apart_km(a: tuple[float, float], b: tuple[float, float]) -> float:
    place = (*np.radians(a), *np.radians(b))
    return float(sphere_inverse(*place)[0]) / KM_M

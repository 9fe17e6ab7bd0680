"""Reconstructed launches as JSON objects, as text, and as rows for the validation page."""

from __future__ import annotations

import math
from typing import Any, Final

from hinomi.history.digits import clock_minute_s
from hinomi.history.reconstruct import (
    OVERFLIGHT_TOLERANCE_S,
    TIME_TOLERANCE_S,
    LaunchReplay,
    Overflight,
    Reconstruction,
)
from hinomi.units import DAY_S, MINUTE_S

INPUTS: Final = "range and apogee are inputs and prove nothing; the flight time is the test"
BANNER: Final = "RECONSTRUCTION of the public record, computed; not a warning"


def reconstruction_object(found: LaunchReplay) -> dict[str, Any]:
    """A launch flown with each set of its figures, for JSON."""
    return {
        "id": found.launch.name,
        "status": BANNER,
        "inputs": INPUTS,
        "scenario": found.launch.scenario or None,
        "sets": [_set_object(each) for each in found.sets],
        "problems": list(found.problems),
    }


def reconstruction_lines(found: LaunchReplay) -> list[str]:
    """A launch flown with each set of its figures, as text."""
    one = found.launch
    lines = [BANNER, f"{one.name}  {one.vehicle}"]
    for each in found.sets:
        lines += ["", *_set_lines(each)]
    lines += [f"not flown: {problem}" for problem in found.problems]
    lines += ["", INPUTS]
    if one.scenario:
        lines.append(f"who would have been warned, and when: hinomi run {one.scenario}")
    return lines


def _set_object(each: Reconstruction) -> dict[str, Any]:
    time, over = each.published_time, each.overflight
    return {
        "by": each.by,
        "completed_with": list(each.completed_with),
        "class": each.class_name,
        "faster_share": each.faster_share,
        "range_km": round(each.range_m / 1e3, 1),
        "apogee_km": round(each.apogee_m / 1e3, 1),
        "burnout_s": round(each.burnout_s, 1),
        "burnout_speed_km_s": round(each.burnout_speed_mps / 1e3, 3),
        "apogee_s": round(each.apogee_t_s, 1),
        "time_s": round(each.time_s, 1),
        "end_lat_deg": round(math.degrees(each.end_lat_rad), 1),
        "end_lon_deg": round(math.degrees(each.end_lon_rad), 1),
        "published_time_s": None if time is None else time.value,
        "published_low_s": None if time is None else time.low,
        "published_high_s": None if time is None else time.high,
        "miss_s": None if math.isnan(each.miss_s) else round(each.miss_s, 1),
        "inside_120_s": None if math.isnan(each.miss_s) else each.inside,
        "likely_cause": each.cause,
        "overland": None if over is None else _over_object(over),
    }


def _over_object(over: Overflight) -> dict[str, Any]:
    return {
        "first_s": over.first_s,
        "last_s": over.last_s,
        "prefecture_first": over.place_first,
        "prefecture_last": over.place_last,
        "published_first_s": _or_none(over.published_first_s),
        "published_last_s": _or_none(over.published_last_s),
        "inside_60_s": over_inside(over),
    }


def over_inside(over: Overflight) -> bool:
    """Whether the time over land lies in the published minutes, a minute wider at both ends."""
    first, last = over.published_first_s, over.published_last_s
    slack = OVERFLIGHT_TOLERANCE_S
    return not (over.first_s < first - slack or over.last_s > last + slack)


def _set_lines(each: Reconstruction) -> list[str]:
    added = f" (with {', '.join(each.completed_with)})" if each.completed_with else ""
    faster = (
        f", at {100.0 * each.faster_share:.0f} % of its range towards more speed"
        if each.faster_share
        else ""
    )

    def when(t_s: float) -> str:
        return f"{t_s:>7.0f} s{_clock(each.launch_jst, t_s)}"

    lines = [
        f"{each.by}{added}: {each.class_name}{faster}",
        f"  burnout     {when(each.burnout_s)}  at {each.burnout_speed_mps / 1e3:.2f} km/s",
        f"  apogee      {when(each.apogee_t_s)}  at {each.apogee_m / 1e3:,.0f} km",
    ]
    if (over := each.overflight) is not None:
        first, last = over.published_first_s, over.published_last_s
        verdict = "inside" if over_inside(over) else "outside"
        lines += [
            f"  over land   {when(over.first_s)}  {over.place_first}",
            f"      until   {when(over.last_s)}  {over.place_last}; published "
            f"{_seconds(first)} to {_seconds(last)}, each +-60 s: {verdict}",
        ]
    lines.append(
        f"  end         {when(each.time_s)}  {each.range_m / 1e3:,.0f} km from the start, at "
        f"{math.degrees(each.end_lat_rad):.1f}, {math.degrees(each.end_lon_rad):.1f} deg"
    )
    if each.published_time is None:
        return [*lines, "  published       no flight time"]
    time = each.published_time
    return [
        *lines,
        f"  published   {time.value:>7.0f} s  ({time.low:g} to {time.high:g} s)",
        f"  miss        {each.miss_s:>+7.0f} s  {'inside' if each.inside else 'outside'} "
        f"{TIME_TOLERANCE_S:g} s: {each.cause}",
    ]


def _clock(start: str, t_s: float) -> str:
    """Minute of the day in Japan, where a launch minute was published."""
    if not start:
        return ""
    minute = int((clock_minute_s(start) + t_s) % DAY_S // MINUTE_S)
    return f"  {minute // 60:02d}:{minute % 60:02d} JST"


def _seconds(value: float) -> str:
    return "not" if math.isnan(value) else f"{value:.0f} s"


def _or_none(value: float) -> float | None:
    return None if math.isnan(value) else value

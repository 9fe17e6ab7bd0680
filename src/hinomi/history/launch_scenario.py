"""The scenario of a launch in the catalogue's form: sensors of a bundled replay, its own flight."""

from __future__ import annotations

import datetime as dt
import math
import tomllib
from collections.abc import Mapping, Sequence
from typing import Any, Final

from hinomi.earth.geodesic import ellipsoid_direct
from hinomi.history.digits import clock_minute_s
from hinomi.history.scores import DIFFERENCE_TOLERANCE_S, MINUTE_TOLERANCE_S
from hinomi.scenario.catalogue import catalogue
from hinomi.scenario.load import scenario_text
from hinomi.scenario.toml_text import toml_text
from hinomi.units import DAY_S, KM_M, MINUTE_S

DEFAULT_SENSORS: Final = "replay-2022-10-04"
JAPAN: Final = dt.timezone(dt.timedelta(hours=9))
AIM_STEP: Final = 10.0  # scope fence: no end point is stated finer than a tenth of a degree
# Quantity of the catalogue's form -> fact of a scenario.
FACT_OF: Final = {
    "alert_jst": "alert", "alert_update_jst": "alert_update", "overflight_from_jst": "overflight_from",
    "overflight_to_jst": "overflight_to", "passage_jst": "passage", "lost_jst": "lost",
    "impact_jst": "impact", "passed_message_jst": "passed_message", "alert_lifted_jst": "alert_lifted",
}  # fmt: skip
SHOWN: Final = ("alert_update",)  # the alerted area is an input and alerted at once
MARGIN_S: Final = 600.0  # beyond the longest flight that figures suggest
LONGEST_S: Final = 7200


def scenario_text_of(launch: Mapping[str, Any]) -> str:
    """TOML of a whole scenario for a checked launch; latencies are those of every replay."""
    base = tomllib.loads(scenario_text(launch.get("sensors", DEFAULT_SENSORS))[0])
    first = _reported(launch["sets"])
    day = dt.date.fromisoformat(launch["id"])
    start_s = clock_minute_s(first["launch_jst"]["value"])
    epoch = dt.datetime.combine(day, dt.time(), JAPAN) + dt.timedelta(seconds=start_s)
    prefectures = next(
        s["alerted_prefectures"] for s in launch["sets"] if s.get("alerted_prefectures")
    )
    document = {
        "format": base["format"],
        "name": f"replay-own-{launch['id']}",
        "title": f"Replay: the launch of {day.day} {day.strftime('%B %Y')}",
        "summary": f"{launch['vehicle']}, {launch['area']}. {launch.get('note', '')} "
        "A launch file of the user's own; latencies as settled on 29 August 2017.",
        "epoch": epoch.astimezone(dt.UTC),
        "nations": base["nations"],
        "area": {**base["area"], "prefectures": list(prefectures)},
        "study": {**base["study"], "t_end_s": _number(_horizon_s(first), "flight and margin")},
        "threats": [_threat(launch, first)],
        "radars": base["radars"],
        "infrared": base["infrared"],
        "warning": {**base["warning"], "blocks": {"alerted area": list(prefectures)}},
        "facts": _facts(first, epoch),
    }
    faster = launch["class"].get("faster", 0.0)
    if faster:
        document["catalogue"] = {
            "threat": {launch["class"]["name"]: _faster(launch["class"], faster)}
        }
    return toml_text(document)


def _reported(sets: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """First report of each quantity, in the order of the sets, with who reported it."""
    out: dict[str, Any] = {}
    for each in sets:
        for key, value in each.items():
            if isinstance(value, dict):
                out.setdefault(key, {**value, "by": each["by"]})
    return out


def _threat(launch: Mapping[str, Any], first: Mapping[str, Any]) -> dict[str, Any]:
    site = launch["site"]
    out: dict[str, Any] = {
        "name": "flight",
        "class": launch["class"]["name"],
        **{
            key: _number(0.0, "ignition at the published minute")
            for key in ("start_low_s", "start_high_s")
        },
        "site": {
            "name": launch["area"],
            "source": site["source"],
            "lat_deg": _sourced(site["lat_deg"], site),
            "lon_deg": _sourced(site["lon_deg"], site),
        },
    }
    if launch["kind"] == "launcher":
        out |= {
            "azimuth_deg": _plain(launch["bearing_deg"]),
            "kick_deg": _plain(launch["kick_deg"]),
        }
        if (fails := launch.get("fails_at_s")) is not None:
            for end in ("low", "high"):
                out[f"fails_at_{end}_s"] = _sourced(fails.get(end, fails["value"]), fails)
        return out
    lat, lon, about = _end(launch, first)
    out["aims"] = [
        {"name": "end", "lat_deg": _sourced(lat, about), "lon_deg": _sourced(lon, about)}
    ]
    for end in ("low", "high"):
        out[f"apogee_{end}_km"] = _sourced(first["apogee_km"]["value"], first["apogee_km"])
    spreads = {"mass_spread": 0.05, "isp_spread_s": 5.0, "burn_spread": 0.1, "density_spread": 0.1}
    out |= {key: _number(value, "one sigma, as in every replay") for key, value in spreads.items()}
    out["tolerance_km"] = _number(50.0, "a published end point is no better")
    return out


def _end(
    launch: Mapping[str, Any], first: Mapping[str, Any]
) -> tuple[float, float, Mapping[str, Any]]:
    """Published end point, or the published range along the bearing; to a tenth of a degree."""
    if (end := launch.get("end")) is not None:
        return (*(round(float(end[k]), 1) for k in ("lat_deg", "lon_deg")), end)  # type: ignore[return-value]
    lat, lon, _ = ellipsoid_direct(
        math.radians(launch["site"]["lat_deg"]),
        math.radians(launch["site"]["lon_deg"]),
        math.radians(float(launch["bearing_deg"]["value"])),
        float(first["range_km"]["value"]) * KM_M,
    )
    tenths = [round(math.degrees(angle) * AIM_STEP) / AIM_STEP for angle in (lat, lon)]
    return tenths[0], tenths[1], {"grade": "computed", "source": "range on the bearing given"}


def _faster(given: Mapping[str, Any], share: float) -> dict[str, Any]:
    """Payload, propellant and specific impulse moved towards more speed; the burn time never."""
    known = catalogue()["threat"][given["name"]]
    told = {
        "grade": "computed",
        "source": f"class moved by {100 * share:g} % of its ranges towards more speed",
    }

    def moved(quantity: Mapping[str, Any], end: str) -> dict[str, Any]:
        value, limit = float(quantity["value"]), float(quantity.get(end, quantity["value"]))
        return {**quantity, "value": value + share * (limit - value), **told}

    stages = [
        {**s, **{k: moved(s[k], "high") for k in ("propellant_kg", "isp_vacuum_s")}}
        for s in known["stages"]
    ]
    return {"payload_kg": moved(known["payload_kg"], "low"), "stages": stages}


def _facts(first: Mapping[str, Any], epoch: dt.datetime) -> list[dict[str, Any]]:
    def at(key: str) -> dt.datetime:
        return epoch + dt.timedelta(seconds=_after_launch_s(first, key))

    facts = [_fact("launch", "input", first["launch_jst"], at=epoch, tolerance=MINUTE_TOLERANCE_S)]
    facts += [
        _fact(key, "input", first[key], value=float(first[key]["value"]), unit="km")
        for key in ("apogee_km", "range_km")
        if key in first
    ]
    for key, name in FACT_OF.items():
        if key in first:
            role = "shown" if name in SHOWN else "tested"
            # In effect a difference, for the flight starts at a published minute too.
            wide = DIFFERENCE_TOLERANCE_S if name == "impact" else MINUTE_TOLERANCE_S
            facts.append(_fact(name, role, first[key], at=at(key), tolerance=wide))
    if (time_s := _flight_s(first)) is not None:
        source = first.get("flight_time_s") or first.get("flight_time_min") or first["impact_jst"]
        facts.append(
            _fact("flight_time_s", "tested", source, value=time_s, tolerance=DIFFERENCE_TOLERANCE_S)
        )
    lift = next((k for k in ("alert_lifted_jst", "passed_message_jst") if k in first), None)
    if lift and "alert_jst" in first:
        span = _after_launch_s(first, lift) - _after_launch_s(first, "alert_jst")
        facts.append(
            _fact(
                "alert_to_lift_s",
                "tested",
                first[lift],
                value=span,
                tolerance=DIFFERENCE_TOLERANCE_S,
            )
        )
    return facts


def _fact(
    name: str, role: str, source: Mapping[str, Any], *, unit: str = "s", **what: Any
) -> dict[str, Any]:
    note = {"note": source["note"]} if source.get("note") else {}
    told = f"{source['source']} ({source['by']})"
    return {
        "name": name,
        "role": role,
        "unit": unit,
        **what,
        **note,
        "grade": source["grade"],
        "source": told,
    }


def _after_launch_s(first: Mapping[str, Any], key: str) -> float:
    """Seconds from the launch minute to another minute of the clock, past midnight too."""
    begin, end = (clock_minute_s(first[k]["value"]) for k in ("launch_jst", key))
    return (end - begin) % DAY_S


def _flight_s(first: Mapping[str, Any]) -> float | None:
    if "flight_time_s" in first:
        return float(first["flight_time_s"]["value"])
    if "flight_time_min" in first:
        return float(first["flight_time_min"]["value"]) * MINUTE_S
    return _after_launch_s(first, "impact_jst") if "impact_jst" in first else None


def _horizon_s(first: Mapping[str, Any]) -> int:
    """Seconds that are simulated: half an hour, or twice the published flight and a margin."""
    flown = _flight_s(first) or 0.0
    return int(min(LONGEST_S, max(1800.0, 2.0 * flown + MARGIN_S)))


def _plain(given: Mapping[str, Any]) -> dict[str, Any]:
    return {
        k: v for k, v in given.items() if k in ("value", "low", "high", "grade", "source", "note")
    }


def _sourced(value: float, given: Mapping[str, Any]) -> dict[str, Any]:
    return {"value": value, "grade": given["grade"], "source": given["source"]}


def _number(value: float, why: str) -> dict[str, Any]:
    return {"value": value, "grade": "assumed", "source": why}

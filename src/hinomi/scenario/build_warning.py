"""From the checked warning section to the records of the link; file units become SI here."""

from __future__ import annotations

import csv
from functools import lru_cache
from importlib import resources
from typing import Any, Final

from hinomi.errors import ScenarioError
from hinomi.records.alerts import Channel, Visitors, WarningPolicy
from hinomi.scenario.mistakes import nearest
from hinomi.scenario.places_region import RegionFile, read_region
from hinomi.scenario.quantity import Quantity
from hinomi.scenario.warning_schema import Warning_
from hinomi.units import MINUTE_S

VALUES: Final = (
    "forecast_first_s", "forecast_later_s", "hit_threshold", "over_threshold", "relay_failure",
    "clear_share", "clear_hold_s", "clear_margin_s", "clear_median_s", "clear_sigma",
    "needed_s", "channel_correlation", "compliance", "indoor_share", "indoor_median_s",
    "indoor_sigma", "outdoor_median_s", "outdoor_sigma", "vehicle_share",
    "vehicle_share_night", "vehicle_median_s", "vehicle_sigma", "walk_median_s", "walk_sigma",
    "window_share", "drilled_share", "drilled_compliance", "false_alerts",
    "false_alert_factor", "common_cause", "repair_share", "foreign_share",
    "foreign_understand", "foreign_delay_s", "predicted_threshold",
)  # fmt: skip
TRIANGLES: Final = (
    "classify_s", "decide_s", "issue_s", "deliver_s", "lost_after_s",
)  # fmt: skip


@lru_cache(maxsize=1)
def _areas() -> tuple[frozenset[str], frozenset[str]]:
    """Codes of the municipalities, and names of island groups and prefectures."""
    file = resources.files("hinomi") / "data" / "places.csv"
    rows = list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))
    names = {r["island_group"] for r in rows} | {r["prefecture_en"] for r in rows}
    return frozenset(r["code"] for r in rows), frozenset(names - {""})


def _areas_of(region: RegionFile) -> tuple[frozenset[str], frozenset[str]]:
    places = read_region(region).places
    names = {*places.island_group, *places.prefecture_en}
    return frozenset(places.code), frozenset(names - {""})


def _known_places(given: Warning_, region: RegionFile | None) -> None:
    """Refuse visitors and repairs of places that do not exist, with the nearest name."""
    codes, names = _areas() if region is None else _areas_of(region)
    for key, at, known in (
        *(("visitors", v.at, codes | names) for v in given.visitors),
        *(("repairs", code, codes) for code in given.repairs),
    ):
        if at not in known:
            near = nearest(at, sorted(known))
            tail = f"; did you mean {near!r}?" if near else ""
            wanted = "a municipality's code" + (
                ", an island group or a prefecture" if key == "visitors" else ""
            )
            raise ScenarioError(f"warning.{key}: {at!r} is not {wanted}{tail}")


def policy(given: Warning_, region: RegionFile | None = None) -> WarningPolicy:
    """Build the rule of warning and what people do.

    Raises
    ------
    ScenarioError
        when visitors or repairs are given for a place that does not exist.
    """
    _known_places(given, region)
    numbers: dict[str, Any] = {n: getattr(given, n).value for n in VALUES}
    drawn: dict[str, Any] = {n: getattr(given, n).triangle for n in TRIANGLES}
    return WarningPolicy(
        alerting_nation=given.alerting_nation,
        status=given.status,
        unit=given.unit,
        on_event=given.on_event,
        consecutive=int(given.consecutive.value),
        night=given.night,
        local_time_h=_or_none(given.local_time_h),
        indoor_share_night=_or_none(given.indoor_share_night),
        repairs=tuple(given.repairs),
        visitors=tuple(
            Visitors(at=v.at, weekday=v.weekday.value, holiday=v.holiday.value)
            for v in given.visitors
        ),
        holiday=given.holiday,
        multilingual=given.multilingual,
        channels=tuple(
            Channel(
                name=c.name,
                broadcast_per_s=c.broadcast_per_min.value / MINUTE_S,
                contagion_per_s=c.contagion_per_min.value / MINUTE_S,
                ceiling_day=c.ceiling_day.value,
                ceiling_night=c.ceiling_night.value,
                ceiling_evening=_or_none(c.ceiling_evening),
                deliver_s=None if c.deliver_s is None else c.deliver_s.triangle,
                municipal=c.municipal,
                failure=c.failure.value,
            )
            for c in given.channels
        ),
        **numbers,
        **drawn,
    )


def _or_none(quantity: Quantity | None) -> float | None:
    return None if quantity is None else quantity.value

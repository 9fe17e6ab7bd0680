"""What was said about the public launches, as claims: time, apogee and range by whom."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from hinomi.evidence.claim import Claim, Quantity
from hinomi.evidence.period import read_period
from hinomi.evidence.read import ClaimFile
from hinomi.evidence.stated import Stated
from hinomi.history.launches import Launch, Reported, SourceSet, load_launches, source_address

TOPIC: Final = "launches"
SAID: Final = {
    "range_km": ("range", "km"),
    "apogee_km": ("apogee", "km"),
    "flight_time_s": ("flight time", "s"),
    "flight_time_min": ("flight time", "min"),
    "launch_jst": ("minute of launch", "min of the day, Japan"),
    "impact_jst": ("minute of impact", "min of the day, Japan"),
    "overflight_from_jst": ("first minute of overflight", "min of the day, Japan"),
    "overflight_to_jst": ("last minute of overflight", "min of the day, Japan"),
    "alert_jst": ("minute of the alert", "min of the day, Japan"),
    "alert_update_jst": ("minute of the second alert", "min of the day, Japan"),
    "passed_message_jst": ("minute of the message that it had passed", "min of the day, Japan"),
    "alert_lifted_jst": ("minute of the lift", "min of the day, Japan"),
}
_TIME: Final = "flight_time_s"


def launch_file() -> ClaimFile:
    """The launches' catalogue read as claims; its own intervals are kept."""
    launches = load_launches()
    return ClaimFile(
        topic=TOPIC,
        title="Launches of 2017-2025: times, apogees and ranges, by whom",
        claims=tuple(c for launch in launches for c in _of(launch)),
        quantities={
            _key(launch, name): Quantity(
                key=_key(launch, name),
                title=f"{launch.vehicle}, {launch.name}: {words}",
                currency="",
            )
            for launch in launches
            for name, (words, _) in SAID.items()
        },
        instruments=(),
    )


def _of(launch: Launch) -> Iterator[Claim]:
    for each in launch.sets:
        for name in SAID:
            if name in each.values:
                yield _claim(launch, each, each.values[name])


def _key(launch: Launch, name: str) -> str:
    what = _TIME if name.startswith("flight_time") else name
    return f"launch.{launch.name}.{what.rpartition('_')[0]}"


def _claim(launch: Launch, each: SourceSet, told: Reported) -> Claim:
    day = read_period(launch.name, name="launch")
    unit = SAID[told.quantity][1]
    value, low, high = (_number(x) for x in (told.value, told.low, told.high))
    stated = Stated(value=value, low=low, high=high, word="")
    return Claim(
        id=f"launch-{launch.name}-{told.quantity}-{each.by}".lower().replace(" ", "-"),
        topic=TOPIC, quantity=_key(launch, told.quantity),
        kind="date" if told.quantity.endswith("_jst") else "amount", basis="as reported",
        printed=str(told.value), stated=stated, unit=unit,
        as_of=day, as_of_text=launch.name, period=day, who=each.by, primary=each.by != "press reports",
        where=told.source, address=source_address(told.source), grade=told.grade, note=told.note,
        fx_jpy_per_usd=None, price_year=None, supports=(),
    )  # fmt: skip


def _number(value: float | str) -> float:
    """A number as it is; a minute of the clock in minutes since midnight."""
    if isinstance(value, str):
        hours, _, minutes = value.partition(":")
        return 60.0 * int(hours) + int(minutes)
    return float(value)

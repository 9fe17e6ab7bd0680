"""How the hour of the day changes who can be reached and where people are."""

from __future__ import annotations

from typing import Final

from hinomi.records.alerts import Channel, WarningPolicy

# Assumed, shaped on the national survey on time use (Statistics Bureau of Japan, 2021: half of the
# people are asleep from about 23:00 to 6:30): when half have changed over, and how long it takes.
NIGHT_BEGINS_H: Final = 23.0
NIGHT_ENDS_H: Final = 6.5
EVENING_BEGINS_H: Final = 18.0
CHANGE_H: Final = 2.0
DAY_H: Final = 24.0


def _step(hour: float, middle: float) -> float:
    """Rise smoothly from 0 to 1 within CHANGE_H around `middle`."""
    x = min(1.0, max(0.0, (hour - middle) / CHANGE_H + 0.5))
    return x * x * (3.0 - 2.0 * x)


def day_weights(hour: float) -> tuple[float, float, float]:
    """Weights of day, evening and night at a local hour (0..24, periodic); they sum to 1."""
    h = hour % DAY_H
    awake = _step(h, NIGHT_ENDS_H) * (1.0 - _step(h, NIGHT_BEGINS_H))
    evening = awake * _step(h, EVENING_BEGINS_H)
    return awake - evening, evening, 1.0 - awake


def weights_of(policy: WarningPolicy) -> tuple[float, float, float]:
    """Weights of day, evening and night under a policy: its hour, else its `night`."""
    if policy.local_time_h is not None:
        return day_weights(policy.local_time_h)
    return (0.0, 0.0, 1.0) if policy.night else (1.0, 0.0, 0.0)


def ceiling_of(channel: Channel, weights: tuple[float, float, float]) -> float:
    """Share of people whom a channel can reach."""
    evening = channel.ceiling_day if channel.ceiling_evening is None else channel.ceiling_evening
    day, late, night = weights
    return day * channel.ceiling_day + late * evening + night * channel.ceiling_night


def whereabouts(policy: WarningPolicy) -> tuple[float, float, float]:
    """Shares indoors, outdoors and in vehicles; the evening is halfway between day and night."""
    _, evening, night = weights_of(policy)
    late = night + 0.5 * evening
    inside = policy.indoor_share
    at_night = inside if policy.indoor_share_night is None else policy.indoor_share_night
    indoors = (1.0 - late) * inside + late * at_night
    vehicles = (1.0 - late) * policy.vehicle_share + late * policy.vehicle_share_night
    vehicles = min(vehicles, 1.0 - indoors)
    return indoors, 1.0 - indoors - vehicles, vehicles

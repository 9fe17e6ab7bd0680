"""What setting a key touches: the first link that reads it, and so what stays as it was."""

from __future__ import annotations

from typing import Final

SENSORS, TRACKING, FORECASTS, WARNING = "sensors", "tracking", "forecasts", "warning"
ENGAGEMENT, INDUSTRY, ARCHITECTURE = "engagement", "industry", "architecture"
# Where a key begins -> the first link that reads it; longer beginnings first.
_TOUCHES: Final = (
    ("catalogue.radar.", SENSORS),
    ("catalogue.infrared.", SENSORS),
    ("radars", SENSORS),
    ("infrared", SENSORS),
    ("tracking.", TRACKING),
    ("warning.buffer_km", FORECASTS),
    ("warning.kernel_km", FORECASTS),
    ("warning.forecast_", FORECASTS),
    ("warning.", WARNING),
    ("engagement.", ENGAGEMENT),
    ("catalogue.interceptor.", ENGAGEMENT),
    ("catalogue.line.", INDUSTRY),
    ("catalogue.price.", INDUSTRY),
    ("industry.", INDUSTRY),
    ("money.", INDUSTRY),
    ("architectures", ARCHITECTURE),
)
# What is read by no link before these leaves truth, looks, pictures and forecasts as they are.
LATER: Final = frozenset((WARNING, ENGAGEMENT, INDUSTRY, ARCHITECTURE))


def touches(name: str) -> str:
    """First link that reads a key; what is not known counts as a matter of sensors: all anew."""
    return next((link for start, link in _TOUCHES if name.startswith(start)), SENSORS)

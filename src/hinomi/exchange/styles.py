"""Colours of what is shown: distinct to the colour-blind (Okabe and Ito 2008), red, green, blue."""

from __future__ import annotations

from typing import Final

from hinomi.exchange.scene import STAGE_KIND
from hinomi.records.flights import (
    BALLISTIC_KIND,
    CRUISE_KIND,
    GLIDE_KIND,
    LAUNCHER_KIND,
    QUASI_BALLISTIC_KIND,
)

Colour = tuple[int, int, int]
VERMILION: Final[Colour] = (213, 94, 0)
ORANGE: Final[Colour] = (230, 159, 0)
BLUE: Final[Colour] = (0, 114, 178)
SKY: Final[Colour] = (86, 180, 233)
GREEN: Final[Colour] = (0, 158, 115)
PINK: Final[Colour] = (204, 121, 167)
YELLOW: Final[Colour] = (240, 228, 66)
GREY: Final[Colour] = (140, 140, 140)
WHITE: Final[Colour] = (255, 255, 255)

BODY: Final = {
    BALLISTIC_KIND: VERMILION,
    GLIDE_KIND: ORANGE,
    QUASI_BALLISTIC_KIND: ORANGE,
    LAUNCHER_KIND: BLUE,
    CRUISE_KIND: BLUE,
    STAGE_KIND: GREY,
}
TRACK: Final = SKY
SENSOR: Final = GREEN
AREA: Final = WHITE
ALERT: Final = YELLOW
SHOT: Final = PINK


def of_body(kind: str) -> Colour:
    """Colour of a body by its kind."""
    return BODY.get(kind, VERMILION)

"""Colours of pictures of settings."""

from __future__ import annotations

from typing import Final

LOW: Final = "#0072B2"  # blue and orange are told apart with every common colour blindness
HIGH: Final = "#E69F00"
INK: Final = "#1b2430"
SOFT: Final = "#55606e"

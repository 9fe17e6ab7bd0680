"""How long a text is on a phone: GSM 7-bit and UCS-2, and the limits of services."""

from __future__ import annotations

from typing import Final

# GSM 03.38 (3GPP TS 23.038): basic alphabet, and characters that take two places.
GSM: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_TWICE: Final = frozenset("\f^{}\\[~]|€")
# 15 pages of 93 places of a cell broadcast; the United Kingdom's service publishes both numbers.
MAX_GSM: Final = 1_395
MAX_UCS2: Final = 615
# Texts of the United States' wireless alerts, by parameter (FCC rules of 2016).
WIRELESS: Final = {"CMAMtext": 90, "CMAMlongtext": 360}
CELL_TEXT: Final = "hinomi:cell-broadcast"  # parameter that holds the text for phones


def is_gsm(text: str) -> bool:
    """Whether every character is of the GSM 7-bit alphabet."""
    return all(c in GSM or c in GSM_TWICE for c in text)


def places(text: str) -> tuple[int, int, str]:
    """Places that a text takes, the limit, and the alphabet: `GSM-7` or `UCS-2`."""
    if is_gsm(text):
        return sum(2 if c in GSM_TWICE else 1 for c in text), MAX_GSM, "GSM-7"
    return len(text.encode("utf-16-be")) // 2, MAX_UCS2, "UCS-2"

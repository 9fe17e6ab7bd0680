"""Times as CAP writes them: whole seconds, an offset, never `Z`; UTC is `-00:00`."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Final

from hinomi.errors import ScenarioError

JST: Final = timezone(timedelta(hours=9), "JST")
_FORM = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[-+][0-9]{2}:[0-9]{2}")


def time_of(text: str) -> datetime:
    """Time of a CAP text.

    Raises
    ------
    ValueError
        where the form is not the standard's (a comma that the schema lets pass included).
    """
    if not _FORM.fullmatch(text):
        raise ValueError(f"{text[:40]!r} is not written YYYY-MM-DDThh:mm:ss+hh:mm")
    return datetime.fromisoformat(text)


def text_of(time: datetime) -> str:
    """CAP text of a time with an offset; a fraction of a second is cut off."""
    if time.tzinfo is None:
        raise ScenarioError(f"the time {time} has no offset; write one, such as +09:00")
    text = time.replace(microsecond=0).isoformat()
    return text[:-6] + "-00:00" if text.endswith("+00:00") else text


def asked_time(text: str, option: str) -> datetime:
    """Time that a user wrote: CAP's form, or with `Z` for UTC.

    Raises
    ------
    ScenarioError
        where it is none; `option` is named.
    """
    try:
        return time_of(text.removesuffix("Z") + ("+00:00" if text.endswith("Z") else ""))
    except ValueError:
        raise ScenarioError(
            f"{option} is {text!r}; write it like 2025-09-15T19:30:00+09:00, or with Z for UTC"
        ) from None


def at_utc(text: str, seconds: float) -> datetime:
    """Time `seconds` after an epoch such as `2025-09-15T10:30:00Z`, in Japan's offset."""
    epoch = datetime.fromisoformat(text)
    if epoch.tzinfo is None:
        epoch = epoch.replace(tzinfo=UTC)
    return (epoch + timedelta(seconds=seconds)).astimezone(JST)

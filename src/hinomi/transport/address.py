"""Addresses of servers and brokers as a person writes them: on this host, unless another is allowed."""

from __future__ import annotations

import ipaddress
from collections.abc import Collection
from urllib.parse import SplitResult, urlsplit

from hinomi.errors import FenceError, ScenarioError


def parts_of(text: str, *, schemes: Collection[str], like: str, anywhere: bool) -> SplitResult:
    """Scheme, host, port and the rest of an address; `like` is how one is written.

    Raises
    ------
    ScenarioError
        for what is no address.
    FenceError
        for another host than this one, unless `anywhere`.
    """
    try:
        parts = urlsplit(text)
        good = parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:  # brackets that do not close, a port that is none
        good = False
    if not good:
        raise ScenarioError(f"{shown(text)!r} is no address; write it like {like}")
    if not is_loopback(str(parts.hostname)) and not anywhere:
        raise FenceError(
            f"{parts.hostname} is another host: exercises stay on this one unless that is allowed "
            "with --anywhere"
        )
    return parts


def is_loopback(host: str) -> bool:
    """Whether a host is this one."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def shown(text: str) -> str:
    """An address without user and password."""
    scheme, mark, rest = text.partition("://")
    return f"{scheme}{mark}{rest.rpartition('@')[2]}"[:200]
